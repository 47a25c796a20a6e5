//! A model as plain data: what the derive has understood of a struct.

use syn::{Attribute, Expr, Ident, Path, Type, Visibility};

use super::server_default::ServerDefault;

/// A struct that maps to a table.
pub(super) struct Model {
    /// The struct's name.
    pub(super) ident: Ident,
    /// The struct's visibility.
    pub(super) visibility: Visibility,
    /// Where creole is found: `::creole` unless the struct says otherwise.
    pub(super) krate: Path,
    /// The SQL namespace.
    pub(super) schema: Option<String>,
    /// The table's name.
    pub(super) table: String,
    /// Whether to write an `impl Default`.
    pub(super) default: Defaults,
    /// What the database is told of the table.
    pub(super) comment: Option<String>,
    /// The fields that are columns, in their order.
    pub(super) columns: Vec<Column>,
    /// The fields that are not.
    pub(super) skipped: Vec<Skipped>,
    /// The columns of the primary key, by their place in `columns`. Empty only where an error was reported.
    pub(super) primary_key: Vec<u16>,
    /// The unique keys: those of single fields first, then those of the struct.
    pub(super) uniques: Vec<Key>,
    /// The indexes, in the same order.
    pub(super) indexes: Vec<Index>,
    /// The foreign keys that the struct says; those of single fields are with their columns.
    pub(super) foreign_keys: Vec<ForeignKey>,
    /// The check constraints.
    pub(super) checks: Vec<Check>,
    /// The relations that the struct names; those of fields are with their columns.
    pub(super) relations: Vec<Relation>,
    /// The hooks that it has; each with the word that said so.
    pub(super) hooks: Vec<(Hook, Ident)>,
}

/// What a model does before it is written, or after it was read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hook {
    BeforeSave,
    BeforeDelete,
    AfterLoad,
}

/// Whether the derive writes an `impl Default`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Defaults {
    /// It does, from the columns' defaults.
    Derived,
    /// The struct has its own, or none.
    Own,
}

/// A field that is a column.
pub(super) struct Column {
    /// The field's name.
    pub(super) field: Ident,
    /// The name of the constant. Nothing only where an error was reported.
    pub(super) constant: Option<Ident>,
    /// The field's visibility, and so the constant's.
    pub(super) visibility: Visibility,
    /// The field's documentation, which the constant gets too.
    pub(super) docs: Vec<Attribute>,
    /// The field's type.
    pub(super) ty: Type,
    /// The column's name in the database.
    pub(super) name: String,
    /// What narrows the column's type.
    pub(super) size: Size,
    /// The word that refuses times which are finer than the column.
    pub(super) exact_time: Option<Ident>,
    /// The word that makes it count the updates of its row.
    pub(super) version: Option<Ident>,
    /// Where the value comes from when the program gives none.
    pub(super) generated: Generated,
    /// What `Default` puts into the field; nothing for the default of its type.
    pub(super) default: Option<Expr>,
    /// What an UPDATE writes that says nothing of the column.
    pub(super) on_update: Option<Expr>,
    /// The word that keeps UPDATEs from writing to it.
    pub(super) created: Option<Ident>,
    /// The word that says that it marks rows as deleted.
    pub(super) soft_delete: Option<Ident>,
    /// The word that says that it tells whose a row is.
    pub(super) tenant: Option<Ident>,
    /// How SQLite keeps it, where that is not the usual way.
    pub(super) storage: Option<Storage>,
    /// By what rule its texts are compared.
    pub(super) collation: Collation,
    /// What the database is told of it.
    pub(super) comment: Option<String>,
    /// The foreign key that the column is.
    pub(super) references: Option<Reference>,
    /// The name of the relation that it makes.
    pub(super) belongs_to: Option<Ident>,
}

/// What narrows a column's type.
pub(super) enum Size {
    /// Nothing: the column has the type that the field's type says.
    Whole,
    /// `length = n`
    Length(syn::LitInt),
    /// `precision = p, scale = s`
    Precision(syn::LitInt, syn::LitInt),
}

/// Where a column's value comes from when the program gives none.
pub(super) enum Generated {
    /// Nowhere.
    No,
    /// The database numbers the rows; the key that said so is where errors of type point.
    Auto(Ident),
    /// A DEFAULT clause.
    ServerDefault(ServerDefault),
}

/// How SQLite keeps a column; each with the word that said so, for errors of type.
pub(super) enum Storage {
    /// `sqlite = scaled_integer`
    ScaledInteger(Ident),
    /// `sqlite = text`
    Text(Ident),
}

impl Storage {
    /// The word that said so.
    pub(super) fn word(&self) -> &Ident {
        match self {
            Storage::ScaledInteger(word) | Storage::Text(word) => word,
        }
    }
}

/// By what rule a column's texts are compared; with the word that said so, for errors of type.
pub(super) enum Collation {
    /// By code point.
    Binary(Option<Ident>),
    /// `case_insensitive`
    CaseInsensitive(Ident),
    /// `collation = "de-x-icu"`
    Named(syn::LitStr),
}

/// The column that a foreign key names, and what happens when its row changes.
pub(super) struct Reference {
    /// The model that is referred to.
    pub(super) model: Path,
    /// Its column, as a path: `User::id`.
    pub(super) column: Path,
    /// What happens when the row is deleted.
    pub(super) on_delete: Option<Ident>,
    /// What happens when the row's key changes.
    pub(super) on_update: Option<Ident>,
}

/// A field that is not a column.
pub(super) struct Skipped {
    /// The field's name.
    pub(super) field: Ident,
    /// The field's type.
    pub(super) ty: Type,
}

/// A unique key.
pub(super) struct Key {
    /// Its name, where the model gives one.
    pub(super) name: Option<String>,
    /// Its columns, by their place.
    pub(super) columns: Vec<u16>,
}

/// An index.
pub(super) struct Index {
    /// Its name, where the model gives one.
    pub(super) name: Option<String>,
    /// Whether it holds no value twice.
    pub(super) unique: bool,
    /// What it is sorted by.
    pub(super) parts: Vec<IndexPart>,
    /// Which rows are in it.
    pub(super) filter: Option<Expr>,
}

/// One of the things that an index is sorted by.
pub(super) enum IndexPart {
    /// A column, by its place, and which way.
    Column(u16, Direction),
    /// An expression, perhaps with a direction.
    Expr(Expr),
}

/// Which way an index is sorted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// The smallest value first.
    Ascending,
    /// The greatest value first.
    Descending,
}

/// A foreign key over columns of the struct.
pub(super) struct ForeignKey {
    /// Its name, where the model gives one.
    pub(super) name: Option<String>,
    /// Its columns, by their place.
    pub(super) columns: Vec<u16>,
    /// The model that is referred to.
    pub(super) model: Path,
    /// Its columns, as paths.
    pub(super) references: Vec<Path>,
    /// What happens when the row is deleted.
    pub(super) on_delete: Option<Ident>,
    /// What happens when the row's key changes.
    pub(super) on_update: Option<Ident>,
    /// The name of the relation that it makes.
    pub(super) belongs_to: Option<Ident>,
}

/// A relation to another model.
pub(super) struct Relation {
    /// The name of its constant.
    pub(super) name: Ident,
    /// By which columns.
    pub(super) kind: RelationKind,
    /// Whether what leaves it is deleted.
    pub(super) leaving: Leaving,
}

/// What becomes of a row that leaves a relation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaving {
    Kept,
    Deleted,
}

/// By which columns two models are related.
pub(super) enum RelationKind {
    /// `orders = Order::user_id`
    HasMany(Referring),
    /// `profile = Profile::user_id`
    HasOne(Referring),
    /// `tags: Tag = PostTag::post_id -> PostTag::tag_id`
    ManyToMany { from: Referring, to: Path, other: Vec<Path> },
}

/// The columns of a foreign key as another model names them: `Order::user_id`, `(Line::year, Line::number)`.
pub(super) struct Referring {
    /// The model that has the key.
    pub(super) model: Path,
    /// Its columns, as paths.
    pub(super) columns: Vec<Path>,
}

/// A check constraint.
pub(super) struct Check {
    /// Its name.
    pub(super) name: Ident,
    /// The condition.
    pub(super) condition: Expr,
}
