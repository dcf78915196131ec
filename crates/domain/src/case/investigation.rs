//! The service investigation: finding out whether there is violence, with a judgement per form. Two starts are kept: the formal one is
//! the date of the decision ([`crate::law::FORMAL_START`]), the actual one the day on which somebody begins; what lies between is the
//! waiting list.
//!
//! ```text
//!  ──decide──▶ Waiting ──begin──▶ Begun ──conclude──▶ Concluded
//!                 └───────end──────┴──▶ Ended early
//! ```
//! Law: [`crate::law::INVESTIGATION`]. The nature of violence is told only of what was confirmed (IP-2015 par. 4).

use super::{Case, Refusal as CaseRefusal, deadlines};
use crate::codes::{CONFIRMED, Code, REFUTED, STEPS_AT_VEILIG_THUIS};
use crate::refusal::{Faults, Why};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "InvestigationEvent")]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Event {
    Decided {
        investigation: Uuid,
        melding: Uuid,
        /// The date of the decision on the melding.
        formal_on: NaiveDate,
        forms: Vec<Code>,
    },
    Begun {
        investigation: Uuid,
        on: NaiveDate,
    },
    Concluded {
        investigation: Uuid,
        on: NaiveDate,
        findings: Vec<Finding>,
        /// The last day of the term by the rules of that day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_on: Option<NaiveDate>,
    },
    /// Ended early: there is no judgement.
    Ended {
        investigation: Uuid,
        on: NaiveDate,
        reason: Code,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_on: Option<NaiveDate>,
    },
}

/// The judgement on one form of violence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    pub form: Code,
    pub outcome: Code,
    /// What was established; empty unless confirmed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub natures: Vec<Code>,
}

impl Event {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Decided { formal_on, .. } => *formal_on,
            Self::Begun { on, .. } | Self::Concluded { on, .. } | Self::Ended { on, .. } => *on,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Investigations(pub BTreeMap<Uuid, Investigation>);

#[derive(Clone, Debug, PartialEq)]
pub struct Investigation {
    pub melding: Uuid,
    pub formal_on: NaiveDate,
    pub forms: Vec<Code>,
    pub begun_on: Option<NaiveDate>,
    pub end: Option<End>,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    pub on: NaiveDate,
    pub due_on: Option<NaiveDate>,
    pub how: How,
}

#[derive(Clone, Debug, PartialEq)]
pub enum How {
    Judged(Vec<Finding>),
    Early(Code),
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    Decide { investigation: Uuid, melding: Uuid, forms: Vec<Code>, on: NaiveDate },
    Begin { investigation: Uuid, on: NaiveDate },
    Conclude { investigation: Uuid, on: NaiveDate, findings: Vec<Finding> },
    End { investigation: Uuid, on: NaiveDate, reason: Code },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("dit onderzoek is er niet in deze casus")]
    NoSuchInvestigation,
    #[error("dit onderzoek is al ingesteld")]
    DecidedBefore,
    #[error("in deze casus loopt al een onderzoek")]
    OneRunsAlready,
    #[error("over deze melding is niet besloten dat de vervolgstappen bij Veilig Thuis liggen")]
    NotDecidedSo,
    #[error(
        "het vervolg is aangepast vanwege een latere melding; een dienst van Veilig Thuis hoort daar niet meer bij"
    )]
    FollowUpAdapted,
    #[error("dit onderzoek is al begonnen")]
    BegunBefore,
    #[error("dit onderzoek is nog niet begonnen")]
    NotBegun,
    #[error("dit onderzoek is al afgerond")]
    EndedBefore,
}

impl Command {
    pub(super) const fn on(&self) -> NaiveDate {
        match self {
            Self::Decide { on, .. }
            | Self::Begin { on, .. }
            | Self::Conclude { on, .. }
            | Self::End { on, .. } => *on,
        }
    }
}

pub(super) fn decide(case: &Case, command: Command) -> Result<Event, CaseRefusal> {
    let all = &case.investigations;
    match command {
        Command::Decide { investigation, melding, forms, .. } => {
            if all.0.contains_key(&investigation) {
                return Err(Refusal::DecidedBefore.into());
            }
            if all.running().is_some() {
                return Err(Refusal::OneRunsAlready.into());
            }
            let formal_on = formal_start(case, melding).ok_or(Refusal::NotDecidedSo)?;
            if !case.follow_up.is_ours_by(melding) {
                return Err(Refusal::FollowUpAdapted.into());
            }
            Ok(Event::Decided { investigation, melding, formal_on, forms })
        }
        Command::Begin { investigation, on } => {
            let it = all.going_on(investigation)?;
            if it.begun_on.is_some() {
                return Err(Refusal::BegunBefore.into());
            }
            not_before(it.formal_on, on)?;
            Ok(Event::Begun { investigation, on })
        }
        Command::Conclude { investigation, on, findings } => {
            let it = all.going_on(investigation)?;
            let begun_on = it.begun_on.ok_or(Refusal::NotBegun)?;
            let mut faults = Faults::default();
            faults.check("on", on < begun_on, Why::Before(begun_on));
            check(&it.forms, &findings, &mut faults);
            faults.into_result(CaseRefusal::Invalid)?;
            let due_on = deadlines::investigation_due(case, it, Some(on));
            Ok(Event::Concluded { investigation, on, findings, due_on })
        }
        Command::End { investigation, on, reason } => {
            let it = all.going_on(investigation)?;
            not_before(it.begun_on.unwrap_or(it.formal_on), on)?;
            let due_on = deadlines::investigation_due(case, it, Some(on));
            Ok(Event::Ended { investigation, on, reason, due_on })
        }
    }
}

/// The formal start of a service on a melding: the date of the decision that the next steps are ours.
pub(super) fn formal_start(case: &Case, melding: Uuid) -> Option<NaiveDate> {
    let decision = case.meldingen.get(&melding)?.decision.as_ref()?;
    (decision.follow_up == STEPS_AT_VEILIG_THUIS).then_some(decision.on)
}

/// Every form that was to be looked into is judged once, and has natures only when confirmed. More forms may have been found.
fn check(forms: &[Code], findings: &[Finding], faults: &mut Faults) {
    let mut seen = BTreeSet::new();
    for it in findings {
        let twice = !seen.insert(&it.form);
        faults.check("findings", twice, Why::FormTwice(it.form.to_string()));
        let established = it.outcome == CONFIRMED || it.natures.is_empty();
        faults.check("findings", !established, Why::NatureNotConfirmed(it.form.to_string()));
    }
    for form in forms {
        faults.check("findings", !seen.contains(form), Why::NotJudged(form.to_string()));
    }
}

fn not_before(earlier: NaiveDate, on: NaiveDate) -> Result<(), CaseRefusal> {
    let mut faults = Faults::default();
    faults.check("on", on < earlier, Why::Before(earlier));
    faults.into_result(CaseRefusal::Invalid)
}

impl Investigations {
    /// The one that runs, begun or not.
    pub fn running(&self) -> Option<(Uuid, &Investigation)> {
        self.0.iter().find(|(_, it)| it.end.is_none()).map(|(id, it)| (*id, it))
    }

    /// Whether Veilig Thuis concluded that there is no violence: it judged, and every form was refuted. Whoever it is about is then pointed to
    /// the right to have his data destroyed ([`crate::law::DESTRUCTION`]); not confirmed is not refuted.
    pub fn found_nothing(&self) -> bool {
        let judged = self.0.values().filter_map(|it| match it.end.as_ref().map(|it| &it.how) {
            Some(How::Judged(findings)) => Some(findings),
            Some(How::Early(_)) | None => None,
        });
        let mut all = judged.flatten().peekable();
        all.peek().is_some() && all.all(|it| it.outcome == REFUTED)
    }

    fn going_on(&self, id: Uuid) -> Result<&Investigation, Refusal> {
        let it = self.0.get(&id).ok_or(Refusal::NoSuchInvestigation)?;
        if it.end.is_some() { Err(Refusal::EndedBefore) } else { Ok(it) }
    }

    pub(super) fn evolve(&mut self, event: &Event) {
        match event {
            Event::Decided { investigation, melding, formal_on, forms } => {
                let decided = Investigation {
                    melding: *melding,
                    formal_on: *formal_on,
                    forms: forms.clone(),
                    begun_on: None,
                    end: None,
                };
                self.0.insert(*investigation, decided);
            }
            Event::Begun { investigation, on } => {
                self.change(*investigation, |it| it.begun_on = Some(*on));
            }
            Event::Concluded { investigation, on, findings, due_on } => {
                let how = How::Judged(findings.clone());
                let end = End { on: *on, due_on: *due_on, how };
                self.change(*investigation, |it| it.end = Some(end));
            }
            Event::Ended { investigation, on, reason, due_on } => {
                let end = End { on: *on, due_on: *due_on, how: How::Early(reason.clone()) };
                self.change(*investigation, |it| it.end = Some(end));
            }
        }
    }

    fn change(&mut self, id: Uuid, change: impl FnOnce(&mut Investigation)) {
        self.0.get_mut(&id).map(change);
    }
}

#[cfg(test)]
mod tests;
