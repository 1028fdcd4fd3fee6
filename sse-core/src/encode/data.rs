//! The data of an event: text that is split into lines, or JSON, which is a single line.

use alloc::vec::Vec;
use core::fmt;
#[cfg(feature = "std")]
use std::io;

use serde::Serialize;

use super::line::{self, LineEnd};
use crate::wire::{LF, prefix};

/// Writes the data of an event as text: each line of the text becomes a `data:` line.
///
/// [`Fields::data`](crate::Fields::data) passes it to its closure, and the derive to the functions of a custom codec:
///
/// ```
/// use sse_core::{Encoder, SseEvent};
///
/// mod hex {
///     use std::fmt::Write;
///
///     use sse_core::{DataWriter, DecodeError, EncodeError};
///
///     pub fn encode(color: &u32, data: &mut DataWriter<'_>) -> Result<(), EncodeError> {
///         write!(data, "{color:06x}").map_err(EncodeError::other)
///     }
///
///     pub fn decode(data: &str) -> Result<u32, DecodeError> {
///         u32::from_str_radix(data, 16).map_err(DecodeError::data)
///     }
/// }
///
/// #[derive(SseEvent)]
/// enum Lamp {
///     #[sse(event = "color", with = "hex")]
///     Color(u32),
/// }
///
/// let mut encoder = Encoder::new();
/// encoder.event(&Lamp::Color(0xff8000))?;
/// assert_eq!(encoder.as_bytes(), b"event: color\ndata: ff8000\n\n");
/// # Ok::<(), sse_core::EncodeError>(())
/// ```
///
/// The text can be written in pieces, with [`push`](Self::push) or with `write!`. CR, LF and CRLF all end a line, even
/// if a CR and its LF are in different pieces. A reader returns each of them as LF, so line endings are normalized.
#[derive(Debug)]
pub struct DataWriter<'w> {
    out: &'w mut Vec<u8>,
    last: LineEnd,
}

impl<'w> DataWriter<'w> {
    /// Begins the first line. Empty data is one empty line, because readers drop an event without a `data:` line.
    pub(crate) fn new(out: &'w mut Vec<u8>) -> Self {
        out.extend_from_slice(prefix::DATA);
        Self { out, last: LineEnd::Whole }
    }

    /// Appends a piece of text.
    pub fn push(&mut self, piece: &str) {
        let mut rest = piece.as_bytes();
        if let (LineEnd::MaybeHalf, [LF, tail @ ..]) = (self.last, rest) {
            rest = tail;
        }
        // An empty piece changes nothing: in `"\r"`, `""`, `"\n"`, the LF still belongs to the CR.
        if !piece.is_empty() {
            self.last = LineEnd::Whole;
        }
        while let Some((line, end, tail)) = line::split(rest) {
            line::write(self.out, line, &[]);
            self.out.extend_from_slice(prefix::DATA);
            self.last = end;
            rest = tail;
        }
        self.out.extend_from_slice(rest);
    }

    pub(crate) fn finish(self) {
        self.out.push(LF);
    }
}

impl fmt::Write for DataWriter<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.push(piece);
        Ok(())
    }
}

/// Writes a value as JSON, beginning on the current `data:` line.
#[cfg(feature = "std")]
pub(super) fn json<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<(), serde_json::Error> {
    value.serialize(&mut serde_json::Serializer::with_formatter(out, InLines))
}

/// A formatter that splits JSON into `data:` lines while it is written.
///
/// Compact JSON contains line endings only in raw fragments, which are passed through unchanged. In a raw fragment they
/// are whitespace between tokens, so the LF that a reader returns does not change the value. The rest of the JSON does
/// not have to be searched for line endings.
#[cfg(feature = "std")]
struct InLines;

#[cfg(feature = "std")]
impl serde_json::ser::Formatter for InLines {
    fn write_raw_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment.as_bytes();
        while let Some((line, _, tail)) = line::split(rest) {
            for part in [line, &[LF], prefix::DATA] {
                writer.write_all(part)?;
            }
            rest = tail;
        }
        writer.write_all(rest)
    }

    fn write_number_str<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: &str) -> io::Result<()> {
        self.write_raw_fragment(writer, value)
    }
}

/// Writes a value as JSON, beginning on the current `data:` line. Without `std`, `serde_json` cannot write into `out`,
/// so the finished text is split into lines.
#[cfg(not(feature = "std"))]
pub(super) fn json<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<(), serde_json::Error> {
    let text = serde_json::to_vec(value)?;
    let mut rest = text.as_slice();
    while let Some((line, _, tail)) = line::split(rest) {
        line::write(out, line, &[]);
        out.extend_from_slice(prefix::DATA);
        rest = tail;
    }
    out.extend_from_slice(rest);
    Ok(())
}

/// Writes a value as JSON, without splitting it into lines.
#[cfg(feature = "std")]
pub(super) fn raw_json<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<(), serde_json::Error> {
    value.serialize(&mut serde_json::Serializer::new(out))
}

#[cfg(not(feature = "std"))]
pub(super) fn raw_json<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<(), serde_json::Error> {
    out.extend_from_slice(&serde_json::to_vec(value)?);
    Ok(())
}

/// A `fmt::Write` that appends to a byte vector.
pub(crate) struct VecWriter<'w>(pub(crate) &'w mut Vec<u8>);

impl fmt::Write for VecWriter<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}
