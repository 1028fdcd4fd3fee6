//! `SseDecode`: the reading half.

use proc_macro2::TokenStream;
use quote::quote;

use super::{bounds, core, payload};
use crate::model::{Catch, Field, Model, Payload, Variant, option};

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let sse = &model.crate_path;
    let core = core(sse);
    let ident = model.ident;
    let arms = model.variants.iter().filter(|variant| variant.catch().is_none()).map(|variant| arm(model, variant));
    let rest = rest(model);
    let generics = bounds::of_reading(model);
    let (impl_generics, ..) = generics.split_for_impl();
    let (_, ty_generics, _) = model.generics.split_for_impl();
    let where_clause = &generics.where_clause;
    quote! {
        #[automatically_derived]
        impl #impl_generics #sse::SseDecode<'__de> for #ident #ty_generics #where_clause {
            fn decode(
                __raw: #sse::RawEvent<'__de>,
            ) -> #core::result::Result<#sse::Decoded<Self>, #sse::DecodeError> {
                match __raw.event() {
                    #(#arms)*
                    _ => #rest,
                }
            }
        }
    }
}

fn arm(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    let sse = &model.crate_path;
    let names = variant.read_names().map(|name| name.text);
    let ident = variant.ident;
    let value = match variant.payload() {
        Payload::Empty => quote!(Self::#ident),
        Payload::Value(_) => quote!(Self::#ident(#sse::__private::json(&__raw)?)),
        Payload::Optional(..) => quote!(Self::#ident(#sse::__private::optional_json(&__raw)?)),
        Payload::Fields => return fields_arm(model, variant),
    };
    let event = event(model, &value);
    quote!(#(#names)|* => #event,)
}

/// The data becomes the stand-in, and its fields those of the variant.
fn fields_arm(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    let sse = &model.crate_path;
    let names = variant.read_names().map(|name| name.text);
    let stand_in = payload::read_type(model, variant);
    let fields = variant.fields.iter().map(|field| {
        let member = &field.member;
        if field.attributes.id.is_some() {
            let id = id(model, field);
            quote!(#member: #id)
        } else {
            quote!(#member: __data.#member)
        }
    });
    let ident = variant.ident;
    let event = event(model, &quote!(Self::#ident { #(#fields),* }));
    quote! {
        #(#names)|* => {
            let __data: #stand_in = #sse::__private::json(&__raw)?;
            #event
        }
    }
}

fn id(model: &Model<'_>, field: &Field<'_>) -> TokenStream {
    let sse = &model.crate_path;
    let function = if option(field.ty).is_some() { quote!(optional_id) } else { quote!(id) };
    quote!(#sse::__private::#function(&__raw)?)
}

/// What happens with a name that no variant has.
fn rest(model: &Model<'_>) -> TokenStream {
    let sse = &model.crate_path;
    let core = core(sse);
    let catch_all = model.variants.iter().find_map(|variant| Some((variant, variant.catch()?)));
    let Some((variant, catch)) = catch_all else {
        return quote!(#core::result::Result::Ok(#sse::Decoded::Unknown));
    };
    let ident = variant.ident;
    match catch {
        Catch::Nothing => event(model, &quote!(Self::#ident)),
        Catch::Whole(field) => {
            let ty = field.ty;
            quote! {
                #core::result::Result::Ok(<#ty as #sse::SseDecode<'__de>>::decode(__raw)?.map(Self::#ident))
            }
        }
        Catch::Text { event: name, data } => {
            let (name, data) = (&name.member, &data.member);
            let id = variant.id().map(|field| {
                let (member, id) = (&field.member, id(model, field));
                quote!(#member: #id,)
            });
            event(
                model,
                &quote! {
                    Self::#ident {
                        #id
                        #name: #core::convert::From::from(__raw.event()),
                        #data: #core::convert::From::from(__raw.data()),
                    }
                },
            )
        }
    }
}

fn event(model: &Model<'_>, value: &TokenStream) -> TokenStream {
    let sse = &model.crate_path;
    let core = core(sse);
    quote!(#core::result::Result::Ok(#sse::Decoded::Event(#value)))
}
