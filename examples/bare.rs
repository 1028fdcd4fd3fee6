//! Serves typed events over a `std::net::TcpListener`, without a web framework.
//!
//! Run `cargo run --example bare`, then `curl -N http://127.0.0.1:3000`.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    process::ExitCode,
    thread,
    time::Duration,
};

use clap::Parser;
use sse_core::{Encoder, SseEvent};

/// Serves the countdown of a rocket launch, without a web framework.
#[derive(Debug, Parser)]
#[command(name = "bare")]
struct Arguments {
    /// The port to listen on; 0 for any free port.
    #[arg(long, value_name = "PORT", default_value_t = 3000)]
    port: u16,
}

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

fn main() -> ExitCode {
    let Arguments { port } = Arguments::parse();
    let listener = match TcpListener::bind(("127.0.0.1", port)) {
        Ok(listener) => listener,
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            eprintln!("bare: port {port} is in use; choose another with `--port`: {error}");
            return ExitCode::FAILURE;
        }
        Err(error) => {
            eprintln!("bare: cannot listen on port {port}; choose another with `--port`: {error}");
            return ExitCode::FAILURE;
        }
    };
    match listen(&listener) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bare: the server failed: {error}");
            ExitCode::FAILURE
        }
    }
}

fn listen(listener: &TcpListener) -> io::Result<()> {
    println!("listening on http://{}", listener.local_addr()?);
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
