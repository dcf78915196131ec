//! The write path: read the history, decide, append. A command with a known number is answered, not repeated.

use crate::chain::Hash;
use crate::keystore::Found;
use crate::log::{self, Before, Outcome, OutcomeKind};
use crate::sealed::{self, DataKey, Place};
use crate::{Failed, Store};
use chrono::{DateTime, Utc};
use domain::decider::{Decider, Stamp};
use domain::id::{Id, Log, Organisation};
use domain::particulars::Particular;
use std::collections::HashMap;
use thiserror::Error;
use uuid::Uuid;

/// How often a command decides again when somebody was first, before it says so.
pub(crate) const TRIES: usize = 8;

/// Proof that something was recorded: where it stands in the log, and the chain up to there.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    pub log: Log,
    pub position: i64,
    /// The version of the stream; what `ETag` shows.
    pub version: i32,
    pub chain: Option<Hash>,
    pub recorded_at: Option<DateTime<Utc>>,
    /// The same command was recorded before.
    pub repeated: bool,
}

/// Why a command was not carried out.
#[derive(Debug, Error)]
pub enum ExecuteError<R: std::error::Error> {
    #[error(transparent)]
    Refused(R),
    /// Somebody was first: the stream is at another version than the caller saw.
    #[error("iemand was u voor")]
    Overtaken,
    /// The number was used for something else.
    #[error("dit nummer is al gebruikt voor iets anders")]
    Reused,
    /// Its data were destroyed: what is told of it now would be lost.
    #[error(
        "de gegevens van deze persoon of dit dossier zijn vernietigd; hierbij wordt niets meer vastgelegd"
    )]
    Forgotten,
    #[error(transparent)]
    Failed(#[from] Failed),
}

/// What is known of a stream: its state and version.
#[derive(Clone, Debug)]
pub struct Known<D> {
    pub state: D,
    pub version: i32,
}

impl<D: Default> Default for Known<D> {
    fn default() -> Self {
        Self { state: D::default(), version: 0 }
    }
}

/// One command, decided: what is to be appended.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(crate) stamp: Stamp,
    /// To which log it is written; that of looks keeps no particulars.
    pub(crate) log: Log,
    pub(crate) stream: &'static str,
    pub(crate) stream_id: Uuid,
    /// The version of the stream on which was decided.
    pub(crate) expected: i32,
    pub(crate) bodies: Vec<String>,
    /// What the content digest is taken of.
    content: String,
    particulars: Vec<Particular>,
    /// Recorded together with the command after it in the same batch, or not at all.
    pub(crate) tied: bool,
    // Filled by `seal`.
    pub(crate) mac: [u8; 32],
    pub(crate) sealed: Vec<(Uuid, &'static str, Vec<u8>)>,
    pub(crate) digest: Option<[u8; 32]>,
    /// Subjects with the numbers of the keys that become theirs.
    pub(crate) new_keys: Vec<(Uuid, Uuid)>,
    /// Subjects that are forgotten when this is recorded.
    pub(crate) forgets: Vec<Uuid>,
}

impl Prepared {
    /// Decides a command on what is known of its stream, and brings what is known up to date.
    pub fn decide<D: Decider>(
        id: Id<D>,
        known: &mut Known<D>,
        command: D::Command,
        particulars: Vec<Particular>,
        stamp: &Stamp,
    ) -> Result<Self, D::Refusal> {
        let content = serde_json::to_string(&command).unwrap_or_default();
        let events = known.state.decide(command, stamp)?;
        let expected = known.version;
        let bodies: Vec<String> =
            events.iter().map(|it| serde_json::to_string(it).unwrap_or_default()).collect();
        for event in &events {
            known.state = std::mem::take(&mut known.state).evolve(event);
        }
        known.version += bodies.len() as i32;
        Ok(Self {
            stamp: *stamp,
            log: log_of::<D>(stamp),
            stream: D::STREAM,
            stream_id: id.0,
            expected,
            bodies,
            content,
            particulars,
            tied: false,
            mac: [0; 32],
            sealed: vec![],
            digest: None,
            new_keys: vec![],
            forgets: vec![],
        })
    }

    pub(crate) fn subjects(&self) -> Vec<Uuid> {
        subjects_of(&self.particulars)
    }

    /// Seals the particulars under the keys of their subjects, of which some are new.
    fn seal(&mut self, with: &sealed::Keys, keys: &HashMap<Uuid, DataKey>) -> Result<(), Failed> {
        let organisation = self.stamp.organisation;
        self.mac = content_mac(with, self.stream, self.stream_id, &self.content, &self.particulars);
        self.sealed.clear();
        for it in &self.particulars {
            let place = Place {
                organisation,
                stream: self.stream,
                stream_id: self.stream_id,
                version: self.expected + 1,
                part: it.part,
                schema: log::SCHEMA,
            };
            self.sealed.push((it.subject, it.part, keys[&it.subject].seal(place, &it.content)?));
        }
        let parts: Vec<_> = self.sealed.iter().map(|(s, p, b)| (*s, *p, b.as_slice())).collect();
        self.digest = (!parts.is_empty()).then(|| sealed::digest(&parts));
        Ok(())
    }
}

/// To which log the events of a stream are written.
const fn log_of<D: Decider>(stamp: &Stamp) -> Log {
    Log { organisation: stamp.organisation, kind: D::LOG }
}

pub(crate) fn subjects_of(particulars: &[Particular]) -> Vec<Uuid> {
    let mut subjects: Vec<Uuid> = particulars.iter().map(|it| it.subject).collect();
    subjects.sort_unstable();
    subjects.dedup();
    subjects
}

/// The keyed digest of a command and its particulars.
fn content_mac(
    keys: &sealed::Keys,
    stream: &str,
    id: Uuid,
    content: &str,
    particulars: &[Particular],
) -> [u8; 32] {
    let mut parts = vec![stream.as_bytes(), id.as_bytes(), content.as_bytes()];
    for it in particulars {
        parts.extend([it.subject.as_bytes().as_slice(), it.part.as_bytes(), it.content.as_bytes()]);
    }
    keys.recognise(&parts)
}

impl Store {
    /// Executes a command on a stream. `seen` is the version that the caller decided on, when he says so.
    ///
    /// # Errors
    /// Refused by the domain; overtaken by somebody else; the number reused; or our own trouble.
    pub async fn execute<D: Decider>(
        &self,
        id: Id<D>,
        command: D::Command,
        particulars: Vec<Particular>,
        stamp: &Stamp,
        seen: Option<i32>,
    ) -> Result<Receipt, ExecuteError<D::Refusal>> {
        if let Some(outcome) = self.execute_as_new(id, &command, &particulars, stamp, seen).await? {
            // Otherwise it was not new after all: it is read, and decided on what is there.
            if let Some(answer) = answered(log_of::<D>(stamp), &outcome) {
                return answer;
            }
        }
        self.execute_on_what_is_there(id, command, particulars, stamp, seen).await
    }

    /// Most commands begin a stream, with an id that its sender made just now, and tell of people who were not known: they are decided on
    /// nothing, sealed under new keys, and appended without reading first. The append looks at version, number and keys anyway: of what is
    /// about more, or of somebody who has a key, nothing is recorded, and the blank keys stay unused. `None` when that is known beforehand.
    async fn execute_as_new<D: Decider>(
        &self,
        id: Id<D>,
        command: &D::Command,
        particulars: &[Particular],
        stamp: &Stamp,
        seen: Option<i32>,
    ) -> Result<Option<Outcome>, Failed> {
        if seen.is_some_and(|seen| seen != 0) {
            return Ok(None);
        }
        let (command, particulars) = (command.clone(), particulars.to_vec());
        let known = &mut Known::default();
        let Ok(mut prepared) = Prepared::decide(id, known, command, particulars, stamp) else {
            return Ok(None);
        };
        if prepared.bodies.is_empty() {
            return Ok(None);
        }
        self.seal(&mut prepared, &mut HashMap::new()).await?;
        self.inner.writers.write(self, prepared).await.map(Some)
    }

    async fn execute_on_what_is_there<D: Decider>(
        &self,
        id: Id<D>,
        command: D::Command,
        particulars: Vec<Particular>,
        stamp: &Stamp,
        seen: Option<i32>,
    ) -> Result<Receipt, ExecuteError<D::Refusal>> {
        let (organisation, log) = (stamp.organisation, log_of::<D>(stamp));
        let subjects = subjects_of(&particulars);
        for _ in 0..TRIES {
            let before = self.before(organisation, id, Some(stamp.key), &subjects).await?;
            let Before { state, version, earlier, keys, forgotten } = before;
            if let Some(earlier) = earlier {
                return self.recognised(id, &command, &particulars, &earlier, stamp);
            }
            if seen.is_some_and(|seen| seen != version) {
                return Err(ExecuteError::Overtaken);
            }
            if forgotten {
                return Err(ExecuteError::Forgotten);
            }
            let mut known = Known { state, version };
            let decided =
                Prepared::decide(id, &mut known, command.clone(), particulars.clone(), stamp);
            let mut prepared = decided.map_err(ExecuteError::Refused)?;
            if prepared.bodies.is_empty() {
                // Nothing to record: it is so already.
                let (position, chain) = log::head(&self.inner.pool, log).await?;
                let chain = Some(chain);
                let recorded_at = None;
                return Ok(Receipt { log, position, version, chain, recorded_at, repeated: true });
            }
            let mut keys = self.opened(keys).await?.ok_or(ExecuteError::Forgotten)?;
            self.seal(&mut prepared, &mut keys).await?;
            let outcome = self.inner.writers.write(self, prepared).await?;
            if let Some(answer) = answered(log, &outcome) {
                return answer;
            }
        }
        Err(ExecuteError::Overtaken)
    }

    /// The answer to a command whose number is known: the receipt of then, when its content is the same.
    pub(crate) fn recognised<D: Decider, R: std::error::Error>(
        &self,
        id: Id<D>,
        command: &D::Command,
        particulars: &[Particular],
        (mac, outcome): &(Vec<u8>, Outcome),
        stamp: &Stamp,
    ) -> Result<Receipt, ExecuteError<R>> {
        let content = serde_json::to_string(command).unwrap_or_default();
        let now = content_mac(&self.inner.keys, D::STREAM, id.0, &content, particulars);
        if sealed::same(mac, &now) {
            Ok(receipt(Log { organisation: stamp.organisation, kind: D::LOG }, outcome))
        } else {
            Err(ExecuteError::Reused)
        }
    }

    /// What is known of a stream now.
    pub async fn known<D: Decider>(
        &self,
        organisation: Organisation,
        id: Uuid,
    ) -> Result<Known<D>, Failed> {
        let found = self.before(organisation, Id::<D>::new(id), None, &[]).await?;
        Ok(Known { state: found.state, version: found.version })
    }

    /// Whether a command was recorded under this number: it is answered with its receipt, whatever became of what it was about.
    pub async fn recorded_before(
        &self,
        organisation: Organisation,
        command: Uuid,
    ) -> Result<bool, Failed> {
        let none = Id::<domain::person::Person>::new(Uuid::nil());
        Ok(self.before(organisation, none, Some(command), &[]).await?.earlier.is_some())
    }

    pub(crate) async fn before<D: Decider>(
        &self,
        organisation: Organisation,
        id: Id<D>,
        command: Option<Uuid>,
        subjects: &[Uuid],
    ) -> Result<Before<D>, Failed> {
        let mut connection = self.inner.deciding.take().await?;
        let before = log::before(&mut *connection, organisation, id, command, subjects).await?;
        connection.give_back();
        Ok(before)
    }

    /// Appends decided commands to the register in the order given, as one or a few statements. For work that is alone on its streams: the
    /// simulation and imports. A command that is not recorded stops the rest.
    pub async fn append(
        &self,
        organisation: Organisation,
        mut batch: Vec<Prepared>,
    ) -> Result<Vec<Outcome>, Failed> {
        let mut subjects: Vec<Uuid> = batch.iter().flat_map(Prepared::subjects).collect();
        subjects.sort_unstable();
        subjects.dedup();
        let numbers = log::keys_of(&self.inner.pool, organisation, &subjects).await?;
        let mut keys = self.opened(numbers).await?.ok_or(sealed::SealError::DoesNotFit)?;
        for prepared in &mut batch {
            self.seal(prepared, &mut keys).await?;
        }
        self.inner.writers.write_in_order(self, organisation.into(), batch).await
    }

    /// Seals what goes with a command. Subjects without a key get a blank one, which becomes theirs when the command is recorded.
    pub(crate) async fn seal(
        &self,
        prepared: &mut Prepared,
        keys: &mut HashMap<Uuid, DataKey>,
    ) -> Result<(), Failed> {
        let mut new = prepared.subjects();
        new.retain(|it| !keys.contains_key(it));
        let blanks = self.inner.key_store.blanks(new.len()).await?;
        prepared.new_keys = new.iter().zip(&blanks).map(|(it, key)| (*it, key.number)).collect();
        keys.extend(new.into_iter().zip(blanks));
        prepared.seal(&self.inner.keys, keys)
    }

    /// The keys of subjects by their numbers; `None` when one was destroyed. That can only be when the register is of before that day.
    pub(crate) async fn opened(
        &self,
        numbers: Vec<(Uuid, Uuid)>,
    ) -> Result<Option<HashMap<Uuid, DataKey>>, Failed> {
        let mut found = self.inner.key_store.find(&numbers_of(&numbers)).await?;
        let mut keys = HashMap::with_capacity(numbers.len());
        for (subject, number) in numbers {
            let Some(key) = found.remove(&number).unwrap_or(Found::Broken).key()? else {
                return Ok(None);
            };
            keys.insert(subject, key);
        }
        Ok(Some(keys))
    }
}

pub(crate) fn numbers_of(keys: &[(Uuid, Uuid)]) -> Vec<Uuid> {
    keys.iter().map(|(_, number)| *number).collect()
}

/// The answer that an outcome gives, or `None` when the command is to be decided again.
fn answered<R: std::error::Error>(
    log: Log,
    outcome: &Outcome,
) -> Option<Result<Receipt, ExecuteError<R>>> {
    match outcome.kind {
        OutcomeKind::Recorded | OutcomeKind::Repeated => Some(Ok(receipt(log, outcome))),
        OutcomeKind::Reused => Some(Err(ExecuteError::Reused)),
        OutcomeKind::Overtaken | OutcomeKind::Rekeyed | OutcomeKind::Forgotten => None,
    }
}

pub(crate) fn receipt(log: Log, outcome: &Outcome) -> Receipt {
    Receipt {
        log,
        position: outcome.position,
        version: outcome.version,
        chain: outcome.chain,
        recorded_at: outcome.recorded_at,
        repeated: outcome.kind == OutcomeKind::Repeated,
    }
}
