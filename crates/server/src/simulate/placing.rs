//! What Veilig Thuis puts in the hands of others: handovers, another region, measures, the multidisciplinary approach, the junction;
//! and what went wrong. To whom how much is handed over is our estimate: most to the lokaal veld.

use super::chance::Chance;
use super::diary::{Diary, Span};
use super::form::Form;
use super::plan::Visit;
use super::story::Story;
use chrono::{Days, NaiveDate};
use domain::area;
use domain::case::measure::{self, Imposition};
use domain::case::{Command, handover, incident, junction, multidisciplinary, transfer};
use domain::codes::{self, Code};
use domain::id::Organisation;
use uuid::Uuid;

const RECEIVERS: [(&str, f64); 12] = [
    ("lokaal-veld", 0.52),
    ("hulp-al-aanwezig", 0.14),
    ("jeugdhulpaanbieder", 0.08),
    ("clientsysteem", 0.06),
    ("gecertificeerde-instelling", 0.05),
    ("raad-voor-de-kinderbescherming", 0.03),
    ("ambulante-hulp-volwassenen", 0.03),
    ("volwassenen-ggz", 0.03),
    ("jeugd-ggz", 0.02),
    ("verslavingszorg", 0.02),
    ("politie-of-om", 0.01),
    ("vrouwenopvang", 0.01),
];

/// One or two handovers, accepted in the end, before it closes.
pub(super) fn hand_over(from: NaiveDate, span: Span, diary: &mut Diary, chance: &mut Chance) {
    let handovers = if chance.happens(0.2) { 2 } else { 1 };
    for _ in 0..handovers {
        let mut on = span.after(from, (0, 6), chance);
        if span.room(on) > 12 && chance.happens(0.05) {
            on = returned(on, span, diary, chance);
        }
        let handover = send(on, span, diary, chance);
        let accepted = span.after(on, (0, 20), chance);
        let accept = handover::Command::Accept { handover, on: accepted };
        diary.note(accepted, Command::Handover(accept));
        let started = span.after(accepted, (1, 30), chance);
        if span.until.is_none_or(|until| started < until) {
            let start = handover::Command::Start { handover, on: started };
            diary.note_loose(started.max(accepted), Command::Handover(start));
        }
    }
}

/// A handover of which nothing is heard.
pub(super) fn send(on: NaiveDate, span: Span, diary: &mut Diary, chance: &mut Chance) -> Uuid {
    let handover = chance.id(span.from);
    let to = Code::of(chance.weighted(&RECEIVERS));
    let warm = Code::of(chance.weighted(&[("ja", 0.68), ("nee", 0.27), ("onbekend", 0.05)]));
    diary.note_receiver(on, Command::Handover(handover::Command::Send { handover, on, to, warm }));
    handover
}

/// One that comes back, accepted or not. Says when.
fn returned(on: NaiveDate, span: Span, diary: &mut Diary, chance: &mut Chance) -> NaiveDate {
    let handover = send(on, span, diary, chance);
    let mut last = on;
    if chance.happens(0.4) {
        last = span.after(on, (1, 4), chance);
        diary.note(last, Command::Handover(handover::Command::Accept { handover, on: last }));
    }
    let back = span.after(last, (1, 7), chance);
    let reason = chance.weighted(&[
        ("geen-plaats", 0.3),
        ("onvoldoende-informatie", 0.25),
        ("niet-passend", 0.3),
        ("gezin-werkt-niet-mee", 0.15),
    ]);
    let reason = Code::of(reason);
    diary.note_in_words(
        back,
        Command::Handover(handover::Command::Return { handover, on: back, reason }),
    );
    back
}

/// To another region, which accepts; now and then another one was asked before.
pub(super) fn transfer(
    (from, own): (NaiveDate, Organisation),
    span: Span,
    diary: &mut Diary,
    chance: &mut Chance,
) {
    let there = area::municipalities().filter_map(|it| it.region_on(from)?.parse().ok());
    let mut others: Vec<Organisation> = there.filter(|it| *it != own).collect();
    others.sort_unstable();
    others.dedup();
    let mut on = span.after(from, (0, 5), chance);
    let asked = if chance.happens(0.1) { ["nee", "ja"].as_slice() } else { ["ja"].as_slice() };
    for accepted in asked {
        let (transfer, to) = (chance.id(span.from), chance.pick(&others));
        let reason = Code::of("verhuizing");
        let offer = transfer::Command::Offer { transfer, on, to, reason };
        diary.note(on, Command::Transfer(offer));
        on = span.after(on, (0, 14), chance);
        let answer = transfer::Command::Answer { transfer, on, accepted: Code::of(accepted) };
        diary.note(on, Command::Transfer(answer));
    }
}

/// A tijdelijk huisverbod in some partner violence with acute danger; an alarm now and then. Shares are our estimate.
pub(super) fn measures(
    visit: &Visit,
    story: &Story,
    (day, span): (NaiveDate, Span),
    diary: &mut Diary,
    chance: &mut Chance,
) {
    if !visit.laid.forms.has(Form::Partner) {
        return;
    }
    let person = story.pairs.first().map(|it| it.perpetrator);
    let unit = chance.unit();
    match visit.acute {
        true if unit < 0.4 => huisverbod(person, day, span, diary, chance),
        true if unit < 0.55 => {
            let (measure, kind) = (chance.id(span.from), Code::of(codes::HUISVERBOD));
            let consulted = Code::of(chance.weighted(&[("ja", 0.7), ("nee", 0.3)]));
            let consider = measure::Command::Consider { measure, kind, on: day, consulted };
            diary.note(day, Command::Measure(consider));
        }
        false if unit < 0.006 => {
            let on = span.after(day, (1, 20), chance);
            let (measure, kind) = (chance.id(span.from), Code::of("aware"));
            let consulted = Code::of("ja");
            let impose = Imposition { measure, kind, on, until: None, person: None, consulted };
            diary.note(on, Command::Measure(measure::Command::Impose(impose)));
        }
        true | false => {}
    }
}

/// Ten days; extended in part, to four weeks at most.
fn huisverbod(
    person: Option<Uuid>,
    on: NaiveDate,
    span: Span,
    diary: &mut Diary,
    chance: &mut Chance,
) {
    let (measure, kind) = (chance.id(span.from), Code::of(codes::HUISVERBOD));
    let consulted = Code::of(chance.weighted(&[("ja", 0.85), ("nee", 0.15)]));
    let impose = Imposition { measure, kind, on, until: None, person, consulted };
    let mut note = |on: NaiveDate, command| {
        let within = span.until.is_none_or(|until| on <= until);
        if within {
            diary.note(on, Command::Measure(command));
        }
        within
    };
    note(on, measure::Command::Impose(impose));
    let mut until = on + Days::new(10);
    if chance.happens(0.4) {
        let extended = on + Days::new(9);
        let longer = on + Days::new(28);
        let extend = measure::Command::Extend { measure, on: extended, until: longer };
        if note(extended, extend) {
            until = longer;
        }
    }
    let (ended, reason) = if chance.happens(0.08) {
        (until - Days::new(3), "ingetrokken")
    } else {
        (until, "verlopen")
    };
    let ended = ended.max(on + Days::new(9));
    note(ended, measure::Command::End { measure, on: ended, reason: Code::of(reason) });
}

/// Few casussen are put in the multidisciplinary approach.
pub(super) fn put_in(from: NaiveDate, span: Span, diary: &mut Diary, chance: &mut Chance) {
    let (approach, on) = (chance.id(span.from), span.after(from, (1, 20), chance));
    let reason = chance.weighted(&[
        ("ernstig-en-complex", 0.6),
        ("seksueel-geweld", 0.15),
        ("herhaald-geweld", 0.25),
    ]);
    let asked: Vec<&str> =
        ["politie", "psychosociaal", "maatschappelijk-werk", "medisch", "opvang"]
            .into_iter()
            .filter(|_| chance.happens(0.6))
            .chain(["jeugdbescherming"])
            .collect();
    let disciplines = asked.iter().map(|it| Code::from(*it)).collect();
    let reason = Code::of(reason);
    let put_in = multidisciplinary::Command::PutIn { approach, on, reason, disciplines };
    diary.note_in_words(on, Command::Multidisciplinary(put_in));
    let mut last = on;
    for discipline in asked {
        let answered = span.after(on, (1, 21), chance);
        last = last.max(answered);
        let accepted = Code::of(if chance.happens(0.88) { "ja" } else { "nee" });
        let discipline = Code::from(discipline);
        let answer =
            multidisciplinary::Command::Answer { approach, on: answered, discipline, accepted };
        diary.note(answered, Command::Multidisciplinary(answer));
    }
    if let Some(until) = span.until {
        let on = span.after(last, (14, 60), chance).min(until);
        diary
            .note(on, Command::Multidisciplinary(multidisciplinary::Command::End { approach, on }));
    }
}

/// The junction is asked about huwelijksdwang and achterlating.
pub(super) fn consult(
    special: Option<&'static str>,
    from: NaiveDate,
    span: Span,
    diary: &mut Diary,
    chance: &mut Chance,
) {
    let theirs = |it: &&str| [codes::FORCED_MARRIAGE, codes::ABANDONMENT].contains(it);
    let Some(form) = special.filter(theirs).filter(|_| chance.happens(0.85)) else { return };
    let (consult, on) = (chance.id(span.from), span.after(from, (0, 5), chance));
    let mut note = |on, command| diary.note(on, Command::Junction(command));
    note(on, junction::Command::Consult { consult, on, form: Code::of(form) });
    let answered = span.after(on, (0, 7), chance);
    note(answered, junction::Command::Answer { consult, on: answered });
    let on = span.after(answered, (3, 40), chance);
    let outcome = Code::of(chance.weighted(&[
        ("advies-gegeven", 0.55),
        ("gezamenlijk-opgepakt", 0.3),
        ("geen-vervolg", 0.1),
        ("teruggekeerd", 0.05),
    ]));
    note(on, junction::Command::Conclude { consult, on, outcome });
}

/// A complaint or worse, which may come after the casus closed.
pub(super) fn incident(from: NaiveDate, span: Span, diary: &mut Diary, chance: &mut Chance) {
    let beyond = Span { until: None, ..span };
    let (incident, on) = (chance.id(span.from), beyond.after(from, (5, 120), chance));
    let kind = chance.weighted(&[
        ("klacht", 0.9),
        ("geweld-bij-hulpverlening", 0.07),
        ("calamiteit", 0.03),
    ]);
    let record = incident::Command::Record { incident, on, kind: Code::of(kind) };
    diary.note_in_words(on, Command::Incident(record));
    let mut last = on;
    if kind != "klacht" {
        last = beyond.after(on, (0, 2), chance);
        diary.note(last, Command::Incident(incident::Command::Report { incident, on: last }));
    }
    let outcome = match kind {
        "klacht" => chance.weighted(&[
            ("ongegrond", 0.45),
            ("deels-gegrond", 0.25),
            ("gegrond", 0.15),
            ("ingetrokken", 0.15),
        ]),
        _ => "afgehandeld",
    };
    let on = beyond.after(last, (7, 60), chance);
    let outcome = Code::of(outcome);
    diary.note(on, Command::Incident(incident::Command::Settle { incident, on, outcome }));
}
