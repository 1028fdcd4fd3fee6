//! Start and control of a server process.

use std::{
    env,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::Duration,
};

use clap::ValueEnum;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::contender::{Contender, Routing};
use crate::Error;

/// The CPU time and memory that a server has used so far.
#[derive(Clone, Copy)]
pub(super) struct Usage {
    pub(super) cpu: Duration,
    pub(super) resident_kilobytes: u64,
}

/// A running server process. Dropping it kills the process.
pub(super) struct Remote {
    child: Child,
    pub(super) events: SocketAddr,
    commands: tokio::io::BufReader<TcpStream>,
}

impl Remote {
    /// Starts this program as a server in another process.
    pub(super) async fn start(contender: Contender, routing: Routing) -> Result<Self, Error> {
        let mut child = Command::new(env::current_exe()?)
            .args(["--serve", &value_name(&contender), "--routing", &value_name(&routing)])
            .stdout(Stdio::piped())
            .spawn()?;
        let mut ports = String::new();
        BufReader::new(child.stdout.take().ok_or("the server has no output")?).read_line(&mut ports)?;
        let address = |port: &str| Ok::<_, Error>(SocketAddr::from(([127, 0, 0, 1], port.parse()?)));
        let (events, commands) = ports.trim_end().split_once(' ').ok_or("the server did not start")?;
        let commands = TcpStream::connect(address(commands)?).await?;
        commands.set_nodelay(true)?;
        Ok(Self { child, events: address(events)?, commands: tokio::io::BufReader::new(commands) })
    }

    /// Publishes `count` events at once.
    pub(super) async fn publish(&mut self, count: usize) -> Result<(), Error> {
        self.command(&format!("now {count}\n")).await
    }

    /// Publishes `count` events with a text of this length, one per interval.
    pub(super) async fn publish_every(
        &mut self,
        interval: Duration,
        count: usize,
        text_bytes: usize,
    ) -> Result<(), Error> {
        self.command(&format!("every {} {count} {text_bytes}\n", interval.as_millis())).await
    }

    pub(super) async fn usage(&mut self) -> Result<Usage, Error> {
        self.command("usage\n").await?;
        let mut line = String::new();
        self.commands.read_line(&mut line).await?;
        let (cpu, resident) = line.trim_end().split_once(' ').ok_or("the server closed its command connection")?;
        Ok(Usage { cpu: Duration::from_nanos(cpu.parse()?), resident_kilobytes: resident.parse()? })
    }

    async fn command(&mut self, line: &str) -> Result<(), Error> {
        Ok(self.commands.write_all(line.as_bytes()).await?)
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        // An error means that the process has already exited.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn value_name(value: &impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// Raises the limit of open files to the maximum for this process.
pub(super) fn raise_limit() -> Result<(), Error> {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    Ok(setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })?)
}

/// Returns an error if the limit of open files is too low for this number of connections.
pub(super) fn check_limit(connections: usize) -> Result<(), Error> {
    /// The number of open files that are not connections.
    const OTHERS: usize = 64;
    raise_limit()?;
    let needed = u64::try_from(connections + OTHERS)?;
    match getrlimit(Resource::Nofile).current {
        Some(limit) if limit < needed => Err(format!(
            "{connections} connections need {needed} open files, but the limit is {limit}; raise it with `ulimit -n \
             {needed}`, or use fewer `--connections`"
        )
        .into()),
        _ => Ok(()),
    }
}
