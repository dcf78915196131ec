//! The command line, as an administrator uses it: the program itself, on the database of a test.

use crate::dump::{key_url, url};
use crate::house::{AUDIENCE, House, ISSUER};
use crate::keys::key_store;
use crate::told::{but, melding, question, receive_melding};
use axum::http::{HeaderMap, HeaderValue, header};
use domain::access::Role;
use server::clock::Clock;
use server::recogniser::{Accepts, Recogniser};
use sqlx::PgPool;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::{Command, Output};
use uuid::Uuid;

/// A key file for a test, gone when the test ends: the keys of the house, 32 times 7 and 32 times 8.
pub(crate) struct KeyFile(pub(crate) PathBuf);

impl KeyFile {
    pub(crate) fn new() -> Self {
        let name = format!("meldboek-test-{}.json", server::clock::random_id());
        let path = std::env::temp_dir().join(name);
        let (seven, eight) = ("BwcH".repeat(10) + "Bwc=", "CAgI".repeat(10) + "CAg=");
        fs::write(&path, format!("{{\"sleutel\": \"{seven}\", \"kenmerk\": \"{eight}\"}}"))
            .unwrap();
        Self(path)
    }
}

impl Drop for KeyFile {
    fn drop(&mut self) {
        let _already_gone = fs::remove_file(&self.0);
    }
}

/// The program, knowing nothing but what it is told here.
pub(crate) fn meldboek() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_meldboek-under-test"));
    program.env_clear();
    program
}

pub(crate) fn on(pool: &PgPool, keys: &KeyFile) -> Command {
    let mut program = meldboek();
    program.env("DATABASE_URL", url(pool)).env("MELDBOEK_SLEUTELDATABASE", key_url(pool));
    program.env("MELDBOEK_SLEUTELBESTAND", &keys.0);
    program
}

pub(crate) struct Told {
    pub(crate) right: bool,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) fn run(program: &mut Command, arguments: &[&str]) -> Told {
    let Output { status, stdout, stderr } =
        program.args(arguments.iter().map(OsStr::new)).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Told { right: status.success(), out: text(stdout), err: text(stderr) }
}

impl Told {
    pub(crate) fn printed(self) -> String {
        assert!(self.right, "{}{}", self.out, self.err);
        self.out
    }

    pub(crate) fn says(&self, words: &str) {
        assert!(!self.right && self.err.contains(words), "{}{}", self.out, self.err);
    }
}

/// A year with meldingen and adviezen, and nobody who still follows the log.
async fn a_year(pool: &PgPool) {
    let house = House::on("2025-06-30", pool).await;
    for number in 1..=8 {
        receive_melding(&house, number, &melding("2025-06-29")).await;
    }
    let asked = but(question(), "/gestartOp", "2025-06-29");
    house.put(format!("/v1/adviezen/{}", Uuid::from_u128(1)), &asked).await.is(201);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_report_is_printed_as_text_and_in_every_format(pool: PgPool) {
    a_year(&pool).await;
    let keys = KeyFile::new();
    let ask = |more: &[&str]| {
        let plain = ["report", "--jaar", "2025", "--organisatie", "VT02"];
        run(&mut on(&pool, &keys), &[&plain, more].concat())
    };
    let text = ask(&[]).printed();
    for words in ["Meldingen naar vorm", "Huiselijk geweld", "10"] {
        assert!(text.contains(words), "{words} is missing in {text}");
    }
    let inside = ask(&["--profiel", "intern", "--formaat", "json"]).printed();
    let inside: serde_json::Value = serde_json::from_str(&inside).unwrap();
    assert_eq!(
        crate::figures::figure(&inside, "meldingen-naar-vorm", "totaal"),
        crate::figures::exactly(8)
    );
    for (format, begins) in
        [("csv", "tabel,"), ("csv-excel", "\u{feff}tabel;"), ("html", "<!doctype html>")]
    {
        let out = ask(&["--formaat", format]).printed();
        assert!(out.to_lowercase().starts_with(begins), "{format}: {out:.100}");
    }
    let now = ask(&["--grenzen", "heden", "--zoals-bekend-op", "2025-07-01"]).printed();
    assert!(now.contains("Geteld in de gemeentegrenzen van 1 juli 2025"), "{now}");
    ask(&["--grenzen", "toen"]).says("--grenzen: kies uit: datum, heden");
    let then =
        ask(&["--zoals-bekend-op", "2025-06-30", "--profiel", "intern", "--formaat", "json"]);
    let then: serde_json::Value = serde_json::from_str(&then.printed()).unwrap();
    assert_eq!(crate::figures::figure(&then, "meldingen-naar-vorm", "totaal").0.unwrap_or(0), 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn verify_says_that_the_log_is_right_or_where_it_is_not(pool: PgPool) {
    let keys = KeyFile::new();
    key_store(&pool).await;
    let nothing = run(&mut on(&pool, &keys), &["verify"]).printed();
    assert!(nothing.contains("nog niets vastgelegd"), "{nothing}");
    a_year(&pool).await;
    let right = run(&mut on(&pool, &keys), &["verify"]).printed();
    assert!(right.contains("VT02: 9 gebeurtenissen, in orde"), "{right}");
    let head = right.lines().find_map(|line| line.trim().strip_prefix("stand ")).unwrap();
    run(&mut on(&pool, &keys), &["verify", "--organisatie", "VT02", "--stand", head]).printed();

    let mut forger = pool.acquire().await.unwrap();
    for statement in [
        "set session_replication_role = replica",
        "update event set recorded_at = recorded_at + interval '1 second' where position = 4",
    ] {
        sqlx::query(statement).execute(&mut *forger).await.unwrap();
    }
    let wrong = run(&mut on(&pool, &keys), &["verify"]);
    wrong.says("het logboek is op 1 plaatsen niet wat het was");
    assert!(wrong.out.contains("NIET in orde") && wrong.out.contains('4'), "{}", wrong.out);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn migrate_and_rebuild_can_be_repeated(pool: PgPool) {
    a_year(&pool).await;
    let keys = KeyFile::new();
    for _ in 0..2 {
        let migrated = run(&mut on(&pool, &keys), &["migrate"]).printed();
        assert!(migrated.contains("op orde"), "{migrated}");
        let rebuilt = run(&mut on(&pool, &keys), &["rebuild"]).printed();
        assert_eq!(
            rebuilt.matches("9 gebeurtenissen opnieuw verteld; gelijk").count(),
            store::projections::Name::ALL.len(),
            "{rebuilt}"
        );
    }
    run(&mut on(&pool, &keys), &["rebuild", "--projectie", "iets"])
        .says("kies uit: worklist, facts, people");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn without_the_key_file_nothing_starts(pool: PgPool) {
    let mut nameless = meldboek();
    nameless.env("DATABASE_URL", url(&pool)).env("MELDBOEK_SLEUTELDATABASE", key_url(&pool));
    key_store(&pool).await;
    run(&mut nameless, &["verify"]).says("er is een sleutelbestand nodig");
    let keys = KeyFile::new();
    fs::remove_file(&keys.0).unwrap();
    run(&mut on(&pool, &keys), &["verify"]).says("sleutelbestand");
    assert!(!keys.0.exists(), "outside the demo a key file is never made");
    fs::write(&keys.0, "{}").unwrap();
    run(&mut on(&pool, &keys), &["verify"]).says("is geen sleutelbestand");
    // In the demo it is made, for its owner alone.
    fs::remove_file(&keys.0).unwrap();
    run(&mut on(&pool, &keys), &["verify", "--demo"]).printed();
    assert_eq!(fs::metadata(&keys.0).unwrap().mode() & 0o777, 0o600);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_key_of_the_demo_signs_only_for_a_demo(pool: PgPool) {
    let asked = ["token", "--rol", "analist", "--organisatie", "VT02", "--gebied", "0106"];
    run(&mut meldboek(), &asked).says("alleen voor de demo");
    let token = run(meldboek().env("MELDBOEK_DEMO", "true"), &asked).printed();
    let bearer = HeaderValue::from_str(&format!("Bearer {}", token.trim())).unwrap();
    let headers = HeaderMap::from_iter([(header::AUTHORIZATION, bearer)]);
    let (house, now) = (House::on("2026-06-30", &pool).await, Clock::Running.now());
    let recogniser = Recogniser::demo(Accepts::new(ISSUER, AUDIENCE));
    let worker = recogniser.recognise(&headers, now, &house.app.store).await.unwrap();
    assert_eq!(worker.asker.roles, [Role::Analyst]);
    assert_eq!(worker.asker.areas, ["0106"]);
    assert_eq!(worker.organisation().as_str(), "VT02");
}

/// A file for a test, gone when the test ends.
struct Additions(PathBuf);

impl Additions {
    fn of(text: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("meldboek-{}.json", server::clock::random_id()));
        fs::write(&path, text).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Additions {
    fn drop(&mut self) {
        let _already_gone = fs::remove_file(&self.0);
    }
}

#[test]
fn areas_are_checked_and_summed_up() {
    let published = run(&mut meldboek(), &["gebieden"]).printed();
    for words in [
        "regio's van Veilig Thuis: 2",
        "zonder bekende centrumgemeente",
        "centrumgebieden: 0 volledig, 35 onvolledig",
    ] {
        assert!(published.contains(words), "{words}: {published}");
    }
    assert!(published.contains("0114 Emmen: 1 bekend, onvolledig"), "{published}");
    let right = Additions::of(r#"{"members": [{"municipality": "0106", "centre": "0114"}]}"#);
    for told in [
        run(&mut meldboek(), &["gebieden", "--controleer", right.path()]),
        run(meldboek().env("MELDBOEK_GEBIEDEN", &right.0), &["gebieden"]),
    ] {
        let out = told.printed();
        assert!(
            out.contains("in orde") && out.contains("0114 Emmen: 2 bekend, onvolledig"),
            "{out}"
        );
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn with_wrong_additions_nothing_starts_and_every_fault_is_named(pool: PgPool) {
    let wrong = Additions::of(
        r#"{"members": [{"municipality": "9999", "centre": "0114"},
            {"municipality": "0106", "centre": "0114", "from": "2024-01-01", "to": "2020-01-01"}]}"#,
    );
    let keys = KeyFile::new();
    let serve = ["serve", "--demo", "--adres", "127.0.0.1:0", "--gebieden", wrong.path()];
    let told = [
        run(&mut meldboek(), &["gebieden", "--controleer", wrong.path()]),
        run(&mut on(&pool, &keys), &serve),
    ];
    let root = fs::metadata("/proc/self").unwrap().uid() == 0;
    // As root the server does not get as far as its settings.
    for told in told.iter().take(if root { 1 } else { 2 }) {
        told.says("lid 1: '9999' is geen Nederlandse gemeentecode\n");
        told.says("lid 2: het einde 2020-01-01 ligt niet na het begin 2024-01-01");
    }
    run(&mut meldboek(), &["gebieden", "--controleer", "nergens.json"]).says("nergens.json: ");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn serve_starts_neither_as_root_nor_with_the_key_of_the_demo_open_to_all(pool: PgPool) {
    let keys = KeyFile::new();
    let told = run(&mut on(&pool, &keys), &["serve", "--demo", "--adres", "0.0.0.0:0"]);
    let root = fs::metadata("/proc/self").unwrap().uid() == 0;
    told.says(if root { "draait niet als root" } else { "luistert daarom alleen op deze machine" });
}

/// The program at work, held up by a database that does not answer: what it holds in memory never comes to stand in a file.
#[test]
fn memory_is_never_dumped() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nowhere = format!("postgres://iemand:geheim@{}/niets", silent.local_addr().unwrap());
    let keys = KeyFile::new();
    let mut program = meldboek();
    program.env("DATABASE_URL", &nowhere).env("MELDBOEK_SLEUTELDATABASE", &nowhere);
    program.env("MELDBOEK_SLEUTELBESTAND", &keys.0).arg("verify");
    let mut running = program.spawn().unwrap();
    // It calls only after it has forbidden dumps.
    let _call = silent.accept().unwrap();
    let own = PathBuf::from(format!("/proc/{}", running.id()));
    let limits = fs::read_to_string(own.join("limits")).unwrap();
    let core = limits.lines().find(|it| it.starts_with("Max core file size")).unwrap();
    let core: Vec<&str> = core.split_whitespace().skip(4).take(2).collect();
    // What may not be dumped belongs to root, whoever runs it.
    let owner = fs::metadata(own.join("environ")).unwrap().uid();
    running.kill().unwrap();
    running.wait().unwrap();
    assert_eq!(core, ["0", "0"]);
    assert_eq!(owner, 0);
}

#[test]
fn a_wrong_argument_is_answered_in_dutch() {
    let nowhere = "postgres://nergens.invalid/niets";
    let database = ["--database-url", nowhere, "--sleuteldatabase", nowhere];
    let wrong: [(&[&str], &str); 6] = [
        (
            &["token", "--rol", "baas", "--organisatie", "VT02"],
            "'baas' is geen rol; kies uit intake",
        ),
        (&["token", "--rol", "intake", "--organisatie", "Drenthe"], "verwacht een code als VT02"),
        (
            &["report", "--jaar", "2025", "--formaat", "pdf"],
            "kies uit: json, csv, csv-excel, html, tekst",
        ),
        (
            &["report", "--jaar", "2025", "--zoals-bekend-op", "toen"],
            "verwacht bijvoorbeeld 2024-03-01",
        ),
        (&["simulate", "--jaren", "2025-2019"], "verwacht jaren vanaf 2015"),
        (&["verify", "--stand", "VT02"], "verwacht LOGBOEK:POSITIE:KETEN"),
    ];
    for (arguments, why) in wrong {
        let more: &[&str] = if arguments[0] == "token" { &[] } else { &database };
        run(&mut meldboek(), &[arguments, more].concat()).says(why);
    }
    run(&mut meldboek(), &[&["report", "--jaar", "2014"], &database[..]].concat())
        .says("kies een jaar van 2015");
}
