//! From the struct to the [`Model`].

use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, FieldsNamed, Ident};

use super::field::{self, InKeys, Parsed};
use super::ir::{Column, Generated, Index, IndexPart, Key, Model, Skipped};
use super::{hooks, indexes, json_index, keys, references, relations, table};
use crate::attribute;
use crate::errors::Errors;

/// Keys are compared and hashed, as tuples are up to the twelfth element.
const LONGEST_KEY: usize = 16;

/// The fields of a struct, sorted out.
#[derive(Default)]
struct Sorted {
    columns: Vec<Column>,
    skipped: Vec<Skipped>,
    primary_key: Vec<KeyColumn>,
    uniques: Vec<Key>,
    indexes: Vec<Index>,
}

/// A column of the primary key.
struct KeyColumn {
    place: u16,
    /// The `primary_key` that said so.
    word: Ident,
    /// A `unique` beside it.
    unique: Option<Ident>,
}

/// The model that a struct describes. Nothing where it can't be one at all; in any case, what is wrong is reported.
pub(super) fn model(input: &DeriveInput, errors: &mut Errors) -> Option<Model> {
    let fields = errors.keep(named_fields(input))?;
    let entries = attribute::entries(&input.attrs, "model", errors);
    let said = table::read(&entries, &input.ident, errors);
    let mut sorted = Sorted::default();
    for (field, ident) in fields.named.iter().filter_map(|field| Some((field, field.ident.as_ref()?))) {
        sorted.take(field::parse(&input.ident, ident, field, said.defaults, errors));
    }
    check_names(&mut sorted.columns, errors);
    check_primary_key(&sorted, &input.ident, errors);
    check_soft_delete(&sorted.columns, errors);
    check_tenant(&sorted.columns, errors);
    for entry in said.uniques {
        let word = entry.0.clone();
        if let Some(key) = keys::key(entry, &sorted.columns, &sorted.skipped, errors) {
            keys::add(&mut sorted.uniques, key, &word, errors);
        }
    }
    for entry in said.indexes {
        let word = entry.0.clone();
        if let Some(index) = indexes::index(entry, &input.ident, &sorted.columns, &sorted.skipped, errors) {
            indexes::add(&mut sorted.indexes, index, &word, errors);
        }
    }
    check_versions(&sorted, errors);
    let table = said.table.clone().unwrap_or_default();
    for entry in said.json_indexes {
        let word = entry.0.clone();
        let index = json_index::json_index(entry, &input.ident, &table, &sorted.columns, &sorted.skipped, errors);
        if let Some(index) = index {
            indexes::add(&mut sorted.indexes, index, &word, errors);
        }
    }
    let mut foreign_keys = Vec::new();
    for entry in said.foreign_keys {
        let word = entry.0.clone();
        if let Some(key) = references::foreign_key(entry, &input.ident, &sorted.columns, &sorted.skipped, errors) {
            references::add(&mut foreign_keys, key, &word, &sorted.columns, errors);
        }
    }
    let mut checks = Vec::new();
    for entry in said.checks {
        for check in keys::checks(entry, &input.ident, errors) {
            if checks.iter().any(|other: &super::ir::Check| other.name == check.name) {
                errors.at(&check.name, format!("there is another check called `{}`", check.name));
                continue;
            }
            checks.push(check);
        }
    }
    let relations: Vec<_> =
        said.relations.into_iter().flat_map(|entry| relations::relations(entry, &input.ident, errors)).collect();
    let hooks = said.hooks.map(|(_, inside)| hooks::hooks(inside, errors)).unwrap_or_default();
    Some(Model {
        hooks,
        ident: input.ident.clone(),
        visibility: input.vis.clone(),
        krate: said.krate,
        schema: said.schema,
        table,
        default: said.defaults,
        comment: said.comment,
        columns: sorted.columns,
        skipped: sorted.skipped,
        // Of a longer one it is said above.
        primary_key: sorted.primary_key.into_iter().take(LONGEST_KEY).map(|column| column.place).collect(),
        uniques: sorted.uniques,
        indexes: sorted.indexes,
        foreign_keys,
        checks,
        relations,
    })
}

fn named_fields(input: &DeriveInput) -> syn::Result<&FieldsNamed> {
    let name = &input.ident;
    let refuse = |message: String| Err(syn::Error::new_spanned(name, message));
    let fields = match &input.data {
        Data::Struct(data) => &data.fields,
        Data::Enum(_) => {
            return refuse("a model is a struct whose fields are the columns; an enum can't be one".into());
        }
        Data::Union(_) => {
            return refuse("a model is a struct whose fields are the columns; a union can't be one".into());
        }
    };
    if let Some(parameter) = input.generics.params.first() {
        let message = match parameter {
            syn::GenericParam::Lifetime(_) => "a model owns its values: use `String` for `&str`, `Vec<u8>` for `&[u8]`",
            _ => "a model can't be generic, since a table's columns have fixed types: write a struct for each table",
        };
        return Err(syn::Error::new_spanned(parameter, message));
    }
    match fields {
        Fields::Named(fields) => Ok(fields),
        Fields::Unnamed(_) => refuse(format!(
            "the fields of a model have names, which are those of the columns: `struct {name} {{ id: i64, … }}`"
        )),
        Fields::Unit => refuse(format!("a model has fields, which are its columns: `struct {name} {{ id: i64, … }}`")),
    }
}

impl Sorted {
    fn take(&mut self, parsed: Parsed) {
        let (column, InKeys { primary, unique, index }) = match parsed {
            Parsed::Column(column, keys) => (column, keys),
            Parsed::Skipped(skipped) => return self.skipped.push(skipped),
        };
        // A struct can't have so many fields that this fails.
        let place = u16::try_from(self.columns.len()).unwrap_or(u16::MAX);
        let single = || Key { name: None, columns: vec![place] };
        self.uniques.extend(unique.iter().map(|_| single()));
        self.primary_key.extend(primary.map(|word| KeyColumn { place, word, unique }));
        self.indexes.extend(index.map(|_| Index::single(place)));
        self.columns.push(*column);
    }
}

/// Databases do not tell `Name` from `name`.
fn check_names(columns: &mut [Column], errors: &mut Errors) {
    let mut rest = columns;
    let mut earlier: Vec<&Column> = Vec::new();
    while let Some((column, later)) = rest.split_first_mut() {
        rest = later;
        if let Some(other) = earlier.iter().find(|other| other.name.eq_ignore_ascii_case(&column.name)) {
            let same = if other.name == column.name { "" } else { ", as far as databases can tell" };
            errors.at(&column.field, format!("the column of `{}` is called `{}` too{same}", other.field, column.name));
        }
        let constant = |column: &Column| column.constant.as_ref().map(IdentExt::unraw);
        let is_taken = earlier.iter().any(|other| constant(other).is_some() && constant(other) == constant(column));
        if let Some(taken) = column.constant.take_if(|_| is_taken) {
            errors.at(&taken, format!("there is another column constant called `{taken}`"));
        }
        earlier.push(column);
    }
}

/// A row has one version, and is told from others by what stays.
fn check_versions(sorted: &Sorted, errors: &mut Errors) {
    let versions =
        sorted.columns.iter().zip(0_u16..).filter_map(|(column, place)| Some((column.version.as_ref()?, place)));
    for (word, place) in versions.clone() {
        let is_unique = |index: &Index| {
            index.unique && index.parts.iter().any(|part| matches!(part, IndexPart::Column(own, _) if *own == place))
        };
        if sorted.uniques.iter().any(|key| key.columns.contains(&place)) || sorted.indexes.iter().any(is_unique) {
            errors.at(
                word,
                "every update changes a `version`, so no row is told from others by it: leave it out of unique keys",
            );
        }
    }
    for (word, _) in versions.skip(1) {
        errors.at(word, "another field is the `version` already, and a row has one");
    }
}

fn check_soft_delete(columns: &[Column], errors: &mut Errors) {
    let words = columns.iter().filter_map(|column| column.soft_delete.as_ref());
    for word in words.skip(1) {
        errors.at(word, "one column says whether a row is deleted, and an earlier one does with `soft_delete`");
    }
}

fn check_tenant(columns: &[Column], errors: &mut Errors) {
    let words = columns.iter().filter_map(|column| column.tenant.as_ref());
    for word in words.skip(1) {
        errors.at(word, "one column says whose a row is, and an earlier one does with `tenant`");
    }
}

fn check_primary_key(sorted: &Sorted, model: &Ident, errors: &mut Errors) {
    match sorted.primary_key.as_slice() {
        [] => errors.at(
            model,
            format!(
                "`{model}` needs a primary key: put #[model(primary_key)] on a field, or #[model(primary_key, auto)] on \
                 an integer that the database is to number"
            ),
        ),
        [only] => {
            if let Some(unique) = &only.unique {
                errors.at(unique, "a primary key is unique by itself: leave `unique` out");
            }
        }
        several => {
            if let Some(next) = several.get(LONGEST_KEY) {
                errors.at(&next.word, format!("a primary key has at most {LONGEST_KEY} columns"));
            }
            for column in &sorted.columns {
                if let Generated::Auto(auto) = &column.generated {
                    errors.at(auto, "the database numbers only a primary key of one column, and this key has several");
                }
            }
        }
    }
}
