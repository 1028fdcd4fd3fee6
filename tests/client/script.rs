//! A server that follows a script: one list of steps for each connection.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A step of an answer.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Send(Vec<u8>),
    Wait(Duration),
    /// Sends the bytes one by one, with a pause after each.
    Trickle(Vec<u8>, Duration),
    /// Ends the connection with an RST.
    Reset,
    /// Sends nothing more, and keeps the connection.
    Hang,
}

/// A request as the server received it.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) line: String,
    /// Names in lower case, in the order of the request.
    headers: Vec<(String, Vec<u8>)>,
    pub(super) body: Vec<u8>,
    pub(super) at: Instant,
}

impl Request {
    /// Returns the values of a header.
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        let values = self.headers.iter().filter(|(key, _)| key == name);
        values.map(|(_, value)| str::from_utf8(value).expect("UTF-8")).collect()
    }

    pub(super) fn last_event_id(&self) -> Option<&str> {
        let values = self.all("last-event-id");
        assert!(values.len() <= 1, "the header is sent once");
        values.first().copied()
    }
}

/// A server whose n-th connection gets the n-th answer, and the last answer from then on. Dropping it stops the server.
pub(super) struct Script {
    pub(super) address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    task: JoinHandle<()>,
}

impl Script {
    pub(super) async fn new(answers: impl IntoIterator<Item = Vec<Step>>) -> Self {
        let answers: Vec<_> = answers.into_iter().collect();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            for number in 0.. {
                let (connection, _) = listener.accept().await.unwrap();
                let answer = answers[number.min(answers.len() - 1)].clone();
                tokio::spawn(serve(connection, answer, Arc::clone(&seen)));
            }
        });
        Self { address, requests, task }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/events", self.address)
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// Returns the last event ID of each request.
    pub(super) fn ids(&self) -> Vec<Option<String>> {
        self.requests().iter().map(|request| request.last_event_id().map(str::to_owned)).collect()
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(connection: TcpStream, answer: Vec<Step>, requests: Arc<Mutex<Vec<Request>>>) {
    connection.set_nodelay(true).unwrap();
    let mut connection = BufReader::new(connection);
    let Some(request) = read(&mut connection).await else { return };
    requests.lock().unwrap().push(request);
    for step in answer {
        // The client may have gone.
        let sent = match step {
            Step::Send(bytes) => connection.write_all(&bytes).await,
            Step::Wait(time) => {
                tokio::time::sleep(time).await;
                Ok(())
            }
            Step::Trickle(bytes, pause) => trickle(connection.get_mut(), &bytes, pause).await,
            Step::Reset => connection.get_ref().set_zero_linger(),
            Step::Hang => std::future::pending().await,
        };
        if sent.is_err() {
            return;
        }
    }
}

async fn trickle(connection: &mut TcpStream, bytes: &[u8], pause: Duration) -> std::io::Result<()> {
    for byte in bytes.chunks(1) {
        connection.write_all(byte).await?;
        tokio::time::sleep(pause).await;
    }
    Ok(())
}

/// Reads a request. Returns `None` if the connection ends first.
async fn read(connection: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut lines = Vec::new();
    loop {
        let mut line = Vec::new();
        if connection.read_until(b'\n', &mut line).await.ok()? == 0 {
            return None;
        }
        match line.trim_ascii() {
            [] => break,
            line => lines.push(line.to_vec()),
        }
    }
    let header = |line: Vec<u8>| {
        let colon = line.iter().position(|byte| *byte == b':').expect("a header has a colon");
        let name = String::from_utf8(line[..colon].to_ascii_lowercase()).unwrap();
        (name, line[colon + 1..].trim_ascii().to_vec())
    };
    let line = String::from_utf8(lines.remove(0)).unwrap();
    let headers = lines.into_iter().map(header).collect();
    let mut request = Request { line, headers, body: Vec::new(), at: Instant::now() };
    if let Some(len) = request.all("content-length").first() {
        request.body = vec![0; len.parse().unwrap()];
        connection.read_exact(&mut request.body).await.ok()?;
    } else if !request.all("transfer-encoding").is_empty() {
        while !request.body.ends_with(b"0\r\n\r\n") {
            connection.read_buf(&mut request.body).await.ok()?;
        }
    }
    Some(request)
}

/// Sends these bytes.
pub(super) fn send(bytes: impl AsRef<[u8]>) -> Step {
    Step::Send(bytes.as_ref().to_vec())
}

/// The head of an event stream, with more headers if necessary, each with its line ending. The body is chunked.
pub(super) fn head(more: &str) -> Step {
    send(format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n{more}\r\n"))
}

/// A chunk of the body.
pub(super) fn chunk(bytes: impl AsRef<[u8]>) -> Step {
    let bytes = bytes.as_ref();
    send([format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat())
}

/// The end of the body.
pub(super) fn end() -> Step {
    send("0\r\n\r\n")
}

/// An event stream that ends as it should.
pub(super) fn whole(events: impl AsRef<[u8]>) -> Vec<Step> {
    vec![head(""), chunk(events), end()]
}

/// An event stream whose connection is closed within the body.
pub(super) fn cut(events: impl AsRef<[u8]>) -> Vec<Step> {
    vec![head(""), chunk(events)]
}

/// A response with this status, more headers, and a body.
pub(super) fn status(status: &str, more: &str, body: &str) -> Vec<Step> {
    let len = body.len();
    vec![send(format!("HTTP/1.1 {status}\r\nContent-Length: {len}\r\nConnection: close\r\n{more}\r\n{body}"))]
}

/// The last answer of most scripts.
pub(super) fn no_content() -> Vec<Step> {
    vec![send("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")]
}
