//! A witness: an outside party that signs our heads as well, and only those that go on where the last one it saw ended
//! (c2sp.org/tlog-witness). Whoever trusts it need not trust us, nor whoever keeps our database.

use crate::outside::{NoAnswer, Outside, is_safe};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::id::Log;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;
use store::Failed;
use store::proof::keeper::Keeper;
use store::proof::note::{Note, Signature, VerifierKey};
use thiserror::Error;

/// How long to wait after trouble: twice as long each time.
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_mins(10);

/// Where a witness is, and by which key its signatures are verified.
#[derive(Clone, Debug)]
pub struct Address {
    url: String,
    key: VerifierKey,
}

/// Not the address of a witness.
#[derive(Clone, Debug, Error)]
#[error("'{0}' is geen getuige; verwacht ADRES=CONTROLESLEUTEL, met een adres over https")]
pub struct NoAddress(String);

impl FromStr for Address {
    type Err = NoAddress;

    fn from_str(text: &str) -> Result<Self, NoAddress> {
        let read = || {
            // The key may end with the same sign, the address holds none.
            let (url, key) = text.split_once('=')?;
            let url = url.trim_end_matches('/').to_owned();
            is_safe(&url).then_some(Self { url, key: key.parse().ok()? })
        };
        read().ok_or_else(|| NoAddress(text.to_owned()))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key.name())
    }
}

/// Why a witness did not sign.
#[derive(Debug, Error)]
pub enum NotSigned {
    #[error(transparent)]
    Failed(#[from] Failed),
    #[error("the witness gave no answer: {0}")]
    NoAnswer(#[from] NoAnswer),
    #[error("the witness answered {0}")]
    Refused(u16),
    #[error(
        "the witness saw a head of size {seen}, and ours is {ours}: one of the two logs is not ours, or was cut"
    )]
    Ahead { seen: u64, ours: u64 },
    #[error("in the answer there is no right signature of the witness")]
    NoSignature,
}

/// One witness, for all logs.
pub struct Witness {
    address: Address,
    keeper: Keeper,
    outside: Outside,
}

impl Witness {
    pub const fn at(address: Address, keeper: Keeper, outside: Outside) -> Self {
        Self { address, keeper, outside }
    }

    /// Has every newest head signed, until the register stops. Trouble is said, and tried again later.
    pub async fn run(self) {
        let mut signed = self.keeper.signed();
        let mut patience = FIRST;
        loop {
            let asked = self.ask_for_all().await;
            if let Err(error) = &asked {
                let error = error as &dyn std::error::Error;
                tracing::error!(error, witness = %self.address, "a witness did not sign");
            }
            let wait = patience;
            patience = if asked.is_ok() { FIRST } else { LONGEST.min(patience * 2) };
            tokio::select! {
                news = signed.changed(), if asked.is_ok() => if news.is_err() { return },
                () = tokio::time::sleep(wait), if asked.is_err() => {}
                () = self.keeper.store().stopped() => return,
            }
        }
    }

    async fn ask_for_all(&self) -> Result<(), NotSigned> {
        for log in self.keeper.store().logs().await? {
            self.ask(log).await?;
        }
        Ok(())
    }

    /// Has the newest head of a log signed, if the witness has not done so.
    pub async fn ask(&self, log: Log) -> Result<(), NotSigned> {
        let store = self.keeper.store();
        let Some(newest) = store.heads(log, None, 1).await?.pop() else { return Ok(()) };
        let old = store.cosigned_up_to(log, &self.address.key).await?;
        if old == newest.note.head.size {
            return Ok(());
        }
        let line = match self.add(log, old, &newest.note).await? {
            Answer::Signed(line) => line,
            // It signed something of which the answer did not reach us.
            Answer::Saw(seen) => match self.add(log, seen, &newest.note).await? {
                Answer::Signed(line) => line,
                Answer::Saw(_) => return Err(NotSigned::Refused(409)),
            },
        };
        self.keeper.keep_cosignature(log, &newest.note, &self.address.key, line).await?;
        Ok(())
    }

    /// `add-checkpoint`: what it signed last, the proof that ours goes on from there, and ours.
    async fn add(&self, log: Log, old: u64, note: &Note) -> Result<Answer, NotSigned> {
        let ours = note.head.size;
        if old > ours {
            return Err(NotSigned::Ahead { seen: old, ours });
        }
        let proof = self.keeper.store().consistency(log, old, ours).await?;
        let proof: Vec<String> = proof.iter().map(|it| STANDARD.encode(it) + "\n").collect();
        let text = format!("old {old}\n{}\n{note}", proof.concat());
        let address = format!("{}/add-checkpoint", self.address.url);
        let (status, body) = self.outside.post_text(&address, text).await?;
        let body = String::from_utf8_lossy(&body);
        match status {
            200 => {
                let mut lines = body.lines().filter_map(Signature::read);
                let line = lines.find(|it| self.address.key.holds(&note.head, it));
                line.map(Answer::Signed).ok_or(NotSigned::NoSignature)
            }
            409 => body.trim().parse().map(Answer::Saw).map_err(|_| NotSigned::Refused(409)),
            other => Err(NotSigned::Refused(other)),
        }
    }
}

enum Answer {
    Signed(Signature),
    Saw(u64),
}
