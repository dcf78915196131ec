//! Tampering shows: whatever is changed in a row, taken out, put in or moved, `verify` says at which position.

use super::given::{drenthe, id};
use super::scene::{Scene, place};
use domain::id::Id;
use domain::melding::Melding;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sqlx::PgPool;
use store::file::Content;
use store::verify::{Break, What};

/// SQL that flips one bit of a column, by its type; a null becomes 32 bytes.
pub(super) fn flip(column: &str, kind: &str, chance: &mut ChaCha8Rng) -> String {
    let bit =
        |bytes: &str, nth: &str| format!("set_bit({bytes}, {nth}, 1 - get_bit({bytes}, {nth}))");
    let last_byte = |bytes: &str| bit(bytes, &format!("8 * (octet_length({bytes}) - 1)"));
    match kind {
        "bytea" => {
            let any = format!("({} % (8 * octet_length({column})))", chance.random_range(0..4096));
            format!("coalesce({}, sha256('{column}'))", bit(column, &any))
        }
        "uuid" => {
            let any = chance.random_range(0..128).to_string();
            format!("encode({}, 'hex')::uuid", bit(&format!("uuid_send({column})"), &any))
        }
        // High enough to meet no other row.
        "int8" | "int4" => format!("{column} # {}", 1 << chance.random_range(16..30)),
        "int2" => format!("{column} # {}::smallint", 1 << chance.random_range(5..14)),
        "timestamptz" => {
            let microseconds = format!("(extract(microseconds from {column})::bigint % 2)");
            format!("{column} + (1 - 2 * {microseconds}) * interval '1 microsecond'")
        }
        "text" => {
            format!("convert_from({}, 'UTF8')", last_byte(&format!("convert_to({column}, 'UTF8')")))
        }
        // The first letter of the type of event: it stays JSON.
        "json" => {
            let (bytes, nth) = (format!("convert_to({column}::text, 'UTF8')"), "8 * 9");
            format!("convert_from({}, 'UTF8')::json", bit(&bytes, nth))
        }
        other => panic!("a column of type {other}: how is a bit of it flipped?"),
    }
}

pub(super) async fn columns(pool: &PgPool, table: &str) -> Vec<(String, String)> {
    let columns = sqlx::query_as(
        "select column_name::text, udt_name::text from information_schema.columns
         where table_schema = 'public' and table_name = $1 order by ordinal_position",
    );
    columns.bind(table).fetch_all(pool).await.unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_untouched_log_has_no_breaks(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    assert_eq!(scene.breaks(&[scene.head]).await, []);
    scene.change("update event set body = '{}' where position = 3").await;
    assert_ne!(scene.breaks(&[scene.head]).await, []);
    scene.undo().await;
    assert_eq!(scene.breaks(&[scene.head]).await, []);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_bit_in_any_column_of_any_event_is_found(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    let mut chance = ChaCha8Rng::seed_from_u64(1);
    let columns = columns(&pool, "event").await;
    assert!(columns.len() >= 13);
    for position in 1..=scene.last {
        for (column, kind) in &columns {
            let flipped = flip(column, kind, &mut chance);
            let change =
                format!("update event set {column} = {flipped} where position = {position}");
            scene.change(&change).await;
            let breaks = scene.breaks(&[scene.head]).await;
            let found = breaks.first().map(place);
            assert_eq!(found, Some(position), "{column} at {position}: {breaks:?}");
            scene.undo().await;
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_bit_in_any_column_of_any_particular_is_found(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    let mut chance = ChaCha8Rng::seed_from_u64(2);
    let particulars: Vec<(i64, i16)> =
        sqlx::query_as("select position, nth from particular order by 1, 2")
            .fetch_all(&pool)
            .await
            .unwrap();
    for (position, nth) in particulars {
        for (column, kind) in columns(&pool, "particular").await {
            let flipped = flip(&column, &kind, &mut chance);
            let at = format!("position = {position} and nth = {nth}");
            scene.change(&format!("update particular set {column} = {flipped} where {at}")).await;
            let breaks = scene.breaks(&[]).await;
            let found = breaks.first().map(place);
            assert_eq!(found, Some(position), "{column} of {nth} at {position}: {breaks:?}");
            scene.undo().await;
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_bit_in_any_column_of_any_key_is_found(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    let mut chance = ChaCha8Rng::seed_from_u64(3);
    let subjects = sqlx::query_scalar::<_, String>("select subject::text from data_key order by 1");
    for subject in subjects.fetch_all(&pool).await.unwrap() {
        for (column, kind) in columns(&pool, "data_key").await {
            let flipped = flip(&column, &kind, &mut chance);
            let change =
                format!("update data_key set {column} = {flipped} where subject = '{subject}'");
            scene.change(&change).await;
            let breaks = scene.breaks(&[]).await;
            let found = breaks.iter().any(|it| matches!(it.what, What::Key { .. }));
            assert!(found, "{column} of {subject}: {breaks:?}");
            scene.undo().await;
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_row_that_was_taken_out_is_found(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    for position in 1..=scene.last {
        scene.change(&format!("delete from event where position = {position}")).await;
        let breaks = scene.breaks(&[scene.head]).await;
        assert_eq!(breaks.first().map(place), Some(position), "{breaks:?}");
        // … also when the others close the ranks, and its particulars went with it.
        scene.change(&format!("delete from particular where position = {position}")).await;
        scene.shift(position + 1, -1).await;
        let breaks = scene.breaks(&[scene.head]).await;
        assert_eq!(breaks.first().map(place), Some(position), "{breaks:?}");
        scene.undo().await;
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn two_rows_that_changed_places_are_found(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    for one in 1..=scene.last {
        for other in one + 1..=scene.last {
            scene.change(&format!("update event set position = 1000 where position = {one}")).await;
            scene
                .change(&format!("update event set position = {one} where position = {other}"))
                .await;
            scene
                .change(&format!("update event set position = {other} where position = 1000"))
                .await;
            let places: Vec<i64> = scene.breaks(&[]).await.iter().map(place).collect();
            assert_eq!(places.first(), Some(&one), "{one} and {other}");
            assert!(places.contains(&other), "{one} and {other}: {places:?}");
            scene.undo().await;
        }
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_row_that_was_put_in_is_found(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    for position in 1..=scene.last + 1 {
        // The others make room; the new one brings a chain that was right elsewhere.
        scene.shift(position, 1).await;
        let new = format!(
            "insert into event select organisation, {position}, stream, gen_random_uuid(), 1, schema, body, recorded_at,
                 recorded_by, gen_random_uuid(), command_mac, null, chain from event_before where position = 1"
        );
        scene.change(&new).await;
        let breaks = scene.breaks(&[]).await;
        assert_eq!(breaks.first().map(place), Some(position), "{breaks:?}");
        scene.undo().await;
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn particulars_that_were_taken_out_put_in_or_exchanged_are_found(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    let copy = "insert into particular select organisation, {at}, {nth}::smallint, subject, part, sealed from particular_before
                where position = 4";
    let copied = |at: i64, nth: i64| {
        copy.replace("{at}", &at.to_string()).replace("{nth}", &nth.to_string())
    };
    let cases = [
        ("delete from particular where position = 4".to_owned(), 4),
        ("delete from particular where position = 3 and nth = 1".to_owned(), 3),
        ("delete from particular where position = 3 and nth = 2".to_owned(), 3),
        ("delete from particular where position = 3".to_owned(), 3),
        (copied(4, 2), 4),
        (copied(1, 1), 1),
        (copied(3, 3), 3),
        // Beside no event at all: beyond the end, and of an organisation without a log.
        (copied(900, 1), 900),
        (copied(7, 1).replace("select organisation", "select 'VT25'"), 7),
        ("update particular p set sealed = o.sealed from particular_before o where p.position = 3 and p.nth = 1
              and o.position = 3 and o.nth = 2".to_owned(), 3),
        ("update particular p set sealed = o.sealed from particular_before o where p.position = 5 and o.position = 3
              and o.nth = 1".to_owned(), 5),
    ];
    for (change, position) in cases {
        scene.change(&change).await;
        let breaks = scene.breaks(&[]).await;
        assert_eq!(breaks.first().map(place), Some(position), "{change}: {breaks:?}");
        assert!(breaks.iter().all(|it| it.what == What::Particulars), "{change}: {breaks:?}");
        scene.undo().await;
    }
}

/// The digest in the event made right as well: then the chain tells.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn particulars_that_were_taken_out_or_changed_with_their_digest_are_found(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    scene.change("delete from particular where position = 4").await;
    scene.change("update event set sealed = null where position = 4").await;
    assert_eq!(scene.breaks(&[]).await, [Break { position: 4, what: What::Changed }]);
    scene.undo().await;
    scene.change("update particular set sealed = '\\x00' where position = 4").await;
    let digest = "sha256(sha256(uuid_send(subject) || int4send(octet_length(part)) || convert_to(part, 'UTF8') || p.sealed))";
    let right = format!(
        "update event e set sealed = {digest} from particular p where e.position = 4 and p.position = 4"
    );
    scene.change(&right).await;
    assert_eq!(scene.breaks(&[]).await, [Break { position: 4, what: What::Changed }]);
}

/// Whose key is taken away without an order is no longer read, and that shows.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_key_that_was_taken_away_without_an_order_is_found(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    let taken = "delete from data_key where subject = '00000000-0000-0000-0000-00000000000a'";
    scene.change(taken).await;
    let key = Break { position: 3, what: What::Key { subject: id(10) } };
    assert_eq!(scene.breaks(&[scene.head]).await, [key]);
    let stream = Id::<Melding>::new(id(31));
    let file = scene.store.open_file(drenthe(), stream, None).await.unwrap().unwrap();
    let told: Vec<bool> =
        file.particulars.iter().map(|it| it.content == Content::Changed).collect();
    assert_eq!(told, [true, false, true], "it is told as changed, not as destroyed");
    // … also when he is said to be forgotten, or the key is taken from the key store instead.
    let said = "insert into forgotten (organisation, subject, erasure) values ('VT02', '00000000-0000-0000-0000-00000000000a', gen_random_uuid())";
    scene.change(said).await;
    let forgotten = Break { position: 0, what: What::Forgotten { subject: id(10) } };
    assert!(scene.breaks(&[]).await.contains(&forgotten));
    scene.undo().await;
    let taken = "delete from sleutels.wrapped_key where key = (select key from data_key where subject = '00000000-0000-0000-0000-00000000000a')";
    scene.change(taken).await;
    let key = Break { position: 3, what: What::Key { subject: id(10) } };
    assert_eq!(scene.breaks(&[scene.head]).await, [key]);
}

/// A particular opens only under the key of its own subject.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn keys_that_changed_places_are_found(pool: PgPool) {
    let mut scene = Scene::set(&pool).await;
    let swapped = "update data_key k set key = o.key from data_key_before o where o.subject <> k.subject
        and k.subject in ('00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-00000000000b')
        and o.subject in ('00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-00000000000b')";
    scene.change(swapped).await;
    let key = |subject| Break { position: 3, what: What::Key { subject: id(subject) } };
    assert_eq!(scene.breaks(&[]).await, [key(10), key(11)]);
    scene.undo().await;
    // … and what is wrapped in the key store.
    let swapped = "update sleutels.wrapped_key w set wrapped = o.wrapped
        from (select key, (select wrapped from sleutels.wrapped_key other where other.key <> k.key limit 1) as wrapped from data_key k) o
        where w.key = o.key";
    scene.change(swapped).await;
    assert_eq!(scene.breaks(&[]).await.len(), 3);
}
