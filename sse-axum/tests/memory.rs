//! The memory that an idle event stream holds while it is served by `serve`.

use std::{
    alloc::System,
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use axum::{Router, routing::get};
use futures_util::stream;
use sse_axum::Sse;
use sse_core::RawEventBuf;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use tokio::net::TcpListener;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The number of bytes and of allocations in use.
fn in_use() -> (usize, usize) {
    let stats = ALLOCATOR.stats();
    (stats.bytes_allocated - stats.bytes_deallocated, stats.allocations - stats.deallocations)
}

/// The number of streams. A power of two, so that shared lists that double have no room left.
const STREAMS: usize = 256;

/// The task of the stream takes 256 bytes, the registration of the socket in tokio too, the body with its keep-alive timer
/// about 200, or 64 more with the feature `tracing`, and the waker for a shutdown 16.
#[tokio::test]
async fn an_idle_stream_holds_three_allocations() {
    let router = Router::new().route("/", get(async || Sse::new(stream::pending::<RawEventBuf>())));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = sse_axum::serve(listener, router.into_make_service());
    let (address, streams) = (server.local_addr().unwrap(), server.streams());
    let server = tokio::spawn(server.into_future());
    let mut clients = Vec::with_capacity(2 * STREAMS);
    // The server runs on this thread, so a client must not block. It allocates nothing.
    let mut open = async || {
        for _ in 0..STREAMS {
            let mut client = TcpStream::connect(address).unwrap();
            client.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
            clients.push(client);
            while streams.taken_over() < clients.len() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        // The connections that were taken over end after their streams have begun.
        tokio::time::sleep(Duration::from_millis(50)).await;
        in_use()
    };
    let before = open().await;
    let after = open().await;
    let (bytes, count) = ((after.0 - before.0) / STREAMS, (after.1 - before.1) / STREAMS);
    assert!(bytes <= 832 && count == 3, "{bytes} bytes in {count} allocations");
    let mut head = [0; 12];
    clients[0].read_exact(&mut head).unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");
    server.abort();
}
