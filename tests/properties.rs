//! Properties of the codec: any bytes in any chunks, any frame there and back.

use proptest::prelude::*;
use sse_core::{Decoder, Encoder, EventId, LimitError, Limits};

use crate::{
    oracle::{self, Dispatched, Stream},
    vectors::{
        Parts,
        codec::{self, Handing, decode},
    },
};

/// What streams are made of, so that random bytes meet the rules often: names whole and cut, line ends, digits,
/// pieces of characters, the byte order mark.
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
    // A line that takes many chunks, seldom.
    let long = (300..6000_usize).prop_map(|len| b"0123456789 ".repeat(len / 11));
    let word = prop_oneof![200 => word, 1 => long];
    let many = prop_oneof![3 => 0..60_usize, 1 => 200..600_usize];
    many.prop_flat_map(move |many| prop::collection::vec(word.clone(), many)).prop_map(|words| words.concat())
}

/// A stream in chunks, of one byte more often than not, and sometimes so large that their text is checked at once.
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

/// Text of one line, with what is special elsewhere.
fn line() -> impl Strategy<Value = String> {
    "([ :\0\t\u{FEFF}\u{2028}a-c0-9é🦀]|data: ){0,8}"
}

/// Text with line ends of every kind.
fn text() -> impl Strategy<Value = String> {
    "(\r|\n|\r\n|[ :\0\t\u{FEFF}a-cé🦀]|data: |id: 1){0,12}"
}

fn frame() -> impl Strategy<Value = Parts> {
    let id = line().prop_map(|id| id.replace('\0', ""));
    let event = line().prop_filter("a type is not empty", |name| !name.is_empty());
    let option = prop::option::of::<BoxedStrategy<String>>;
    (option(line().boxed()), option(event.boxed()), option(id.boxed()), any::<Option<u64>>(), option(text().boxed()))
        .prop_map(|(comment, event, id, retry, data)| Parts { comment, event, id, retry, data })
}

/// What a reader of the frames must find.
fn meaning(frames: &[Parts]) -> Stream {
    let mut stream = Stream::default();
    for frame in frames {
        stream.last_event_id = frame.id.clone().unwrap_or(stream.last_event_id);
        stream.retry = frame.retry.or(stream.retry);
        if let Some(data) = &frame.data {
            stream.events.push(Dispatched {
                event_type: frame.event.clone().unwrap_or_else(|| "message".to_owned()),
                data: data.replace("\r\n", "\n").replace('\r', "\n"),
                last_event_id: stream.last_event_id.clone(),
                id: frame.id.clone(),
                retry: frame.retry,
            });
        }
    }
    stream
}

/// What a decoder with limits makes of a stream: the data of each event, each error, the last event ID at the end.
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
    fn any_bytes_at_all_in_any_chunks_read_as_the_oracle_reads_them(
        chunks in chunked(prop::collection::vec(any::<u8>(), 0..200)),
    ) {
        prop_assert_eq!(decode(slices(&chunks)), oracle::interpret(&chunks.concat()));
    }

    #[test]
    fn comments_show_to_those_who_ask_and_change_nothing_else(chunks in chunked(words()), asks in any::<u64>()) {
        let (parts, comments) = codec::parts(slices(&chunks), |_| true);
        prop_assert_eq!(&parts, &oracle::interpret(&chunks.concat()));
        prop_assert_eq!(comments, oracle::comments(&chunks.concat()));
        let (mixed, _) = codec::parts(slices(&chunks), |call| asks.rotate_left(call) & 1 == 1);
        prop_assert_eq!(mixed, parts);
    }

    #[test]
    fn each_chunk_of_any_stream_delivers_at_once_what_it_completes(chunks in chunked(words())) {
        let mut decoder = Decoder::new();
        let mut events = Vec::new();
        for end in 1..=chunks.len() {
            codec::feed(&mut decoder, &chunks[end - 1], &mut events);
            let so_far = Stream { events: events.clone(), ..codec::state(&decoder) };
            prop_assert_eq!(so_far, oracle::interpret(&chunks[..end].concat()));
        }
    }

    #[test]
    fn any_frames_read_back_as_they_were_written_but_for_line_ends(
        frames in prop::collection::vec(frame(), 0..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut encoder = Encoder::new();
        for frame in &frames {
            let handing = frame.data.as_ref().map_or(Handing::AsText, |data| Handing::InTwo(cut.index(data.len() + 1)));
            codec::encode(&mut encoder, frame, handing);
        }
        let bytes = encoder.into_bytes();
        let (head, tail) = bytes.split_at(cut.index(bytes.len() + 1));
        prop_assert_eq!(decode([head, tail]), meaning(&frames));
    }

    /// The oracle's own decoding of UTF-8, against the standard library's.
    #[test]
    fn the_oracle_repairs_invalid_text_as_the_standard_library_does(bytes in words()) {
        let text: String = oracle::utf8_decode_without_bom(&bytes).into_iter().collect();
        prop_assert_eq!(text, String::from_utf8_lossy(&bytes));
    }

    /// The limits on a line and on an event are properties of the stream, not of its chunks. Only which of the two is
    /// named, where a line exceeds both, depends on how much of it came first.
    #[test]
    fn a_stream_in_any_chunks_exceeds_the_same_limits(
        chunks in chunked(words()),
        line in 5..40_usize,
        event in 0..40_usize,
    ) {
        let limits = Limits::new().max_line(line).max_event(event);
        let (whole, whole_id) = decode_within(limits, &[chunks.concat()]);
        let (seen, id) = decode_within(limits, &chunks);
        let events = |seen: &[Result<String, LimitError>]| seen.iter().map(|event| event.clone().ok()).collect::<Vec<_>>();
        prop_assert_eq!((events(&seen), id), (events(&whole), whole_id));
        for data in whole.iter().flatten() {
            prop_assert!(data.len() <= event, "{data:?} is longer than {event}");
        }
    }

    /// What fits all limits is not touched by them.
    #[test]
    fn limits_that_a_stream_keeps_change_nothing(chunks in chunked(words())) {
        let stream = chunks.concat();
        // Repair makes three bytes of one, at worst.
        let size = 3 * stream.len();
        let limits = Limits::new().max_line(size).max_event(size).max_buffered(2 * size);
        let expected = oracle::interpret(&stream);
        let data: Vec<_> = expected.events.into_iter().map(|event| Ok(event.data)).collect();
        prop_assert_eq!(decode_within(limits, &chunks), (data, expected.last_event_id));
    }

    /// Memory stays bounded, so that an event without end is given up; the stream goes on behind it.
    #[test]
    fn no_stream_keeps_the_decoder_from_the_next_event(
        chunks in chunked(words()),
        line in 0..40_usize,
        event in 0..40_usize,
        buffered in 0..40_usize,
    ) {
        let limits = Limits::new().max_line(line.max(7)).max_event(event.max(1)).max_buffered(buffered.max(9));
        let mut chunks = chunks;
        chunks.extend([b"\n".to_vec(), b"\n\n".to_vec(), b"data: x".to_vec(), b"\n".to_vec(), b"\n".to_vec()]);
        let (seen, _) = decode_within(limits, &chunks);
        prop_assert_eq!(seen.last(), Some(&Ok("x".to_owned())));
    }

    /// A reader may leave a chunk after any event, and finds the rest the next time.
    #[test]
    fn events_left_unread_come_with_the_next_chunk(
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

    /// Nothing of a broken connection but the last event ID and the reconnection time is in the next one.
    #[test]
    fn a_restarted_decoder_reads_as_a_new_one_with_the_last_event_id(
        before in chunked(words()),
        after in chunked(words()),
    ) {
        let mut restarted = Decoder::new();
        for chunk in &before {
            codec::feed(&mut restarted, chunk, &mut Vec::new());
        }
        restarted.restart();
        let id = EventId::new(restarted.last_event_id().to_owned()).expect("it was read, so it is valid");
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
