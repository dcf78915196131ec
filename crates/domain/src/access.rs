//! Who may do and see what: one pure function of role, organisation, assignment, area and purpose. Lists, searches, counts, exports and
//! statistics ask the same function. Law: Wmo 2015 art. 5.1.6 (the organisation is controller), 5.3.3 (nothing to others).
//!
//! Veilig Thuis can be reached at every hour of every day ([`crate::law::TASKS`]), and whoever answers has to know what is known: so workers of intake
//! and casus may read the files of their organisation, each for a purpose that is recorded. Two things are not for everybody: a casus that is
//! restricted ([`crate::case::restriction`]), and what is sealed in a file, as the address of somebody who hides.

mod purpose;
mod role;
mod wall;
mod who;

pub use purpose::Purpose;
pub use role::{Action, NoRole, Role};
pub use wall::{Around, Broken, Wall};
pub use who::{Who, who};

use crate::area::Extent;
use crate::id::Organisation;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Who is asking.
#[derive(Clone, Debug, PartialEq)]
pub struct Asker {
    pub id: Uuid,
    pub roles: Vec<Role>,
    pub organisation: Organisation,
    pub teams: Vec<Uuid>,
    /// Municipality codes for which an analyst may see figures.
    pub areas: Vec<String>,
}

/// What somebody wants to do, for what, and with what.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    pub action: Action,
    /// None when nothing was said: then it is what the role is there for.
    pub purpose: Option<Purpose>,
    pub about: About<'a>,
}

#[derive(Clone, Copy, Debug)]
pub enum About<'a> {
    /// Asked before anything is looked up. What belongs to another organisation does not exist for anybody: every stream is looked up
    /// within the organisation of the asker.
    Anything,
    /// A file of the own organisation, with what stands around it, at a moment.
    File(&'a Around, DateTime<Utc>),
    /// What is sealed in such a file: only for whoever works on it.
    Sealed(&'a Around, DateTime<Utc>),
    /// That it need not be sealed any longer: for whoever sees it anyway, and for who answers for it; for others it would be a way of looking.
    Unsealing(&'a Around, DateTime<Utc>),
    /// Such a file, that somebody wants to open in an emergency.
    Glass(&'a Around),
    /// Figures of an area.
    Area(&'a Extent),
}

/// Whether he may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Allowed(Grant),
    /// No role of his allows this.
    NotAllowed,
    /// To the outside exactly as what does not exist.
    NotYours,
}

/// Because of what, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    pub ground: Ground,
    pub purpose: Purpose,
}

/// Because of what somebody may; as the code list `grond-toegang` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    Role,
    /// He, or his team, works on it or was named.
    Assignment,
    /// He broke the glass, and somebody will judge it.
    Emergency,
}

impl Ground {
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Role, "rol"), (Self::Assignment, "toewijzing"), (Self::Emergency, "nood")];

    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(ground, _)| *ground == self).map_or("", |(_, name)| name)
    }
}

impl Decision {
    pub const fn grant(self) -> Option<Grant> {
        match self {
            Self::Allowed(grant) => Some(grant),
            Self::NotAllowed | Self::NotYours => None,
        }
    }
}

/// Whether somebody may do what he asks, and because of what.
pub fn decide(asker: &Asker, ask: &Ask<'_>) -> Decision {
    let mut decision = Decision::NotAllowed;
    for (role, purpose) in asker.roles.iter().filter_map(|role| by_role(*role, ask)) {
        let ground = match ask.about {
            About::Anything => Some(Ground::Role),
            About::File(around, at) => around.lets_in(asker, role == Role::Privacy, at),
            About::Unsealing(around, _) if role == Role::Privacy => {
                (!around.excludes(asker)).then_some(Ground::Role)
            }
            About::Sealed(around, at) | About::Unsealing(around, at) => around.unseals(asker, at),
            About::Glass(around) => (!around.excludes(asker)).then_some(Ground::Emergency),
            About::Area(extent) if sees(asker, role, extent) => Some(Ground::Role),
            About::Area(_) => continue,
        };
        match ground {
            Some(ground) => return Decision::Allowed(Grant { ground, purpose }),
            None => decision = Decision::NotYours,
        }
    }
    decision
}

fn by_role(role: Role, ask: &Ask<'_>) -> Option<(Role, Purpose)> {
    let purpose = ask.purpose.unwrap_or_else(|| purpose::usual(role, ask.action));
    (role::may(role, ask.action) && purpose::fits(role, purpose)).then_some((role, purpose))
}

/// Whether a role sees figures of an area: all its municipalities must be his, on every day that counts. An analyst's are those
/// in his token; a token names no larger areas, because those would grow by themselves when reference data change. A
/// manager's are those that lay in his region.
fn sees(asker: &Asker, role: Role, extent: &Extent) -> bool {
    match role {
        Role::Analyst => extent.municipalities().iter().all(|it| asker.areas.contains(&it.code)),
        Role::Manager => {
            let own = asker.organisation.as_str();
            extent.lay().all(|(day, it)| it.region_on(day) == Some(own))
        }
        Role::Intake
        | Role::CaseWorker
        | Role::Privacy
        | Role::Auditor
        | Role::Administrator
        | Role::Telephony
        | Role::Police => false,
    }
}

#[cfg(test)]
mod tests;
