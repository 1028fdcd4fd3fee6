//! A proxy between the browser and the server that can cut connections and records requests and responses.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard},
};

use tokio::{
    io::{self, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinHandle,
    time::timeout,
};

use crate::program::PATIENCE;

/// A TCP proxy. Dropping it stops the proxy.
pub(super) struct Proxy {
    address: SocketAddr,
    line: Arc<Line>,
    task: JoinHandle<()>,
}

/// A request and the status of its response.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Request {
    path: String,
    pub(super) last_event_id: Option<String>,
    pub(super) status: Option<u16>,
}

/// The state that all connections share.
struct Line {
    state: Mutex<State>,
    up: watch::Sender<bool>,
    /// The number of refused connections.
    refused: watch::Sender<usize>,
}

struct State {
    server: SocketAddr,
    /// The text after which the rest of a response is held back.
    hold: Option<&'static str>,
    requests: Vec<Request>,
}

impl Proxy {
    pub(super) async fn start(server: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Mutex::new(State { server, hold: None, requests: Vec::new() });
        let line = Arc::new(Line { state, up: watch::Sender::new(true), refused: watch::Sender::new(0) });
        let task = tokio::spawn(Arc::clone(&line).accept(listener));
        Self { address, line, task }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Stops the next response that contains this text right after it. Later responses are not affected.
    pub(super) fn hold_after(&self, text: &'static str) {
        self.line.state().hold = Some(text);
    }

    /// Closes all connections immediately and refuses new ones.
    pub(super) fn cut(&self) {
        self.line.up.send_replace(false);
    }

    /// Waits until a connection has been refused.
    pub(super) async fn refusal(&self) {
        let mut refused = self.line.refused.subscribe();
        timeout(PATIENCE, refused.wait_for(|refused| *refused > 0)).await.expect("an attempt to connect").unwrap();
    }

    /// Accepts connections again after [`cut`](Self::cut).
    pub(super) fn restore(&self) {
        self.line.up.send_replace(true);
    }

    /// Sends new connections to another server.
    pub(super) fn redirect_to(&self, server: SocketAddr) {
        self.line.state().server = server;
    }

    /// Returns the requests for the feed so far: the number in the last event ID of each, which is `epoch-number`, and
    /// the status of its response.
    pub(super) fn connects(&self) -> Vec<(Option<u64>, Option<u16>)> {
        let state = self.line.state();
        let connects = state.requests.iter().filter(|request| request.path == "/events");
        let number = |id: &String| id.split_once('-').unwrap().1.parse().unwrap();
        let id = |request: &Request| request.last_event_id.as_ref().map(number);
        connects.map(|request| (id(request), request.status)).collect()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Line {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    async fn accept(self: Arc<Self>, listener: TcpListener) {
        loop {
            let (client, _) = listener.accept().await.unwrap();
            let mut up = self.up.subscribe();
            let server = self.state().server;
            let server = if *up.borrow_and_update() { TcpStream::connect(server).await.ok() } else { None };
            let Some(server) = server else {
                self.refused.send_modify(|refused| *refused += 1);
                continue;
            };
            let line = Arc::clone(&self);
            tokio::spawn(async move {
                // Both sockets are closed when either future completes, and bytes in transit are lost.
                tokio::select! {
                    _ = line.forward(client, server) => {}
                    _ = up.wait_for(|up| !up) => {}
                }
            });
        }
    }

    async fn forward(&self, client: TcpStream, server: TcpStream) -> io::Result<()> {
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        let current = Mutex::new(None);
        tokio::select! {
            end = self.requests(from_client, to_server, &current) => end,
            end = self.responses(from_server, to_client, &current) => end,
        }
    }

    /// Forwards requests, and records each before it is forwarded.
    async fn requests(
        &self,
        from: OwnedReadHalf,
        mut to: OwnedWriteHalf,
        current: &Mutex<Option<usize>>,
    ) -> io::Result<()> {
        let mut from = BufReader::new(from);
        let mut head = String::new();
        while from.read_line(&mut head).await? > 0 {
            if !head.ends_with("\r\n\r\n") {
                continue;
            }
            *current.lock().unwrap() = Some(self.record(&head));
            let mut body = vec![0; header(&head, "content-length").map_or(0, |length| length.parse().unwrap())];
            from.read_exact(&mut body).await?;
            to.write_all(head.as_bytes()).await?;
            to.write_all(&body).await?;
            head.clear();
        }
        Ok(())
    }

    /// Records a request and returns its index.
    fn record(&self, head: &str) -> usize {
        let mut state = self.state();
        state.requests.push(Request::parse(head));
        state.requests.len() - 1
    }

    /// Forwards responses. The browser waits for each response before it sends the next request, so the first bytes
    /// after a request are the head of its response.
    async fn responses(
        &self,
        mut from: OwnedReadHalf,
        mut to: OwnedWriteHalf,
        current: &Mutex<Option<usize>>,
    ) -> io::Result<()> {
        let mut sent = Vec::new();
        loop {
            let start = sent.len();
            if from.read_buf(&mut sent).await? == 0 {
                return Ok(());
            }
            let request = current.lock().unwrap().take();
            if let Some(request) = request {
                let status = str::from_utf8(&sent[start..]).ok().and_then(|head| head.split(' ').nth(1)?.parse().ok());
                self.state().requests[request].status = status;
            }
            let Some(end) = self.held(&sent, start) else {
                to.write_all(&sent[start..]).await?;
                continue;
            };
            to.write_all(&sent[start..end]).await?;
            std::future::pending::<()>().await;
        }
    }

    /// Returns where to stop if the bytes from `start` complete the text to hold after.
    fn held(&self, sent: &[u8], start: usize) -> Option<usize> {
        let mut state = self.state();
        let text = state.hold?.as_bytes();
        let from = start.saturating_sub(text.len() - 1);
        let at = sent[from..].windows(text.len()).position(|window| window == text)?;
        state.hold = None;
        Some(from + at + text.len())
    }
}

impl Request {
    fn parse(head: &str) -> Self {
        let path = head.split(' ').nth(1).expect("a request line").to_owned();
        let last_event_id = header(head, "last-event-id").map(str::to_owned);
        Self { path, last_event_id, status: None }
    }
}

/// Returns the value of a header.
fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let mut pairs = head.lines().filter_map(|line| line.split_once(": "));
    pairs.find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
