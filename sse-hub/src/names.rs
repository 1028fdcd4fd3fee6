//! Validation of topic names.

use std::borrow::Cow;

use crate::{Options, error::NameError};

/// The topic names of an event or a subscription.
#[derive(Clone, Debug)]
pub(crate) enum Names<'a> {
    One(&'a str),
    Several(Vec<Cow<'a, str>>),
}

impl Names<'_> {
    /// Checks the names and calls `with` with the distinct ones.
    pub(crate) fn distinct<T>(&self, options: &Options, with: impl FnOnce(&[&str]) -> T) -> Result<T, NameError> {
        match self {
            Self::One(name) => {
                check(name, options.max_name)?;
                Ok(with(&[name]))
            }
            Self::Several(names) => {
                let mut names: Vec<&str> = names.iter().map(|name| &**name).collect();
                names.sort_unstable();
                names.dedup();
                if names.len() > options.max_topics {
                    return Err(NameError::TooMany { topics: names.len(), max: options.max_topics });
                }
                names.iter().try_for_each(|name| check(name, options.max_name))?;
                Ok(with(&names))
            }
        }
    }
}

fn check(name: &str, max: usize) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if name.len() > max {
        return Err(NameError::TooLong { len: name.len(), max });
    }
    match name.char_indices().find(|(_, character)| character.is_control()) {
        Some((position, _)) => Err(NameError::Control { position }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked_and_made_distinct() {
        let options = Options::new().max_topics(2).max_name(4);
        let several = |names: &[&'static str]| Names::Several(names.iter().map(|name| Cow::Borrowed(*name)).collect());
        let count = |names: Names<'_>| names.distinct(&options, |names| names.len());
        assert_eq!(count(several(&["b", "a", "b", "a"])), Ok(2));
        assert_eq!(count(several(&[])), Ok(0));
        assert_eq!(count(several(&["a", "b", "c"])), Err(NameError::TooMany { topics: 3, max: 2 }));
        assert_eq!(count(Names::One("")), Err(NameError::Empty));
        assert_eq!(count(Names::One("abcde")), Err(NameError::TooLong { len: 5, max: 4 }));
        assert_eq!(count(several(&["a", "b\n"])), Err(NameError::Control { position: 1 }));
        assert_eq!(count(Names::One("ü\u{85}")), Err(NameError::Control { position: 2 }));
    }
}
