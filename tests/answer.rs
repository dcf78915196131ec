//! What the register answered, and what holds for every answer: the headers, and for whatever is not what was asked for, problem details.

use axum::body::Bytes;
use axum::http::response::Parts;
use axum::http::{HeaderMap, Method};
use serde_json::Value;

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    asked: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// An answer, held against what holds for every answer.
    pub(crate) fn of(method: &Method, asked: String, head: Parts, body: Bytes) -> Self {
        let answer = Self { asked, status: head.status.as_u16(), headers: head.headers, body };
        answer.holds_to_the_rules(method);
        answer
    }

    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text());
        self
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|it| it.to_str().unwrap())
    }

    /// Refused for exactly these faults, each at its place, each with these words in its text.
    pub(crate) fn names(self, faults: &[(&str, &str)]) {
        let answer = self.is(400);
        let all = answer.json();
        let named: Vec<(&str, &str)> = all["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["pointer"].as_str().unwrap(), it["detail"].as_str().unwrap()))
            .collect();
        let right = named.len() == faults.len()
            && named.iter().zip(faults).all(|(is, said)| is.0 == said.0 && is.1.contains(said.1));
        assert!(right, "{}: expected {faults:?}, but it says {named:?}", answer.asked);
    }

    fn holds_to_the_rules(&self, method: &Method) {
        let asked = &self.asked;
        let always = [
            ("api-version", "1.0.0"),
            ("cache-control", "no-store"),
            ("strict-transport-security", "max-age=31536000; includeSubDomains"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
        ];
        for (name, value) in always {
            assert_eq!(self.header(name), Some(value), "{asked}: {name}");
        }
        let policy = self.header("content-security-policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'none'"), "{asked}: {policy}");
        let path = asked.split('?').next().unwrap_or_default();
        let open = path.ends_with(" /v1/openapi.json") && self.status == 200;
        assert_eq!(self.header("access-control-allow-origin"), open.then_some("*"), "{asked}");
        if self.status >= 400 && *method != Method::HEAD {
            self.is_a_problem();
        }
    }

    /// Problem details (RFC 9457) that say what, in words.
    fn is_a_problem(&self) {
        let asked = &self.asked;
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{asked}");
        let it = self.json();
        assert_eq!(it["status"], self.status, "{asked}");
        assert_eq!(it["type"], "about:blank", "{asked}");
        for key in ["title", "detail"] {
            let said = |it: &str| !it.is_empty() && !it.starts_with(": ");
            assert!(it[key].as_str().is_some_and(said), "{asked}: {it}");
        }
        if self.status == 400 {
            assert!(it["errors"].as_array().is_some_and(|it| !it.is_empty()), "{asked}: {it}");
        }
    }
}
