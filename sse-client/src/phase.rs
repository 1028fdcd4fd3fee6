//! The phases of a source.

use std::time::Duration;

use crate::{
    CloseReason, Error, WaitReason,
    clock::Timer,
    connection::Connection,
    exclusive::Exclusive,
    request::{Answer, BoxFuture, Made},
};

/// Where a source is, with what it waits for or has to report. `I` is the item of its connections.
pub(crate) enum Phase<I> {
    New,
    /// A request is to be made.
    Connecting,
    Making(Exclusive<BoxFuture<Made>>),
    Sending(Exclusive<BoxFuture<Answer>>),
    Reading(Box<Connection<I>>),
    /// A wait is to be reported and begun.
    Pausing(Duration, WaitReason),
    Waiting(Timer),
    /// The final error is to be reported.
    Failing(Box<Error>),
    /// The end is to be reported.
    Closing(CloseReason),
    Done,
}

impl<I> Phase<I> {
    /// Changes the type of the items, which only an open connection has. Such a connection is dropped.
    pub(crate) fn into_items<J>(self) -> Phase<J> {
        match self {
            Self::New => Phase::New,
            Self::Connecting => Phase::Connecting,
            Self::Making(made) => Phase::Making(made),
            Self::Sending(answer) => Phase::Sending(answer),
            Self::Pausing(delay, reason) => Phase::Pausing(delay, reason),
            Self::Waiting(timer) => Phase::Waiting(timer),
            Self::Failing(error) => Phase::Failing(error),
            Self::Closing(reason) => Phase::Closing(reason),
            Self::Reading(_) | Self::Done => Phase::Done,
        }
    }
}
