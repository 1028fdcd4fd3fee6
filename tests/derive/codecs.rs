//! `with`: a module encodes and decodes the data.

use std::error::Error;

use sse_core::{DataWriter, DecodeError, Decoded, Decoder, EncodeError, Encoder, SseDecode, SseEvent, TypedEvent as _};

use super::round_trip;

mod hex {
    use std::fmt::Write as _;

    use sse_core::{DataWriter, DecodeError, EncodeError};

    pub(super) fn encode(bytes: &[u8], data: &mut DataWriter<'_>) -> Result<(), EncodeError> {
        for (position, byte) in bytes.iter().enumerate() {
            if *byte == 0 {
                return Err(EncodeError::other("a byte is zero"));
            }
            let line_ending = if position % 2 == 1 { "\n" } else { "" };
            write!(data, "{byte:02x}{line_ending}").map_err(EncodeError::other)?;
        }
        Ok(())
    }

    pub(super) fn decode(data: &str) -> Result<Vec<u8>, DecodeError> {
        let lines = data.lines().flat_map(|line| line.as_bytes().chunks(2));
        lines
            .map(|digits| {
                let digits = std::str::from_utf8(digits).map_err(DecodeError::data)?;
                u8::from_str_radix(digits, 16).map_err(DecodeError::data)
            })
            .collect()
    }
}

mod pair {
    use sse_core::{DataWriter, DecodeError, EncodeError};

    #[expect(clippy::unnecessary_wraps, reason = "the derive requires this signature")]
    pub(super) fn encode(pair: &(&str, &str), data: &mut DataWriter<'_>) -> Result<(), EncodeError> {
        data.push(pair.0);
        data.push("=");
        data.push(pair.1);
        Ok(())
    }

    pub(super) fn decode(data: &str) -> Result<(&str, &str), DecodeError> {
        data.split_once('=').ok_or_else(|| DecodeError::data("expected `=`"))
    }
}

#[derive(Debug, PartialEq, SseEvent)]
enum Blob {
    #[sse(with = "hex")]
    Bytes(Vec<u8>),
    #[sse(with = "self::hex", unnamed)]
    At {
        #[sse(id)]
        at: u64,
        #[sse(data)]
        bytes: Vec<u8>,
    },
}

#[test]
fn the_module_encodes_and_decodes_the_data() {
    round_trip(Blob::Bytes(vec![1, 255, 16]), "event: Bytes\ndata: 01ff\ndata: 10\n\n");
    round_trip(Blob::Bytes(Vec::new()), "event: Bytes\ndata: \n\n");
    round_trip(Blob::At { at: 7, bytes: vec![16] }, "id: 7\ndata: 10\n\n");
}

#[test]
fn errors_of_the_module_are_the_cause_of_an_error_with_the_event_name() {
    let mut encoder = Encoder::new();
    let error = encoder.event(&Blob::Bytes(vec![1, 0])).unwrap_err();
    assert_eq!(error.to_string(), "event `Bytes` cannot be encoded");
    assert_eq!(error.source().unwrap().to_string(), "a byte is zero");
    assert!(encoder.is_empty());
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(b"event: Bytes\ndata: xy\n\n");
    let error = Blob::decode(events.next_event().unwrap().unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "event `Bytes` cannot be decoded: invalid data");
    assert_eq!(error.source().unwrap().to_string(), "invalid digit found in string");
}

#[derive(Debug, PartialEq, SseEvent)]
#[sse(event = "pair", with = "pair")]
struct Pair<'a>((&'a str, &'a str));

#[test]
fn a_struct_can_have_a_module_whose_value_is_borrowed() {
    let mut encoder = Encoder::new();
    encoder.event(&Pair(("a", "b"))).unwrap();
    assert_eq!(encoder.as_bytes(), b"event: pair\ndata: a=b\n\n");
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(encoder.as_bytes());
    let raw = events.next_event().unwrap().unwrap();
    assert_eq!(Pair::decode(raw).unwrap(), Decoded::Event(Pair(("a", "b"))));
}

/// A type that dereferences to text, like the types of the standard library.
#[derive(Debug, PartialEq)]
struct Name(String);

impl std::ops::Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

mod quoted {
    use sse_core::{DataWriter, DecodeError, EncodeError};

    use super::Name;

    #[expect(clippy::unnecessary_wraps, reason = "the derive requires this signature")]
    pub(super) fn encode(name: &str, data: &mut DataWriter<'_>) -> Result<(), EncodeError> {
        data.push(&format!("'{name}'"));
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "the derive requires this signature")]
    pub(super) fn decode(data: &str) -> Result<Name, DecodeError> {
        Ok(Name(data.trim_matches('\'').into()))
    }
}

#[derive(Debug, PartialEq, SseEvent)]
enum Greeting {
    #[sse(with = "quoted", terminal = "str::is_empty")]
    To(Name),
}

#[test]
fn functions_can_take_the_value_that_a_type_dereferences_to() {
    round_trip(Greeting::To(Name("Ada".into())), "event: To\ndata: 'Ada'\n\n");
    assert!(Greeting::To(Name(String::new())).is_terminal());
    assert!(!Greeting::To(Name("Ada".into())).is_terminal());
}

mod shared {
    use std::sync::Arc;

    use sse_core::{DataWriter, DecodeError, EncodeError};

    use super::{Name, quoted};

    pub(super) fn encode(name: &str, data: &mut DataWriter<'_>) -> Result<(), EncodeError> {
        quoted::encode(name, data)
    }

    pub(super) fn decode(data: &str) -> Result<Arc<Name>, DecodeError> {
        quoted::decode(data).map(Arc::new)
    }
}

mod bytes {
    use sse_core::{DataWriter, DecodeError, EncodeError};

    pub(super) fn encode(bytes: &[u8], data: &mut DataWriter<'_>) -> Result<(), EncodeError> {
        data.push(std::str::from_utf8(bytes).map_err(EncodeError::other)?);
        Ok(())
    }

    pub(super) fn decode(data: &str) -> Result<[u8; 2], DecodeError> {
        data.as_bytes().try_into().map_err(DecodeError::data)
    }
}

/// A payload with the name of a trait that derived code uses.
#[derive(Debug, PartialEq)]
struct Decode(Name);

impl Decode {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A codec that requires two lifetimes to be equal.
mod tied {
    use sse_core::{DataWriter, DecodeError, EncodeError};

    use super::{Decode, quoted};

    pub(super) fn encode<'a>(name: &'a Decode, data: &'a mut DataWriter<'_>) -> Result<(), EncodeError> {
        quoted::encode(&name.0, data)
    }

    pub(super) fn decode(data: &str) -> Result<Decode, DecodeError> {
        quoted::decode(data).map(Decode)
    }
}

#[derive(Debug, PartialEq, SseEvent)]
enum Coerced {
    #[sse(with = "shared")]
    Shared(std::sync::Arc<Name>),
    #[sse(with = "bytes")]
    Bytes([u8; 2]),
    #[sse(with = "tied", terminal = "Decode::is_empty")]
    Tied(Decode),
}

#[test]
fn functions_can_take_what_a_shared_value_or_an_array_is_coerced_to() {
    round_trip(Coerced::Shared(std::sync::Arc::new(Name("Ada".into()))), "event: Shared\ndata: 'Ada'\n\n");
    round_trip(Coerced::Bytes(*b"ab"), "event: Bytes\ndata: ab\n\n");
}

#[test]
fn functions_can_require_equal_lifetimes_and_types_can_have_the_names_of_hidden_traits() {
    round_trip(Coerced::Tied(Decode(Name("Ada".into()))), "event: Tied\ndata: 'Ada'\n\n");
    assert!(Coerced::Tied(Decode(Name(String::new()))).is_terminal());
}

/// A codec whose functions are associated functions of a type.
struct Doubled;

impl Doubled {
    #[expect(clippy::trivially_copy_pass_by_ref, clippy::unnecessary_wraps, reason = "the signature of a codec")]
    fn encode(number: &u32, data: &mut DataWriter<'_>) -> Result<(), EncodeError> {
        data.push(&(number * 2).to_string());
        Ok(())
    }

    fn decode(data: &str) -> Result<u32, DecodeError> {
        data.parse().map(|number: u32| number / 2).map_err(DecodeError::data)
    }
}

/// The functions are in this module, next to the type.
mod beside {
    use sse_core::{DataWriter, DecodeError, EncodeError, SseEvent};

    #[derive(Debug, PartialEq, SseEvent)]
    pub(super) enum Beside {
        #[sse(with = "super::Doubled")]
        Doubled(u32),
        #[sse(with = "self")]
        Own(u32),
        #[sse(with = "decode")]
        NamedAlike(u32),
    }

    #[expect(clippy::trivially_copy_pass_by_ref, clippy::unnecessary_wraps, reason = "the signature of a codec")]
    fn encode(number: &u32, data: &mut DataWriter<'_>) -> Result<(), EncodeError> {
        data.push(&number.to_string());
        Ok(())
    }

    fn decode(data: &str) -> Result<u32, DecodeError> {
        data.parse().map_err(DecodeError::data)
    }

    /// A module with the name of a function, and with its own name in it.
    mod decode {
        pub(super) use super::{decode, encode};
    }
}

#[test]
fn functions_can_be_associated_or_in_the_same_module_or_in_one_of_their_name() {
    round_trip(beside::Beside::Doubled(4), "event: Doubled\ndata: 8\n\n");
    round_trip(beside::Beside::Own(4), "event: Own\ndata: 4\n\n");
    round_trip(beside::Beside::NamedAlike(4), "event: NamedAlike\ndata: 4\n\n");
}

#[test]
fn functions_can_be_in_a_module_of_a_function() {
    mod local {
        use super::{DataWriter, DecodeError, EncodeError, beside};

        pub(super) fn encode(value: &beside::Beside, data: &mut DataWriter<'_>) -> Result<(), EncodeError> {
            match value {
                beside::Beside::Doubled(number) => super::Doubled::encode(number, data),
                _ => Err(EncodeError::other("not doubled")),
            }
        }

        pub(super) fn decode(data: &str) -> Result<beside::Beside, DecodeError> {
            super::Doubled::decode(data).map(beside::Beside::Doubled)
        }
    }
    #[derive(Debug, PartialEq, SseEvent)]
    enum Local {
        #[sse(with = "local")]
        Value(beside::Beside),
    }
    round_trip(Local::Value(beside::Beside::Doubled(3)), "event: Value\ndata: 6\n\n");
}
