//! The vectors of `vectors.txt`, against the oracle, the decoder and the encoder.

mod case;
pub(crate) mod codec;
mod corpus;

use std::collections::HashSet;

use sse_core::{Decoder, Encoder};

pub(crate) use self::case::Parts;
use self::{
    case::Case,
    codec::{Handing, decode},
};
use crate::oracle::{self, Dispatched, Stream};

/// The vectors that are streams, with the stream.
fn streams() -> impl Iterator<Item = (Case, Vec<u8>)> {
    case::all().into_iter().filter_map(|case| {
        let bytes = case.bytes()?;
        Some((case, bytes))
    })
}

#[test]
fn each_vector_has_a_name_of_its_own_a_rule_and_one_thing_to_check() {
    let cases = case::all();
    assert!(cases.len() > 260, "only {} vectors were found", cases.len());
    let mut names = HashSet::new();
    for case in &cases {
        assert!(names.insert(&case.name), "two vectors are called `{}`", case.name);
        assert!(!case.rule.is_empty(), "no rule: {}", case.name);
        assert_ne!(case.chunks.is_some(), case.refused.is_some(), "a stream or a refusal: {}", case.name);
        assert!(case.envelope.is_none() || case.chunks.is_some(), "an envelope without its bytes: {}", case.name);
    }
}

#[test]
fn the_oracle_agrees_with_each_vector() {
    for (case, bytes) in streams() {
        assert_eq!(oracle::interpret(&bytes), case.expected, "{}", case.name);
    }
}

#[test]
fn the_decoder_reads_each_vector_whole() {
    for (case, bytes) in streams() {
        assert_eq!(decode([bytes.as_slice()]), case.expected, "{}", case.name);
    }
}

#[test]
fn the_decoder_reads_each_vector_in_the_chunks_it_is_written_in() {
    for (case, _) in streams() {
        let chunks = case.chunks.iter().flatten().map(Vec::as_slice);
        assert_eq!(decode(chunks), case.expected, "{}", case.name);
    }
}

/// After each byte the decoder has delivered what the oracle finds in the bytes so far: nothing is held back, and
/// nothing comes early.
#[test]
fn the_decoder_delivers_each_event_with_its_last_byte() {
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
fn the_decoder_reads_each_vector_cut_at_every_place() {
    for (case, bytes) in streams() {
        for at in 0..=bytes.len() {
            let (head, tail) = bytes.split_at(at);
            assert_eq!(decode([head, tail]), case.expected, "{}, cut at {at}", case.name);
        }
    }
}

/// Empty chunks stand for reads that yield nothing.
#[test]
fn the_decoder_reads_each_vector_cut_at_every_two_places_with_an_empty_chunk_between() {
    for (case, bytes) in streams() {
        for first in 0..=bytes.len() {
            for second in first..=bytes.len() {
                let chunks = [&bytes[..first], &[], &bytes[first..second], &bytes[second..]];
                assert_eq!(decode(chunks), case.expected, "{}, cut at {first} and {second}", case.name);
            }
        }
    }
}

/// What one event leaves in the decoder's buffers must not show in the next: each vector again behind one that has
/// filled and cleared them all, and that makes the chunk so large that its text is checked at once. It is read in one go,
/// or, behind blocks that dispatch nothing, line by line.
#[test]
fn the_decoder_reads_each_vector_behind_another_stream() {
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
                assert_eq!(stream.events, case.expected.events, "{}, cut at {at}", case.name);
                assert_eq!(stream.last_event_id, case.expected.last_event_id, "{}", case.name);
                assert_eq!(stream.retry, case.expected.retry.or(Some(1)), "{}", case.name);
            }
        }
    }
}

#[test]
fn the_encoder_writes_each_frame_as_exactly_the_bytes_of_its_vector() {
    let mut envelopes = 0;
    for (case, bytes) in streams() {
        let Some(parts) = &case.envelope else { continue };
        let pieces = (0..=parts.data.as_ref().map_or(0, String::len)).map(Handing::InTwo);
        for handing in [Handing::AsText, Handing::AsDisplay, Handing::ByCharacter].into_iter().chain(pieces) {
            let mut encoder = Encoder::new();
            codec::encode(&mut encoder, parts, handing);
            assert_eq!(encoder.as_bytes(), bytes, "{}, {handing:?}", case.name);
        }
        envelopes += 1;
    }
    assert!(envelopes > 30, "only {envelopes} vectors have an envelope");
}

/// The other direction for every vector, whatever its bytes look like: each event that is read is written as an envelope of
/// what its block set, and reads as itself.
#[test]
fn each_event_of_each_vector_is_written_and_read_again_as_itself() {
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
            codec::encode(&mut encoder, &parts, Handing::AsText);
            let last_event_id = event.id.clone().unwrap_or_default();
            let again = Dispatched { last_event_id, ..event.clone() };
            assert_eq!(decode([encoder.as_bytes()]).events, [again], "{}", case.name);
        }
    }
}

#[test]
fn each_refused_value_is_refused_and_leaves_nothing_behind() {
    let mut refused = 0;
    for case in case::all() {
        let Some(parts) = &case.refused else { continue };
        let messages = codec::refusals(parts);
        assert!(!messages.is_empty(), "nothing to refuse: {}", case.name);
        for message in &messages {
            assert_eq!(message, &messages[0], "{}", case.name);
            assert!(message.contains(" is empty; ") || message.contains(" at byte "), "{}: {message}", case.name);
        }
        refused += 1;
    }
    assert!(refused > 10, "only {refused} vectors are refusals");
}
