//! The impl of `SseDecode` for a type with flattened variants.
//!
//! It decodes in stages. Each stage tries the type's own variants and then all nested types, before the next stage
//! begins.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    arms::{Arm, Body, Read, ignored},
    dispatch::{Case, dispatch},
    distinct, path, tagged,
    value::{rest, value},
};
use crate::{
    model::{Field, Model, Nested},
    name::MESSAGE,
};

/// Generates the methods, or returns `None` if the type has no flattened variant.
pub(super) fn methods(model: &Model<'_>) -> Option<TokenStream> {
    let nested = nested(model)?;
    let (message, named) = Arm::of_message_and_rest(model);
    let named = self::named(model, message.as_ref(), &named);
    let literal = message.as_ref().and_then(|arm| literal(model, arm));
    let payload = message.as_ref().and_then(|arm| arm.payload).map(|body| {
        let payload = body.expand(model, &quote!(__core::result::Result::Ok(__sse::Decoded::Unknown)));
        quote!(__sse::__private::Stage::Payload => return #payload,)
    });
    let catch_all = model.variants.iter().any(|variant| variant.catch().is_some()).then(|| {
        let rest = rest(model);
        quote!(__sse::__private::Stage::Rest { .. } if __stage.is_own_rest(&__raw) => return #rest,)
    });
    let words = tagged::words(model);
    let by_tag = tagged::stage(model);
    let distinct = distinct::at_instantiation(model);
    Some(quote! {
        fn decode(
            __raw: __sse::RawEvent<'__de>,
        ) -> __core::result::Result<__sse::Decoded<Self>, __sse::DecodeError> {
            #distinct
            __sse::__private::by_stages(__raw)
        }

        fn decode_at(
            __raw: __sse::RawEvent<'__de>,
            __stage: __sse::__private::Stage<'_>,
        ) -> __core::result::Result<__sse::Decoded<Self>, __sse::DecodeError> {
            #words
            match __stage {
                #named
                #literal
                #payload
                #by_tag
                #catch_all
                #[allow(unreachable_patterns)]
                _ => {}
            }
            #nested
        }
    })
}

/// Generates the stage of the type's own names. After a prefix, `message` is an ordinary name.
fn named(model: &Model<'_>, message: Option<&Arm<'_>>, arms: &[Arm<'_>]) -> TokenStream {
    let unknown = quote!(__core::result::Result::Ok(__sse::Decoded::Unknown));
    let ignored = ignored(model).map(|case| (case.names, case.body));
    let named = arms.iter().map(|arm| (arm.names.clone(), arm.body(model, &unknown)));
    let returned = ignored.into_iter().chain(named).map(|(names, body)| Case { names, body: quote!(return #body) });
    let message = message.filter(|arm| arm.reads().any(|(_, event)| event.unnamed.is_none())).map(|arm| {
        let body = arm.body(model, &unknown);
        let body = quote!(if !__sse::__private::is_unnamed(&__raw) { return #body });
        Case { names: vec![MESSAGE.into()], body }
    });
    let cases: Vec<_> = returned.chain(message).collect();
    let named = dispatch(&cases, &quote!({}));
    quote!(__sse::__private::Stage::Named => #named,)
}

/// Generates the stage of the literals of unnamed events.
fn literal(model: &Model<'_>, arm: &Arm<'_>) -> Option<TokenStream> {
    let literals = arm.literals.iter().map(|(text, read)| {
        let value = value(model, *read);
        quote!(#text => return #value,)
    });
    (!arm.literals.is_empty()).then(|| {
        quote! {
            __sse::__private::Stage::Literal => match __raw.data() {
                #(#literals)*
                _ => {}
            },
        }
    })
}

/// Generates the code that tries to decode the event as each nested type, in order.
fn nested(model: &Model<'_>) -> Option<TokenStream> {
    let decoded = model.variants.iter().filter(|variant| variant.is_decoded);
    let nested: Vec<_> = decoded.filter_map(|variant| Some((variant, variant.nested()?))).collect();
    let ((last, last_nested), others) = nested.split_last()?;
    let others = others.iter().map(|(variant, nested)| {
        let (path, decoded) = (path(model, variant), decode_nested(nested));
        quote! {
            match #decoded? {
                __sse::Decoded::Unknown => {}
                __decoded => return __core::result::Result::Ok(__decoded.map(#path)),
            }
        }
    });
    let (path, decoded) = (path(model, last), decode_nested(last_nested));
    Some(quote! {
        #(#others)*
        __core::result::Result::Ok(#decoded?.map(#path))
    })
}

/// Generates the call that tries to decode the event as one nested type.
fn decode_nested(Nested { field: Field { ty, .. }, prefix, .. }: &Nested<'_>) -> TokenStream {
    match prefix {
        None => quote!(<#ty as __sse::__private::DecodeEvent<'__de>>::decode_plain(__raw, __stage)),
        Some(prefix) => quote!(<#ty as __sse::__private::DecodeEvent<'__de>>::decode_prefixed(__raw, #prefix, __stage)),
    }
}

impl<'m> Arm<'m> {
    /// Returns the variants of the arm, except for the whole enum.
    fn reads(&self) -> impl Iterator<Item = Read<'m>> {
        self.literals.iter().map(|(_, read)| *read).chain(self.payload.and_then(Body::read))
    }
}
