//! Fields: what a line says (section 9.2.6, "Interpreting an event stream").

use crate::wire::{COLON, SPACE, field};

/// The fields that mean something. Any other name is ignored, as comments are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Event,
    Data,
    Id,
    Retry,
}

impl Field {
    /// Reads a line: its field, and where in it the value begins. `None` for a comment and an unknown name.
    ///
    /// "If the line contains a U+003A COLON character": the name stands before it, the value behind it, and one space
    /// at the value's front is removed. "Otherwise": the whole line is the name, and the value is empty.
    pub(crate) fn parse(line: &[u8]) -> Option<(Self, usize)> {
        let (field, name) = Self::named_by(line)?;
        match line.get(name.len()..)? {
            [] => Some((field, name.len())),
            [COLON, SPACE, ..] => Some((field, name.len() + 2)),
            [COLON, ..] => Some((field, name.len() + 1)),
            _ => None,
        }
    }

    /// The one field whose name the line can begin with: the four names differ in their first letters.
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

/// What the beginning of a line tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Head {
    /// A line of data, whose value begins here.
    Data(usize),
    /// A line of another field; or of data, without the byte that tells whether there is a space to be removed.
    Field,
    /// A name, or a part of one: the rest of the line may make another name of it.
    Name,
    /// A comment.
    Comment,
    /// It cannot become anything of these.
    Ignored,
}

impl Head {
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

    fn is_part_of_a_name(head: &[u8]) -> bool {
        [field::DATA, field::EVENT, field::ID, field::RETRY].iter().any(|name| name.as_bytes().starts_with(head))
    }
}

/// Fields as they are commonly written, told by the first eight bytes of their line. Each says where the value begins,
/// if it is that field.
pub(crate) mod common {
    use crate::wire::prefix;

    pub(crate) const DATA: FieldPrefix = FieldPrefix::new(prefix::DATA);
    pub(crate) const EVENT: FieldPrefix = FieldPrefix::new(prefix::EVENT);
    pub(crate) const ID: FieldPrefix = FieldPrefix::new(prefix::ID);

    /// A line of data, with or without the space.
    #[inline]
    pub(crate) fn data(word: u64) -> Option<usize> {
        DATA.value_start(word).or_else(|| DATA.bare().value_start(word))
    }

    #[inline]
    pub(crate) fn event(word: u64) -> Option<usize> {
        EVENT.value_start(word).or_else(|| EVENT.bare().value_start(word))
    }

    #[inline]
    pub(crate) fn id(word: u64) -> Option<usize> {
        ID.value_start(word).or_else(|| ID.bare().value_start(word))
    }

    /// A name, the colon and the space, as the low bytes of a word.
    #[derive(Clone, Copy)]
    pub(crate) struct FieldPrefix {
        mask: u64,
        value: u64,
        len: usize,
    }

    impl FieldPrefix {
        const fn new(prefix: &[u8]) -> Self {
            let (mut mask, mut value, mut rest) = (0, 0, prefix);
            while let [before @ .., last] = rest {
                mask = mask << 8 | 0xFF;
                value = value << 8 | *last as u64;
                rest = before;
            }
            Self { mask, value, len: prefix.len() }
        }

        /// Without the space.
        const fn bare(self) -> Self {
            let mask = self.mask >> 8;
            Self { mask, value: self.value & mask, len: self.len - 1 }
        }

        #[inline]
        pub(crate) const fn value_start(self, word: u64) -> Option<usize> {
            if word & self.mask == self.value { Some(self.len) } else { None }
        }
    }
}
