//! A server of typed events on nothing but `std::net::TcpListener` and the encoder.
//!
//! `cargo run --example bare`, then `curl -N http://127.0.0.1:3001`.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    thread,
    time::Duration,
};

use sse_core::{Encoder, SseEvent};

/// A launch, second by second.
#[derive(Debug, SseEvent)]
#[sse(rename_all = "kebab-case")]
enum Launch {
    /// So many seconds are left.
    Countdown {
        #[sse(id)]
        second: u32,
        left: u32,
    },
    /// It is over; clients that know the type stop here.
    #[sse(terminal)]
    LiftOff,
}

const SECONDS: u32 = 10;

fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:3001")
        .map_err(|error| io::Error::new(error.kind(), format!("cannot listen on 127.0.0.1:3001: {error}")))?;
    println!("http://127.0.0.1:3001");
    for stream in listener.incoming() {
        let stream = stream?;
        thread::spawn(move || {
            if let Err(error) = serve(stream) {
                eprintln!("a client went away: {error}");
            }
        });
    }
    Ok(())
}

/// One connection, one stream. It is closed behind the last event.
fn serve(mut stream: TcpStream) -> io::Result<()> {
    let seen = read_request(&stream)?;
    if seen == Some(SECONDS) {
        // The client has seen it all; 204 tells it not to come back.
        return stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    }
    stream.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nConnection: close\r\n\r\n",
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

/// What comes behind the event with this ID.
fn launch(seen: u32) -> impl Iterator<Item = Launch> {
    let countdown = (seen + 1..=SECONDS).map(|second| Launch::Countdown { second, left: SECONDS - second });
    countdown.chain([Launch::LiftOff])
}

/// Reads the request's head, and in it the last event ID that a client which comes back sends.
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
