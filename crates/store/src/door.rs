//! Who comes in: numbers of tokens that were used, logins under way, sessions. Kept in the database so that several servers know the same, under a role that can
//! see nothing else. Of what opens a door only the digest comes here.

use crate::{Failed, Store};
use chrono::{DateTime, Utc};
use uuid::Uuid;

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
        sqlx::query!("delete from login where expires_at <= $1", at).execute(door).await?;
        sqlx::query!("delete from session where ends_at <= $1", at).execute(door).await?;
        Ok(())
    }
}

/// A worker who is logged in.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    pub worker: Uuid,
    pub organisation: String,
    pub roles: Vec<String>,
    pub teams: Vec<Uuid>,
    pub areas: Vec<String>,
    pub seen_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

impl Store {
    /// Notes that a login is under way.
    pub async fn begin_login(
        &self,
        state: &Digest,
        return_to: &str,
        expires_at: DateTime<Utc>,
    ) -> Result<(), Failed> {
        let begun = sqlx::query!(
            "insert into login (state, return_to, expires_at) values ($1, $2, $3)",
            state.as_slice(),
            return_to,
            expires_at
        );
        begun.execute(&self.inner.door).await?;
        Ok(())
    }

    /// Ends a login that was under way, once; tells the page to go to.
    pub async fn end_login(
        &self,
        state: &Digest,
        at: DateTime<Utc>,
    ) -> Result<Option<String>, Failed> {
        let ended = sqlx::query_scalar!(
            "delete from login where state = $1 and expires_at > $2 returning return_to",
            state.as_slice(),
            at
        );
        Ok(ended.fetch_optional(&self.inner.door).await?)
    }

    pub async fn begin_session(&self, id: &Digest, it: &Session) -> Result<(), Failed> {
        let begun = sqlx::query!(
            "insert into session (id, worker, organisation, roles, teams, areas, started_at, seen_at, ends_at)
             values ($1, $2, $3, $4, $5, $6, $7, $7, $8)",
            id.as_slice(),
            it.worker,
            it.organisation,
            &it.roles,
            &it.teams,
            &it.areas,
            it.seen_at,
            it.ends_at
        );
        begun.execute(&self.inner.door).await?;
        Ok(())
    }

    /// A session that has not ended, and was seen after `idle_since`. That it is seen now is told when it was not since `seen_before`.
    pub async fn session(
        &self,
        id: &Digest,
        at: DateTime<Utc>,
        idle_since: DateTime<Utc>,
        seen_before: DateTime<Utc>,
    ) -> Result<Option<Session>, Failed> {
        let session = sqlx::query_as!(
            Session,
            "select worker, organisation, roles, teams, areas, seen_at, ends_at from session
             where id = $1 and ends_at > $2 and seen_at > $3",
            id.as_slice(),
            at,
            idle_since
        );
        let session = session.fetch_optional(&self.inner.door).await?;
        if session.as_ref().is_some_and(|it| it.seen_at <= seen_before) {
            let seen = sqlx::query!(
                "update session set seen_at = $2 where id = $1 and seen_at < $2",
                id.as_slice(),
                at
            );
            seen.execute(&self.inner.door).await?;
        }
        Ok(session)
    }

    pub async fn end_session(&self, id: &Digest) -> Result<(), Failed> {
        let ended = sqlx::query!("delete from session where id = $1", id.as_slice());
        ended.execute(&self.inner.door).await?;
        Ok(())
    }
}
