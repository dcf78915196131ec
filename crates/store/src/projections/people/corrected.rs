//! What an event puts right: what was wrong must not be found any more.

use super::Known;
use crate::Failed;
use crate::log::{self, PersonPart, Recorded};
use domain::matching::Card;
use domain::{Event, melding, person};
use sqlx::PgConnection;

impl Known {
    /// What a correction is in the place of: of a person all that was known of him, of a melding what that melding told before, for
    /// another may have told what is true. `None` of what only adds.
    pub(super) async fn corrected(
        &self,
        on: &mut PgConnection,
        it: &Recorded,
        part: &PersonPart,
    ) -> Result<Option<Card>, Failed> {
        match &it.event {
            Event::Person(person::Event::IdentityCorrected { .. }) => {
                Ok(Some(self.cards.get(&part.subject).cloned().unwrap_or_default()))
            }
            Event::Melding(melding::Event::Corrected { .. }) => {
                self.told_before(on, it, part).await.map(Some)
            }
            Event::Person(
                person::Event::Registered { .. }
                | person::Event::Identified { .. }
                | person::Event::Merged { .. }
                | person::Event::Unmerged { .. }
                | person::Event::Born { .. }
                | person::Event::AddressHidden { .. }
                | person::Event::AddressShown { .. },
            )
            | Event::Melding(
                melding::Event::Received(_)
                | melding::Event::Assessed(_)
                | melding::Event::Withdrawn { .. }
                | melding::Event::Assigned { .. },
            )
            | Event::Contact(_)
            | Event::Advice(_)
            | Event::Case(_)
            | Event::Request(_)
            | Event::Look(_)
            | Event::Erasure(_)
            | Event::Emergency(_) => Ok(None),
        }
    }

    async fn told_before(
        &self,
        on: &mut PgConnection,
        it: &Recorded,
        part: &PersonPart,
    ) -> Result<Card, Failed> {
        let (stream, up_to) = (log::stream_of(&it.event), it.position - 1);
        let all = log::sealed_parts(on, it.organisation, stream, it.stream_id, up_to).await?;
        let of_him = all.iter().filter(|it| it.part == log::PERSON && it.subject == part.subject);
        let mut card = Card::default();
        for was in of_him {
            card.add(self.told(it, was.version, was.subject, was.schema, &was.sealed)?);
        }
        Ok(card)
    }
}
