//! What the register asks of others over HTTP: of the identity provider, its keys and logins. Over TLS, or on this machine itself; no redirects, no
//! long answers, little patience.

use axum::body::Bytes;
use axum::http::{Method, Request, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::fmt;
use std::time::Duration;
use thiserror::Error;

const LONGEST_ANSWER: usize = 256 * 1024;
const FORM: &str = "application/x-www-form-urlencoded";
const PATIENCE: Duration = Duration::from_secs(5);

/// Why somebody else did not answer as he should. For our own log.
#[derive(Debug, Error)]
pub enum NoAnswer {
    #[error("{0} is no address over TLS")]
    NotSafe(String),
    #[error("the answer took longer than {} seconds", PATIENCE.as_secs())]
    TooSlow,
    #[error("the request could not be made: {0}")]
    Request(#[from] axum::http::Error),
    #[error("there was no connection")]
    Connection(#[from] hyper_util::client::legacy::Error),
    #[error("the answer broke off or was too long: {0}")]
    Answer(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the answer was {0}")]
    Status(u16),
    #[error("the answer is not what it should be: {0}")]
    Unreadable(String),
}

/// Asks others.
#[derive(Clone)]
pub struct Outside {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl fmt::Debug for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outside")
    }
}

impl Outside {
    /// With the certificates that this machine trusts (`SSL_CERT_FILE` chooses others).
    pub fn new() -> std::io::Result<Self> {
        let provider = tokio_rustls::rustls::crypto::aws_lc_rs::default_provider();
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(provider)?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self { client: Client::builder(TokioExecutor::new()).build(connector) })
    }

    /// The body of an answer 200.
    pub async fn get(&self, address: &str) -> Result<Bytes, NoAnswer> {
        let (status, body) = self.ask(Method::GET, address, FORM, &[], String::new()).await?;
        if status == 200 { Ok(body) } else { Err(NoAnswer::Status(status)) }
    }

    /// The status and the body of an answer to a form; what is in the form may be secret.
    pub async fn post_form(
        &self,
        address: &str,
        headers: &[(header::HeaderName, String)],
        form: String,
    ) -> Result<(u16, Bytes), NoAnswer> {
        self.ask(Method::POST, address, FORM, headers, form).await
    }

    /// The status and the body of an answer to a text.
    pub async fn post_text(&self, address: &str, text: String) -> Result<(u16, Bytes), NoAnswer> {
        self.ask(Method::POST, address, "text/plain; charset=utf-8", &[], text).await
    }

    /// The status and the body of an answer to a document.
    pub async fn post_json(
        &self,
        address: &str,
        document: String,
    ) -> Result<(u16, Bytes), NoAnswer> {
        self.ask(Method::POST, address, "application/json", &[], document).await
    }

    async fn ask(
        &self,
        method: Method,
        address: &str,
        media: &'static str,
        headers: &[(header::HeaderName, String)],
        form: String,
    ) -> Result<(u16, Bytes), NoAnswer> {
        if !is_safe(address) {
            return Err(NoAnswer::NotSafe(address.to_owned()));
        }
        let mut request = Request::builder()
            .method(method)
            .uri(address)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, media);
        for (name, value) in headers {
            if let Some(all) = request.headers_mut() {
                all.remove(name);
            }
            request = request.header(name, value);
        }
        let request = request.body(Full::new(Bytes::from(form)))?;
        let answered = async {
            let (head, body) = self.client.request(request).await?.into_parts();
            let body = Limited::new(body, LONGEST_ANSWER).collect().await;
            Ok((head.status.as_u16(), body.map_err(NoAnswer::Answer)?.to_bytes()))
        };
        tokio::time::timeout(PATIENCE, answered).await.map_err(|_| NoAnswer::TooSlow)?
    }
}

/// Whether nobody on the way can listen: TLS, or this machine itself.
pub fn is_safe(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let here =
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|it| it.is_loopback());
    match uri.scheme_str() {
        Some("https") => !host.is_empty(),
        Some("http") => here,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_that_nobody_can_listen_to_is_asked() {
        for safe in ["https://a.example", "http://127.0.0.1:1", "http://[::1]/", "http://localhost"]
        {
            assert!(is_safe(safe), "{safe}");
        }
        for not in ["http://a.example", "http://127.0.0.1.a.example", "file:///a", "a", "https://"]
        {
            assert!(!is_safe(not), "{not}");
        }
    }
}
