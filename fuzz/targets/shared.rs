//! What the fuzz targets share: the oracle of the tests, the decoder in the oracle's terms, and chunks out of bytes.

#[path = "../../tests/oracle.rs"]
mod oracle;

use sse_core::{Decoder, Limits, Retry};

pub(crate) use self::oracle::{Dispatched, Stream, interpret};

/// Reads a stream that arrives in these chunks, of which every third one is left unread for the next.
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
        let event = event.expect("no input of a fuzzer comes near a limit");
        into.push(Dispatched {
            event_type: event.name().to_owned(),
            data: event.data().to_owned(),
            last_event_id: event.last_event_id().to_owned(),
            id: event.id().map(str::to_owned),
            retry: event.retry().map(Retry::as_millis),
        });
    }
}

/// Reads a stream under limits that it does exceed. Nothing may panic, and nothing else is asked.
pub(crate) fn decode_limited(limit: usize, chunks: impl IntoIterator<Item = impl AsRef<[u8]>>) {
    let limits = Limits::new().max_line(limit).max_event(limit * 2).max_buffered(limit * 3);
    let mut decoder = Decoder::new().with_limits(limits);
    for chunk in chunks {
        let mut events = decoder.feed(chunk.as_ref());
        while let Some(event) = events.next_event() {
            assert!(event.is_err() || event.is_ok_and(|event| event.data().len() <= limit * 2));
        }
    }
}

/// An input is a stream and, behind its last byte FF, the sizes of the chunks it comes in, over and over: in bytes up to
/// 127, and in steps of 32 bytes from there on, so that chunks are as large as those of a network too. FF is no byte of
/// any text, so that a stream of text is an input as it stands; it comes in chunks of three bytes.
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
