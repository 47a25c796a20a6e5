//! The inherent constants: one per column, `ALL` and `TABLE`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Ident;

use super::super::ir::{Column, Model};
use super::{at, relations, table};

pub(super) fn expand(model: &Model) -> TokenStream {
    let Model { ident, visibility, krate, .. } = model;
    let columns = model.columns.iter().zip(0_u16..).filter_map(|(column, place)| {
        let constant = column.constant.as_ref()?;
        Some(column_constant(model, column, constant, place))
    });
    let table = table::expand(model);
    let checks = table::checks_of_references(model);
    let relations = relations::constants(model);
    quote! {
        #[automatically_derived]
        #[allow(non_upper_case_globals, dead_code, unreachable_pub)]
        impl #ident {
            #(#columns)*
            #relations
            /// Every column, as one thing to select.
            #visibility const ALL: #krate::model::All<#ident> = #krate::model::All::new();
            /// The table as data.
            #visibility const TABLE: &'static #krate::schema::Table = #table;
        }

        #checks
    }
}

fn column_constant(model: &Model, column: &Column, constant: &Ident, place: u16) -> TokenStream {
    let Model { ident, krate, .. } = model;
    let Column { visibility, docs, ty, name, .. } = column;
    let docs = if docs.is_empty() {
        let text = format!("The column `{name}`.");
        quote!(#[doc = #text])
    } else {
        quote!(#(#docs)*)
    };
    // With the spans of the field, so that a clash with a getter of the same name points at it.
    let krate = at(krate, constant.span());
    quote_spanned! {constant.span()=>
        #docs
        #visibility const #constant: #krate::model::Column<#ident, #ty> = #krate::model::Column::new(#place);
    }
}
