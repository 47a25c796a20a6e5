//! The table as a literal.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::super::ir::{Check, Column, Generated, Key, Model, Reference, Size};
use super::at;

pub(super) fn expand(model: &Model) -> TokenStream {
    let Model { krate, table, primary_key, .. } = model;
    let schema = option(model.schema.as_ref());
    let columns = model.columns.iter().map(|column| column_def(model, column));
    let uniques = model.uniques.iter().map(|key| key_def(model, key, quote!(Unique)));
    let indexes = model.indexes.iter().map(|key| key_def(model, key, quote!(Index)));
    let places = model.columns.iter().zip(0_u16..);
    let foreign_keys = places.filter_map(|(column, place)| {
        let reference = column.references.as_ref()?;
        Some(foreign_key(model, column, place, reference))
    });
    let checks = model.checks.iter().map(|check| check_def(model, check));
    quote! {
        #krate::schema::Table {
            schema: #schema,
            name: #table,
            columns: &[#(#columns),*],
            primary_key: &[#(#primary_key),*],
            uniques: &[#(#uniques),*],
            indexes: &[#(#indexes),*],
            foreign_keys: &[#(#foreign_keys),*],
            checks: &[#(#checks),*],
        }
    }
}

fn column_def(model: &Model, column: &Column) -> TokenStream {
    let krate = &model.krate;
    let Column { ty, name, .. } = column;
    // With the spans of the type, so that a type no column can have is underlined, and once.
    let sql = quote_spanned!(ty.span()=> <#ty as #krate::types::SqlType>);
    let checked = |span: Span, call: TokenStream| {
        let krate = at(krate, span);
        quote_spanned!(span=> #krate::types::ColumnType::#call)
    };
    let column_type = match &column.size {
        Size::Whole => quote!(#sql::TYPE),
        Size::Length(length) => {
            checked(length.span(), quote_spanned!(length.span()=> with_length(#sql::TYPE, #length)))
        }
        Size::Precision(precision, scale) => {
            let call = quote_spanned!(precision.span()=> with_precision(#sql::TYPE, #precision, #scale));
            checked(precision.span(), call)
        }
    };
    let (column_type, finer_times) = match &column.exact_time {
        None => (column_type, quote!(Cut)),
        Some(word) => (checked(word.span(), quote_spanned!(word.span()=> exact_time(#column_type))), quote!(Refused)),
    };
    let (column_type, generated) = match &column.generated {
        Generated::No => (column_type, quote!(No)),
        Generated::Auto(word) => {
            (checked(word.span(), quote_spanned!(word.span()=> numbered(#column_type))), quote!(Auto))
        }
        Generated::ServerDefault(text) => (column_type, quote!(ServerDefault(#text))),
    };
    quote! {
        #krate::schema::ColumnDef {
            name: #name,
            ty: #column_type,
            nullable: #sql::NULLABLE,
            generated: #krate::schema::Generated::#generated,
            finer_times: #krate::schema::FinerTimes::#finer_times,
        }
    }
}

fn key_def(model: &Model, key: &Key, kind: TokenStream) -> TokenStream {
    let krate = &model.krate;
    let name = option(key.name.as_ref());
    let columns = &key.columns;
    quote!(#krate::schema::#kind { name: #name, columns: &[#(#columns),*] })
}

fn foreign_key(model: &Model, column: &Column, place: u16, reference: &Reference) -> TokenStream {
    let krate = &model.krate;
    let ty = &column.ty;
    let Reference { model: target, column: target_column, .. } = reference;
    let referred = quote_spanned!(target_column.span()=> #target_column.referred_by::<#ty>());
    let on_delete = action(model, column, reference.on_delete.as_ref());
    let on_update = action(model, column, reference.on_update.as_ref());
    quote! {
        #krate::schema::ForeignKey {
            name: ::core::option::Option::None,
            columns: &[#place],
            table: <#target as #krate::model::Model>::table,
            references: &[#referred],
            on_delete: #on_delete,
            on_update: #on_update,
        }
    }
}

/// What is checked of the foreign keys once all tables are known, which may refer to each other.
pub(super) fn checks_of_references(model: &Model) -> TokenStream {
    let references = model.columns.iter().filter_map(|column| column.references.as_ref());
    let checks = references.map(|Reference { model: target, column, .. }| {
        quote_spanned!(column.span()=> const _: () = #target::TABLE.check_referable(#column.index());)
    });
    quote!(#(#checks)*)
}

fn action(model: &Model, column: &Column, action: Option<&Ident>) -> TokenStream {
    let krate = &model.krate;
    let Some(action) = action else { return quote!(#krate::schema::Action::Restrict) };
    if action == "cascade" {
        return quote!(#krate::schema::Action::Cascade);
    }
    if action == "restrict" {
        return quote!(#krate::schema::Action::Restrict);
    }
    let ty = &column.ty;
    quote_spanned! {action.span()=> {
        ::core::assert!(
            <#ty as #krate::types::SqlType>::NULLABLE,
            "`set_null` needs a column that may be NULL: make the field an `Option`",
        );
        #krate::schema::Action::SetNull
    }}
}

fn check_def(model: &Model, check: &Check) -> TokenStream {
    let krate = &model.krate;
    let name = check.name.unraw().to_string();
    let condition = &check.condition;
    let condition = quote_spanned!(condition.span()=> #krate::query::Condition::condition(#condition));
    quote! {
        #krate::schema::Check {
            name: #name,
            condition: || {
                #[allow(unused_imports)]
                use #krate::query::{Condition as _, Expression as _};
                #condition
            },
        }
    }
}

fn option(text: Option<&String>) -> TokenStream {
    match text {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    }
}
