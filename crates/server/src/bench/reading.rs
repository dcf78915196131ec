//! Reading the log: in order and decoded, along the chain, and into all read models again.

use super::ground::{Ground, memory};
use super::limit;
use super::median;
use super::table::{Bar, Line, Table, grouped};
use crate::cli::Trouble;
use std::time::{Duration, Instant};
use store::RecordedBy;

const ROUNDS: usize = 3;
/// How often the memory of another process is looked at.
const LOOK: Duration = Duration::from_millis(50);

pub(super) async fn catch_up(ground: &Ground, table: &mut Table) -> Result<(), Trouble> {
    table.busy("het logboek op volgorde lezen");
    let store = ground.store(RecordedBy::Database).await?;
    let events = store::bench::events(&ground.url).await? as f64;
    let (mut copies, mut reads) = (vec![], vec![]);
    for _ in 0..ROUNDS {
        copies.push(events / limit::copy_to_nowhere(ground)?.as_secs_f64());
        let started = Instant::now();
        let read = store.read_through(|_| ()).await?;
        reads.push(read as f64 / started.elapsed().as_secs_f64());
    }
    let what = format!("{} gebeurtenissen op volgorde, als Rust", grouped(events));
    let copy = ("COPY … TO STDOUT (binary)", median(copies));
    let bar = Bar::Ratio { floor: 0.5, goal: 0.8 };
    table.add(Line::rate("lezen", what, median(reads)).beside(copy).judged(bar));
    store.stop();
    Ok(())
}

pub(super) async fn verify(ground: &Ground, table: &mut Table) -> Result<(), Trouble> {
    table.busy("het logboek controleren");
    let events = store::bench::events(&ground.url).await? as f64;
    let mut rates = vec![];
    let mut highest: f64 = 0.0;
    for _ in 0..ROUNDS {
        let (seconds, peak) = ourselves(ground, &["verify"])?;
        rates.push(events / seconds);
        highest = highest.max(peak);
    }
    let bar = Bar::AtLeast { floor: 250_000.0, goal: 250_000.0 };
    table.add(Line::rate("controleren", "meldboek verify", median(rates)).judged(bar));
    table.add(Line::new("controleren", "geheugen, hoogste stand", highest, " MB"));
    Ok(())
}

/// All projections, told in one reading; each event counts once.
pub(super) async fn rebuild(ground: &Ground, table: &mut Table) -> Result<(), Trouble> {
    table.busy("de leesmodellen opnieuw vertellen");
    let events = store::bench::events(&ground.url).await? as f64;
    let (seconds, peak) = ourselves(ground, &["rebuild"])?;
    let bar = Bar::AtLeast { floor: 50_000.0, goal: 150_000.0 };
    let what = format!("alle leesmodellen, {} gebeurtenissen", grouped(events));
    table.add(Line::rate("opbouwen", what, events / seconds).judged(bar));
    let line = Line::new("opbouwen", "geheugen, hoogste stand", peak, " MB");
    table.add(line.judged(Bar::AtMost { floor: 300.0 }));
    Ok(())
}

/// Runs this program as a process of its own: seconds, and the highest memory.
fn ourselves(ground: &Ground, arguments: &[&str]) -> Result<(f64, f64), Trouble> {
    let mut command = ground.ourselves(arguments)?;
    let started = Instant::now();
    let trouble = |why| Trouble::File("meldboek".to_owned(), why);
    let mut child = command.spawn().map_err(trouble)?;
    let mut highest: f64 = 0.0;
    let status = loop {
        highest = highest.max(memory(child.id()).highest);
        if let Some(status) = child.try_wait().map_err(trouble)? {
            break status;
        }
        std::thread::sleep(LOOK);
    };
    let seconds = started.elapsed().as_secs_f64();
    if status.success() {
        return Ok((seconds, highest));
    }
    Err(Trouble::Plain(format!("meldboek {} eindigde met {status}", arguments.join(" "))))
}
