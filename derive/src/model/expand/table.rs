//! The table as a literal.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::super::ir::{
    Check, Collation, Column, Direction, ForeignKey, Generated, Index, IndexPart, Key, Model, Reference, Size, Storage,
};
use super::at;

pub(super) fn expand(model: &Model) -> TokenStream {
    let Model { krate, table, primary_key, .. } = model;
    let schema = option(model.schema.as_ref());
    let columns = model.columns.iter().map(|column| column_def(model, column));
    let uniques = model.uniques.iter().map(|key| unique(model, key));
    let indexes = model.indexes.iter().map(|each| index(model, each));
    let comment = option(model.comment.as_ref());
    let places = model.columns.iter().zip(0_u16..);
    let foreign_keys = places.filter_map(|(column, place)| {
        let reference = column.references.as_ref()?;
        Some(reference_of(model, column, place, reference))
    });
    let foreign_keys = foreign_keys.chain(model.foreign_keys.iter().map(|key| foreign_key(model, key)));
    let checks = model.checks.iter().map(|check| check_def(model, check));
    quote! {
        #krate::schema::Table {
            schema: #schema,
            name: #table,
            comment: #comment,
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
    let (column_type, storage) = match &column.storage {
        None => (column_type, quote!(Usual)),
        Some(Storage::ScaledInteger(word)) => {
            let call = quote_spanned!(word.span()=> scaled_integer(#column_type));
            (checked(word.span(), call), quote!(ScaledInteger))
        }
        Some(Storage::Text(word)) => {
            let call = quote_spanned!(word.span()=> uuid_as_text(#column_type));
            (checked(word.span(), call), quote!(Text))
        }
    };
    let (column_type, generated) = match &column.generated {
        Generated::No => (column_type, quote!(No)),
        Generated::Auto(word) => {
            (checked(word.span(), quote_spanned!(word.span()=> numbered(#column_type))), quote!(Auto))
        }
        Generated::ServerDefault(default) => {
            let span = default.span();
            let said = default.expand(krate);
            let column_type = checked(span, quote_spanned!(span=> defaulted(#column_type, &#said)));
            (column_type, quote!(ServerDefault(#said)))
        }
    };
    let (word, collation) = match &column.collation {
        Collation::Binary(word) => (word.as_ref().map(Ident::span), quote!(Binary)),
        Collation::CaseInsensitive(word) => (Some(word.span()), quote!(CaseInsensitive)),
        Collation::Named(name) => (Some(name.span()), quote!(Named(#name))),
    };
    let column_type = match word {
        Some(span) => checked(span, quote_spanned!(span=> collated(#column_type))),
        None => column_type,
    };
    let comment = option(column.comment.as_ref());
    let on_update = match &column.on_update {
        Some(value) => quote! {
            ::core::option::Option::Some(#krate::schema::UpdateDefault(|| {
                let value: #ty = #value;
                #sql::bind(&value).to_owned()
            }))
        },
        None => quote!(::core::option::Option::None),
    };
    quote! {
        #krate::schema::ColumnDef {
            name: #name,
            ty: #column_type,
            nullable: #sql::NULLABLE,
            generated: #krate::schema::Generated::#generated,
            collation: #krate::schema::Collation::#collation,
            comment: #comment,
            finer_times: #krate::schema::FinerTimes::#finer_times,
            on_update: #on_update,
            storage: #krate::schema::Storage::#storage,
        }
    }
}

fn unique(model: &Model, key: &Key) -> TokenStream {
    let krate = &model.krate;
    let name = option(key.name.as_ref());
    let columns = &key.columns;
    quote!(#krate::schema::Unique { name: #name, columns: &[#(#columns),*] })
}

fn index(model: &Model, index: &Index) -> TokenStream {
    let krate = &model.krate;
    let name = option(index.name.as_ref());
    let unique = index.unique;
    let parts = index.parts.iter().map(|part| match part {
        IndexPart::Column(place, direction) => {
            let direction = match direction {
                Direction::Ascending => quote!(Ascending),
                Direction::Descending => quote!(Descending),
            };
            quote!(Column(#place, #krate::sql::Direction::#direction))
        }
        IndexPart::Expr(expr) => {
            let term = quote_spanned!(expr.span()=> #krate::query::IndexTerm::term(#expr));
            let term = function(model, &term);
            quote!(Expr(|| {
                static TERM: ::std::sync::LazyLock<#krate::sql::OrderTerm> = ::std::sync::LazyLock::new(#term);
                &TERM
            }))
        }
    });
    let filter = match &index.filter {
        Some(filter) => {
            let condition = quote_spanned!(filter.span()=> #krate::query::Condition::condition(#filter));
            let condition = function(model, &condition);
            quote!(::core::option::Option::Some(#condition))
        }
        None => quote!(::core::option::Option::None),
    };
    quote! {
        #krate::schema::Index {
            name: #name,
            unique: #unique,
            parts: &[#(#krate::schema::IndexPart::#parts),*],
            filter: #filter,
        }
    }
}

/// A foreign key of the struct.
fn foreign_key(model: &Model, key: &ForeignKey) -> TokenStream {
    let krate = &model.krate;
    let ForeignKey { columns, model: target, references, .. } = key;
    let name = option(key.name.as_ref());
    let own: Vec<&Column> = columns.iter().filter_map(|&place| model.columns.get(usize::from(place))).collect();
    let referred = references.iter().zip(&own).map(|(path, column)| {
        let ty = &column.ty;
        quote_spanned!(path.span()=> #path.referred_by::<#ty>())
    });
    let on_delete = action(model, &own, key.on_delete.as_ref());
    let on_update = action(model, &own, key.on_update.as_ref());
    quote! {
        #krate::schema::ForeignKey {
            name: #name,
            columns: &[#(#columns),*],
            table: <#target as #krate::model::Model>::table,
            references: &[#(#referred),*],
            on_delete: #on_delete,
            on_update: #on_update,
        }
    }
}

/// A foreign key of a field.
fn reference_of(model: &Model, column: &Column, place: u16, reference: &Reference) -> TokenStream {
    let krate = &model.krate;
    let ty = &column.ty;
    let Reference { model: target, column: target_column, .. } = reference;
    let referred = quote_spanned!(target_column.span()=> #target_column.referred_by::<#ty>());
    let on_delete = action(model, &[column], reference.on_delete.as_ref());
    let on_update = action(model, &[column], reference.on_update.as_ref());
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
        quote_spanned!(column.span()=> const _: () = #target::TABLE.check_referable(&[#column.index()]);)
    });
    let checks = checks.chain(model.foreign_keys.iter().map(|ForeignKey { model: target, references, .. }| {
        quote_spanned!(target.span()=> const _: () = #target::TABLE.check_referable(&[#(#references.index()),*]);)
    }));
    quote!(#(#checks)*)
}

fn action(model: &Model, columns: &[&Column], action: Option<&Ident>) -> TokenStream {
    let krate = &model.krate;
    let Some(action) = action else { return quote!(#krate::schema::Action::Restrict) };
    for (word, variant) in [("cascade", "Cascade"), ("restrict", "Restrict"), ("set_default", "SetDefault")] {
        if action == word {
            let variant = Ident::new(variant, action.span());
            return quote!(#krate::schema::Action::#variant);
        }
    }
    let types = columns.iter().map(|column| &column.ty);
    quote_spanned! {action.span()=> {
        #(::core::assert!(
            <#types as #krate::types::SqlType>::NULLABLE,
            "`set_null` needs a column that may be NULL: make the field an `Option`",
        );)*
        #krate::schema::Action::SetNull
    }}
}

fn check_def(model: &Model, check: &Check) -> TokenStream {
    let krate = &model.krate;
    let name = check.name.unraw().to_string();
    let condition = &check.condition;
    let condition = quote_spanned!(condition.span()=> #krate::query::Condition::condition(#condition));
    let condition = function(model, &condition);
    quote!(#krate::schema::Check { name: #name, condition: #condition })
}

/// A function that makes an expression over the model's columns.
fn function(model: &Model, expr: &TokenStream) -> TokenStream {
    let krate = &model.krate;
    quote! {
        || {
            #[allow(unused_imports)]
            use #krate::query::{Condition as _, Expression as _};
            #expr
        }
    }
}

fn option(text: Option<&String>) -> TokenStream {
    match text {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    }
}
