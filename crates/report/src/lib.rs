//! What may be counted, and what may be shown. Pure: facts come in as counts, figures go out as tables.
//!
//! Read in the order of the list: facts → definition → tally → disclosure → the tables and their faces.

pub mod fact;
pub mod definition;
mod tally;
pub mod disclosure;
pub mod period;
mod boundaries;
mod published;
pub mod table;
pub mod trend;
pub mod statistics;
pub mod changes;
pub mod face;
#[cfg(test)]
mod sample;
