//! Did somebody else tell of this before? Police and neighbour may both tell of one evening, each with persons of their own. Meldingen that were
//! received about the same time and share a person, or a person who is very much like one, are shown beside each other; both
//! stay as they are.

use super::{Found, Occurrence};
use crate::access::Within;
use crate::hidden::Unseals;
use crate::{Failed, Store};
use domain::id::Organisation;
use domain::matching::{Card, DUPLICATE_WITHIN_DAYS, Reason, STRONG};
use domain::melding::Content;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A melding that may be about the same incident.
#[derive(Debug, PartialEq)]
pub struct Duplicate {
    pub melding: Occurrence,
    pub alike: Vec<Alike>,
}

/// A person of the one melding, and who is very much like him in the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Alike {
    pub person: Uuid,
    pub other: Uuid,
    pub score: u8,
    pub reasons: Vec<Reason>,
}

impl Store {
    /// The meldingen that may be about the same incident as this one, the most recent first.
    pub async fn duplicates(
        &self,
        organisation: Organisation,
        melding: Uuid,
        content: &Content,
        hidden: &Within,
        unseals: Unseals<'_>,
    ) -> Result<Vec<Duplicate>, Failed> {
        let alike = self.alike(organisation, content, hidden, unseals).await?;
        let others: Vec<Uuid> = alike.keys().copied().collect();
        let mut duplicates: BTreeMap<Occurrence, Vec<Alike>> = BTreeMap::new();
        for (person, it) in self.occurrences(organisation, &others).await? {
            let days = (it.received_on - content.received.on).num_days().abs();
            let there = !it.withdrawn && !hidden.meldingen.contains(&it.melding);
            if it.melding != melding && there && days <= DUPLICATE_WITHIN_DAYS {
                duplicates.entry(it).or_default().extend_from_slice(&alike[&person]);
            }
        }
        let duplicate = |(melding, mut alike): (Occurrence, Vec<Alike>)| {
            alike.sort_by_key(|it| (it.person, Reverse(it.score), it.other));
            Duplicate { melding, alike }
        };
        Ok(duplicates.into_iter().rev().map(duplicate).collect())
    }

    /// The persons of a melding themselves, whoever is linked with one of them as the same human being, and who is very much like one.
    async fn alike(
        &self,
        organisation: Organisation,
        content: &Content,
        hidden: &Within,
        unseals: Unseals<'_>,
    ) -> Result<BTreeMap<Uuid, Vec<Alike>>, Failed> {
        let own: Vec<Uuid> = content.persons.iter().map(|it| it.id).collect();
        let mut alike: BTreeMap<Uuid, Vec<Alike>> = BTreeMap::new();
        let linked = self.linked(organisation, &own, &hidden.persons).await?;
        for (person, human) in &linked {
            for other in human {
                let (person, other, reasons) = (*person, *other, vec![Reason::SamePerson]);
                alike.entry(other).or_default().push(Alike { person, other, score: 100, reasons });
            }
        }
        let ours = |other: &Uuid| linked.values().any(|human| human.contains(other));
        let cards: Vec<(Uuid, Card)> = self.cards(organisation, &own).await?;
        let sealed = self.sealed_addresses(organisation, &own, unseals).await?;
        for (person, mut card) in cards.into_iter().filter(|(it, _)| !hidden.persons.contains(it)) {
            if sealed.contains(&person) {
                card.seal_whereabouts();
            }
            let found = self.found(organisation, &card, hidden, unseals).await?.into_iter();
            let strong = found.filter(|it| it.agrees.score >= STRONG && !ours(&it.person));
            for Found { person: other, agrees, .. } in strong {
                let it = Alike { person, other, score: agrees.score, reasons: agrees.reasons };
                alike.entry(other).or_default().push(it);
            }
        }
        Ok(alike)
    }
}
