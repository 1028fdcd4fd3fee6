//! Every mistake of one type, recorded and not returned, so that one compile reports them all.

use std::{fmt::Display, mem, thread};

use quote::ToTokens;

/// Collects what is wrong. Whoever makes one has to ask it in the end.
#[derive(Default)]
pub(crate) struct Errors {
    recorded: Vec<syn::Error>,
    asked: bool,
}

impl Errors {
    /// Records a mistake; `tokens` is what is to be edited.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.record(syn::Error::new_spanned(tokens, message));
    }

    pub(crate) fn record(&mut self, error: syn::Error) {
        self.recorded.push(error);
    }

    /// The value of `result`, if it has one.
    pub(crate) fn ok<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.record(error)).ok()
    }

    /// All mistakes as one error, which is as many for the compiler.
    pub(crate) fn finish(mut self) -> syn::Result<()> {
        self.asked = true;
        mem::take(&mut self.recorded)
            .into_iter()
            .reduce(|mut all, next| {
                all.combine(next);
                all
            })
            .map_or(Ok(()), Err)
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        debug_assert!(self.asked || thread::panicking(), "recorded mistakes were never asked for");
    }
}

#[cfg(test)]
mod tests {
    use super::Errors;

    #[test]
    fn all_mistakes_come_out_in_the_order_of_their_recording() {
        let mut errors = Errors::default();
        errors.at(quote::quote!(a), "first");
        errors.at(quote::quote!(b), "second");
        let messages: Vec<_> = errors.finish().unwrap_err().into_iter().map(|error| error.to_string()).collect();
        assert_eq!(messages, ["first", "second"]);
    }

    #[test]
    #[should_panic(expected = "never asked for")]
    fn a_collector_that_nobody_asks_panics() {
        drop(Errors::default());
    }
}
