//! What it costs to serve one topic to many subscribers.
//!
//! Each trial starts a server in a process of its own, on one thread, so that the CPU time of that process is the
//! server's and nobody else's. The load comes from this process, over loopback; a second connection tells the server
//! what to publish and asks what it has used.

mod contender;
mod load;
mod measure;
mod process;
mod remote;
mod report;
mod trial;

pub use self::{
    contender::{Contender, Routing},
    measure::{Effort, Figures, measure},
    process::serve,
    report::tables,
};
