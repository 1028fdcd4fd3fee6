//! The structs that stand in for the fields of a variant, so that serde's own derive writes and reads them.
//!
//! A field's type is a parameter of the struct wherever serde lets it be one: the struct then compiles whatever the
//! type implements, and what it has to implement is said once, in the where-clauses of the halves.

mod definition;
mod members;
mod parameters;
mod read;
mod write;

use proc_macro2::TokenStream;
use quote::quote;

pub(super) use self::{read::read_type, write::write};
use crate::model::{Field, Model, Payload, Variant};

/// Which half a stand-in serves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Write,
    Read,
}

impl Side {
    /// Whether the field's own type has to stand in the struct.
    fn is_concrete(self, field: &Field<'_>) -> bool {
        match self {
            Self::Write => field.serde.concrete.write,
            Self::Read => field.serde.concrete.read,
        }
    }

    /// Whether that is so for any field.
    fn any_concrete(self, variant: &Variant<'_>) -> bool {
        variant.data_fields().any(|field| self.is_concrete(field))
    }
}

/// The stand-ins of all variants that need them.
pub(super) fn structs(model: &Model<'_>) -> Option<TokenStream> {
    let structs: Vec<_> = model
        .variants
        .iter()
        .filter(|variant| variant.catch().is_none() && matches!(variant.payload(), Payload::Fields))
        .flat_map(|variant| {
            let written = variant.is_written().then(|| write::structs(model, variant));
            [written, variant.is_read().then(|| read::structs(model, variant))]
        })
        .flatten()
        .collect();
    (!structs.is_empty()).then(|| quote!(use __sse::__private::serde as __serde; #(#structs)*))
}
