//! The script that joins or opens an epoch. It is the only one, and is always sent whole: it runs every few seconds, and
//! no server can have forgotten it.

use redis::{Cmd, Value};

use super::{
    entry,
    node::{Keys, Seen},
};
use crate::{Cursor, Epoch, EpochKind};

const OPEN: &str = include_str!("open.lua");

/// The oldest major version whose streams accept IDs with a given first half.
const OLDEST: &str = "7";

/// The parameters of the script.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) leave: Option<u64>,
    pub(super) seen: &'a Seen,
    /// Whether the connection is new.
    pub(super) fresh: bool,
    /// Whether the node knows that records were lost.
    pub(super) doubt: bool,
    pub(super) tag: &'a str,
}

/// The answer of the script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Joined {
    /// The newest ID that the log has given.
    pub(super) tip: Cursor,
    /// The newest entry that exists, or `None` if the log is empty.
    pub(super) last: Option<Cursor>,
    /// The epochs, oldest first.
    pub(super) epochs: Vec<Epoch>,
    /// Whether records that the node has seen are other ones now.
    pub(super) differs: bool,
    /// Whether the connection is new.
    pub(super) fresh: bool,
}

impl Call<'_> {
    pub(super) fn command(&self, keys: &Keys) -> Cmd {
        let mut command = redis::cmd("EVAL");
        command.arg(OPEN).arg(3).arg(&keys.log).arg(&keys.meta).arg(&keys.epochs);
        match self.leave {
            Some(epoch) => command.arg(epoch),
            None => command.arg(""),
        };
        let cursor = self.seen.cursor.unwrap_or(Cursor::new(0, 0));
        command.arg(cursor.epoch()).arg(cursor.offset());
        match &self.seen.origin {
            Some(origin) => command.arg(origin.as_ref()),
            None => command.arg("*"),
        };
        command.arg(u8::from(self.fresh)).arg(u8::from(self.doubt)).arg(self.tag).arg(OLDEST).arg(salt());
        command
    }
}

/// Returns a random number below a million.
fn salt() -> u64 {
    use std::hash::{BuildHasher, RandomState};

    RandomState::new().hash_one(0) % 1_000_000
}

/// Reads the answer of the script, on a connection that may be new. Returns `None` if it is in another form.
pub(super) fn read(answer: Value, fresh: bool) -> Option<Joined> {
    let Value::Array(parts) = answer else { return None };
    let [tip, last, Value::Array(epochs), Value::Int(differs)] = <[Value; 4]>::try_from(parts).ok()? else {
        return None;
    };
    let mut epochs = epochs.iter().map(epoch).collect::<Option<Vec<_>>>()?;
    epochs.sort_unstable_by_key(|epoch| epoch.start.epoch());
    Some(Joined { tip: entry::cursor(&tip)?, last: entry::cursor(&last), epochs, differs: differs == 1, fresh })
}

fn epoch(value: &Value) -> Option<Epoch> {
    let Value::BulkString(text) = value else { return None };
    let (start, kind) = str::from_utf8(text).ok()?.split_once(' ')?;
    let kind = match kind {
        "fence" => EpochKind::Fence,
        "break" => EpochKind::Break,
        _ => return None,
    };
    Some(Epoch { start: start.parse().ok()?, kind })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bulk(text: &str) -> Value {
        Value::BulkString(text.as_bytes().to_vec())
    }

    #[test]
    fn the_epochs_are_read_oldest_first() {
        let list = Value::Array(vec![bulk("9-12 break"), bulk("7-1 fence")]);
        let joined = read(Value::Array(vec![bulk("9-15"), bulk("9-14"), list, Value::Int(0)]), false).unwrap();
        assert_eq!((joined.tip, joined.last), (Cursor::new(9, 15), Some(Cursor::new(9, 14))));
        let expected = [(Cursor::new(7, 1), EpochKind::Fence), (Cursor::new(9, 12), EpochKind::Break)]
            .map(|(start, kind)| Epoch { start, kind });
        assert_eq!(joined.epochs, expected);
    }

    #[test]
    fn an_empty_log_has_no_last_entry() {
        let joined =
            read(Value::Array(vec![bulk("9-15"), bulk(""), Value::Array(vec![]), Value::Int(1)]), true).unwrap();
        assert_eq!((joined.last, joined.differs), (None, true));
    }

    #[test]
    fn another_answer_is_not_read() {
        for answer in [
            Value::Nil,
            Value::Array(vec![]),
            Value::Array(vec![bulk("9"), bulk(""), Value::Array(vec![]), Value::Int(0)]),
            Value::Array(vec![bulk("9-1"), bulk(""), Value::Array(vec![bulk("9-1")]), Value::Int(0)]),
            Value::Array(vec![bulk("9-1"), bulk(""), Value::Array(vec![bulk("9-1 other")]), Value::Int(0)]),
        ] {
            assert_eq!(read(answer.clone(), false), None, "{answer:?}");
        }
    }
}
