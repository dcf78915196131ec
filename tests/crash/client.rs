//! As much of HTTP/1.1 as the load needs: PUT and GET over a connection that is kept open. A library would repeat or hide what fails, and what
//! fails is what is tested.

use std::io::{self, Error, ErrorKind};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// Longer than any answer takes that is still to come.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Client {
    address: String,
    token: String,
    connection: Option<BufReader<TcpStream>>,
}

impl Client {
    pub(crate) fn of(address: &str, token: &str) -> Self {
        Self { address: address.to_owned(), token: token.to_owned(), connection: None }
    }

    /// The status and the body of the answer.
    pub(crate) async fn put(&mut self, path: &str, body: &str) -> io::Result<(u16, String)> {
        self.ask(&format!("PUT {path}"), "Content-Type: application/json", body).await
    }

    /// The same, in a chain of requests with a number of its own.
    pub(crate) async fn get(&mut self, path: &str, trace: &str) -> io::Result<(u16, String)> {
        let trace = format!("traceparent: 00-{trace}-00000000000000aa-01");
        self.ask(&format!("GET {path}"), &trace, "").await
    }

    /// After an error the connection is given up.
    async fn ask(&mut self, what: &str, header: &str, body: &str) -> io::Result<(u16, String)> {
        let answer = tokio::time::timeout(PATIENCE, self.exchange(what, header, body)).await;
        let answer = answer.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()));
        if answer.is_err() {
            self.connection = None;
        }
        answer
    }

    async fn exchange(
        &mut self,
        what: &str,
        header: &str,
        body: &str,
    ) -> io::Result<(u16, String)> {
        let mut connection = match self.connection.take() {
            Some(open) => open,
            None => BufReader::new(TcpStream::connect(&self.address).await?),
        };
        let request = format!(
            "{what} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n{header}\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            self.token,
            body.len()
        );
        connection.write_all(request.as_bytes()).await?;
        let status = status(&line(&mut connection).await?)?;
        let mut length = 0;
        let mut closes = false;
        loop {
            let header = line(&mut connection).await?.to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().map_err(|_| nonsense(&header))?;
            }
            closes |= header == "connection: close";
        }
        let mut said = vec![0; length];
        connection.read_exact(&mut said).await?;
        if !closes {
            self.connection = Some(connection);
        }
        Ok((status, String::from_utf8_lossy(&said).into_owned()))
    }
}

/// One line of the head, without its end. A connection that ends halfway is an error, not an empty line.
async fn line(connection: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    connection.read_line(&mut line).await?;
    match line.strip_suffix("\r\n") {
        Some(line) => Ok(line.to_owned()),
        None => Err(ErrorKind::UnexpectedEof.into()),
    }
}

fn status(line: &str) -> io::Result<u16> {
    let status = line.split(' ').nth(1).and_then(|it| it.parse().ok());
    status.ok_or_else(|| nonsense(line))
}

fn nonsense(line: &str) -> Error {
    Error::new(ErrorKind::InvalidData, format!("geen HTTP: {line}"))
}
