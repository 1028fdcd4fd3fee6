//! Typed events from chunks: `EventStream` and `EventReader`, which follow the same rules.

use std::{
    error::Error as _,
    io::{self, Read},
};

use futures_executor::block_on;
use futures_util::{StreamExt as _, stream, stream::FusedStream as _};
use sse_core::{
    Comment, Decoder, Envelope, EventId, EventReader, EventStream, LimitError, Limits, ReceiveError, Retry, SseEvent,
    StreamEnd,
};

#[derive(Clone, Debug, PartialEq, SseEvent)]
#[sse(rename_all = "kebab-case")]
enum Score {
    Goal {
        team: String,
        minute: u8,
    },
    Comment(String),
    #[sse(terminal)]
    FinalWhistle,
}

fn goal(team: &str, minute: u8) -> Score {
    Score::Goal { team: team.into(), minute }
}

/// What the stream and the reader yield, with errors as text.
type Items = Vec<Result<Envelope<Score>, String>>;

/// What the stream and the reader receive, and report afterwards.
#[derive(Debug, PartialEq)]
struct Received {
    items: Items,
    last_event_id: String,
    unknown: u64,
    end: Option<StreamEnd>,
    bytes_read: u64,
}

/// The options of both, for envelopes.
#[derive(Clone, Copy, Debug, Default)]
struct Options {
    comments: bool,
    blocks: bool,
    require_terminal: bool,
}

/// Formats an error and its causes.
fn chain(error: &ReceiveError<io::Error>) -> String {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    std::iter::once(error.to_string()).chain(causes.map(ToString::to_string)).collect::<Vec<_>>().join(": ")
}

/// Reads the chunks with `EventStream` and `EventReader`, and asserts that both yield the same. Returns the items, the
/// last event ID and the number of unknown events.
fn receive(decoder: &Decoder, chunks: &[&[u8]]) -> (Items, String, u64) {
    let received = receive_with(Options::default(), decoder, chunks);
    (received.items, received.last_event_id, received.unknown)
}

/// Like [`receive`], with options.
fn receive_with(options: Options, decoder: &Decoder, chunks: &[&[u8]]) -> Received {
    let source = stream::iter(chunks.iter().map(Ok::<_, io::Error>));
    let mut events = EventStream::<_, Score>::with_decoder(source, decoder.clone());
    if options.require_terminal {
        events = events.require_terminal();
    }
    let mut envelopes = events.envelopes();
    if options.comments {
        envelopes = envelopes.comments();
    }
    if options.blocks {
        envelopes = envelopes.blocks();
    }
    assert_eq!((envelopes.ended(), envelopes.bytes_read()), (None, 0));
    let mut items = Items::new();
    while let Some(item) = block_on(envelopes.next()) {
        items.push(item.map_err(|error| chain(&error)));
        if envelopes.is_terminated() {
            break;
        }
    }
    assert!(block_on(envelopes.next()).is_none());
    assert!(envelopes.is_terminated());
    let streamed = Received {
        items,
        last_event_id: envelopes.decoder().last_event_id().to_owned(),
        unknown: envelopes.unknown_events(),
        end: envelopes.ended(),
        bytes_read: envelopes.bytes_read(),
    };

    let source =
        chunks.iter().fold(Box::new(io::empty()) as Box<dyn Read>, |before, chunk| Box::new(before.chain(*chunk)));
    let mut events = EventReader::<_, Score>::with_decoder(source, decoder.clone());
    if options.require_terminal {
        events = events.require_terminal();
    }
    let mut envelopes = events.envelopes();
    if options.comments {
        envelopes = envelopes.comments();
    }
    if options.blocks {
        envelopes = envelopes.blocks();
    }
    assert_eq!((envelopes.ended(), envelopes.bytes_read()), (None, 0));
    let read = Received {
        items: envelopes.by_ref().map(|item| item.map_err(|error| chain(&error))).collect(),
        last_event_id: envelopes.decoder().last_event_id().to_owned(),
        unknown: envelopes.unknown_events(),
        end: envelopes.ended(),
        bytes_read: envelopes.bytes_read(),
    };
    assert!(envelopes.next().is_none());
    assert_eq!(read, streamed);
    streamed
}

#[test]
fn envelopes_contain_the_id_and_retry_of_their_blocks() {
    let chunks: [&[u8]; 3] = [
        b"event: goal\nid: 1\nretry: 50\ndata: {\"team\":\"home\",\"min",
        b"ute\":7}\n\nevent: comment\ndata: \"well",
        b" played\"\n\n",
    ];
    let (items, id, _) = receive(&Decoder::new(), &chunks);
    let first = Envelope::new(goal("home", 7)).with_id(1).with_retry(Retry::from_millis(50));
    assert_eq!(items, [Ok(first), Ok(Envelope::new(Score::Comment("well played".into())))]);
    assert_eq!(id, "1");
}

#[test]
fn unknown_events_are_skipped_and_counted_and_their_ids_are_kept() {
    let (items, id, unknown) = receive(
        &Decoder::new(),
        &[b"event: corner\nid: 8\ndata: {}\n\ndata: unnamed\n\nevent: comment\ndata: \"a\"\n\n"],
    );
    assert_eq!(items, [Ok(Envelope::new(Score::Comment("a".into())))]);
    assert_eq!((id.as_str(), unknown), ("8", 2));
}

#[test]
fn the_id_of_a_skipped_event_is_kept_if_the_chunk_ends_with_it() {
    let skipped = b"event: corner\nid: 8\ndata: {}\n\n";
    assert_eq!(receive(&Decoder::new(), &[skipped]), (vec![], "8".to_owned(), 1));
    let (items, id, _) = receive(&Decoder::new(), &[skipped, b"event: comment\ndata: \"not an ID\"\n\n"]);
    assert_eq!(items, [Ok(Envelope::new(Score::Comment("not an ID".into())))]);
    assert_eq!(id, "8");
}

#[test]
fn invalid_data_is_an_error_with_event_position_and_cause_and_the_next_event_is_read() {
    let (items, ..) = receive(
        &Decoder::new(),
        &[b"event: goal\ndata: {\"team\":\"home\"}\n\nevent: comment\ndata: oops\n\nevent: comment\ndata: \"a\"\n\n"],
    );
    let missing = items[0].as_ref().unwrap_err();
    assert_eq!(missing, "event `goal` cannot be decoded: invalid data: missing field `minute` at line 1 column 15");
    let broken = items[1].as_ref().unwrap_err();
    assert_eq!(broken, "event `comment` cannot be decoded: invalid data: expected value at line 1 column 1");
    assert_eq!(items[2..], [Ok(Envelope::new(Score::Comment("a".into())))]);
}

#[test]
fn a_terminal_event_is_yielded_and_nothing_after_it() {
    let (items, ..) =
        receive(&Decoder::new(), &[b"event: final-whistle\ndata: \n\nevent: comment\ndata: \"late\"\n\n"]);
    assert_eq!(items, [Ok(Envelope::new(Score::FinalWhistle))]);
}

#[test]
fn an_event_that_is_too_large_is_an_error_and_the_next_one_is_read() {
    let decoder = Decoder::new().with_limits(Limits::new().max_data(12));
    let (items, id, _) = receive(
        &decoder,
        &[b"event: comment\nid: 3\ndata: \"much too lon", b"g a comment\"\n\nevent: comment\ndata: \"a\"\n\n"],
    );
    let too_large = items[0].as_ref().unwrap_err();
    assert!(too_large.contains(&LimitError::Data { limit: 12 }.to_string()), "{too_large}");
    assert_eq!(items[1..], [Ok(Envelope::new(Score::Comment("a".into())))]);
    assert_eq!(id, "3");
}

#[test]
fn a_resumed_decoder_keeps_its_last_event_id() {
    let decoder = Decoder::new().with_last_event_id(&EventId::from(41));
    let (_, id, _) = receive(&decoder, &[b"event: comment\ndata: \"no id\"\n\n"]);
    assert_eq!(id, "41");
}

#[test]
fn a_decoder_continues_with_the_next_connection() {
    let first: &[u8] = b"retry: 7\nid: 5\nevent: comment\ndata: \"a\"\n\nid: 6\nevent: comm";
    let mut events = EventReader::<_, Score>::new(first);
    assert_eq!(events.by_ref().count(), 1);
    let mut decoder = events.into_decoder();
    decoder.restart();

    let second = stream::iter([Ok::<_, io::Error>("event: comment\ndata: \"b\"\n\n")]);
    let mut events = EventStream::<_, Score>::with_decoder(second, decoder);
    assert_eq!(block_on(events.next()).unwrap().unwrap(), Score::Comment("b".into()));
    assert_eq!(
        (events.decoder().last_event_id(), events.decoder().reconnection_time()),
        ("5", Some(Retry::from_millis(7)))
    );
    assert!(block_on(events.next()).is_none() && events.is_terminated());
}

#[test]
fn comments_and_blocks_without_an_event_are_envelopes_each_on_request() {
    let stream = ": one\nevent: comment\ndata: \"a\"\n:two\r\n\n:\n\nevent: goal\nid: 1\n:three\n\nretry: 5\n\nid\n\n\
                  event: corner\nid: 2\ndata\n\nretry: 6\nretry: 7\n";
    let expected = [
        Envelope::comment(Comment::from_static(" one")),
        Envelope::comment(Comment::from_static("two")),
        Envelope::new(Score::Comment("a".into())),
        Envelope::comment(Comment::default()),
        Envelope::comment(Comment::from_static("three")),
        Envelope::empty().with_id(1),
        Envelope::empty().with_retry(Retry::from_millis(5)),
        Envelope::empty().with_id(EventId::RESET),
        // `corner` is unknown.
        Envelope::empty().with_retry(Retry::from_millis(7)),
    ];
    for (comments, blocks) in [(false, false), (true, false), (false, true), (true, true)] {
        let options = Options { comments, blocks, ..Options::default() };
        let expected: Items = expected
            .iter()
            .filter(|envelope| envelope.event.is_some() || if envelope.comment.is_some() { comments } else { blocks })
            .cloned()
            .map(Ok)
            .collect();
        for at in 0..=stream.len() {
            let (head, tail) = stream.as_bytes().split_at(at);
            let received = receive_with(options, &Decoder::new(), &[head, tail]);
            assert_eq!(received.items, expected, "{options:?}, split at {at}");
            assert_eq!((received.last_event_id.as_str(), received.unknown), ("2", 1));
            assert_eq!(received.end, Some(StreamEnd::BetweenEvents));
        }
    }
}

#[test]
fn the_end_of_a_stream_is_known_and_an_error_on_request_if_it_is_not_terminal() {
    const LAST: &str = "event: final-whistle\ndata\n\n";
    let ends = [
        ("", StreamEnd::BetweenEvents),
        ("event: comment\ndata: \"a\"\n\n", StreamEnd::BetweenEvents),
        ("event: comment\ndata: \"a\"\r\r", StreamEnd::BetweenEvents),
        ("event: comment\ndata: not JSON\n\n", StreamEnd::BetweenEvents),
        ("event: corner\ndata\n\n: keep-alive\nretry: 5\nunknown", StreamEnd::BetweenEvents),
        ("<html>\n\n<p>502 Bad Gateway</p>\n", StreamEnd::BetweenEvents),
        ("event: comment\ndata: \"a\"\n", StreamEnd::WithinEvent),
        ("event: comment\ndata: \"a\"\n\nid: 5\n", StreamEnd::WithinEvent),
        ("event: comment\ndata: \"a\"\n\nda", StreamEnd::WithinEvent),
        ("event: corner\n: keep-alive\n", StreamEnd::WithinEvent),
        ("event: final-whistle\ndata\n", StreamEnd::WithinEvent),
        (LAST, StreamEnd::Terminal),
        ("event: final-whistle\rdata\r\r", StreamEnd::Terminal),
    ];
    for (stream, end) in ends {
        let message = match end {
            StreamEnd::BetweenEvents => Some("the stream ended without a terminal event"),
            StreamEnd::WithinEvent => Some("the stream ended within an event, without a terminal event"),
            _ => None,
        };
        for at in 0..=stream.len() {
            let chunks = [&stream.as_bytes()[..at], &stream.as_bytes()[at..]];
            let mut expected = receive_with(Options::default(), &Decoder::new(), &chunks);
            assert_eq!(expected.end, Some(end), "{stream:?}");
            assert_eq!(expected.bytes_read, stream.len() as u64);
            expected.items.extend(message.map(|message| Err(message.to_owned())));
            let options = Options { require_terminal: true, ..Options::default() };
            assert_eq!(receive_with(options, &Decoder::new(), &chunks), expected, "{stream:?}, split at {at}");
        }
    }
}

#[test]
fn what_follows_a_terminal_event_changes_neither_its_end_nor_the_bytes_of_its_chunk() {
    let chunks: [&[u8]; 2] = [b"event: final-whistle\ndata\n\ndata: half an", b" event"];
    let options = Options { blocks: true, require_terminal: true, ..Options::default() };
    let received = receive_with(options, &Decoder::new(), &chunks);
    assert_eq!(received.items, [Ok(Envelope::new(Score::FinalWhistle))]);
    assert_eq!((received.end, received.bytes_read), (Some(StreamEnd::Terminal), chunks[0].len() as u64));
}

#[test]
fn a_reconnection_time_at_the_end_precedes_the_error_for_the_end() {
    let options = Options { blocks: true, require_terminal: true, ..Options::default() };
    let received = receive_with(options, &Decoder::new(), &[b"retry: 5\nevent: goal\n"]);
    let error = "the stream ended within an event, without a terminal event";
    assert_eq!(received.items, [Ok(Envelope::empty().with_retry(Retry::from_millis(5))), Err(error.to_owned())]);
}

#[test]
fn an_event_that_is_too_large_and_cut_off_is_an_end_within_an_event() {
    let decoder = Decoder::new().with_limits(Limits::new().max_data(5));
    for (stream, end) in [
        ("event: comment\ndata: too long\nda", StreamEnd::WithinEvent),
        ("event: comment\ndata: too long\n\n", StreamEnd::BetweenEvents),
    ] {
        let received = receive_with(Options::default(), &decoder, &[stream.as_bytes()]);
        assert_eq!((received.items.len(), received.end), (1, Some(end)));
    }
}

/// A relay would otherwise resume before the event, and skip it again.
#[test]
fn the_fields_of_an_event_that_is_too_large_are_a_block_on_request() {
    // Too large before and after invalid UTF-8 is replaced.
    for data in [&b"too long"[..], b"\xFF\xFF"] {
        let stream = [b"event: comment\nid: 4\nretry: 5\ndata: ", data, b"\n\nid: 6\n\n"].concat();
        let decoder = Decoder::new().with_limits(Limits::new().max_data(5));
        for at in 0..=stream.len() {
            let (head, tail) = stream.split_at(at);
            let options = Options { blocks: true, ..Options::default() };
            let received = receive_with(options, &decoder, &[head, tail]);
            let expected = [
                Err(LimitError::Data { limit: 5 }.to_string()),
                Ok(Envelope::empty().with_id(4).with_retry(Retry::from_millis(5))),
                Ok(Envelope::empty().with_id(6)),
            ];
            assert_eq!(received.items, expected, "split at {at}");
        }
    }
}

#[test]
fn bytes_are_counted_with_their_chunk_whether_or_not_they_are_events() {
    let json = "{\"error\":\"not an event stream\"}\n";
    let mut events = EventReader::<_, Score>::new(json.as_bytes());
    assert!(events.next().is_none());
    assert_eq!((events.bytes_read(), events.unknown_events()), (json.len() as u64, 0));

    let chunks = ["event: comment\ndata: \"a\"\n\nevent", ": comment\n"];
    let mut events = EventStream::<_, Score>::new(stream::iter(chunks.map(Ok::<_, io::Error>)));
    assert!(block_on(events.next()).is_some());
    assert_eq!(events.bytes_read(), chunks[0].len() as u64, "the chunk that was received");
    assert!(block_on(events.next()).is_none());
    assert_eq!(events.bytes_read(), chunks.concat().len() as u64);
}

#[test]
fn a_source_that_fails_is_the_last_item() {
    let failing = || [Ok("event: comment\ndata: \"a\"\n\nevent: comm"), Err(io::Error::other("unplugged"))];
    let events = EventStream::<_, Score>::new(stream::iter(failing()).chain(stream::repeat_with(|| Ok("data\n\n"))));
    let items: Vec<_> = block_on(events.collect());
    assert_eq!(items[0].as_ref().unwrap(), &Score::Comment("a".into()));
    assert_eq!(chain(items[1].as_ref().unwrap_err()), "the source of the stream failed: unplugged");
    assert_eq!(items.len(), 2);

    let mut events = EventStream::<_, Score>::new(stream::iter(failing())).require_terminal();
    assert_eq!(block_on(events.by_ref().count()), 2, "one error is enough");
    assert_eq!((events.ended(), events.is_terminated()), (Some(StreamEnd::Failed), true));
}

#[test]
fn a_reader_that_is_interrupted_is_read_again() {
    struct Interrupted<'a>(u8, &'a [u8]);
    impl Read for Interrupted<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0 += 1;
            if self.0 % 2 == 1 { Err(io::ErrorKind::Interrupted.into()) } else { self.1.read(buffer) }
        }
    }
    let events: Vec<_> = EventReader::<_, Score>::new(Interrupted(0, b"event: comment\ndata: \"a\"\n\n"))
        .map(|event| event.expect("an interruption is not an error"))
        .collect();
    assert_eq!(events, [Score::Comment("a".into())]);
}

#[test]
fn unread_events_of_a_decoder_are_read_first() {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(b"event: comment\ndata: \"a\"\n\nevent: comment\ndata: \"b\"\n\nevent: comm");
    assert_eq!(events.next_event().unwrap().unwrap().data(), "\"a\"");
    drop(events);
    let (items, ..) = receive(&decoder, &[b"ent\ndata: \"c\"\n\n"]);
    assert_eq!(items, ["b", "c"].map(|text| Ok(Envelope::new(Score::Comment(text.into())))));
    let received = receive_with(Options::default(), &decoder, &[]);
    assert_eq!(received.items, [Ok(Envelope::new(Score::Comment("b".into())))], "the source has nothing more");
    assert_eq!((received.end, received.bytes_read), (Some(StreamEnd::WithinEvent), 0));
}
