//! An event that is encoded except for its ID.

use alloc::vec::Vec;
use core::{error::Error, fmt, fmt::Display, marker::PhantomData, ops::ControlFlow};

use bytes::Bytes;

use crate::{
    EncodeError, Encoded, SseEvent, encode,
    wire::{BOM, CR, LF, field, prefix},
};

/// The capacity that an event is encoded with, enough for most.
const CAPACITY: usize = 256;

/// An event that is encoded except for its ID, which is known only later, for example when the event is appended to a
/// log.
///
/// ```
/// use sse_core::{Draft, SseEvent};
///
/// #[derive(SseEvent)]
/// enum Count {
///     #[sse(event = "tick")]
///     Tick(u32),
/// }
///
/// let draft = Draft::new(&Count::Tick(1))?;
/// assert_eq!(draft.as_bytes(), b"event: tick\ndata: 1\n\n");
/// assert_eq!(draft.with_id(&7)?.as_bytes(), b"event: tick\nid: 7\ndata: 1\n\n");
/// # Ok::<(), sse_core::EncodeError>(())
/// ```
///
/// The bytes with an ID are those of an [`Envelope`](crate::Envelope) that holds the event and this ID. As there, the ID
/// takes precedence over one among the fields of the event, which a draft does not contain.
pub struct Draft<E> {
    /// The block without an `id:` line.
    block: Bytes,
    /// The offset of the `id:` line: after the `event:` line, if there is one.
    id_at: usize,
    terminal: bool,
    event: PhantomData<fn(E)>,
}

impl<E: SseEvent> Draft<E> {
    /// Encodes an event without its ID.
    ///
    /// # Errors
    ///
    /// Returns an error if the event cannot be encoded.
    pub fn new(event: &E) -> Result<Self, EncodeError> {
        let mut block = Vec::with_capacity(CAPACITY);
        encode::without_id(&mut block, event)?;
        Ok(Self::of(block.into(), event.is_terminal()))
    }
}

impl<E> Draft<E> {
    /// Creates a draft from the bytes of another draft, for example from a database. `terminal` is the value of
    /// [`is_terminal`](Self::is_terminal) of that draft.
    ///
    /// ```
    /// # use sse_core::{Draft, SseEvent};
    /// # #[derive(SseEvent)]
    /// # enum Count { #[sse(event = "tick")] Tick(u32) }
    /// let draft = Draft::<Count>::from_stored("event: tick\ndata: 1\n\n", false)?;
    /// assert_eq!(draft.with_id(&7).unwrap().as_bytes(), b"event: tick\nid: 7\ndata: 1\n\n");
    /// assert!(Draft::<Count>::from_stored("event: tick\nid: 6\ndata: 1\n\n", false).is_err());
    /// # Ok::<(), sse_core::InvalidDraft>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the bytes are not exactly one block with data and without an ID, or if they contain a
    /// carriage return or a byte order mark at their start, or are not valid UTF-8. An event of this type is not
    /// checked further: a reader that cannot decode it reports that.
    pub fn from_stored(block: impl Into<Bytes>, terminal: bool) -> Result<Self, InvalidDraft> {
        let block = block.into();
        check(&block)?;
        Ok(Self::of(block, terminal))
    }

    fn of(block: Bytes, terminal: bool) -> Self {
        let named = block.starts_with(prefix::EVENT);
        let id_at = if named { memchr::memchr(LF, &block).map_or(0, |end| end + 1) } else { 0 };
        Self { block, id_at, terminal, event: PhantomData }
    }

    /// Returns the block without an ID.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.block
    }

    /// Consumes the draft and returns its block, without a copy.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.block
    }

    /// Returns whether the event is terminal.
    #[must_use]
    pub const fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Returns the event with this ID: a number, an [`EventId`](crate::EventId), or text.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a valid [`EventId`](crate::EventId::new), or if the `Display` implementation
    /// returns an error.
    pub fn with_id(&self, id: &(impl Display + ?Sized)) -> Result<Encoded<E>, EncodeError> {
        // The usual length of an ID; a longer one costs a second allocation.
        const ID_LINE: usize = 48;
        let (before, after) = self.block.split_at_checked(self.id_at).unwrap_or((&[], &self.block));
        let mut block = Vec::with_capacity(self.block.len() + ID_LINE);
        block.extend_from_slice(before);
        encode::id_line(&mut block, id)?;
        block.extend_from_slice(after);
        block.shrink_to_fit();
        let flow = if self.terminal { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        Ok(Encoded::from_bytes(block, flow))
    }
}

/// Checks a stored block.
fn check(block: &[u8]) -> Result<(), InvalidDraft> {
    if let Err(error) = simdutf8::compat::from_utf8(block) {
        return Err(InvalidDraft::NotUtf8 { position: error.valid_up_to() });
    }
    if block.starts_with(BOM) {
        return Err(InvalidDraft::ByteOrderMark);
    }
    if let Some(position) = memchr::memchr(CR, block) {
        return Err(InvalidDraft::CarriageReturn { position });
    }
    let Some(lines) = block.strip_suffix(&[LF, LF]) else { return Err(InvalidDraft::Unfinished) };
    let mut at = 0;
    let mut has_data = false;
    for line in lines.split(|&byte| byte == LF) {
        match line.split(|&byte| byte == b':').next().unwrap_or_default() {
            [] if line.is_empty() => return Err(InvalidDraft::SeveralBlocks { position: at }),
            name if name == field::ID.as_bytes() => return Err(InvalidDraft::HasId { position: at }),
            name => has_data |= name == field::DATA.as_bytes(),
        }
        at += line.len() + 1;
    }
    if has_data { Ok(()) } else { Err(InvalidDraft::NoData) }
}

/// The error returned if stored bytes are not the block of a [`Draft`].
///
/// ```
/// use sse_core::{Draft, RawEventBuf};
///
/// let error = Draft::<RawEventBuf>::from_stored("data: 1\n\ndata: 2\n\n", false).unwrap_err();
/// assert_eq!(error.to_string(), "stored event has an empty line at byte 8; store one block for each event");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidDraft {
    /// The bytes are not valid UTF-8.
    NotUtf8 {
        /// The offset of the first invalid byte.
        position: usize,
    },
    /// The bytes begin with a byte order mark.
    ByteOrderMark,
    /// There is a carriage return. Drafts end each line with a line feed.
    CarriageReturn {
        /// Its offset.
        position: usize,
    },
    /// The block does not end with an empty line.
    Unfinished,
    /// There is an empty line before the end, so there are several blocks.
    SeveralBlocks {
        /// The offset of the empty line.
        position: usize,
    },
    /// There is an `id` field.
    HasId {
        /// The offset of its line.
        position: usize,
    },
    /// There is no `data` field, so readers would not dispatch the event.
    NoData,
}

impl Display for InvalidDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 { position } => {
                write!(f, "stored event is not valid UTF-8 at byte {position}; store the bytes of a draft unchanged")
            }
            Self::ByteOrderMark => f.write_str("stored event begins with a byte order mark; remove it"),
            Self::CarriageReturn { position } => {
                write!(f, "stored event contains a carriage return at byte {position}; end lines with a line feed")
            }
            Self::Unfinished => f.write_str("stored event does not end with an empty line; store the whole block"),
            Self::SeveralBlocks { position } => {
                write!(f, "stored event has an empty line at byte {position}; store one block for each event")
            }
            Self::HasId { position } => {
                write!(f, "stored event has an `id` field at byte {position}; store it without an ID")
            }
            Self::NoData => f.write_str("stored event has no `data` field; readers would not dispatch it"),
        }
    }
}

impl Error for InvalidDraft {}

impl<E> Clone for Draft<E> {
    fn clone(&self) -> Self {
        Self { block: self.block.clone(), id_at: self.id_at, terminal: self.terminal, event: PhantomData }
    }
}

impl<E> fmt::Debug for Draft<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft").field("block", &self.block).field("terminal", &self.terminal).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use alloc::{borrow::ToOwned, string::String, vec};

    use super::*;
    use crate::{Decoder, Envelope, EventId, EventName, RawEventBuf};

    type Raw = Draft<RawEventBuf>;

    fn raw(data: &str) -> RawEventBuf {
        RawEventBuf::new(EventName::from_static("tick"), data.to_owned())
    }

    #[test]
    fn an_id_of_the_events_own_is_not_in_the_draft() {
        let mut decoder = Decoder::new();
        let event = decoder.feed(b"event: tick\nid: 3\ndata: 1\n\n").next_event().unwrap().unwrap().into_owned();
        assert_eq!(event.id().map(EventId::as_str), Some("3"));
        let draft = Draft::new(&event).unwrap();
        assert_eq!(draft.as_bytes(), b"event: tick\ndata: 1\n\n");
        assert_eq!(draft.with_id("a-1").unwrap().as_bytes(), b"event: tick\nid: a-1\ndata: 1\n\n");
    }

    #[test]
    fn a_draft_with_an_id_is_the_envelope_with_that_id() {
        for data in ["", "one", "two\nlines", "id: 4\n\nid"] {
            let envelope = Envelope::new(raw(data)).with_id(12);
            let draft = Draft::new(&raw(data)).unwrap();
            assert_eq!(draft.with_id(&12).unwrap().as_bytes(), Encoded::envelope(&envelope).unwrap().as_bytes());
            let stored = Raw::from_stored(draft.clone().into_bytes(), false).unwrap();
            assert_eq!(stored.with_id(&12).unwrap().as_bytes(), draft.with_id(&12).unwrap().as_bytes());
        }
    }

    #[test]
    fn the_bytes_of_an_event_with_an_id_have_no_spare_capacity() {
        let encoded = Draft::new(&raw("1")).unwrap().with_id(&7).unwrap();
        let len = encoded.as_bytes().len();
        assert_eq!(Vec::from(encoded.into_bytes()).capacity(), len);
    }

    #[test]
    fn an_id_that_cannot_be_sent_back_is_an_error() {
        for id in ["a\nb", " a", "a\u{1}"] {
            assert!(Draft::new(&raw("1")).unwrap().with_id(id).is_err(), "{id:?}");
        }
    }

    #[test]
    fn stored_bytes_must_be_one_block_without_an_id() {
        let cases: Vec<(&[u8], InvalidDraft)> = vec![
            (b"data: \xff\n\n", InvalidDraft::NotUtf8 { position: 6 }),
            (b"\xEF\xBB\xBFdata: 1\n\n", InvalidDraft::ByteOrderMark),
            (b"data: 1\r\n\r\n", InvalidDraft::CarriageReturn { position: 7 }),
            (b"", InvalidDraft::Unfinished),
            (b"data: 1\n", InvalidDraft::Unfinished),
            (b"data: 1", InvalidDraft::Unfinished),
            (b"data: 1\n\ndata: 2\n\n", InvalidDraft::SeveralBlocks { position: 8 }),
            (b"data: 1\n\n\n", InvalidDraft::SeveralBlocks { position: 8 }),
            (b"\ndata: 1\n\n", InvalidDraft::SeveralBlocks { position: 0 }),
            (b"\n\n", InvalidDraft::SeveralBlocks { position: 0 }),
            (b"event: a\nid: 1\ndata: 1\n\n", InvalidDraft::HasId { position: 9 }),
            (b"data: 1\nid\n\n", InvalidDraft::HasId { position: 8 }),
            (b"id:\ndata: 1\n\n", InvalidDraft::HasId { position: 0 }),
            (b"event: a\n\n", InvalidDraft::NoData),
            (b":comment\n\n", InvalidDraft::NoData),
        ];
        for (bytes, expected) in cases {
            let error = Raw::from_stored(bytes.to_vec(), false).unwrap_err();
            assert_eq!(error, expected, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn the_names_of_other_fields_are_not_taken_for_an_id() {
        for block in
            ["identity: 1\ndata: 1\n\n", ":id\ndata: 1\n\n", "data: id: 1\n\n", "data\n\n", " id: 1\ndata:\n\n"]
        {
            assert!(Raw::from_stored(block, true).is_ok_and(|draft| draft.is_terminal()), "{block:?}");
        }
    }
}
