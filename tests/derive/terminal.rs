//! `terminal = ".."`: the value determines whether the stream ends.

use futures_executor::block_on;
use futures_util::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use sse_core::{
    Encoded, Encoder, EventInfo, EventReader, EventSpec, EventStream, SseDecodeOwned, SseEvent, Terminal, TypedEvent,
    WireEvents,
};

use super::{Tick, encode};

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Chunk {
    text: String,
    finish: Option<String>,
}

impl Chunk {
    fn new(text: &str, finish: Option<&str>) -> Self {
        Self { text: text.into(), finish: finish.map(Into::into) }
    }

    fn is_last(&self) -> bool {
        self.finish.is_some()
    }
}

#[derive(Clone, Debug, PartialEq, SseEvent)]
#[sse(rename_all = "snake_case")]
enum Answer {
    #[sse(unnamed, terminal = "Chunk::is_last")]
    Chunk(Chunk),
    #[sse(text, terminal = "is_bye")]
    Line {
        #[sse(id)]
        id: u64,
        #[sse(data)]
        line: String,
    },
    #[sse(terminal = "Option::is_none")]
    Maybe(Option<u8>),
    #[sse(terminal = "Self::is_over")]
    Left(u32),
    #[sse(error, terminal)]
    Failed,
    Tick(Tick),
}

fn is_bye(line: &str) -> bool {
    line == "bye"
}

impl Answer {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the derive requires this signature")]
    const fn is_over(left: &u32) -> bool {
        *left == 0
    }
}

const fn line(line: String) -> Answer {
    Answer::Line { id: 1, line }
}

#[test]
fn a_function_of_the_value_decides_whether_an_event_is_terminal() {
    for (event, is_terminal) in [
        (Answer::Chunk(Chunk::new("a", None)), false),
        (Answer::Chunk(Chunk::new("a", Some("stop"))), true),
        (line("hi".into()), false),
        (line("bye".into()), true),
        (Answer::Maybe(Some(1)), false),
        (Answer::Maybe(None), true),
        (Answer::Left(1), false),
        (Answer::Left(0), true),
        (Answer::Failed, true),
        (Answer::Tick(Tick { price: 1 }), false),
    ] {
        assert_eq!(event.is_terminal(), is_terminal, "{event:?}");
    }
}

#[test]
fn the_description_distinguishes_never_always_and_sometimes() {
    let terminal: Vec<_> = WireEvents::of::<Answer>().map(|event| event.info().terminal()).collect();
    let sometimes = Terminal::Sometimes;
    assert_eq!(terminal, [sometimes, sometimes, sometimes, sometimes, Terminal::Always, Terminal::Never]);
    assert_eq!(Answer::EVENTS[0], EventSpec::Event(EventInfo::unnamed().with_terminal_sometimes()));
    let info = EventInfo::new("a");
    assert_eq!(info.terminal(), Terminal::Never);
    assert_eq!(info.with_terminal().terminal(), Terminal::Always);
    assert_eq!(info.with_terminal_sometimes().terminal(), Terminal::Sometimes);
}

/// Returns the events of a stream as `EventReader` and `EventStream` yield them.
fn received<E: SseDecodeOwned + std::fmt::Debug + PartialEq>(bytes: &str) -> Vec<E> {
    let read: Vec<E> = EventReader::new(bytes.as_bytes()).collect::<Result<_, _>>().unwrap();
    let source = stream::iter([Ok::<_, std::io::Error>(bytes.as_bytes())]);
    let streamed: Vec<E> = block_on(EventStream::<_, E>::new(source).map(Result::unwrap).collect());
    assert_eq!(read, streamed);
    read
}

#[test]
fn clients_stop_after_the_last_value() {
    let chunks = [Answer::Chunk(Chunk::new("a", None)), Answer::Chunk(Chunk::new("b", Some("stop")))];
    let bytes: String = chunks.iter().chain([&Answer::Tick(Tick { price: 1 })]).map(encode).collect();
    assert_eq!(received::<Answer>(&bytes), chunks);
}

#[test]
fn servers_stop_after_the_last_value() {
    for (event, is_last) in [(Chunk::new("a", None), false), (Chunk::new("a", Some("stop")), true)] {
        let event = Answer::Chunk(event);
        assert_eq!(Encoded::new(&event).unwrap().is_terminal(), is_last);
        let flow = Encoder::new().item(event).unwrap();
        assert_eq!(flow.is_break(), is_last);
    }
}

/// A generic payload, whose type decides.
trait Last {
    fn is_last(&self) -> bool;
}

impl Last for Chunk {
    fn is_last(&self) -> bool {
        self.finish.is_some()
    }
}

fn is_last<T: Last>(value: &T) -> bool {
    value.is_last()
}

#[derive(Debug, PartialEq, SseEvent)]
enum Generic<T: Last> {
    #[sse(terminal = "is_last")]
    Function(T),
    #[sse(terminal = "T::is_last")]
    Method(T),
    #[sse(terminal = "<T as Last>::is_last")]
    Trait(T),
    #[sse(terminal = "Vec::<T>::is_empty")]
    List(Vec<T>),
}

#[derive(Debug, PartialEq, SseEvent)]
enum Nested<E> {
    Opened,
    #[sse(flatten(prefix = "nested."))]
    Nested(E),
}

#[test]
fn generic_and_flattened_types_can_end_with_a_value() {
    let [more, last] = [None, Some("stop")].map(|finish| Chunk::new("a", finish));
    let wrapped = [Generic::Function, Generic::Method, Generic::Trait];
    for wrap in wrapped {
        assert!(!Nested::Nested(wrap(more.clone())).is_terminal());
        assert!(Nested::Nested(wrap(last.clone())).is_terminal());
    }
    assert!(Generic::<Chunk>::List(Vec::new()).is_terminal());
    let bytes = [
        "event: nested.Function\ndata: {\"text\":\"a\",\"finish\":null}\n\n",
        "event: nested.Method\ndata: {\"text\":\"a\",\"finish\":\"stop\"}\n\n",
        "event: Opened\ndata: \n\n",
    ];
    let events = received::<Nested<Generic<Chunk>>>(&bytes.concat());
    assert_eq!(events, [Nested::Nested(Generic::Function(more)), Nested::Nested(Generic::Method(last))]);
    let info = |event: sse_core::WireEvent| event.info().terminal();
    let terminal: Vec<_> = WireEvents::of::<Nested<Generic<Chunk>>>().map(info).collect();
    assert_eq!(terminal[..2], [Terminal::Never, Terminal::Sometimes]);
}

#[derive(Debug, PartialEq, SseEvent)]
#[sse(unnamed, terminal = "Chunk::is_last")]
struct Whole(Chunk);

#[test]
fn a_struct_can_end_with_a_value() {
    assert!(Whole(Chunk::new("a", Some("stop"))).is_terminal());
    assert!(!Whole(Chunk::new("a", None)).is_terminal());
}

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(tag = "type")]
#[sse(tagged)]
enum Tagged {
    #[sse(terminal = "Chunk::is_last")]
    Chunk(Chunk),
    #[serde(skip)]
    #[sse(json, terminal = "Chunk::is_last")]
    Alone(Chunk),
}

#[test]
fn values_in_and_outside_of_a_tag_can_be_the_last() {
    let last = || Chunk::new("a", Some("stop"));
    assert!(Tagged::Chunk(last()).is_terminal() && Tagged::Alone(last()).is_terminal());
    let bytes = encode(&Tagged::Chunk(last()));
    assert_eq!(received::<Tagged>(&[&*bytes, &*bytes].concat()), [Tagged::Chunk(last())]);
}
