//! Text from a server, as it may be shown.

use std::fmt;

/// Text from a server, escaped, and cut after 200 characters.
pub(crate) struct Excerpt<'a>(pub(crate) &'a str);

const MAX: usize = 200;

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut chars = self.0.chars();
        for character in chars.by_ref().take(MAX) {
            write!(f, "{}", character.escape_debug())?;
        }
        if chars.next().is_some() { f.write_str("..") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_a_server_is_escaped_and_cut() {
        assert_eq!(Excerpt("a\n\u{1b}[31m").to_string(), "a\\n\\u{1b}[31m");
        let long = Excerpt(&"é".repeat(500)).to_string();
        assert_eq!((long.chars().count(), long.ends_with("é..")), (202, true));
    }
}
