//! From the enum to the [`DbEnum`].

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Data, DataEnum, DeriveInput, Fields, Ident, LitStr, Path};

use super::ir::{DbEnum, Native, Variant};
use crate::attribute::{self, Entry};
use crate::case::Case;
use crate::errors::Errors;
use crate::suggest;

/// What an enum can say, in the order in which messages list it.
const KEYS: [&str; 5] = ["rename_all", "native", "name", "schema", "crate"];

/// What a variant can say.
const VARIANT_KEYS: [&str; 1] = ["rename"];

/// The longest label, in characters: MySQL's enums have room for no more.
const LONGEST_LABEL: usize = 255;

/// How many bytes PostgreSQL keeps of a label and of a type's name.
const LONGEST_NATIVE: usize = 63;

/// The `#[db_enum(…)]` of the enum, each with the key that errors about it point at.
struct Attributes {
    case: Case,
    native: Option<Ident>,
    name: Option<(Ident, String)>,
    schema: Option<(Ident, String)>,
    krate: Path,
}

/// The enum as plain data. Nothing where it can't be one at all; in any case, what is wrong is reported.
pub(super) fn db_enum(input: &DeriveInput, errors: &mut Errors) -> Option<DbEnum> {
    let data = errors.keep(fieldless(input))?;
    let entries = attribute::entries(&input.attrs, "db_enum", errors);
    let attributes = read(&entries, errors);
    let native = native(&attributes, &input.ident, errors);
    let mut variants: Vec<Variant> = Vec::new();
    for variant in &data.variants {
        let (label, span) = label(variant, attributes.case, errors);
        let place = LitStr::new(&label, span);
        if let Some(reason) = refusal(&label, native.is_some()) {
            errors.at(&place, format!("the label of `{}` {reason}: #[db_enum(rename = \"…\")]", variant.ident));
        }
        if let Some(other) = variants.iter().find(|other| other.label == label) {
            errors.at(&place, format!("`{}` has the label \"{label}\" already: give this one another", other.ident));
        }
        variants.push(Variant { ident: variant.ident.clone(), label });
    }
    Some(DbEnum { ident: input.ident.clone(), krate: attributes.krate, variants, native })
}

fn fieldless(input: &DeriveInput) -> syn::Result<&DataEnum> {
    let name = &input.ident;
    let refuse = |message: &str| Err(syn::Error::new_spanned(name, message));
    let data = match &input.data {
        Data::Enum(data) => data,
        Data::Struct(_) => {
            return refuse(
                "the labels are the variants of an enum, and this is a struct; a newtype takes #[derive(DbType)]",
            );
        }
        Data::Union(_) => return refuse("the labels are the variants of an enum, and this is a union"),
    };
    if let Some(parameter) = input.generics.params.first() {
        return Err(syn::Error::new_spanned(parameter, "an enum with a fixed list of labels can't be generic"));
    }
    if data.variants.is_empty() {
        return refuse("an enum without variants has no labels: give it at least one");
    }
    let mut with_fields = data.variants.iter().filter(|variant| !matches!(variant.fields, Fields::Unit));
    let Some(first) = with_fields.next() else { return Ok(data) };
    let message = |variant: &syn::Variant| {
        let message =
            "a label has no room for fields: keep them in columns of their own, or the whole enum in a `Json<…>`";
        syn::Error::new_spanned(variant, message)
    };
    let mut errors = message(first);
    with_fields.for_each(|variant| errors.combine(message(variant)));
    Err(errors)
}

fn read(entries: &[Entry], errors: &mut Errors) -> Attributes {
    let mut attributes =
        Attributes { case: Case::Pascal, native: None, name: None, schema: None, krate: syn::parse_quote!(::creole) };
    let mut seen: Vec<String> = Vec::new();
    for entry in entries {
        let name = entry.name();
        if seen.contains(&name) {
            errors.at(&entry.key, format!("`{name}` is given twice for this enum"));
            continue;
        }
        read_one(&mut attributes, entry, &name, errors);
        seen.push(name);
    }
    attributes
}

fn read_one(attributes: &mut Attributes, entry: &Entry, name: &str, errors: &mut Errors) {
    match name {
        "rename_all" => {
            let Some(text) = entry.text("rename_all = \"snake_case\"", errors) else { return };
            match Case::named(&text.value()) {
                Ok(case) => attributes.case = case,
                Err(message) => errors.at(text, message),
            }
        }
        "native" => {
            entry.flag(errors);
            attributes.native = Some(entry.key.clone());
        }
        "name" => attributes.name = type_name(entry, "name = \"mood\"", errors),
        "schema" => attributes.schema = type_name(entry, "schema = \"shop\"", errors),
        "crate" => {
            if let Some(path) = entry.path("crate = my_creole", errors) {
                attributes.krate = path.clone();
            }
        }
        "rename" => errors.at(&entry.key, "`rename` belongs on a variant; for all of them there is `rename_all`"),
        _ => {
            let (near, known) = (suggest::did_you_mean(name, KEYS), suggest::list(KEYS));
            errors.at(&entry.key, format!("unknown attribute `{name}`{near}\nan enum can have {known}"));
        }
    }
}

fn type_name(entry: &Entry, example: &str, errors: &mut Errors) -> Option<(Ident, String)> {
    let text = entry.text(example, errors)?;
    let name = text.value();
    if name.is_empty() || name.len() > LONGEST_NATIVE || name.contains('\0') {
        errors.at(text, format!("a name has 1 to {LONGEST_NATIVE} bytes, none of them NUL"));
        return None;
    }
    Some((entry.key.clone(), name))
}

fn native(attributes: &Attributes, ident: &Ident, errors: &mut Errors) -> Option<Native> {
    let name = attributes.name.as_ref().map(|(_, name)| name.clone());
    let schema = attributes.schema.as_ref().map(|(_, name)| name.clone());
    if attributes.native.is_some() {
        // What PostgreSQL's own tools would call it.
        let likely = || Case::Snake.apply_to_variant(&ident.unraw().to_string());
        return Some(Native { schema, name: name.unwrap_or_else(likely) });
    }
    for (key, _) in [&attributes.name, &attributes.schema].into_iter().flatten() {
        errors.at(key, format!("`{key}` is about a type of the database's own: add `native`"));
    }
    None
}

/// The variant's label, and where errors about it point.
fn label(variant: &syn::Variant, case: Case, errors: &mut Errors) -> (String, Span) {
    let mut given = None;
    for entry in attribute::entries(&variant.attrs, "db_enum", errors) {
        match entry.name().as_str() {
            "rename" if given.is_some() => errors.at(&entry.key, "`rename` is given twice for this variant"),
            "rename" => given = entry.text("rename = \"a label\"", errors),
            name if KEYS.contains(&name) => {
                errors.at(&entry.key, format!("`{name}` belongs on the enum, not on a variant"));
            }
            name => {
                let (near, known) = (suggest::did_you_mean(name, VARIANT_KEYS), suggest::list(VARIANT_KEYS));
                errors.at(&entry.key, format!("unknown attribute `{name}`{near}\na variant can have {known}"));
            }
        }
    }
    match given {
        Some(text) => (text.value(), text.span()),
        None => (case.apply_to_variant(&variant.ident.unraw().to_string()), variant.ident.span()),
    }
}

/// Why a database can't have this label.
fn refusal(label: &str, is_native: bool) -> Option<String> {
    if label.is_empty() {
        return Some("is empty, which MySQL takes for a mistake".into());
    }
    if label.ends_with(' ') || label.contains('\0') {
        return Some("ends in a space or has a NUL character, which databases cut off or refuse".into());
    }
    if label.chars().count() > LONGEST_LABEL {
        return Some(format!("has more than {LONGEST_LABEL} characters"));
    }
    if is_native && label.len() > LONGEST_NATIVE {
        return Some(format!("has {} bytes, and PostgreSQL's enums have room for {LONGEST_NATIVE}", label.len()));
    }
    None
}
