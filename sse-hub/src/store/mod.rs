//! Stores, which hold the log of a hub with several nodes.

mod apply;
mod backoff;
mod flights;
mod health;
mod memory;
mod open;
mod reload;
mod run;
mod writer;

use std::{error::Error, fmt, future::Future, time::Duration};

use bytes::Bytes;
use futures_core::Stream;

pub(crate) use self::writer::Writer;
pub use self::{
    health::Health,
    memory::{MemoryStore, MemoryTail},
    open::OpenError,
};
use crate::{Cursor, Epoch, Window};

/// A log that the hubs on several nodes share.
///
/// A store keeps records in order and assigns a [`Cursor`] to each. It does not handle readers or gaps: each hub
/// applies the records of the tail, and detects missing ones by their cursors. `sse_hub::test::store_contract` tests an
/// implementation.
///
/// # Epochs
///
/// The first record of an epoch is its fence. After the fence, the store refuses records that are appended under an
/// earlier epoch, so a hub that has read the fence knows which of its appends are in the log. A store opens an epoch
/// that is above all epochs known to it or seen by a hub:
///
/// - if the log does not exist yet,
/// - if the store may have lost records, as an [`EpochKind::Break`](crate::EpochKind::Break) if records are known to be
///   lost,
/// - if a hub requests it with [`Opening::leave`].
///
/// # Offsets
///
/// Offsets are consecutive over all epochs: each record has the offset of the previous one plus one. An epoch that
/// begins at or below the offset of a lost record replaces that record.
pub trait Store: Send + Sync + 'static {
    /// The stream of records after [`Opened::start`]. It is endless: if it yields an error or ends, the hub opens the
    /// store again.
    type Tail: Stream<Item = Result<Step, StoreError>> + Send + 'static;

    /// Opens the log, or opens it again.
    fn open(&self, opening: Opening) -> impl Future<Output = Result<Opened<Self::Tail>, StoreError>> + Send;

    /// Appends records in order, under an epoch that [`open`](Self::open) returned. Returns a result for each record,
    /// because records of other nodes may be appended between them.
    ///
    /// A record is refused with [`AppendError::Fenced`] if the epoch is not the current one when the record would be
    /// appended.
    fn append(&self, epoch: u64, batch: Vec<Record>) -> impl Future<Output = Vec<Result<Cursor, AppendError>>> + Send;

    /// Returns the time since the store last answered on a connection other than that of the tail, for
    /// [`Health::silence`]. The default implementation returns zero.
    fn silence(&self) -> Duration {
        Duration::ZERO
    }
}

/// The parameters of [`Store::open`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Opening {
    /// The window to load if `seen` is `None`.
    pub window: Window,
    /// The newest record that the hub has applied, after which the tail starts. If `None`, the tail starts with the
    /// window.
    pub seen: Option<Cursor>,
    /// The epoch to leave: if it is still the current one, the store opens a new epoch.
    pub leave: Option<u64>,
}

/// An open log, returned by [`Store::open`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Opened<T> {
    /// The known epochs, oldest first. The next appends belong to the last one.
    pub epochs: Vec<Epoch>,
    /// The record before the first one that the tail yields. It is below [`Opening::seen`] only if the records of the hub
    /// are not those of the log; the hub then loads the window again.
    pub start: Cursor,
    /// The newest record when the log was opened.
    pub tip: Cursor,
    /// The records after `start`.
    pub tail: T,
}

impl<T> Opened<T> {
    /// Creates a description of an open log.
    pub const fn new(epochs: Vec<Epoch>, start: Cursor, tip: Cursor, tail: T) -> Self {
        Self { epochs, start, tip, tail }
    }
}

/// An item of a store's tail.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Records in order. Records that were already yielded may be repeated.
    Records(Vec<Stored>),
    /// The fence of an epoch, at its position between the records, and all known epochs.
    Epoch {
        /// The epoch.
        epoch: Epoch,
        /// All known epochs.
        table: Vec<Epoch>,
    },
    /// The store has answered that no new records exist. The tail must yield an item every few seconds.
    Alive,
    /// The tail has caught up: it has yielded all records that the log held when it was first polled after its last
    /// report, or after it was opened. The tail must report this every few seconds, also while records arrive.
    CaughtUp,
}

/// A record to append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The topics.
    pub topics: Vec<String>,
    /// The kind of the record.
    pub kind: RecordKind,
    /// The event as one block without its ID, or empty for the end of a topic.
    pub block: Bytes,
    /// The origin, by which the appending node recognizes the record in the tail.
    pub origin: Origin,
}

/// A record that the tail yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The position of the record.
    pub cursor: Cursor,
    /// The record.
    pub record: Record,
    /// The time since the record was appended, by the clock of the store.
    pub age: Duration,
}

/// The kind of a [`Record`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordKind {
    /// An event.
    Event,
    /// A terminal event, which has exactly one topic.
    TerminalEvent,
    /// The end of a topic.
    End,
}

/// The identity of a record on the node that appends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// A random number that identifies the process.
    pub node: u128,
    /// The number of the record, which increases.
    pub number: u64,
}

/// The error returned if a store cannot be reached or does not answer.
#[derive(Debug)]
pub struct StoreError(Box<dyn Error + Send + Sync>);

impl StoreError {
    /// Creates an error with a cause.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Displays the cause in place of this error, so `source` returns the source of the cause.
impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

/// The error returned if a record was not appended, or may not have been.
#[derive(Debug)]
#[non_exhaustive]
pub enum AppendError {
    /// A later epoch has begun. The record is not in the log; the hub opens the log again and appends the record under
    /// the new epoch.
    Fenced,
    /// The store refused the record temporarily, for example because it is full. The record is not in the log.
    Refused(StoreError),
    /// The store did not answer. The record may be in the log; the hub opens an epoch to find out.
    Unknown(StoreError),
}

impl fmt::Display for AppendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fenced => f.write_str("a later epoch has begun"),
            Self::Refused(cause) => write!(f, "the store refused the record: {cause}"),
            Self::Unknown(cause) => write!(f, "the store did not answer: {cause}"),
        }
    }
}

impl Error for AppendError {}
