//! Properties of the codec: decoding arbitrary bytes in arbitrary chunks, and round trips of arbitrary envelopes.

use std::convert::Infallible;

use futures_executor::block_on;
use futures_util::{StreamExt as _, stream};
use proptest::prelude::*;
use sse_core::{Decoder, Encoder, EventId, EventStream, LimitError, Limits, RawEventBuf, Retry};

use crate::{
    oracle::{self, Block, Dispatched, Part, Stream},
    vectors::{
        Parts,
        codec::{self, WriteMode, decode},
    },
};

/// Fragments of streams that exercise the rules far more often than random bytes: whole and partial field names, line
/// endings, digits, partial characters, the byte order mark.
const WORDS: &[&[u8]] = &[
    b"data",
    b"event",
    b"id",
    b"retry",
    b"data:",
    b"data: ",
    b"event: ",
    b"id: ",
    b"retry: ",
    b":",
    b": ",
    b" ",
    b"\n",
    b"\n",
    b"\n",
    b"\n\n",
    b"\r",
    b"\r",
    b"\r\n",
    b"\r\n\r\n",
    b"\0",
    b"0",
    b"17",
    b"99999999999999999999",
    b"+",
    b"a",
    b"message",
    b"da",
    b"ta: ",
    b"Data: ",
    b"\xEF\xBB\xBF",
    b"\xEF\xBB",
    b"\xBF",
    b"\xE2\x82\xAC",
    b"\xE2\x82",
    b"\xAC",
    b"\xF0\x9F\xA6\x80",
    b"\xF0\x9F",
    b"\xED\xA0",
    b"\x80",
    b"\xFF",
    b"data: whole\r\n\r\n",
    b"data: whole\n\n",
    b"data: line\r\n",
    b"event: tick\r\n",
    b"id: 7\r\n",
    b"data: line\n",
    b"data: a long line of text, longer than a word\n",
    b"data: \xF0\x9F\xA6\x80 and a long line that has to be repaired \xF0\x9F\xA6\n",
];

fn words() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        8 => prop::sample::select(WORDS).prop_map(<[u8]>::to_vec),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
    ];
    // Rarely, a line that spans many chunks.
    let long = (300..6000_usize).prop_map(|len| b"0123456789 ".repeat(len / 11));
    let word = prop_oneof![200 => word, 1 => long];
    let many = prop_oneof![3 => 0..60_usize, 1 => 200..600_usize];
    many.prop_flat_map(move |many| prop::collection::vec(word.clone(), many)).prop_map(|words| words.concat())
}

/// Splits a stream into chunks: most have few bytes, some are large enough for their text to be validated at once.
fn chunked(bytes: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<Vec<u8>>> {
    let sizes = prop::collection::vec(
        prop_oneof![3 => 0..4_usize, 2 => 4..20_usize, 1 => 20..200_usize, 1 => 256..2000_usize],
        1..20,
    );
    (bytes, sizes).prop_map(|(bytes, sizes)| {
        let mut rest = bytes.as_slice();
        let mut chunks = Vec::new();
        for size in sizes {
            let (chunk, tail) = rest.split_at(size.min(rest.len()));
            chunks.push(chunk.to_vec());
            rest = tail;
        }
        chunks.push(rest.to_vec());
        chunks
    })
}

/// Streams of many small events, between which other words are rare, in chunks that contain several of them.
fn small_events() -> impl Strategy<Value = Vec<Vec<u8>>> {
    const EVENTS: &[&str] =
        &["data: whole\n\n", "event: tick\ndata: €\n\n", "id: 🦀\ndata: whole\n\n", "data: two\ndata: lines\n\n"];
    let event = prop::sample::select(EVENTS).prop_map(|event| event.as_bytes().to_vec());
    let word = prop::sample::select(WORDS).prop_map(<[u8]>::to_vec);
    let stream = prop::collection::vec(prop_oneof![20 => event, 1 => word], 50..200);
    (stream, 200..1500_usize).prop_map(|(pieces, size)| pieces.concat().chunks(size).map(<[u8]>::to_vec).collect())
}

/// Text of one line, with characters that are special in other places.
fn line() -> impl Strategy<Value = String> {
    "([ :\0\t\u{FEFF}\u{2028}a-c0-9é🦀]|data: ){0,8}"
}

/// Text with all kinds of line endings.
fn text() -> impl Strategy<Value = String> {
    "(\r|\n|\r\n|[ :\0\t\u{FEFF}a-cé🦀]|data: |id: 1){0,12}"
}

fn envelope() -> impl Strategy<Value = Parts> {
    let id = line().prop_map(|id| id.replace('\0', "").trim_matches([' ', '\t']).to_owned());
    let event = line().prop_filter("an event name is not empty", |name| !name.is_empty());
    let option = prop::option::of::<BoxedStrategy<String>>;
    (option(line().boxed()), option(event.boxed()), option(id.boxed()), any::<Option<u64>>(), option(text().boxed()))
        .prop_map(|(comment, event, id, retry, data)| Parts { comment, event, id, retry, data })
}

/// Returns what decoding the envelopes must yield.
fn meaning(envelopes: &[Parts]) -> Stream {
    let mut stream = Stream::default();
    // A lone reconnection time is a line of the block that follows.
    let mut lone = None;
    for envelope in envelopes {
        stream.last_event_id = envelope.id.clone().unwrap_or(stream.last_event_id);
        stream.retry = envelope.retry.or(stream.retry);
        let retry = envelope.retry.or(lone);
        lone = retry.filter(|_| envelope.id.is_none() && envelope.data.is_none());
        if let Some(data) = &envelope.data {
            stream.events.push(Dispatched {
                event_type: envelope.event.clone().unwrap_or_else(|| "message".to_owned()),
                data: data.replace("\r\n", "\n").replace('\r', "\n"),
                last_event_id: stream.last_event_id.clone(),
                id: envelope.id.clone(),
                retry,
            });
        }
    }
    stream
}

/// Decodes a stream with limits. Returns the data or the error of each event, and the final last event ID.
fn decode_within(limits: Limits, chunks: &[Vec<u8>]) -> (Vec<Result<String, LimitError>>, String) {
    let mut decoder = Decoder::new().with_limits(limits);
    let mut seen = Vec::new();
    for chunk in chunks {
        let mut events = decoder.feed(chunk);
        while let Some(event) = events.next_event() {
            seen.push(event.map(|event| event.data().to_owned()));
        }
    }
    (seen, decoder.last_event_id().to_owned())
}

/// Moves each lone reconnection time to the block that follows it, as it is when it is written. One that no block follows
/// is dropped.
fn merged(parts: Vec<Part>) -> Vec<Part> {
    let mut lone = None;
    let mut merged = Vec::new();
    for mut part in parts {
        match &mut part {
            Part::Comment(_) => {}
            Part::Block(Block { id: None, retry }) => {
                lone = retry.or(lone);
                continue;
            }
            Part::Event(Dispatched { retry, .. }) | Part::Block(Block { retry, .. }) => *retry = retry.or(lone.take()),
        }
        merged.push(part);
    }
    merged
}

fn slices(chunks: &[Vec<u8>]) -> impl Iterator<Item = &[u8]> {
    chunks.iter().map(Vec::as_slice)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_stream_in_any_chunks_reads_as_the_oracle_reads_it(chunks in chunked(words())) {
        prop_assert_eq!(decode(slices(&chunks)), oracle::interpret(&chunks.concat()));
    }

    #[test]
    fn random_bytes_in_any_chunks_read_as_the_oracle_reads_them(
        chunks in chunked(prop::collection::vec(any::<u8>(), 0..200)),
    ) {
        prop_assert_eq!(decode(slices(&chunks)), oracle::interpret(&chunks.concat()));
    }

    #[test]
    fn comments_and_blocks_are_returned_on_request_and_change_nothing_else(
        chunks in chunked(words()),
        requests in any::<u64>(),
    ) {
        let stream = chunks.concat();
        let end = Stream { events: Vec::new(), ..oracle::interpret(&stream) };
        prop_assert_eq!(codec::parts(slices(&chunks), |_| true), (oracle::parts(&stream), end.clone()));
        let (mut mixed, mixed_end) = codec::parts(slices(&chunks), |call| requests.rotate_left(call) & 1 == 1);
        mixed.retain(|part| matches!(part, Part::Event(_)));
        let mut events = oracle::parts(&stream);
        events.retain(|part| matches!(part, Part::Event(_)));
        prop_assert_eq!((mixed, mixed_end), (events, end));
    }

    /// Whether the decoder is between two events depends on the bytes so far, not on their chunks or on what is
    /// requested.
    #[test]
    fn the_decoder_is_between_events_after_the_same_bytes_as_the_oracle(
        chunks in chunked(words()),
        requests in any::<u64>(),
    ) {
        let mut decoder = Decoder::new();
        let mut requests = requests;
        for end in 1..=chunks.len() {
            let mut events = decoder.feed(&chunks[end - 1]);
            requests = requests.rotate_left(1);
            if requests & 1 == 1 {
                while events.next_part().is_some() {}
            } else {
                while events.next_event().is_some() {}
            }
            drop(events);
            let stream = chunks[..end].concat();
            prop_assert_eq!(decoder.is_between_events(), oracle::is_between_events(&stream), "{:?}", stream);
            prop_assert_eq!(decoder.pending_retry().map(Retry::as_millis), oracle::pending_retry(&stream));
        }
    }

    /// A relay receives envelopes, and writes each of them. Its clients read what it has read itself.
    #[test]
    fn a_relay_of_all_envelopes_loses_nothing(chunks in chunked(words())) {
        let source = chunks.iter().map(|chunk| Ok::<_, Infallible>(chunk.clone()));
        let envelopes = EventStream::<_, RawEventBuf>::new(stream::iter(source)).envelopes().comments().blocks();
        let mut encoder = Encoder::new();
        for envelope in block_on(envelopes.collect::<Vec<_>>()) {
            let envelope = envelope.expect("within the limits");
            if envelope.id.as_ref().is_some_and(|id| !id.fits_header()) {
                // Such an ID is not written.
                return Ok(());
            }
            encoder.envelope(&envelope).expect("each part that was read can be written");
        }
        let (read, relayed) = (oracle::parts(&chunks.concat()), oracle::parts(encoder.as_bytes()));
        prop_assert_eq!(merged(relayed), merged(read));
        prop_assert_eq!(oracle::interpret(encoder.as_bytes()).retry, oracle::interpret(&chunks.concat()).retry);
    }

    /// A typed stream may read a chunk in another way than the decoder, depending on the events of the last one.
    #[test]
    fn a_stream_of_any_events_yields_what_the_decoder_lends(
        chunks in prop_oneof![chunked(words()), small_events()],
    ) {
        let source = chunks.iter().map(|chunk| Ok::<_, Infallible>(chunk.clone()));
        let mut stream = EventStream::<_, RawEventBuf>::new(stream::iter(source));
        let streamed: Vec<_> = block_on(stream.by_ref().map(|event| event.expect("within the limits")).collect());
        let mut decoder = Decoder::new();
        let mut lent = Vec::new();
        for chunk in &chunks {
            lent.extend(decoder.feed(chunk).map(|event| event.expect("within the limits")));
        }
        prop_assert_eq!(streamed, lent);
        prop_assert_eq!(stream.decoder().last_event_id(), decoder.last_event_id());
    }

    #[test]
    fn each_chunk_immediately_delivers_the_events_that_it_completes(chunks in chunked(words())) {
        let mut decoder = Decoder::new();
        let mut events = Vec::new();
        for end in 1..=chunks.len() {
            codec::feed(&mut decoder, &chunks[end - 1], &mut events);
            let so_far = Stream { events: events.clone(), ..codec::state(&decoder) };
            prop_assert_eq!(so_far, oracle::interpret(&chunks[..end].concat()));
        }
    }

    #[test]
    fn any_envelopes_read_back_as_they_were_written_except_for_line_endings(
        envelopes in prop::collection::vec(envelope(), 0..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut encoder = Encoder::new();
        for envelope in &envelopes {
            let split = |data: &String| WriteMode::SplitAt(cut.index(data.len() + 1));
            let mode = envelope.data.as_ref().map_or(WriteMode::AsText, split);
            codec::encode(&mut encoder, envelope, mode);
        }
        let bytes = encoder.into_bytes();
        let (head, tail) = bytes.split_at(cut.index(bytes.len() + 1));
        prop_assert_eq!(decode([head, tail]), meaning(&envelopes));
    }

    /// Compares the oracle's UTF-8 decoder with the standard library's.
    #[test]
    fn the_oracle_replaces_invalid_utf8_as_the_standard_library_does(bytes in words()) {
        let text: String = oracle::utf8_decode_without_bom(&bytes).into_iter().collect();
        prop_assert_eq!(text, String::from_utf8_lossy(&bytes));
    }

    /// The limits on a line and on an event apply to the stream, not to its chunks. If a line exceeds both, the chunks
    /// only determine which of the two the error reports.
    #[test]
    fn the_same_events_exceed_the_limits_in_any_chunks(
        chunks in chunked(words()),
        line in 5..40_usize,
        event in 0..40_usize,
    ) {
        let limits = Limits::new().max_line(line).max_data(event);
        let (whole, whole_id) = decode_within(limits, &[chunks.concat()]);
        let (seen, id) = decode_within(limits, &chunks);
        let events = |seen: &[Result<String, LimitError>]| seen.iter().map(|event| event.clone().ok()).collect::<Vec<_>>();
        prop_assert_eq!((events(&seen), id), (events(&whole), whole_id));
        for data in whole.iter().flatten() {
            prop_assert!(data.len() <= event, "{data:?} is longer than {event}");
        }
    }

    #[test]
    fn limits_that_a_stream_does_not_exceed_change_nothing(chunks in chunked(words())) {
        let stream = chunks.concat();
        // Replacing invalid UTF-8 makes at most three bytes out of one.
        let size = 3 * stream.len();
        let limits = Limits::new().max_line(size).max_data(size).max_buffered(2 * size);
        let expected = oracle::interpret(&stream);
        let data: Vec<_> = expected.events.into_iter().map(|event| Ok(event.data)).collect();
        prop_assert_eq!(decode_within(limits, &chunks), (data, expected.last_event_id));
    }

    /// An endless event is discarded, because memory is bounded; the events after it are still read.
    #[test]
    fn the_next_event_is_read_after_any_stream(
        chunks in chunked(words()),
        line in 0..40_usize,
        event in 0..40_usize,
        buffered in 0..40_usize,
    ) {
        let limits = Limits::new().max_line(line.max(7)).max_data(event.max(1)).max_buffered(buffered.max(9));
        let mut chunks = chunks;
        chunks.extend([b"\n".to_vec(), b"\n\n".to_vec(), b"data: x".to_vec(), b"\n".to_vec(), b"\n".to_vec()]);
        let (seen, _) = decode_within(limits, &chunks);
        prop_assert_eq!(seen.last(), Some(&Ok("x".to_owned())));
    }

    /// A caller may stop reading a chunk after any event; the next call returns the rest.
    #[test]
    fn unread_events_are_returned_with_the_next_chunk(
        chunks in chunked(words()),
        takes in prop::collection::vec(0..4_usize, 1..8),
    ) {
        let mut decoder = Decoder::new();
        let mut seen = Vec::new();
        for (chunk, take) in chunks.iter().zip(takes.iter().cycle()) {
            let mut events = decoder.feed(chunk);
            for _ in 0..*take {
                let Some(event) = events.next_event() else { break };
                seen.push(event.expect("within the limits").data().to_owned());
            }
        }
        let mut events = decoder.feed(&[]);
        while let Some(event) = events.next_event() {
            seen.push(event.expect("within the limits").data().to_owned());
        }
        drop(events);
        let expected = oracle::interpret(&chunks.concat());
        let data: Vec<_> = expected.events.into_iter().map(|event| event.data).collect();
        prop_assert_eq!(seen, data);
        prop_assert_eq!(decoder.last_event_id(), expected.last_event_id);
    }

    /// Only the last event ID and the reconnection time carry over to the next connection.
    #[test]
    fn a_restarted_decoder_reads_like_a_new_one_with_the_last_event_id(
        before in chunked(words()),
        after in chunked(words()),
    ) {
        let mut restarted = Decoder::new();
        for chunk in &before {
            codec::feed(&mut restarted, chunk, &mut Vec::new());
        }
        restarted.restart();
        let id = EventId::from_received(restarted.last_event_id().to_owned()).expect("it was received");
        let mut new = Decoder::new().with_last_event_id(&id);
        let (mut expected, mut seen) = (Vec::new(), Vec::new());
        for chunk in &after {
            codec::feed(&mut restarted, chunk, &mut seen);
            codec::feed(&mut new, chunk, &mut expected);
        }
        prop_assert_eq!(seen, expected);
        prop_assert_eq!(restarted.last_event_id(), new.last_event_id());
    }
}
