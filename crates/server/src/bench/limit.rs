//! What the machine and PostgreSQL can do without the register: the programs that come with PostgreSQL measure it.

use super::ground::{Ground, file};
use crate::cli::Trouble;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

/// About as large as an event, as one value.
const PAYLOAD: usize = 600;
/// How many streams of ten events there are for every writer, here and in the register.
pub(super) const STREAMS: usize = 200;
pub(super) const MOST_WRITERS: usize = 32;
pub(super) const HISTORY: usize = 10;

const TABLES: &str = "
    create table bare (
        id bigint generated always as identity primary key,
        stream_id uuid not null, version integer not null, body json not null,
        recorded_at timestamptz not null default clock_timestamp(),
        unique (stream_id, version));
    create table bare_history (like bare including all);
    create table bare_key (subject uuid primary key, wrapped bytea not null);
    create table bare_particular (
        id bigint not null, nth smallint not null, subject uuid not null, part text not null, sealed bytea not null,
        primary key (id, nth));
    create index on bare_particular (subject);
";
const INSERT: &str =
    "insert into bare (stream_id, version, body) values (gen_random_uuid(), 1, :body);\n";

/// The same three rows as a melding with one sealed text: event, particular, key.
const INSERT_SEALED: &str = "
    with e as (insert into bare (stream_id, version, body) values (gen_random_uuid(), 1, :body) returning id, stream_id),
         k as (insert into bare_key select stream_id, decode(:wrapped, 'hex') from e)
    insert into bare_particular select id, 1, stream_id, 'text', decode(:sealed, 'hex') from e;\n";
/// How large a sealed text and a sealed key are.
const SEALED: usize = 330;
const WRAPPED: usize = 60;

/// The programs beside the register.
pub(super) struct Limit<'a> {
    ground: &'a Ground,
    pgbench: PathBuf,
    payload: String,
}

impl<'a> Limit<'a> {
    pub(super) fn prepare(ground: &'a Ground) -> Result<Self, Trouble> {
        let pgbench = program("pgbench")?;
        let payload = format!("{{\"text\":\"{}\"}}", "x".repeat(PAYLOAD - 11));
        let it = Self { ground, pgbench, payload };
        let streams = STREAMS * MOST_WRITERS;
        let history = format!(
            "insert into bare_history (stream_id, version, body)
             select md5(s::text)::uuid, v, '{}' from generate_series(0, {}) s, generate_series(1, {HISTORY}) v",
            it.payload,
            streams - 1
        );
        psql(ground, &[TABLES, &history])?;
        it.script("insert.sql", INSERT)?;
        it.script("sealed.sql", &INSERT_SEALED.replace('\n', " "))?;
        it.script("history.sql", &format!(
            "\\set s random(0, {}) + :client_id * {STREAMS}\n\
             select version, body from bare_history where stream_id = md5(:s::text)::uuid order by version;\n\
             insert into bare_history (stream_id, version, body) select md5(:s::text)::uuid, max(version) + 1, :body\n\
             from bare_history where stream_id = md5(:s::text)::uuid;\n",
            STREAMS - 1
        ))?;
        Ok(it)
    }

    /// Bare inserts of one row per second.
    pub(super) fn inserts(&self, clients: usize, seconds: u64) -> Result<f64, Trouble> {
        self.rate("insert.sql", clients, seconds)
    }

    /// Bare inserts of an event, a particular and a key in one statement, per second.
    pub(super) fn sealed_inserts(&self, clients: usize, seconds: u64) -> Result<f64, Trouble> {
        self.rate("sealed.sql", clients, seconds)
    }

    /// Reading ten rows and inserting the next, per second.
    pub(super) fn histories(&self, clients: usize, seconds: u64) -> Result<f64, Trouble> {
        self.rate("history.sql", clients, seconds)
    }

    fn script(&self, name: &str, text: &str) -> Result<(), Trouble> {
        let path = self.ground.folder.join(name);
        fs::write(&path, text).map_err(|why| file(&path, why))
    }

    fn rate(&self, script: &str, clients: usize, seconds: u64) -> Result<f64, Trouble> {
        let mut command = Command::new(&self.pgbench);
        command
            .args(["--no-vacuum", "--protocol=prepared", "--jobs=2"])
            .arg(format!("--client={clients}"))
            .arg(format!("--time={seconds}"))
            .arg(format!("--define=body={}", self.payload))
            .arg(format!("--define=sealed={}", "5e".repeat(SEALED)))
            .arg(format!("--define=wrapped={}", "5e".repeat(WRAPPED)))
            .arg("--file")
            .arg(self.ground.folder.join(script))
            .arg(&self.ground.url);
        let output = run(&mut command)?;
        let rate = output.lines().find_map(|line| line.strip_prefix("tps = "));
        let rate = rate.and_then(|it| it.split_whitespace().next()?.parse().ok());
        rate.ok_or_else(|| {
            Trouble::Plain(format!("pgbench antwoordt anders dan verwacht: {output}"))
        })
    }
}

/// How long it takes to copy the whole log to nowhere.
pub(super) fn copy_to_nowhere(ground: &Ground) -> Result<Duration, Trouble> {
    let mut command = Command::new(program("psql")?);
    let copy = "copy event to stdout (format binary)";
    command.args(["--no-psqlrc", "--quiet", "--command", copy, &ground.url]);
    let started = Instant::now();
    let status =
        command.stdout(Stdio::null()).status().map_err(|why| file(Path::new("psql"), why))?;
    if status.success() {
        return Ok(started.elapsed());
    }
    Err(Trouble::Plain("psql kan het logboek niet kopieren".to_owned()))
}

/// Runs statements with psql, as whoever made the database.
pub(super) fn psql(ground: &Ground, statements: &[&str]) -> Result<(), Trouble> {
    let mut command = Command::new(program("psql")?);
    command.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]);
    for it in statements {
        command.args(["--command", it]);
    }
    run(command.arg(&ground.url)).map(drop)
}

fn run(command: &mut Command) -> Result<String, Trouble> {
    let name = command.get_program().to_owned();
    let output = command.output().map_err(|why| file(Path::new(&name), why))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let why = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(Trouble::Plain(format!("{}: {why}", name.to_string_lossy())))
}

/// A program that comes with PostgreSQL: on the path, or where Debian puts it.
fn program(name: &str) -> Result<PathBuf, Trouble> {
    let path = env::var_os("PATH").unwrap_or_default();
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found = env::split_paths(&path)
        .chain(installed.map(|version| version.path().join("bin")))
        .map(|folder| folder.join(name))
        .filter(|it| it.is_file());
    found.next().ok_or_else(|| {
        Trouble::Plain(format!(
            "{name} is niet gevonden; het komt met PostgreSQL (apt install postgresql)"
        ))
    })
}
