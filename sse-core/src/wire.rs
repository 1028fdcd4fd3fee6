//! The vocabulary of the wire, written once (WHATWG HTML, section 9.2.5 "Parsing an event stream").

/// Field names. They are case-sensitive.
pub(crate) mod field {
    pub(crate) const DATA: &str = "data";
    pub(crate) const EVENT: &str = "event";
    pub(crate) const ID: &str = "id";
    pub(crate) const RETRY: &str = "retry";
}

/// What a line begins with when it is written: the field name, the colon, and the one space that a reader removes.
/// The space is always written: without it, a value that begins with a space would lose it.
pub(crate) mod prefix {
    pub(crate) const COMMENT: &[u8] = b":";
    pub(crate) const DATA: &[u8] = b"data: ";
    pub(crate) const EVENT: &[u8] = b"event: ";
    pub(crate) const ID: &[u8] = b"id: ";
    pub(crate) const RETRY: &[u8] = b"retry: ";
}

/// What ends the last line of a block, and the block.
pub(crate) const BLOCK_END: &[u8] = b"\n\n";

/// The type of an event that names none.
pub(crate) const MESSAGE: &str = "message";

/// The byte order mark, dropped once at the start of a stream.
pub(crate) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Between a field's name and its value.
pub(crate) const COLON: u8 = b':';

/// Removed once from the front of a value.
pub(crate) const SPACE: u8 = b' ';

/// Ends a line; CR and CR LF do too.
pub(crate) const LF: u8 = b'\n';

/// Ends a line, alone or with the LF after it.
pub(crate) const CR: u8 = b'\r';
