//! A store on a Redis stream.
//!
//! A node has two connections. One appends, and runs the script that joins or opens an epoch; the other one reads the
//! tail. An entry's ID in the stream is its cursor: `XADD key <epoch>-*` assigns the next offset, and Redis refuses it
//! after a later epoch has begun.

mod append;
mod connection;
mod entry;
mod error;
mod node;
mod script;
mod sentinel;
mod size;
mod steps;
mod tail;
mod trim;

use std::{fmt, time::Duration};

pub use self::tail::RedisTail;
use self::{connection::Address, node::Node};
use crate::{AppendError, Cursor, Opened, Opening, Record, Store, StoreError};

/// A store on a Redis server or a compatible one, which hubs on several nodes share. Requires the feature `redis` and
/// Redis 7.0 or newer, or Valkey.
///
/// ```no_run
/// use sse_hub::{Hub, Options, Redis};
/// # use sse_core::{Gap, SseEvent};
/// # #[derive(SseEvent)]
/// # enum Score { Goal(u8), Resync(Gap) }
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let hub: Hub<Score> = Hub::open(Redis::at("redis://127.0.0.1")?.name("scores"), Options::new()).await?;
/// # Ok(())
/// # }
/// ```
///
/// The log is the stream `{scores}:log`; the keys `{scores}:meta` and `{scores}:epochs` describe it. All nodes should
/// use the same [`Window`](crate::Window): each of them trims the stream to its own one while it publishes.
///
/// For an encrypted connection, write the URL with `rediss://`, and add the crate `redis` with its feature
/// `tokio-rustls-comp` to the dependencies of the program.
pub struct Redis(Node);

impl Redis {
    /// Creates a store on the server at a URL, for example `redis://user:password@localhost:6379/0`.
    ///
    /// # Errors
    ///
    /// Returns an error if the URL is invalid. The server is contacted by [`Hub::open`](crate::Hub::open).
    pub fn at(url: &str) -> Result<Self, StoreError> {
        Ok(Self(Node::new(Address::new(url)?)))
    }

    /// Finds the server through Redis Sentinel: its address is that of the master `master`, and replaces the one in the
    /// URL of [`at`](Self::at), whose credentials, database and encryption are used.
    ///
    /// # Errors
    ///
    /// Returns an error if a URL is invalid or none is given.
    pub fn sentinels(self, urls: &[&str], master: &str) -> Result<Self, StoreError> {
        Ok(Self(Node { address: self.0.address.sentinels(urls, master)?, ..self.0 }))
    }

    /// Sets the name of the hub, which is part of its keys. The default is `hub`.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        Self(Node { name: name.into(), ..self.0 })
    }

    /// Sets a tag, for example the version of the event type. Hubs with another tag cannot open the log.
    #[must_use]
    pub fn tag(self, tag: impl Into<String>) -> Self {
        Self(Node { tag: tag.into(), ..self.0 })
    }
}

impl Store for Redis {
    type Tail = RedisTail;

    async fn open(&self, opening: Opening) -> Result<Opened<RedisTail>, StoreError> {
        self.0.check_name()?;
        let seen = self.0.shared.begin(&opening);
        let joined = self.0.join(opening.leave, &seen).await?;
        tail::open(self.0.clone(), joined, opening).await
    }

    async fn append(&self, epoch: u64, batch: Vec<Record>) -> Vec<Result<Cursor, AppendError>> {
        append::append(&self.0, epoch, &batch).await
    }

    fn silence(&self) -> Duration {
        self.0.shared.silence()
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Node { address, name, tag, .. } = &self.0;
        f.debug_struct("Redis").field("address", address).field("name", name).field("tag", tag).finish()
    }
}
