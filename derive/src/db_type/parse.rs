//! From the struct to the [`DbType`].

use proc_macro2::Span;
use syn::{Data, DeriveInput, Field, Fields, Index, Member, PathArguments, Type};

use super::ir::{DbType, Reading};
use crate::attribute;
use crate::errors::Errors;
use crate::suggest;

/// What a newtype can say, in the order in which messages list it.
const KEYS: [&str; 2] = ["try_from", "crate"];

/// The newtype as plain data. Nothing where it can't be one at all; in any case, what is wrong is reported.
pub(super) fn db_type(input: &DeriveInput, errors: &mut Errors) -> Option<DbType> {
    let (field, inner) = errors.keep(only_field(input))?;
    let mut parsed = DbType {
        ident: input.ident.clone(),
        krate: syn::parse_quote!(::creole),
        field,
        inner: inner.ty.clone(),
        reading: Reading::Direct,
    };
    let mut seen: Vec<String> = Vec::new();
    for entry in attribute::entries(&input.attrs, "db_type", errors) {
        let name = entry.name();
        if seen.contains(&name) {
            errors.at(&entry.key, format!("`{name}` is given twice for this type"));
            continue;
        }
        match name.as_str() {
            "try_from" => {
                entry.flag(errors);
                parsed.reading = Reading::Checked;
            }
            "crate" => {
                if let Some(path) = entry.path("crate = my_creole", errors) {
                    parsed.krate = path.clone();
                }
            }
            name => {
                let (near, known) = (suggest::did_you_mean(name, KEYS), suggest::list(KEYS));
                errors.at(&entry.key, format!("unknown attribute `{name}`{near}\na newtype can have {known}"));
            }
        }
        seen.push(name);
    }
    for entry in attribute::entries(&inner.attrs, "db_type", errors) {
        errors.at(&entry.key, format!("`{}` belongs on the struct, not on its field", entry.name()));
    }
    Some(parsed)
}

fn only_field(input: &DeriveInput) -> syn::Result<(Member, &Field)> {
    let name = &input.ident;
    let refuse = |message: String| Err(syn::Error::new_spanned(name, message));
    let fields = match &input.data {
        Data::Struct(data) => &data.fields,
        Data::Enum(_) => {
            return refuse("a newtype is a struct around one column type; an enum takes #[derive(DbEnum)]".into());
        }
        Data::Union(_) => return refuse("a newtype is a struct around one column type; a union can't be one".into()),
    };
    if let Some(parameter) = input.generics.params.first() {
        let message = "a newtype can't be generic, since its column has one type: write a struct for each type";
        return Err(syn::Error::new_spanned(parameter, message));
    }
    let count = fields.len();
    let mut all = fields.iter();
    let (Some(field), None) = (all.next(), all.next()) else {
        return refuse(format!(
            "a newtype has one field, the value of its column, and this has {count}: make each field a column of the \
             model, or keep them together in a `Json<{name}>`"
        ));
    };
    if is_option(&field.ty) {
        let message =
            format!("NULL is the model's to allow: leave the `Option` out here, and write `Option<{name}>` there");
        return Err(syn::Error::new_spanned(&field.ty, message));
    }
    let member = match fields {
        Fields::Named(_) => field.ident.clone().map(Member::Named),
        _ => None,
    };
    Ok((member.unwrap_or(Member::Unnamed(Index { index: 0, span: Span::call_site() })), field))
}

/// Whether the type is written as an `Option`; another name for one is found out by the compiler.
fn is_option(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path
        .segments
        .last()
        .is_some_and(|last| last.ident == "Option" && matches!(last.arguments, PathArguments::AngleBracketed(_)))
}
