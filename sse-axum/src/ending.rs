//! The end of a body from outside.

use std::pin::Pin;

use crate::{batch::WriteEvent, close::CloseReason};

/// A future that ends the body when it completes.
pub(crate) type End = Pin<Box<dyn Future<Output = Ending> + Send>>;

/// The way in which a body ends from outside.
pub(crate) struct Ending {
    pub(crate) reason: CloseReason,
    /// An event to send after all others.
    pub(crate) last: Option<Box<dyn WriteEvent + Send>>,
}
