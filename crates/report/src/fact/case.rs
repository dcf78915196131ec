//! What a casus adds to the figures: a small fact for each step of the process, in the month in which the step was taken. A step that
//! goes on, such as a handover that is accepted later, keeps the month in which it began and changes what is told of it.

use super::{Fact, sorted};
use chrono::NaiveDate;
use domain::case::conditions::Services;
use domain::case::follow_up::FollowUp;
use domain::case::informing::{Duty, End};
use domain::case::investigation::{How, Investigation};
use domain::case::monitoring::{self, Moment};
use domain::case::{Case, Event, Stage, deadlines, handover, incident, junction, measure};
use domain::case::{multidisciplinary, transfer};
use domain::codes::{self, CONFIRMED, Code, YES};
use domain::deadline::{Deadline, Kind};
use domain::id::Organisation;
use serde::{Deserialize, Serialize};

/// One step of the process in a casus. Whose casus it is, nobody can tell from it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Step {
    Opened {
        municipality: Code,
    },
    Closed {
        municipality: Code,
        outcome: Code,
    },
    /// A melding changed the follow-up that stood in its casus into another.
    Adapted {
        follow_up: Code,
    },
    /// A service was decided on: its formal start.
    Service {
        service: Service,
        begin: Begin,
    },
    /// An investigation ended so many days after its formal start, early or with a judgement.
    Investigation {
        early: Option<Code>,
        days: u16,
    },
    /// The judgement of one investigation, sorted by form.
    Judgement {
        findings: Vec<Finding>,
    },
    /// What one investigation established (sorted, each once).
    Established {
        natures: Vec<Code>,
    },
    /// The service conditions and follow-up ended so many days after its formal start.
    Conditions {
        outcome: Code,
        days: u16,
    },
    ConditionReview {
        kept: Code,
    },
    /// Sent to another organisation; accepted after so many days, and why it came back.
    Handover {
        to: Code,
        warm: Code,
        accepted_after: Option<u16>,
        started: bool,
        returned: Option<Code>,
    },
    Measure {
        kind: Code,
        imposed: bool,
        consulted: Code,
        extended: bool,
    },
    /// Of the partners that were asked, how many take part, and how many have not answered.
    Multidisciplinary {
        reason: Code,
        asked: u8,
        taking_part: u8,
        unanswered: u8,
    },
    /// One of those partners, and what it answered.
    Partner {
        discipline: Code,
        answer: Option<Code>,
    },
    Junction {
        form: Code,
        answered_after: Option<u16>,
        outcome: Option<Code>,
    },
    /// The duty to inform one person.
    Informing {
        outcome: Informed,
        postponed: u32,
    },
    /// Somebody else was told.
    Told {
        whom: Code,
    },
    /// A moment of monitoring; what was seen, and by whom.
    Moment {
        outcome: Watched,
    },
    Transfer {
        to: Organisation,
        reason: Code,
        accepted: Option<Code>,
    },
    TakenOver {
        from: Organisation,
    },
    Incident {
        kind: Code,
        reported: bool,
        outcome: Option<Code>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    Investigation,
    Conditions,
}

/// The actual start of a service: who waits for it stands on the waiting list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Begin {
    Waiting,
    /// So many days after the formal start.
    After(u16),
    /// It ended before it began.
    Never,
}

/// The judgement on one form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Finding {
    pub form: Code,
    pub outcome: Code,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Informed {
    Within,
    Late,
    Exempt,
    Open,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Watched {
    Planned,
    Held { safe: Code, by: Code },
    Cancelled,
}

/// The facts of a casus.
pub fn of_case(case: &Case) -> Vec<(NaiveDate, Fact)> {
    let Some(since) = case.since() else { return vec![] };
    let municipality = case.municipality().cloned().unwrap_or(Code::of(codes::UNKNOWN));
    let mut steps = vec![(since, Step::Opened { municipality: municipality.clone() })];
    if let (Stage::Closed { on, .. }, Some(outcome)) = (case.stage, &case.outcome) {
        let (municipality, outcome) = (municipality.clone(), outcome.clone());
        steps.push((on, Step::Closed { municipality, outcome }));
    }
    follow_up(case, &case.follow_up, &mut steps);
    case.investigations.0.values().for_each(|it| investigation(it, &mut steps));
    conditions(&case.conditions, &mut steps);
    steps.extend(case.handovers.0.values().map(handover));
    steps.extend(case.measures.0.values().map(measure));
    case.multidisciplinary.0.values().for_each(|it| multidisciplinary(it, &mut steps));
    steps.extend(case.junction.0.values().map(junction));
    steps.extend(case.informing.persons.values().map(informing));
    let told = case.informing.told.iter();
    steps.extend(told.map(|(on, whom, _)| (*on, Step::Told { whom: whom.clone() })));
    steps.extend(case.monitoring.moments.values().map(moment));
    transfers(&case.transfers, &mut steps);
    steps.extend(case.incidents.0.values().map(incident));
    let steps = steps.into_iter().map(|(on, step)| (on, Fact::Case(step)));
    steps.chain(met(case, &municipality)).collect()
}

/// Whether an event can change what its casus adds. Much of what is recorded cannot, and costs no counting.
pub fn counts(event: &Event) -> bool {
    match event {
        Event::Opened { .. }
        | Event::MeldingJoined { .. }
        | Event::Closed { .. }
        | Event::FollowUp(_)
        | Event::Investigation(_)
        | Event::Conditions(_)
        | Event::Handover(_)
        | Event::Measure(_)
        | Event::Multidisciplinary(_)
        | Event::Junction(_)
        | Event::Informing(_)
        | Event::Monitoring(_)
        | Event::Transfer(_)
        | Event::Incident(_) => true,
        // Suspending moves the last day of what is still open, and only what was met is counted.
        Event::PersonInvolved { .. }
        | Event::PairRecorded { .. }
        | Event::Household(_)
        | Event::Assignment(_)
        | Event::Restriction(_)
        | Event::Hold(_)
        | Event::Suspension(_)
        | Event::Request(_)
        | Event::Research(_) => false,
    }
}

type Steps = Vec<(NaiveDate, Step)>;

/// The terms that were met, in time or too late. What ended without what the term is for met nothing: an investigation without a
/// judgement, a service that never began, a person who need not be informed.
fn met<'c>(
    case: &'c Case,
    municipality: &'c Code,
) -> impl Iterator<Item = (NaiveDate, Fact)> + use<'c> {
    let given = |it: &Deadline| match it.kind {
        Kind::Investigation => {
            let ended = case.investigations.0.get(&it.about).and_then(|it| it.end.as_ref());
            ended.is_some_and(|end| matches!(end.how, How::Judged(_)))
        }
        Kind::Conditions => {
            let service = case.conditions.services.get(&it.about);
            service.is_some_and(|it| it.begun_on.is_some())
        }
        Kind::Informing => {
            let duty = case.informing.persons.get(&it.about);
            duty.is_some_and(|it| matches!(it.end, Some(End::Informed { .. })))
        }
        Kind::Assessment
        | Kind::InvestigationBegin
        | Kind::ConditionsBegin
        | Kind::ConditionReview
        | Kind::Handover
        | Kind::Monitoring
        | Kind::Measure
        | Kind::Multidisciplinary
        | Kind::Junction
        | Kind::Transfer
        | Kind::Incident
        | Kind::RequestInspection
        | Kind::RequestCorrection
        | Kind::RequestStatement
        | Kind::RequestErasure => true,
    };
    deadlines::of(case).into_iter().filter(given).filter_map(|it| {
        let (kind, municipality) = (Code::of(it.kind.code()), municipality.clone());
        Some((it.met_on?, Fact::Deadline { kind, municipality, within: it.within()? }))
    })
}

fn follow_up(case: &Case, it: &FollowUp, steps: &mut Steps) {
    let decisions = it.adapted_by.iter().filter_map(|id| case.meldingen.get(id)?.decision.as_ref());
    steps.extend(decisions.map(|it| (it.on, Step::Adapted { follow_up: it.follow_up.clone() })));
}

fn investigation(it: &Investigation, steps: &mut Steps) {
    let begin = begin(it.formal_on, it.begun_on, it.end.is_some());
    steps.push((it.formal_on, Step::Service { service: Service::Investigation, begin }));
    let Some(end) = &it.end else { return };
    let days = days(it.formal_on, end.on);
    let findings = match &end.how {
        How::Early(reason) => {
            steps.push((end.on, Step::Investigation { early: Some(reason.clone()), days }));
            return;
        }
        How::Judged(findings) => findings,
    };
    steps.push((end.on, Step::Investigation { early: None, days }));
    let judged = findings.iter().map(|it| (it.form.clone(), it.outcome.clone()));
    let mut judged: Vec<Finding> =
        judged.map(|(form, outcome)| Finding { form, outcome }).collect();
    judged.sort_unstable();
    steps.push((end.on, Step::Judgement { findings: judged }));
    let confirmed: Vec<_> = findings.iter().filter(|it| it.outcome == CONFIRMED).collect();
    if !confirmed.is_empty() {
        let natures: Vec<Code> = confirmed.iter().flat_map(|it| it.natures.clone()).collect();
        steps.push((end.on, Step::Established { natures: sorted(&natures) }));
    }
}

fn conditions(all: &Services, steps: &mut Steps) {
    for it in all.services.values() {
        let begin = begin(it.formal_on, it.begun_on, it.end.is_some());
        steps.push((it.formal_on, Step::Service { service: Service::Conditions, begin }));
        steps.extend(it.end.as_ref().map(|end| {
            let (outcome, days) = (end.outcome.clone(), days(it.formal_on, end.on));
            (end.on, Step::Conditions { outcome, days })
        }));
    }
    let reviews = all.conditions.values().flat_map(|it| &it.reviews);
    steps.extend(reviews.map(|(on, kept)| (*on, Step::ConditionReview { kept: kept.clone() })));
}

fn begin(formal_on: NaiveDate, begun_on: Option<NaiveDate>, ended: bool) -> Begin {
    match begun_on {
        Some(on) => Begin::After(days(formal_on, on)),
        None if ended => Begin::Never,
        None => Begin::Waiting,
    }
}

fn handover(it: &handover::Handover) -> (NaiveDate, Step) {
    let step = Step::Handover {
        to: it.to.clone(),
        warm: it.warm.clone(),
        accepted_after: it.accepted_on.map(|on| days(it.sent_on, on)),
        started: it.started_on.is_some(),
        returned: it.returned.as_ref().map(|(_, reason)| reason.clone()),
    };
    (it.sent_on, step)
}

fn measure(it: &measure::Measure) -> (NaiveDate, Step) {
    let imposed = match it.stage {
        measure::Stage::Considered => false,
        measure::Stage::Imposed { .. } | measure::Stage::Ended { .. } => true,
    };
    let (kind, consulted, extended) = (it.kind.clone(), it.consulted.clone(), it.extended);
    (it.on, Step::Measure { kind, imposed, consulted, extended })
}

fn multidisciplinary(it: &multidisciplinary::Approach, steps: &mut Steps) {
    let answers = || it.partners.values().map(|it| it.as_ref().map(|(_, answer)| answer));
    let number = |count: usize| u8::try_from(count).unwrap_or(u8::MAX);
    let put_in = Step::Multidisciplinary {
        reason: it.reason.clone(),
        asked: number(it.partners.len()),
        taking_part: number(answers().filter(|it| it.is_some_and(|it| *it == YES)).count()),
        unanswered: number(answers().filter(Option::is_none).count()),
    };
    steps.push((it.put_in_on, put_in));
    for (discipline, answer) in it.partners.keys().zip(answers()) {
        let (discipline, answer) = (discipline.clone(), answer.cloned());
        steps.push((it.put_in_on, Step::Partner { discipline, answer }));
    }
}

fn junction(it: &junction::Consult) -> (NaiveDate, Step) {
    let answered_after = it.answered_on.map(|on| days(it.on, on));
    let outcome = it.outcome.as_ref().map(|(_, outcome)| outcome.clone());
    (it.on, Step::Junction { form: it.form.clone(), answered_after, outcome })
}

/// Counted from the day on which the term began, so that those who were not informed are in the same number.
fn informing(it: &Duty) -> (NaiveDate, Step) {
    let outcome = match &it.end {
        None => Informed::Open,
        Some(End::Exempt { .. }) => Informed::Exempt,
        Some(End::Informed { on, due_on, .. }) if due_on.is_some_and(|due| *on > due) => {
            Informed::Late
        }
        Some(End::Informed { .. }) => Informed::Within,
    };
    (it.from, Step::Informing { outcome, postponed: it.postponed })
}

fn moment(it: &Moment) -> (NaiveDate, Step) {
    let (on, outcome) = match &it.stage {
        monitoring::Stage::Planned => (it.planned_for, Watched::Planned),
        monitoring::Stage::Held { on, safe, by } => {
            (*on, Watched::Held { safe: safe.clone(), by: by.clone() })
        }
        monitoring::Stage::Cancelled { on } => (*on, Watched::Cancelled),
    };
    (on, Step::Moment { outcome })
}

fn transfers(all: &transfer::Transfers, steps: &mut Steps) {
    steps.extend(all.offered.values().map(|it| {
        let accepted = it.answer.as_ref().map(|(_, answer)| answer.clone());
        (it.on, Step::Transfer { to: it.to, reason: it.reason.clone(), accepted })
    }));
    steps.extend(all.taken_over.map(|(on, from)| (on, Step::TakenOver { from })));
}

fn incident(it: &incident::Incident) -> (NaiveDate, Step) {
    let outcome = it.outcome.as_ref().map(|(_, outcome)| outcome.clone());
    (it.on, Step::Incident { kind: it.kind.clone(), reported: it.reported_on.is_some(), outcome })
}

fn days(from: NaiveDate, to: NaiveDate) -> u16 {
    u16::try_from((to - from).num_days().max(0)).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests;
