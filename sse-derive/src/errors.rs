//! A collector for the errors of one derive input. Errors are recorded instead of returned, so that one compilation
//! reports all of them.

use std::{mem, thread};

use quote::ToTokens;

/// The errors recorded so far.
///
/// [`finish`](Self::finish) must be called before this is dropped; otherwise debug builds panic.
#[derive(Default)]
pub(crate) struct Errors {
    recorded: Vec<syn::Error>,
    checked: bool,
}

impl Errors {
    /// Records an error at `tokens`, the code to edit.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl Into<String>) {
        self.record(wrong(tokens, message.into()));
    }

    /// Records an error at `tokens` if there is a message.
    pub(crate) fn at_some(&mut self, tokens: impl ToTokens, message: Option<String>) {
        if let Some(message) = message {
            self.at(tokens, message);
        }
    }

    /// Records errors that an earlier step kept, if there are any.
    pub(crate) fn all(&mut self, errors: Option<&syn::Error>) {
        self.recorded.extend(errors.cloned());
    }

    /// Records an error.
    pub(crate) fn record(&mut self, error: syn::Error) {
        self.recorded.push(error);
    }

    /// Returns the value of `result`, or records its error and returns `None`.
    pub(crate) fn ok<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.record(error)).ok()
    }

    /// Returns `Ok` if no error was recorded.
    ///
    /// # Errors
    ///
    /// Returns all recorded errors, combined into one `syn::Error`. The compiler reports each of them separately.
    pub(crate) fn finish(mut self) -> syn::Result<()> {
        self.checked = true;
        mem::take(&mut self.recorded)
            .into_iter()
            .reduce(|mut all, next| {
                all.combine(next);
                all
            })
            .map_or(Ok(()), Err)
    }
}

/// Returns an error at `tokens`, the code to edit.
pub(crate) fn wrong(tokens: impl ToTokens, message: String) -> syn::Error {
    // The conversion is here so that the function is compiled for one type only.
    syn::Error::new_spanned(tokens.into_token_stream(), message)
}

impl Drop for Errors {
    fn drop(&mut self) {
        debug_assert!(self.checked || thread::panicking(), "forgot to check for errors");
    }
}

#[cfg(test)]
mod tests {
    use super::Errors;

    #[test]
    fn errors_are_reported_in_the_order_of_recording() {
        let mut errors = Errors::default();
        errors.at(quote::quote!(a), "first");
        errors.at(quote::quote!(b), "second");
        let messages: Vec<_> = errors.finish().unwrap_err().into_iter().map(|error| error.to_string()).collect();
        assert_eq!(messages, ["first", "second"]);
    }

    #[test]
    #[should_panic(expected = "forgot to check for errors")]
    fn dropping_an_unchecked_collector_panics() {
        drop(Errors::default());
    }
}
