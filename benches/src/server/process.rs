//! The server process and its commands.

use std::{fs, time::Duration};

use axum::{Router, routing::get};
use rustix::time::{ClockId, clock_gettime};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    runtime,
    time::{MissedTickBehavior, interval},
};

use super::contender::{Contender, Feed, Publish, Routing, TEXT_BYTES};
use crate::Error;

/// Runs a server until its command connection is closed. Prints the ports for events and for commands.
///
/// # Errors
///
/// Returns an error if a command is invalid, or if the network fails.
pub fn serve(contender: Contender, routing: Routing) -> Result<(), Error> {
    super::remote::raise_limit()?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (router, publish) = contender.app();
        let events = TcpListener::bind("127.0.0.1:0").await?;
        let commands = TcpListener::bind("127.0.0.1:0").await?;
        println!("{} {}", events.local_addr()?.port(), commands.local_addr()?.port());
        tokio::spawn(run(events, router, contender, routing));
        let (connection, _) = commands.accept().await?;
        run_commands(connection, &publish).await
    })
}

/// Serves the router in the given way.
async fn run(listener: TcpListener, router: Router, contender: Contender, routing: Routing) {
    let served = match routing {
        _ if contender.is_taken_over() => sse_axum::serve(listener, router.into_make_service()).await,
        Routing::MakeService => axum::serve(listener, router.into_make_service()).await,
        Routing::Bare => axum::serve(listener, router).await,
        Routing::BareOf50 => axum::serve(listener, with_more_routes(router)).await,
    };
    // `axum::serve` does not return. If it did, the load would fail on its closed connections.
    drop(served);
}

fn with_more_routes(router: Router) -> Router {
    (1..50).fold(router, |router, number| router.route(&format!("/{number}"), get(|| async {})))
}

/// Runs the commands `now <count>`, `every <milliseconds> <count> <length of the text>` and `usage`, one per line.
async fn run_commands(connection: TcpStream, publish: &Publish) -> Result<(), Error> {
    connection.set_nodelay(true)?;
    let (reader, mut writer) = connection.into_split();
    let mut lines = BufReader::new(reader).lines();
    while let Some(line) = lines.next_line().await? {
        let words: Vec<_> = line.split(' ').collect();
        match *words.as_slice() {
            ["now", count] => {
                for _ in 0..count.parse()? {
                    publish(Feed::new(monotonic(), TEXT_BYTES))?;
                }
            }
            ["every", milliseconds, count, text_bytes] => {
                let text_bytes = text_bytes.parse()?;
                let mut ticks = interval(Duration::from_millis(milliseconds.parse()?));
                ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
                for _ in 0..count.parse()? {
                    ticks.tick().await;
                    publish(Feed::new(monotonic(), text_bytes))?;
                }
            }
            ["usage"] => {
                writer.write_all(format!("{} {}\n", cpu(), resident_kilobytes()?).as_bytes()).await?;
            }
            _ => return Err(format!("unknown command `{line}`").into()),
        }
    }
    Ok(())
}

/// Returns the monotonic clock in nanoseconds. All processes of the machine share it.
pub(super) fn monotonic() -> u64 {
    nanoseconds(ClockId::Monotonic)
}

/// Returns the CPU time of this process in nanoseconds, including the kernel's.
fn cpu() -> u64 {
    nanoseconds(ClockId::ProcessCPUTime)
}

fn nanoseconds(clock: ClockId) -> u64 {
    let time = Duration::try_from(clock_gettime(clock)).unwrap_or_default();
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

fn resident_kilobytes() -> Result<u64, Error> {
    let summary = fs::read_to_string("/proc/self/smaps_rollup")?;
    let line = summary.lines().find_map(|line| line.strip_prefix("Rss:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    kilobytes.ok_or_else(|| "/proc/self/smaps_rollup does not contain `Rss`".into())
}
