//! The services of Veilig Thuis itself in a casus: the investigation, conditions and follow-up, and monitoring after them.

use super::chance::Chance;
use super::diary::{Diary, Span};
use super::form::{Form, code};
use super::plan::Visit;
use super::process::{Ending, Investigation, Stay};
use super::story::natures;
use chrono::{Days, NaiveDate};
use domain::case::conditions::{self, Agreement};
use domain::case::investigation::{self, Finding};
use domain::case::{Command, monitoring, suspension};
use domain::codes::Code;
use uuid::Uuid;

/// Of the services, those whose terms stand still for a time: our estimate.
const SUSPENDED: f64 = 0.04;

/// From the decision of the melding on to the judgement, or as far as it gets.
pub(super) fn investigate(
    it: &Investigation,
    (visit, melding): (&Visit, Uuid),
    span: Span,
    diary: &mut Diary,
    chance: &mut Chance,
) {
    let (special, Stay { decided, begun, ended }) = (visit.about.special, it.stay);
    let investigation = chance.id(span.from);
    let forms = it.forms.iter().map(|form| code(form, special)).collect();
    let mut note = |on, command| diary.note(on, Command::Investigation(command));
    note(decided, investigation::Command::Decide { investigation, melding, forms, on: decided });
    note(begun, investigation::Command::Begin { investigation, on: begun });
    let Some(on) = ended else { return };
    let ending = match &it.ending {
        Ending::Judged(findings) => {
            let finding = |(form, outcome): &(Form, &'static str)| Finding {
                form: code(*form, special),
                outcome: Code::of(outcome),
                natures: if *outcome == "bevestigd" { natures(&[*form], chance) } else { vec![] },
            };
            let findings = findings.iter().map(finding).collect();
            investigation::Command::Conclude { investigation, on, findings }
        }
        Ending::Early(reason) => {
            investigation::Command::End { investigation, on, reason: Code::of(reason) }
        }
        Ending::Adapted | Ending::Runs => return,
    };
    diary.note_in_words(on, Command::Investigation(ending));
    stand_still(it.stay, diary, chance);
}

/// Conditions are agreed upon with the people of the casus, and reviewed until it is safe or turns out otherwise.
pub(super) fn agree(
    it: Stay,
    (melding, people): (Uuid, &[Uuid]),
    span: Span,
    diary: &mut Diary,
    chance: &mut Chance,
) {
    let Stay { decided, begun, ended } = it;
    let service = chance.id(span.from);
    let decide = conditions::Command::Decide { service, melding, on: decided };
    diary.note(decided, Command::Conditions(decide));
    let begin = conditions::Command::Begin { service, on: begun };
    diary.note(begun, Command::Conditions(begin));
    let within = Span { until: ended, ..span };
    for _ in 0..chance.between(1, 3) {
        let on = within.after(begun, (0, 12), chance);
        condition(service, on, people, within, diary, chance);
    }
    let Some(on) = ended else { return };
    let outcome = chance.weighted(&[
        ("veilig", 0.5),
        ("overgedragen", 0.35),
        ("niet-haalbaar", 0.08),
        ("anders", 0.07),
    ]);
    let conclude = conditions::Command::Conclude { service, on, outcome: Code::of(outcome) };
    diary.note_in_words(on, Command::Conditions(conclude));
}

fn condition(
    service: Uuid,
    on: NaiveDate,
    people: &[Uuid],
    within: Span,
    diary: &mut Diary,
    chance: &mut Chance,
) {
    let condition = chance.id(within.from);
    let review_on = on + Days::new(chance.between(14, 35).unsigned_abs());
    let partner =
        chance.weighted(&[(None, 0.5), (Some("lokaal-veld"), 0.35), (Some("clientsysteem"), 0.15)]);
    let agreement = Agreement {
        service,
        condition,
        on,
        with: people.iter().copied().filter(|_| chance.happens(0.7)).collect(),
        partners: partner.map(Code::of).into_iter().collect(),
        review_on: Some(review_on),
    };
    diary.note_in_words(on, Command::Conditions(conditions::Command::Agree(agreement)));
    let reviewed = within.after(review_on, (0, 9), chance);
    if reviewed >= review_on && within.room(reviewed) >= 0 && chance.happens(0.85) {
        let kept = chance.weighted(&[
            ("nagekomen", 0.6),
            ("deels-nagekomen", 0.25),
            ("niet-nagekomen", 0.12),
            ("onbekend", 0.03),
        ]);
        let kept = Code::of(kept);
        let review = conditions::Command::Review { condition, on: reviewed, kept, review_on: None };
        diary.note(reviewed, Command::Conditions(review));
    }
}

/// Sometimes the terms stand still within a service.
fn stand_still(it: Stay, diary: &mut Diary, chance: &mut Chance) {
    let Some(ended) = it.ended.filter(|ended| (*ended - it.begun).num_days() > 21) else { return };
    if !chance.happens(SUSPENDED) {
        return;
    }
    let reason = chance.weighted(&[
        ("strafrechtelijk-onderzoek", 0.4),
        ("betrokkenen-onbereikbaar", 0.3),
        ("wacht-op-derden", 0.3),
    ]);
    let from = super::days::working(it.begun + Days::new(chance.below(7) as u64));
    let until = from + Days::new(chance.between(5, 12).unsigned_abs());
    let until = super::days::working(until).min(ended);
    let suspend = suspension::Command::Suspend { on: from, reason: Code::of(reason) };
    diary.note(from, Command::Suspension(suspend));
    diary.note(until, Command::Suspension(suspension::Command::Resume { on: until }));
}

/// Veilig Thuis looks at planned moments whether it stays safe; it ends with the casus.
pub(super) fn monitor(from: NaiveDate, span: Span, diary: &mut Diary, chance: &mut Chance) {
    diary.note(from, Command::Monitoring(monitoring::Command::Start { on: from }));
    let mut on = from;
    let moments = chance.between(1, 3);
    for _ in 0..moments {
        let most = span.room(on).min(91);
        if most < 7 {
            break;
        }
        let planned_for = span.after(on, (most.min(14), most), chance);
        let moment = chance.id(span.from);
        let plan = monitoring::Command::Plan { moment, on, planned_for };
        diary.note(on, Command::Monitoring(plan));
        on = span.after(planned_for, (0, 6), chance);
        let done = if chance.happens(0.93) {
            let safe = chance.weighted(&[("ja", 0.8), ("nee", 0.12), ("onbekend", 0.08)]);
            let by = chance.weighted(&[
                ("veilig-thuis", 0.7),
                ("professional", 0.25),
                ("gezin-en-netwerk", 0.05),
            ]);
            let (safe, by) = (Code::of(safe), Code::of(by));
            monitoring::Command::Hold { moment, on, safe, by }
        } else {
            monitoring::Command::Cancel { moment, on }
        };
        diary.note(on, Command::Monitoring(done));
    }
    if let Some(on) = span.until {
        diary.note(on, Command::Monitoring(monitoring::Command::End { on }));
    }
}
