//! Words in messages: the nearest of some, and all of them.

/// What was probably meant: the candidate that is a third of its letters away, at most.
pub(crate) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// What was left half written: the first candidate that begins with the word.
pub(crate) fn begun<'a>(word: &str, mut candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates.find(|candidate| !word.is_empty() && candidate.to_lowercase().starts_with(&word))
}

/// `a`, `b` and `c`, in code.
pub(crate) fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<_> = words.map(|word| format!("`{word}`")).collect();
    match words.as_slice() {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        words => words.concat(),
    }
}

/// Levenshtein's: insertions, removals and exchanges, whatever the case of the letters.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (removed, a) in from.to_lowercase().chars().enumerate() {
        let mut diagonal = removed;
        let mut left = removed + 1;
        let mut next = vec![left];
        for (b, above) in to.iter().zip(row.iter().skip(1)) {
            left = (diagonal + usize::from(a != *b)).min(above + 1).min(left + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{begun, distance, listed, nearest};

    #[test]
    fn distances_count_edits() {
        for (from, to, edits) in [
            ("event", "event", 0),
            ("Event", "event", 0),
            ("evnt", "event", 1),
            ("events", "event", 1),
            ("ebent", "event", 1),
            ("", "id", 2),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(from, to), edits, "{from} {to}");
            assert_eq!(distance(to, from), edits, "{to} {from}");
        }
    }

    #[test]
    fn only_a_near_word_is_proposed() {
        let words = ["event", "id", "terminal"];
        assert_eq!(nearest("terminl", words.into_iter()), Some("terminal"));
        assert_eq!(nearest("ids", words.into_iter()), Some("id"));
        assert_eq!(nearest("color", words.into_iter()), None);
    }

    #[test]
    fn half_a_word_is_the_first_that_begins_with_it() {
        let words = ["snake_case", "SCREAMING_SNAKE_CASE", "SCREAMING-KEBAB-CASE"];
        assert_eq!(begun("snake", words.into_iter()), Some("snake_case"));
        assert_eq!(begun("screaming", words.into_iter()), Some("SCREAMING_SNAKE_CASE"));
        assert_eq!(begun("case", words.into_iter()), None);
        assert_eq!(begun("", words.into_iter()), None);
    }

    #[test]
    fn a_list_ends_with_and() {
        assert_eq!(listed(["a"].into_iter()), "`a`");
        assert_eq!(listed(["a", "b", "c"].into_iter()), "`a`, `b` and `c`");
    }
}
