//! TLS by rustls: a certificate that can be changed while the server runs.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, ServerConfig};
use tokio_rustls::server::TlsStream;

/// A certificate that cannot be used.
#[derive(Debug, Error)]
pub enum NoTls {
    #[error("certificaat {0} is niet te lezen (PEM): {1}")]
    Certificate(PathBuf, rustls::pki_types::pem::Error),
    #[error("sleutel {0} is niet te lezen (PEM): {1}")]
    Key(PathBuf, rustls::pki_types::pem::Error),
    #[error("certificaat en sleutel horen niet bij elkaar, of zijn niet te gebruiken: {0}")]
    Unusable(#[from] rustls::Error),
}

/// Takes connections over TLS 1.2 and 1.3.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    current: Arc<Current>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

impl Tls {
    /// With a chain of certificates and its private key, each in a file.
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, NoTls> {
        let current = Arc::new(Current {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            held: RwLock::new(certified(certificate, key)?),
        });
        let mut config = ServerConfig::builder_with_provider(default_provider().into())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(current.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { acceptor: Arc::new(config).into(), current })
    }

    /// Reads the files again; connections that are there stay. When they cannot be used, the ones of before stay too.
    pub fn read_again(&self) -> Result<(), NoTls> {
        let it = &self.current;
        let fresh = certified(&it.certificate, &it.key)?;
        *it.held.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    pub(crate) async fn accept<S>(&self, stream: S) -> io::Result<TlsStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        self.acceptor.accept(stream).await
    }
}

fn certified(certificate: &Path, key: &Path) -> Result<Arc<CertifiedKey>, NoTls> {
    let unreadable = |why| NoTls::Certificate(certificate.to_owned(), why);
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(unreadable)?;
    // The bytes of the key are wiped when it goes.
    let key = PrivateKeyDer::from_pem_file(key).map_err(|why| NoTls::Key(key.to_owned(), why))?;
    let certified = CertifiedKey::from_der(chain, key, &default_provider())?;
    Ok(Arc::new(certified))
}

struct Current {
    certificate: PathBuf,
    key: PathBuf,
    held: RwLock<Arc<CertifiedKey>>,
}

impl fmt::Debug for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Current")
    }
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.held.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}
