//! The types of the items of a stream.

use futures_core::Stream;
use sse_core::StreamItem;

/// The type of the events of a stream.
pub(crate) type Event<S> = <<S as Stream>::Item as StreamItem>::Event;

/// The type of the errors of a stream.
pub(crate) type SourceError<S> = <<S as Stream>::Item as StreamItem>::Error;
