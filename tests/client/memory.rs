//! Memory: reconnecting does not leak.

use std::{env, fs, process::Command, time::Duration};

use futures_util::{StreamExt, future::join_all};
use sse_client::{Policy, Tries};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{bounded, raw};

const SOURCES: usize = 100;

/// The resident memory of this process in bytes.
fn resident() -> u64 {
    let pages = fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

/// Answers a request with one event, and closes the connection.
async fn serve(mut connection: TcpStream) {
    let mut request = [0; 1024];
    assert_ne!(connection.read(&mut request).await.unwrap(), 0);
    let answer = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: 1\n\n";
    connection.write_all(answer.as_bytes()).await.unwrap();
}

/// Run by the test below in a process of its own, whose memory no other test uses.
#[tokio::test]
#[ignore = "run by `a_hundred_reconnects_of_a_hundred_sources_do_not_leak`"]
async fn in_a_process_of_its_own() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            tokio::spawn(serve(listener.accept().await.unwrap().0));
        }
    });
    let policy = Policy::new().base(Duration::from_millis(1)).floor(Duration::from_millis(1)).tries(Tries::Unlimited);
    let mut sources: Vec<_> = (0..SOURCES).map(|_| raw(&url).policy(policy)).collect();
    let mut reconnect = async |times: usize| {
        join_all(sources.iter_mut().map(|source| async move {
            for _ in 0..times {
                source.next().await.unwrap().unwrap();
            }
        }))
        .await;
    };
    bounded(async {
        reconnect(50).await;
        let before = resident();
        reconnect(100).await;
        println!("grown by {}", resident().saturating_sub(before));
    })
    .await;
}

#[test]
fn a_hundred_reconnects_of_a_hundred_sources_do_not_leak() {
    let inner = "client::memory::in_a_process_of_its_own";
    let this = env::current_exe().unwrap();
    let output = Command::new(this).args([inner, "--exact", "--ignored", "--nocapture"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let grown = text.lines().find_map(|line| line.split("grown by ").nth(1)?.parse::<u64>().ok());
    let grown = grown.unwrap_or_else(|| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)));
    assert!(grown < 1 << 20, "{grown} bytes");
}
