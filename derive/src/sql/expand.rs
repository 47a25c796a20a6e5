//! From the [`Text`] to code: one call for each part.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::ir::{Part, Text};

/// One chain of calls, so that values that live as long as the statement can be made in the braces.
pub(super) fn text(text: &Text) -> TokenStream {
    let krate = &text.krate;
    let calls = text.parts.iter().map(|part| match part {
        Part::Text(text) => quote!(.text(#text)),
        Part::One(expression) => quote_spanned!(expression.span()=> .part(&(#expression))),
        Part::List(expression) => quote_spanned!(expression.span()=> .list(#expression)),
    });
    quote!(#krate::query::Raw::new()#(#calls)*)
}
