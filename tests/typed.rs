//! Typed events from chunks: `EventStream` and `EventReader`, which follow the same rules.

use std::{
    error::Error as _,
    io::{self, Read},
};

use futures_executor::block_on;
use futures_util::{StreamExt as _, stream, stream::FusedStream as _};
use sse_core::{
    Comment, Decoder, Envelope, EventId, EventReader, EventStream, LimitError, Limits, ReceiveError, Retry, SseEvent,
};

#[derive(Debug, PartialEq, SseEvent)]
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

/// The items that both the stream and the reader yield, with errors as text.
type Items = Vec<Result<Envelope<Score>, String>>;

/// Formats an error and its causes.
fn chain(error: &ReceiveError<io::Error>) -> String {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    std::iter::once(error.to_string()).chain(causes.map(ToString::to_string)).collect::<Vec<_>>().join(": ")
}

/// Reads the chunks with `EventStream` and `EventReader`, and asserts that both yield the same. Returns the items, the
/// last event ID and the number of unknown events.
fn receive(decoder: &Decoder, chunks: &[&[u8]]) -> (Items, String, u64) {
    let source = stream::iter(chunks.iter().map(Ok::<_, io::Error>));
    let mut envelopes = EventStream::<_, Score>::with_decoder(source, decoder.clone()).envelopes();
    let items: Items = block_on(envelopes.by_ref().map(|item| item.map_err(|error| chain(&error))).collect::<Vec<_>>());
    let streamed = (items, envelopes.decoder().last_event_id().to_owned(), envelopes.unknown_events());

    let source =
        chunks.iter().fold(Box::new(io::empty()) as Box<dyn Read>, |before, chunk| Box::new(before.chain(*chunk)));
    let mut envelopes = EventReader::<_, Score>::with_decoder(source, decoder.clone()).envelopes();
    let items: Items = envelopes.by_ref().map(|item| item.map_err(|error| chain(&error))).collect();
    assert_eq!((items, envelopes.decoder().last_event_id().to_owned(), envelopes.unknown_events()), streamed);
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
    assert!(missing.contains("event `goal`") && missing.contains("line 1, column 15"), "{missing}");
    assert!(missing.contains("missing field `minute`"), "{missing}");
    let broken = items[1].as_ref().unwrap_err();
    assert!(broken.contains("event `comment`") && broken.contains("line 1, column 1"), "{broken}");
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
    let decoder = Decoder::new().with_limits(Limits::new().max_event(12));
    let (items, id, _) = receive(
        &decoder,
        &[b"event: comment\nid: 3\ndata: \"much too lon", b"g a comment\"\n\nevent: comment\ndata: \"a\"\n\n"],
    );
    let too_large = items[0].as_ref().unwrap_err();
    assert!(too_large.contains(&LimitError::Event { limit: 12 }.to_string()), "{too_large}");
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
fn comments_are_envelopes_on_request() {
    let chunks = [": on", "e\nevent: comment\ndata: \"a\"\n:two", "\r\n\n:\n\n"];
    let expected = [
        Envelope::comment(Comment::from_static(" one")),
        Envelope::comment(Comment::from_static("two")),
        Envelope::new(Score::Comment("a".into())),
        Envelope::comment(Comment::default()),
    ];
    let source = stream::iter(chunks.map(Ok::<_, io::Error>));
    let envelopes = EventStream::<_, Score>::new(source).envelopes().comments();
    assert_eq!(block_on(envelopes.map(Result::unwrap).collect::<Vec<_>>()), expected);

    let source = chunks[0].as_bytes().chain(chunks[1].as_bytes()).chain(chunks[2].as_bytes());
    let envelopes = EventReader::<_, Score>::new(source).envelopes().comments();
    assert_eq!(envelopes.map(Result::unwrap).collect::<Vec<_>>(), expected);
}

#[test]
fn a_source_that_fails_is_the_last_item() {
    let failing = || [Ok("event: comment\ndata: \"a\"\n\nevent: comm"), Err(io::Error::other("unplugged"))];
    let events = EventStream::<_, Score>::new(stream::iter(failing()).chain(stream::repeat_with(|| Ok("data\n\n"))));
    let items: Vec<_> = block_on(events.collect());
    assert_eq!(items[0].as_ref().unwrap(), &Score::Comment("a".into()));
    assert_eq!(chain(items[1].as_ref().unwrap_err()), "the connection failed: unplugged");
    assert_eq!(items.len(), 2);
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
}
