//! Who is forgotten: ordered, read by nobody from that moment on, destroyed step by step, and proven. Another person in the same file stays
//! readable, the chain stays whole, and no figure moves.

use crate::house::{House, id};
use crate::told::{but, melding};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection, PgPool};
use store::erase::{Left, Pending, Step};
use uuid::Uuid;

const ERASURE: u128 = 0xE0;
const HER: &str = "Kwikstaartmarker";
const HIM: &str = "Zilverreigermarker";

fn organisation() -> domain::id::Organisation {
    "VT02".parse().unwrap()
}

fn pending() -> Pending {
    Pending { organisation: organisation(), erasure: id(ERASURE) }
}

/// A melding about two persons, both by name, with a text about their household; and she is in a second one.
async fn told(house: &House) -> (Uuid, Uuid) {
    let body = melding("2026-06-29");
    let persons = body["personen"].as_array().unwrap();
    let of = |nth: usize| persons[nth]["id"].as_str().unwrap().parse::<Uuid>().unwrap();
    let (her, him) = (of(0), of(1));
    let body = but(body, "/personen/0/gegevens", json!({ "naam": HER, "bsn": "999990019" }));
    let body = but(body, "/personen/1/gegevens", json!({ "naam": HIM }));
    for number in [1, 2] {
        house.put(format!("/v1/meldingen/{}", id(number)), &body).await.is(201);
    }
    (her, him)
}

async fn file(house: &House) -> Value {
    house.get(format!("/v1/meldingen/{}", id(1))).await.is(200).json()
}

fn details(file: &Value, of: Uuid) -> &Value {
    let persons = file["personen"].as_array().unwrap();
    &persons.iter().find(|it| it["id"] == json!(of)).unwrap()["gegevens"]
}

async fn breaks(house: &House) -> Vec<store::verify::Break> {
    let verdicts = house.app.store.verify(None, &[], |_| {}).await.unwrap();
    verdicts.into_iter().flat_map(|it| it.breaks).collect()
}

async fn count(pool: &PgPool, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement).fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn who_is_forgotten_is_read_by_nobody_from_the_order_on(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let (her, him) = told(&house).await;
    assert_eq!(details(&file(&house).await, her)["naam"], HER);
    house.forgets(ERASURE, &[her]).await;
    // Nothing of what comes after was done yet.
    let after = file(&house).await;
    assert_eq!(details(&after, her), &Value::Null);
    assert_eq!(details(&after, him)["naam"], HIM, "another person in the same file stays readable");
    assert_eq!(after["beschadigd"], Value::Null, "destroyed is not damaged");
    let asked = json!({ "bsn": "999990019" });
    let found = house.post("/v1/personen/_zoek", &asked).await.is(200).json();
    assert_eq!(found["kandidaten"].as_array().map(Vec::len), Some(0), "{found}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_told_of_who_is_forgotten_is_refused_and_not_lost(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let (her, _) = told(&house).await;
    let body = melding("2026-06-29");
    let body = but(body, "/personen/0/gegevens", json!({ "naam": HER }));
    house.forgets(ERASURE, &[her]).await;
    let refused = house.put(format!("/v1/meldingen/{}", id(3)), &body).await.is(409).json();
    assert_eq!(refused["title"], "De gegevens zijn vernietigd");
    assert!(refused["detail"].as_str().unwrap().contains("niets meer vastgelegd"), "{refused}");
    house.get(format!("/v1/meldingen/{}", id(3))).await.is(404);
    // What was recorded before is answered again when it is sent again.
    let again = but(
        melding("2026-06-29"),
        "/personen/0/gegevens",
        json!({ "naam": HER, "bsn": "999990019" }),
    );
    let again = but(again, "/personen/1/gegevens", json!({ "naam": HIM }));
    house.put(format!("/v1/meldingen/{}", id(1)), &again).await.is(200);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn cut_off_after_any_step_it_ends_complete(pool: PgPool) {
    for (nth, step) in Step::ALL.into_iter().enumerate() {
        let house = House::on("2026-06-30", &pool).await;
        let person = id(0x100 + nth as u128);
        let sex = json!({ "geslacht": "vrouw" });
        house.put(format!("/v1/personen/{person}"), &sex).await.is(201);
        let identified = json!({ "op": "2026-06-30", "gegevens": { "naam": HER } });
        let erasure = 0x1000 + 16 * nth as u128;
        let identify = house.post(format!("/v1/personen/{person}/identificaties"), &identified);
        identify.numbered(erasure + 2).await.is(200);
        house.forgets(erasure, &[person]).await;
        let it = Pending { organisation: organisation(), erasure: id(erasure) };
        let stopped = house.app.store.erase(it, |done| done != step).await.unwrap();
        assert!(stopped.is_none(), "{step:?}");
        drop(house);
        // It starts again, and goes on by itself.
        let house = House::on("2026-06-30", &pool).await;
        assert_eq!(house.app.store.orders_pending().await.unwrap(), [it], "{step:?}");
        let completed = house.app.store.erase_all().await.unwrap();
        assert_eq!(completed.len(), usize::from(step != Step::Completed), "{step:?}");
        assert_eq!(house.app.store.orders_pending().await.unwrap(), []);
        let left = house.app.store.left_of(organisation(), &[person]).await.unwrap();
        assert_eq!(left, Left::default(), "{step:?}");
        assert_eq!(breaks(&house).await, [], "{step:?}");
    }
    let completed =
        "select count(*) from event where stream = 'erasure' and body ->> 'type' = 'completed'
                     and (body ->> 'keys')::int = 1 and (body ->> 'particulars')::int = 1";
    assert_eq!(count(&pool, completed).await, Step::ALL.len() as i64, "each once");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_chain_stays_whole_and_what_others_told_is_still_checked(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let (her, him) = told(&house).await;
    house.forgets(ERASURE, &[her]).await;
    assert_eq!(breaks(&house).await, [], "while it is under way");
    let receipt = house.app.store.erase(pending(), |_| true).await.unwrap().unwrap();
    assert_eq!(breaks(&house).await, [], "when it is complete");
    // The receipt is proof: the head that it names is held against the log.
    let kept = store::verify::Head {
        log: organisation().into(),
        position: receipt.position,
        chain: receipt.chain.unwrap(),
    };
    let verdicts = house.app.store.verify(None, &[kept], |_| {}).await.unwrap();
    assert!(verdicts.iter().all(|it| it.breaks.is_empty()), "{verdicts:?}");
    // His particular in the same event, changed by one bit, is found at its place.
    let mut forger = pool.acquire().await.unwrap();
    for statement in [
        "set session_replication_role = replica",
        "update particular set sealed = set_bit(sealed, 100, 1 - get_bit(sealed, 100)) where position = 1",
    ] {
        sqlx::query(statement).execute(&mut *forger).await.unwrap();
    }
    let found = breaks(&house).await;
    assert_eq!(found.first().map(|it| it.position), Some(1), "{found:?}");
    let after = file(&house).await;
    assert_eq!(after["beschadigd"], true, "what does not open and was not destroyed is damaged");
    assert_eq!(details(&after, him), &Value::Null);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_gone_without_an_order_is_no_erasure(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    told(&house).await;
    let mut forger = pool.acquire().await.unwrap();
    for statement in [
        "set session_replication_role = replica",
        "insert into destroyed_part select organisation, position, nth, subject,
             sha256(uuid_send(subject) || int4send(octet_length(part)) || convert_to(part, 'UTF8') || sealed)
         from particular where position = 1 and nth = 1",
        "delete from particular where position = 1 and nth = 1",
    ] {
        sqlx::query(statement).execute(&mut *forger).await.unwrap();
    }
    let what = store::verify::What::Particulars;
    assert_eq!(breaks(&house).await, [store::verify::Break { position: 1, what }]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_order_sent_again_is_one_order_and_only_an_erasure_forgets(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let (her, him) = told(&house).await;
    house.forgets(ERASURE, &[her]).await;
    house.forgets(ERASURE, &[her]).await;
    assert_eq!(count(&pool, "select count(*) from event where stream = 'erasure'").await, 1);
    // The role that destroys destroys nothing that was not ordered.
    let options = (*pool.connect_options()).clone().options([("role", "meldboek_privacy")]);
    let mut privacy = PgConnection::connect_with(&options).await.unwrap();
    let destroyed = sqlx::query_scalar::<_, i64>("select destroy_particulars('VT02', array[$1])");
    assert_eq!(destroyed.bind(him).fetch_one(&mut privacy).await.unwrap(), 0);
    let forget = "select forget('VT02', 'erasure', gen_random_uuid(), gen_random_uuid())";
    assert!(sqlx::query(forget).execute(&mut privacy).await.is_err());
}

/// The free text about a household is destroyed under its file; and nothing moves in what was published.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn no_published_figure_moves(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    let (her, him) = told(&house).await;
    house.moves_to("2026-07-20");
    let asked =
        "/v1/trendrapporten/2026?profiel=intern&formaat=json&zoalsBekendOp=2026-07-01T00:00:00Z";
    let now =
        "/v1/statistieken/meldingen-naar-vorm?periode=2026&zoalsBekendOp=2026-07-21T00:00:00Z";
    let (then, figures) = (house.get(asked).await.is(200).body, house.get(now).await.status);
    house.forgets(ERASURE, &[her, him, id(1), id(2)]).await;
    house.app.store.erase_all().await.unwrap();
    assert_eq!(house.get(asked).await.is(200).body, then);
    assert_eq!(house.get(now).await.status, figures);
    // Told again from the log, with what is gone: the same.
    for rebuilt in house.app.store.rebuild(&store::projections::Name::ALL, 7, |_| {}).await.unwrap()
    {
        assert!(rebuilt.same(), "{:?}", rebuilt.name);
    }
    assert_eq!(house.get(asked).await.is(200).body, then);
    let until: DateTime<Utc> = "2026-07-21T00:00:00Z".parse().unwrap();
    assert!(house.app.store.counted(None, 202_601, 202_612, until).await.is_ok());
}
