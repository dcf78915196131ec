//! Who comes in: numbers of tokens that were used. Kept in the database so that several servers know the same, under a role that can
//! see nothing else. Of what opens a door only the digest comes here.

use crate::{Failed, Store};
use chrono::{DateTime, Utc};

/// SHA-256 of what opens a door.
pub type Digest = [u8; 32];

/// How often the number of a token was used before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    First,
    /// By this same token.
    Again,
    /// By another token, or by one of which nothing is known any more.
    ByAnother,
}

impl Store {
    /// Notes that a token with this number came in, and says whether the number was used before.
    pub async fn use_token(
        &self,
        number: &Digest,
        token: &Digest,
        expires_at: DateTime<Utc>,
    ) -> Result<Use, Failed> {
        let noted = sqlx::query!(
            "insert into token_use (number, token, expires_at) values ($1, $2, $3) on conflict (number) do nothing",
            number.as_slice(),
            token.as_slice(),
            expires_at
        );
        if noted.execute(&self.inner.door).await?.rows_affected() == 1 {
            return Ok(Use::First);
        }
        // A statement of its own: it sees what the first one waited for.
        let earlier =
            sqlx::query_scalar!("select token from token_use where number = $1", number.as_slice());
        let earlier = earlier.fetch_optional(&self.inner.door).await?;
        Ok(if earlier.is_some_and(|it| it == token) { Use::Again } else { Use::ByAnother })
    }

    /// Forgets what has expired.
    pub async fn forget_expired(&self, at: DateTime<Utc>) -> Result<(), Failed> {
        let door = &self.inner.door;
        sqlx::query!("delete from token_use where expires_at <= $1", at).execute(door).await?;
        Ok(())
    }
}
