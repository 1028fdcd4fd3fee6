//! A server in a process of its own, whose memory and file descriptors no other test uses.

use std::{env, fs, net::SocketAddr, process::Command, time::Duration};

use axum::{Router, routing::get};
use sse_axum::Sse;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime::Handle,
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{Taking, idle};
use crate::{
    program::Running,
    server::{LIMIT, bounded, raw::Raw},
};

/// Run by the tests below.
#[tokio::test]
#[ignore = "run by other tests, in a process of its own"]
async fn in_a_process_of_its_own() {
    let usage = async || {
        let pages = fs::read_to_string("/proc/self/statm").unwrap();
        let resident = pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096;
        let files = fs::read_dir("/proc/self/fd").unwrap().count();
        format!("{resident} {files} {}", Handle::current().metrics().num_alive_tasks())
    };
    let router = Router::new().route("/", get(async || Sse::new(idle()))).route("/usage", get(usage));
    let server = Taking::new(router).await;
    println!("\nport {}", server.address.port());
    let _ = timeout(LIMIT, std::future::pending::<()>()).await;
}

struct Child {
    address: SocketAddr,
    _running: Running,
}

/// What the child uses.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Usage {
    resident: usize,
    files: usize,
    tasks: usize,
}

impl Child {
    /// Starts the server, with at most `files` open files.
    fn start(files: usize) -> Self {
        let this = env::current_exe().unwrap();
        let name = "server::serve::child::in_a_process_of_its_own";
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("ulimit -n {files} && exec \"$0\" --exact {name} --ignored --nocapture")).arg(this);
        let running = Running::start(&mut shell).unwrap();
        let port = loop {
            if let Some(port) = running.line().strip_prefix("port ") {
                break port.parse().unwrap();
            }
        };
        Self { address: SocketAddr::from(([127, 0, 0, 1], port)), _running: running }
    }

    async fn usage(&self) -> Usage {
        let mut raw = TcpStream::connect(self.address).await.unwrap();
        raw.write_all(b"GET /usage HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut text = String::new();
        raw.read_to_string(&mut text).await.unwrap();
        let numbers: Vec<usize> =
            text.split("\r\n\r\n").nth(1).unwrap().split(' ').map(|number| number.parse().unwrap()).collect();
        let [resident, files, tasks] = numbers[..] else { panic!("{text}") };
        Usage { resident, files, tasks }
    }

    /// Opens a stream, and waits for its first event.
    async fn one(&self) -> Raw {
        let mut raw = Raw::get(self.address).await;
        raw.head().await;
        raw.chunk().await.unwrap();
        raw
    }

    /// Opens this many streams at once, and waits for the first event of each.
    async fn open(&self, count: usize) -> Vec<Raw> {
        let mut opening = JoinSet::new();
        for _ in 0..count {
            let address = self.address;
            opening.spawn(async move {
                let mut raw = Raw::get(address).await;
                raw.head().await;
                raw.chunk().await.unwrap();
                raw
            });
        }
        opening.join_all().await
    }

    /// Waits until the child has no more files and tasks than before.
    async fn back_to(&self, before: Usage) -> Usage {
        let waiting = async {
            loop {
                let now = self.usage().await;
                if (now.files, now.tasks) == (before.files, before.tasks) {
                    return now;
                }
                sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(LIMIT, waiting).await.expect("files and tasks return to where they were")
    }
}

#[tokio::test]
async fn an_idle_stream_takes_less_than_two_kilobytes() {
    const STREAMS: usize = 2000;
    bounded(async {
        let child = Child::start(10_000);
        drop(child.one().await);
        let before = child.usage().await;
        let mut open = Vec::new();
        for _ in 0..STREAMS {
            open.push(child.one().await);
        }
        let after = child.usage().await;
        assert!(after.files >= before.files + STREAMS, "{after:?}");
        // hyper alone would take 15 kB for its buffers.
        let each = after.resident.saturating_sub(before.resident) / STREAMS;
        assert!(each < 2048, "{each} bytes per stream");
        drop(open);
    })
    .await;
}

#[tokio::test]
async fn nothing_leaks_when_thousands_of_clients_come_and_go() {
    bounded(async {
        let child = Child::start(10_000);
        let start = child.usage().await;
        drop(child.open(300).await);
        let before = child.back_to(start).await;
        let mut settled = before;
        for round in 0..10 {
            drop(child.open(300).await);
            let now = child.back_to(before).await;
            if round == 4 {
                settled = now;
            }
            if round == 9 {
                let grown = now.resident.saturating_sub(settled.resident);
                assert!(grown < 1_000_000, "{grown} bytes in 1500 connections");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_server_without_file_descriptors_left_goes_on_when_there_are_some() {
    bounded(async {
        let child = Child::start(64);
        // More than the child can accept: the kernel queues the rest.
        let mut waiting = Vec::new();
        for _ in 0..100 {
            waiting.push(Raw::get(child.address).await);
        }
        let mut first = waiting.remove(0);
        first.head().await;
        first.chunk().await.unwrap();
        drop(waiting);
        drop(first);
        drop(child.one().await);
    })
    .await;
}
