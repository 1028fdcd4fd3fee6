//! Serves typed events over a `std::net::TcpListener`, without a web framework.
//!
//! Run `cargo run --example bare`, then `curl -N http://127.0.0.1:3001`.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    thread,
    time::Duration,
};

use sse_core::{Encoder, SseEvent};

/// A rocket launch.
#[derive(Debug, SseEvent)]
#[sse(rename_all = "kebab-case")]
enum Launch {
    /// A second of the countdown.
    Countdown {
        #[sse(id)]
        second: u32,
        left: u32,
    },
    /// The end of the stream. Typed clients stop reading here.
    #[sse(terminal)]
    LiftOff,
}

/// The length of the countdown.
const SECONDS: u32 = 10;

fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:3001")
        .map_err(|error| io::Error::new(error.kind(), format!("cannot listen on 127.0.0.1:3001: {error}")))?;
    println!("http://127.0.0.1:3001");
    for stream in listener.incoming() {
        let stream = stream?;
        thread::spawn(move || {
            if let Err(error) = serve(stream) {
                eprintln!("the client disconnected: {error}");
            }
        });
    }
    Ok(())
}

/// Answers one request with the stream, and closes the connection after the last event.
fn serve(mut stream: TcpStream) -> io::Result<()> {
    let seen = read_request(&stream)?;
    if seen == Some(SECONDS) {
        // The client has all events of the countdown. After a 204 it does not reconnect.
        return stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    }
    stream.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\nConnection: close\r\n\r\n",
    )?;
    let mut encoder = Encoder::new();
    for event in launch(seen.unwrap_or(0)) {
        encoder.clear();
        encoder.event(&event).map_err(io::Error::other)?;
        stream.write_all(encoder.as_bytes())?;
        thread::sleep(Duration::from_secs(1));
    }
    Ok(())
}

/// Returns the events after the one with the ID `seen`.
fn launch(seen: u32) -> impl Iterator<Item = Launch> {
    let countdown = (seen + 1..=SECONDS).map(|second| Launch::Countdown { second, left: SECONDS - second });
    countdown.chain([Launch::LiftOff])
}

/// Reads the head of the request. Returns the last event ID, which a client sends when it reconnects.
fn read_request(stream: &TcpStream) -> io::Result<Option<u32>> {
    let mut seen = None;
    for line in BufReader::new(stream).lines() {
        let line = line?;
        match line.split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("last-event-id") => {
                seen = value.trim().parse().ok().filter(|second| *second <= SECONDS);
            }
            _ if line.is_empty() => break,
            _ => {}
        }
    }
    Ok(seen)
}
