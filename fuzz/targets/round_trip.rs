//! Arbitrary envelopes: each is rejected because of an invalid part, or reads back as it was written except for line
//! endings.
#![no_main]

#[allow(dead_code, unused_imports, reason = "each target uses a part of the module")]
mod shared;

use libfuzzer_sys::fuzz_target;
use sse_core::{Comment, Encoder, Envelope, EventId, EventName, RawEventBuf, Retry};

use self::shared::{Dispatched, Stream, decode};

/// The parts of an envelope, which may be invalid.
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
    let mut lone = None;
    for parts in input.split(|byte| *byte == 0xFE).map(parts) {
        let Some(envelope) = envelope(&parts) else { continue };
        encoder.envelope(&envelope).expect("all parts are valid");
        expect(&mut expected, &mut lone, parts);
    }
    assert_eq!(decode([encoder.as_bytes()]), expected);
});

/// Parses one envelope of an input.
///
/// An input consists of envelopes separated by FE. An envelope consists of parts separated by FF, each of which is a
/// letter for its kind followed by its text. Neither byte occurs in UTF-8.
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

/// Returns the envelope, or `None` if one of its parts is invalid. Asserts that exactly the invalid parts are rejected.
fn envelope(parts: &Parts) -> Option<Envelope<RawEventBuf>> {
    let breaks = |text: &str| text.contains(['\r', '\n']);
    let name = parts.name.clone().map(|name| EventName::new(name)).transpose();
    assert_eq!(name.is_err(), parts.name.as_ref().is_some_and(|name| name.is_empty() || breaks(name)));
    let id = parts.id.clone().map(|id| EventId::new(id)).transpose();
    assert_eq!(id.is_err(), parts.id.as_ref().is_some_and(|id| !fits_header(id)));
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

/// Returns whether an ID arrives unchanged in a header.
fn fits_header(id: &str) -> bool {
    let is_blank = |c| c == ' ' || c == '\t';
    let is_forbidden = |c: char| c.is_ascii_control() && c != '\t';
    id.len() <= 4096 && !id.contains(is_forbidden) && !id.starts_with(is_blank) && !id.ends_with(is_blank)
}

/// Adds to `stream` what decoding the envelope must yield. `lone` is a reconnection time that no block has followed yet.
fn expect(stream: &mut Stream, lone: &mut Option<u64>, parts: Parts) {
    if let Some(id) = &parts.id {
        stream.last_event_id.clone_from(id);
    }
    stream.retry = parts.retry.or(stream.retry);
    let retry = parts.retry.or(*lone);
    *lone = retry.filter(|_| parts.id.is_none() && parts.data.is_none());
    if let Some(data) = parts.data {
        stream.events.push(Dispatched {
            event_type: parts.name.unwrap_or_else(|| "message".to_owned()),
            data: data.replace("\r\n", "\n").replace('\r', "\n"),
            last_event_id: stream.last_event_id.clone(),
            id: parts.id,
            retry,
        });
    }
}
