//! Parsing of lines into fields (section 9.2.6, "Interpreting an event stream").

use crate::wire::{COLON, SPACE, field};

/// The known fields. Lines with any other name are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Event,
    Data,
    Id,
    Retry,
}

impl Field {
    /// Parses a line into its field and the offset of the value. Returns `None` for a comment or an unknown name.
    ///
    /// "If the line contains a U+003A COLON character", the name is the part before it and the value the part after it,
    /// without one leading space. "Otherwise", the whole line is the name, and the value is empty.
    pub(crate) fn parse(line: &[u8]) -> Option<(Self, usize)> {
        let (field, name) = Self::named_by(line)?;
        match line.get(name.len()..)? {
            [] => Some((field, name.len())),
            [COLON, SPACE, ..] => Some((field, name.len() + 2)),
            [COLON, ..] => Some((field, name.len() + 1)),
            _ => None,
        }
    }

    /// Returns the field whose name the line starts with. There is at most one, because the four names differ in their
    /// first byte.
    fn named_by(line: &[u8]) -> Option<(Self, &'static str)> {
        let (field, name) = match line.first()? {
            b'd' => (Self::Data, field::DATA),
            b'e' => (Self::Event, field::EVENT),
            b'i' => (Self::Id, field::ID),
            b'r' => (Self::Retry, field::RETRY),
            _ => return None,
        };
        line.starts_with(name.as_bytes()).then_some((field, name))
    }
}

/// Returns whether a line that starts with `head` may belong to an event or set an ID. `head` is the start of a
/// comment, of a field, or of a field name.
///
/// Only `retry` starts with an `r`. Its line takes effect whether or not an event follows.
pub(crate) fn may_belong_to_event(head: &[u8]) -> bool {
    !matches!(head.first(), Some(&COLON | b'r'))
}

/// The kind of a line whose end has not been received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Head {
    /// A `data` line whose value starts at this offset.
    Data(usize),
    /// Another field, or `data:` whose next byte has not been received and may be the space to remove.
    Field,
    /// A field name or the start of one. The rest of the line may turn it into an unknown name.
    Name,
    /// A comment.
    Comment,
    /// An unknown field, whatever follows.
    Ignored,
}

impl Head {
    /// Returns the kind of the line that starts with `head`.
    pub(crate) fn of(head: &[u8]) -> Self {
        if let Some(word) = head.first_chunk()
            && let Some(value) = common::data(u64::from_le_bytes(*word))
        {
            return Self::Data(value);
        }
        match Field::parse(head) {
            Some((Field::Data, value)) if head.len() > field::DATA.len() + 1 => Self::Data(value),
            _ if Self::is_part_of_a_name(head) => Self::Name,
            Some(_) => Self::Field,
            None if head.first() == Some(&COLON) => Self::Comment,
            None => Self::Ignored,
        }
    }

    /// Returns whether `head` is a field name or the start of one.
    fn is_part_of_a_name(head: &[u8]) -> bool {
        [field::DATA, field::EVENT, field::ID, field::RETRY].iter().any(|name| name.as_bytes().starts_with(head))
    }
}

/// Common forms of fields, recognized by the first eight bytes of a line: one load, then a masked comparison for each
/// form. Other lines go through `Field::parse`.
pub(crate) mod common {
    use super::Field;
    use crate::wire::prefix;

    pub(crate) const DATA: FieldPrefix = FieldPrefix::new(prefix::DATA);
    pub(crate) const EVENT: FieldPrefix = FieldPrefix::new(prefix::EVENT);
    pub(crate) const ID: FieldPrefix = FieldPrefix::new(prefix::ID);

    /// Returns the offset of the value of a `data` line, with or without the space.
    #[inline]
    pub(crate) fn data(word: u64) -> Option<usize> {
        DATA.value_start(word).or_else(|| DATA.bare().value_start(word))
    }

    /// Returns the field of a line that has a space after the colon, and the offset of its value. `data` comes first,
    /// because every event has it. A `retry` line is not common.
    ///
    /// Comparisons and not a loop over a table, so that each of them can be compiled into a jump to the code for its
    /// field.
    #[inline]
    pub(crate) fn spaced(word: u64) -> Option<(Field, usize)> {
        if let Some(value) = DATA.value_start(word) {
            return Some((Field::Data, value));
        }
        if let Some(value) = ID.value_start(word) {
            return Some((Field::Id, value));
        }
        Some((Field::Event, EVENT.value_start(word)?))
    }

    /// Like [`spaced`], or without the space.
    #[inline]
    pub(crate) fn field(word: u64) -> Option<(Field, usize)> {
        if let Some(field) = spaced(word) {
            return Some(field);
        }
        if let Some(value) = DATA.bare().value_start(word) {
            return Some((Field::Data, value));
        }
        if let Some(value) = ID.bare().value_start(word) {
            return Some((Field::Id, value));
        }
        Some((Field::Event, EVENT.bare().value_start(word)?))
    }

    /// A field name, the colon and the space, as the low bytes of a little-endian word.
    #[derive(Clone, Copy)]
    pub(crate) struct FieldPrefix {
        mask: u64,
        value: u64,
        len: usize,
    }

    impl FieldPrefix {
        const fn new(prefix: &[u8]) -> Self {
            // From the last byte to the first, which becomes the lowest.
            let (mut mask, mut value, mut rest) = (0, 0, prefix);
            while let [before @ .., last] = rest {
                mask = mask << 8 | 0xFF;
                value = value << 8 | *last as u64;
                rest = before;
            }
            Self { mask, value, len: prefix.len() }
        }

        /// Returns the prefix without the space.
        const fn bare(self) -> Self {
            let mask = self.mask >> 8;
            Self { mask, value: self.value & mask, len: self.len - 1 }
        }

        /// Returns the offset of the value if a line that starts with `word` has this prefix.
        #[inline]
        pub(crate) const fn value_start(self, word: u64) -> Option<usize> {
            if word & self.mask == self.value { Some(self.len) } else { None }
        }
    }
}
