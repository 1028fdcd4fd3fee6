//! Cost of reading a stream with a client, over a real connection.
//!
//! The server is another thread, which sends a response that is ready in memory. The client runs on this thread, so its
//! CPU time, including the kernel's, is that of the thread.

mod contender;
mod feed;
mod measure;

pub use self::{
    contender::{CLIENTS, Client},
    feed::Feed,
    measure::{Figures, KINDS, measure, tables},
};
