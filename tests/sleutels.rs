//! The keys above the keys of persons: replaced while everybody goes on, and the one above all of them in a device.

use crate::dump::{key_url, url};
use crate::house::{House, id};
use crate::keys::key_store;
use serde_json::{Value, json};
use sqlx::PgPool;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use store::keystore::Turn;
use uuid::Uuid;

async fn identified(house: &House, person: Uuid, name: &str) {
    let sex = json!({ "geslacht": "vrouw" });
    house.put(format!("/v1/personen/{person}"), &sex).await.is(201);
    let told = json!({ "op": "2026-06-30", "gegevens": { "naam": name } });
    let number = person.as_u128() + 0x1000;
    let told = house.post(format!("/v1/personen/{person}/identificaties"), &told);
    told.numbered(number).await.is(200);
}

async fn name(house: &House, person: Uuid) -> Value {
    let file = house.get(format!("/v1/personen/{person}")).await.is(200).json();
    file["gegevens"]["naam"].clone()
}

/// The key-encryption keys that are not retired, and how many keys are wrapped under another one.
async fn state(pool: &PgPool) -> (Vec<i32>, i64) {
    let open = "select number from sleutels.key_encryption_key where sealed is not null order by 1";
    let open = sqlx::query_scalar(open).fetch_all(pool).await.unwrap();
    let old = "select count(*) from sleutels.wrapped_key
               where kek <> (select max(number) from sleutels.key_encryption_key)";
    (open, sqlx::query_scalar(old).fetch_one(pool).await.unwrap())
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn after_a_rotation_all_is_read_and_recorded_by_who_was_there_before_it(pool: PgPool) {
    let (server, other) =
        (House::on("2026-06-30", &pool).await, House::on("2026-06-30", &pool).await);
    identified(&server, id(1), "Testpersoon Een").await;
    let rotated = other.app.store.rotate_keys(|_| true).await.unwrap().unwrap();
    assert!(rotated.keys > 0 && rotated.number == 2 && !rotated.resumed, "{rotated:?}");
    assert_eq!(state(&pool).await, (vec![2], 0));
    // The server was not started again. It uses up the blank keys of before, and makes others.
    assert_eq!(name(&server, id(1)).await, "Testpersoon Een");
    for nth in 2..80 {
        identified(&server, id(nth), "Testpersoon").await;
    }
    assert_eq!(name(&server, id(79)).await, "Testpersoon");
    assert_eq!(state(&pool).await, (vec![2], 0));
    let verdicts = server.app.store.verify(None, &[], |_| {}).await.unwrap();
    assert!(verdicts.iter().all(|it| it.breaks.is_empty()), "{verdicts:?}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_rotation_that_was_cut_off_is_completed(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    identified(&house, id(1), "Testpersoon Een").await;
    let first = |turn: &Turn| matches!(turn, Turn::Wrapped(_));
    let stops: [fn(&Turn) -> bool; 2] = [|turn| *turn == Turn::Made, first];
    for (stop, number) in stops.into_iter().zip([2, 3]) {
        let stopped = house.app.store.rotate_keys(|turn| !stop(&turn)).await.unwrap();
        assert!(stopped.is_none());
        assert_eq!(name(&house, id(1)).await, "Testpersoon Een", "while it is cut off");
        let again = House::on("2026-06-30", &pool).await;
        let rotated = again.app.store.rotate_keys(|_| true).await.unwrap().unwrap();
        assert!(rotated.resumed && rotated.number == number, "{rotated:?}");
        assert_eq!(state(&pool).await, (vec![number], 0));
        assert_eq!(name(&house, id(1)).await, "Testpersoon Een");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn nobody_who_writes_during_a_rotation_hears_of_it(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    for nth in 1..10 {
        identified(&house, id(nth), "Testpersoon").await;
    }
    let other = House::on("2026-06-30", &pool).await;
    let rotating = async {
        for _ in 0..3 {
            other.app.store.rotate_keys(|_| true).await.unwrap().unwrap();
        }
    };
    let writing = async {
        for nth in 100..400 {
            identified(&house, id(nth), "Testpersoon").await;
        }
    };
    tokio::join!(rotating, writing);
    other.app.store.rotate_keys(|_| true).await.unwrap().unwrap();
    assert_eq!(state(&pool).await, (vec![5], 0));
    for nth in (1..10).chain(100..400) {
        assert_eq!(name(&house, id(nth)).await, "Testpersoon", "{nth}");
    }
}

/// A key that is destroyed is not brought back by who wraps it anew.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_rotation_brings_nobody_back(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    identified(&house, id(1), "Testpersoon Een").await;
    house.forgets(0xE0, &[id(1)]).await;
    house.app.store.erase_all().await.unwrap();
    house.app.store.rotate_keys(|_| true).await.unwrap().unwrap();
    let left = house.app.store.left_of("VT02".parse().unwrap(), &[id(1)]).await.unwrap();
    assert_eq!(left, store::erase::Left::default());
    assert_eq!(name(&house, id(1)).await, Value::Null);
}

/// A token in software (SoftHSM2), in a folder of its own that goes with the test.
struct Token(PathBuf);

impl Token {
    fn new() -> Self {
        let folder =
            std::env::temp_dir().join(format!("meldboek-token-{}", server::clock::random_id()));
        fs::create_dir_all(folder.join("tokens")).unwrap();
        let conf = format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
            folder.join("tokens").display()
        );
        fs::write(folder.join("softhsm2.conf"), conf).unwrap();
        fs::write(folder.join("pin"), "123456\n").unwrap();
        let kenmerk = "CAgI".repeat(10) + "CAg=";
        fs::write(folder.join("sleutels"), format!("{{\"kenmerk\": \"{kenmerk}\"}}")).unwrap();
        let token = Self(folder);
        let made = Command::new("softhsm2-util")
            .args(["--init-token", "--free", "--label", "meldboek", "--pin", "123456"])
            .args(["--so-pin", "12345678"])
            .env("SOFTHSM2_CONF", token.0.join("softhsm2.conf"))
            .output()
            .expect("softhsm2-util is there: install the package softhsm2");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        token
    }

    /// The program on a register whose root key is in this token: what it printed, or why it ended.
    fn run(&self, pool: &PgPool, arguments: &[&str]) -> Result<String, String> {
        let out = Command::new(env!("CARGO_BIN_EXE_meldboek-under-test"))
            .args(arguments)
            .env_clear()
            .env("SOFTHSM2_CONF", self.0.join("softhsm2.conf"))
            .env("DATABASE_URL", url(pool))
            .env("MELDBOEK_SLEUTELDATABASE", key_url(pool))
            .env("MELDBOEK_SLEUTELBESTAND", self.0.join("sleutels"))
            .env("MELDBOEK_PKCS11_MODULE", module())
            .env("MELDBOEK_PKCS11_PIN", self.0.join("pin"))
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        if out.status.success() { Ok(text(out.stdout)) } else { Err(text(out.stderr)) }
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        let _already_gone = fs::remove_dir_all(&self.0);
    }
}

fn module() -> &'static Path {
    let places = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so"];
    let place = places.into_iter().map(Path::new).find(|it| it.exists());
    place.expect("SoftHSM2 is there: install the package softhsm2")
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn with_the_root_key_in_a_device_everything_works_and_without_it_nothing(pool: PgPool) {
    key_store(&pool).await;
    let token = Token::new();
    let none = token.run(&pool, &["verify"]).unwrap_err();
    assert!(none.contains("beveiligingsmodule: er is geen sleutel 'hoofdsleutel'"), "{none}");
    let made = token.run(&pool, &["sleutels", "hoofdsleutel"]).unwrap();
    assert!(made.contains("is gemaakt"), "{made}");
    let again = token.run(&pool, &["sleutels", "hoofdsleutel"]).unwrap_err();
    assert!(again.contains("is er al"), "{again}");

    let year = ["simulate", "--jaren", "2024", "--schaal", "0.0005", "--seed", "1"];
    token.run(&pool, &year).unwrap();
    let sealed = "select count(*) from data_key";
    assert!(sqlx::query_scalar::<_, i64>(sealed).fetch_one(&pool).await.unwrap() > 0);
    let rotated = token.run(&pool, &["sleutels", "roteren"]).unwrap();
    assert!(rotated.contains("staan nu onder sleutel 2"), "{rotated}");
    assert_eq!(state(&pool).await, (vec![2], 0));
    let verified = token.run(&pool, &["verify"]).unwrap();
    assert!(verified.contains("in orde") && !verified.contains("NIET"), "{verified}");
    let rebuilt = token.run(&pool, &["rebuild", "--projectie", "people"]).unwrap();
    assert!(rebuilt.contains("gelijk"), "{rebuilt}");

    // Another token with a key of the same name opens nothing.
    let other = Token::new();
    other.run(&pool, &["sleutels", "hoofdsleutel"]).unwrap();
    let refused = other.run(&pool, &["verify"]).unwrap_err();
    assert!(refused.contains("de hoofdsleutel opent de sleuteldatabase niet"), "{refused}");
    fs::write(token.0.join("pin"), "654321").unwrap();
    let refused = token.run(&pool, &["verify"]).unwrap_err();
    assert!(refused.contains("beveiligingsmodule"), "{refused}");
}
