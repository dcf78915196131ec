//! A file: one stream as it stands, or stood as known at a moment, with its particulars opened. Read from the log itself, so that
//! it can never lag behind.

use crate::keystore::Found;
use crate::log::{self, Recorded};
use crate::sealed::{DataKey, Place};
use crate::{Failed, Store};
use chrono::{DateTime, NaiveDate, Utc};
use domain::decider::Decider;
use domain::id::{Id, Organisation};
use domain::{Event, advice, melding, person};
use uuid::Uuid;

/// A stream with what it has been through.
#[derive(Debug, Default)]
pub struct File {
    pub version: i32,
    /// The moment as known at which it was asked.
    pub known_at: Option<DateTime<Utc>>,
    pub events: Vec<Recorded>,
    pub particulars: Vec<Opened>,
}

/// A particular, opened as far as that can be.
#[derive(Debug)]
pub struct Opened {
    pub version: i32,
    pub subject: Uuid,
    pub part: String,
    pub content: Content,
}

/// What is found when a particular is opened.
#[derive(Debug, PartialEq)]
pub enum Content {
    Readable(serde_json::Value),
    /// Its subject was forgotten.
    Destroyed,
    /// It does not open, while nobody ordered that: it, or its key, was changed or lost.
    Changed,
}

impl Content {
    pub const fn readable(&self) -> Option<&serde_json::Value> {
        match self {
            Self::Readable(content) => Some(content),
            Self::Destroyed | Self::Changed => None,
        }
    }
}

impl File {
    /// Whether something in it does not open that nobody ordered to be destroyed.
    pub fn is_changed(&self) -> bool {
        self.particulars.iter().any(|it| it.content == Content::Changed)
    }
}

impl Store {
    /// The file of a stream as known at a moment (now when `None`); `None` when it did not exist then.
    pub async fn open_file<D: Decider>(
        &self,
        organisation: Organisation,
        id: Id<D>,
        as_known_at: Option<DateTime<Utc>>,
    ) -> Result<Option<File>, Failed> {
        let all = self.events_of(organisation, id.0, i64::MAX).await?;
        let known = all.into_iter().filter(|it| as_known_at.is_none_or(|at| it.recorded_at <= at));
        self.opened_file(organisation, id, known.collect(), as_known_at).await
    }

    /// The file of a stream up to a position in the log: the same whenever it is asked again, as long as its keys are there.
    pub async fn open_file_up_to<D: Decider>(
        &self,
        organisation: Organisation,
        id: Id<D>,
        position: i64,
    ) -> Result<Option<File>, Failed> {
        let known = self.events_of(organisation, id.0, position).await?;
        self.opened_file(organisation, id, known, None).await
    }

    /// The events of a stream up to a position, oldest first.
    async fn events_of(
        &self,
        organisation: Organisation,
        id: Uuid,
        up_to: i64,
    ) -> Result<Vec<Recorded>, Failed> {
        let mut on = self.inner.files.of(organisation).await?;
        let events = log::of_streams(&mut *on, organisation, &[id], up_to).await?;
        on.give_back();
        Ok(events)
    }

    async fn opened_file<D: Decider>(
        &self,
        organisation: Organisation,
        id: Id<D>,
        known: Vec<Recorded>,
        known_at: Option<DateTime<Utc>>,
    ) -> Result<Option<File>, Failed> {
        let own = known.into_iter().filter(|it| log::stream_of(&it.event) == D::STREAM);
        let events: Vec<Recorded> = own.collect();
        let Some(last) = events.last() else { return Ok(None) };
        let (version, position) = (last.version, last.position);
        let mut on = self.inner.files.of(organisation).await?;
        let sealed = log::sealed_parts(&mut *on, organisation, D::STREAM, id.0, position).await?;
        on.give_back();
        let numbers: Vec<Uuid> = sealed.iter().filter_map(|it| it.key).collect();
        let keys = self.inner.key_store.find(&numbers).await?;
        let mut particulars = Vec::with_capacity(sealed.len());
        for it in sealed {
            let place = Place {
                organisation,
                stream: D::STREAM,
                stream_id: id.0,
                version: it.version,
                part: &it.part,
                schema: it.schema,
            };
            let content = match it.key.map(|number| keys.get(&number)) {
                Some(Some(Found::Key(key))) => opened(key, place, &it.sealed)?,
                Some(Some(Found::Destroyed)) => Content::Destroyed,
                // Whoever was forgotten has no key; of anybody else it was taken away.
                None if it.forgotten => Content::Destroyed,
                Some(Some(Found::Broken) | None) | None => Content::Changed,
            };
            let opened =
                Opened { version: it.version, subject: it.subject, part: it.part, content };
            particulars.push(opened);
        }
        Ok(Some(File { version, known_at, events, particulars }))
    }
}

fn opened(key: &DataKey, place: Place<'_>, sealed: &[u8]) -> Result<Content, Failed> {
    match key.open(place, sealed) {
        Ok(text) => Ok(Content::Readable(serde_json::from_str(&text)?)),
        Err(_) => Ok(Content::Changed),
    }
}

impl Store {
    /// Whether a correction was recorded in a melding, an advies or of a person, on a day or since.
    pub async fn corrected_since(
        &self,
        organisation: Organisation,
        id: Uuid,
        since: NaiveDate,
    ) -> Result<bool, Failed> {
        let all = self.events_of(organisation, id, i64::MAX).await?;
        let corrects = |event: &Event| {
            matches!(
                event,
                Event::Melding(melding::Event::Corrected { .. })
                    | Event::Advice(advice::Event::Corrected { .. })
                    | Event::Person(person::Event::IdentityCorrected { .. })
            )
        };
        Ok(all.iter().any(|it| corrects(&it.event) && it.recorded_at.date_naive() >= since))
    }

    /// What was recorded in a stream after a version; the last event alone when no version is given.
    pub async fn events_since<D: Decider>(
        &self,
        organisation: Organisation,
        id: Id<D>,
        version: Option<i32>,
    ) -> Result<Vec<Recorded>, Failed> {
        let all = self.events_of(organisation, id.0, i64::MAX).await?;
        let mut own: Vec<Recorded> =
            all.into_iter().filter(|it| log::stream_of(&it.event) == D::STREAM).collect();
        let since = version.unwrap_or(own.len() as i32 - 1);
        own.retain(|it| it.version > since);
        Ok(own)
    }
}
