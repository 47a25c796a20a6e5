//! `impl Model`: a struct as a row.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::super::ir::{Column, Defaults, Model};
use super::{hooks, relations};
use crate::errors::place;

pub(super) fn expand(model: &Model) -> TokenStream {
    let Model { ident, krate, columns, .. } = model;
    let (key_type, key) = key(model);
    let places = 0..u16::try_from(columns.len()).unwrap_or(u16::MAX);
    let assigned = places.clone();
    let binds = columns.iter().map(
        |Column { field, ty, .. }| quote_spanned!(place(ty)=> <#ty as #krate::types::SqlType>::bind(&self.#field)),
    );
    let assigns = columns.iter().map(|Column { field, ty, .. }| {
        quote_spanned!(place(ty)=> <#ty as #krate::types::SqlType>::assign(&mut self.#field, value))
    });
    let reads = columns.iter().map(
        |Column { field, ty, .. }| quote_spanned!(place(ty)=> #field: <#ty as #krate::types::SqlType>::decode(row)?),
    );
    let skipped = model.skipped.iter().map(|skipped| {
        let (field, ty) = (&skipped.field, &skipped.ty);
        quote_spanned!(place(ty)=> #field: <#ty as ::core::default::Default>::default())
    });
    let relations = relations::named(model);
    let hooks = hooks::constant(model);
    let decoded = hooks::loaded(model, quote!(#ident { #(#reads,)* #(#skipped,)* }));
    let blank = (model.default == Defaults::Derived).then(|| {
        quote! {
            fn blank() -> ::core::option::Option<Self> {
                ::core::option::Option::Some(::core::default::Default::default())
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl #krate::model::Model for #ident {
            type Key = #key_type;
            const TABLE: &'static #krate::schema::Table = #ident::TABLE;
            const RELATIONS: &'static [#krate::model::NamedRelation] = &[#(#relations),*];
            #hooks

            fn key(&self) -> Self::Key {
                #key
            }

            fn bind(&self, column: u16) -> #krate::types::ValueRef<'_> {
                match column {
                    #(#places => #binds,)*
                    _ => #krate::types::ValueRef::Null,
                }
            }

            fn assign(&mut self, column: u16, value: #krate::types::ValueRef<'_>) -> #krate::Result<()> {
                match column {
                    #(#assigned => #assigns,)*
                    _ => ::core::result::Result::Err(
                        #krate::Error::decode("a column", "a value for a place that the table has not"),
                    ),
                }
            }

            #blank

            fn decode(row: &mut #krate::driver::RowReader<'_>) -> #krate::Result<Self> {
                #decoded
            }
        }
    }
}

/// The type of the key, and the key of `self`.
fn key(model: &Model) -> (TokenStream, TokenStream) {
    let columns = model.primary_key.iter().filter_map(|&place| model.columns.get(usize::from(place)));
    let parts: Vec<_> = columns
        .map(|Column { field, ty, .. }| {
            (quote!(#ty), quote_spanned!(place(ty)=> ::core::clone::Clone::clone(&self.#field)))
        })
        .collect();
    if let [(ty, value)] = parts.as_slice() {
        return (ty.clone(), value.clone());
    }
    let (types, values): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
    (quote!((#(#types),*)), quote!((#(#values),*)))
}
