//! The server as its users feel it: how soon it is ready, how many contacts it records under load and how long each waits, how much memory
//! it takes, how fast the worklist comes with 100,000 meldingen waiting.
//!
//! The server is a process of its own, `meldboek serve`. As root that refuses, and then the same router is served by this process: its memory
//! then includes that of the load generator, and the table says so.

use super::acts::{Desk, ORGANISATION};
use super::client::Client;
use super::ground::{Ground, Memory, memory};
use super::table::{Bar, Line, Table, grouped};
use super::{median, share};
use crate::app::{App, Limits};
use crate::cli::Trouble;
use crate::clock::{Clock, random_id};
use crate::recogniser::{Accepts, Recogniser};
use crate::worker::demo_token;
use chrono::SecondsFormat;
use domain::access::Role;
use domain::id::Id;
use domain::melding::Melding;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::Child;
use std::time::{Duration, Instant};
use store::{Known, Prepared, RecordedBy};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use uuid::Uuid;

pub(super) const CONNECTIONS: usize = 32;
const ROUNDS: usize = 3;
/// How many meldingen wait.
const WAITING: usize = 100_000;
const WORKLISTS: usize = 300;
/// One of so many is given to the worker.
const OF_A_WORKER: usize = 20;
const WORKER: Uuid = Uuid::from_u128(0x77);
const ISSUER: &str = "https://aanmelden.meldboek.example";
const AUDIENCE: &str = "meldboek";

pub(super) enum Server {
    Process(Child, SocketAddr),
    Here(JoinHandle<()>, SocketAddr),
}

impl Server {
    /// Starts it, and tells how many seconds until it was ready.
    pub(super) async fn start(ground: &Ground) -> Result<(Self, f64), Trouble> {
        let started = Instant::now();
        let server = match Self::process(ground)? {
            Some(server) => server,
            None => Self::here(ground).await?,
        };
        let mut client = Client::connect(server.address()).await.map_err(http)?;
        while client.ask(&get("/health/ready", None)).await.map_err(http)? != 200 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok((server, started.elapsed().as_secs_f64()))
    }

    /// `meldboek serve`, unless it refuses.
    fn process(ground: &Ground) -> Result<Option<Self>, Trouble> {
        let mut command = ground.ourselves(&["serve", "--adres", "127.0.0.1:0"])?;
        let mut child = command.spawn().map_err(http)?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line).map_err(http)?;
        }
        let Some(address) = line.trim().rsplit('/').next().and_then(|it| it.parse().ok()) else {
            child.wait().map_err(http)?;
            return Ok(None);
        };
        Ok(Some(Self::Process(child, address)))
    }

    async fn here(ground: &Ground) -> Result<Self, Trouble> {
        let store = ground.store(RecordedBy::Database).await?;
        for organisation in store.organisations().await? {
            store.follow(organisation);
        }
        let recogniser = Recogniser::demo(Accepts::new(ISSUER, AUDIENCE));
        let app = App::new(store, Clock::Running, recogniser, Limits::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(http)?;
        let address = listener.local_addr().map_err(http)?;
        let serving = tokio::spawn(async move {
            let _ended = axum::serve(listener, crate::api::router(&app)).await;
        });
        Ok(Self::Here(serving, address))
    }

    pub(super) const fn address(&self) -> SocketAddr {
        match self {
            Self::Process(_, address) | Self::Here(_, address) => *address,
        }
    }

    const fn name(&self) -> &'static str {
        match self {
            Self::Process(..) => "server",
            Self::Here(..) => "server en belasting in een proces",
        }
    }

    fn memory(&self) -> Memory {
        match self {
            Self::Process(child, _) => memory(child.id()),
            Self::Here(..) => memory(std::process::id()),
        }
    }

    pub(super) fn stop(self) -> Result<(), Trouble> {
        match self {
            Self::Process(mut child, _) => {
                child.kill().map_err(http)?;
                child.wait().map(drop).map_err(http)
            }
            Self::Here(serving, _) => {
                serving.abort();
                Ok(())
            }
        }
    }
}

/// Recording contacts over HTTP with 32 connections: recognised, validated, recorded, and answered when it can be read.
pub(super) async fn intake(
    ground: &Ground,
    seconds: u64,
    table: &mut Table,
) -> Result<(), Trouble> {
    table.busy("vastleggen over HTTP");
    let (server, ready) = Server::start(ground).await?;
    let line = Line::new("server", "van start tot gereed", ready, " s");
    table.add(line.judged(Bar::AtMost { floor: 1.0 }));
    let token: std::sync::Arc<str> = token(Role::Intake).into();
    let (mut empty, mut rates, mut waits) = (vec![], vec![], vec![]);
    for _ in 0..ROUNDS {
        let live = load(server.address(), seconds, || [(get("/health/live", None), 200)]).await?;
        empty.push(live.len() as f64 / seconds as f64);
        let token = token.clone();
        let put = move || [(put_contact(&token), 201)];
        let mut took = load(server.address(), seconds, put).await?;
        rates.push(took.len() as f64 / seconds as f64);
        waits.append(&mut took);
    }
    let what = format!("PUT /v1/contacten, {CONNECTIONS} verbindingen");
    let bar = Bar::AtLeast { floor: 3000.0, goal: 8000.0 };
    let empty = ("GET /health/live", median(empty));
    table.add(Line::rate("http", what, median(rates)).beside(empty).judged(bar));
    for (name, part, bar) in
        [("p50", 0.5, None), ("p95", 0.95, None), ("p99", 0.99, Some(Bar::AtMost { floor: 50.0 }))]
    {
        let wait = share(&mut waits, part);
        table.add(Line::new("http", format!("wachten, {name}"), wait, " ms").judged(bar));
    }
    let memory = server.memory();
    let what = format!("geheugen onder belasting ({})", server.name());
    let line = Line::new("server", what, memory.highest, " MB").beside(("MB nu", memory.now));
    table.add(line.judged(Bar::AtMost { floor: 150.0 }));
    server.stop()
}

/// The worklist of an organisation where 100,000 meldingen wait, with their exact number.
pub(super) async fn worklist(ground: &Ground, table: &mut Table) -> Result<(), Trouble> {
    table.busy(&format!("een werklijst van {} meldingen", grouped(WAITING as f64)));
    let store = ground.store(RecordedBy::Database).await?;
    let desk = Desk::open();
    for _ in 0..WAITING / 1000 {
        let mut batch = Vec::with_capacity(1000);
        for nth in 0..1000 {
            let id = random_id();
            let known = &mut Known::<Melding>::default();
            let (receive, _) = desk.melding(id);
            let given = (nth % OF_A_WORKER == 0).then(|| desk.assign(WORKER));
            for command in std::iter::once(receive).chain(given) {
                let decided = Prepared::decide(Id::new(id), known, command, vec![], &desk.stamp());
                batch.push(decided.map_err(|why| Trouble::Plain(why.to_string()))?);
            }
        }
        store.append(desk.organisation, batch).await?;
    }
    store.catch_up(desk.organisation).await?;
    store.stop();
    let (server, _) = Server::start(ground).await?;
    let mut client = Client::connect(server.address()).await.map_err(http)?;
    let token = token(Role::CaseWorker);
    for (whose, query) in [
        ("", ""),
        ("van een soort: ", "&soort=veiligheidsbeoordeling"),
        ("van een behandelaar: ", &format!("&behandelaar={WORKER}")),
    ] {
        let (path, mut waits) = (format!("/v1/werklijst?aantal=50{query}"), vec![]);
        for _ in 0..WORKLISTS {
            let started = Instant::now();
            expect(client.ask(&get(&path, Some(&token))).await.map_err(http)?, 200)?;
            waits.push(started.elapsed().as_secs_f64() * 1000.0);
        }
        let what = format!("{whose}50 regels en het juiste aantal, p95");
        let line = Line::new("werklijst", what, share(&mut waits, 0.95), " ms");
        table.add(line.judged(Bar::AtMost { floor: 100.0 }));
    }
    server.stop()
}

/// Walks over all connections for some seconds, each of one request or several with the status that is wanted; tells how many
/// milliseconds each took.
pub(super) async fn load<W>(
    to: SocketAddr,
    seconds: u64,
    walk: impl Fn() -> W + Clone + Send + 'static,
) -> Result<Vec<f64>, Trouble>
where
    W: IntoIterator<Item = (Vec<u8>, u16), IntoIter: Send> + Send,
{
    let end = Instant::now() + Duration::from_secs(seconds);
    let tasks: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let walk = walk.clone();
            tokio::spawn(async move {
                let mut client = Client::connect(to).await.map_err(http)?;
                let mut took = vec![];
                while Instant::now() < end {
                    let walk = walk();
                    let started = Instant::now();
                    for (request, wanted) in walk {
                        expect(client.ask(&request).await.map_err(http)?, wanted)?;
                    }
                    took.push(started.elapsed().as_secs_f64() * 1000.0);
                }
                Ok::<_, Trouble>(took)
            })
        })
        .collect();
    let mut all = vec![];
    for task in tasks {
        all.append(&mut task.await.map_err(|why| Trouble::Plain(why.to_string()))??);
    }
    Ok(all)
}

pub(super) fn expect(status: u16, wanted: u16) -> Result<(), Trouble> {
    if status == wanted {
        return Ok(());
    }
    Err(Trouble::Plain(format!("de server antwoordt {status} in plaats van {wanted}")))
}

pub(super) fn get(path: &str, token: Option<&str>) -> Vec<u8> {
    let token = token.map(|it| format!("Authorization: Bearer {it}\r\n")).unwrap_or_default();
    format!("GET {path} HTTP/1.1\r\nHost: meldboek\r\n{token}\r\n").into_bytes()
}

pub(super) fn put_contact(token: &str) -> Vec<u8> {
    let now = Clock::Running.now().to_rfc3339_opts(SecondsFormat::Millis, true);
    let body = format!("{{\"kanaal\":\"landelijk-nummer\",\"ontvangenOp\":\"{now}\"}}");
    send("PUT", &format!("/v1/contacten/{}", random_id()), token, &body)
}

/// A request with a body of JSON.
pub(super) fn send(method: &str, path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: meldboek\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

pub(super) fn token(role: Role) -> String {
    let organisation = ORGANISATION.parse().expect("a code of an organisation");
    let now = Clock::Running.now();
    demo_token(role, organisation, vec![], ISSUER, AUDIENCE, now, now + chrono::Duration::hours(12))
}

pub(super) fn http(why: std::io::Error) -> Trouble {
    Trouble::File("http".to_owned(), why)
}
