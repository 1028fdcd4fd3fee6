//! Load of many connections on one thread.

use std::{cell::RefCell, net::SocketAddr, rc::Rc, time::Duration};

use serde::Serialize;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::Notify,
    task::JoinSet,
    time::timeout,
};

use super::{
    contender::{BEFORE_SENT, EPOCH, EVENT_BYTES, TEXT_BYTES},
    process::monotonic,
};
use crate::Error;

/// The timeout of each step.
const TIMEOUT: Duration = Duration::from_secs(60);

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n";

/// The order in which connections are opened. It decides where the server's allocator places them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Order {
    /// Each connection after the head of the previous response.
    OneByOne,
    /// 100 connections, then their requests in reverse order, then the next 100.
    InGroups,
    /// 500 connections with their requests, which is half of what a listener queues, then the next 500.
    AtOnce,
}

impl Order {
    /// All orders, in the order of the tables.
    pub const ALL: [Self; 3] = [Self::OneByOne, Self::InGroups, Self::AtOnce];

    /// Returns the name used in the tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OneByOne => "one by one",
            Self::InGroups => "100 connections, then their requests",
            Self::AtOnce => "500 connections with their requests",
        }
    }

    const fn group(self) -> usize {
        match self {
            Self::OneByOne => 1,
            Self::InGroups => 100,
            Self::AtOnce => 500,
        }
    }
}

/// A set of connections that read events. Dropping it closes them.
pub(super) struct Load {
    connections: usize,
    arrivals: Rc<Arrivals>,
    _readers: JoinSet<()>,
}

/// The arrivals on all connections, shared by their readers.
#[derive(Default)]
struct Arrivals {
    state: RefCell<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    /// The number of events that have yet to arrive on all connections.
    left: usize,
    /// The length of the text of an event beyond [`TEXT_BYTES`].
    more_text: usize,
    failure: Option<String>,
    /// The delivery times in nanoseconds, from publishing to arrival, if they are being recorded.
    delays: Option<Vec<u64>>,
}

impl Load {
    /// Opens the connections, and waits for the head of each response. Must be called within a `LocalSet`.
    pub(super) async fn connect(address: SocketAddr, connections: usize, order: Order) -> Result<Self, Error> {
        let arrivals = Rc::new(Arrivals::default());
        let mut readers = JoinSet::new();
        while readers.len() < connections {
            let group = order.group().min(connections - readers.len());
            for stream in open(address, group, order).await? {
                readers.spawn_local(read(stream, Rc::clone(&arrivals)));
            }
        }
        Ok(Self { connections, arrivals, _readers: readers })
    }

    /// Expects `events` more events on each connection. Must be called before they are published.
    pub(super) fn expect(&self, events: usize) {
        self.arrivals.state.borrow_mut().left += events * self.connections;
    }

    /// Waits until all expected events have arrived.
    pub(super) async fn arrived(&self) -> Result<(), Error> {
        self.arrived_after(Duration::ZERO).await
    }

    /// Waits until all expected events have arrived. The last one is published after this time.
    pub(super) async fn arrived_after(&self, time: Duration) -> Result<(), Error> {
        let waiting = async {
            loop {
                {
                    let state = self.arrivals.state.borrow();
                    if let Some(failure) = &state.failure {
                        return Err(failure.as_str().into());
                    }
                    if state.left == 0 {
                        return Ok(());
                    }
                }
                self.arrivals.changed.notified().await;
            }
        };
        timeout(time + TIMEOUT, waiting).await.map_err(|_| "timed out waiting for events")?
    }

    /// Starts recording delivery times of events with a text of this length.
    pub(super) fn record_delays(&self, text_bytes: usize) {
        let mut state = self.arrivals.state.borrow_mut();
        state.more_text = text_bytes.saturating_sub(TEXT_BYTES);
        state.delays = Some(Vec::new());
    }

    /// Stops recording, and returns the delivery times in no particular order.
    pub(super) fn delays(&self) -> Vec<u64> {
        self.arrivals.state.borrow_mut().delays.take().unwrap_or_default()
    }
}

impl Arrivals {
    /// Records the arrival of `events` events. `bytes` ends with the last of them.
    fn count(&self, events: usize, bytes: &[u8]) -> Result<(), Error> {
        let mut state = self.state.borrow_mut();
        state.left = state.left.checked_sub(events).ok_or("more events arrived than were published")?;
        let is_last = state.left == 0;
        let len = EVENT_BYTES + state.more_text;
        if let Some(event) = bytes.len().checked_sub(len).and_then(|start| bytes.get(start..))
            && sent(event).is_none()
        {
            return Err("an event differs from what was published".into());
        }
        if let Some(delays) = &mut state.delays {
            let now = monotonic();
            // No delivery time is recorded for an event whose time arrives in several reads.
            let starts = memchr::memmem::find_iter(bytes, BEFORE_SENT.as_bytes());
            let sent = starts.filter_map(|start| sent(bytes.get(start..)?));
            delays.extend(sent.map(|sent| now.saturating_sub(sent)));
        }
        drop(state);
        if is_last {
            self.changed.notify_one();
        }
        Ok(())
    }

    fn fail(&self, failure: &Error) {
        self.state.borrow_mut().failure = Some(format!("a connection failed: {failure}"));
        self.changed.notify_one();
    }
}

/// Opens some connections, and waits for the head of each response.
async fn open(address: SocketAddr, count: usize, order: Order) -> Result<Vec<TcpStream>, Error> {
    let mut streams = Vec::with_capacity(count);
    for _ in 0..count {
        let mut stream = timeout(TIMEOUT, TcpStream::connect(address)).await??;
        if order != Order::InGroups {
            stream.write_all(REQUEST).await?;
        }
        streams.push(stream);
    }
    if order == Order::InGroups {
        for stream in streams.iter_mut().rev() {
            stream.write_all(REQUEST).await?;
        }
    }
    for stream in &mut streams {
        timeout(TIMEOUT, read_head(stream)).await??;
    }
    Ok(streams)
}

async fn read_head(stream: &mut TcpStream) -> Result<(), Error> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    if head.starts_with(b"HTTP/1.1 200 ") { Ok(()) } else { Err(String::from_utf8_lossy(&head).into()) }
}

async fn read(stream: TcpStream, arrivals: Rc<Arrivals>) {
    if let Err(error) = follow(stream, &arrivals).await {
        arrivals.fail(&error);
    }
}

/// Reads from a connection, and counts the ends of events. Two LFs in a row occur nowhere else: neither in the JSON nor
/// in HTTP chunk headers.
async fn follow(stream: TcpStream, arrivals: &Arrivals) -> Result<(), Error> {
    let mut last = 0;
    loop {
        stream.readable().await?;
        READ.with_borrow_mut(|buffer| {
            let size = match stream.try_read(buffer) {
                Ok(0) => return Err("closed by the server".into()),
                Ok(size) => size,
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            let bytes = buffer.get(..size).unwrap_or_default();
            let (events, end) = ends(bytes, &mut last);
            if events > 0 { arrivals.count(events, bytes.get(..end).unwrap_or_default()) } else { Ok(()) }
        })?;
    }
}

thread_local! {
    /// The read buffer, shared by all connections.
    static READ: RefCell<Vec<u8>> = RefCell::new(vec![0; 64 * 1024]);
}

/// Returns the number of events that end in `bytes`, and the end of the last one. `last` is the last byte of the
/// previous read, and is updated.
fn ends(bytes: &[u8], last: &mut u8) -> (usize, usize) {
    let (mut events, mut end) = (0, 0);
    for at in memchr::memchr_iter(b'\n', bytes) {
        let before = at.checked_sub(1).map_or(Some(last as &u8), |before| bytes.get(before));
        if before == Some(&b'\n') {
            (events, end) = (events + 1, at + 1);
        }
    }
    *last = bytes.last().copied().unwrap_or(*last);
    (events, end)
}

/// Returns the clock reading at which an event was published, or `None` if the bytes are not a published event.
fn sent(event: &[u8]) -> Option<u64> {
    // An `id:` line may precede the data.
    let at = memchr::memmem::find(event, BEFORE_SENT.as_bytes())? + BEFORE_SENT.len();
    let digits = event.get(at..at + 19)?;
    str::from_utf8(digits).ok()?.parse::<u64>().ok()?.checked_sub(EPOCH)
}
