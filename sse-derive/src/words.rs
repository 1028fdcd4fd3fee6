//! Helpers for words in messages: suggestions and lists.

use quote::ToTokens;

/// Returns the candidate with the smallest edit distance to `word`, if that is at most a third of the candidate's
/// length, or 1.
pub(crate) fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let distances = candidates.iter().map(|candidate| (distance(word, candidate), *candidate));
    distances
        .filter(|(distance, candidate)| *distance <= candidate.len().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Returns the first candidate that starts with `word`, ignoring case.
pub(crate) fn starting_with<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates.iter().copied().find(|candidate| !word.is_empty() && candidate.to_lowercase().starts_with(&word))
}

/// Formats words as a list of code spans: `a`, `b` and `c`.
pub(crate) fn listed(words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    match words.as_slice() {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        words => words.concat(),
    }
}

/// Formats phrases as alternatives: a, b or c.
pub(crate) fn alternatives(phrases: &[String]) -> String {
    match phrases {
        [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        phrases => phrases.concat(),
    }
}

/// Formats a type as it is usually written.
pub(crate) fn type_text(ty: &impl ToTokens) -> String {
    let text = ty.to_token_stream().to_string();
    [" < ", "< ", " <", " >", " :: ", ":: ", " ::", " ,", " ;", "& ", "' "]
        .iter()
        .fold(text, |text, spaced| text.replace(spaced, spaced.trim()))
}

/// Returns the Levenshtein distance, ignoring case.
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
    use super::{alternatives, distance, listed, nearest, starting_with, type_text};

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
    fn types_have_no_odd_spaces() {
        for text in ["Vec<u8>", "std::collections::HashMap<String, Vec<u8>>", "&'a str", "(u8, [u8; 2])"] {
            let tokens: proc_macro2::TokenStream = text.parse().unwrap();
            assert_eq!(type_text(&tokens), text);
        }
    }

    #[test]
    fn only_a_near_word_is_suggested() {
        let words = ["event", "id", "terminal"];
        assert_eq!(nearest("terminl", &words), Some("terminal"));
        assert_eq!(nearest("ids", &words), Some("id"));
        assert_eq!(nearest("color", &words), None);
    }

    #[test]
    fn the_start_of_a_word_matches_the_first_candidate() {
        let words = ["snake_case", "SCREAMING_SNAKE_CASE", "SCREAMING-KEBAB-CASE"];
        assert_eq!(starting_with("snake", &words), Some("snake_case"));
        assert_eq!(starting_with("screaming", &words), Some("SCREAMING_SNAKE_CASE"));
        assert_eq!(starting_with("case", &words), None);
        assert_eq!(starting_with("", &words), None);
    }

    #[test]
    fn a_list_ends_with_and() {
        assert_eq!(listed(&["a"]), "`a`");
        assert_eq!(listed(&["a", "b", "c"]), "`a`, `b` and `c`");
    }

    #[test]
    fn alternatives_end_with_or() {
        for (phrases, text) in [(&["a"][..], "a"), (&["a", "b"], "a or b"), (&["a", "b", "c"], "a, b or c")] {
            let phrases: Vec<_> = phrases.iter().map(ToString::to_string).collect();
            assert_eq!(alternatives(&phrases), text);
        }
    }
}
