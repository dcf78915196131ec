//! `meldboek uitvoeren` and `verify`, and the second verifier beside it: as an auditor uses them, on files alone.

use crate::cli::{KeyFile, Told, on, run};
use crate::house::{House, id};
use crate::log::heads::{Folder, keeper_of, signer};
use crate::log::second::python;
use crate::told::{call, melding};
use domain::id::{Log, Organisation};
use serde_json::Value;
use sqlx::PgPool;
use std::fs;
use std::path::PathBuf;

/// A register of which all is signed, and what goes to whoever verifies it.
struct Office<'p> {
    pool: &'p PgPool,
    keys: KeyFile,
    folder: Folder,
}

impl<'p> Office<'p> {
    async fn open(pool: &'p PgPool) -> Self {
        let mut house = House::on("2026-06-30", pool).await;
        let folder = Folder::new();
        house.signs(keeper_of(&house.app.store, &folder));
        house.put(format!("/v1/contacten/{}", id(1)), &call()).await.is(201);
        house.signed().await;
        house.put(format!("/v1/meldingen/{}", id(2)), &melding("2026-06-29")).await.is(201);
        house.signed().await;
        let keys: Vec<String> = Log::both("VT02".parse::<Organisation>().unwrap())
            .map(|log| signer().verifier(&format!("meldboek.example/{log}")).to_string())
            .to_vec();
        fs::write(folder.0.join("sleutels"), keys.join("\n")).unwrap();
        Self { pool, keys: KeyFile::new(), folder }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.0.join(name)
    }

    fn meldboek(&self, arguments: &[&str]) -> Told {
        run(&mut on(self.pool, &self.keys), arguments)
    }

    fn export(&self, what: &str, name: &str) -> String {
        let path = self.file(name).display().to_string();
        let told = self.meldboek(&["uitvoeren", what, "--logboek", "VT02", "--bestand", &path]);
        assert!(told.right, "{}", told.err);
        path
    }

    /// What we say of these files, and what the second verifier says.
    fn verdicts(&self, files: [&str; 2]) -> [(bool, Value); 2] {
        let (standen, sleutels) = (self.folder.0.display().to_string(), self.file("sleutels"));
        let sleutels = sleutels.display().to_string();
        let all = [
            "--uitvoer",
            files[0],
            "--uitvoer",
            files[1],
            "--standen",
            &standen,
            "--controlesleutels",
            &sleutels,
        ];
        let ours = self.meldboek(&[&["verify", "--json"], all.as_slice()].concat());
        let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let theirs = python().arg("verify.py").args(all).output().unwrap();
        let told = String::from_utf8(theirs.stdout).unwrap();
        [(ours.right, json(&ours.out)[0].clone()), (theirs.status.success(), json(&told))]
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_auditor_verifies_a_log_from_files_alone_with_either_verifier(pool: PgPool) {
    let office = Office::open(&pool).await;
    let files =
        [office.export("logboek", "logboek.jsonl"), office.export("standen", "standen.jsonl")];
    let [ours, theirs] = office.verdicts([&files[0], &files[1]]);
    assert_eq!(ours, theirs);
    assert_eq!((ours.0, &ours.1["breuken"]), (true, &serde_json::json!([])));
    assert!(ours.1["gebeurtenissen"].as_u64() > Some(1));
    // No particulars in what goes out, and nothing written over.
    let text = fs::read_to_string(&files[0]).unwrap();
    assert!(!text.contains("Testpersoon") && !text.contains("99999"), "{text}");
    let again =
        office.meldboek(&["uitvoeren", "standen", "--logboek", "VT02", "--bestand", &files[1]]);
    assert!(!again.right && again.err.contains(&files[1]), "{}", again.err);

    let forged = text.replacen("landelijk-nummer", "regionaal-nummer", 1);
    assert_ne!(text, forged);
    fs::write(&files[0], forged).unwrap();
    let [ours, theirs] = office.verdicts([&files[0], &files[1]]);
    assert_eq!(ours, theirs);
    assert_eq!((ours.0, &ours.1["breuken"]), (false, &serde_json::json!([[1, "keten"]])));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn verify_holds_the_register_against_what_was_published_of_it(pool: PgPool) {
    let office = Office::open(&pool).await;
    let (standen, sleutels) = (office.folder.0.display().to_string(), office.file("sleutels"));
    let sleutels = sleutels.display().to_string();
    let against = ["verify", "--standen", &standen, "--controlesleutels", &sleutels];
    let told = office.meldboek(&[&against, ["--gebeurtenis", "VT02:1"].as_slice()].concat());
    assert!(told.right, "{}{}", told.out, told.err);
    assert!(
        told.out.contains("VT02:1: staat in het logboek, onder de stand van 1"),
        "{}",
        told.out
    );
    let nothing = office.meldboek(&["verify", "--gebeurtenis", "VT02:999"]);
    assert!(!nothing.right && nothing.err.contains("VT02:999"), "{}", nothing.err);
    // Heads of somebody else are no evidence of ours.
    let other = "meldboek.example/VT02+00000000+AAAA";
    fs::write(office.file("andere"), other).unwrap();
    let andere = office.file("andere").display().to_string();
    let wrong = office.meldboek(&["verify", "--controlesleutels", &andere]);
    assert!(!wrong.right && wrong.err.contains("geen controlesleutel"), "{}", wrong.err);
    // Of a register from which all was taken, what was published tells.
    for gone in ["delete from event", "delete from tree_head", "delete from checkpoint"] {
        let mut forger = pool.acquire().await.unwrap();
        sqlx::query("set session_replication_role = replica").execute(&mut *forger).await.unwrap();
        sqlx::query(gone).execute(&mut *forger).await.unwrap();
    }
    let told = office.meldboek(&against);
    assert!(
        !told.right && told.out.contains("is gepubliceerd en wordt niet meer bewaard"),
        "{}",
        told.out
    );
}
