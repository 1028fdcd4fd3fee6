//! Cost of serving one topic to many subscribers.
//!
//! Each trial starts a single-threaded server in a separate process, so that the CPU time of that process is the
//! server's alone. This process is the load, over loopback. It controls the server over a second connection, with
//! commands to publish events and to report the CPU time and memory used so far.

mod contender;
mod load;
mod measure;
mod process;
mod remote;
mod report;
mod soak;
mod stall;
mod trial;

pub use self::{
    contender::{Contender, Routing},
    load::Order,
    measure::{Effort, Figures, measure, orders, sizes},
    process::serve,
    report::{hub_table, orders_table, tables},
    soak::soak,
    stall::{Stalled, stall},
    trial::Memory,
};
