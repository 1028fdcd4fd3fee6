//! The tail: reads the stream from a cursor on, and runs the script at intervals.

use std::{
    collections::VecDeque,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_core::Stream;
use redis::{RedisError, Value, aio::MultiplexedConnection};
use tokio::time::{Instant, sleep_until};

use super::{
    connection::{ANSWER, send},
    entry,
    node::{Node, Seen, lock},
    script::Joined,
    steps::{Note, Position},
};
use crate::{Cursor, Opened, Opening, Step, StoreError, epochs::Epochs, trace};

/// The time for which a read waits for a record.
const BLOCK: Duration = Duration::from_secs(5);

/// The time limit of a read.
const READ: Duration = Duration::from_secs(7);

/// The interval of the script.
const BEAT: Duration = Duration::from_secs(5);

/// The time from a failed run of the script to the next one.
const RETRY: Duration = Duration::from_secs(1);

type Answer<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The tail of a [`Redis`](super::Redis).
pub struct RedisTail {
    node: Node,
    /// Used by one read at a time, which is never cancelled while the tail exists.
    connection: MultiplexedConnection,
    read: Answer<Result<Value, RedisError>>,
    beat: Answer<Result<(Joined, Instant), StoreError>>,
    position: Position,
    steps: VecDeque<(Step, Note)>,
    /// The newest record at the last run of the script.
    expected: Cursor,
    /// Whether a read has since found nothing new.
    has_missed: bool,
    /// The newest record at a run of the script since the last report. Once it is read, the tail reports that it has
    /// caught up: not after a read that finds nothing, because the two connections may lead to different servers.
    goal: Option<Cursor>,
    /// The time of the last report, or of the opening.
    reported_at: Instant,
    /// Whether an error was yielded, which ends the stream.
    has_failed: bool,
}

/// Creates the tail of an opened log.
pub(super) async fn open(node: Node, joined: Joined, opening: Opening) -> Result<Opened<RedisTail>, StoreError> {
    let mut connection = node.connect().await?;
    let (start, clock) = match opening.seen {
        Some(seen) if !joined.differs => (seen, (0, Instant::now())),
        // If the records that the hub has seen are other ones now, it loads the window again.
        _ => {
            node.check_eviction(&mut connection).await;
            let first = first(&node, &mut connection).await.map_err(|error| node.explain(error))?;
            let clock = clock(&mut connection).await.map_err(|error| node.explain(error))?;
            (window_start(&joined, first, opening.window.max_events()), clock)
        }
    };
    // Entries at the end may have been deleted.
    let tip = joined.last.unwrap_or(start).max(start);
    let is_loaded = opening.seen.is_none() || joined.differs;
    let epochs = joined.epochs.clone();
    let position = Position {
        read: start,
        last: start,
        epochs: joined.epochs,
        known_to: joined.tip,
        loaded: is_loaded.then_some(tip),
        clock,
        rewound: None,
    };
    let tail = RedisTail {
        read: read(&node, &connection, start),
        beat: beat(&node, BEAT, None),
        node,
        connection,
        position,
        steps: VecDeque::new(),
        expected: start,
        has_missed: false,
        goal: None,
        reported_at: Instant::now(),
        has_failed: false,
    };
    Ok(Opened::new(epochs, start, tip, tail))
}

/// Returns the oldest entry of the stream.
async fn first(node: &Node, connection: &mut MultiplexedConnection) -> Result<Option<Cursor>, RedisError> {
    let mut command = redis::cmd("XRANGE");
    command.arg(node.keys().log).arg("-").arg("+").arg("COUNT").arg(1);
    let Value::Array(entries) = send(connection, &command, ANSWER).await? else { return Ok(None) };
    Ok(entries.into_iter().next().and_then(entry::read).map(|entry| entry.cursor))
}

/// Returns the time of the server.
async fn clock(connection: &mut MultiplexedConnection) -> Result<(u64, Instant), RedisError> {
    let answer = send(connection, &redis::cmd("TIME"), ANSWER).await?;
    let number = |value: Option<&Value>| match value {
        Some(Value::BulkString(digits)) => str::from_utf8(digits).ok().and_then(|digits| digits.parse::<u64>().ok()),
        _ => None,
    };
    let millis = match &answer {
        Value::Array(parts) => number(parts.first()).zip(number(parts.get(1))),
        _ => None,
    };
    let millis = millis.map_or(0, |(seconds, micros)| seconds.saturating_mul(1000) + micros / 1000);
    Ok((millis, Instant::now()))
}

/// Returns the cursor before the first record to load: that of the window or of the log, in an epoch that is known.
fn window_start(joined: &Joined, first: Option<Cursor>, events: usize) -> Cursor {
    let (Some(first), Some(oldest)) = (first, joined.epochs.first()) else { return joined.tip };
    let epochs = Epochs::new(joined.epochs.clone());
    let known = if epochs.knows(first.epoch()) { first.offset() } else { oldest.start.offset() };
    let window = (joined.tip.offset() + 1).saturating_sub(events as u64);
    let before = known.max(window).max(oldest.start.offset()).saturating_sub(1);
    // Before the oldest known epoch is one without records.
    Cursor::new(epochs.owner(before).unwrap_or(oldest.start.epoch().saturating_sub(1)), before)
}

fn read(node: &Node, connection: &MultiplexedConnection, after: Cursor) -> Answer<Result<Value, RedisError>> {
    let count = lock(&node.shared.read_size).count();
    let mut command = redis::cmd("XREAD");
    command.arg("BLOCK").arg(u64::try_from(BLOCK.as_millis()).unwrap_or_default()).arg("COUNT").arg(count);
    command.arg("STREAMS").arg(node.keys().log).arg(after.to_string());
    let mut connection = connection.clone();
    Box::pin(async move { send(&mut connection, &command, READ).await })
}

/// Runs the script after a time, or at once if another server has become the master. `seen` is the newest record that
/// the log has to contain, if it is not the one that the tail has reached then. Also returns the time at which the script
/// was sent.
fn beat(node: &Node, after: Duration, seen: Option<Seen>) -> Answer<Result<(Joined, Instant), StoreError>> {
    let node = node.clone();
    let due = Instant::now() + after;
    Box::pin(async move {
        // The Sentinels have the whole interval to answer, so that they cannot delay the script.
        if !node.leave_old_master().await {
            sleep_until(due).await;
        }
        let seen = seen.unwrap_or_else(|| node.shared.newest());
        let sent_at = Instant::now();
        let joined = node.join(None, &seen).await?;
        node.trim_rest().await;
        Ok((joined, sent_at))
    })
}

impl RedisTail {
    /// Starts the next read.
    fn restart(&mut self) {
        self.read = read(&self.node, &self.connection, self.position.read);
    }

    /// Handles the answer of a read.
    fn answered(&mut self, answer: Result<Value, RedisError>) -> Result<(), StoreError> {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                if error.is_timeout() {
                    lock(&self.node.shared.read_size).late();
                }
                return Err(self.node.explain(error));
            }
        };
        let Some(entries) = entries(answer) else {
            self.has_missed = true;
            let missing = self.position.missing_epoch();
            self.steps.push_back(missing.map_or((Step::Alive, Note::new()), |step| (step, Note::new())));
            self.restart();
            return Ok(());
        };
        let batch = self.position.steps(entries)?;
        if let Some(average) = batch.average {
            lock(&self.node.shared.read_size).answered(average);
        }
        self.steps = batch.steps;
        if let Some(lost) = self.position.rewound.take() {
            // Another node has opened the epoch without knowing of the lost records. The script opens a break, which
            // reports them, unless one has followed.
            self.beat = beat(&self.node, Duration::ZERO, Some(Seen { cursor: Some(lost), origin: None }));
        }
        self.restart();
        Ok(())
    }

    /// Handles the answer of the script.
    fn beaten(&mut self, joined: Result<(Joined, Instant), StoreError>) -> Result<(), StoreError> {
        match joined {
            Ok((joined, sent_at)) => {
                let read = self.position.read;
                if joined.fresh {
                    // The new one may lead to another server.
                    return Err(StoreError::new("the connection for appends was replaced"));
                }
                if self.has_missed && read < self.expected {
                    return Err(StoreError::new("the two connections lead to servers with different logs"));
                }
                (self.expected, self.has_missed) = (joined.last.unwrap_or(read), false);
                if self.goal.is_none() && sent_at > self.reported_at {
                    self.goal = Some(self.expected);
                }
                self.beat = beat(&self.node, BEAT, None);
                Ok(())
            }
            // The tail may still be good. The connection for appends is replaced at the next run if it was lost.
            Err(error) => {
                trace::store_failed("heartbeat", &error);
                self.beat = beat(&self.node, RETRY, None);
                Ok(())
            }
        }
    }
}

impl Stream for RedisTail {
    type Item = Result<Step, StoreError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.has_failed {
            return Poll::Ready(None);
        }
        // A new future has to be polled too, so that it wakes the task.
        while let Poll::Ready(joined) = self.beat.as_mut().poll(cx) {
            if let Err(error) = self.beaten(joined) {
                self.has_failed = true;
                return Poll::Ready(Some(Err(error)));
            }
        }
        loop {
            if let Some((step, note)) = self.steps.pop_front() {
                let now = Instant::now();
                let mut progress = lock(&self.node.shared.progress);
                for noted in note {
                    progress.note(noted, now);
                }
                drop(progress);
                return Poll::Ready(Some(Ok(step)));
            }
            if self.goal.is_some_and(|goal| goal <= self.position.read) {
                (self.goal, self.reported_at) = (None, Instant::now());
                return Poll::Ready(Some(Ok(Step::CaughtUp)));
            }
            let answer = ready!(self.read.as_mut().poll(cx));
            if let Err(error) = self.answered(answer) {
                self.has_failed = true;
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

/// Returns the entries in the answer to `XREAD`, or `None` if it contains none.
fn entries(answer: Value) -> Option<Vec<Value>> {
    let stream = match answer {
        Value::Array(streams) => streams.into_iter().next()?,
        Value::Map(streams) => return streams.into_iter().next().and_then(|(_, entries)| array(entries)),
        _ => return None,
    };
    let Value::Array(parts) = stream else { return None };
    parts.into_iter().nth(1).and_then(array)
}

fn array(value: Value) -> Option<Vec<Value>> {
    match value {
        Value::Array(entries) => Some(entries),
        _ => None,
    }
}

impl fmt::Debug for RedisTail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisTail").field("last", &self.position.last).finish_non_exhaustive()
    }
}
