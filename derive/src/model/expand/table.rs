//! The table as data.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::super::ir::{
    Check, Collation, Column, Direction, ForeignKey, Generated, Index, IndexPart, Key, Model, Reference, Size, Storage,
};
use super::{at, relations};

/// A block whose value is a reference to the table: statics, because a table is equal to itself alone.
pub(super) fn expand(model: &Model) -> TokenStream {
    let Model { krate, table, primary_key, .. } = model;
    let columns = model.columns.iter().map(|column| column_def(model, column));
    let count = model.columns.len();
    let places = model.columns.iter().zip(0_u16..);
    let foreign_keys = places.clone().filter_map(|(column, place)| {
        let reference = column.references.as_ref()?;
        Some(reference_of(model, column, place, reference))
    });
    let foreign_keys = foreign_keys.chain(model.foreign_keys.iter().map(|key| foreign_key(model, key)));
    let schema = model.schema.iter().map(|name| quote!(.schema(#name)));
    let comment = model.comment.iter().map(|comment| quote!(.comment(#comment)));
    let version = places.clone().find(|(column, _)| column.version.is_some());
    let version = version.map(|(_, place)| quote!(.version(#place)));
    let tenant = places.clone().find(|(column, _)| column.tenant.is_some());
    let tenant = tenant.map(|(_, place)| quote!(.tenant(#place)));
    let uniques = list("uniques", model.uniques.iter().map(|key| unique(model, key)));
    let indexes = list("indexes", model.indexes.iter().map(|each| index(model, each)));
    let foreign_keys = list("foreign_keys", foreign_keys);
    let checks = list("checks", model.checks.iter().map(|check| check_def(model, check)));
    let soft_delete = soft_delete_of(model);
    let relations = relations_of(model);
    quote! {
        {
            static COLUMNS: [#krate::schema::ColumnDef; #count] = [#(#columns),*];
            static TABLE: #krate::schema::Table = #krate::schema::Table::new(#table, &COLUMNS)
                .primary_key(&[#(#primary_key),*])
                #(#schema)* #(#comment)* #version #soft_delete #tenant
                #uniques #indexes #foreign_keys #checks #relations;
            &TABLE
        }
    }
}

/// The call that says how rows are marked as deleted, where they are.
fn soft_delete_of(model: &Model) -> Option<TokenStream> {
    let krate = &model.krate;
    let (column, place) = model.columns.iter().zip(0_u16..).find(|(column, _)| column.soft_delete.is_some())?;
    let ty = &column.ty;
    let value = quote_spanned!(ty.span()=> <#ty as #krate::types::DeletionMark>::deleted_now());
    Some(quote! {
        .soft_delete(#krate::schema::SoftDelete::new(#place, || {
            <#ty as #krate::types::SqlType>::bind(&#value).to_owned()
        }))
    })
}

/// The call that adds the relations, where there are any. A struct without a key is no model and has none.
fn relations_of(model: &Model) -> Option<TokenStream> {
    let Model { ident, krate, .. } = model;
    let has_some = !model.primary_key.is_empty() && relations::named(model).next().is_some();
    has_some.then(|| quote!(.relations(|| <#ident as #krate::model::Model>::RELATIONS)))
}

/// The call that adds a list to the table, where there is anything in it.
fn list(method: &str, parts: impl Iterator<Item = TokenStream>) -> TokenStream {
    let parts: Vec<TokenStream> = parts.collect();
    if parts.is_empty() {
        return TokenStream::new();
    }
    let method = Ident::new(method, Span::call_site());
    quote!(.#method(&[#(#parts),*]))
}

fn column_def(model: &Model, column: &Column) -> TokenStream {
    let krate = &model.krate;
    let Column { ty, name, .. } = column;
    // With the spans of the type, so that a type no column can have is underlined, and once.
    let sql = quote_spanned!(ty.span()=> <#ty as #krate::types::SqlType>);
    // What the type is made of: each call checks that the one before it can be so.
    let mut typed: Option<TokenStream> = None;
    let mut checked = |span: Span, method: &str, more: TokenStream| {
        let krate = at(krate, span);
        let method = Ident::new(method, span);
        let ty = typed.take().unwrap_or_else(|| quote!(#sql::TYPE));
        typed = Some(quote_spanned!(span=> #krate::types::ColumnType::#method(#ty #more)));
    };
    let mut calls = TokenStream::new();
    match &column.size {
        Size::Whole => {}
        Size::Length(length) => {
            let span = length.span();
            checked(span, "with_length", quote_spanned!(span=> , #length));
        }
        Size::Precision(precision, scale) => {
            let span = precision.span();
            checked(span, "with_precision", quote_spanned!(span=> , #precision, #scale));
        }
    }
    if let Some(word) = &column.exact_time {
        checked(word.span(), "exact_time", TokenStream::new());
        calls.extend(quote!(.exact_time()));
    }
    if let Some(word) = &column.version {
        checked(word.span(), "versioned", quote_spanned!(word.span()=> , #sql::NULLABLE));
    }
    if let Some(word) = &column.tenant {
        checked(word.span(), "of_tenant", quote_spanned!(word.span()=> , #sql::NULLABLE));
    }
    match &column.storage {
        None => {}
        Some(Storage::ScaledInteger(word)) => {
            checked(word.span(), "scaled_integer", TokenStream::new());
            calls.extend(quote!(.kept_as(#krate::schema::Storage::ScaledInteger)));
        }
        Some(Storage::Text(word)) => {
            checked(word.span(), "uuid_as_text", TokenStream::new());
            calls.extend(quote!(.kept_as(#krate::schema::Storage::Text)));
        }
    }
    match &column.generated {
        Generated::No => {}
        Generated::Auto(word) => {
            checked(word.span(), "numbered", TokenStream::new());
            calls.extend(quote!(.auto()));
        }
        Generated::ServerDefault(default) => {
            let span = default.span();
            let said = default.expand(krate);
            checked(span, "defaulted", quote_spanned!(span=> , &#said));
            calls.extend(quote!(.server_default(#said)));
        }
    }
    let (word, collation) = match &column.collation {
        Collation::Binary(word) => (word.as_ref().map(Ident::span), None),
        Collation::CaseInsensitive(word) => (Some(word.span()), Some(quote!(CaseInsensitive))),
        Collation::Named(name) => (Some(name.span()), Some(quote!(Named(#name)))),
    };
    if let Some(span) = word {
        checked(span, "collated", TokenStream::new());
    }
    calls.extend(collation.map(|collation| quote!(.collated(#krate::schema::Collation::#collation))));
    calls.extend(column.comment.as_ref().map(|comment| quote!(.comment(#comment))));
    let is_written_once = column.created.is_some() || column.tenant.is_some();
    calls.extend(is_written_once.then(|| quote!(.written_once())));
    calls.extend(column.on_update.as_ref().map(|value| {
        quote! {
            .on_update(|| {
                let value: #ty = #value;
                #sql::bind(&value).to_owned()
            })
        }
    }));
    let typed = typed.unwrap_or_else(|| quote!(#sql::TYPE));
    quote!(#krate::schema::ColumnDef::new(#name, #typed).nullable_as(#sql::NULLABLE) #calls)
}

fn unique(model: &Model, key: &Key) -> TokenStream {
    let krate = &model.krate;
    let name = named(key.name.as_ref());
    let columns = &key.columns;
    quote!(#krate::schema::Unique::new(&[#(#columns),*]) #name)
}

fn index(model: &Model, index: &Index) -> TokenStream {
    let krate = &model.krate;
    let name = named(index.name.as_ref());
    let unique = index.unique.then(|| quote!(.unique()));
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
            quote!(.filter(#condition))
        }
        None => TokenStream::new(),
    };
    quote!(#krate::schema::Index::new(&[#(#krate::schema::IndexPart::#parts),*]) #name #unique #filter)
}

/// A foreign key of the struct.
fn foreign_key(model: &Model, key: &ForeignKey) -> TokenStream {
    let krate = &model.krate;
    let ForeignKey { columns, model: target, references, .. } = key;
    let name = named(key.name.as_ref());
    let own: Vec<&Column> = columns.iter().filter_map(|&place| model.columns.get(usize::from(place))).collect();
    let referred = references.iter().zip(&own).map(|(path, column)| {
        let ty = &column.ty;
        quote_spanned!(path.span()=> #path.referred_by::<#ty>())
    });
    let actions = actions(model, &own, key.on_delete.as_ref(), key.on_update.as_ref());
    quote! {
        #krate::schema::ForeignKey::new(
            &[#(#columns),*],
            <#target as #krate::model::Model>::table,
            &[#(#referred),*],
        ) #name #actions
    }
}

/// A foreign key of a field.
fn reference_of(model: &Model, column: &Column, place: u16, reference: &Reference) -> TokenStream {
    let krate = &model.krate;
    let ty = &column.ty;
    let Reference { model: target, column: target_column, .. } = reference;
    let referred = quote_spanned!(target_column.span()=> #target_column.referred_by::<#ty>());
    let actions = actions(model, &[column], reference.on_delete.as_ref(), reference.on_update.as_ref());
    quote! {
        #krate::schema::ForeignKey::new(&[#place], <#target as #krate::model::Model>::table, &[#referred]) #actions
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

/// The calls that say what a foreign key does where it does not refuse.
fn actions(model: &Model, columns: &[&Column], on_delete: Option<&Ident>, on_update: Option<&Ident>) -> TokenStream {
    let on_delete = on_delete.map(|word| action(model, columns, word)).map(|action| quote!(.on_delete(#action)));
    let on_update = on_update.map(|word| action(model, columns, word)).map(|action| quote!(.on_update(#action)));
    quote!(#on_delete #on_update)
}

fn action(model: &Model, columns: &[&Column], action: &Ident) -> TokenStream {
    let krate = &model.krate;
    for (word, variant) in [("cascade", "Cascade"), ("restrict", "Restrict"), ("set_default", "SetDefault")] {
        if action == word {
            let variant = Ident::new(variant, action.span());
            return quote!(#krate::schema::Action::#variant);
        }
    }
    let krate = at(krate, action.span());
    let types = columns.iter().map(|column| &column.ty);
    quote_spanned! {action.span()=>
        #krate::schema::Action::set_null(&[#(<#types as #krate::types::SqlType>::NULLABLE),*])
    }
}

fn check_def(model: &Model, check: &Check) -> TokenStream {
    let krate = &model.krate;
    let name = check.name.unraw().to_string();
    let condition = &check.condition;
    let condition = quote_spanned!(condition.span()=> #krate::query::Condition::condition(#condition));
    let condition = function(model, &condition);
    quote!(#krate::schema::Check::new(#name, #condition))
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

/// The call that gives a name, where there is one.
fn named(name: Option<&String>) -> TokenStream {
    name.map(|name| quote!(.named(#name))).unwrap_or_default()
}
