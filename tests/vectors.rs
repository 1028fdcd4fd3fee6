//! Runs the oracle, the decoder and the encoder on the vectors of `vectors.txt`.

mod case;
pub(crate) mod codec;
mod corpus;

use std::collections::HashSet;

use sse_core::{Decoder, Encoder, EventId};

pub(crate) use self::case::Parts;
use self::{
    case::Case,
    codec::{WriteMode, decode},
};
use crate::oracle::{self, Dispatched, Part, Stream};

/// Returns the vectors that contain a stream, each with its bytes.
fn streams() -> impl Iterator<Item = (Case, Vec<u8>)> {
    case::all().into_iter().filter_map(|case| {
        let bytes = case.bytes()?;
        Some((case, bytes))
    })
}

#[test]
fn each_vector_has_a_unique_name_a_rule_and_one_thing_to_check() {
    let cases = case::all();
    assert!(cases.len() > 260, "only {} vectors were found", cases.len());
    let mut names = HashSet::new();
    for case in &cases {
        assert!(names.insert(&case.name), "two vectors are named `{}`", case.name);
        assert!(!case.rule.is_empty(), "no rule: {}", case.name);
        assert_ne!(case.chunks.is_some(), case.rejected.is_some(), "either a stream or a rejection: {}", case.name);
        assert!(case.envelope.is_none() || case.chunks.is_some(), "an envelope without its bytes: {}", case.name);
    }
}

#[test]
fn the_oracle_agrees_with_each_vector() {
    for (case, bytes) in streams() {
        assert_eq!(oracle::interpret(&bytes), case.expected, "{}", case.name);
        let parts = oracle::parts(&bytes).into_iter();
        let blocks: Vec<_> =
            parts.filter_map(|part| if let Part::Block(block) = part { Some(block) } else { None }).collect();
        assert_eq!(blocks, case.blocks, "{}", case.name);
    }
}

#[test]
fn the_decoder_reads_each_vector_whole() {
    for (case, bytes) in streams() {
        assert_eq!(decode([bytes.as_slice()]), case.expected, "{}", case.name);
    }
}

#[test]
fn the_decoder_reads_each_vector_in_its_own_chunks() {
    for (case, _) in streams() {
        let chunks = case.chunks.iter().flatten().map(Vec::as_slice);
        assert_eq!(decode(chunks), case.expected, "{}", case.name);
    }
}

/// After each byte, the decoder has delivered exactly the events that the oracle finds in the bytes so far.
#[test]
fn the_decoder_delivers_each_event_at_its_last_byte() {
    for (case, bytes) in streams() {
        let mut decoder = Decoder::new();
        let mut events = Vec::new();
        for (at, byte) in bytes.chunks(1).enumerate() {
            codec::feed(&mut decoder, byte, &mut events);
            let so_far = Stream { events: events.clone(), ..codec::state(&decoder) };
            assert_eq!(so_far, oracle::interpret(&bytes[..=at]), "{}, after byte {at}", case.name);
        }
        assert_eq!(events, case.expected.events, "{}", case.name);
    }
}

#[test]
fn the_decoder_reads_each_vector_split_at_every_position() {
    for (case, bytes) in streams() {
        for at in 0..=bytes.len() {
            let (head, tail) = bytes.split_at(at);
            assert_eq!(decode([head, tail]), case.expected, "{}, split at {at}", case.name);
        }
    }
}

/// An empty chunk is a read that returns no bytes.
#[test]
fn the_decoder_reads_each_vector_split_at_every_two_positions_around_an_empty_chunk() {
    for (case, bytes) in streams() {
        for first in 0..=bytes.len() {
            for second in first..=bytes.len() {
                let chunks = [&bytes[..first], &[], &bytes[first..second], &bytes[second..]];
                assert_eq!(decode(chunks), case.expected, "{}, split at {first} and {second}", case.name);
            }
        }
    }
}

/// Split at every position, and in chunks of one byte.
#[test]
fn the_decoder_returns_all_parts_of_each_vector_on_request() {
    for (case, bytes) in streams() {
        let expected = (oracle::parts(&bytes), Stream { events: Vec::new(), ..case.expected });
        for at in 0..=bytes.len() {
            let (head, tail) = bytes.split_at(at);
            assert_eq!(codec::parts([head, tail], |_| true), expected, "{}, split at {at}", case.name);
        }
        assert_eq!(codec::parts(bytes.chunks(1), |_| true), expected, "{}", case.name);
    }
}

/// After each byte, whether the bytes before it came in one chunk or one by one.
#[test]
fn the_decoder_is_between_events_of_each_vector_where_the_oracle_is() {
    let mut count = [0; 2];
    for (case, bytes) in streams() {
        let mut bytewise = Decoder::new();
        for at in 0..=bytes.len() {
            let (before, _) = bytes.split_at(at);
            codec::feed(&mut bytewise, before.get(at.wrapping_sub(1)..).unwrap_or_default(), &mut Vec::new());
            let mut whole = Decoder::new();
            codec::feed(&mut whole, before, &mut Vec::new());
            let expected = oracle::is_between_events(before);
            let found = [bytewise.is_between_events(), whole.is_between_events()];
            assert_eq!(found, [expected; 2], "{}, after byte {at}", case.name);
            count[usize::from(expected)] += 1;
        }
    }
    assert!(count.iter().all(|count| *count > 1000), "{count:?}");
}

/// The contents of the decoder's buffers must not leak from one event into the next. Each vector follows an event that
/// fills and clears every buffer and makes the chunk large enough for its text to be validated at once. The second
/// prefix also ends with blocks that dispatch nothing, after which the decoder reads line by line.
#[test]
fn the_decoder_reads_each_vector_after_another_stream() {
    let long = "long enough to need a buffer ".repeat(10);
    let event = format!("event: before\ndata: {long}\nid\nretry: 1\n\n");
    let befores = [event.clone(), format!("{event}id: 1\n\nid\n\n")];
    for (case, bytes) in streams().filter(|(_, bytes)| !bytes.starts_with(b"\xEF")) {
        for before in &befores {
            let whole = [before.as_bytes(), &bytes].concat();
            for at in [0, 8].into_iter().chain(before.len() - 1..=whole.len()) {
                let (head, tail) = whole.split_at(at);
                let mut stream = decode([head, tail]);
                assert_eq!(stream.events.remove(0).event_type, "before", "{}", case.name);
                assert_eq!(stream.events, case.expected.events, "{}, split at {at}", case.name);
                assert_eq!(stream.last_event_id, case.expected.last_event_id, "{}", case.name);
                assert_eq!(stream.retry, case.expected.retry.or(Some(1)), "{}", case.name);
            }
        }
    }
}

#[test]
fn the_encoder_writes_each_envelope_as_exactly_the_bytes_of_its_vector() {
    let mut envelopes = 0;
    for (case, bytes) in streams() {
        let Some(parts) = &case.envelope else { continue };
        let pieces = (0..=parts.data.as_ref().map_or(0, String::len)).map(WriteMode::SplitAt);
        for mode in [WriteMode::AsText, WriteMode::AsDisplay, WriteMode::ByCharacter].into_iter().chain(pieces) {
            let mut encoder = Encoder::new();
            codec::encode(&mut encoder, parts, mode);
            assert_eq!(encoder.as_bytes(), bytes, "{}, {mode:?}", case.name);
        }
        envelopes += 1;
    }
    assert!(envelopes > 30, "only {envelopes} vectors have an envelope");
}

/// Encodes each event with the fields that its block set, and decodes it again. The bytes may differ from the vector's.
#[test]
fn each_event_of_each_vector_survives_encoding_and_decoding() {
    for (case, _) in streams() {
        for event in &case.expected.events {
            let parts = Parts {
                comment: None,
                event: Some(event.event_type.clone()),
                id: event.id.clone(),
                retry: event.retry,
                data: Some(event.data.clone()),
            };
            let mut encoder = Encoder::new();
            if let Err(error) = codec::try_encode(&mut encoder, &parts, WriteMode::AsText) {
                // A received ID that no header can send back is not written.
                let id = EventId::from_received(event.id.clone().unwrap_or_default()).unwrap();
                assert!(!id.fits_header() && encoder.is_empty(), "{}: {error}", case.name);
                continue;
            }
            let last_event_id = event.id.clone().unwrap_or_default();
            let again = Dispatched { last_event_id, ..event.clone() };
            assert_eq!(decode([encoder.as_bytes()]).events, [again], "{}", case.name);
        }
    }
}

#[test]
fn each_invalid_value_is_rejected_and_nothing_is_written() {
    let mut rejected = 0;
    for case in case::all() {
        let Some(parts) = &case.rejected else { continue };
        let messages = codec::rejections(parts);
        assert!(!messages.is_empty(), "nothing to reject: {}", case.name);
        for message in &messages {
            assert_eq!(message, &messages[0], "{}", case.name);
            assert!(message.contains(" is empty; ") || message.contains(" at byte "), "{}: {message}", case.name);
        }
        rejected += 1;
    }
    assert!(rejected > 10, "only {rejected} vectors are rejections");
}
