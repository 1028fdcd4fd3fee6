//! Runs the codec with the types of the oracle and of the vectors.

use sse_core::{
    Comment, Decoder, EncodeError, Encoder, Envelope, EventId, EventName, EventSpec, EventWriter, RawEvent, RawPart,
    Retry, SseEvent, TypedEvent, Written,
};

use super::case::Parts;
use crate::oracle::{Block, Dispatched, Part, Stream};

/// Decodes a stream that arrives in these chunks.
pub(crate) fn decode<'c>(chunks: impl IntoIterator<Item = &'c [u8]>) -> Stream {
    let mut decoder = Decoder::new();
    let mut events = Vec::new();
    for chunk in chunks {
        feed(&mut decoder, chunk, &mut events);
    }
    Stream { events, ..state(&decoder) }
}

/// Feeds one chunk and collects every event that it completes.
pub(crate) fn feed(decoder: &mut Decoder, chunk: &[u8], into: &mut Vec<Dispatched>) {
    let mut events = decoder.feed(chunk);
    while let Some(event) = events.next_event() {
        into.push(dispatched(event.expect("no test stream reaches a limit")));
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

/// Decodes a stream with its other parts. `wants_part` decides for each call whether they are requested. Returns the
/// parts, and the state at the end.
pub(crate) fn parts<'c>(
    chunks: impl IntoIterator<Item = &'c [u8]>,
    wants_part: impl Fn(u32) -> bool,
) -> (Vec<Part>, Stream) {
    let mut decoder = Decoder::new();
    let mut parts = Vec::new();
    let mut call = 0;
    for chunk in chunks {
        let mut events = decoder.feed(chunk);
        loop {
            call += 1;
            let part = if wants_part(call) {
                events.next_part()
            } else {
                events.next_event().map(|event| event.map(RawPart::Event))
            };
            let Some(part) = part else { break };
            parts.push(match part.expect("no test stream reaches a limit") {
                RawPart::Event(event) => Part::Event(dispatched(event)),
                RawPart::Comment(comment) => Part::Comment(comment.to_owned()),
                RawPart::Block { id, retry } => {
                    Part::Block(Block { id: id.map(str::to_owned), retry: retry.map(Retry::as_millis) })
                }
                _ => unreachable!("unknown part"),
            });
        }
    }
    (parts, state(&decoder))
}

/// Returns the decoder's state as a stream without events.
pub(crate) fn state(decoder: &Decoder) -> Stream {
    Stream {
        events: Vec::new(),
        last_event_id: decoder.last_event_id().to_owned(),
        retry: decoder.reconnection_time().map(Retry::as_millis),
    }
}

/// How an event passes its data to the writer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum WriteMode {
    AsText,
    AsDisplay,
    /// In two pieces, split at the last character boundary that is not after this byte.
    SplitAt(usize),
    ByCharacter,
}

/// An event with any name and text.
struct Text<'a> {
    event: Option<&'a str>,
    data: &'a str,
    mode: WriteMode,
}

impl TypedEvent for Text<'_> {
    const EVENTS: &'static [EventSpec] = &[];
}

impl SseEvent for Text<'_> {
    fn encode(&self, writer: EventWriter<'_>) -> Result<Written, EncodeError> {
        let fields = match self.event {
            Some(event) => writer.try_name(event)?,
            None => writer.unnamed(),
        };
        match self.mode {
            WriteMode::AsText => fields.text(self.data),
            WriteMode::AsDisplay => fields.display(self.data),
            WriteMode::SplitAt(at) => fields.data(|data| {
                let boundary = (0..=at).rev().find(|&at| self.data.is_char_boundary(at)).unwrap_or(0);
                let (head, tail) = self.data.split_at(boundary);
                data.push(head);
                data.push(tail);
                Ok(())
            }),
            WriteMode::ByCharacter => fields.data(|data| {
                for c in self.data.chars() {
                    data.push(c.encode_utf8(&mut [0; 4]));
                    data.push("");
                }
                Ok(())
            }),
        }
    }
}

/// Encodes an envelope whose parts are all valid, except for an ID that does not fit a header.
pub(crate) fn try_encode(encoder: &mut Encoder, parts: &Parts, mode: WriteMode) -> Result<(), EncodeError> {
    let mut envelope = Envelope::empty();
    envelope.comment = parts.comment.clone().map(|text| Comment::new(text).expect("one line"));
    envelope.id = parts.id.clone().map(|id| EventId::from_received(id).expect("one line without NUL"));
    envelope.retry = parts.retry.map(Retry::from_millis);
    envelope.event = parts.data.as_deref().map(|data| Text { event: parts.event.as_deref(), data, mode });
    encoder.envelope(&envelope)
}

/// Encodes an envelope.
pub(crate) fn encode(encoder: &mut Encoder, parts: &Parts, mode: WriteMode) {
    try_encode(encoder, parts, mode).expect("every part is valid");
}

/// Tries to construct the one value in `parts` in every possible way, and returns the error messages.
pub(crate) fn rejections(parts: &Parts) -> Vec<String> {
    let mut messages = Vec::new();
    if let Some(text) = &parts.comment {
        messages.push(Comment::new(text.clone()).expect_err("rejected").to_string());
    }
    if let Some(id) = &parts.id {
        messages.push(EventId::new(id.clone()).expect_err("rejected").to_string());
        messages.push(written_with(|writer| writer.unnamed().id(id)?.text("")));
    }
    if let Some(name) = &parts.event {
        messages.push(EventName::new(name.clone()).expect_err("rejected").to_string());
        messages.push(written_with(|writer| writer.try_name(name)?.text("")));
    }
    messages
}

/// An event that encodes itself with a closure.
struct WriteWith<F>(F);

impl<F> TypedEvent for WriteWith<F> {
    const EVENTS: &'static [EventSpec] = &[];
}

impl<F: Fn(EventWriter<'_>) -> Result<Written, EncodeError>> SseEvent for WriteWith<F> {
    fn encode(&self, writer: EventWriter<'_>) -> Result<Written, EncodeError> {
        (self.0)(writer)
    }
}

/// Asserts that an event cannot be encoded and leaves the encoder's buffer unchanged. Returns the message of the cause.
fn written_with(encode: impl Fn(EventWriter<'_>) -> Result<Written, EncodeError>) -> String {
    let mut encoder = Encoder::new();
    encoder.event(&WriteWith(|writer: EventWriter<'_>| writer.unnamed().text("before"))).expect("valid");
    let error = encoder.event(&WriteWith(encode)).expect_err("rejected");
    assert_eq!(encoder.as_bytes(), b"data: before\n\n");
    std::error::Error::source(&error).expect("the error of the value").to_string()
}
