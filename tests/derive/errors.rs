//! What a `DecodeError` reports, for every kind of failure.

use std::{collections::BTreeMap, error::Error as _, time::Duration};

use serde::{Deserialize, Serialize};
use sse_core::{DecodeError, Decoder, SseDecodeOwned, SseEvent};

/// Bytes in hexadecimal.
mod hex {
    use sse_core::{DataWriter, DecodeError, EncodeError};

    #[expect(clippy::trivially_copy_pass_by_ref, clippy::unnecessary_wraps, reason = "the signature of a codec")]
    pub(super) fn encode(number: &u32, data: &mut DataWriter<'_>) -> Result<(), EncodeError> {
        data.push(&format!("{number:x}"));
        Ok(())
    }

    pub(super) fn decode(data: &str) -> Result<u32, DecodeError> {
        u32::from_str_radix(data, 16).map_err(DecodeError::data)
    }
}

/// A variant for each kind of failure.
#[derive(Debug, SseEvent)]
#[sse(rename_all = "snake_case")]
enum Plain {
    Json {
        n: u8,
    },
    #[sse(text)]
    Text(u8),
    #[sse(with = "hex")]
    Hex(u32),
    Numbered {
        #[sse(id)]
        id: u32,
        n: u8,
    },
    Delayed {
        #[sse(retry)]
        retry: Duration,
    },
}

#[derive(Debug, Serialize, Deserialize, SseEvent)]
#[serde(tag = "type", rename_all = "snake_case")]
#[sse(tagged)]
enum Tagged {
    Added { n: u8 },
    Removed { n: u8 },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Number(u8),
    List(Vec<u8>),
}

#[derive(Debug, SseEvent)]
#[sse(rename_all = "snake_case")]
enum Outer {
    #[sse(flatten(prefix = "a."))]
    Plain(Plain),
    #[sse(flatten(prefix = "a.b."))]
    Tagged(Tagged),
    Either(Untagged),
    Rest {
        n: u8,
        #[serde(flatten)]
        rest: BTreeMap<String, u8>,
    },
}

fn decode_error<E: SseDecodeOwned + std::fmt::Debug>(bytes: &str) -> DecodeError {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(bytes.as_bytes());
    E::decode(events.next_event().unwrap().unwrap()).unwrap_err()
}

/// Returns the texts of an error and its causes.
fn chain(error: &DecodeError) -> String {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// One event for each kind of failure, its data, and the chain of its error after the name.
const FAILURES: [(&str, &str, &str); 11] = [
    ("a.json", "data: <p>502</p>", ": invalid data: expected value at line 1 column 1"),
    (
        "a.json",
        "data: {\ndata: \"n\":true}",
        ": invalid data: invalid type: boolean `true`, expected u8 at line 2 column 8",
    ),
    ("a.json", "data", ": invalid data: EOF while parsing a value at line 1 column 0"),
    ("a.text", "data: 2x", ": invalid digit found in string"),
    ("a.hex", "data: 2x", ": invalid data: invalid digit found in string"),
    ("a.numbered", "id: x\ndata: {\"n\":1}", ": invalid last event ID \"x\": invalid digit found in string"),
    ("a.delayed", "data: {}", ": missing `retry` line"),
    ("a.b.added", "data: {\"type\":\"removed\",\"n\":1}", ": its data is that of event `removed`"),
    ("a.b.added", "data: {\"type\":\"added\",\"n\":-1}", ": invalid data: invalid value: integer `-1`, expected u8"),
    ("either", "data: true", ": invalid data: data did not match any variant of untagged enum Untagged"),
    (
        "rest",
        "data: {\"n\":1,\"m\":256}",
        ": invalid data: invalid value: integer `256`, expected u8 at line 1 column 15",
    ),
];

#[test]
fn every_failure_has_the_whole_name_the_data_and_a_position_at_most_once() {
    for (name, lines, expected) in FAILURES {
        let error = decode_error::<Outer>(&format!("event: {name}\n{lines}\n\n"));
        assert_eq!(error.name(), name);
        assert_eq!(chain(&error), format!("event `{name}` cannot be decoded{expected}"));
        let data: Vec<_> = lines.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
        assert_eq!(error.payload(), data.join("\n"), "{name}");
        let position = expected.split_once(" at line ").and_then(|(_, position)| position.split_once(" column "));
        let position = position.map(|(line, column)| (line.parse().unwrap(), column.parse().unwrap()));
        assert_eq!(error.position(), position, "{error}");
    }
}

#[test]
fn the_payload_is_the_first_kib_cut_at_a_character() {
    for (name, is_hex) in [("json", false), ("hex", true)] {
        for (data, len) in [("x".repeat(1024), 1024), ("x".repeat(1025), 1024), ("é".repeat(600), 1024)] {
            let error = decode_error::<Plain>(&format!("event: {name}\ndata: {data}\n\n"));
            assert_eq!(error.payload(), &data[..len]);
        }
        for (character, cut) in [('é', 1023), ('€', 1022), ('🦀', 1021)] {
            let data = format!("{}{character}{character}", "x".repeat(cut));
            let error = decode_error::<Plain>(&format!("event: {name}\ndata: {data}\n\n"));
            assert_eq!((error.payload(), error.position().is_none()), (&data[..cut], is_hex));
        }
    }
}

#[test]
fn neither_the_message_nor_the_debug_output_contains_the_data() {
    for name in ["json", "hex", "text"] {
        let error = decode_error::<Plain>(&format!("event: {name}\ndata: {{\"password\":\"hunter2\"}}\n\n"));
        assert!(error.payload().contains("hunter2"));
        for text in [chain(&error), format!("{error:?}"), format!("{error:#?}")] {
            assert!(!text.contains("hunter2") && text.contains(name), "{text}");
        }
    }
}
