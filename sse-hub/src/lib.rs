//! Replayable topics for typed server-sent events.
mod cursor;
mod decoded;
mod drain;
mod epochs;
mod error;
mod filter;
mod hub;
mod index;
mod judge;
mod log;
mod names;
mod options;
mod own_id;
mod publish;
mod reader;
mod records;
mod shared;
mod slab;
mod start;
mod state;
mod stats;
mod store;
mod subscribe;
mod subscription;
#[cfg(feature = "test")]
pub mod test;
mod trace;
mod waiters;
mod window;

#[cfg(doc)]
pub mod semantics {}

pub use self::{
    cursor::{Cursor, InvalidCursor},
    decoded::{Decoded, ReadError},
    epochs::{Epoch, EpochKind},
    error::{Cut, NameError, PublishError, Sent, SubscribeError},
    hub::{All, Hub, Topics},
    options::Options,
    publish::Publish,
    start::Start,
    stats::{Gaps, Stats},
    store::{
        AppendError, Health, MemoryStore, MemoryTail, OpenError, Opened, Opening, Origin, Record, RecordKind, Step,
        Store, StoreError, Stored,
    },
    subscribe::{GapsNamed, Subscribe},
    subscription::Subscription,
    window::Window,
};
