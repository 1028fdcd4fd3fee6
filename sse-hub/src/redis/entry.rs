//! The entries of the stream: records and fences, in five fields.

use std::fmt::Write as _;

use bytes::Bytes;
use redis::Value;

use crate::{Cursor, EpochKind, Origin, Record, RecordKind};

/// The names of the fields: topics, block, kind, origin, and the time in milliseconds since 1970.
pub(super) const TOPICS: &str = "t";
pub(super) const BLOCK: &str = "d";
pub(super) const KIND: &str = "x";
pub(super) const ORIGIN: &str = "n";
pub(super) const AT: &str = "at";

/// The size of an entry in addition to its fields.
const OVERHEAD: usize = 16;

/// The maximum length of the field `n`. Those that hubs write are shorter.
const MAX_ORIGIN: usize = 64;

/// The values of the field `x`.
mod kind {
    pub(super) const EVENT: &[u8] = b"-";
    pub(super) const TERMINAL: &[u8] = b"T";
    pub(super) const END: &[u8] = b"end";
    pub(super) const FENCE: &[u8] = b"fence";
    pub(super) const BREAK: &[u8] = b"break";
}

/// An entry as it was read.
#[derive(Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) cursor: Cursor,
    /// The field `n` as it is stored, if the entry has the fields of a hub.
    pub(super) origin: Option<Bytes>,
    /// The approximate size, also if the entry is unreadable.
    pub(super) bytes: usize,
    /// The field `at`, or `None` if it cannot be read.
    pub(super) at: Option<u64>,
    pub(super) body: Body,
}

/// The content of an entry.
#[derive(Debug, PartialEq)]
pub(super) enum Body {
    Record(Record),
    Fence(EpochKind),
    /// The entry is not in the form that hubs write.
    Unreadable,
}

/// Appends the fields of a record to a command.
pub(super) fn write(command: &mut redis::Cmd, record: &Record, at: u64) {
    let kind = match record.kind {
        RecordKind::Event => kind::EVENT,
        RecordKind::TerminalEvent => kind::TERMINAL,
        RecordKind::End => kind::END,
    };
    // Names of topics contain no control characters.
    match record.topics.as_slice() {
        [topic] => command.arg(TOPICS).arg(topic),
        topics => command.arg(TOPICS).arg(topics.join("\n")),
    };
    command.arg(BLOCK).arg(&*record.block).arg(KIND).arg(kind);
    command.arg(ORIGIN).arg(origin(record.origin)).arg(AT).arg(at);
}

/// Returns the text of an origin: `node:number`.
pub(super) fn origin(Origin { node, number }: Origin) -> String {
    let mut text = String::with_capacity(40);
    // Writing to a string does not fail.
    let _ = write!(text, "{node:032x}:{number}");
    text
}

/// Reads an entry. Returns `None` if the value is not an entry of a stream at all.
pub(super) fn read(entry: Value) -> Option<Entry> {
    let Value::Array(parts) = entry else { return None };
    let [id, fields] = <[Value; 2]>::try_from(parts).ok()?;
    let cursor = cursor(&id)?;
    let (bytes, fields) = match fields {
        Value::Array(fields) => (OVERHEAD + size(&fields), Fields::read(fields)),
        _ => (OVERHEAD, None),
    };
    let body = fields.as_ref().and_then(Fields::body).unwrap_or(Body::Unreadable);
    let at = fields.as_ref().and_then(|fields| number(&fields.at));
    Some(Entry { cursor, origin: fields.map(|fields| fields.origin), bytes, at, body })
}

fn size(fields: &[Value]) -> usize {
    let sizes = fields.iter().map(|field| match field {
        Value::BulkString(text) => text.len(),
        _ => 0,
    });
    sizes.sum()
}

/// Reads the ID of an entry.
pub(super) fn cursor(id: &Value) -> Option<Cursor> {
    match id {
        Value::BulkString(id) => str::from_utf8(id).ok()?.parse().ok(),
        Value::SimpleString(id) => id.parse().ok(),
        _ => None,
    }
}

/// The fields of an entry, each of which is there once.
struct Fields {
    topics: Bytes,
    block: Bytes,
    kind: Bytes,
    origin: Bytes,
    at: Bytes,
}

impl Fields {
    /// Returns `None` if a field is missing or unknown, is there twice, or is too long.
    fn read(values: Vec<Value>) -> Option<Self> {
        let [mut topics, mut block, mut kind, mut origin, mut at] = [const { None::<Bytes> }; 5];
        let mut values = values.into_iter();
        while let (Some(name), Some(value)) = (values.next(), values.next()) {
            let (Value::BulkString(name), Value::BulkString(value)) = (name, value) else { return None };
            let field = match name.as_slice() {
                b"t" => &mut topics,
                b"d" => &mut block,
                b"x" => &mut kind,
                b"n" => &mut origin,
                b"at" => &mut at,
                _ => return None,
            };
            if field.replace(value.into()).is_some() {
                return None;
            }
        }
        let origin = origin.filter(|origin| origin.len() <= MAX_ORIGIN)?;
        Some(Self { topics: topics?, block: block?, kind: kind?, origin, at: at? })
    }

    fn body(&self) -> Option<Body> {
        let kind = match &*self.kind {
            kind::FENCE => return Some(Body::Fence(EpochKind::Fence)),
            kind::BREAK => return Some(Body::Fence(EpochKind::Break)),
            kind::EVENT => RecordKind::Event,
            kind::TERMINAL => RecordKind::TerminalEvent,
            kind::END => RecordKind::End,
            _ => return None,
        };
        let topics = str::from_utf8(&self.topics).ok()?;
        let topics: Vec<String> =
            if topics.is_empty() { Vec::new() } else { topics.split('\n').map(str::to_owned).collect() };
        if topics.iter().any(String::is_empty) {
            return None;
        }
        Some(Body::Record(Record { topics, kind, block: self.block.clone(), origin: read_origin(&self.origin)? }))
    }
}

fn read_origin(text: &[u8]) -> Option<Origin> {
    let (node, count) = str::from_utf8(text).ok()?.split_once(':')?;
    Some(Origin { node: u128::from_str_radix(node, 16).ok()?, number: number(count.as_bytes())? })
}

fn number(digits: &[u8]) -> Option<u64> {
    str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bulk(text: impl AsRef<[u8]>) -> Value {
        Value::BulkString(text.as_ref().to_vec())
    }

    fn entry(fields: &[(&str, &str)]) -> Value {
        let fields = fields.iter().flat_map(|(name, value)| [bulk(name), bulk(value)]).collect();
        Value::Array(vec![bulk("5-17"), Value::Array(fields)])
    }

    const EVENT: [(&str, &str); 5] =
        [("t", "a\nb"), ("d", "data: 1\n\n"), ("x", "-"), ("n", "ff:7"), ("at", "1732620000000")];

    fn changed(at: usize, field: (&'static str, &'static str)) -> Value {
        let mut fields = EVENT;
        fields[at] = field;
        entry(&fields)
    }

    fn body(value: Value) -> Body {
        read(value).unwrap().body
    }

    #[test]
    fn a_record_is_read_as_it_is_written() {
        for (topics, kind, block) in [
            (vec!["a"], RecordKind::Event, "data: 1\n\n"),
            (vec!["a", "b\u{1f980}"], RecordKind::Event, "data: 1\n\n"),
            (vec![], RecordKind::Event, "data: 1\n\n"),
            (vec!["a"], RecordKind::TerminalEvent, "data: 1\n\n"),
            (vec!["a"], RecordKind::End, ""),
        ] {
            let record = Record {
                topics: topics.into_iter().map(str::to_owned).collect(),
                kind,
                block: block.into(),
                origin: Origin { node: u128::MAX - 1, number: u64::MAX },
            };
            let mut command = redis::Cmd::new();
            write(&mut command, &record, 12);
            let fields = command.args_iter().map(|arg| match arg {
                redis::Arg::Simple(bytes) => bulk(bytes),
                _ => Value::Nil,
            });
            let value = Value::Array(vec![bulk("5-17"), Value::Array(fields.collect())]);
            let read = read(value).unwrap();
            assert_eq!((read.cursor, read.at), (Cursor::new(5, 17), Some(12)));
            assert_eq!(read.origin.as_deref(), Some(origin(record.origin).as_bytes()));
            assert_eq!(read.body, Body::Record(record));
        }
    }

    #[test]
    fn the_fields_may_be_in_any_order() {
        let mut fields = EVENT;
        fields.reverse();
        assert_eq!(body(entry(&fields)), body(entry(&EVENT)));
        assert!(matches!(body(entry(&EVENT)), Body::Record(record) if record.topics == ["a", "b"]));
    }

    #[test]
    fn fences_are_read() {
        assert_eq!(body(changed(2, ("x", "fence"))), Body::Fence(EpochKind::Fence));
        assert_eq!(body(changed(2, ("x", "break"))), Body::Fence(EpochKind::Break));
    }

    #[test]
    fn an_entry_in_another_form_takes_its_offset() {
        for value in [
            entry(&[]),
            entry(&[("a", "b")]),
            entry(&EVENT[..4]),
            entry(&[EVENT.as_slice(), &[("more", "1")]].concat()),
            changed(0, ("t", "a\n")),
            changed(0, ("d", "again")),
            changed(2, ("x", "?")),
            changed(3, ("n", "")),
            changed(3, ("n", "7")),
            changed(3, ("n", "g:7")),
            changed(3, ("n", "ff:-1")),
            Value::Array(vec![bulk("5-17"), Value::Nil]),
            Value::Array(vec![bulk("5-17"), Value::Array(vec![bulk("t"), bulk(b"\xff")])]),
        ] {
            let text = format!("{value:?}");
            let read = read(value).unwrap();
            assert_eq!((read.cursor, read.body), (Cursor::new(5, 17), Body::Unreadable), "{text}");
        }
    }

    #[test]
    fn the_origin_of_an_entry_with_other_fields_is_unknown() {
        let mut more = EVENT.to_vec();
        more.push(("more", "1"));
        let long = format!("{}ff:7", "0".repeat(100));
        for value in
            [entry(&more), entry(&EVENT[3..]), entry(&[&EVENT[..3], &[("n", long.as_str())], &EVENT[4..]].concat())]
        {
            let read = read(value).unwrap();
            assert_eq!((read.origin, read.body), (None, Body::Unreadable));
        }
        assert_eq!(read(changed(3, ("n", "?"))).unwrap().origin.as_deref(), Some(&b"?"[..]));
    }

    #[test]
    fn the_size_of_an_entry_includes_fields_that_are_not_those_of_a_hub() {
        let size = |value| read(value).unwrap().bytes;
        let long = "x".repeat(1000);
        assert_eq!(size(entry(&[("temperature", long.as_str())])), OVERHEAD + 1011);
        assert_eq!(
            size(entry(&[("t", "a"), ("d", long.as_str()), ("x", "fence"), ("n", ""), ("at", "1")])),
            OVERHEAD + 1013
        );
        let event = "ta_b".len() + "d".len() + "data: 1__".len() + "x-nff:7at1732620000000".len();
        assert_eq!(size(entry(&EVENT)), OVERHEAD + event);
    }

    #[test]
    fn a_value_without_an_id_is_not_an_entry() {
        for value in [Value::Nil, bulk("5-17"), Value::Array(vec![]), Value::Array(vec![Value::Nil, Value::Nil])] {
            assert_eq!(read(value), None);
        }
    }
}
