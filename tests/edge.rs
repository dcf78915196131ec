//! The edge, over real sockets: whoever dribbles is cut off, whoever asks too much is told when he may again, and nobody listens in.

use crate::house::House;
use server::app::Limits;
use server::edge::{Bounds, Edge, serve};
use server::rates::{Rate, Rates};
use server::tls::Tls;
use sqlx::PgPool;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// A second is enough here: the other side never does what is waited for.
const SHORT: Duration = Duration::from_secs(1);

fn short() -> Edge {
    within(Bounds { head: SHORT, answer: SHORT, ..Bounds::default() })
}

fn within(bounds: Bounds) -> Edge {
    Edge { bounds, ..Edge::default() }
}

async fn listen(house: &House, edge: Edge) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = server::api::router(&house.app);
    tokio::spawn(serve(listener, router, edge, std::future::pending()));
    address
}

/// Sends a beginning, and then a byte whenever nothing comes back for a moment; tells all that came back until it was closed.
async fn dribble(to: SocketAddr, beginning: &str) -> String {
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(beginning.as_bytes()).await.unwrap();
    let (mut told, mut piece) = (Vec::new(), [0; 1024]);
    loop {
        match timeout(Duration::from_millis(50), stream.read(&mut piece)).await {
            Ok(Ok(0) | Err(_)) => return String::from_utf8(told).unwrap(),
            Ok(Ok(length)) => told.extend_from_slice(&piece[..length]),
            Err(_) => {
                let _closed_meanwhile = stream.write_all(b"a").await;
            }
        }
    }
}

async fn slow(pool: &PgPool) -> House {
    House::within(Limits { body_time: SHORT, ..Limits::default() }, "2026-06-30", pool).await
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_dribbles_the_head_of_a_request_is_cut_off(pool: PgPool) {
    let house = slow(&pool).await;
    let address = listen(&house, short()).await;
    for beginning in ["", "G", "GET /health/live HTTP/1.1\r\nHost: m\r\nX-Traag: "] {
        let told = dribble(address, beginning).await;
        assert!(told.is_empty() || told.starts_with("HTTP/1.1 408"), "{beginning}: {told}");
    }
    // After an answer the connection waits for another question, and no longer.
    let told = dribble(address, "GET /health/live HTTP/1.1\r\nHost: m\r\n\r\n").await;
    assert!(told.starts_with("HTTP/1.1 200") && told.contains("levend"), "{told}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_dribbles_a_body_is_told_and_cut_off(pool: PgPool) {
    let house = slow(&pool).await;
    let address = listen(&house, short()).await;
    let token = house.token(&crate::house::Token::of(domain::access::Role::Intake, "VT02"));
    let beginning = format!(
        "PUT /v1/contacten/00000000-0000-0000-0000-000000000001 HTTP/1.1\r\nHost: m\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{{"
    );
    let told = dribble(address, &beginning).await;
    assert!(told.starts_with("HTTP/1.1 408"), "{told}");
    assert!(told.contains("application/problem+json") && told.contains("te traag"), "{told}");
    assert_eq!(crate::house::stored(&pool).await[0], 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn so_many_connections_there_are_and_no_more(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let bounds = Bounds { per_address: 2, ..Bounds::default() };
    let address = listen(&house, within(bounds)).await;
    let ask = async |stream: &mut TcpStream| {
        let _closed = stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: m\r\n\r\n").await;
        let mut piece = [0; 2048];
        stream.read(&mut piece).await.unwrap_or(0) > 0
    };
    let mut streams = Vec::new();
    for nth in 0..3 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        assert_eq!(ask(&mut stream).await, nth < 2, "{nth}");
        streams.push(stream);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn whoever_asks_too_much_hears_when_he_may_again(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    let (none, two) = (Rate::default(), Rate { per_second: 1, at_once: 2 });
    house.limits_to(Rates::new(none, two));
    for status in [200, 200, 429] {
        assert_eq!(house.get("/v1/ik").await.status, status);
    }
    let answer = house.get("/v1/ik").await.is(429);
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert!(answer.json()["detail"].as_str().unwrap().contains("te veel"));
    // Each account for itself; and whoever waited may again.
    house.get("/v1/ik").by(domain::access::Role::Intake).await.is(200);
    house.later(1);
    house.get("/v1/ik").await.is(200);
    house.get("/v1/ik").await.is(429);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_address_is_that_of_the_connection_unless_a_proxy_that_is_trusted_says_otherwise(
    pool: PgPool,
) {
    let mut house = House::on("2026-06-30", &pool).await;
    let one = Rate { per_second: 1, at_once: 1 };
    for (trusted, statuses) in [(false, [200, 429, 429]), (true, [200, 200, 429])] {
        house.limits_to(Rates::new(one, Rate::default()));
        let proxies = if trusted { vec!["127.0.0.1".parse().unwrap()] } else { vec![] };
        let address = listen(&house, Edge { proxies: proxies.into(), ..Edge::default() }).await;
        let mut found = Vec::new();
        // The last is what the proxy saw; what stands before it anybody can have written.
        for said in ["192.0.2.1", "198.51.100.7, 192.0.2.2", "203.0.113.9, 192.0.2.2"] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let ask = format!(
                "GET /health/live HTTP/1.1\r\nHost: m\r\nX-Forwarded-For: {said}\r\nConnection: close\r\n\r\n"
            );
            stream.write_all(ask.as_bytes()).await.unwrap();
            let mut told = String::new();
            stream.read_to_string(&mut told).await.unwrap();
            found.push(told[9..12].parse::<u16>().unwrap());
        }
        assert_eq!(found, statuses, "trusted: {trusted}");
    }
}

/// A certificate of our own for localhost; its name says which.
fn certificate(folder: &Path, name: &str) -> (PathBuf, PathBuf) {
    let (certificate, key) = (folder.join("c.pem"), folder.join("k.pem"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", &format!("/CN={name}"), "-addext", "subjectAltName=DNS:localhost"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    (certificate, key)
}

/// Asks over TLS, trusting only this certificate.
async fn over_tls(address: SocketAddr, certificate: &Path) -> bool {
    let asked = tokio::process::Command::new("curl")
        .args(["--silent", "--fail", "--max-time", "20", "--cacert"])
        .arg(certificate)
        .args(["--resolve", &format!("localhost:{}:127.0.0.1", address.port())])
        .arg(format!("https://localhost:{}/health/live", address.port()))
        .output()
        .await
        .unwrap();
    asked.status.success() && asked.stdout == b"levend"
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_certificate_is_changed_while_the_server_runs(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let folder = std::env::temp_dir().join(format!("meldboek-test-{}", server::clock::random_id()));
    fs::create_dir(&folder).unwrap();
    let (first, key) = certificate(&folder, "een");
    let tls = Tls::read(&first, &key).unwrap();
    let address = listen(&house, Edge { tls: Some(tls.clone()), ..Edge::default() }).await;
    let kept = folder.join("eerste.pem");
    fs::copy(&first, &kept).unwrap();
    assert!(over_tls(address, &kept).await);
    certificate(&folder, "twee");
    assert!(over_tls(address, &kept).await, "nothing changes by itself");
    tls.read_again().unwrap();
    assert!(over_tls(address, &first).await && !over_tls(address, &kept).await);
    // What cannot be used changes nothing.
    fs::write(&key, "geen sleutel").unwrap();
    tls.read_again().unwrap_err();
    assert!(over_tls(address, &first).await);
    // Whoever speaks plainly gets no answer that is one.
    let told = dribble(address, "GET /health/live HTTP/1.1\r\n\r\n").await;
    assert!(!told.contains("levend"));
    let _gone = fs::remove_dir_all(&folder);
}
