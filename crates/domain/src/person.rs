//! A *person*: one human being as far as this organisation knows. Name, number, birth date and address are particulars;
//! an event only says that they were recorded.
//!
//! ```text
//!  Absent ──register──▶ Registered ──(identify, correct identity)──▶ Registered
//!     └──────┬──────────────┘
//!            └ merge, unmerge, birth, hide address, show address: in every state, for who was told of in a melding may not be registered yet
//! ```
//! Two persons who turn out to be one human being are *merged*: a link with a reason, and nothing else. Nothing is copied and nothing
//! deleted, so that undoing it loses nothing of what came after. Between two persons there is one link at most: it stands on the stream of
//! the one with the lower id ([`Link::between`]), from whichever side it is made or undone.
//!
//! Law: Wmo 2015 art. 5.2.9 ([`crate::law::BSN`]).

use crate::codes::Code;
use crate::decider::{Decider, Stamp};
use crate::refusal::{Fault, Faults, Why, refused};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use thiserror::Error;
use uuid::Uuid;

/// What can happen to a person. Stored forever: add variants, never change one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    Registered {
        sex: Code,
    },
    Identified {
        on: NaiveDate,
        with_bsn: bool,
    },
    IdentityCorrected {
        reason: Code,
        on: NaiveDate,
    },
    /// This person and the other turn out to be one human being.
    Merged {
        with: Uuid,
        reason: Code,
        on: NaiveDate,
    },
    /// They turn out to be two after all.
    Unmerged {
        with: Uuid,
        reason: Code,
        on: NaiveDate,
    },
    /// A child that was unborn when it was told of has been born; `on` is the day on which that became known.
    Born {
        on: NaiveDate,
    },
    /// Where he is, and how he is reached, is only for whoever works with him ([`crate::access::About::Sealed`]).
    AddressHidden {
        reason: Code,
        on: NaiveDate,
    },
    /// It need not be hidden any longer.
    AddressShown {
        on: NaiveDate,
    },
}

/// What decisions need to know of a person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person {
    pub stage: Stage,
    /// With whom there is a link on this stream.
    pub links: BTreeSet<Uuid>,
    pub born: bool,
    /// Whether this stream says that his address is hidden; a melding may say so as well.
    pub address_hidden: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    #[default]
    Absent,
    Registered {
        identified: bool,
    },
}

/// That two persons are one human being, or are not: why, and since when it is known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    person: Uuid,
    with: Uuid,
    reason: Code,
    on: NaiveDate,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    /// With why his address is hidden, when it is: from the first moment on.
    Register {
        sex: Code,
        #[serde(skip_serializing_if = "Option::is_none")]
        hidden: Option<Code>,
    },
    /// The number register was consulted; the particulars go beside it.
    Identify {
        on: NaiveDate,
        with_bsn: bool,
    },
    CorrectIdentity {
        reason: Code,
        on: NaiveDate,
    },
    Merge(Link),
    Unmerge(Link),
    RecordBirth {
        on: NaiveDate,
    },
    HideAddress {
        reason: Code,
        on: NaiveDate,
    },
    ShowAddress {
        on: NaiveDate,
    },
}

/// Why not. The text is for the worker.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Refusal {
    #[error("de gegevens van de persoon kloppen niet")]
    Invalid(Vec<Fault>),
    #[error("deze persoon is er niet")]
    NoSuchPerson,
    #[error("deze persoon is al geregistreerd")]
    RegisteredBefore,
    #[error("deze persoon is al geïdentificeerd; een verandering is een correctie")]
    IdentifiedBefore,
    #[error("deze twee personen zijn al samengevoegd")]
    MergedBefore,
    #[error(
        "er is geen koppeling tussen deze twee personen om ongedaan te maken; horen zij via een derde bij elkaar, dan staat \
         bij de persoon welke koppelingen er zijn"
    )]
    NotMerged,
    #[error("van deze persoon is de geboorte al vastgelegd")]
    BornBefore,
    #[error("het adres van deze persoon is al afgeschermd")]
    HiddenBefore,
}
refused!(Refusal {
    Absent: Self::NoSuchPerson,
    Conflict: Self::RegisteredBefore
        | Self::IdentifiedBefore
        | Self::MergedBefore
        | Self::NotMerged
        | Self::BornBefore
        | Self::HiddenBefore,
});

impl Link {
    /// The link between two persons, the same whichever of them is named first.
    pub fn between(one: Uuid, other: Uuid, reason: Code, on: NaiveDate) -> Self {
        Self { person: one.min(other), with: one.max(other), reason, on }
    }

    /// The person on whose stream it stands.
    pub const fn person(&self) -> Uuid {
        self.person
    }

    fn faults(&self, stamp: &Stamp, faults: &mut Faults) {
        faults.check("with", self.person == self.with, Why::WithItself);
        faults.check("on", self.on > stamp.today, Why::Future(self.on));
    }
}

impl Command {
    /// What is wrong with the input itself.
    pub fn faults(&self, stamp: &Stamp) -> Vec<Fault> {
        let mut faults = Faults::default();
        match self {
            Self::Register { .. } => {}
            Self::Identify { on, .. }
            | Self::CorrectIdentity { on, .. }
            | Self::RecordBirth { on }
            | Self::HideAddress { on, .. }
            | Self::ShowAddress { on } => {
                faults.check("on", *on > stamp.today, Why::Future(*on));
            }
            Self::Merge(link) | Self::Unmerge(link) => link.faults(stamp, &mut faults),
        }
        faults.list()
    }
}

impl Decider for Person {
    const STREAM: &'static str = "person";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn faults(command: &Command, stamp: &Stamp) -> Vec<Fault> {
        command.faults(stamp)
    }

    fn decide(&self, command: Command, stamp: &Stamp) -> Result<Vec<Event>, Refusal> {
        let faults = command.faults(stamp);
        if !faults.is_empty() {
            return Err(Refusal::Invalid(faults));
        }
        match (self.stage, command) {
            (Stage::Absent, Command::Register { sex, hidden }) => {
                let on = stamp.today;
                let hidden = hidden.map(|reason| Event::AddressHidden { reason, on });
                Ok([Event::Registered { sex }].into_iter().chain(hidden).collect())
            }
            (Stage::Absent | Stage::Registered { .. }, Command::HideAddress { .. })
                if self.address_hidden =>
            {
                Err(Refusal::HiddenBefore)
            }
            (Stage::Absent | Stage::Registered { .. }, Command::HideAddress { reason, on }) => {
                Ok(vec![Event::AddressHidden { reason, on }])
            }
            // What a melding said stands on its own stream: whether there is something to show is asked of all of them.
            (Stage::Absent | Stage::Registered { .. }, Command::ShowAddress { on }) => {
                Ok(vec![Event::AddressShown { on }])
            }
            (Stage::Absent, Command::Identify { .. } | Command::CorrectIdentity { .. }) => {
                Err(Refusal::NoSuchPerson)
            }
            (Stage::Registered { .. }, Command::Register { .. }) => Err(Refusal::RegisteredBefore),
            (Stage::Registered { identified: false }, Command::Identify { on, with_bsn }) => {
                Ok(vec![Event::Identified { on, with_bsn }])
            }
            (Stage::Registered { identified: true }, Command::Identify { .. }) => {
                Err(Refusal::IdentifiedBefore)
            }
            (Stage::Registered { .. }, Command::CorrectIdentity { reason, on }) => {
                Ok(vec![Event::IdentityCorrected { reason, on }])
            }
            (Stage::Absent | Stage::Registered { .. }, Command::Merge(link)) => self.merge(link),
            (Stage::Absent | Stage::Registered { .. }, Command::Unmerge(link)) => {
                self.unmerge(link)
            }
            (Stage::Absent | Stage::Registered { .. }, Command::RecordBirth { .. })
                if self.born =>
            {
                Err(Refusal::BornBefore)
            }
            (Stage::Absent | Stage::Registered { .. }, Command::RecordBirth { on }) => {
                Ok(vec![Event::Born { on }])
            }
        }
    }

    fn evolve(mut self, event: &Event) -> Self {
        match (self.stage, event) {
            (_, Event::Registered { .. }) => self.stage = Stage::Registered { identified: false },
            (Stage::Registered { .. }, Event::Identified { .. }) => {
                self.stage = Stage::Registered { identified: true };
            }
            (Stage::Absent, Event::Identified { .. }) | (_, Event::IdentityCorrected { .. }) => {}
            (_, Event::Merged { with, .. }) => {
                self.links.insert(*with);
            }
            (_, Event::Unmerged { with, .. }) => {
                self.links.remove(with);
            }
            (_, Event::Born { .. }) => self.born = true,
            (_, Event::AddressHidden { .. }) => self.address_hidden = true,
            (_, Event::AddressShown { .. }) => self.address_hidden = false,
        }
        self
    }
}

impl Event {
    /// Whether what is told with it may say where somebody is who hides.
    pub const fn is_about_hiding(&self) -> bool {
        match self {
            Self::AddressHidden { .. } | Self::AddressShown { .. } => true,
            Self::Registered { .. }
            | Self::Identified { .. }
            | Self::IdentityCorrected { .. }
            | Self::Merged { .. }
            | Self::Unmerged { .. }
            | Self::Born { .. } => false,
        }
    }
}

impl Person {
    fn merge(&self, link: Link) -> Result<Vec<Event>, Refusal> {
        let Link { with, reason, on, .. } = link;
        if self.links.contains(&with) {
            return Err(Refusal::MergedBefore);
        }
        Ok(vec![Event::Merged { with, reason, on }])
    }

    fn unmerge(&self, link: Link) -> Result<Vec<Event>, Refusal> {
        let Link { with, reason, on, .. } = link;
        if !self.links.contains(&with) {
            return Err(Refusal::NotMerged);
        }
        Ok(vec![Event::Unmerged { with, reason, on }])
    }
}

impl From<Event> for crate::Event {
    fn from(event: Event) -> Self {
        Self::Person(event)
    }
}

#[cfg(test)]
mod tests;
