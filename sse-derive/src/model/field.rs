//! Fields, and their places on the wire.

use proc_macro2::Ident;
use syn::{Attribute, Member, Type, parse_quote};

use super::ty::is_phantom;
use crate::{
    attributes::{SerdeField, Sides},
    written::{WrittenField, WrittenVariant},
};

/// A field of a variant.
#[derive(Clone, Copy)]
pub(crate) struct Field<'w> {
    pub(crate) position: u32,
    pub(crate) member: &'w Member,
    /// The variable that generated code binds the field to.
    pub(crate) binding: &'w Ident,
    pub(crate) ty: &'w Type,
    pub(crate) role: Role,
    /// Whether a key of the variant adds serde's `borrow`.
    pub(crate) borrows: bool,
    pub(crate) serde: &'w SerdeField,
}

/// The place of a field on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// In the data.
    Data,
    /// On the `id:` line, as text or JSON. If it is kept, it is in the data too.
    Id { json: bool, keep: bool },
    /// On the `retry:` line.
    Retry,
    /// Nowhere. Decoding sets the field to its default.
    Unsent,
}

impl<'w> Field<'w> {
    /// Reads all fields of a variant.
    pub(super) fn all(variant: &'w WrittenVariant<'_>) -> Vec<Self> {
        let data = variant.fields.iter().find(|field| field.attributes.data.is_some()).map(|field| field.position);
        let fields = variant.fields.iter().map(|field| Self {
            position: field.position,
            member: &field.member,
            binding: &field.binding,
            ty: field.ty,
            role: Role::of(field, variant, data),
            borrows: false,
            serde: &field.serde,
        });
        fields.collect()
    }
}

impl Role {
    /// Returns the role of a field. `data` is the position of the field that is the whole data, if there is one.
    fn of(field: &WrittenField<'_>, variant: &WrittenVariant<'_>, data: Option<u32>) -> Self {
        let attributes = &variant.attributes;
        let is_outside = data.is_some() || attributes.literal.is_some() || attributes.other.is_some();
        match (&field.attributes.id, &field.attributes.retry) {
            (Some(id), _) => Self::Id { json: id.json.is_some(), keep: id.keep.is_some() && data.is_none() },
            (None, Some(_)) => Self::Retry,
            (None, None) if attributes.other.is_none() && data.is_some_and(|data| data != field.position) => {
                Self::Unsent
            }
            (None, None) if is_outside && is_absent(field) => Self::Unsent,
            (None, None) => Self::Data,
        }
    }
}

/// Returns whether the field has no value on the wire by its attributes or its type.
pub(crate) fn is_absent(field: &WrittenField<'_>) -> bool {
    field.serde.skips_write && field.serde.skips_read || is_phantom(field.ty)
}

impl Field<'_> {
    /// Returns whether the field is on the `id:` or `retry:` line and not in the data.
    pub(crate) fn is_line(&self) -> bool {
        matches!(self.role, Role::Id { keep: false, .. } | Role::Retry)
    }

    /// Returns whether the field is on the `id:` or `retry:` line. It can be in the data too.
    pub(crate) fn is_on_a_line(&self) -> bool {
        matches!(self.role, Role::Id { .. } | Role::Retry)
    }

    /// Returns whether the field is part of the data.
    pub(crate) fn is_data(&self) -> bool {
        matches!(self.role, Role::Data | Role::Id { keep: true, .. })
    }

    /// Returns whether an attribute depends on the field's real type, so that a type parameter cannot replace it.
    pub(crate) fn concrete(&self) -> Sides<bool> {
        let Sides { write, read } = self.serde.concrete;
        Sides { write, read: read || self.borrows }
    }

    /// Returns whether serde's attributes affect the field.
    pub(crate) fn has_serde_attributes(&self) -> bool {
        self.borrows || !self.serde.attributes.is_empty()
    }

    /// Returns the serde attributes for reading. `is_alone` is for a field that is the whole data.
    pub(crate) fn attributes_for_reading(&self, is_alone: bool) -> Vec<Attribute> {
        let mut attributes = if is_alone && self.serde.default.is_some() {
            self.serde.for_reading_alone()
        } else {
            self.serde.attributes.clone()
        };
        attributes.extend(self.borrows.then(|| parse_quote!(#[serde(borrow)])));
        attributes
    }
}
