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

/// A field as it is commonly written, told by the first eight bytes of its line.
#[derive(Clone, Copy)]
pub(crate) struct Common {
    mask: u64,
    value: u64,
    len: usize,
}

impl Common {
    const DATA: Self = Self::new(field::DATA);
    const EVENT: Self = Self::new(field::EVENT);
    const ID: Self = Self::new(field::ID);

    /// The name and the colon, as the low bytes of a word.
    const fn new(name: &str) -> Self {
        let (mut mask, mut value, mut rest) = (0xFF, COLON as u64, name.as_bytes());
        while let [before @ .., last] = rest {
            mask = mask << 8 | 0xFF;
            value = value << 8 | *last as u64;
            rest = before;
        }
        Self { mask, value, len: name.len() + 1 }
    }

    /// Where the value of a line of data begins, if it is one: behind the colon, and behind one space.
    #[inline]
    pub(crate) const fn data(word: u64) -> Option<usize> {
        Self::DATA.value_start(word)
    }

    #[inline]
    pub(crate) const fn event(word: u64) -> Option<usize> {
        Self::EVENT.value_start(word)
    }

    #[inline]
    pub(crate) const fn id(word: u64) -> Option<usize> {
        Self::ID.value_start(word)
    }

    #[inline]
    const fn value_start(self, word: u64) -> Option<usize> {
        if word & self.mask != self.value {
            return None;
        }
        let has_space = word >> (8 * self.len) & 0xFF == SPACE as u64;
        Some(self.len + has_space as usize)
    }
}
