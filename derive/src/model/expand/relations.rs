//! The constants of relations, and what the compiler checks of them.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::super::ir::{Model, Relation, RelationKind};

/// The constants.
pub(super) fn constants(model: &Model) -> TokenStream {
    let of_struct = model.relations.iter().map(|relation| constant(model, relation));
    let of_fields = model.columns.iter().filter_map(|column| {
        let (name, reference) = (column.belongs_to.as_ref()?, column.references.as_ref()?);
        let Model { ident, visibility, krate, .. } = model;
        let (own, ty, other, key) = (column.constant.as_ref()?, &column.ty, &reference.model, &reference.column);
        let docs = format!("The row that `{}` refers to.", column.field);
        Some(quote_spanned! {name.span()=>
            #[doc = #docs]
            #visibility const #name: #krate::model::Relation<#ident, #other, <#ty as #krate::types::SqlType>::Null> =
                #krate::model::Relation::belongs_to(#ident::#own, #key);
        })
    });
    quote!(#(#of_struct)* #(#of_fields)*)
}

fn constant(model: &Model, relation: &Relation) -> TokenStream {
    let Model { ident, visibility, krate, .. } = model;
    let name = &relation.name;
    let own_key = quote!(<#ident as #krate::model::SingleKey>::KEY);
    match &relation.kind {
        RelationKind::HasMany { model: other, column } => quote_spanned! {name.span()=>
            /// The rows that refer to this one.
            #visibility const #name: #krate::model::Relation<#ident, #other, #krate::model::Many> =
                #krate::model::Relation::has_many(#column, #own_key);
        },
        RelationKind::HasOne { model: other, column } => quote_spanned! {name.span()=>
            /// The one row that refers to this one.
            #visibility const #name: #krate::model::Relation<#ident, #other, #krate::types::Nullable> =
                #krate::model::Relation::has_one(#column, #own_key);
        },
        RelationKind::ManyToMany { from, to, other, .. } => quote_spanned! {name.span()=>
            /// The rows that belong together with this one by a table between.
            #visibility const #name: #krate::model::Relation<#ident, #to, #krate::model::Many> =
                #krate::model::Relation::many_to_many(
                    #from,
                    #own_key,
                    #other,
                    <#to as #krate::model::SingleKey>::KEY,
                );
        },
    }
}

/// The relations with their names, as data.
pub(super) fn named(model: &Model) -> impl Iterator<Item = TokenStream> {
    let Model { ident, krate, .. } = model;
    let of_struct = model.relations.iter().map(|relation| &relation.name);
    let of_fields = model.columns.iter().filter(|column| column.references.is_some());
    let of_fields = of_fields.filter_map(|column| column.belongs_to.as_ref());
    of_struct.chain(of_fields).map(move |name| {
        let path = format!("{}::{}", ident.unraw(), name.unraw());
        quote!(#krate::model::NamedRelation::new(#path, #ident::#name))
    })
}

/// The key that relations lead to, the foreign keys as types, and the check that each relation names one of them.
pub(super) fn checks(model: &Model) -> TokenStream {
    let Model { ident, krate, .. } = model;
    let key = match model.primary_key.as_slice() {
        [only] => model.columns.get(usize::from(*only)).map(|column| (only, &column.ty)),
        _ => None,
    };
    let key = key.map(|(place, ty)| {
        quote! {
            #[automatically_derived]
            impl #krate::model::SingleKey for #ident {
                type Column = #ty;
                const KEY: #krate::model::Column<#ident, #ty> = #krate::model::Column::new(#place);
            }
        }
    });
    let foreign_keys = model.columns.iter().zip(0_u16..).filter_map(|(column, place)| {
        let other = &column.references.as_ref()?.model;
        Some(quote! {
            #[automatically_derived]
            impl #krate::model::ForeignKeyTo<#other, #place> for #ident {}
        })
    });
    let relations = model.relations.iter().map(|relation| check(model, relation));
    quote!(#key #(#foreign_keys)* #(#relations)*)
}

fn check(model: &Model, relation: &Relation) -> TokenStream {
    let Model { ident, krate, .. } = model;
    let is_foreign_key = |referring: &syn::Path, column: &syn::Path, referred: TokenStream| {
        quote_spanned! {column.span()=>
            const _: () = #krate::model::is_foreign_key::<#referring, #referred, { #column.index() }>();
        }
    };
    match &relation.kind {
        RelationKind::HasMany { model: other, column } => is_foreign_key(other, column, quote!(#ident)),
        RelationKind::HasOne { model: other, column } => {
            let is_key = is_foreign_key(other, column, quote!(#ident));
            let is_single = quote_spanned! {column.span()=>
                const _: () = <#other>::TABLE.check_single(#column.index());
            };
            quote!(#is_key #is_single)
        }
        RelationKind::ManyToMany { between, from, to, other } => {
            let own = is_foreign_key(between, from, quote!(#ident));
            let others = is_foreign_key(between, other, quote!(#to));
            quote!(#own #others)
        }
    }
}
