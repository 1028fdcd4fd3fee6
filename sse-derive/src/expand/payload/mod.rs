//! Helper structs with the fields of a variant, so that serde's derives serialize and deserialize them.
//!
//! If serde allows it, the type of a field is a type parameter of the struct. The struct then compiles for any type,
//! and the traits that the type has to implement are required only in the where clauses of the trait impls.

mod definition;
mod members;
mod parameters;
mod read;
mod write;

use proc_macro2::TokenStream;
use quote::quote;

pub(super) use self::{read::read_type, write::write};
use crate::model::{Field, Fields, Model};

/// The half that a helper struct is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Write,
    Read,
}

impl Side {
    /// Returns whether the struct needs the field's real type instead of a type parameter.
    fn is_concrete(self, field: &Field<'_>) -> bool {
        match self {
            Self::Write => field.concrete().write,
            Self::Read => field.concrete().read,
        }
    }

    /// Returns whether the struct needs the real type of any field.
    fn any_concrete(self, fields: &Fields<'_>) -> bool {
        fields.list.iter().any(|field| self.is_concrete(field))
    }
}

/// Generates the helper structs of all variants that need them.
pub(super) fn structs(model: &Model<'_>) -> Option<TokenStream> {
    let structs: Vec<_> = model
        .variants
        .iter()
        .filter_map(|variant| Some((variant, variant.event()?.fields()?)))
        .flat_map(|(variant, fields)| {
            let encoded = variant.is_encoded.then(|| write::structs(model, variant, fields));
            [encoded, variant.is_decoded.then(|| read::structs(model, variant, fields))]
        })
        .flatten()
        .collect();
    (!structs.is_empty()).then(|| quote!(use __sse::__private::serde as __serde; #(#structs)*))
}
