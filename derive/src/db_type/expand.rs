//! From the [`DbType`] to code: the inner type's column, and the field each way.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::ir::{DbType, Reading};

pub(super) fn db_type(of: &DbType) -> TokenStream {
    let DbType { ident, krate, field, inner, reading } = of;
    // With the spans of the field's type, so that a type no column can have is underlined.
    let value = quote_spanned!(inner.span()=> <#inner as #krate::types::SqlValue>);
    let inner_type = quote_spanned!(inner.span()=> type Inner = #inner;);
    let read = match reading {
        Reading::Direct => quote!(#value::from_value(value).map(|inner| #ident { #field: inner })),
        Reading::Checked => quote_spanned!(ident.span()=> #krate::types::read_checked::<#ident>(value)),
    };
    quote! {
        #[automatically_derived]
        impl #krate::types::SqlValue for #ident {
            const TYPE: #krate::types::ColumnType = #value::TYPE;

            #[inline]
            fn bind(&self) -> #krate::types::ValueRef<'_> {
                #value::bind(&self.#field)
            }

            #[inline]
            fn from_value(value: #krate::types::ValueRef<'_>) -> #krate::Result<Self> {
                #read
            }
        }

        #[automatically_derived]
        impl #krate::types::Newtype for #ident {
            #inner_type
        }
    }
}
