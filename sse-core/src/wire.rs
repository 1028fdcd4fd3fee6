//! The vocabulary of the wire format, defined once (WHATWG HTML, section 9.2.5 "Parsing an event stream").

/// Field names. They are case-sensitive.
pub(crate) mod field {
    pub(crate) const DATA: &str = "data";
    pub(crate) const EVENT: &str = "event";
    pub(crate) const ID: &str = "id";
    pub(crate) const RETRY: &str = "retry";
}

/// The start of each kind of line when it is written: the field name, the colon, and one space, which a reader removes.
/// The space is always written, because a value that begins with a space would otherwise lose it. The text of a comment
/// is not a value, so a comment is written without the space.
pub(crate) mod prefix {
    pub(crate) const COMMENT: &[u8] = b":";
    pub(crate) const DATA: &[u8] = b"data: ";
    pub(crate) const EVENT: &[u8] = b"event: ";
    pub(crate) const ID: &[u8] = b"id: ";
    pub(crate) const RETRY: &[u8] = b"retry: ";
}

/// The ending of the last line of a block, and the empty line that ends the block.
pub(crate) const BLOCK_END: &[u8] = b"\n\n";

/// The name that readers give to an unnamed event.
pub(crate) const MESSAGE: &str = "message";

/// The byte order mark, which is removed once at the start of a stream.
pub(crate) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The separator between the name of a field and its value.
pub(crate) const COLON: u8 = b':';

/// The byte that is removed once from the start of a value.
pub(crate) const SPACE: u8 = b' ';

/// A line ending. CR and CRLF are line endings too.
pub(crate) const LF: u8 = b'\n';

/// A line ending, alone or together with an LF after it.
pub(crate) const CR: u8 = b'\r';
