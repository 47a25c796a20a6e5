//! The `#[model(…)]` of the struct.

use proc_macro2::TokenStream;
use syn::{Ident, Path};

use super::ir::Defaults;
use super::names;
use crate::attribute::{Entry, Value};
use crate::errors::Errors;
use crate::suggest;

/// What a struct can say, in the order in which messages list it.
pub(super) const KEYS: [&str; 15] = [
    "table",
    "schema",
    "default",
    "index",
    "unique",
    "unique_index",
    "json_index",
    "foreign_key",
    "has_many",
    "has_one",
    "many_to_many",
    "check",
    "hooks",
    "comment",
    "crate",
];

/// Those of them that may be given several times.
const LISTS: [&str; 9] =
    ["index", "unique", "unique_index", "json_index", "foreign_key", "has_many", "has_one", "many_to_many", "check"];

/// What the struct says of its table.
pub(super) struct Attributes {
    pub(super) table: Option<String>,
    pub(super) schema: Option<String>,
    pub(super) defaults: Defaults,
    pub(super) krate: Path,
    pub(super) comment: Option<String>,
    /// The inside of each `index(…)` and `unique_index(…)`.
    pub(super) indexes: Vec<(Ident, TokenStream)>,
    /// The inside of each `json_index(…)`.
    pub(super) json_indexes: Vec<(Ident, TokenStream)>,
    /// The inside of each `unique(…)`.
    pub(super) uniques: Vec<(Ident, TokenStream)>,
    /// The inside of each `foreign_key(…)`.
    pub(super) foreign_keys: Vec<(Ident, TokenStream)>,
    /// The inside of each `check(…)`.
    pub(super) checks: Vec<(Ident, TokenStream)>,
    /// The inside of each `has_many(…)`, `has_one(…)` and `many_to_many(…)`.
    pub(super) relations: Vec<(Ident, TokenStream)>,
    /// The inside of `hooks(…)`.
    pub(super) hooks: Option<(Ident, TokenStream)>,
}

/// Reads the entries of the struct called `model`.
pub(super) fn read(entries: &[Entry], model: &Ident, errors: &mut Errors) -> Attributes {
    let mut attributes = Attributes {
        table: None,
        schema: None,
        defaults: Defaults::Own,
        krate: syn::parse_quote!(::creole),
        comment: None,
        indexes: Vec::new(),
        json_indexes: Vec::new(),
        uniques: Vec::new(),
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        relations: Vec::new(),
        hooks: None,
    };
    let mut seen: Vec<String> = Vec::new();
    for entry in entries {
        let name = entry.name();
        let repeats = LISTS.contains(&name.as_str());
        if !repeats && seen.contains(&name) {
            errors.at(&entry.key, format!("`{name}` is given twice for this struct"));
            continue;
        }
        read_one(&mut attributes, entry, &name, errors);
        seen.push(name);
    }
    if !seen.iter().any(|name| name == "table" || suggest::nearest(name, KEYS) == Some("table")) {
        let likely = names::likely_table(model);
        errors.at(model, format!("`{model}` needs the name of its table: #[model(table = \"{likely}\")]"));
    }
    attributes
}

fn read_one(attributes: &mut Attributes, entry: &Entry, name: &str, errors: &mut Errors) {
    match name {
        "table" => {
            let text = entry.text("table = \"products\"", errors);
            attributes.table = text.and_then(|text| names::database_name(&text, "the table", errors));
        }
        "schema" => {
            let text = entry.text("schema = \"shop\"", errors);
            attributes.schema = text.and_then(|text| names::database_name(&text, "the schema", errors));
        }
        "default" => {
            entry.flag(errors);
            attributes.defaults = Defaults::Derived;
        }
        "crate" => {
            if let Some(path) = entry.path("crate = my_creole", errors) {
                attributes.krate = path.clone();
            }
        }
        "index" => attributes.indexes.extend(list(entry, "index(category, price)", errors)),
        "unique_index" => attributes.indexes.extend(list(entry, "unique_index(tenant, email)", errors)),
        "json_index" => {
            attributes.json_indexes.extend(list(entry, "json_index(settings.theme: String)", errors));
        }
        "foreign_key" => {
            let example = "foreign_key(warehouse, item, references = (Stock::warehouse, Stock::item))";
            attributes.foreign_keys.extend(list(entry, example, errors));
        }
        "has_many" | "has_one" | "many_to_many" => {
            attributes.relations.extend(list(entry, super::relations::example(name), errors));
        }
        "hooks" => attributes.hooks = list(entry, super::hooks::EXAMPLE, errors),
        "comment" => attributes.comment = names::comment(entry, errors),
        "unique" => attributes.uniques.extend(list(entry, "unique(tenant, email)", errors)),
        "check" => attributes.checks.extend(list(entry, "check(price_not_negative = Product::price.ge(0))", errors)),
        _ if super::field::KEYS.contains(&name) => {
            errors.at(&entry.key, format!("`{name}` belongs on a field, not on the struct"));
        }
        _ => {
            let (near, known) = (suggest::did_you_mean(name, KEYS), suggest::list(KEYS));
            errors.at(&entry.key, format!("unknown attribute `{name}`{near}\na struct can have {known}"));
            // The rest of the model is read as though it had been spelled right.
            if let Some(meant) = suggest::nearest(name, KEYS).filter(|meant| *meant != name) {
                read_one(attributes, entry, meant, errors);
            }
        }
    }
}

fn list(entry: &Entry, example: &str, errors: &mut Errors) -> Option<(Ident, TokenStream)> {
    match &entry.value {
        Value::List(inside) if !inside.is_empty() => Some((entry.key.clone(), inside.clone())),
        _ => {
            errors.at(&entry.key, format!("on the struct, `{}` takes a list: `{example}`", entry.name()));
            None
        }
    }
}
