//! The load of `crash.sh`: writes over HTTP until the register is killed, and asks afterwards what became of every write.
//!
//! ```text
//! crash-load schrijf ADRES TOKEN RONDE BESTAND    until nothing answers; one line per write: answered or not; and in BESTAND.gezien
//!                                                 one line per melding that was shown: the number by which its look is known
//! crash-load vraag   ADRES TOKEN BESTAND          sends every write of the file again, with the same number
//! ```
#![expect(
    clippy::unwrap_used,
    reason = "a program of the tests: what it cannot do, it says by stopping"
)]

mod client;

use client::Client;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs};
use uuid::Uuid;

const WRITERS: u32 = 12;
/// A register that nobody kills ends the load as well.
const LONGEST: Duration = Duration::from_mins(1);
/// Households that are told of again and again.
const HOUSEHOLDS: u32 = 400;

/// One write, told by its number alone: the same number gives the same body.
#[derive(Clone, Copy)]
struct Write {
    id: Uuid,
    nth: u32,
}

/// What the caller knows of a write.
#[derive(Clone, Copy, PartialEq)]
enum Known {
    Acknowledged,
    /// Sent, and nothing was heard.
    Unanswered,
}

impl Write {
    fn of(round: &str, writer: u32, nth: u32) -> Self {
        let name = format!("{round}/{writer}/{nth}");
        Self { id: Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()), nth }
    }

    fn path(self) -> String {
        let what = if self.is_call() { "contacten" } else { "meldingen" };
        format!("/v1/{what}/{}", self.id)
    }

    fn is_call(self) -> bool {
        self.nth.is_multiple_of(3)
    }

    fn body(self) -> String {
        if self.is_call() {
            return r#"{"kanaal":"landelijk-nummer","ontvangenOp":"2026-03-02T10:00:00Z"}"#
                .to_owned();
        }
        let person =
            |nth: u32| Uuid::from_u128(u128::from(self.nth % HOUSEHOLDS) * 10 + u128::from(nth));
        let (victim, perpetrator) = (person(1), person(2));
        format!(
            r#"{{"ontvangenOp":"2026-03-02","kanaal":"chat","melder":{{"hoedanigheid":"huisarts"}},"gemeente":"0106",
            "personen":[{{"id":"{victim}","rollen":["slachtoffer"],"geslacht":"vrouw","gegevens":{{"naam":"Testpersoon {}"}}}},
            {{"id":"{perpetrator}","rollen":["pleger"],"geslacht":"man"}}],
            "relaties":[{{"slachtoffer":"{victim}","pleger":"{perpetrator}","relatie":"partner-niet-samenwonend",
            "huidigOfVoormalig":"huidig","vormen":["huiselijk-geweld-overig"]}}],"acuutGevaar":"nee"}}"#,
            self.nth
        )
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let given: Vec<String> = env::args().skip(1).collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    match given[..] {
        ["schrijf", address, token, round, file] => write(address, token, round, file).await,
        ["vraag", address, token, file] => ask(address, token, file).await,
        _ => {
            eprintln!(
                "gebruik: crash-load schrijf ADRES TOKEN RONDE BESTAND | vraag ADRES TOKEN BESTAND"
            );
            ExitCode::from(2)
        }
    }
}

async fn write(address: &str, token: &str, round: &str, file: &str) -> ExitCode {
    let writers = (0..WRITERS).map(|writer| {
        let client = Client::of(address, token);
        tokio::spawn(write_until_killed(client, round.to_owned(), writer))
    });
    let (mut lines, mut seen) = (String::new(), String::new());
    for writer in futures_util::future::join_all(writers).await {
        match writer.unwrap() {
            Ok((written, shown)) => {
                lines.push_str(&written);
                seen.push_str(&shown);
            }
            Err(refused) => {
                eprintln!("{refused}");
                return ExitCode::FAILURE;
            }
        }
    }
    fs::write(file, lines).unwrap();
    fs::write(format!("{file}.gezien"), seen).unwrap();
    ExitCode::SUCCESS
}

/// One after another, so that at most one write per writer is unanswered. Refused is neither recorded nor killed: a mistake in the test.
async fn write_until_killed(
    mut client: Client,
    round: String,
    writer: u32,
) -> Result<(String, String), String> {
    let began = Instant::now();
    let (mut lines, mut seen) = (String::new(), String::new());
    for nth in 0.. {
        let it = Write::of(&round, writer, nth);
        let known = match client.put(&it.path(), &it.body()).await {
            Ok((200 | 201, _)) => Known::Acknowledged,
            Ok((status @ 400..=499, said)) => return Err(format!("{status}: {said}")),
            Ok(_) | Err(_) => Known::Unanswered,
        };
        let word = if known == Known::Acknowledged { "beantwoord" } else { "onbeantwoord" };
        writeln!(lines, "{word} {} {}", it.id, it.nth).unwrap();
        if known == Known::Unanswered || began.elapsed() > LONGEST {
            return Ok((lines, seen));
        }
        if nth % 3 == 1 {
            let look = Uuid::new_v5(&it.id, b"look").simple().to_string();
            match client.get(&it.path(), &look).await {
                Ok((200, _)) => writeln!(seen, "{look}").unwrap(),
                Ok((status @ 400..=499, said)) => return Err(format!("{status}: {said}")),
                Ok(_) | Err(_) => return Ok((lines, seen)),
            }
        }
    }
    Ok((lines, seen))
}

async fn ask(address: &str, token: &str, file: &str) -> ExitCode {
    let text = fs::read_to_string(file).unwrap();
    let writes: Vec<(Known, Write)> = text.lines().map(read).collect();
    let parts = writes.chunks(writes.len().div_ceil(WRITERS as usize).max(1));
    let asked = parts.map(|part| ask_some(Client::of(address, token), part));
    let mut lost = 0;
    let mut found = [0, 0, 0];
    for (counts, faults) in futures_util::future::join_all(asked).await {
        for (sum, count) in found.iter_mut().zip(counts) {
            *sum += count;
        }
        for fault in faults {
            eprintln!("{fault}");
            lost += 1;
        }
    }
    let [there, had_been, new] = found;
    println!(
        "{there} bevestigd en aanwezig, {had_been} onbeantwoord en toch aanwezig, {new} onbeantwoord en nu pas vastgelegd"
    );
    if lost == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read(line: &str) -> (Known, Write) {
    let words: Vec<&str> = line.split(' ').collect();
    let known = if words[0] == "beantwoord" { Known::Acknowledged } else { Known::Unanswered };
    (known, Write { id: words[1].parse().unwrap(), nth: words[2].parse().unwrap() })
}

/// Sends writes again: 200 says that it was there, 201 that it was not.
async fn ask_some(mut client: Client, writes: &[(Known, Write)]) -> ([u32; 3], Vec<String>) {
    let mut counts = [0, 0, 0];
    let mut faults = Vec::new();
    for (known, it) in writes {
        match (known, client.put(&it.path(), &it.body()).await) {
            (Known::Acknowledged, Ok((200, _))) => counts[0] += 1,
            (Known::Unanswered, Ok((200, _))) => counts[1] += 1,
            (Known::Unanswered, Ok((201, _))) => counts[2] += 1,
            (Known::Acknowledged, Ok((201, _))) => {
                faults.push(format!("VERLOREN: {} was bevestigd en was er niet", it.path()));
            }
            (_, Ok((status, said))) => faults.push(format!("{}: {status} {said}", it.path())),
            (_, Err(error)) => faults.push(format!("{}: {error}", it.path())),
        }
    }
    (counts, faults)
}
