//! The memory of a server over time.

use std::{io::Write, time::Duration};

use tokio::{runtime, task::LocalSet, time::interval};

use super::{
    contender::{Contender, Routing},
    load::{Load, Order},
    remote::{Remote, check_limit},
};
use crate::Error;

/// Publishes an event each second to the connections of a server, and writes its resident memory after each event as
/// CSV.
///
/// # Errors
///
/// Returns an error if the limit of open files is too low for the connections, if an event does not arrive on all
/// connections, or if the output cannot be written.
pub fn soak(contender: Contender, connections: usize, seconds: u64, output: impl Write) -> Result<(), Error> {
    check_limit(connections)?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(LocalSet::new().run_until(run(contender, connections, seconds, output)))
}

async fn run(contender: Contender, connections: usize, seconds: u64, mut output: impl Write) -> Result<(), Error> {
    let mut server = Remote::start(contender, Routing::MakeService).await?;
    let load = Load::connect(server.events, connections, Order::OneByOne).await?;
    writeln!(output, "second,resident_kilobytes,cpu_milliseconds")?;
    let mut ticks = interval(Duration::from_secs(1));
    for second in 0..=seconds {
        ticks.tick().await;
        // The first line is the memory before any event.
        if second > 0 {
            load.expect(1);
            server.publish(1).await?;
            load.arrived().await?;
        }
        let usage = server.usage().await?;
        writeln!(output, "{second},{},{}", usage.resident_kilobytes, usage.cpu.as_millis())?;
        output.flush()?;
    }
    Ok(())
}
