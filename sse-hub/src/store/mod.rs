//! Stores: where the log of a hub with several nodes is.

mod apply;
mod backoff;
mod health;
mod memory;
mod open;
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

/// A log that several hubs share, one on each node.
///
/// A store keeps records in order and gives each a [`Cursor`]. It knows nothing of readers and gaps: a hub applies what
/// the tail yields, and finds out by the cursors what is missing. `sse_hub::test::store_contract` tests a store.
///
/// # Epochs
///
/// The first record of an epoch is its fence. From then on the store refuses records that are appended under an earlier
/// epoch, so that a hub that reads up to the fence knows which of its appends are in the log. A store opens an epoch
/// above all that it knows or that a hub has seen
///
/// - if there is no log yet,
/// - if it may have lost records, as an [`EpochKind::Break`](crate::EpochKind::Break) if it knows that it has,
/// - if a hub asks for it with [`Opening::leave`].
///
/// # Offsets
///
/// They are dense: each record has the offset of the one before it plus one, over all epochs. An epoch that begins at or
/// below a record that was lost replaces it.
pub trait Store: Send + Sync + 'static {
    /// The records, from the start of [`Opened`] on and without an end. It yields an error, or ends, if the store has to
    /// be opened again.
    type Tail: Stream<Item = Result<Step, StoreError>> + Send + 'static;

    /// Opens the log, or opens it again.
    fn open(&self, opening: Opening) -> impl Future<Output = Result<Opened<Self::Tail>, StoreError>> + Send;

    /// Appends records in order, under an epoch that [`open`](Self::open) has returned. Returns a result for each, because
    /// records of other nodes may come between them.
    ///
    /// A record is refused with [`AppendError::Fenced`] if the epoch is not the current one, at the time when the record
    /// would be appended.
    fn append(&self, epoch: u64, batch: Vec<Record>) -> impl Future<Output = Vec<Result<Cursor, AppendError>>> + Send;
}

/// How a log is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Opening {
    /// The window that is loaded if nothing was seen yet.
    pub window: Window,
    /// The newest record that the hub has applied. The tail continues after it. `None` loads the window first.
    pub seen: Option<Cursor>,
    /// The epoch that has to be left: if it is still the current one, a new epoch is opened.
    pub leave: Option<u64>,
}

/// An open log.
#[derive(Debug)]
#[non_exhaustive]
pub struct Opened<T> {
    /// The epochs that are known, oldest first. The last one is that of the next appends.
    pub epochs: Vec<Epoch>,
    /// The record before the first one that the tail yields.
    pub start: Cursor,
    /// The newest record at this time.
    pub tip: Cursor,
    /// The records after `start`.
    pub tail: T,
}

impl<T> Opened<T> {
    /// Creates the description of an open log.
    pub const fn new(epochs: Vec<Epoch>, start: Cursor, tip: Cursor, tail: T) -> Self {
        Self { epochs, start, tip, tail }
    }
}

/// An item of a store's tail.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Records, in order. They may have been yielded before.
    Records(Vec<Stored>),
    /// The fence of an epoch, in its place between the records, and all epochs that are known.
    Epoch {
        /// The epoch.
        epoch: Epoch,
        /// All known epochs.
        table: Vec<Epoch>,
    },
    /// The store has answered that there is nothing new. It has to yield an item every few seconds.
    Alive,
}

/// A record that is appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The topics.
    pub topics: Vec<String>,
    /// What the record is.
    pub kind: RecordKind,
    /// The event as one block without its ID. Empty for the end of a topic.
    pub block: Bytes,
    /// The node and the number of the record there, by which the node finds it in the tail.
    pub origin: Origin,
}

/// A record as the tail yields it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its position.
    pub cursor: Cursor,
    /// The record.
    pub record: Record,
    /// The time since it was appended, by the clock of the store.
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

/// The identity of a record at the node that appends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// A random number of the process.
    pub node: u128,
    /// The number of the record, which rises.
    pub number: u64,
}

/// The error of a store that could not be reached or did not answer.
#[derive(Debug)]
pub struct StoreError(Box<dyn Error + Send + Sync>);

impl StoreError {
    /// Creates an error with its cause.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The cause is displayed in place of this error, so `source` returns its source.
impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

/// The error of a record that was not appended, or perhaps not.
#[derive(Debug)]
#[non_exhaustive]
pub enum AppendError {
    /// A later epoch has begun. The record is not in the log; the hub opens the log again and appends it there.
    Fenced,
    /// The store refused the record for now, for example because it is full. The record is not in the log.
    Refused(StoreError),
    /// There was no answer. The record may be in the log; the hub opens an epoch to find out.
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
