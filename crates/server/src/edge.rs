//! The edge: who connects, over TLS or not, how many at once, and how long he may take. `axum::serve` has no bounds on time.

use crate::tls::Tls;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Sleep, sleep, timeout};
use tower::ServiceExt;

/// Bounds on connections.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// All together.
    pub connections: usize,
    /// From one address; nought is no bound, for a proxy.
    pub per_address: usize,
    /// To shake hands, and to send the head of a request; a connection that asks nothing is closed after as long.
    pub head: Duration,
    /// To take something of an answer.
    pub answer: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 2048,
            per_address: 256,
            head: Duration::from_secs(20),
            answer: Duration::from_secs(20),
        }
    }
}

/// What stands between the network and the register.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    pub bounds: Bounds,
    pub tls: Option<Tls>,
    /// Who is believed about where a request came from (X-Forwarded-For).
    pub proxies: Arc<[IpAddr]>,
}

/// Takes connections until told to stop, and then ends when all that was asked is answered.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    edge: Edge,
    stop: impl Future<Output = ()>,
) {
    let ending = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(edge.bounds.connections));
    let taken = Arc::new(Taken::default());
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let Ok((stream, peer)) = accepted else {
            // Too many open files, say: others may go meanwhile.
            sleep(Duration::from_millis(20)).await;
            continue;
        };
        let Ok(place) = places.clone().try_acquire_owned() else {
            metrics::counter!("meldboek_connections_refused_total", "reason" => "all").increment(1);
            continue;
        };
        let Some(own) = taken.clone().by(peer.ip(), edge.bounds.per_address) else {
            metrics::counter!("meldboek_connections_refused_total", "reason" => "address")
                .increment(1);
            continue;
        };
        let one = One { peer, router: router.clone(), edge: edge.clone() };
        let watcher = ending.watcher();
        tokio::spawn(async move {
            one.answer(stream, watcher).await;
            drop((place, own));
        });
    }
    drop(listener);
    ending.shutdown().await;
}

struct One {
    peer: SocketAddr,
    router: Router,
    edge: Edge,
}

impl One {
    async fn answer(self, stream: TcpStream, watcher: Watcher) {
        let _only_slower_without = stream.set_nodelay(true);
        let stream = Patient::new(stream, self.edge.bounds.answer);
        match &self.edge.tls {
            None => self.ask(stream, watcher).await,
            Some(tls) => {
                let shaken = timeout(self.edge.bounds.head, tls.accept(stream)).await;
                if let Ok(Ok(stream)) = shaken {
                    self.ask(stream, watcher).await;
                }
            }
        }
    }

    async fn ask<S>(&self, stream: S, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (router, peer, proxies) = (self.router.clone(), self.peer, self.edge.proxies.clone());
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            let from = ConnectInfo(origin(peer, &proxies, request.headers()));
            request.extensions_mut().insert(from);
            router.clone().oneshot(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.edge.bounds.head)
            .max_headers(64)
            .max_buf_size(64 * 1024)
            .serve_connection(TokioIo::new(stream), service);
        // Whoever breaks off, or is cut off, knows that himself.
        let _broken_off = watcher.watch(connection).await;
    }
}

/// Where a request comes from: the other end of the connection, or whom a trusted proxy names last. What stands before that anybody can have written.
fn origin(peer: SocketAddr, proxies: &[IpAddr], headers: &HeaderMap) -> SocketAddr {
    if !proxies.contains(&peer.ip().to_canonical()) {
        return peer;
    }
    let last = headers.get_all("x-forwarded-for").iter().next_back();
    let last = last.and_then(|it| it.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    last.map_or(peer, |address| SocketAddr::new(address, 0))
}

/// How many connections each address has.
#[derive(Default)]
struct Taken(Mutex<HashMap<IpAddr, usize>>);

/// A connection of an address, until it goes.
struct Own(Arc<Taken>, IpAddr);

impl Taken {
    fn by(self: Arc<Self>, address: IpAddr, most: usize) -> Option<Own> {
        let address = crate::rates::client(address);
        {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let count = all.entry(address).or_default();
            if most > 0 && *count >= most {
                return None;
            }
            *count += 1;
        }
        Some(Own(self, address))
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let mut all = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.1);
            }
        }
    }
}

/// A connection that is broken off when the other side takes nothing of an answer for a while.
struct Patient<S> {
    inner: S,
    patience: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl<S> Patient<S> {
    const fn new(inner: S, patience: Duration) -> Self {
        Self { inner, patience, waiting: None }
    }

    fn bounded<T>(
        &mut self,
        context: &mut Context<'_>,
        outcome: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.waiting = None;
            return outcome;
        }
        let patience = self.patience;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(waiting.as_mut().poll(context));
        Poll::Ready(Err(ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.bounded(context, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.inner).poll_write_vectored(context, pieces);
        self.bounded(context, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.inner).poll_flush(context);
        self.bounded(context, outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.inner).poll_shutdown(context);
        self.bounded(context, outcome)
    }
}
