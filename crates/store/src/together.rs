//! Two commands on two streams as one: the safety assessment of a melding and what it means for its casus. Both are recorded in one
//! statement, or neither is; whoever was first makes both decide again.

use crate::execute::{self, Known, Prepared, TRIES, subjects_of};
use crate::log::Outcome;
use crate::{ExecuteError, Failed, Receipt, Store};
use domain::decider::{Decider, Refused, Stamp};
use domain::id::{Id, Organisation};
use domain::particulars::Particular;
use domain::refusal::{Fault, Kind};
use std::collections::HashMap;
use thiserror::Error;
use uuid::Uuid;

/// Which of the two was refused.
#[derive(Debug, Error)]
pub enum OneOf<A: Refused, B: Refused> {
    #[error(transparent)]
    First(A),
    #[error(transparent)]
    Second(B),
}

impl<A: Refused, B: Refused> Refused for OneOf<A, B> {
    fn kind(&self) -> Kind {
        match self {
            Self::First(it) => it.kind(),
            Self::Second(it) => it.kind(),
        }
    }

    fn faults(&self) -> &[Fault] {
        match self {
            Self::First(it) => it.faults(),
            Self::Second(it) => it.faults(),
        }
    }
}

impl Store {
    /// Executes a command with its particulars, and a second one on another stream that belongs to it. The number of the second follows
    /// from that of the first, so that both are repeated together. Answers with the receipt of the first.
    ///
    /// # Errors
    /// One of them refused; overtaken by somebody else; the number reused; or our own trouble.
    pub async fn execute_both<A: Decider, B: Decider>(
        &self,
        (id, command, particulars): (Id<A>, A::Command, Vec<Particular>),
        (with, also): (Id<B>, B::Command),
        stamp: &Stamp,
        seen: Option<i32>,
    ) -> Result<Receipt, ExecuteError<OneOf<A::Refusal, B::Refusal>>> {
        let organisation = stamp.organisation;
        let subjects = subjects_of(&particulars);
        // Not as the number of a creation follows from an id: a caller may number a command with the id of a stream.
        let name = ["with ", B::STREAM].concat();
        let second = Stamp { key: Uuid::new_v5(&stamp.key, name.as_bytes()), ..*stamp };
        for _ in 0..TRIES {
            let before = self.before(organisation, id, Some(stamp.key), &subjects).await?;
            if let Some(earlier) = before.earlier {
                return self.recognised(id, &command, &particulars, &earlier, stamp);
            }
            if before.forgotten {
                return Err(ExecuteError::Forgotten);
            }
            if seen.is_some_and(|seen| seen != before.version) {
                return Err(ExecuteError::Overtaken);
            }
            let mut known = Known { state: before.state, version: before.version };
            let (told, particulars) = (command.clone(), particulars.clone());
            let first = Prepared::decide(id, &mut known, told, particulars, stamp);
            let mut first =
                first.map_err(|refusal| ExecuteError::Refused(OneOf::First(refusal)))?;
            let mut keys = self.opened(before.keys).await?.ok_or(ExecuteError::Forgotten)?;
            self.seal(&mut first, &mut keys).await?;
            let mut known: Known<B> = self.known(organisation, with.0).await?;
            let also = Prepared::decide(with, &mut known, also.clone(), vec![], &second);
            let also = also.map_err(|refusal| ExecuteError::Refused(OneOf::Second(refusal)))?;
            if let Some(receipt) = self.append_both(organisation, first, also).await? {
                return Ok(receipt);
            }
        }
        Err(ExecuteError::Overtaken)
    }

    async fn append_both(
        &self,
        organisation: Organisation,
        mut first: Prepared,
        mut second: Prepared,
    ) -> Result<Option<Receipt>, Failed> {
        let writers = &self.inner.writers;
        let outcome = if second.bodies.is_empty() {
            // What it would say is so already.
            Some(writers.write(self, first).await?).filter(Outcome::is_recorded)
        } else {
            self.seal(&mut second, &mut HashMap::new()).await?;
            first.tied = true;
            writers.write_both(self, organisation.into(), [&first, &second]).await?
        };
        Ok(outcome.map(|it| execute::receipt(organisation.into(), &it)))
    }

    /// The casus that a melding joined last, as far as the read models show.
    pub async fn case_of(
        &self,
        organisation: Organisation,
        melding: Uuid,
    ) -> Result<Option<Uuid>, Failed> {
        let mut on = self.inner.files.of(organisation).await?;
        let case = sqlx::query_scalar!(
            "select case_id from known_melding
             where generation = (select live from projection where name = 'facts') and organisation = $1 and melding = $2",
            organisation.as_str(),
            melding
        )
        .fetch_optional(&mut *on)
        .await?;
        on.give_back();
        Ok(case.flatten())
    }
}
