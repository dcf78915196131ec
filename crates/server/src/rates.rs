//! How often somebody may ask: a token bucket per client address and one per account. Generous: a whole call centre may stand behind one address.

use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// How many buckets are kept. Full ones are forgotten first: they say nothing.
const KEPT: usize = 100_000;

/// So many a second, and so many at once. Nought: no limit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rate {
    pub per_second: u32,
    pub at_once: u32,
}

/// The limits of a server.
#[derive(Debug, Default)]
pub struct Rates {
    pub client: Buckets<IpAddr>,
    pub account: Buckets<Uuid>,
}

impl Rates {
    pub fn new(client: Rate, account: Rate) -> Self {
        Self { client: Buckets::new(client), account: Buckets::new(account) }
    }
}

#[derive(Debug)]
pub struct Buckets<K> {
    rate: Rate,
    held: Mutex<HashMap<K, Bucket>>,
}

impl<K> Default for Buckets<K> {
    fn default() -> Self {
        Self { rate: Rate::default(), held: Mutex::default() }
    }
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: DateTime<Utc>,
}

impl<K: Eq + Hash> Buckets<K> {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { rate, held: Mutex::default() }
    }

    /// Takes one; or says after how many seconds there is one again.
    pub(crate) fn take(&self, key: K, at: DateTime<Utc>) -> Result<(), u64> {
        let Rate { per_second, at_once } = self.rate;
        if per_second == 0 || at_once == 0 {
            return Ok(());
        }
        let (speed, most) = (f64::from(per_second), f64::from(at_once));
        let filled = |it: &Bucket| {
            // A clock that is set back gives nothing, and takes nothing.
            let passed = (at - it.at).num_milliseconds().max(0);
            (it.left + passed as f64 / 1000.0 * speed).min(most)
        };
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= KEPT && !held.contains_key(&key) {
            held.retain(|_, it| filled(it) < most);
        }
        if held.len() >= KEPT {
            held.clear();
        }
        let bucket = held.entry(key).or_insert(Bucket { left: most, at });
        let left = filled(bucket);
        if left < 1.0 {
            return Err(((1.0 - left) / speed).ceil().max(1.0) as u64);
        }
        *bucket = Bucket { left: left - 1.0, at };
        Ok(())
    }
}

/// By what a client is known: its address, or of IPv6 the network, for one client has all of that.
pub(crate) fn client(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(it) => IpAddr::V4(it),
        IpAddr::V6(it) => {
            let [a, b, c, d, ..] = it.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_800_000_000_000 + milliseconds).unwrap()
    }

    #[test]
    fn so_many_at_once_and_then_as_fast_as_it_fills() {
        let buckets = Buckets::new(Rate { per_second: 2, at_once: 3 });
        let take = |who, when| buckets.take(who, at(when));
        assert_eq!([take('a', 0), take('a', 0), take('a', 0)], [Ok(()); 3]);
        assert_eq!((take('a', 0), take('b', 0)), (Err(1), Ok(())));
        assert_eq!((take('a', 499), take('a', 500), take('a', 500)), (Err(1), Ok(()), Err(1)));
        // Never more than the bucket holds; and a clock that is set back changes nothing.
        assert_eq!([take('a', 60_000), take('a', 60_000), take('a', 60_000)], [Ok(()); 3]);
        assert_eq!((take('a', 60_000), take('a', 0)), (Err(1), Err(1)));
    }

    #[test]
    fn nought_is_no_limit() {
        let buckets = Buckets::new(Rate::default());
        assert!((0..1000).all(|_| buckets.take('a', at(0)).is_ok()));
    }

    #[test]
    fn one_client_has_a_whole_network_of_the_new_kind() {
        let known = |it: &str| client(it.parse().unwrap()).to_string();
        assert_eq!(known("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(known("::ffff:192.0.2.7"), "192.0.2.7");
    }
}
