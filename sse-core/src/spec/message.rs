//! Messages that are assembled during constant evaluation.

use super::name::PrefixedName;

/// The message of a compile error.
#[derive(Debug)]
pub(super) struct Message {
    bytes: [u8; Self::CAPACITY],
    len: usize,
}

impl Message {
    /// The maximum length in bytes, enough for names of the usual length. A piece that does not fit is left out.
    const CAPACITY: usize = 512;

    pub(super) const fn new() -> Self {
        Self { bytes: [0; Self::CAPACITY], len: 0 }
    }

    pub(super) const fn text(mut self, text: &str) -> Self {
        let (_, free) = self.bytes.split_at_mut(self.len);
        if let Some((place, _)) = free.split_at_mut_checked(text.len()) {
            place.copy_from_slice(text.as_bytes());
            self.len += text.len();
        }
        self
    }

    pub(super) const fn name(self, name: &PrefixedName<'_>) -> Self {
        let message = match name.outer {
            Some(outer) => self.name(outer),
            None => self,
        };
        message.text(name.text)
    }

    pub(super) const fn as_str(&self) -> &str {
        let (written, _) = self.bytes.split_at(self.len);
        match core::str::from_utf8(written) {
            Ok(text) => text,
            Err(_) => "two events are not distinct",
        }
    }
}
