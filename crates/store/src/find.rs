//! Is this somebody whom we know? Finds persons by the tokens of what is asked, opens the few cards that have most in common with it, and
//! holds them against the question in memory. The database never sees a name: not in a row, not in a statement.
//!
//! Nobody looks unseen: the guard of the server records who was shown before the answer leaves.

mod duplicate;

pub use duplicate::{Alike, Duplicate};

use crate::access::Within;
use crate::execute::numbers_of;
use crate::hidden::Unseals;
use crate::keystore;
use crate::projections::people::{self, SealedCard};
use crate::{Failed, Store, log};
use chrono::NaiveDate;
use domain::id::Organisation;
use domain::matching::{Card, Match, Query, Reason};
use domain::particulars::PartialDate;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// How many cards are opened for one question: more than that agree in so little that a worker would not find them either.
const CONSIDERED: i64 = 400;

/// Somebody who may be the one who is sought.
#[derive(Debug)]
pub struct Candidate {
    pub person: Uuid,
    /// Those who were linked to him as one and the same human being.
    pub also: Vec<Uuid>,
    pub score: u8,
    pub reasons: Vec<Reason>,
    /// What is known of him, without where he is when that is sealed.
    pub card: Card,
    pub sealed: bool,
    /// In which meldingen he occurs, the most recent first.
    pub meldingen: Vec<Occurrence>,
}

impl Candidate {
    /// Himself, and all who are the same human being.
    pub fn persons(&self) -> impl Iterator<Item = Uuid> {
        std::iter::once(self.person).chain(self.also.iter().copied())
    }
}

/// Somebody occurs in a melding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    pub received_on: NaiveDate,
    pub melding: Uuid,
    /// It was turned into an advies.
    pub withdrawn: bool,
}

/// Somebody who agrees with what is asked.
struct Found {
    person: Uuid,
    card: Card,
    sealed: bool,
    agrees: Match,
}

impl Store {
    /// The persons who agree best with what is asked, at most so many; as if what is hidden from whoever asks were nowhere, and what is sealed
    /// for him were not known.
    pub async fn search(
        &self,
        organisation: Organisation,
        asked: &Card,
        most: usize,
        hidden: &Within,
        unseals: Unseals<'_>,
    ) -> Result<Vec<Candidate>, Failed> {
        let found = self.found(organisation, asked, hidden, unseals).await?;
        let persons: Vec<Uuid> = found.iter().map(|it| it.person).collect();
        let linked = self.linked(organisation, &persons, &hidden.persons).await?;
        let mut candidates = one_of_each(found, &linked);
        candidates.truncate(most);
        self.add_meldingen(organisation, &mut candidates, hidden).await?;
        Ok(candidates)
    }

    /// The meldingen in which some persons occur.
    pub async fn meldingen_with(
        &self,
        organisation: Organisation,
        persons: &[Uuid],
    ) -> Result<BTreeSet<Uuid>, Failed> {
        let occurrences = self.occurrences(organisation, persons).await?;
        Ok(occurrences.into_iter().map(|(_, it)| it.melding).collect())
    }

    /// The birth dates that were told of somebody.
    pub async fn births(
        &self,
        organisation: Organisation,
        person: Uuid,
    ) -> Result<Vec<PartialDate>, Failed> {
        let cards = self.cards(organisation, &[person]).await?;
        Ok(cards.iter().flat_map(|(_, card)| card.births()).copied().collect())
    }

    /// The same of many persons at once; whoever is not in it has none.
    pub(crate) async fn births_of(
        &self,
        organisation: Organisation,
        persons: &[Uuid],
    ) -> Result<HashMap<Uuid, Vec<PartialDate>>, Failed> {
        let cards = self.cards(organisation, persons).await?.into_iter();
        Ok(cards.map(|(person, card)| (person, card.births().to_vec())).collect())
    }

    /// All that agree with what is asked, the best first.
    async fn found(
        &self,
        organisation: Organisation,
        asked: &Card,
        hidden: &Within,
        unseals: Unseals<'_>,
    ) -> Result<Vec<Found>, Failed> {
        let tokens = people::tokens(&self.inner.keys, organisation, asked);
        if tokens.is_empty() {
            return Ok(vec![]);
        }
        let mut cards = self.sharing(organisation, &tokens).await?;
        cards.retain(|it| !hidden.persons.contains(&it.person));
        let query = Query::of(asked);
        let persons: Vec<Uuid> = cards.iter().map(|it| it.person).collect();
        let sealed = self.sealed_addresses(organisation, &persons, unseals).await?;
        let agrees = |(person, mut card): (Uuid, Card)| {
            let sealed = sealed.contains(&person);
            if sealed {
                card.seal_whereabouts();
            }
            let agrees = query.score(&card)?;
            Some(Found { person, card, sealed, agrees })
        };
        let mut found: Vec<Found> =
            self.opened_cards(organisation, cards).await?.into_iter().filter_map(agrees).collect();
        found.sort_by_key(|it| (Reverse(it.agrees.score), it.person));
        Ok(found)
    }

    /// The cards that share a token, those that share most first.
    async fn sharing(
        &self,
        organisation: Organisation,
        tokens: &BTreeMap<i64, i32>,
    ) -> Result<Vec<SealedCard>, Failed> {
        let (tokens, weights): (Vec<i64>, Vec<i32>) = tokens.iter().unzip();
        let mut on = self.inner.read.of(organisation).await?;
        let cards = sqlx::query_as!(
            SealedCard,
            r#"select person as "person!", sealed as "sealed!" from cards_sharing($1, $2, $3)"#,
            &tokens,
            &weights,
            CONSIDERED
        )
        .fetch_all(&mut *on)
        .await?;
        on.give_back();
        Ok(cards)
    }

    /// The cards of some persons, opened.
    async fn cards(
        &self,
        organisation: Organisation,
        persons: &[Uuid],
    ) -> Result<Vec<(Uuid, Card)>, Failed> {
        let mut on = self.inner.read.of(organisation).await?;
        let cards = sqlx::query_as!(
            SealedCard,
            "select person, sealed from person_card
             where person = any($2) and organisation = $1 and generation = (select live from projection where name = 'people')",
            organisation.as_str(),
            persons
        )
        .fetch_all(&mut *on)
        .await?;
        on.give_back();
        self.opened_cards(organisation, cards).await
    }

    /// Opens cards; one of somebody who was forgotten is none any more.
    async fn opened_cards(
        &self,
        organisation: Organisation,
        cards: Vec<SealedCard>,
    ) -> Result<Vec<(Uuid, Card)>, Failed> {
        let persons: Vec<Uuid> = cards.iter().map(|it| it.person).collect();
        let mut on = self.inner.files.of(organisation).await?;
        let numbers = log::keys_of(&mut *on, organisation, &persons).await?;
        on.give_back();
        let mut found = self.inner.key_store.find(&numbers_of(&numbers)).await?;
        let numbers: HashMap<Uuid, Uuid> = numbers.into_iter().collect();
        let mut opened = Vec::with_capacity(cards.len());
        for it in cards {
            // Whoever was forgotten has no number.
            let Some(number) = numbers.get(&it.person) else { continue };
            if let Some(key) = found.remove(number).unwrap_or(keystore::Found::Broken).key()? {
                opened.push((it.person, people::open(&key, organisation, &it)?));
            }
        }
        Ok(opened)
    }

    async fn add_meldingen(
        &self,
        organisation: Organisation,
        candidates: &mut [Candidate],
        hidden: &Within,
    ) -> Result<(), Failed> {
        let persons: Vec<Uuid> = candidates.iter().flat_map(Candidate::persons).collect();
        let mut occurrences = self.occurrences(organisation, &persons).await?;
        occurrences.retain(|(_, it)| !hidden.meldingen.contains(&it.melding));
        for it in candidates {
            let own =
                occurrences.iter().filter(|(person, _)| it.persons().any(|own| own == *person));
            it.meldingen = own.map(|(_, melding)| *melding).collect();
            it.meldingen.sort_by(|one, other| other.cmp(one));
            it.meldingen.dedup();
        }
        Ok(())
    }

    /// In which meldingen some persons occur.
    async fn occurrences(
        &self,
        organisation: Organisation,
        persons: &[Uuid],
    ) -> Result<Vec<(Uuid, Occurrence)>, Failed> {
        let mut on = self.inner.files.of(organisation).await?;
        let rows = sqlx::query!(
            r#"select t.id as "person!", m.melding, m.received_on, m.withdrawn
             from (select live from projection where name = 'facts') g cross join unnest($2::uuid[]) as t (id)
             cross join lateral (select melding from known_person
                 where person = t.id and organisation = $1 and generation = g.live offset 0) p
             cross join lateral (select melding, received_on, withdrawn from known_melding
                 where melding = p.melding and organisation = $1 and generation = g.live offset 0) m"#,
            organisation.as_str(),
            persons
        )
        .fetch_all(&mut *on)
        .await?;
        on.give_back();
        let occurrence = rows.into_iter().map(|it| {
            let (received_on, melding, withdrawn) = (it.received_on, it.melding, it.withdrawn);
            (it.person, Occurrence { received_on, melding, withdrawn })
        });
        Ok(occurrence.collect())
    }
}

/// Of those who are linked as one and the same human being one candidate: the one who agrees best, who comes first; with all the others,
/// also those who do not agree with what was asked.
fn one_of_each(found: Vec<Found>, linked: &BTreeMap<Uuid, BTreeSet<Uuid>>) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut seen: BTreeSet<Uuid> = BTreeSet::new();
    for Found { person, card, sealed, agrees } in found {
        if !seen.insert(person) {
            continue;
        }
        let others = linked.get(&person).into_iter().flatten().copied();
        let also: Vec<Uuid> = others.filter(|it| *it != person).collect();
        seen.extend(&also);
        let Match { score, reasons } = agrees;
        let meldingen = vec![];
        candidates.push(Candidate { person, also, score, reasons, card, sealed, meldingen });
    }
    candidates
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_who_are_linked_are_one_candidate() {
        let [best, other, stranger, unlike] = [1, 2, 3, 4].map(Uuid::from_u128);
        let found = |person, score| {
            let agrees = Match { score, reasons: vec![] };
            Found { person, card: Card::default(), sealed: false, agrees }
        };
        let found = vec![found(best, 90), found(stranger, 80), found(other, 70)];
        let human = BTreeSet::from([best, other, unlike]);
        let linked = BTreeMap::from([(best, human.clone()), (other, human)]);
        let shown: Vec<(Uuid, Vec<Uuid>)> =
            one_of_each(found, &linked).into_iter().map(|it| (it.person, it.also)).collect();
        assert_eq!(shown, [(best, vec![other, unlike]), (stranger, vec![])]);
    }
}
