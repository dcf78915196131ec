//! A request as part of a chain of requests (W3C Trace Context): what the caller says of it when that can be read, or a beginning of our
//! own. The same numbers stand in the answer, in the log of the server and in the looks.

use crate::clock::random_id;
use axum::http::{HeaderMap, HeaderValue};
use domain::look::Trace;

pub(crate) const HEADER: &str = "traceparent";
/// Version, trace, span and flags, with dashes between them.
const LENGTH: usize = 55;

#[derive(Clone, Debug)]
pub(crate) struct Traced {
    pub(crate) trace: Trace,
    flags: String,
}

impl Traced {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let span = format!("{:016x}", random_id().as_u128() as u64);
        let mut all = headers.get_all(HEADER).iter();
        let told = all.next().and_then(|it| it.to_str().ok()).filter(|_| all.next().is_none());
        let (id, parent, flags) = match told.and_then(read) {
            Some((id, parent, flags)) => (id.to_owned(), Some(parent.to_owned()), flags),
            None => (random_id().simple().to_string(), None, "01"),
        };
        Self { trace: Trace { id, span, parent }, flags: flags.to_owned() }
    }

    /// As it goes with the answer.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let Trace { id, span, .. } = &self.trace;
        HeaderValue::from_str(&format!("00-{id}-{span}-{}", self.flags)).ok()
    }
}

/// The trace, the span of the caller and the flags, when they are what they should be. A later version may say more after them.
fn read(told: &str) -> Option<(&str, &str, &str)> {
    let (first, rest) = told.split_at_checked(LENGTH)?;
    let mut parts = first.split('-');
    let (version, id) = (parts.next()?, parts.next()?);
    let (parent, flags) = (parts.next()?, parts.next()?);
    let right = number(version, 2)
        && number(id, 32)
        && number(parent, 16)
        && number(flags, 2)
        && version != "ff"
        && id.bytes().any(|it| it != b'0')
        && parent.bytes().any(|it| it != b'0')
        && (rest.is_empty() || (version != "00" && rest.starts_with('-')));
    right.then_some((id, parent, flags))
}

fn number(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

    #[test]
    fn only_what_the_standard_allows_is_taken_over() {
        let right = format!("00-{TRACE}-b7ad6b7169203331-01");
        assert_eq!(read(&right), Some((TRACE, "b7ad6b7169203331", "01")));
        assert!(read(&format!("cc-{TRACE}-b7ad6b7169203331-01-what-comes-later")).is_some());
        for wrong in [
            String::new(),
            right.to_uppercase(),
            right.replace('-', "_"),
            format!("{right}-more"),
            format!("ff-{TRACE}-b7ad6b7169203331-01"),
            format!("00-{}-b7ad6b7169203331-01", "0".repeat(32)),
            format!("00-{TRACE}-{}-01", "0".repeat(16)),
            format!("00-{TRACE}-b7ad6b7169203331-0€"),
        ] {
            assert_eq!(read(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_chain_goes_on_under_the_span_of_the_caller_and_otherwise_begins() {
        let mut headers = HeaderMap::new();
        let begun = Traced::of(&headers).trace;
        assert!(begun.parent.is_none() && number(&begun.id, 32) && number(&begun.span, 16));
        let told = format!("00-{TRACE}-b7ad6b7169203331-00").parse().unwrap();
        headers.insert(HEADER, told);
        let gone_on = Traced::of(&headers);
        assert_eq!(gone_on.trace.id, TRACE);
        assert_eq!(gone_on.trace.parent.as_deref(), Some("b7ad6b7169203331"));
        let sent = gone_on.header().unwrap();
        assert!(sent.to_str().unwrap().starts_with(&format!("00-{TRACE}-")));
        assert!(sent.to_str().unwrap().ends_with("-00"));
    }
}
