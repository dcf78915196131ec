//! A thousand corruptions by chance of a log as it was exported: each is found by `verify` and by the second verifier, with all the same
//! breaks. The chance is seeded: a failure comes back.

use super::campaign::{Signed, breaks, exported};
use super::given::{drenthe, receive_call};
use super::heads::keeper_of;
use super::looks::look;
use super::second::{Breaks, Change, Second};
use domain::id::Log;
use rand::seq::{IndexedMutRandom, IndexedRandom};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use sqlx::PgPool;
use store::chain::{self, Hash, Link, hex};
use store::verify::export::Export;
use uuid::Uuid;

/// An export, line by line.
struct Lines<'a> {
    log: Log,
    text: &'a [String],
    all: Vec<Value>,
    chance: ChaCha8Rng,
}

impl<'a> Lines<'a> {
    fn of(log: Log, text: &'a [String], seed: u64) -> Self {
        let all = text.iter().map(|it| serde_json::from_str(it).unwrap()).collect();
        Self { log, text, all, chance: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// The numbers of the lines of these kinds.
    fn kinds(&self, kinds: &[&str]) -> Vec<usize> {
        let is = |it: &Value| kinds.contains(&it["soort"].as_str().unwrap());
        (0..self.all.len()).filter(|nth| is(&self.all[*nth])).collect()
    }

    fn one_of(&mut self, kinds: &[&str]) -> usize {
        let all = self.kinds(kinds);
        *all.choose(&mut self.chance).unwrap()
    }

    /// Something goes wrong, or somebody does it.
    fn corrupt(&mut self) -> Vec<Change> {
        const ALL: [&str; 5] = ["gebeurtenis", "delen", "stand", "knoop", "medeondertekening"];
        match self.chance.random_range(0..100) {
            0..65 => {
                // Of each kind about as often, however many lines there are of it.
                let kinds: Vec<&str> =
                    ALL.into_iter().filter(|it| !self.kinds(&[it]).is_empty()).collect();
                let kind = *kinds.choose(&mut self.chance).unwrap();
                let nth = self.one_of(&[kind]);
                vec![(nth, 1, vec![self.flipped(nth)])]
            }
            65..73 => vec![(self.one_of(&ALL), 1, vec![])],
            73..78 => {
                let nth = self.one_of(&ALL[..2]);
                vec![(nth, 0, vec![self.text[nth].clone()])]
            }
            78..86 => self.exchanged(),
            86..93 => self.cut(),
            _ => self.rewritten(),
        }
    }

    /// One bit of one field.
    fn flipped(&mut self, nth: usize) -> String {
        let mut line = self.all[nth].clone();
        let fields: Vec<String> =
            line.as_object().unwrap().keys().filter(|it| *it != "soort").cloned().collect();
        let field = fields.choose(&mut self.chance).unwrap();
        let value = line[field].take();
        line[field] = match field.as_str() {
            "delen" => {
                let mut parts = value.as_array().unwrap().clone();
                let part = parts.choose_mut(&mut self.chance).unwrap();
                let which = self.chance.random_range(0..2);
                part[which] = self.flip("hash", &part[which].clone());
                Value::Array(parts)
            }
            name => self.flip(name, &value),
        };
        line.to_string()
    }

    fn flip(&mut self, field: &str, value: &Value) -> Value {
        match value {
            Value::Null => json!(hex(&chain::sha256(&[b"new"]))),
            Value::Number(it) => {
                json!(it.as_i64().unwrap() ^ (1 << self.chance.random_range(0..14)))
            }
            Value::String(text) => match field {
                "kenmerk" | "verzegeld" | "keten" | "hash" => json!(self.flip_hex(text)),
                "stroomnummer" | "door" | "opdracht" => {
                    let id = text.parse::<Uuid>().unwrap().as_u128();
                    json!(Uuid::from_u128(id ^ (1 << self.chance.random_range(0..128))))
                }
                _ => json!(self.flip_text(text)),
            },
            other => panic!("{field}: {other}"),
        }
    }

    fn flip_hex(&mut self, text: &str) -> String {
        let at = self.chance.random_range(0..text.len());
        let digit = u8::from_str_radix(&text[at..=at], 16).unwrap();
        let other = digit ^ (1 << self.chance.random_range(0..4));
        format!("{}{other:x}{}", &text[..at], &text[at + 1..])
    }

    fn flip_text(&mut self, text: &str) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        let letter = letters.choose_mut(&mut self.chance).unwrap();
        *letter = match u8::try_from(*letter) {
            Ok(byte) if byte.is_ascii() => char::from(byte ^ (1 << self.chance.random_range(0..7))),
            _ => '-',
        };
        letters.into_iter().collect()
    }

    /// Two events change places.
    fn exchanged(&mut self) -> Vec<Change> {
        let (one, other) = (self.one_of(&["gebeurtenis"]), self.one_of(&["gebeurtenis"]));
        if one == other {
            return self.cut();
        }
        let moved = |from: usize, to: usize| {
            let mut line = self.all[from].clone();
            line["positie"] = self.all[to]["positie"].clone();
            (to, 1, vec![line.to_string()])
        };
        vec![moved(one, other), moved(other, one)]
    }

    /// The tail goes, sometimes with all that is kept of it inside.
    fn cut(&mut self) -> Vec<Change> {
        let from = self.one_of(&["gebeurtenis"]);
        let after = self.all[from]["positie"].as_i64().unwrap();
        let with_heads = self.chance.random_bool(0.5);
        let gone = |it: &Value| {
            let field = match it["soort"].as_str().unwrap() {
                "gebeurtenis" | "delen" => "positie",
                "stand" | "medeondertekening" if with_heads => "grootte",
                _ => return false,
            };
            it[field].as_i64().unwrap() >= after
        };
        let gone = (0..self.all.len()).rev().filter(|nth| gone(&self.all[*nth]));
        gone.map(|nth| (nth, 1, vec![])).collect()
    }

    /// Another body somewhere, and all hashes after it made right.
    fn rewritten(&mut self) -> Vec<Change> {
        let events = self.kinds(&["gebeurtenis"]);
        let first = self.chance.random_range(0..events.len());
        let mut before = match first {
            0 => chain::genesis(self.log),
            _ => chain::unhex(self.all[events[first - 1]]["keten"].as_str().unwrap()).unwrap(),
        };
        let mut changes = Vec::new();
        for nth in &events[first..] {
            let mut line = self.all[*nth].clone();
            if *nth == events[first] {
                line["inhoud"] = json!(r#"{"type":"forged"}"#);
            }
            before = after(self.log, &before, &line);
            line["keten"] = json!(hex(&before));
            changes.push((*nth, 1, vec![line.to_string()]));
        }
        changes
    }
}

/// The chain after an event as it was exported.
fn after(log: Log, before: &Hash, line: &Value) -> Hash {
    let text = |field: &str| line[field].as_str().unwrap();
    let bytes = |field: &str| {
        let text = line[field].as_str().unwrap_or_default();
        let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
        (0..text.len()).step_by(2).map(byte).collect::<Vec<u8>>()
    };
    let number = |field: &str| line[field].as_i64().unwrap();
    let link = Link {
        log,
        position: number("positie"),
        stream: text("stroom"),
        stream_id: text("stroomnummer").parse().unwrap(),
        version: i32::try_from(number("versie")).unwrap(),
        schema: i16::try_from(number("schema")).unwrap(),
        body: text("inhoud"),
        recorded_at: number("vastgelegd"),
        recorded_by: text("door").parse().unwrap(),
        command_id: text("opdracht").parse().unwrap(),
        command_mac: &bytes("kenmerk"),
        sealed: Some(&bytes("verzegeld")),
    };
    link.after(before)
}

/// What we find in a case.
async fn ours(signed: &Signed, lines: &[String], case: &[Change]) -> Breaks {
    let mut changed = lines.to_vec();
    for (from, gone, new) in case {
        changed.splice(*from..from + gone, new.iter().cloned());
    }
    let export = Export::read(changed.iter().map(String::as_str)).unwrap();
    breaks(&export.verify(&signed.evidence()).await)
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_thousand_corruptions_are_found_by_both_with_all_the_same_breaks(pool: PgPool) {
    let signed = Signed::set(&pool).await;
    for number in 1000..1290 {
        receive_call(&signed.scene.store, drenthe(), number).await.unwrap();
        look(&signed.scene.store, number + 1000).await;
    }
    let [register, looks] = Log::both(drenthe());
    for (log, cases, seed) in [(register, 700, 1), (looks, 300, 2)] {
        keeper_of(&signed.scene.store, &signed.folder).sign(log).await.unwrap();
        let text = exported(&signed.scene.store, log).await;
        let mut lines = Lines::of(log, &text, seed);
        let mut all: Vec<Vec<Change>> = (0..cases).map(|_| lines.corrupt()).collect();
        all.push(vec![]);
        let (folder, keys) = (signed.folder.0.as_path(), signed.keys.as_slice());
        let theirs = Second { folder, lines: &text, keys }.opinion(&all);
        let whole = all.pop().unwrap();
        assert_eq!(ours(&signed, &text, &whole).await, Breaks::new(), "the untouched log");
        assert_eq!(theirs.last(), Some(&Breaks::new()), "the untouched log");
        for (case, theirs) in all.iter().zip(&theirs) {
            let ours = ours(&signed, &text, case).await;
            assert!(!ours.is_empty(), "not found: {case:?}");
            assert_eq!(&ours, theirs, "{case:?}");
        }
    }
}
