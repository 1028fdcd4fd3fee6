//! Names with prefixes, which are compared without joining them.

/// A name in pieces, last piece first: the name itself, then the prefixes from the innermost to the outermost.
#[derive(Clone, Copy)]
pub(super) struct PrefixedName<'s> {
    pub(super) text: &'s str,
    pub(super) outer: Option<&'s Self>,
}

impl PrefixedName<'_> {
    /// Returns whether two names are equal, however each is split into pieces. Compares them from the end.
    pub(super) const fn is(&self, other: &PrefixedName<'_>) -> bool {
        let (mut one, mut two) = (*self, *other);
        let (mut ours, mut theirs) = (one.text.as_bytes(), two.text.as_bytes());
        loop {
            while let ([], Some(outer)) = (ours, one.outer) {
                one = *outer;
                ours = one.text.as_bytes();
            }
            while let ([], Some(outer)) = (theirs, two.outer) {
                two = *outer;
                theirs = two.text.as_bytes();
            }
            match (ours, theirs) {
                ([], []) => return true,
                ([our_rest @ .., our], [their_rest @ .., their]) if *our == *their => {
                    (ours, theirs) = (our_rest, their_rest);
                }
                _ => return false,
            }
        }
    }

    /// Returns whether all pieces are empty.
    pub(super) const fn is_empty(&self) -> bool {
        self.is(&PrefixedName { text: "", outer: None })
    }

    /// Returns whether one of `names` with the prefixes `outer` is equal to this name.
    pub(super) const fn is_one_of(&self, names: &[&str], outer: Option<&Self>) -> bool {
        let mut rest = names;
        while let [text, names @ ..] = rest {
            if self.is(&PrefixedName { text, outer }) {
                return true;
            }
            rest = names;
        }
        false
    }
}
