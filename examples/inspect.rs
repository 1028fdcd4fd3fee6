//! Prints any event stream, with one line of JSON for each event.
//!
//!     cargo run --example inspect -- http://127.0.0.1:3000/events
//!     printf 'data: a\r\rdata: b\n\n' | cargo run -q --example inspect -- - --chunk 1

use std::{
    io::{self, BufWriter, Read, Write},
    num::NonZeroUsize,
    process::ExitCode,
    time::Duration,
};

use clap::Parser;
use reqwest::{
    StatusCode, Url,
    blocking::{Client, Response},
    header::{ACCEPT, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE},
};
use serde::Serialize;
use sse_core::{Decoder, LimitError, RawPart, Report, Retry};

/// Prints an event stream, with one line of JSON for each event.
///
/// Invalid UTF-8 is shown as U+FFFD, as the standard requires. The last line contains the last event ID, which a client
/// would send to reconnect, and the reconnection time that the stream has set, in milliseconds. If the input has no
/// event, a message on standard error describes it.
#[derive(Debug, Parser)]
#[command(name = "inspect")]
struct Options {
    /// The URL of the stream, or `-` for standard input.
    #[arg(value_name = "URL")]
    input: String,
    /// The maximum size in bytes of the chunks that are fed to the decoder.
    #[arg(long, value_name = "N")]
    chunk: Option<NonZeroUsize>,
    /// Also print comments, and blocks that only set an ID or a reconnection time.
    #[arg(long)]
    comments: bool,
}

/// An error that ends the program.
enum Failure {
    /// An argument is invalid.
    Usage(String),
    /// The stream cannot be opened, or fails.
    Input(String),
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

fn main() -> ExitCode {
    let (message, code) = match run(&Options::parse()) {
        Ok(()) => return ExitCode::SUCCESS,
        // The reader of the output has closed it, as `head` does.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            return ExitCode::SUCCESS;
        }
        Err(Failure::Output(error)) => (format!("standard output: {error}"), 1),
        Err(Failure::Input(message)) => (message, 1),
        Err(Failure::Usage(message)) => (message, 2),
    };
    eprintln!("inspect: {message}");
    ExitCode::from(code)
}

fn run(options: &Options) -> Result<(), Failure> {
    let (input, encoding): (Box<dyn Read>, _) = match options.input.as_str() {
        "-" => (Box::new(io::stdin().lock()), None),
        address => {
            let response = connect(address)?;
            let encoding = content_encoding(&response);
            (Box::new(response), encoding)
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut decoder = Decoder::new();
    let mut seen = Seen::default();
    let input = show_events(&mut decoder, input, options, &mut seen, &mut out);
    // Printed if the input failed too, because a client would resume from there.
    if let Ok(()) | Err(Failure::Input(_)) = input {
        show_end(&decoder, &mut out)?;
        if let Some(message) = seen.without_events(encoding.as_deref()) {
            eprintln!("inspect: {message}");
        }
    }
    input
}

/// The input read so far.
#[derive(Debug, Default)]
struct Seen {
    bytes: u64,
    events: u64,
    /// The first bytes.
    start: Vec<u8>,
}

impl Seen {
    /// The number of bytes that are kept: a readable amount for one line.
    const START: usize = 60;

    fn add(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.start.extend(bytes.iter().take(Self::START - self.start.len()));
    }

    /// Returns a message if bytes were read but no event. A page, JSON or a compressed body is not an error for a
    /// decoder, because unknown lines are ignored.
    fn without_events(&self, encoding: Option<&str>) -> Option<String> {
        if self.bytes == 0 || self.events > 0 {
            return None;
        }
        let reason = match (encoding, self.start.as_slice()) {
            (Some(encoding), _) => format!("it has the content encoding `{encoding}`, which is not decoded"),
            (None, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) => {
                "it starts with the byte order mark of UTF-16, but an event stream is UTF-8".to_owned()
            }
            (None, start) => format!("it starts with {:?}", String::from_utf8_lossy(start)),
        };
        Some(format!("the input of {} bytes has no event; {reason}", self.bytes))
    }
}

/// Returns the content encoding of a response, if its body is encoded. The request asks for none, but some servers
/// encode anyway.
fn content_encoding(response: &Response) -> Option<String> {
    let encoding = response.headers().get(CONTENT_ENCODING)?;
    let encoding = String::from_utf8_lossy(encoding.as_bytes()).trim().to_owned();
    (!encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity")).then_some(encoding)
}

/// The line for an event.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventLine<'a> {
    event: &'a str,
    data: &'a str,
    last_event_id: &'a str,
}

/// The line for a comment.
#[derive(Serialize)]
struct CommentLine<'a> {
    comment: &'a str,
}

/// The line for a block without an event.
#[derive(Serialize)]
struct BlockLine<'a> {
    block: Block<'a>,
}

#[derive(Serialize)]
struct Block<'a> {
    id: Option<&'a str>,
    retry: Option<u64>,
}

/// The line after the last event.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EndLine<'a> {
    end: bool,
    last_event_id: &'a str,
    retry: Option<u64>,
}

fn show_events(
    decoder: &mut Decoder,
    mut input: impl Read,
    options: &Options,
    seen: &mut Seen,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let mut buffer = vec![0; 16 * 1024];
    let chunk_size = options.chunk.map_or(buffer.len(), NonZeroUsize::get);
    loop {
        let read = match input.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => buffer.get(..read).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                return Err(Failure::Input(format!("the stream broke off: {}", Report::new(&error))));
            }
        };
        seen.add(read);
        for chunk in read.chunks(chunk_size) {
            seen.events += show_chunk(decoder, chunk, options.comments, out)?;
        }
        // The next read may block for a long time.
        out.flush()?;
    }
}

/// Prints the parts that a chunk completes. Returns the number of events, including those that are skipped.
fn show_chunk(decoder: &mut Decoder, chunk: &[u8], comments: bool, out: &mut impl Write) -> Result<u64, Failure> {
    let mut events = decoder.feed(chunk);
    let mut count = 0;
    loop {
        let part =
            if comments { events.next_part() } else { events.next_event().map(|event| event.map(RawPart::Event)) };
        let Some(part) = part else { return Ok(count) };
        count += u64::from(matches!(part, Ok(RawPart::Event(_)) | Err(_)));
        show_part(part, out)?;
    }
}

fn show_part(part: Result<RawPart<'_>, LimitError>, out: &mut impl Write) -> Result<(), Failure> {
    match part {
        Ok(RawPart::Event(event)) => {
            show_line(&EventLine { event: event.name(), data: event.data(), last_event_id: event.last_event_id() }, out)
        }
        Ok(RawPart::Comment(comment)) => show_line(&CommentLine { comment }, out),
        Ok(RawPart::Block { id, retry }) => {
            show_line(&BlockLine { block: Block { id, retry: retry.map(Retry::as_millis) } }, out)
        }
        Ok(_) => Ok(()),
        // The event is skipped. The decoder continues with the next one.
        Err(limit) => {
            eprintln!("inspect: {limit}");
            Ok(())
        }
    }
}

fn show_end(decoder: &Decoder, out: &mut impl Write) -> Result<(), Failure> {
    let retry = decoder.reconnection_time().map(Retry::as_millis);
    show_line(&EndLine { end: true, last_event_id: decoder.last_event_id(), retry }, out)?;
    Ok(out.flush()?)
}

fn show_line(line: &impl Serialize, out: &mut impl Write) -> Result<(), Failure> {
    serde_json::to_writer(&mut *out, line).map_err(io::Error::from)?;
    Ok(out.write_all(b"\n")?)
}

/// Requests the stream, with the headers of section 9.2.2 of the standard.
fn connect(address: &str) -> Result<Response, Failure> {
    let url = parse(address)?;
    #[cfg(feature = "tls")]
    // Fails only if a provider is installed already, which is then used.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let response = Client::builder()
        .connect_timeout(Duration::from_secs(10))
        // A stream may be idle for any length of time.
        .timeout(None)
        .build()
        .and_then(|client| client.get(url).header(ACCEPT, "text/event-stream").header(CACHE_CONTROL, "no-cache").send())
        .map_err(|error| Failure::Input(Report::new(&error).to_string()))?;
    accept(response)
}

fn parse(address: &str) -> Result<Url, Failure> {
    let url = Url::parse(address).map_err(|error| {
        Failure::Usage(format!("`{address}` is not a URL: {error}; write `http://..`, or `-` for standard input"))
    })?;
    match url.scheme() {
        "http" => Ok(url),
        "https" if cfg!(feature = "tls") => Ok(url),
        "https" => Err(Failure::Usage(
            "https is not enabled; run with the feature `tls`: `cargo run --features tls --example inspect -- URL`"
                .to_owned(),
        )),
        scheme => Err(Failure::Usage(format!(
            "`{address}` has the scheme `{scheme}`; write `http://..`, or `-` for standard input"
        ))),
    }
}

/// Checks the response. By section 9.2.3, only one with status 200 and content type `text/event-stream` is a stream.
fn accept(response: Response) -> Result<Response, Failure> {
    let status = response.status();
    let content_type = response.headers().get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let content_type = content_type.as_deref().unwrap_or("none").to_owned();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if status == StatusCode::OK && essence.eq_ignore_ascii_case("text/event-stream") {
        return Ok(response);
    }
    let mut body = Vec::new();
    // An error while reading the body is ignored: the message is about the response.
    let _ = response.take(500).read_to_end(&mut body);
    let message = format!(
        "not an event stream: status {status}, content type {content_type}\n{}",
        String::from_utf8_lossy(&body)
    );
    Err(Failure::Input(message.trim_end().to_owned()))
}
