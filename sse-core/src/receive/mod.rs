//! Typed events from a source of bytes: [`EventStream`] and [`EventReader`], and the loop that they share.
//!
//! `receiver.rs` has that loop, which turns raw events into items; `item.rs` the types of the items; `text.rs` the text
//! of the current chunk.

#[cfg(feature = "stream")]
mod byte_stream;
mod end;
mod item;
#[cfg(feature = "std")]
mod reader;
mod receiver;
#[cfg(feature = "stream")]
mod stream;
mod text;

#[cfg(feature = "std")]
pub use self::reader::EventReader;
#[cfg(feature = "stream")]
pub use self::{byte_stream::ByteStream, stream::EventStream};
pub use self::{
    end::{ReceiveError, StreamEnd},
    item::ReceivedItem,
};
