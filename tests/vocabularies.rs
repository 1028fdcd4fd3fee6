//! Event vocabularies of real services: an enum for each, encoded to the bytes on the wire and decoded from a stream.

mod groups;
mod topics;

use std::fmt::Debug;

use serde::{Deserialize, Serialize};
use sse_core::{
    Comment, Decoded, Decoder, Draft, Encoded, Encoder, Envelope, EventId, Retry, SseDecodeOwned, SseEvent,
    TypedEvent as _,
};

/// Asserts that each envelope is encoded as its bytes, and that a stream of all these bytes is decoded as their events.
#[track_caller]
fn round_trip<E: SseEvent + SseDecodeOwned + Debug + PartialEq>(stream: Vec<(Envelope<E>, &str)>) {
    let mut encoder = Encoder::new();
    for (envelope, bytes) in &stream {
        encoder.clear();
        encoder.envelope(envelope).unwrap();
        assert_eq!(std::str::from_utf8(encoder.as_bytes()).unwrap(), *bytes);
    }
    let bytes: String = stream.iter().map(|(_, bytes)| *bytes).collect();
    let events: Vec<E> = stream.into_iter().filter_map(|(envelope, _)| envelope.event).collect();
    assert_eq!(read::<E>(&bytes), events);
    events.into_iter().for_each(drafted);
}

/// Asserts that a draft with an ID, also after it was stored, is the envelope with that ID.
#[track_caller]
fn drafted<E: SseEvent>(event: E) {
    let draft = Draft::new(&event).unwrap();
    let stored = Draft::<E>::from_stored(draft.as_bytes().to_vec(), draft.is_terminal()).unwrap();
    let expected = Encoded::envelope(&Envelope::new(event).with_id(1_234_567)).unwrap();
    for draft in [draft, stored] {
        let encoded = draft.with_id(&1_234_567).unwrap();
        assert_eq!(encoded.as_bytes(), expected.as_bytes());
        assert_eq!((encoded.id(), encoded.is_terminal()), (Some("1234567"), expected.is_terminal()));
    }
}

/// Decodes a stream and returns its known events.
fn read<E: SseDecodeOwned>(stream: &str) -> Vec<E> {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(stream.as_bytes());
    let mut read = Vec::new();
    while let Some(raw) = events.next_event() {
        if let Decoded::Event(event) = E::decode(raw.unwrap()).unwrap() {
            read.push(event);
        }
    }
    read
}

fn event<E>(event: E, bytes: &str) -> (Envelope<E>, &str) {
    (Envelope::new(event), bytes)
}

mod chat_completions {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Choice {
        index: u32,
        delta: Delta,
    }

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Delta {
        content: String,
    }

    #[derive(Debug, PartialEq, SseEvent)]
    enum Completion {
        #[sse(unnamed)]
        Chunk { id: String, object: String, choices: Vec<Choice> },
        #[sse(unnamed, literal = "[DONE]", terminal)]
        Done,
    }

    #[test]
    fn unnamed_json_and_an_unnamed_literal_share_a_type() {
        let chunk = Completion::Chunk {
            id: "c1".into(),
            object: "chat.completion.chunk".into(),
            choices: vec![Choice { index: 0, delta: Delta { content: "Hi".into() } }],
        };
        round_trip(vec![
            event(
                chunk,
                "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\
                 \"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n",
            ),
            event(Completion::Done, "data: [DONE]\n\n"),
        ]);
        assert!(Completion::Done.is_terminal());
    }
}

mod responses {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
    #[serde(tag = "type")]
    #[sse(tagged, ignore("keepalive"))]
    enum Response {
        #[serde(rename = "response.output_text.delta")]
        OutputTextDelta { delta: String, sequence_number: u32 },
        #[serde(skip)]
        #[sse(unnamed, literal = "[DONE]", terminal)]
        Done,
    }

    #[test]
    fn the_tag_equals_the_dotted_name_and_keepalives_are_ignored() {
        let delta = || Response::OutputTextDelta { delta: "Hi".into(), sequence_number: 4 };
        let bytes = "event: response.output_text.delta\n\
                     data: {\"type\":\"response.output_text.delta\",\"delta\":\"Hi\",\"sequence_number\":4}\n\n";
        round_trip(vec![event(delta(), bytes), event(Response::Done, "data: [DONE]\n\n")]);
        let keepalive = "event: keepalive\ndata: {\"type\":\"keepalive\",\"sequence_number\":2}\n\n";
        assert_eq!(read::<Response>(&[keepalive, bytes, keepalive].concat()), [delta()]);
    }
}

mod messages {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Message {
        id: String,
        role: String,
    }

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Failure {
        r#type: String,
        message: String,
    }

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    enum Delta {
        TextDelta { text: String },
    }

    #[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
    #[serde(tag = "type", rename_all = "snake_case")]
    #[sse(tagged)]
    enum Event {
        MessageStart {
            message: Message,
        },
        #[serde(skip)]
        #[sse(literal = "{\"type\": \"ping\"}")]
        Ping,
        ContentBlockDelta {
            index: u32,
            delta: Delta,
        },
        #[sse(error, terminal)]
        Error {
            error: Failure,
        },
        #[sse(terminal)]
        MessageStop,
        #[serde(skip)]
        #[sse(other)]
        Later {
            event: String,
            data: String,
        },
    }

    #[test]
    fn a_tagged_type_can_have_a_literal_an_error_and_a_catch_all() {
        let start = Event::MessageStart { message: Message { id: "m1".into(), role: "assistant".into() } };
        let delta = Event::ContentBlockDelta { index: 0, delta: Delta::TextDelta { text: "Hi".into() } };
        let failure = Failure { r#type: "overloaded_error".into(), message: "Overloaded".into() };
        let error = Event::Error { error: failure };
        assert!(error.is_error());
        round_trip(vec![
            event(
                start,
                "event: message_start\ndata: {\"type\":\"message_start\",\
                 \"message\":{\"id\":\"m1\",\"role\":\"assistant\"}}\n\n",
            ),
            event(Event::Ping, "event: ping\ndata: {\"type\": \"ping\"}\n\n"),
            event(
                delta,
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\
                 \"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\n",
            ),
            event(Event::Later { event: "new".into(), data: "{}".into() }, "event: new\ndata: {}\n\n"),
            event(
                error,
                "event: error\ndata: {\"type\":\"error\",\
                 \"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n",
            ),
            event(Event::MessageStop, "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"),
        ]);
    }
}

mod streamable_http {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Nothing {}

    #[derive(Debug, PartialEq, SseEvent)]
    enum Message {
        #[sse(unnamed, literal = "")]
        Priming,
        #[sse(unnamed)]
        Response { jsonrpc: String, id: u32, result: Nothing },
    }

    #[test]
    fn a_priming_event_is_empty_and_has_an_id_and_a_retry() {
        let priming = Envelope::new(Message::Priming).with_id(EventId::from_static("s1_0"));
        let response = || Message::Response { jsonrpc: "2.0".into(), id: 1, result: Nothing {} };
        round_trip(vec![
            (priming.with_retry(Retry::from_millis(3000)), "id: s1_0\nretry: 3000\ndata: \n\n"),
            (
                Envelope::new(response()).with_id(EventId::from_static("s1_1")),
                "id: s1_1\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n",
            ),
        ]);
        let named = "event: message\nid: s1_1\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n";
        assert_eq!(read::<Message>(named), [response()]);
    }
}

mod recent_changes {
    use super::*;

    #[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
    #[serde(default)]
    struct Position {
        topic: String,
        partition: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        timestamp: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        offset: Option<i64>,
    }

    #[derive(Clone, Debug, PartialEq, SseEvent)]
    enum Change {
        #[sse(event = "message")]
        Edit {
            #[sse(id(json))]
            id: Vec<Position>,
            r#type: String,
            title: String,
            wiki: String,
        },
    }

    #[test]
    fn the_id_is_json_and_the_name_is_explicitly_message() {
        let id = "[{\"topic\":\"eqiad.mediawiki.recentchange\",\"partition\":0,\"timestamp\":1532031066001},\
                  {\"topic\":\"codfw.mediawiki.recentchange\",\"partition\":0,\"offset\":-1}]";
        let of = |topic: &str| Position { topic: format!("{topic}.mediawiki.recentchange"), ..Position::default() };
        let position = vec![
            Position { timestamp: Some(1_532_031_066_001), ..of("eqiad") },
            Position { offset: Some(-1), ..of("codfw") },
        ];
        let edit = Change::Edit { id: position, r#type: "edit".into(), title: "Rust".into(), wiki: "enwiki".into() };
        let bytes =
            format!("event: message\nid: {id}\ndata: {{\"type\":\"edit\",\"title\":\"Rust\",\"wiki\":\"enwiki\"}}\n\n");
        round_trip(vec![(Envelope::comment(Comment::from_static("ok")), ":ok\n"), event(edit.clone(), &bytes)]);
        // The service itself writes an empty line after the comment.
        assert_eq!(read::<Change>(&format!(":ok\n\n{bytes}")), [edit]);
    }
}

mod event_iterators {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Total {
        total: u32,
    }

    #[derive(Debug, PartialEq, SseEvent)]
    #[sse(rename_all = "lowercase")]
    enum Item {
        Message {
            #[sse(id)]
            id: u32,
            n: u32,
        },
        #[sse(terminal)]
        Done(Option<Total>),
        #[sse(error, terminal)]
        Error { code: String },
    }

    #[test]
    fn the_terminal_event_has_an_optional_value() {
        round_trip(vec![
            event(Item::Message { id: 3, n: 1 }, "event: message\nid: 3\ndata: {\"n\":1}\n\n"),
            event(Item::Done(Some(Total { total: 3 })), "event: done\ndata: {\"total\":3}\n\n"),
            event(Item::Done(None), "event: done\ndata: \n\n"),
            event(Item::Error { code: "NOT_FOUND".into() }, "event: error\ndata: {\"code\":\"NOT_FOUND\"}\n\n"),
        ]);
    }
}
