//! Fields: what a line says (section 9.2.6, "Interpreting an event stream").

use crate::wire::{COLON, SPACE, field, prefix};

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
    /// It is, or may become, a field that means something.
    Open,
    /// It is a comment.
    Comment,
    /// It cannot become anything of these.
    Ignored,
}

impl Head {
    pub(crate) fn of(head: &[u8]) -> Self {
        match Field::parse(head) {
            // Only the byte behind the colon tells whether there is a space to be removed.
            Some((Field::Data, value)) if head.len() > field::DATA.len() + 1 => Self::Data(value),
            Some(_) => Self::Open,
            None if head.first() == Some(&COLON) => Self::Comment,
            None if Self::is_part_of_a_name(head) => Self::Open,
            None => Self::Ignored,
        }
    }

    fn is_part_of_a_name(head: &[u8]) -> bool {
        [field::DATA, field::EVENT, field::ID, field::RETRY].iter().any(|name| name.as_bytes().starts_with(head))
    }
}

/// A field as it is commonly written, its prefix as the low bytes of a word.
#[derive(Clone, Copy)]
pub(crate) struct Common {
    pub(crate) field: Field,
    mask: u64,
    value: u64,
    /// Where the value begins.
    pub(crate) len: usize,
}

impl Common {
    const DATA: Self = Self::new(Field::Data, prefix::DATA);
    const EVENT: Self = Self::new(Field::Event, prefix::EVENT);
    const ID: Self = Self::new(Field::Id, prefix::ID);

    const fn new(field: Field, prefix: &[u8]) -> Self {
        let (mut mask, mut value, mut rest) = (0, 0, prefix);
        while let [before @ .., last] = rest {
            mask = mask << 8 | 0xFF;
            value = value << 8 | *last as u64;
            rest = before;
        }
        Self { field, mask, value, len: prefix.len() }
    }

    /// How long the prefix of a line of data is.
    pub(crate) const DATA_LEN: usize = Self::DATA.len;

    #[inline]
    pub(crate) const fn is_data(word: u64) -> bool {
        word & Self::DATA.mask == Self::DATA.value
    }

    /// Written out, because a loop over the three costs more than all the rest of a short line.
    #[inline]
    pub(crate) const fn of(word: u64) -> Option<Self> {
        if Self::is_data(word) {
            Some(Self::DATA)
        } else if word & Self::ID.mask == Self::ID.value {
            Some(Self::ID)
        } else if word & Self::EVENT.mask == Self::EVENT.value {
            Some(Self::EVENT)
        } else {
            None
        }
    }
}
