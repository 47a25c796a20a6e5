//! From the struct to the [`JsonDoc`].

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, FieldsNamed, GenericArgument, Path, PathArguments, Type};

use super::ir::{Field, JsonDoc};
use super::serde::Said;
use crate::attribute;
use crate::case::Case;
use crate::errors::Errors;
use crate::suggest;

/// What a struct can say, in the order in which messages list it.
const KEYS: [&str; 1] = ["crate"];

/// The struct as plain data. Nothing where it can't be a document with fields at all; in any case, what is wrong is reported.
pub(super) fn json_doc(input: &DeriveInput, errors: &mut Errors) -> Option<JsonDoc> {
    let fields = errors.keep(named_fields(input))?;
    let krate = krate(input, errors);
    let said = Said::of(&input.attrs);
    for word in ["transparent", "into"] {
        if let Some(meta) = said.find(word) {
            let message =
                format!("by `{word}` the struct is not written as an object with its fields: look into it by `at(…)`");
            errors.at(meta, message);
        }
    }
    let case = said.text("rename_all").and_then(|name| Case::named(&name.value()).ok()).unwrap_or(Case::Snake);
    let flattened = flattened(fields);
    let fields = fields.named.iter().filter_map(|field| read(field, case)).collect();
    Some(JsonDoc { ident: input.ident.clone(), generics: input.generics.clone(), krate, fields, flattened })
}

fn named_fields(input: &DeriveInput) -> syn::Result<&FieldsNamed> {
    let refuse = |message: &str| Err(syn::Error::new_spanned(&input.ident, message));
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Ok(fields),
            _ => refuse(
                "a document has keys, and this struct's fields have no names: look into it by `at(0)` or `at(\"…\")`",
            ),
        },
        Data::Enum(_) => refuse(
            "the keys of a document are the fields of a struct, and this is an enum: look into it by `at(\"…\")`",
        ),
        Data::Union(_) => refuse("the keys of a document are the fields of a struct, and this is a union"),
    }
}

fn krate(input: &DeriveInput, errors: &mut Errors) -> Path {
    let mut krate = syn::parse_quote!(::creole);
    for entry in attribute::entries(&input.attrs, "json_doc", errors) {
        match entry.name().as_str() {
            "crate" => {
                if let Some(path) = entry.path("crate = my_creole", errors) {
                    krate = path.clone();
                }
            }
            name => {
                let (near, known) = (suggest::did_you_mean(name, KEYS), suggest::list(KEYS));
                let message = format!(
                    "unknown attribute `{name}`{near}\na document can have {known}; keys are renamed by #[serde(…)]"
                );
                errors.at(&entry.key, message);
            }
        }
    }
    krate
}

/// The types that have their keys in the document itself, each once.
fn flattened(fields: &FieldsNamed) -> Vec<Type> {
    let mut flattened: Vec<Type> = Vec::new();
    let text = |ty: &Type| ty.to_token_stream().to_string();
    for field in fields.named.iter().filter(|field| Said::of(&field.attrs).has(&["flatten"])) {
        let ty = without_option(&field.ty);
        if flattened.iter().all(|other| text(other) != text(ty)) {
            flattened.push(ty.clone());
        }
    }
    flattened
}

/// A field that is a key. What serde leaves out is none, and what it flattens has its keys in the document itself.
fn read(field: &syn::Field, case: Case) -> Option<Field> {
    let ident = field.ident.clone()?;
    let said = Said::of(&field.attrs);
    if said.has(&["skip", "skip_serializing", "flatten"]) {
        return None;
    }
    let renamed = said.text("rename").map(|name| name.value());
    let key = renamed.unwrap_or_else(|| case.apply_to_field(&ident.unraw().to_string()));
    let has_own_form = said.has(&["with", "serialize_with"]);
    let docs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect();
    let holds = (!has_own_form).then(|| without_option(&field.ty).clone());
    Some(Field { ident, visibility: field.vis.clone(), docs, key, holds })
}

/// What is there where something is. Another name for an `Option` is not seen to be one.
fn without_option(ty: &Type) -> &Type {
    let Type::Path(path) = ty else { return ty };
    let Some(last) = path.path.segments.last().filter(|last| last.ident == "Option") else { return ty };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return ty };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) => inner,
        _ => ty,
    }
}
