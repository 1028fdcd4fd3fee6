//! Any event: what is written reads back, but for line ends, or is refused and leaves nothing.
#![no_main]

#[allow(dead_code, unused_imports, reason = "each target uses a part of it")]
mod shared;

use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};
use sse_core::{Comment, Encoder, EventId, EventName, Frame, RawEventBuf, Retry};

use self::shared::{Dispatched, decode};

#[derive(Arbitrary, Debug)]
struct Input {
    name: String,
    id: Option<String>,
    retry: Option<u64>,
    comment: Option<String>,
    data: String,
}

fuzz_target!(|input: Input| {
    let Some(frame) = frame(&input) else { return };
    let mut encoder = Encoder::new();
    encoder.frame(&frame).expect("all of its parts are checked");
    let id = input.id.clone();
    let expected = Dispatched {
        event_type: input.name,
        data: input.data.replace("\r\n", "\n").replace('\r', "\n"),
        last_event_id: id.clone().unwrap_or_default(),
        id,
        retry: input.retry,
    };
    assert_eq!(decode([encoder.as_bytes()]).events, [expected]);
});

/// The frame, unless one of its parts is refused, which it is if and only if it cannot stand on its line.
fn frame(input: &Input) -> Option<Frame<RawEventBuf>> {
    let breaks = |text: &str| text.contains(['\r', '\n']);
    let name = EventName::new(input.name.clone());
    assert_eq!(name.is_err(), input.name.is_empty() || breaks(&input.name));
    let id = input.id.clone().map(|id| EventId::new(id)).transpose();
    assert_eq!(id.is_err(), input.id.as_ref().is_some_and(|id| breaks(id) || id.contains('\0')));
    let comment = input.comment.clone().map(|comment| Comment::new(comment)).transpose();
    assert_eq!(comment.is_err(), input.comment.as_ref().is_some_and(|comment| breaks(comment)));
    let mut frame = Frame::new(RawEventBuf::new(name.ok()?, input.data.clone()));
    frame.id = id.ok()?;
    frame.comment = comment.ok()?;
    frame.retry = input.retry.map(Retry::from_millis);
    Some(frame)
}
