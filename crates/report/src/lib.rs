//! What may be counted, and what may be shown. Pure: facts come in as counts, figures go out as tables.
//!
//! Read in the order of the list: facts → definition → disclosure → the tables and their faces.

pub mod fact;
