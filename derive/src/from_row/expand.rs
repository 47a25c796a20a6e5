//! From the [`FromRow`] to code: the names as data, and one function that reads.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Path;

use super::ir::{Field, FromRow, Source};
use crate::errors::place;

pub(super) fn from_row(of: &FromRow) -> TokenStream {
    let FromRow { ident, krate, fields } = of;
    let counts = fields.iter().map(|field| count(krate, field));
    let names = fields.iter().map(|field| names(krate, field));
    let reads = fields.iter().map(|field| read(krate, field));
    let absences = fields.iter().map(|field| absence(krate, field));
    quote! {
        #[automatically_derived]
        impl #krate::query::FromRow for #ident {
            fn count() -> usize {
                0 #(+ #counts)*
            }

            fn columns(prefix: &str) -> ::std::vec::Vec<::std::borrow::Cow<'static, str>> {
                let mut names = ::std::vec::Vec::with_capacity(Self::count());
                #(#names)*
                names
            }

            fn decode(row: &mut #krate::driver::RowReader<'_>) -> #krate::Result<Self> {
                ::core::result::Result::Ok(#ident { #(#reads),* })
            }

            fn is_absent(row: &#krate::driver::RowReader<'_>, after: usize) -> #krate::Result<bool> {
                let mut at = after;
                #(#absences)*
                ::core::result::Result::Ok(at > after)
            }
        }
    }
}

fn count(krate: &Path, Field { ty, from, .. }: &Field) -> TokenStream {
    match from {
        Source::Column(_) => quote!(1),
        Source::Nested { .. } => quote_spanned!(place(ty)=> <#ty as #krate::query::FromRow>::count()),
    }
}

fn names(krate: &Path, Field { ty, from, .. }: &Field) -> TokenStream {
    match from {
        Source::Column(column) => quote!(names.push(#krate::query::prefixed(prefix, #column));),
        Source::Nested { prefix } => quote_spanned! {place(ty)=>
            names.extend(<#ty as #krate::query::FromRow>::columns(&#krate::query::prefixed(prefix, #prefix)));
        },
    }
}

fn read(krate: &Path, Field { ident, ty, from }: &Field) -> TokenStream {
    match from {
        Source::Column(_) => quote_spanned!(place(ty)=> #ident: <#ty as #krate::types::SqlType>::decode(row)?),
        Source::Nested { .. } => quote_spanned!(place(ty)=> #ident: <#ty as #krate::query::FromRow>::decode(row)?),
    }
}

/// Returns where a column is not NULL.
fn absence(krate: &Path, field: &Field) -> TokenStream {
    let Field { ty, from, .. } = field;
    let is_absent = match from {
        Source::Column(_) => {
            quote_spanned!(place(ty)=> row.is_null_at(at, <#ty as #krate::types::SqlType>::TYPE)?)
        }
        Source::Nested { .. } => quote_spanned!(place(ty)=> <#ty as #krate::query::FromRow>::is_absent(row, at)?),
    };
    let count = count(krate, field);
    quote! {
        if !#is_absent {
            return ::core::result::Result::Ok(false);
        }
        at += #count;
    }
}
