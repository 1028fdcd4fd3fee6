//! Code shared by the fuzz targets: the oracle of the tests, a decoder with the oracle's types, and the splitting of
//! inputs into chunks.

#[path = "../../tests/oracle.rs"]
mod oracle;

use sse_core::{Decoder, Limits, RawEvent, RawPart, Retry};

use self::oracle::{Block, Part};
pub(crate) use self::oracle::{Dispatched, Stream, interpret};

/// Decodes a stream that arrives in these chunks. Every third chunk is left unread until the next one.
pub(crate) fn decode<'c>(chunks: impl IntoIterator<Item = &'c [u8]>) -> Stream {
    let mut decoder = Decoder::new();
    let mut stream = Stream::default();
    for (count, chunk) in chunks.into_iter().enumerate() {
        if count % 3 == 2 {
            drop(decoder.feed(chunk));
        } else {
            feed(&mut decoder, chunk, &mut stream.events);
        }
    }
    feed(&mut decoder, b"", &mut stream.events);
    stream.last_event_id = decoder.last_event_id().to_owned();
    stream.retry = decoder.reconnection_time().map(Retry::as_millis);
    stream
}

fn feed(decoder: &mut Decoder, chunk: &[u8], into: &mut Vec<Dispatched>) {
    let mut events = decoder.feed(chunk);
    while let Some(event) = events.next_event() {
        into.push(dispatched(event.expect("no fuzzer input reaches a limit")));
    }
}

fn dispatched(event: RawEvent<'_>) -> Dispatched {
    Dispatched {
        event_type: event.name().to_owned(),
        data: event.data().to_owned(),
        last_event_id: event.last_event_id().to_owned(),
        id: event.id().map(str::to_owned),
        retry: event.retry().map(Retry::as_millis),
    }
}

/// Decodes all parts of a stream. Asserts that they are those of the oracle, and that both agree on where the stream
/// ends.
pub(crate) fn decode_parts(stream: &[u8], chunks: &[&[u8]]) {
    let mut decoder = Decoder::new();
    let mut parts = Vec::new();
    for chunk in chunks {
        let mut events = decoder.feed(chunk);
        while let Some(part) = events.next_part() {
            parts.push(match part.expect("no fuzzer input reaches a limit") {
                RawPart::Event(event) => Part::Event(dispatched(event)),
                RawPart::Comment(text) => Part::Comment(text.to_owned()),
                RawPart::Block { id, retry } => {
                    Part::Block(Block { id: id.map(str::to_owned), retry: retry.map(Retry::as_millis) })
                }
                _ => unreachable!("unknown part"),
            });
        }
    }
    assert_eq!(parts, oracle::parts(stream));
    assert_eq!(decoder.is_between_events(), oracle::is_between_events(stream));
    assert_eq!(decoder.pending_retry().map(Retry::as_millis), oracle::pending_retry(stream));
}

/// Decodes a stream with limits that it may exceed. Asserts that no event is larger than its limit.
pub(crate) fn decode_limited(limit: usize, chunks: impl IntoIterator<Item = impl AsRef<[u8]>>) {
    let limits = Limits::new().max_line(limit).max_data(limit * 2).max_buffered(limit * 3);
    let mut decoder = Decoder::new().with_limits(limits);
    for chunk in chunks {
        let mut events = decoder.feed(chunk.as_ref());
        while let Some(event) = events.next_event() {
            assert!(event.is_err() || event.is_ok_and(|event| event.data().len() <= limit * 2));
        }
    }
}

/// Splits an input into a stream and its chunks.
///
/// The bytes after the last FF are the sizes of the chunks, used in turn and repeated. Sizes up to 127 are in bytes;
/// larger ones are in steps of 32 bytes, so that chunks can be as large as those of a network. FF does not occur in
/// UTF-8, so any text is a valid input without sizes; its chunks have three bytes.
pub(crate) fn cut(input: &[u8]) -> (&[u8], Vec<&[u8]>) {
    let end = input.iter().rposition(|byte| *byte == 0xFF);
    let (stream, sizes) = match end {
        Some(end) if end + 1 < input.len() => (&input[..end], &input[end + 1..]),
        _ => (input, &[3][..]),
    };
    let mut chunks = Vec::new();
    let mut rest = stream;
    for size in sizes.iter().map(|size| usize::from(*size)).cycle() {
        if rest.is_empty() {
            break;
        }
        let size = if size < 128 { size } else { (size - 123) * 32 };
        let (chunk, tail) = rest.split_at(size.clamp(1, rest.len()));
        chunks.push(chunk);
        rest = tail;
    }
    (stream, chunks)
}
