//! More services: groups of events, tags of the application, and IDs of a custom type.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::{Deserialize, Serialize};
use sse_core::{Comment, Envelope, SseEvent, TypedEvent as _};

use super::{event, read, round_trip};

/// `OpenAI`'s Assistants API: a group of events for each kind of object, and a literal at the end.
mod assistants {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Object {
        id: String,
        object: String,
    }

    #[derive(Debug, PartialEq, SseEvent)]
    #[sse(rename_all = "snake_case")]
    enum Run {
        Created(Object),
        RequiresAction(Object),
        Completed(Object),
    }

    #[derive(Debug, PartialEq, SseEvent)]
    #[sse(rename_all = "snake_case")]
    enum Step {
        Created(Object),
        Delta(Object),
    }

    #[derive(Debug, PartialEq, SseEvent)]
    enum Thread {
        #[sse(event = "thread.created")]
        Created(Object),
        #[sse(flatten(prefix = "thread.run."))]
        Run(Run),
        #[sse(flatten(prefix = "thread.run.step."))]
        Step(Step),
        #[sse(event = "error", error, terminal)]
        Error { message: String },
        #[sse(event = "done", literal = "[DONE]", terminal)]
        Done,
    }

    #[test]
    fn the_prefix_of_a_group_may_start_with_the_prefix_of_another() {
        let object = |id: &str, object: &str| Object { id: id.into(), object: object.into() };
        let data = |id: &str, object: &str| format!("data: {{\"id\":\"{id}\",\"object\":\"{object}\"}}\n\n");
        let (thread, run, step) = (data("t", "thread"), data("r", "thread.run"), data("s", "thread.run.step"));
        round_trip(vec![
            event(Thread::Created(object("t", "thread")), &format!("event: thread.created\n{thread}")),
            event(Thread::Run(Run::Created(object("r", "thread.run"))), &format!("event: thread.run.created\n{run}")),
            event(
                Thread::Step(Step::Created(object("s", "thread.run.step"))),
                &format!("event: thread.run.step.created\n{step}"),
            ),
            event(
                Thread::Run(Run::RequiresAction(object("r", "thread.run"))),
                &format!("event: thread.run.requires_action\n{run}"),
            ),
            event(Thread::Done, "event: done\ndata: [DONE]\n\n"),
        ]);
        assert!(Thread::Done.is_terminal());
        assert_eq!(read::<Thread>(&format!("event: thread.run.step.queued\n{step}")), []);
    }
}

/// Google's Gemini API: unnamed JSON without a marker at the end. The last chunk has a reason for the end.
mod generate_content {
    use sse_core::{EventReader, Terminal, WireEvents};

    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Part {
        text: String,
    }

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Content {
        parts: Vec<Part>,
        role: String,
    }

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Candidate {
        content: Content,
        #[serde(skip_serializing_if = "Option::is_none")]
        finish_reason: Option<String>,
        index: u32,
    }

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Response {
        candidates: Vec<Candidate>,
        model_version: String,
    }

    #[derive(Debug, PartialEq, SseEvent)]
    enum Stream {
        #[sse(unnamed, terminal = "is_last")]
        Chunk(Response),
    }

    fn is_last(response: &Response) -> bool {
        response.candidates.iter().any(|candidate| candidate.finish_reason.is_some())
    }

    fn chunk(text: &str, finish_reason: Option<&str>) -> Stream {
        let content = Content { parts: vec![Part { text: text.into() }], role: "model".into() };
        let candidate = Candidate { content, finish_reason: finish_reason.map(Into::into), index: 0 };
        Stream::Chunk(Response { candidates: vec![candidate], model_version: "g-2".into() })
    }

    #[test]
    fn the_last_value_ends_the_stream() {
        let bytes = [
            "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hel\"}],\"role\":\"model\"},\"index\":0}],\
             \"modelVersion\":\"g-2\"}\n\n",
            "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"lo\"}],\"role\":\"model\"},\
             \"finishReason\":\"STOP\",\"index\":0}],\"modelVersion\":\"g-2\"}\n\n",
        ];
        let events = || [chunk("Hel", None), chunk("lo", Some("STOP"))];
        round_trip(events().into_iter().zip(bytes).map(|(chunk, bytes)| event(chunk, bytes)).collect());
        let stream = [bytes[0], bytes[1], bytes[0]].concat();
        let read: Vec<Stream> = EventReader::new(stream.as_bytes()).collect::<Result<_, _>>().unwrap();
        assert_eq!(read, events());
        let info = WireEvents::of::<Stream>().next().unwrap();
        assert_eq!(info.info().terminal(), Terminal::Sometimes);
    }
}

/// The UI message stream of Vercel's AI SDK: unnamed events with a tag in the data. Applications may define more tags.
mod parts {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Added {
        r#type: String,
        data: String,
    }

    #[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
    #[serde(tag = "type", rename_all = "kebab-case")]
    #[sse(tagged, unnamed)]
    enum Part {
        Start {
            #[serde(rename = "messageId")]
            message: String,
        },
        TextDelta {
            id: String,
            delta: String,
        },
        #[sse(terminal)]
        Finish,
        #[serde(skip)]
        #[sse(literal = "[DONE]", terminal)]
        Done,
        /// A tag that the application defines, such as `data-weather`.
        #[serde(untagged)]
        Added(Added),
    }

    #[test]
    fn a_tag_of_the_application_is_kept_with_its_data() {
        let weather = Added { r#type: "data-weather".into(), data: "sunny".into() };
        round_trip(vec![
            event(Part::Start { message: "m1".into() }, "data: {\"type\":\"start\",\"messageId\":\"m1\"}\n\n"),
            event(
                Part::TextDelta { id: "t1".into(), delta: "Hi".into() },
                "data: {\"type\":\"text-delta\",\"id\":\"t1\",\"delta\":\"Hi\"}\n\n",
            ),
            event(Part::Added(weather), "data: {\"type\":\"data-weather\",\"data\":\"sunny\"}\n\n"),
            event(Part::Finish, "data: {\"type\":\"finish\"}\n\n"),
            event(Part::Done, "data: [DONE]\n\n"),
        ]);
    }
}

/// ntfy's subscriptions: the tag is under the key `event`, and only messages are unnamed.
mod topics {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
    #[serde(tag = "event", rename_all = "lowercase")]
    #[sse(tagged, ignore("keepalive"))]
    enum Topic {
        Open {
            id: String,
            topic: String,
        },
        #[sse(unnamed)]
        Message {
            id: String,
            topic: String,
            message: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            priority: Option<u8>,
        },
    }

    #[test]
    fn one_tagged_event_is_unnamed() {
        let hello = || Topic::Message { id: "b".into(), topic: "doors".into(), message: "open".into(), priority: None };
        let bytes = "data: {\"event\":\"message\",\"id\":\"b\",\"topic\":\"doors\",\"message\":\"open\"}\n\n";
        round_trip(vec![
            event(
                Topic::Open { id: "a".into(), topic: "doors".into() },
                "event: open\ndata: {\"event\":\"open\",\"id\":\"a\",\"topic\":\"doors\"}\n\n",
            ),
            event(hello(), bytes),
        ]);
        let keepalive = "event: keepalive\ndata: {\"event\":\"keepalive\",\"id\":\"c\",\"topic\":\"doors\"}\n\n";
        assert_eq!(read::<Topic>(&[keepalive, bytes].concat()), [hello()]);
    }
}

/// The event stream of a Philips Hue bridge: unnamed lists, and IDs of a second and a number within that second.
mod bridge {
    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Position {
        second: u64,
        number: u32,
    }

    impl fmt::Display for Position {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{}:{}", self.second, self.number)
        }
    }

    impl FromStr for Position {
        type Err = ParseIntError;

        fn from_str(text: &str) -> Result<Self, Self::Err> {
            let (second, number) = text.split_once(':').unwrap_or((text, "0"));
            Ok(Self { second: second.parse()?, number: number.parse()? })
        }
    }

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Change {
        id: String,
        r#type: String,
    }

    #[derive(Debug, PartialEq, SseEvent)]
    #[sse(unnamed)]
    struct Changes {
        #[sse(id)]
        at: Position,
        #[sse(data)]
        changes: Vec<Change>,
    }

    #[test]
    fn the_id_is_a_custom_type_and_the_data_is_a_list() {
        let changes = Changes {
            at: Position { second: 1_634_576_695, number: 0 },
            changes: vec![Change { id: "c1".into(), r#type: "update".into() }],
        };
        round_trip(vec![
            (Envelope::comment(Comment::from_static(" hi")), ": hi\n"),
            event(changes, "id: 1634576695:0\ndata: [{\"id\":\"c1\",\"type\":\"update\"}]\n\n"),
        ]);
    }
}
