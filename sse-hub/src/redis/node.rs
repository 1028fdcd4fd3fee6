//! The state that the two connections of a node share, and the script that both depend on.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use redis::{ConnectionInfo, RedisError, Value, aio::MultiplexedConnection};
use tokio::time::Instant;

use super::{
    connection::{ANSWER, Address, connect, send},
    error,
    script::{self, Call, Joined},
    size::ReadSize,
    trim::Horizon,
};
use crate::{Cursor, Opening, StoreError, Window, trace};

/// The maximum number of records that are trimmed at a heartbeat.
const TRIMMED: usize = 100_000;

/// A node of a hub.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) address: Address,
    pub(super) name: String,
    pub(super) tag: String,
    pub(super) shared: Arc<Shared>,
}

/// The keys of a hub. They have the same hash tag, so that they are in one slot.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    pub(super) log: String,
    pub(super) meta: String,
    pub(super) epochs: String,
}

/// The state that the two connections of a node share.
pub(super) struct Shared {
    /// The connection for appends. It is set once the script has run on it.
    pub(super) append: Mutex<Option<MultiplexedConnection>>,
    /// The server that it leads to.
    server: Mutex<Option<ConnectionInfo>>,
    /// Held while the script runs, so that one caller connects.
    script: tokio::sync::Mutex<()>,
    pub(super) progress: Mutex<Progress>,
    /// Whether the log is known to have lost records, so that the next epoch must be a break.
    pub(super) doubt: AtomicBool,
    pub(super) read_size: Mutex<ReadSize>,
    answered: Mutex<Instant>,
}

/// The progress of the tail.
#[derive(Debug, Default)]
pub(super) struct Progress {
    pub(super) seen: Seen,
    /// The newest record of this node that the server has acknowledged. The tail may not have yielded it yet.
    acknowledged: Seen,
    horizon: Horizon,
    /// The oldest record to keep when the log was last trimmed, or the first one that was read.
    trimmed: Option<Cursor>,
    window: Window,
    /// The records that were yielded while an append is under way, in order.
    pub(super) shown: Option<Vec<Shown>>,
}

/// A record that the tail has yielded: its cursor, and its field `n`, if it is known.
pub(super) type Shown = (Cursor, Option<Bytes>);

/// A record that the tail has yielded, without its content.
#[derive(Debug)]
pub(super) struct Noted {
    pub(super) cursor: Cursor,
    /// The field `n`, if it is known.
    pub(super) origin: Option<Bytes>,
    pub(super) bytes: usize,
    pub(super) age: Duration,
}

/// The newest record that the tail has yielded, and its field `n`, if it is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) cursor: Option<Cursor>,
    pub(super) origin: Option<Bytes>,
}

impl Node {
    pub(super) fn new(address: Address) -> Self {
        let shared = Shared {
            append: Mutex::new(None),
            server: Mutex::new(None),
            script: tokio::sync::Mutex::new(()),
            progress: Mutex::default(),
            doubt: AtomicBool::new(false),
            read_size: Mutex::default(),
            answered: Mutex::new(Instant::now()),
        };
        Self { address, name: "hub".to_owned(), tag: String::new(), shared: Arc::new(shared) }
    }

    /// Returns an error if the name cannot be part of a key.
    pub(super) fn check_name(&self) -> Result<(), StoreError> {
        if self.name.is_empty() || self.name.contains(['{', '}']) {
            return Err(StoreError::new("the name of the hub is empty or contains a brace; use another name"));
        }
        Ok(())
    }

    pub(super) fn keys(&self) -> Keys {
        let name = &self.name;
        Keys { log: format!("{{{name}}}:log"), meta: format!("{{{name}}}:meta"), epochs: format!("{{{name}}}:epochs") }
    }

    /// Joins the current epoch or opens a new one, on the connection for appends. Connects first if that is necessary.
    /// `seen` is the newest record that the log has to contain.
    pub(super) async fn join(&self, leave: Option<u64>, seen: &Seen) -> Result<Joined, StoreError> {
        let keys = self.keys();
        let _one = self.shared.script.lock().await;
        let current = self.shared.connection();
        let fresh = current.is_none();
        let (server, mut connection) = match current {
            Some(connection) => (None, connection),
            None => self.address.connect().await.map(|(server, connection)| (Some(server), connection))?,
        };
        let doubt = self.shared.doubt.load(Ordering::Acquire);
        let call = Call { leave, seen, fresh, doubt, tag: &self.tag };
        let answer = match send(&mut connection, &call.command(&keys), ANSWER).await {
            Err(error) if error::is_full(&error) => {
                // Trimming may make room for the fence.
                self.trim(&mut connection, &keys).await;
                send(&mut connection, &call.command(&keys), ANSWER).await
            }
            answer => answer,
        };
        let joined = answer.map_err(|error| {
            if error::is_lost(&error) {
                self.shared.disconnect();
            }
            error::explain_at(error, &keys.log)
        })?;
        let joined =
            script::read(joined, fresh).ok_or_else(|| StoreError::new("the script has an unexpected answer"))?;
        if doubt {
            self.shared.doubt.store(false, Ordering::Release);
        }
        if server.is_some() {
            // Another one may have failed in the meantime, and is not to be used again.
            *lock(&self.shared.append) = Some(connection);
            *lock(&self.shared.server) = server;
        }
        *lock(&self.shared.answered) = Instant::now();
        Ok(joined)
    }

    /// Closes the connection for appends if another server has become the master. Returns whether it has.
    pub(super) async fn leave_old_master(&self) -> bool {
        let Some(old) = lock(&self.shared.server).clone() else { return false };
        // The connection may have been replaced while the Sentinels were asked.
        let has_moved = self.address.has_moved(&old).await
            && lock(&self.shared.server).as_ref().is_some_and(|server| server.addr() == old.addr());
        if has_moved {
            self.shared.disconnect();
        }
        has_moved
    }

    /// Trims the log to the window, to make room for a record.
    pub(super) async fn trim(&self, connection: &mut MultiplexedConnection, keys: &Keys) {
        let Some(oldest) = lock(&self.shared.progress).oldest() else { return };
        let mut command = redis::cmd("XTRIM");
        command.arg(&keys.log).arg("MINID").arg(oldest.to_string());
        // If it fails, so does the next append.
        let _ = send(connection, &command, ANSWER).await;
    }

    /// Trims the log if records have left the window since the last append: programs that are not hubs do not trim it.
    pub(super) async fn trim_rest(&self) {
        let Some(oldest) = lock(&self.shared.progress).newly_left() else { return };
        let Some(mut connection) = self.shared.connection() else { return };
        let mut command = redis::cmd("XTRIM");
        command.arg(self.keys().log).arg("MINID").arg("~").arg(oldest.to_string()).arg("LIMIT").arg(TRIMMED);
        if let Err(error) = send(&mut connection, &command, ANSWER).await {
            trace::store_failed("trim", &self.explain(error));
        }
    }

    /// Warns if the server may evict the keys of the hub. Reading its configuration may be forbidden.
    pub(super) async fn check_eviction(&self, connection: &mut MultiplexedConnection) {
        let mut command = redis::cmd("CONFIG");
        command.arg("GET").arg("maxmemory-policy");
        let Ok(Value::Array(answer)) = send(connection, &command, ANSWER).await else { return };
        if let [_, Value::BulkString(policy)] = answer.as_slice()
            && policy.starts_with(b"allkeys")
        {
            trace::evicting(&String::from_utf8_lossy(policy));
        }
    }

    /// Opens the connection of a tail, to the server that appends go to.
    pub(super) async fn connect(&self) -> Result<MultiplexedConnection, StoreError> {
        let server = lock(&self.shared.server).clone();
        let server = server.ok_or_else(|| StoreError::new("the connection was lost"))?;
        connect(server).await
    }

    pub(super) fn explain(&self, error: RedisError) -> StoreError {
        error::explain_at(error, &self.keys().log)
    }
}

impl Shared {
    pub(super) fn connection(&self) -> Option<MultiplexedConnection> {
        lock(&self.append).clone()
    }

    /// Closes the connection for appends. Commands that were sent on it may still arrive.
    pub(super) fn disconnect(&self) {
        *lock(&self.append) = None;
    }

    /// Returns the time since the script was last answered.
    pub(super) fn silence(&self) -> Duration {
        lock(&self.answered).elapsed()
    }

    /// Begins an opening. Returns the newest record that the log has to contain.
    pub(super) fn begin(&self, opening: &Opening) -> Seen {
        let mut progress = lock(&self.progress);
        progress.window = opening.window;
        let seen = match opening.seen {
            Some(cursor) if progress.seen.cursor == Some(cursor) => progress.seen.clone(),
            Some(cursor) => Seen { cursor: Some(cursor), origin: None },
            None => {
                // An append may be under way.
                let shown = progress.shown.take();
                *progress = Progress { window: opening.window, shown, ..Progress::default() };
                Seen::default()
            }
        };
        progress.or_acknowledged(seen)
    }

    /// Returns the newest record that the log has to contain while a tail follows it.
    pub(super) fn newest(&self) -> Seen {
        let progress = lock(&self.progress);
        progress.or_acknowledged(progress.seen.clone())
    }
}

impl Progress {
    /// Notes a record that the tail yields.
    pub(super) fn note(&mut self, noted: Noted, now: Instant) {
        let Noted { cursor, origin, bytes, age } = noted;
        if let Some(shown) = &mut self.shown
            && shown.last().is_none_or(|(last, _)| *last < cursor)
        {
            shown.push((cursor, origin.clone()));
        }
        if self.seen.cursor.is_none_or(|seen| seen < cursor) {
            self.seen = Seen { cursor: Some(cursor), origin };
        }
        self.horizon.push(cursor, bytes, age, now);
        self.trimmed.get_or_insert(cursor);
    }

    /// Returns the newest record that was acknowledged if it is newer than `seen`: the log has lost records also if it
    /// ends before an acknowledged one that the tail has not yielded.
    fn or_acknowledged(&self, seen: Seen) -> Seen {
        if self.acknowledged.cursor > seen.cursor { self.acknowledged.clone() } else { seen }
    }

    /// Notes a record that the server has acknowledged.
    pub(super) fn acknowledge(&mut self, cursor: Cursor, origin: Bytes) {
        if self.acknowledged.cursor < Some(cursor) {
            self.acknowledged = Seen { cursor: Some(cursor), origin: Some(origin) };
        }
    }

    /// Returns the oldest record to keep in the log, which is going to be trimmed.
    pub(super) fn oldest(&mut self) -> Option<Cursor> {
        let oldest = self.horizon.oldest(self.window, Instant::now());
        self.trimmed = oldest;
        oldest
    }

    /// Returns the oldest record to keep if others have left the window since the log was last trimmed.
    fn newly_left(&mut self) -> Option<Cursor> {
        let before = self.trimmed;
        self.oldest().filter(|oldest| before < Some(*oldest))
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
