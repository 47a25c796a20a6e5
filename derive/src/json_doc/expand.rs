//! From the [`JsonDoc`] to code: a constant for each key.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::ir::{Field, JsonDoc};
use crate::errors::place;

pub(super) fn json_doc(of: &JsonDoc) -> TokenStream {
    let JsonDoc { ident, generics, krate, fields, flattened } = of;
    let (parameters, arguments, bounds) = generics.split_for_impl();
    let constants = fields.iter().map(|field| constant(krate, field));
    quote! {
        #[automatically_derived]
        impl #parameters #krate::query::JsonDoc for #ident #arguments #bounds {}

        #[automatically_derived]
        impl #parameters #krate::query::JsonFields<Self> for #ident #arguments #bounds {}

        #(
            #[automatically_derived]
            impl #parameters #krate::query::JsonFields<#flattened> for #ident #arguments #bounds {}
        )*

        #[automatically_derived]
        #[allow(non_upper_case_globals, dead_code, unreachable_pub)]
        impl #parameters #ident #arguments #bounds {
            #(#constants)*
        }
    }
}

fn constant(krate: &syn::Path, field: &Field) -> TokenStream {
    let Field { ident, visibility, docs, key, holds } = field;
    let docs = if docs.is_empty() {
        let text = format!("The key `{key}` of the documents.");
        quote!(#[doc = #text])
    } else {
        quote!(#(#docs)*)
    };
    let holds = match holds {
        Some(ty) => quote!(#ty),
        None => quote!(#krate::JsonValue),
    };
    // With the span of the field, so that a clash with a constant or a method of the same name points at it.
    quote_spanned! {place(ident)=>
        #docs
        #visibility const #ident: #krate::query::JsonField<Self, #holds> = #krate::query::JsonField::new(#key);
    }
}
