//! The data of an event: cut into lines, or JSON that has none.

use alloc::vec::Vec;
use core::fmt;
#[cfg(feature = "std")]
use std::io;

use serde::Serialize;

use super::line::{self, LineEnd};
use crate::wire::{LF, prefix};

/// Takes an event's data as text, piece by piece, and writes each of its lines as a `data:` line.
///
/// CR, LF and CR LF end a line alike, also where a CR and its LF come in different pieces. A reader gives LF back for
/// each: line ends inside text are normalised.
///
/// It is a [`fmt::Write`], so `write!` works on it.
#[derive(Debug)]
pub struct DataWriter<'w> {
    out: &'w mut Vec<u8>,
    last: LineEnd,
}

impl<'w> DataWriter<'w> {
    /// Begins the first line: data without a single character still is one, or no reader would see the event.
    pub(crate) fn new(out: &'w mut Vec<u8>) -> Self {
        out.extend_from_slice(prefix::DATA);
        Self { out, last: LineEnd::Whole }
    }

    /// Adds a piece of text.
    pub fn push(&mut self, piece: &str) {
        let mut rest = piece.as_bytes();
        if let (LineEnd::MaybeHalf, [LF, tail @ ..]) = (self.last, rest) {
            rest = tail;
        }
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

/// Writes a value as JSON, on the present line of data.
#[cfg(feature = "std")]
pub(super) fn json<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<(), serde_json::Error> {
    value.serialize(&mut serde_json::Serializer::with_formatter(out, InLines))
}

/// Compact JSON holds no line end, but in text that is passed on as it is. There, between JSON's tokens, it is white
/// space like any other. So nothing has to be looked through once it is written.
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

/// Without the standard library, `serde_json` writes only into buffers of its own.
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

/// Writes a value as JSON, as it is.
#[cfg(feature = "std")]
pub(super) fn raw_json<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<(), serde_json::Error> {
    value.serialize(&mut serde_json::Serializer::new(out))
}

#[cfg(not(feature = "std"))]
pub(super) fn raw_json<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<(), serde_json::Error> {
    out.extend_from_slice(&serde_json::to_vec(value)?);
    Ok(())
}

/// `fmt::Write` into bytes.
pub(crate) struct IntoVec<'w>(pub(crate) &'w mut Vec<u8>);

impl fmt::Write for IntoVec<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}
