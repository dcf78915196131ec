//! Who is known, and by which tokens can he be found? One card per person, sealed under his own key; the tokens beside it are keyed
//! digests that say nothing of whom they stand for.
//!
//! Told from the particulars that came with the events. Whoever was forgotten has no card: what was told of him cannot be read, also not
//! to tell it again. What does not open while its key is there was changed, and stops the telling.

mod corrected;

use crate::keystore::Found;
use crate::log::{self, PersonPart, Recorded};
use crate::sealed::{DataKey, Keys, Place};
use crate::{Failed, Store};
use domain::Event;
use domain::codes::Code;
use domain::id::Organisation;
use domain::matching::{self, Card, Told};
use domain::{melding, person};
use sqlx::PgConnection;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use uuid::Uuid;

/// A card as it is stored.
pub(crate) struct SealedCard {
    pub(crate) person: Uuid,
    pub(crate) sealed: Vec<u8>,
}

/// A card, ready to be stored.
pub(crate) struct Row {
    pub(crate) person: Uuid,
    pub(crate) tokens: Vec<i64>,
    pub(crate) sealed: Vec<u8>,
}

pub(super) async fn project(
    store: &Store,
    on: &mut PgConnection,
    generation: i16,
    news: &[Recorded],
) -> Result<(), Failed> {
    let telling = |it: &&Recorded| tells_of_persons(&it.event);
    let Some(first) = news.iter().find(telling) else { return Ok(()) };
    let last = news.iter().rfind(telling).unwrap_or(first);
    let organisation = first.organisation;
    hold_keys(&mut *on).await?;
    let parts = log::person_parts(&mut *on, organisation, first, last).await?;
    if parts.is_empty() {
        return Ok(());
    }
    let mut known = Known::load(store, on, generation, organisation, &parts).await?;
    for part in &parts {
        if !known.keys.contains_key(&part.subject) {
            continue;
        }
        // Positions have no gaps.
        let nth = part.position - news[0].position;
        let it = &news[nth as usize];
        let corrected = known.corrected(on, it, part).await?;
        known.take_in(it, part, corrected)?;
    }
    insert(on, generation, organisation, &known.rows(&store.inner.keys)?).await
}

/// Whoever destroys a key waits for what is being told from it, so that it finds the card and takes it along (migration 0007).
async fn hold_keys(on: &mut PgConnection) -> Result<(), Failed> {
    sqlx::query!(
        "select pg_advisory_xact_lock_shared(hashtextextended('meldboek person_card', 0))"
    )
    .fetch_one(on)
    .await?;
    Ok(())
}

/// Whether particulars of persons can come with an event.
fn tells_of_persons(event: &Event) -> bool {
    match event {
        Event::Melding(melding::Event::Received(_) | melding::Event::Corrected { .. })
        | Event::Person(_) => true,
        Event::Melding(
            melding::Event::Assessed(_)
            | melding::Event::Withdrawn { .. }
            | melding::Event::Assigned { .. },
        )
        | Event::Contact(_)
        | Event::Advice(_)
        | Event::Case(_)
        | Event::Request(_)
        | Event::Look(_)
        | Event::Erasure(_)
        | Event::Emergency(_) => false,
    }
}

/// What an event says of the sex of a person: no particular, and a help to tell people apart.
fn sex(event: &Event, of: Uuid) -> Option<Code> {
    let persons = match event {
        Event::Melding(melding::Event::Received(content)) => Some(&content.persons),
        Event::Melding(melding::Event::Corrected { changes, .. }) => changes.persons.as_ref(),
        Event::Person(person::Event::Registered { sex }) => return Some(sex.clone()),
        Event::Person(
            person::Event::Identified { .. }
            | person::Event::IdentityCorrected { .. }
            | person::Event::Merged { .. }
            | person::Event::Unmerged { .. }
            | person::Event::Born { .. }
            | person::Event::AddressHidden { .. }
            | person::Event::AddressShown { .. },
        )
        | Event::Melding(
            melding::Event::Assessed(_)
            | melding::Event::Withdrawn { .. }
            | melding::Event::Assigned { .. },
        )
        | Event::Contact(_)
        | Event::Advice(_)
        | Event::Case(_)
        | Event::Request(_)
        | Event::Look(_)
        | Event::Erasure(_)
        | Event::Emergency(_) => None,
    };
    persons?.iter().find(|it| it.id == of).map(|it| it.sex.clone())
}

/// The persons of a batch: what was known of them before it, and then also what it tells.
struct Known {
    organisation: Organisation,
    keys: HashMap<Uuid, DataKey>,
    cards: BTreeMap<Uuid, Card>,
}

impl Known {
    async fn load(
        store: &Store,
        on: &mut PgConnection,
        generation: i16,
        organisation: Organisation,
        parts: &[PersonPart],
    ) -> Result<Self, Failed> {
        let numbers: BTreeMap<Uuid, Uuid> = parts.iter().map(|it| (it.subject, it.key)).collect();
        let asked: Vec<Uuid> = numbers.values().copied().collect();
        let mut found = store.inner.key_store.find(&asked).await?;
        let mut own = HashMap::with_capacity(numbers.len());
        for (subject, number) in numbers {
            // One that was destroyed is met in a register of before that day.
            if let Some(key) = found.remove(&number).unwrap_or(Found::Broken).key()? {
                own.insert(subject, key);
            }
        }
        let mut cards = BTreeMap::new();
        let subjects: Vec<Uuid> = own.keys().copied().collect();
        for it in cards_of(on, generation, organisation, &subjects).await? {
            cards.insert(it.person, open(&own[&it.person], organisation, &it)?);
        }
        Ok(Self { organisation, keys: own, cards })
    }

    fn take_in(
        &mut self,
        it: &Recorded,
        part: &PersonPart,
        corrected: Option<Card>,
    ) -> Result<(), Failed> {
        let told = self.told(it, it.version, part.subject, part.schema, &part.sealed)?;
        let told = Told { sex: sex(&it.event, part.subject), ..told };
        let card = self.cards.entry(part.subject).or_default();
        match corrected {
            Some(before) => card.correct(&before, told),
            None => card.add(told),
        }
        Ok(())
    }

    /// What was told of a person in a version of the stream of an event.
    fn told(
        &self,
        it: &Recorded,
        version: i32,
        subject: Uuid,
        schema: i16,
        sealed: &[u8],
    ) -> Result<Told, Failed> {
        let place = Place {
            organisation: self.organisation,
            stream: log::stream_of(&it.event),
            stream_id: it.stream_id,
            version,
            part: log::PERSON,
            schema,
        };
        let changed = |_| Failed::Corrupt {
            log: self.organisation.into(),
            position: it.position,
            what: format!("what was told of {subject} does not open"),
        };
        let told = self.keys[&subject].open(place, sealed).map_err(changed)?;
        Ok(serde_json::from_str(&told)?)
    }

    fn rows(&self, keys: &Keys) -> Result<Vec<Row>, Failed> {
        let row = |(person, card): (&Uuid, &Card)| {
            Row::of(keys, &self.keys[person], self.organisation, *person, card)
        };
        self.cards.iter().map(row).collect()
    }
}

impl Row {
    pub(crate) fn of(
        keys: &Keys,
        own: &DataKey,
        organisation: Organisation,
        person: Uuid,
        card: &Card,
    ) -> Result<Self, Failed> {
        let content = serde_json::to_string(card)?;
        let sealed = keys.seal_again(own, place(organisation, person), &content)?;
        let tokens = tokens(keys, organisation, card).into_keys().collect();
        Ok(Self { person, tokens, sealed })
    }
}

/// The tokens of a card, in order, each with its weight. Its first byte is the kind of key; so kinds do not meet each other.
pub(crate) fn tokens(keys: &Keys, organisation: Organisation, card: &Card) -> BTreeMap<i64, i32> {
    let token = |key: &matching::Key| {
        let kind = key.kind.number();
        let mac = keys.token(&[organisation.as_str().as_bytes(), &[kind], key.value.as_bytes()]);
        let whole = mac.iter().take(8).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        let cut = whole >> (64 - key.kind.bits());
        ((u64::from(kind) << 56 | cut).cast_signed(), key.kind.weight())
    };
    matching::keys(card).iter().map(token).collect()
}

/// Opens a card with the key of its person.
pub(crate) fn open(
    own: &DataKey,
    organisation: Organisation,
    it: &SealedCard,
) -> Result<Card, Failed> {
    Ok(serde_json::from_str(&own.open(place(organisation, it.person), &it.sealed)?)?)
}

/// Where a card belongs. Of no event: no version is zero.
fn place(organisation: Organisation, person: Uuid) -> Place<'static> {
    Place { organisation, stream: "person", stream_id: person, version: 0, part: "card", schema: 1 }
}

/// The cards of some persons in one telling.
pub(crate) async fn cards_of(
    on: &mut PgConnection,
    generation: i16,
    organisation: Organisation,
    persons: &[Uuid],
) -> Result<Vec<SealedCard>, Failed> {
    Ok(sqlx::query_as!(
        SealedCard,
        "select c.person, c.sealed from unnest($3::uuid[]) as t (id) cross join lateral
             (select person, sealed from person_card
              where person = t.id and organisation = $2 and generation = $1 offset 0) c",
        generation,
        organisation.as_str(),
        persons
    )
    .fetch_all(on)
    .await?)
}

/// Puts cards in, each in the place of an earlier one of the same person.
pub(crate) async fn insert(
    on: &mut PgConnection,
    generation: i16,
    organisation: Organisation,
    rows: &[Row],
) -> Result<(), Failed> {
    // There is no array of arrays of different lengths; as text there is.
    let tokens: Vec<String> = rows.iter().map(|it| as_text(&it.tokens)).collect();
    sqlx::query!(
        "insert into person_card (generation, organisation, person, tokens, sealed)
         select $1, $2, t.person, t.tokens::bigint[], t.sealed
         from unnest($3::uuid[], $4::text[], $5::bytea[]) as t (person, tokens, sealed)
         on conflict (person, organisation, generation) do update set tokens = excluded.tokens, sealed = excluded.sealed",
        generation,
        organisation.as_str(),
        &rows.iter().map(|it| it.person).collect::<Vec<_>>(),
        &tokens,
        &rows.iter().map(|it| it.sealed.clone()).collect::<Vec<_>>()
    )
    .execute(on)
    .await?;
    Ok(())
}

fn as_text(tokens: &[i64]) -> String {
    let mut text = String::with_capacity(2 + tokens.len() * 20);
    for token in tokens {
        let before = if text.is_empty() { '{' } else { ',' };
        let _ = write!(text, "{before}{token}");
    }
    if text.is_empty() { "{}".to_owned() } else { text + "}" }
}

pub(super) async fn remove(on: &mut PgConnection, generation: i16) -> Result<(), Failed> {
    sqlx::query!("delete from person_card where generation = $1", generation).execute(on).await?;
    Ok(())
}

/// The number of cards and the sum of their hashes.
pub(super) async fn content(on: &mut PgConnection, generation: i16) -> Result<String, Failed> {
    let hash = sqlx::query_scalar!(
        r#"select format('%s/%s', count(*), sum(hash_record_extended(row(organisation, person, tokens, sealed), 0))) as "hash!"
           from person_card where generation = $1"#,
        generation
    );
    Ok(hash.fetch_one(on).await?)
}
