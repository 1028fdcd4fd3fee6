//! Calls of functions that attributes name, with messages for other signatures.
//!
//! A method call on `&&&Call` finds the first trait in `probes` whose bounds hold: that for the value itself, those for
//! what it dereferences to, as a `String` does to a `str`, and at last one that requires a trait without implementations,
//! whose message has the signature. A direct call would compile for the same functions, but the compiler would suggest to
//! edit the attribute if it does not. A function that a module does not have is an [`Absent`].

use core::{marker::PhantomData, ops::Deref};

use crate::{DataWriter, DecodeError, EncodeError, TypedEvent};

/// A function for a value of type `T`.
#[derive(Clone, Copy, Debug)]
pub struct Call<F, T: ?Sized> {
    function: F,
    value: PhantomData<fn(&T)>,
}

impl<F, T: ?Sized> Call<F, T> {
    /// Creates a call.
    pub const fn new(function: F) -> Self {
        Self { function, value: PhantomData }
    }
}

/// Takes the place of a function that a codec does not have.
#[derive(Clone, Copy, Debug)]
pub struct Absent;

/// Values with the names of a codec's functions. Generated code imports them in a scope around a glob import of the
/// module, which shadows them if the module has the functions.
#[allow(non_upper_case_globals, reason = "the names are those of functions")]
pub mod absent {
    use super::Absent;

    /// There is no function `encode`.
    pub const encode: Absent = Absent;

    /// There is no function `decode`.
    pub const decode: Absent = Absent;
}

/// A codec with a function `encode`.
#[diagnostic::on_unimplemented(
    message = "this module has no function `encode` that is visible here",
    label = "expected `fn encode(&{T}, &mut DataWriter<'_>) -> Result<(), EncodeError>`",
    note = "a module in `#[sse(with = \"module\")]` has the functions `fn encode(&{T}, &mut DataWriter<'_>) -> Result<(), \
            EncodeError>` and `fn decode(&str) -> Result<{T}, DecodeError>`, which are `pub` or `pub(crate)`",
    note = "for a module with functions of serde, write `#[serde(with = \"module\")]` on the field"
)]
pub trait HasEncode<T: ?Sized> {}

/// A codec with a function `decode`.
#[diagnostic::on_unimplemented(
    message = "this module has no function `decode` that is visible here",
    label = "expected `fn decode(&str) -> Result<{T}, DecodeError>`",
    note = "a module in `#[sse(with = \"module\")]` has the functions `fn encode(&{T}, &mut DataWriter<'_>) -> Result<(), \
            EncodeError>` and `fn decode(&str) -> Result<{T}, DecodeError>`, which are `pub` or `pub(crate)`",
    note = "for a module with functions of serde, write `#[serde(with = \"module\")]` on the field"
)]
pub trait HasDecode<T: ?Sized> {}

/// Inherent methods are found before those of the traits in `probes`.
impl<T: ?Sized> Call<Absent, T> {
    /// Never called.
    ///
    /// # Errors
    ///
    /// Never returns.
    pub fn __encode(self, _: &T, _: &mut DataWriter<'_>) -> Result<(), EncodeError>
    where
        Absent: HasEncode<T>,
    {
        Ok(())
    }

    /// Never called.
    ///
    /// # Errors
    ///
    /// Always returns an error.
    pub fn __decode(self, _: &str) -> Result<T, DecodeError>
    where
        Absent: HasDecode<T>,
        T: Sized,
    {
        Err(DecodeError::data("the codec has no `decode`"))
    }
}

/// The value of a nested type.
#[derive(Debug)]
pub struct Nested<'a, E: ?Sized>(pub &'a E);

impl<E: ?Sized> Clone for Nested<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: ?Sized> Copy for Nested<'_, E> {}

/// The function `encode` of a codec.
#[diagnostic::on_unimplemented(
    message = "the function `encode` of this module does not encode a `{T}`",
    label = "expected `fn encode(&{T}, &mut DataWriter<'_>) -> Result<(), EncodeError>`",
    note = "a module in `#[sse(with = \"module\")]` has the functions `fn encode(&{T}, &mut DataWriter<'_>) -> Result<(), \
            EncodeError>` and `fn decode(&str) -> Result<{T}, DecodeError>`"
)]
pub trait Encodes<T: ?Sized> {}

/// The function `decode` of a codec.
#[diagnostic::on_unimplemented(
    message = "the function `decode` of this module does not decode a `{T}`",
    label = "expected `fn decode(&str) -> Result<{T}, DecodeError>`",
    note = "a module in `#[sse(with = \"module\")]` has the functions `fn encode(&{T}, &mut DataWriter<'_>) -> Result<(), \
            EncodeError>` and `fn decode(&str) -> Result<{T}, DecodeError>`"
)]
pub trait Decodes<T> {}

/// A function that recognizes a terminal event.
#[diagnostic::on_unimplemented(
    message = "this function does not take a `&{T}` and return a `bool`",
    label = "expected `fn(&{T}) -> bool`",
    note = "a function in `#[sse(terminal = \"function\")]` takes a reference to the value, and returns whether the event is \
            terminal; if it requires a trait of a type parameter, write the bound on the type"
)]
pub trait Recognizes<T: ?Sized> {}

/// The traits of the calls. They have no names, because generated code imports them next to names that users write.
pub mod traits {
    pub use super::probes::{
        Decode as _, DecodeNothing as _, InnerTarget as _, IsTerminal as _, NothingIsTerminal as _, OfEvent as _,
        OfModule as _, OfNothing as _, OfOther as _, OfSlice as _, OfTarget as _, OfValue as _, TargetIsTerminal as _,
    };
}

mod probes {
    use super::{Call, DataWriter, DecodeError, Decodes, Deref, EncodeError, Encodes, Nested, Recognizes, TypedEvent};

    /// A function of a module. The second value has an error type if the module does not exist. The compiler then reports
    /// nothing about the function.
    pub trait OfModule {
        /// The function.
        type Function;

        /// Creates a call.
        fn __call<T: ?Sized>(self) -> Call<Self::Function, T>;
    }

    impl<F, M> OfModule for (F, &M) {
        type Function = F;

        fn __call<T: ?Sized>(self) -> Call<F, T> {
            Call::new(self.0)
        }
    }

    // The lifetimes are parameters of the traits, because a function can require that some of them are equal.

    /// Calls a function with the value.
    pub trait OfValue<'v, 'd, 'w, T: ?Sized> {
        /// Calls `encode`.
        ///
        /// # Errors
        ///
        /// Returns the error of the function.
        fn __encode(&self, value: &'v T, data: &'d mut DataWriter<'w>) -> Result<(), EncodeError>;
    }

    impl<'v, 'd, 'w: 'd, F, T: ?Sized + 'v> OfValue<'v, 'd, 'w, T> for &&Call<F, T>
    where
        F: Copy + FnOnce(&'v T, &'d mut DataWriter<'w>) -> Result<(), EncodeError>,
    {
        fn __encode(&self, value: &'v T, data: &'d mut DataWriter<'w>) -> Result<(), EncodeError> {
            (self.function)(value, data)
        }
    }

    /// Calls a function with the value that `T` dereferences to.
    pub trait OfTarget<'v, 'd, 'w, T: ?Sized> {
        /// Calls `encode`.
        ///
        /// # Errors
        ///
        /// Returns the error of the function.
        fn __encode(&self, value: &'v T, data: &'d mut DataWriter<'w>) -> Result<(), EncodeError>;
    }

    impl<'v, 'd, 'w: 'd, F, T: Deref + ?Sized + 'v> OfTarget<'v, 'd, 'w, T> for &Call<F, T>
    where
        F: Copy + FnOnce(&'v T::Target, &'d mut DataWriter<'w>) -> Result<(), EncodeError>,
    {
        fn __encode(&self, value: &'v T, data: &'d mut DataWriter<'w>) -> Result<(), EncodeError> {
            (self.function)(value, data)
        }
    }

    /// Calls a function with an array as a slice.
    pub trait OfSlice<'v, 'd, 'w, T> {
        /// Calls `encode`.
        ///
        /// # Errors
        ///
        /// Returns the error of the function.
        fn __encode(&self, value: &'v T, data: &'d mut DataWriter<'w>) -> Result<(), EncodeError>;
    }

    impl<'v, 'd, 'w: 'd, F, I: 'v, const N: usize> OfSlice<'v, 'd, 'w, [I; N]> for &Call<F, [I; N]>
    where
        F: Copy + FnOnce(&'v [I], &'d mut DataWriter<'w>) -> Result<(), EncodeError>,
    {
        fn __encode(&self, value: &'v [I; N], data: &'d mut DataWriter<'w>) -> Result<(), EncodeError> {
            (self.function)(value, data)
        }
    }

    /// Calls a function with the value at the end of two dereferences, such as the `str` of a `Box<String>`.
    pub trait InnerTarget<'v, 'd, 'w, T: ?Sized> {
        /// Calls `encode`.
        ///
        /// # Errors
        ///
        /// Returns the error of the function.
        fn __encode(&self, value: &'v T, data: &'d mut DataWriter<'w>) -> Result<(), EncodeError>;
    }

    impl<'v, 'd, 'w: 'd, F, T: Deref<Target: Deref> + ?Sized + 'v> InnerTarget<'v, 'd, 'w, T> for Call<F, T>
    where
        F: Copy + FnOnce(&'v <T::Target as Deref>::Target, &'d mut DataWriter<'w>) -> Result<(), EncodeError>,
    {
        fn __encode(&self, value: &'v T, data: &'d mut DataWriter<'w>) -> Result<(), EncodeError> {
            (self.function)(value, data)
        }
    }

    /// Reports that `encode` has another signature.
    pub trait OfNothing<F, T: ?Sized>: Sized {
        /// Never called.
        ///
        /// # Errors
        ///
        /// Never returns.
        fn __encode(self, _: &T, _: &mut DataWriter<'_>) -> Result<(), EncodeError>
        where
            F: Encodes<T>,
        {
            Ok(())
        }
    }

    impl<F, T: ?Sized> OfNothing<F, T> for Call<F, T> {}

    /// Calls `decode`.
    pub trait Decode<'de, T> {
        /// Calls the function.
        ///
        /// # Errors
        ///
        /// Returns the error of the function.
        fn __decode(&self, data: &'de str) -> Result<T, DecodeError>;
    }

    impl<'de, F: Copy + FnOnce(&'de str) -> Result<T, DecodeError>, T> Decode<'de, T> for Call<F, T> {
        fn __decode(&self, data: &'de str) -> Result<T, DecodeError> {
            (self.function)(data)
        }
    }

    /// Reports that `decode` has another signature.
    pub trait DecodeNothing<F, T>: Sized {
        /// Never called.
        ///
        /// # Errors
        ///
        /// Always returns an error.
        fn __decode(self, _: &str) -> Result<T, DecodeError>
        where
            F: Decodes<T>,
        {
            Err(DecodeError::data("the codec has no `decode`"))
        }
    }

    impl<F, T> DecodeNothing<F, T> for Call<F, T> {}

    /// Asks whether a value is that of a terminal event.
    pub trait IsTerminal<T: ?Sized> {
        /// Calls the function.
        fn __is_terminal(&self, value: &T) -> bool;
    }

    impl<F: Copy + FnOnce(&T) -> bool, T: ?Sized> IsTerminal<T> for &&Call<F, T> {
        fn __is_terminal(&self, value: &T) -> bool {
            (self.function)(value)
        }
    }

    /// Like [`IsTerminal`], for the value that `T` dereferences to.
    pub trait TargetIsTerminal<T: ?Sized> {
        /// Calls the function.
        fn __is_terminal(&self, value: &T) -> bool;
    }

    impl<F: Copy + FnOnce(&T::Target) -> bool, T: Deref + ?Sized> TargetIsTerminal<T> for &Call<F, T> {
        fn __is_terminal(&self, value: &T) -> bool {
            (self.function)(value)
        }
    }

    /// Reports that the function has another signature.
    pub trait NothingIsTerminal<F, T: ?Sized>: Sized {
        /// Never called.
        fn __is_terminal(self, _: &T) -> bool
        where
            F: Recognizes<T>,
        {
            false
        }
    }

    impl<F, T: ?Sized> NothingIsTerminal<F, T> for Call<F, T> {}

    /// The properties of an event of a nested type.
    pub trait OfEvent {
        /// Returns `TypedEvent::is_terminal`.
        fn __is_terminal(&self) -> bool;

        /// Returns `TypedEvent::is_error`.
        fn __is_error(&self) -> bool;
    }

    impl<E: TypedEvent + ?Sized> OfEvent for &Nested<'_, E> {
        fn __is_terminal(&self) -> bool {
            self.0.is_terminal()
        }

        fn __is_error(&self) -> bool {
            self.0.is_error()
        }
    }

    /// Replaces [`OfEvent`] for a type that is not an event type, so that only the description of the events, which
    /// cannot do without, is an error.
    pub trait OfOther: Sized {
        /// Returns `false`.
        fn __is_terminal(self) -> bool {
            false
        }

        /// Returns `false`.
        fn __is_error(self) -> bool {
            false
        }
    }

    impl<E: ?Sized> OfOther for Nested<'_, E> {}
}
