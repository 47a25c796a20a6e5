//! One field: its `#[model(…)]`, and the column that comes of it.

use syn::ext::IdentExt;
use syn::{Expr, ExprLit, ExprPath, Field, Ident, Lit, LitInt, Path};

use super::ir::{Collation, Column, Defaults, Generated, Reference, Size, Skipped, Storage};
use super::on_update::OnUpdate;
use super::server_default::ServerDefault;
use super::{names, references};
use crate::attribute::{self, Entry, Value};
use crate::errors::Errors;
use crate::suggest;

/// What a field can say, in the order in which messages list it.
pub(super) const KEYS: [&str; 25] = [
    "primary_key",
    "auto",
    "unique",
    "index",
    "length",
    "precision",
    "scale",
    "exact_time",
    "version",
    "sqlite",
    "default",
    "server_default",
    "references",
    "on_delete",
    "on_update",
    "created",
    "soft_delete",
    "tenant",
    "belongs_to",
    "case_insensitive",
    "collation",
    "comment",
    "column",
    "name",
    "skip",
];

pub(super) const ACTIONS: [&str; 4] = ["cascade", "set_null", "set_default", "restrict"];

/// What became of a field.
pub(super) enum Parsed {
    /// It is a column.
    Column(Box<Column>, InKeys),
    /// It is left out.
    Skipped(Skipped),
}

/// The keys that a field belongs to by itself; each is the word that said so, for errors to point at.
pub(super) struct InKeys {
    /// `primary_key`
    pub(super) primary: Option<Ident>,
    /// `unique`
    pub(super) unique: Option<Ident>,
    /// `index`
    pub(super) index: Option<Ident>,
}

/// The attributes of one field, each with the key that errors about it point at.
#[derive(Default)]
struct Attributes {
    /// Every key that was there, whether or not its value made sense.
    given: Vec<String>,
    primary_key: Option<Ident>,
    auto: Option<Ident>,
    unique: Option<Ident>,
    index: Option<Ident>,
    length: Option<LitInt>,
    precision: Option<LitInt>,
    scale: Option<LitInt>,
    exact_time: Option<Ident>,
    version: Option<Ident>,
    sqlite: Option<Storage>,
    default: Option<(Ident, Option<Expr>)>,
    server_default: Option<(Ident, ServerDefault)>,
    references: Option<Path>,
    on_delete: Option<(Ident, Ident)>,
    on_update: Option<OnUpdate>,
    created: Option<Ident>,
    soft_delete: Option<Ident>,
    tenant: Option<Ident>,
    belongs_to: Option<Ident>,
    case_insensitive: Option<Ident>,
    collation: Option<Collation>,
    comment: Option<String>,
    column: Option<String>,
    name: Option<Ident>,
    skip: Option<Ident>,
}

/// Parses a field of `model` that is called `ident`.
pub(super) fn parse(model: &Ident, ident: &Ident, field: &Field, defaults: Defaults, errors: &mut Errors) -> Parsed {
    let entries = attribute::entries(&field.attrs, "model", errors);
    let attributes = read(&entries, errors);
    if let Some(skip) = &attributes.skip {
        if let Some(other) = entries.iter().find(|entry| entry.key != *skip) {
            errors.at(&other.key, format!("a field with `skip` is not a column, so it has no `{}`", other.name()));
        }
        return Parsed::Skipped(Skipped { field: ident.clone(), ty: field.ty.clone() });
    }
    check(&attributes, defaults, errors);
    let on_update = attributes.on_update.as_ref().and_then(OnUpdate::value).cloned();
    let constant = attributes.name.clone().unwrap_or_else(|| ident.clone());
    let column = Column {
        constant: names::constant(constant, attributes.name.is_some(), defaults, errors),
        visibility: field.vis.clone(),
        docs: field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect(),
        ty: field.ty.clone(),
        name: column_name(ident, attributes.column, errors),
        size: match (attributes.length, attributes.precision, attributes.scale) {
            (Some(length), None, None) => Size::Length(length),
            (None, Some(precision), Some(scale)) => Size::Precision(precision, scale),
            _ => Size::Whole,
        },
        exact_time: attributes.exact_time,
        version: attributes.version,
        storage: attributes.sqlite,
        generated: match (attributes.auto, attributes.server_default) {
            (Some(auto), _) => Generated::Auto(auto),
            (None, Some((_, default))) => Generated::ServerDefault(default),
            (None, None) => Generated::No,
        },
        default: attributes.default.and_then(|(_, value)| value),
        on_update,
        created: attributes.created,
        soft_delete: attributes.soft_delete,
        tenant: attributes.tenant,
        collation: match (attributes.collation, attributes.case_insensitive) {
            (Some(collation), _) => collation,
            (None, Some(word)) => Collation::CaseInsensitive(word),
            (None, None) => Collation::Binary(None),
        },
        comment: attributes.comment,
        belongs_to: attributes.belongs_to,
        references: attributes.references.and_then(|path| {
            let on_delete = attributes.on_delete.map(|(_, action)| action);
            let on_update = attributes.on_update.as_ref().and_then(OnUpdate::action).cloned();
            reference(path, model, on_delete, on_update, errors)
        }),
        field: ident.clone(),
    };
    let keys = InKeys { primary: attributes.primary_key, unique: attributes.unique, index: attributes.index };
    Parsed::Column(Box::new(column), keys)
}

fn read(entries: &[Entry], errors: &mut Errors) -> Attributes {
    let mut attributes = Attributes::default();
    for entry in entries {
        let name = entry.name();
        if attributes.given.contains(&name) {
            errors.at(&entry.key, format!("`{name}` is given twice for this field"));
            continue;
        }
        read_one(&mut attributes, entry, &name, errors);
        attributes.given.push(name);
    }
    attributes
}

fn read_one(attributes: &mut Attributes, entry: &Entry, name: &str, errors: &mut Errors) {
    let key = || entry.key.clone();
    let flag = |errors: &mut Errors| {
        entry.flag(errors);
        Some(key())
    };
    match name {
        "primary_key" => attributes.primary_key = flag(errors),
        "auto" => attributes.auto = flag(errors),
        "unique" => attributes.unique = flag(errors),
        "index" => attributes.index = flag(errors),
        "skip" => attributes.skip = flag(errors),
        "length" => attributes.length = entry.number("length = 100", 1, 10_485_760, errors),
        "precision" => attributes.precision = entry.number("precision = 12, scale = 2", 1, 28, errors),
        "scale" => attributes.scale = entry.number("precision = 12, scale = 2", 0, 28, errors),
        "exact_time" => attributes.exact_time = flag(errors),
        "version" => attributes.version = flag(errors),
        "sqlite" => attributes.sqlite = storage(entry, errors),
        "default" => {
            let value = match &entry.value {
                Value::Flag => None,
                _ => entry.expression("default = true", errors).cloned(),
            };
            attributes.default = Some((key(), value));
        }
        "server_default" => {
            attributes.server_default = ServerDefault::read(entry, errors).map(|default| (key(), default));
        }
        "references" => attributes.references = entry.path("references = User::id", errors).cloned(),
        "on_delete" => attributes.on_delete = action(entry, errors).map(|action| (key(), action)),
        "on_update" => attributes.on_update = OnUpdate::read(entry, errors),
        "created" => attributes.created = flag(errors),
        "soft_delete" => attributes.soft_delete = flag(errors),
        "tenant" => attributes.tenant = flag(errors),
        "belongs_to" => attributes.belongs_to = entry.word("belongs_to = user", errors),
        "case_insensitive" => attributes.case_insensitive = flag(errors),
        "collation" => attributes.collation = collation(entry, errors),
        "comment" => attributes.comment = names::comment(entry, errors),
        "column" => {
            let text = entry.text("column = \"other_name\"", errors);
            attributes.column = text.and_then(|text| names::database_name(&text, "the column", errors));
        }
        "name" => attributes.name = entry.word("name = other_name", errors),
        _ if super::table::KEYS.contains(&name) => {
            errors.at(&entry.key, format!("`{name}` belongs on the struct, not on a field"));
        }
        _ => {
            let (near, known) = (suggest::did_you_mean(name, KEYS), suggest::list(KEYS));
            errors.at(&entry.key, format!("unknown attribute `{name}`{near}\na field can have {known}"));
            // The rest of the model is read as though it had been spelled right.
            if let Some(meant) = suggest::nearest(name, KEYS).filter(|meant| *meant != name) {
                read_one(attributes, entry, meant, errors);
            }
        }
    }
}

fn action(entry: &Entry, errors: &mut Errors) -> Option<Ident> {
    let example = format!("{} = cascade", entry.name());
    let action = entry.word(&example, errors)?;
    known_action(&action, errors).then_some(action)
}

/// Whether this is an action; if not, that is reported.
pub(super) fn known_action(action: &Ident, errors: &mut Errors) -> bool {
    let name = action.to_string();
    if ACTIONS.contains(&name.as_str()) {
        return true;
    }
    let near = suggest::did_you_mean(&name, ACTIONS);
    errors.at(action, format!("`{name}` is no such action{near}\nthere are {}", suggest::list(ACTIONS)));
    false
}

fn storage(entry: &Entry, errors: &mut Errors) -> Option<Storage> {
    let word = entry.word("sqlite = scaled_integer", errors)?;
    if word == "scaled_integer" {
        return Some(Storage::ScaledInteger(word));
    }
    if word == "text" {
        return Some(Storage::Text(word));
    }
    let near = suggest::did_you_mean(&word.to_string(), ["scaled_integer", "text"]);
    errors.at(&word, format!("`sqlite` is `scaled_integer`, for a decimal, or `text`, for a UUID{near}"));
    None
}

/// `binary` and `case_insensitive` are creole's own words, and a text is the database's name for one.
fn collation(entry: &Entry, errors: &mut Errors) -> Option<Collation> {
    const EXAMPLE: &str = "collation = case_insensitive";
    match entry.expression(EXAMPLE, errors)? {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
            names::database_name(text, "the collation", errors).map(|_| Collation::Named(text.clone()))
        }
        Expr::Path(ExprPath { qself: None, path, .. }) if path.is_ident("binary") => {
            Some(Collation::Binary(path.get_ident().cloned()))
        }
        Expr::Path(ExprPath { qself: None, path, .. }) if path.is_ident("case_insensitive") => {
            path.get_ident().cloned().map(Collation::CaseInsensitive)
        }
        other => {
            let message = format!(
                "`collation` is `binary` or `case_insensitive`, which mean the same on every backend, or in quotes the name \
                 of one of the database's own: `{EXAMPLE}`"
            );
            errors.at(other, message);
            None
        }
    }
}

/// What does not go together.
fn check(attributes: &Attributes, defaults: Defaults, errors: &mut Errors) {
    if let Some(auto) = &attributes.auto {
        if attributes.primary_key.is_none() {
            errors.at(auto, "only a primary key is numbered by the database: write `primary_key, auto`");
        }
        if let Some((default, _)) = &attributes.default {
            errors
                .at(default, "the database numbers an `auto` column, so it has no `default`; a new value starts as 0");
        }
        if let Some((default, _)) = &attributes.server_default {
            errors.at(default, "the database numbers an `auto` column, so it has no `server_default`");
        }
    }
    if let Some((default, _)) = attributes.default.as_ref().filter(|_| defaults == Defaults::Own) {
        errors.at(default, "this `default` would have no effect: add `default` to the struct's #[model(…)], and the derive writes `impl Default`");
    }
    check_size(attributes, errors);
    check_version(attributes, errors);
    if let (Some(storage), Some((default, said))) = (&attributes.sqlite, &attributes.server_default)
        && said.is_sql()
    {
        let word = storage.word();
        errors.at(
            default,
            format!("`server_default` is one SQL for every backend, and with `sqlite = {word}` SQLite would take it for another value: write it without quotes, as in `server_default = 1.50`, or one SQL for each"),
        );
    }
    if let (Some(word), Some(_)) = (&attributes.case_insensitive, &attributes.collation) {
        errors.at(word, "`case_insensitive` is a collation, so it does not go together with `collation`");
    }
    let on_update = attributes.on_update.as_ref();
    if let Some(on_update) = on_update {
        on_update.check(attributes.primary_key.is_some(), attributes.references.is_some(), errors);
    }
    check_stamps(attributes, errors);
    check_tenant(attributes, errors);
    let on_delete = attributes.on_delete.as_ref();
    for action in on_delete.map(|(_, action)| action).into_iter().chain(on_update.and_then(OnUpdate::action)) {
        if action == "set_default" && attributes.server_default.is_none() {
            errors.at(action, "`set_default` needs a default in the database: add `server_default`");
        }
    }
    if attributes.references.is_none() {
        if let Some(name) = &attributes.belongs_to {
            errors.at(name, "`belongs_to` is about a foreign key: add `references = Model::column`");
        }
        let on_update = on_update.filter(|on_update| on_update.action().is_some());
        for key in on_delete.map(|(key, _)| key).into_iter().chain(on_update.map(OnUpdate::key)) {
            errors.at(key, format!("`{key}` is about a foreign key: add `references = Model::column`"));
        }
    }
}

/// A version is written by every UPDATE, and by nothing else.
fn check_version(attributes: &Attributes, errors: &mut Errors) {
    let Some(version) = &attributes.version else { return };
    if attributes.primary_key.is_some() {
        errors.at(version, "a primary key does not change with its row: `version` is for a column of its own");
    }
    if attributes.references.is_some() {
        errors.at(version, "a foreign key is the key of another row, and no `version` of this one");
    }
    if let Some(on_update) = attributes.on_update.as_ref().filter(|on_update| on_update.value().is_some()) {
        errors.at(on_update.key(), "every update counts a `version` up, so it has no `on_update`");
    }
}

/// What a column does not go together with that statements write by themselves.
fn check_stamps(attributes: &Attributes, errors: &mut Errors) {
    let on_update = attributes.on_update.as_ref().filter(|on_update| on_update.value().is_some());
    if let (Some(word), Some(_)) = (&attributes.created, on_update) {
        errors.at(word, "no UPDATE writes to a column with `created`, so it has no `on_update`");
    }
    if let (Some(word), Some(_)) = (&attributes.created, &attributes.version) {
        errors.at(word, "every update counts a `version` up, and none writes to a column with `created`");
    }
    let Some(word) = &attributes.soft_delete else { return };
    if on_update.is_some() || attributes.created.is_some() {
        errors.at(word, "deleting a row writes to a column with `soft_delete`, so nothing else does by itself: leave `on_update` and `created` off");
    }
    if attributes.version.is_some() {
        errors.at(word, "a `version` counts the updates of its row, and does not say whether that is deleted");
    }
    if attributes.primary_key.is_some() || attributes.references.is_some() {
        errors.at(word, "a column with `soft_delete` says whether its row is deleted, and is part of no key");
    }
}

/// A column that says whose a row is has a value that is known before the row is written, and keeps it.
fn check_tenant(attributes: &Attributes, errors: &mut Errors) {
    let Some(word) = &attributes.tenant else { return };
    let on_update = attributes.on_update.as_ref().and_then(OnUpdate::value);
    let others = [
        attributes.auto.is_some().then_some("auto"),
        attributes.server_default.is_some().then_some("server_default"),
        attributes.created.is_some().then_some("created"),
        attributes.version.is_some().then_some("version"),
        attributes.soft_delete.is_some().then_some("soft_delete"),
        on_update.map(|_| "on_update"),
    ];
    for other in others.into_iter().flatten() {
        errors.at(
            word,
            format!("a column with `tenant` says whose its row is, which nothing else decides: leave `{other}` off"),
        );
    }
    if attributes.case_insensitive.is_some() || attributes.collation.is_some() {
        errors.at(word, "a column with `tenant` tells tenants apart by every letter: leave its collation off");
    }
}

fn check_size(attributes: &Attributes, errors: &mut Errors) {
    let given = |key: &str| attributes.given.iter().any(|given| given == key);
    match (&attributes.precision, &attributes.scale) {
        (Some(precision), Some(scale)) => {
            let digits = |number: &LitInt| number.base10_parse::<u8>().unwrap_or_default();
            if digits(scale) > digits(precision) {
                errors.at(
                    scale,
                    format!("`scale` counts some of the {precision} digits of `precision` and can't be more"),
                );
            }
        }
        (Some(precision), None) if !given("scale") => {
            errors.at(precision, format!("`precision` needs a `scale`: `precision = {precision}, scale = 0`"));
        }
        (None, Some(scale)) if !given("precision") => {
            errors.at(scale, format!("`scale` needs a `precision`: `precision = 28, scale = {scale}`"));
        }
        _ => {}
    }
    if let (Some(length), Some(_)) = (&attributes.length, &attributes.precision) {
        errors.at(length, "`length` is for text and bytes, `precision` for decimals: one column has not both");
    }
}

/// Splits `User::id` into the model and the column. `Self`, which does not reach into the static that the table is, becomes
/// the model's `own` name.
fn reference(
    mut column: Path,
    own: &Ident,
    on_delete: Option<Ident>,
    on_update: Option<Ident>,
    errors: &mut Errors,
) -> Option<Reference> {
    if let Some(first) = column.segments.first_mut().filter(|first| first.ident == "Self") {
        let mut model = own.clone();
        model.set_span(first.ident.span());
        first.ident = model;
    }
    let model = references::model_of(&column, errors)?;
    Some(Reference { model, column, on_delete, on_update })
}

fn column_name(field: &Ident, given: Option<String>, errors: &mut Errors) -> String {
    given.unwrap_or_else(|| {
        let name = field.unraw().to_string();
        if let Some(reason) = names::refusal(&name) {
            errors.at(field, format!("the name of the column {reason}: #[model(column = \"…\")]"));
        }
        name
    })
}
