//! `impl Default`, from the columns' defaults.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Type};

use super::super::ir::{Defaults, Model};

pub(super) fn expand(model: &Model) -> TokenStream {
    if model.default == Defaults::Own {
        return TokenStream::new();
    }
    let ident = &model.ident;
    let columns = model.columns.iter().map(|column| match &column.default {
        Some(value) => {
            let field = &column.field;
            quote!(#field: #value)
        }
        None if column.created.is_some() => {
            let (field, ty, krate) = (&column.field, &column.ty, &model.krate);
            quote_spanned!(ty.span()=> #field: <#ty as #krate::types::Moment>::present())
        }
        None => default_of(&column.field, &column.ty),
    });
    let skipped = model.skipped.iter().map(|skipped| default_of(&skipped.field, &skipped.ty));
    quote! {
        #[automatically_derived]
        impl ::core::default::Default for #ident {
            fn default() -> #ident {
                #ident { #(#columns,)* #(#skipped,)* }
            }
        }
    }
}

fn default_of(field: &Ident, ty: &Type) -> TokenStream {
    quote_spanned!(ty.span()=> #field: <#ty as ::core::default::Default>::default())
}
