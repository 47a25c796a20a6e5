//! From the [`FromRow`] to code: the names as data, and one function that reads.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::ir::{Field, FromRow};
use crate::errors::place;

pub(super) fn from_row(of: &FromRow) -> TokenStream {
    let FromRow { ident, krate, fields } = of;
    let columns = fields.iter().map(|field| &field.column);
    let reads = fields.iter().map(
        |Field { ident, ty, .. }| quote_spanned!(place(ty)=> #ident: <#ty as #krate::types::SqlType>::decode(row)?),
    );
    quote! {
        #[automatically_derived]
        impl #krate::query::FromRow for #ident {
            const COLUMNS: &'static [&'static str] = &[#(#columns),*];

            fn decode(row: &mut #krate::driver::RowReader<'_>) -> #krate::Result<Self> {
                ::core::result::Result::Ok(#ident { #(#reads),* })
            }
        }
    }
}
