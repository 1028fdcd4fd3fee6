//! Names with their prefixes, compared without putting them together.

/// A name in pieces, the last one first: the name itself, then the prefixes from the innermost outwards.
#[derive(Clone, Copy)]
pub(super) struct PrefixedName<'s> {
    pub(super) text: &'s str,
    pub(super) outer: Option<&'s Self>,
}

impl PrefixedName<'_> {
    /// Compares from the end, however the two are cut into pieces.
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

    /// Whether one of these names, behind the same prefixes, is this one.
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
