//! What identifies a person is sealed from the first moment: marker strings go in as names, numbers and free text, and are looked for
//! in everything that leaves the database, in every spelling in which a dump could hide them.

use super::given::{content, day, drenthe, id, open, stamp};
use crate::dump::{dump, spellings};
use crate::keys::key_store;
use domain::codes::Code;
use domain::id::Id;
use domain::melding::{Changes, Command, Melding};
use domain::particulars::{Particular, melder_subject};
use sqlx::PgPool;
use store::Store;
use uuid::Uuid;

/// Strings that occur nowhere else: a name, a number of the test range, a phone number, a sentence.
const MARKERS: [&str; 4] =
    ["Kwikstaartmarker", "999990019", "0655500199", "Zonnebloemmarker bij de achterdeur"];

fn particular(subject: Uuid, part: &'static str, content: &serde_json::Value) -> Particular {
    Particular { subject, part, content: content.to_string() }
}

async fn tell(store: &Store) {
    let melding = Id::<Melding>::new(id(1));
    let [name, bsn, phone, text] = MARKERS;
    let person = serde_json::json!({ "naam": name, "bsn": bsn });
    let received = Command::Receive(content(day("2026-03-02"), 10, 11));
    let told = vec![
        particular(id(10), "person", &person),
        particular(melder_subject(melding.0), "melder", &serde_json::json!({ "telefoon": phone })),
        particular(melding.0, "text", &serde_json::json!(text)),
    ];
    let stamp = |number| stamp(drenthe(), number);
    store.execute(melding, received, told, &stamp(1), None).await.unwrap();
    let changes = Changes { municipality: Some(Code::of("0114")), ..Changes::default() };
    let correct = Command::Correct { reason: Code::of("nieuwe-informatie"), changes };
    let again = vec![particular(id(10), "person", &person)];
    store.execute(melding, correct, again, &stamp(2), None).await.unwrap();
    store.catch_up(drenthe()).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn no_name_number_or_text_stands_in_a_dump_of_the_database(pool: PgPool) {
    let store = open(&pool).await;
    tell(&store).await;
    let dumped = dump(&pool).to_lowercase();
    for marker in MARKERS {
        for spelling in spellings(marker) {
            assert!(
                !dumped.contains(&spelling.to_lowercase()),
                "{marker} stands in the dump as {spelling}"
            );
        }
    }
    // What may stand there does, so the dump was a dump: a code in an event, a key, a read model, and every function.
    for told in
        ["\"municipality\":\"0114\"", "copy public.data_key", "copy public.fact ", "append("]
    {
        assert!(dumped.contains(told), "{told} is missing");
    }
}

/// The search finds a marker wherever one is let in, or finding nothing would mean nothing.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_search_finds_a_marker_that_is_let_in(pool: PgPool) {
    let [name, bsn, ..] = MARKERS;
    let encoded =
        sqlx::query_scalar::<_, String>("select translate(encode($1, 'base64'), E'\\n', '')");
    let encoded =
        encoded.bind(format!("voor {name} na").as_bytes()).fetch_one(&pool).await.unwrap();
    assert!(spellings(name).iter().any(|it| encoded.contains(it)), "{encoded}");
    sqlx::query("create table leak as select $1::bytea as name, $2::text as bsn")
        .bind(name.as_bytes())
        .bind(bsn)
        .execute(&pool)
        .await
        .unwrap();
    let dumped = dump(&pool);
    for marker in [name, bsn] {
        assert!(spellings(marker).iter().any(|it| dumped.contains(it)), "{marker}");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_was_sealed_opens_with_the_key_and_only_with_it(pool: PgPool) {
    let store = open(&pool).await;
    tell(&store).await;
    let melding = Id::<Melding>::new(id(1));
    let file = store.open_file(drenthe(), melding, None).await.unwrap().unwrap();
    let opened: String =
        file.particulars.iter().map(|it| it.content.readable().unwrap().to_string()).collect();
    for marker in MARKERS {
        assert!(opened.contains(marker), "{marker} was lost");
    }
    let other = store::Keys::of(&[1; 32], &[8; 32]).unwrap();
    let (options, key_store) = ((*pool.connect_options()).clone(), key_store(&pool).await);
    let refused = Store::open(options, key_store, other, store::RecordedBy::Database).await;
    let refused = refused.err().unwrap();
    assert!(matches!(refused, store::Failed::Sealed(store::sealed::SealError::OtherRoot)));
    // What is printed of a particular on its way in, or of a refusal, says nothing of it.
    let on_its_way = particular(id(1), "text", &serde_json::json!(MARKERS[3]));
    assert!(!format!("{on_its_way:?} {refused:?}").contains(MARKERS[3]));
}
