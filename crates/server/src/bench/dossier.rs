//! Opening a casus with five hundred events, each second one with a sealed text: the file, its time line, and the file as known at an earlier
//! moment. Read from the log itself, folded and opened for every look.

use super::acts::Desk;
use super::client::Client;
use super::ground::Ground;
use super::serving::{Server, expect, get, http, token};
use super::share;
use super::table::{Bar, Line, Table};
use crate::cli::Trouble;
use crate::clock::random_id;
use chrono::{DateTime, SecondsFormat, Utc};
use domain::access::Role;
use domain::case::Case;
use domain::id::Id;
use std::time::Instant;
use store::{Known, Prepared, RecordedBy};
use uuid::Uuid;

const EVENTS: usize = 500;
const LOOKS: usize = 300;
/// What nobody waits longer for.
const FLOOR: Bar = Bar::AtMost { floor: 50.0 };

pub(super) async fn open(ground: &Ground, table: &mut Table) -> Result<(), Trouble> {
    table.busy("een casus openen");
    let (case, halfway) = write(ground).await?;
    let (server, _) = Server::start(ground).await?;
    let mut client = Client::connect(server.address()).await.map_err(http)?;
    let token = token(Role::CaseWorker);
    let then = halfway.to_rfc3339_opts(SecondsFormat::Micros, true);
    for (what, path) in [
        ("dossier, p95", format!("/v1/casussen/{case}")),
        ("tijdlijn, p95", format!("/v1/casussen/{case}/tijdlijn")),
        ("zoals bekend op, p95", format!("/v1/casussen/{case}?zoalsBekendOp={then}")),
    ] {
        let mut waits = vec![];
        for _ in 0..LOOKS {
            let started = Instant::now();
            expect(client.ask(&get(&path, Some(&token))).await.map_err(http)?, 200)?;
            waits.push(started.elapsed().as_secs_f64() * 1000.0);
        }
        let what = format!("casus met {EVENTS} gebeurtenissen: {what}");
        table.add(Line::new("dossier", what, share(&mut waits, 0.95), " ms").judged(FLOOR));
    }
    server.stop()
}

/// Records the casus; tells which it is, and when half of it was recorded.
async fn write(ground: &Ground) -> Result<(Uuid, DateTime<Utc>), Trouble> {
    let store = ground.store(RecordedBy::Database).await?;
    let desk = Desk::open();
    let id = random_id();
    let known = &mut Known::default();
    let mut decided = vec![];
    for nth in 0..EVENTS {
        let (command, particulars) = desk.step_of_case(id, nth);
        let case = Id::<Case>::new(id);
        let it = Prepared::decide(case, known, command, particulars, &desk.stamp());
        decided.push(it.map_err(|why| Trouble::Plain(why.to_string()))?);
    }
    let outcomes = store.append(desk.organisation, decided).await?;
    let halfway = outcomes.get(EVENTS / 2).and_then(|it| it.recorded_at);
    store.catch_up(desk.organisation).await?;
    store.stop();
    let nothing = || Trouble::Plain("de casus is niet vastgelegd".to_owned());
    Ok((id, halfway.ok_or_else(nothing)?))
}
