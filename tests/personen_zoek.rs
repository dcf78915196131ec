//! `/v1/personen/_zoek` and `/v1/meldingen/{id}/dubbelingen`: who was reported before is found again, however he was written then, and
//! nobody searches unseen.

use crate::house::{House, id, stored};
use crate::inzagen::looks;
use crate::told::{MAN, WOMAN, about, but, receive_melding, without};
use domain::access::Role;
use serde_json::{Value, json};
use sqlx::PgPool;

const SEARCH: &str = "/v1/personen/_zoek";

async fn known(house: &House, number: u128, told: &Value) {
    let mut body = json!({ "geslacht": "vrouw", "gegevens": told });
    if let Some(born) = body["gegevens"].as_object_mut().unwrap().remove("geboortedatum") {
        body["geboortedatum"] = born;
    }
    house.put(format!("/v1/personen/{}", id(number)), &body).await.is(201);
}

fn her() -> Value {
    json!({
        "voornamen": "Noémi Testina", "voorvoegsel": "van der", "achternaam": "Berg-Meijer", "geboortenaam": "el Yaqoubi",
        "geboortedatum": "1987-04-11", "bsn": "999990019", "telefoon": "+31 6 000 12345",
        "adres": { "straat": "Proeflaan", "huisnummer": "12 A", "postcode": "0000 AB" },
    })
}

/// Whom a search finds, the best first.
async fn found(house: &House, asked: &Value) -> Vec<Value> {
    let answer = house.post(SEARCH, asked).await.is(200).json();
    answer["kandidaten"].as_array().unwrap().clone()
}

async fn finds(house: &House, asked: Value) -> bool {
    found(house, &asked).await.first().is_some_and(|it| it["persoon"] == json!(id(WOMAN)))
}

fn codes(reasons: &Value) -> Vec<&str> {
    reasons.as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn somebody_is_found_however_she_was_written(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    known(&house, WOMAN, &her()).await;
    known(&house, MAN, &json!({ "naam": "Testpersoon Appel", "geboortedatum": "1951-09-30" }))
        .await;
    for asked in [
        json!({ "naam": "Noemi van der Berg" }),
        json!({ "naam": "Berg, N. v.d.", "geboortedatum": "1987" }),
        json!({ "naam": "NOËMI V/D BERG" }),
        json!({ "voornamen": "Noëmi", "voorvoegsel": "vd", "achternaam": "berg" }),
        json!({ "voornamen": "N.", "achternaam": "Meyer" }),
        json!({ "voornamen": "Noemie", "achternaam": "Meier" }),
        json!({ "voornamen": "Noemi", "achternaam": "Jacoubi" }),
        json!({ "achternaam": "Yakoubi", "geboortedatum": "1987" }),
        json!({ "achternaam": "Berg", "geboortedatum": "1987-11-04" }),
        json!({ "achternaam": "Meijer", "geboortedatum": "1987-04" }),
        json!({ "achternaam": "Berg", "postcode": "0000ab" }),
        json!({ "geboortedatum": "1987-04-11" }),
        json!({ "bsn": "999990019" }),
        json!({ "telefoon": "0031 6-00012345" }),
        json!({ "telefoon": "0600012345" }),
        json!({ "postcode": "0000AB", "huisnummer": "12" }),
        json!({ "postcode": "0000 ab", "huisnummer": "12-a" }),
    ] {
        assert!(finds(&house, asked.clone()).await, "{asked}");
    }
    for asked in [
        json!({ "naam": "Testina Kwee" }),
        json!({ "telefoon": "0600012346" }),
        json!({ "bsn": "999990160" }),
        json!({ "postcode": "0000AB", "huisnummer": "13" }),
    ] {
        assert_eq!(found(&house, &asked).await, Vec::<Value>::new(), "{asked}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_candidate_comes_with_reasons_with_what_is_known_and_with_meldingen(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    known(&house, WOMAN, &her()).await;
    for (number, on) in (1..).zip([
        "2026-01-05",
        "2026-03-05",
        "2026-02-05",
        "2026-04-05",
        "2026-05-05",
        "2026-06-05",
    ]) {
        receive_melding(&house, number, &about(on, WOMAN, MAN)).await;
    }
    let asked = json!({ "voornamen": "Noemi", "achternaam": "Meyer", "geboortedatum": "1987-11-04", "geslacht": "man" });
    let found = found(&house, &asked).await;
    let it = &found[0];
    let reasons = [
        "achternaam-klinkt-gelijk",
        "voornaam-gelijk",
        "geboortedatum-omgewisseld",
        "geslacht-verschilt",
    ];
    assert_eq!(codes(&it["redenen"]), reasons);
    assert_eq!(it["redenen"][2]["label"], "Dag en maand van geboorte omgewisseld");
    assert!(it["score"].as_u64().is_some_and(|score| (50..100).contains(&score)), "{it}");
    assert_eq!(it["gegevens"]["achternamen"], json!(["van der Berg-Meijer"]));
    assert_eq!(it["gegevens"]["adressen"][0]["postcode"], "0000 AB");
    assert_eq!(it["aantalMeldingen"], 6);
    let named: Vec<&str> = it["meldingen"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["ontvangenOp"].as_str().unwrap())
        .collect();
    assert_eq!(named, ["2026-06-05", "2026-05-05", "2026-04-05", "2026-03-05", "2026-02-05"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn who_was_named_in_a_melding_is_found_by_it(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let told = but(
        about("2026-06-29", WOMAN, MAN),
        "/personen/0/gegevens",
        json!({ "naam": "T. de Mispel" }),
    );
    receive_melding(&house, 1, &but(told, "/personen/0/geboortedatum", "1987-04")).await;
    assert!(finds(&house, json!({ "achternaam": "Mispel", "geboortedatum": "1987-04-11" })).await);
    // The melder is no subject of a melding, and cannot be found by it.
    let told =
        but(about("2026-06-29", WOMAN, MAN), "/melder/gegevens", json!({ "naam": "T. Hazelnoot" }));
    receive_melding(&house, 2, &told).await;
    assert_eq!(found(&house, &json!({ "naam": "T. Hazelnoot" })).await, Vec::<Value>::new());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_belongs_to_another_organisation_is_not_found(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    known(&house, WOMAN, &her()).await;
    let asked = json!({ "bsn": "999990019", "geboortedatum": "1987-04-11" });
    let elsewhere = house.post(SEARCH, &asked).of("VT03").await.is(200).json();
    assert_eq!(elsewhere["kandidaten"], json!([]));
    house.post(SEARCH, &asked).by(Role::Manager).await.is(403);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_was_corrected_is_not_found_any_more(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    known(&house, WOMAN, &her()).await;
    let correction = json!({ "op": "2026-06-30", "reden": "verkeerde-persoon", "geboortedatum": "1988",
        "gegevens": { "achternaam": "Kweepeer", "bsn": "onbekend" } });
    house.post(format!("/v1/personen/{}/correcties", id(WOMAN)), &correction).await.is(200);
    for gone in [
        json!({ "naam": "Noemi van der Berg" }),
        json!({ "bsn": "999990019" }),
        json!({ "geboortedatum": "1987-04-11" }),
    ] {
        assert!(!finds(&house, gone.clone()).await, "{gone}");
    }
    for there in [
        json!({ "naam": "Noemi Kweepeer" }),
        json!({ "achternaam": "el Yaqoubi", "geboortedatum": "1988" }),
        json!({ "telefoon": "06 00012345" }),
    ] {
        assert!(finds(&house, there.clone()).await, "{there}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_a_melding_told_by_mistake_is_not_found_any_more_and_what_another_told_is(
    pool: PgPool,
) {
    let house = House::on("2026-06-30", &pool).await;
    let wrong = json!({ "naam": "Testpersoon Appel", "bsn": "999990019" });
    let told = but(about("2026-06-29", WOMAN, MAN), "/personen/0/gegevens", wrong);
    receive_melding(&house, 1, &told).await;
    let other = json!({ "naam": "Testpersoon Perzik" });
    let told = but(about("2026-06-29", WOMAN, 0x21), "/personen/0/gegevens", other);
    receive_melding(&house, 2, &told).await;
    let right = json!({ "naam": "Testpersoon Kweepeer", "bsn": "999990160" });
    let people = but(about("2026-06-29", WOMAN, MAN), "/personen/0/gegevens", right);
    let correction = json!({ "reden": "verkeerde-persoon", "personen": people["personen"] });
    house.post(format!("/v1/meldingen/{}/correcties", id(1)), &correction).await.is(200);
    for gone in [json!({ "bsn": "999990019" }), json!({ "naam": "Testpersoon Appel" })] {
        assert!(!finds(&house, gone.clone()).await, "{gone}");
    }
    for there in [
        json!({ "bsn": "999990160" }),
        json!({ "naam": "Testpersoon Kweepeer" }),
        json!({ "naam": "Testpersoon Perzik" }),
    ] {
        assert!(finds(&house, there.clone()).await, "{there}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn who_was_destroyed_is_not_found_and_leaves_no_token(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    known(&house, WOMAN, &her()).await;
    let cards = "select count(*) from person_card";
    assert_eq!(sqlx::query_scalar::<_, i64>(cards).fetch_one(&pool).await.unwrap(), 1);
    house.forgets(0xE0, &[id(WOMAN)]).await;
    assert_eq!(sqlx::query_scalar::<_, i64>(cards).fetch_one(&pool).await.unwrap(), 0);
    assert!(!finds(&house, json!({ "bsn": "999990019" })).await);
    // Her file can be read, and nothing of her is in it; what is told of her afterwards would be lost, and is refused.
    let file = house.get(format!("/v1/personen/{}", id(WOMAN))).await.is(200).json();
    assert_eq!(file["gegevens"], json!(null), "{file}");
    let identified = json!({ "op": "2026-06-30", "gegevens": { "telefoon": "0600054321" } });
    let path = format!("/v1/personen/{}/identificaties", id(WOMAN));
    let refused = house.post(path, &identified).await.is(409).json();
    assert_eq!(refused["title"], "De gegevens zijn vernietigd", "{refused}");
    assert!(!finds(&house, json!({ "telefoon": "+31600054321" })).await);
}

/// Cards are told from keys by whoever follows the log, while somebody else destroys a key.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_destroys_a_key_waits_for_the_card_that_is_told_from_it(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    known(&house, WOMAN, &her()).await;
    let card = "create table kept as select * from person_card; delete from person_card";
    sqlx::raw_sql(card).execute(&pool).await.unwrap();
    let mut telling = pool.acquire().await.unwrap();
    let tell =
        "begin; select pg_advisory_xact_lock_shared(hashtextextended('meldboek person_card', 0));
                insert into person_card select * from kept";
    sqlx::raw_sql(tell).execute(&mut *telling).await.unwrap();
    let house = std::sync::Arc::new(house);
    let destroying = tokio::spawn({
        let house = std::sync::Arc::clone(&house);
        async move { house.forgets(0xE0, &[id(WOMAN)]).await }
    });
    let waits = "select count(*) from pg_locks where locktype = 'advisory' and not granted
                 and database = (select oid from pg_database where datname = current_database())";
    while sqlx::query_scalar::<_, i64>(waits).fetch_one(&pool).await.unwrap() == 0 {
        assert!(!destroying.is_finished(), "it did not wait");
        tokio::task::yield_now().await;
    }
    sqlx::raw_sql("commit").execute(&mut *telling).await.unwrap();
    destroying.await.unwrap();
    let cards = "select count(*) from person_card";
    assert_eq!(sqlx::query_scalar::<_, i64>(cards).fetch_one(&pool).await.unwrap(), 0);
}

/// And the other way round: who tells waits until the key is gone, and tells nothing of it.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_tells_cards_waits_for_a_key_that_is_being_destroyed(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    known(&house, WOMAN, &her()).await;
    let again = "delete from person_card; delete from checkpoint where projection = 'people'";
    sqlx::raw_sql(again).execute(&pool).await.unwrap();
    let mut destroying = pool.acquire().await.unwrap();
    sqlx::raw_sql("begin; delete from data_key").execute(&mut *destroying).await.unwrap();
    let telling = tokio::spawn({
        let store = house.app.store.clone();
        async move { store.catch_up("VT02".parse().unwrap()).await.unwrap() }
    });
    let waits = "select count(*) from pg_locks where locktype = 'advisory' and not granted
                 and database = (select oid from pg_database where datname = current_database())";
    while sqlx::query_scalar::<_, i64>(waits).fetch_one(&pool).await.unwrap() == 0 {
        assert!(!telling.is_finished(), "it did not wait");
        tokio::task::yield_now().await;
    }
    sqlx::raw_sql("commit").execute(&mut *destroying).await.unwrap();
    telling.await.unwrap();
    let cards = "select count(*) from person_card";
    assert_eq!(sqlx::query_scalar::<_, i64>(cards).fetch_one(&pool).await.unwrap(), 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn each_look_is_recorded_with_whom_it_showed_and_without_what_was_typed(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    known(&house, WOMAN, &her()).await;
    let asked = json!({ "achternaam": "Berg", "geboortedatum": "1987", "aantal": 1 });
    let answer = house.post(SEARCH, &asked).await.is(200).json();
    house.post(SEARCH, &json!({ "bsn": "999990160" })).await.is(200);
    let all = looks(&pool).await;
    let told = |nth: usize| (&all[nth]["of"], &all[nth]["fields"], &all[nth]["persons"]);
    let fields = json!(["achternaam", "geboortedatum"]);
    assert_eq!(told(0), (&json!("personen"), &fields, &json!([id(WOMAN)])));
    assert_eq!(told(1), (&json!("personen"), &json!(["bsn"]), &json!([])));
    assert_eq!(all.len(), 2);
    let ids = "select stream_id::text from event where stream = 'look' order by position limit 1";
    let recorded: String = sqlx::query_scalar(ids).fetch_one(&pool).await.unwrap();
    assert_eq!(answer["raadpleging"], recorded);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn when_a_look_cannot_be_recorded_nothing_is_answered(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    known(&house, WOMAN, &her()).await;
    receive_melding(&house, 1, &about("2026-06-29", WOMAN, MAN)).await;
    sqlx::raw_sql("alter function append rename to elsewhere").execute(&pool).await.unwrap();
    let searched = house.post(SEARCH, &json!({ "bsn": "999990019" })).await.is(503);
    let compared = house.get(format!("/v1/meldingen/{}/dubbelingen", id(1))).await.is(503);
    for answer in [searched, compared] {
        assert!(!answer.text().contains(&id(WOMAN).to_string()), "{}", answer.text());
        assert!(!answer.text().contains("Berg"), "{}", answer.text());
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_question_by_which_nobody_can_be_found_is_refused_with_what_is_missing(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    known(&house, WOMAN, &her()).await;
    let before = stored(&pool).await;
    for asked in [
        json!({}),
        json!({ "aantal": 5 }),
        json!({ "achternaam": "Berg" }),
        json!({ "voornamen": "Noemi", "geslacht": "vrouw" }),
        json!({ "huisnummer": "12" }),
        json!({ "bsn": "onbekend" }),
    ] {
        house.post(SEARCH, &asked).await.names(&[("", "hiermee is niemand te vinden")]);
    }
    let wrong = json!({ "bsn": "999990018", "geboortedatum": "1987-13-01", "geslacht": "onzin", "aantal": 26, "email": "x" });
    house.post(SEARCH, &wrong).await.names(&[
        ("/aantal", "groter dan 25"),
        ("/bsn", "elfproef"),
        ("/email", "hoort hier niet"),
        ("/geboortedatum", "geen datum"),
        ("/geslacht", "staat niet in de codelijst"),
    ]);
    assert_eq!(stored(&pool).await, before);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn police_and_neighbour_who_tell_of_one_evening_are_laid_beside_each_other(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let named = |told: Value, name: &str, born: &str| {
        let told = but(told, "/personen/0/gegevens", json!({ "naam": name }));
        but(told, "/personen/0/geboortedatum", born)
    };
    let by_police = named(about("2026-06-20", WOMAN, MAN), "Testina van der Mispel", "1987-04-11");
    let by_neighbour = named(about("2026-06-22", 0x20, 0x21), "Testina Mispell", "1987-04-11");
    receive_melding(&house, 1, &by_police).await;
    receive_melding(&house, 2, &by_neighbour).await;
    // The same man, other people, and the same woman long before.
    receive_melding(&house, 3, &about("2026-06-27", 0x30, MAN)).await;
    receive_melding(
        &house,
        4,
        &named(about("2026-06-20", 0x40, 0x41), "Testina Kwee", "1951-09-30"),
    )
    .await;
    receive_melding(
        &house,
        5,
        &named(about("2026-06-12", 0x50, 0x51), "Testina Mispel", "1987-04-11"),
    )
    .await;
    let before: Value = house.get(format!("/v1/meldingen/{}", id(1))).await.json();

    let answer = house.get(format!("/v1/meldingen/{}/dubbelingen", id(1))).await.is(200).json();
    let all = answer["dubbelingen"].as_array().unwrap();
    let meldingen: Vec<&Value> = all.iter().map(|it| &it["melding"]).collect();
    assert_eq!(meldingen, [&json!(id(3)), &json!(id(2))]);
    assert_eq!(codes(&all[0]["personen"][0]["redenen"]), ["zelfde-persoon"]);
    let alike = &all[1]["personen"][0];
    assert_eq!((&alike["persoon"], &alike["andere"]), (&json!(id(WOMAN)), &json!(id(0x20))));
    let reasons = ["achternaam-klinkt-gelijk", "voornaam-gelijk", "geboortedatum-gelijk"];
    assert_eq!(codes(&alike["redenen"]), reasons);

    let look = looks(&pool).await.pop().unwrap();
    let shown = json!([id(WOMAN), id(MAN), id(0x20)]);
    assert_eq!((&look["of"], &look["id"]), (&json!("dubbelingen"), &json!(id(1))));
    assert_eq!(look["persons"], shown);
    // Both stay as they are.
    assert_eq!(house.get(format!("/v1/meldingen/{}", id(1))).await.json(), before);
    let other = house.get(format!("/v1/meldingen/{}/dubbelingen", id(2))).await.json();
    assert_eq!(other["dubbelingen"][0]["melding"], json!(id(1)));
    house.get(format!("/v1/meldingen/{}/dubbelingen", id(1))).of("VT03").await.is(404);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn searching_needs_no_number_of_a_command(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    known(&house, WOMAN, &without(her(), "telefoon")).await;
    let ask = house.post(SEARCH, &json!({ "bsn": "999990019" })).without("idempotency-key");
    assert_eq!(ask.await.is(200).json()["kandidaten"][0]["persoon"], json!(id(WOMAN)));
}
