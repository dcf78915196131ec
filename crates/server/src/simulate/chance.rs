//! Chance that can be repeated: everything the simulation draws comes from a seed, an organisation and a year, so that one
//! organisation alone gets the same events as within the whole country.
//!
//! Only the raw stream of ChaCha8 is used; what is made of it stands here, so that no new version of a library changes a year.

use chrono::{DateTime, Utc};
use domain::id::Organisation;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use uuid::{Builder, Uuid};

/// A stream of chance.
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    /// The chance of an organisation in a year; `part` tells its cells apart.
    pub(super) fn of_year(seed: u64, organisation: Organisation, year: i32, part: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        bytes[8..12].copy_from_slice(organisation.as_str().as_bytes());
        bytes[12..16].copy_from_slice(&year.to_le_bytes());
        bytes[16..24].copy_from_slice(&part.to_le_bytes());
        Self(ChaCha8Rng::from_seed(bytes))
    }

    /// The chance of one thing, from a number that [`Self::number`] drew for it.
    pub(super) fn of_number(number: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(number))
    }

    pub(super) fn number(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// From 0 up to and not including 1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From 0 up to and not including `end`; 0 when there is nothing to choose.
    pub(super) fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.0.next_u64()) * end as u128) >> 64) as usize
    }

    /// From `first` up to and including `last`.
    pub(super) fn between(&mut self, first: i64, last: i64) -> i64 {
        let width = usize::try_from(last - first + 1).unwrap_or_default();
        first + i64::try_from(self.below(width)).unwrap_or_default()
    }

    pub(super) fn happens(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// One of several, each with its weight.
    pub(super) fn weighted<T: Copy>(&mut self, from: &[(T, f64)]) -> T {
        let mut left = self.unit() * from.iter().map(|(_, weight)| weight).sum::<f64>();
        for (value, weight) in from {
            if left < *weight {
                return *value;
            }
            left -= weight;
        }
        from[from.len() - 1].0
    }

    /// A whole number near `value`: the fraction is the chance of one more.
    #[expect(clippy::cast_sign_loss, reason = "volumes are not negative")]
    pub(super) fn whole(&mut self, value: f64) -> u32 {
        let floor = value.max(0.0).floor();
        floor as u32 + u32::from(self.happens(value - floor))
    }

    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i + 1));
        }
    }

    /// The id of something that came up at a moment; near moments give near ids, which indexes like.
    pub(super) fn id(&mut self, at: DateTime<Utc>) -> Uuid {
        let mut bytes = [0; 10];
        self.0.fill_bytes(&mut bytes);
        let millis = at.timestamp_millis().unsigned_abs();
        Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }
}
