//! The constants of relations, and the foreign keys that they lead by, as types.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Ident, Path};

use super::super::ir::{Column, Leaving, Model, Referring, Relation, RelationKind};
use super::super::references::LONGEST_LIST;

/// A foreign key of the model, whether a field said so or the struct.
struct Key<'m> {
    places: Vec<u16>,
    columns: Vec<&'m Column>,
    target: &'m Path,
    references: &'m [Path],
    belongs_to: Option<&'m Ident>,
}

/// The constants.
pub(super) fn constants(model: &Model) -> TokenStream {
    let of_struct = model.relations.iter().map(|relation| constant(model, relation));
    let of_keys = keys(model).filter_map(|key| {
        let Model { ident, visibility, krate, .. } = model;
        let (name, target, list, null) = (key.belongs_to?, key.target, key.list(), key.null(model));
        let fields: Vec<String> = key.columns.iter().map(|column| format!("`{}`", column.field)).collect();
        let refer = if fields.len() == 1 { "refers" } else { "refer" };
        let docs = format!("The row that {} {refer} to.", fields.join(", "));
        Some(quote_spanned! {name.span()=>
            #[doc = #docs]
            #visibility const #name: #krate::model::Relation<#ident, #target, #null> =
                #krate::model::Relation::belongs_to::<#list>();
        })
    });
    quote!(#(#of_struct)* #(#of_keys)*)
}

fn constant(model: &Model, relation: &Relation) -> TokenStream {
    let Model { ident, visibility, krate, .. } = model;
    let name = &relation.name;
    let own = quote!(#ident);
    let owned = (relation.leaving == Leaving::Deleted).then(|| quote!(.owned()));
    match &relation.kind {
        RelationKind::HasMany(Referring { model: other, columns }) => {
            let key = foreign_key(model, other, columns, &own);
            quote_spanned! {name.span()=>
                /// The rows that refer to this one.
                #visibility const #name: #krate::model::Relation<#ident, #other, #krate::model::Many> =
                    #krate::model::Relation::has_many(#key)#owned;
            }
        }
        RelationKind::HasOne(Referring { model: other, columns }) => {
            let key = foreign_key(model, other, columns, &own);
            quote_spanned! {name.span()=>
                /// The one row that refers to this one.
                #visibility const #name: #krate::model::Relation<#ident, #other, #krate::types::Nullable> =
                    #krate::model::Relation::has_one(#key)#owned;
            }
        }
        RelationKind::ManyToMany { from: Referring { model: between, columns }, to, other } => {
            let (key, other) =
                (foreign_key(model, between, columns, &own), foreign_key(model, between, other, &quote!(#to)));
            quote_spanned! {name.span()=>
                /// The rows that belong together with this one by a table between.
                #visibility const #name: #krate::model::Relation<#ident, #to, #krate::model::Many> =
                    #krate::model::Relation::many_to_many(#key, #other);
            }
        }
    }
}

/// The foreign key that another model has, to which the columns in `paths` must belong.
fn foreign_key(model: &Model, referring: &Path, paths: &[Path], referred: &TokenStream) -> TokenStream {
    let krate = &model.krate;
    let indexes = indexes(model, referring, paths);
    quote_spanned! {referring.span()=>
        #krate::model::foreign_key::<#referring, #referred, { #krate::model::column_list(&[#(#indexes),*]) }>()
    }
}

/// The indexes of columns, which the compiler checks to be columns of the model called `of`.
fn indexes<'m>(model: &'m Model, of: &'m Path, paths: &'m [Path]) -> impl Iterator<Item = TokenStream> + 'm {
    let krate = &model.krate;
    paths.iter().map(move |path| quote_spanned!(path.span()=> #krate::model::Column::<#of, _>::index(#path)))
}

/// The relations with their names, as data.
pub(super) fn named(model: &Model) -> impl Iterator<Item = TokenStream> {
    let Model { ident, krate, .. } = model;
    let of_struct = model.relations.iter().map(|relation| &relation.name);
    of_struct.chain(keys(model).filter_map(|key| key.belongs_to)).map(move |name| {
        let path = format!("{}::{}", ident.unraw(), name.unraw());
        quote!(#krate::model::NamedRelation::new(#path, #ident::#name))
    })
}

/// The foreign keys as types, and the check that at most one row leads back to this one where a relation says so.
pub(super) fn checks(model: &Model) -> TokenStream {
    let Model { ident, krate, .. } = model;
    let foreign_keys = keys(model).filter(|key| key.places.len() <= LONGEST_LIST).map(|key| {
        let (target, list, null, places) = (key.target, key.list(), key.null(model), &key.places);
        let references = indexes(model, target, key.references);
        quote! {
            #[automatically_derived]
            impl #krate::model::ForeignKeyTo<#target, #list> for #ident {
                type Null = #null;
                const COLUMNS: &'static [u16] = &[#(#places),*];
                const REFERENCES: &'static [u16] = &[#(#references),*];
            }
        }
    });
    let singles = model.relations.iter().filter_map(|relation| {
        let RelationKind::HasOne(Referring { model: other, columns }) = &relation.kind else { return None };
        let indexes = indexes(model, other, columns);
        Some(quote_spanned! {other.span()=>
            const _: () = <#other>::TABLE.check_single(&[#(#indexes),*]);
        })
    });
    quote!(#(#foreign_keys)* #(#singles)*)
}

fn keys(model: &Model) -> impl Iterator<Item = Key<'_>> {
    let of_fields = model.columns.iter().zip(0_u16..).filter_map(|(column, place)| {
        let reference = column.references.as_ref()?;
        Some(Key {
            places: vec![place],
            columns: vec![column],
            target: &reference.model,
            references: std::slice::from_ref(&reference.column),
            belongs_to: column.belongs_to.as_ref(),
        })
    });
    let of_struct = model.foreign_keys.iter().map(|key| Key {
        places: key.columns.clone(),
        columns: key.columns.iter().filter_map(|&place| model.columns.get(usize::from(place))).collect(),
        target: &key.model,
        references: &key.references,
        belongs_to: key.belongs_to.as_ref(),
    });
    of_fields.chain(of_struct)
}

impl Key<'_> {
    /// Its columns as a number, as `column_list` in the core makes it.
    fn list(&self) -> u128 {
        self.places.iter().rev().fold(0, |list, &place| (list << 16) | (u128::from(place) + 1))
    }

    /// Whether one of its columns may be NULL, as a type.
    fn null(&self, model: &Model) -> TokenStream {
        let krate = &model.krate;
        let each = self.columns.iter().map(|Column { ty, .. }| quote!(<#ty as #krate::types::SqlType>::Null));
        each.reduce(|one, other| quote!(<#one as #krate::types::Nullability>::Or<#other>)).unwrap_or_default()
    }
}
