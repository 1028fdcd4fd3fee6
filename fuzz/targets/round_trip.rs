//! Any envelopes: what is written reads back, but for line ends, or is refused and leaves nothing.
#![no_main]

#[allow(dead_code, unused_imports, reason = "each target uses a part of it")]
mod shared;

use libfuzzer_sys::fuzz_target;
use sse_core::{Comment, Encoder, EventId, EventName, Envelope, RawEventBuf, Retry};

use self::shared::{Dispatched, Stream, decode};

/// The parts of an envelope, as they are asked for.
#[derive(Default)]
struct Parts {
    name: Option<String>,
    id: Option<String>,
    retry: Option<u64>,
    comment: Option<String>,
    data: Option<String>,
}

fuzz_target!(|input: &[u8]| {
    let mut encoder = Encoder::new();
    let mut expected = Stream::default();
    for parts in input.split(|byte| *byte == 0xFE).map(parts) {
        let Some(envelope) = envelope(&parts) else { continue };
        encoder.envelope(&envelope).expect("all of its parts are checked");
        expect(&mut expected, parts);
    }
    assert_eq!(decode([encoder.as_bytes()]), expected);
});

/// An input is envelopes with FE between them, each of them parts with FF between: a letter that says which, and its text.
/// Neither is a byte of any text.
fn parts(envelope: &[u8]) -> Parts {
    let mut parts = Parts::default();
    for part in envelope.split(|byte| *byte == 0xFF) {
        let Some((letter, text)) = part.split_first() else { continue };
        let text = String::from_utf8_lossy(text).into_owned();
        match letter {
            b'e' => parts.name = Some(text),
            b'i' => parts.id = Some(text),
            b'r' => parts.retry = text.parse().ok(),
            b'c' => parts.comment = Some(text),
            _ => parts.data = Some(text),
        }
    }
    parts
}

/// The envelope, unless one of its parts is refused, which it is if and only if it cannot stand on its line.
fn envelope(parts: &Parts) -> Option<Envelope<RawEventBuf>> {
    let breaks = |text: &str| text.contains(['\r', '\n']);
    let name = parts.name.clone().map(|name| EventName::new(name)).transpose();
    assert_eq!(name.is_err(), parts.name.as_ref().is_some_and(|name| name.is_empty() || breaks(name)));
    let id = parts.id.clone().map(|id| EventId::new(id)).transpose();
    assert_eq!(id.is_err(), parts.id.as_ref().is_some_and(|id| breaks(id) || id.contains('\0')));
    let comment = parts.comment.clone().map(|comment| Comment::new(comment)).transpose();
    assert_eq!(comment.is_err(), parts.comment.as_ref().is_some_and(|comment| breaks(comment)));
    let name = name.ok()?.unwrap_or(EventName::from_static("message"));
    let mut envelope = Envelope::empty();
    envelope.event = parts.data.clone().map(|data| RawEventBuf::new(name, data));
    envelope.id = id.ok()?;
    envelope.comment = comment.ok()?;
    envelope.retry = parts.retry.map(Retry::from_millis);
    Some(envelope)
}

/// What a reader of the envelope must find.
fn expect(stream: &mut Stream, parts: Parts) {
    if let Some(id) = &parts.id {
        stream.last_event_id.clone_from(id);
    }
    stream.retry = parts.retry.or(stream.retry);
    if let Some(data) = parts.data {
        stream.events.push(Dispatched {
            event_type: parts.name.unwrap_or_else(|| "message".to_owned()),
            data: data.replace("\r\n", "\n").replace('\r', "\n"),
            last_event_id: stream.last_event_id.clone(),
            id: parts.id,
            retry: parts.retry,
        });
    }
}
