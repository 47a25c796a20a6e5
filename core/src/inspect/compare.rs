//! Compares what is in the database with what the models say.

use super::{
    Aspect, Catalog, Change, CheckInfo, ColumnInfo, Difference, Differences, ForeignKeyInfo, IndexInfo, IndexPartInfo,
    KeyInfo, Object, TableInfo, TableName,
};
use crate::sql::Direction;

/// Adds the tables that only one side has.
pub(super) fn compare_names(expected: &[TableName], found: &[TableName], differences: &mut Differences) {
    for table in found.iter().filter(|table| !expected.contains(table)) {
        differences.push(Difference { table: table.clone(), object: Object::Table, change: Change::Extra });
    }
}

/// Adds how a table differs from its model; the whole table if it is missing.
pub(super) fn compare(
    expected: &TableInfo,
    found: Option<&TableInfo>,
    catalog: &dyn Catalog,
    differences: &mut Differences,
) {
    let mut table = Comparison { table: &expected.name, catalog, differences };
    let Some(found) = found else { return table.add(Object::Table, Change::Missing) };
    table.differ_option(&Object::Table, Aspect::Comment, &expected.comment, &found.comment);
    table.columns(expected, found);
    table.primary_key(expected.primary_key.as_ref(), found.primary_key.as_ref());
    table.unique_and_indexes(expected, found);
    table.foreign_keys(&expected.foreign_keys, &found.foreign_keys);
    table.checks(&expected.checks, &found.checks);
}

struct Comparison<'a> {
    table: &'a TableName,
    catalog: &'a dyn Catalog,
    differences: &'a mut Differences,
}

impl Comparison<'_> {
    fn add(&mut self, object: Object, change: Change) {
        self.differences.push(Difference { table: self.table.clone(), object, change });
    }

    /// Adds a difference if there is one.
    fn differ(&mut self, object: &Object, aspect: Aspect, expected: String, found: String) {
        if expected != found {
            self.add(object.clone(), Change::Differs { aspect, expected, found });
        }
    }

    /// The same for something optional.
    fn differ_option(&mut self, object: &Object, aspect: Aspect, expected: &Option<String>, found: &Option<String>) {
        if expected != found {
            self.add(object.clone(), differs(aspect, text(expected), text(found)));
        }
    }

    /// The same for SQL, which databases spell in their own ways.
    fn differ_sql(&mut self, object: &Object, aspect: Aspect, expected: Option<&str>, found: Option<&str>) {
        let form = |sql: Option<&str>| sql.map(|sql| self.catalog.normal_form(sql));
        if form(expected) != form(found) {
            let text = |sql: Option<&str>| sql.unwrap_or("none").to_owned();
            self.add(object.clone(), Change::Differs { aspect, expected: text(expected), found: text(found) });
        }
    }

    fn columns(&mut self, expected: &TableInfo, found: &TableInfo) {
        for column in &expected.columns {
            let object = Object::Column(column.name.clone());
            match found.column(&column.name) {
                None => self.add(object, Change::Missing),
                Some(other) => self.column(&object, column, other),
            }
        }
        for column in found.columns.iter().filter(|column| expected.column(&column.name).is_none()) {
            self.add(Object::Column(column.name.clone()), Change::Extra);
        }
    }

    fn column(&mut self, object: &Object, expected: &ColumnInfo, found: &ColumnInfo) {
        let form = |column: &ColumnInfo| column.value_check.as_ref().map(|sql| self.catalog.normal_form(sql));
        if expected.type_name != found.type_name || form(expected) != form(found) {
            self.add(object.clone(), differs(Aspect::Type, type_text(expected), type_text(found)));
        }
        let nulls = |column: &ColumnInfo| if column.nullable { "yes" } else { "no" }.to_owned();
        self.differ(object, Aspect::Nullability, nulls(expected), nulls(found));
        self.defaults(object, expected, found);
        self.differ(object, Aspect::Generation, generation(expected), generation(found));
        self.differ_option(object, Aspect::Collation, &expected.collation, &found.collation);
        self.differ_option(object, Aspect::Comment, &expected.comment, &found.comment);
    }

    fn defaults(&mut self, object: &Object, expected: &ColumnInfo, found: &ColumnInfo) {
        let (one, other) = (self.default(expected), self.default(found));
        let form = |sql: Option<&str>| sql.map(|sql| self.catalog.default_form(&expected.type_name, sql));
        if form(one) != form(other) {
            let text = |sql: Option<&str>| sql.unwrap_or("none").to_owned();
            self.add(object.clone(), differs(Aspect::Default, text(one), text(other)));
        }
    }

    /// The column's default. NULL is what a column without one gets, and not every database keeps that it was written.
    fn default<'c>(&self, column: &'c ColumnInfo) -> Option<&'c str> {
        column.default.as_deref().filter(|sql| self.catalog.normal_form(sql) != self.catalog.normal_form("NULL"))
    }

    fn primary_key(&mut self, expected: Option<&KeyInfo>, found: Option<&KeyInfo>) {
        match (expected, found) {
            (None, None) => {}
            (Some(_), None) => self.add(Object::PrimaryKey, Change::Missing),
            (None, Some(_)) => self.add(Object::PrimaryKey, Change::Extra),
            (Some(expected), Some(found)) => {
                self.differ(&Object::PrimaryKey, Aspect::Columns, list(&expected.columns), list(&found.columns));
                self.differ(&Object::PrimaryKey, Aspect::Name, text(&expected.name), text(&found.name));
            }
        }
    }

    /// Unique keys and indexes together, because not every database tells a unique key from a unique index.
    fn unique_and_indexes(&mut self, expected: &TableInfo, found: &TableInfo) {
        let all = |table: &TableInfo| {
            let uniques = table.uniques.iter().map(|key| Entry { is_key: true, index: as_index(key) });
            let indexes = table.indexes.iter().map(|index| Entry { is_key: false, index: index.clone() });
            uniques.chain(indexes).collect::<Vec<_>>()
        };
        let mut left = all(found);
        for entry in all(expected) {
            let same_name = left.iter().position(|other| other.index.name == entry.index.name);
            let alike = |other: &Entry| self.is_alike(&entry.index, &other.index);
            let Some(position) = same_name.or_else(|| left.iter().position(alike)) else {
                self.add(entry.object(), Change::Missing);
                continue;
            };
            let other = left.remove(position);
            self.index(&entry.object(), &entry.index, &other.index);
        }
        for entry in left {
            self.add(entry.object(), Change::Extra);
        }
    }

    fn is_alike(&self, one: &IndexInfo, other: &IndexInfo) -> bool {
        let filter = |index: &IndexInfo| index.filter.as_ref().map(|sql| self.catalog.normal_form(sql));
        one.unique == other.unique && self.parts(one) == self.parts(other) && filter(one) == filter(other)
    }

    fn index(&mut self, object: &Object, expected: &IndexInfo, found: &IndexInfo) {
        self.differ(object, Aspect::Name, expected.name.clone(), found.name.clone());
        if self.parts(expected) != self.parts(found) {
            self.add(object.clone(), differs(Aspect::Columns, parts_text(expected), parts_text(found)));
        }
        let unique = |index: &IndexInfo| if index.unique { "yes" } else { "no" }.to_owned();
        self.differ(object, Aspect::Uniqueness, unique(expected), unique(found));
        self.differ_sql(object, Aspect::Filter, expected.filter.as_deref(), found.filter.as_deref());
    }

    /// The parts in a form that can be compared.
    fn parts(&self, index: &IndexInfo) -> Vec<IndexPartInfo> {
        let normal = |part: &IndexPartInfo| IndexPartInfo {
            expr: part.expr.as_ref().map(|sql| self.catalog.normal_form(sql)),
            ..part.clone()
        };
        index.parts.iter().map(normal).collect()
    }

    fn foreign_keys(&mut self, expected: &[ForeignKeyInfo], found: &[ForeignKeyInfo]) {
        let mut left: Vec<&ForeignKeyInfo> = found.iter().collect();
        for key in expected {
            let object = Object::ForeignKey(text(&key.name));
            let same_name = left.iter().position(|other| other.name == key.name);
            let alike = |other: &&ForeignKeyInfo| other.columns == key.columns && other.table.name == key.table.name;
            let Some(position) = same_name.or_else(|| left.iter().position(alike)) else {
                self.add(object, Change::Missing);
                continue;
            };
            let other = left.remove(position);
            self.foreign_key(&object, key, other);
        }
        for key in left {
            self.add(Object::ForeignKey(name_or_columns(&key.name, &key.columns)), Change::Extra);
        }
    }

    fn foreign_key(&mut self, object: &Object, expected: &ForeignKeyInfo, found: &ForeignKeyInfo) {
        self.differ(object, Aspect::Name, text(&expected.name), text(&found.name));
        self.differ(object, Aspect::Columns, list(&expected.columns), list(&found.columns));
        let target = &found.table;
        let refers = |table: &TableName, columns: &[String]| format!("{table} ({})", list(columns));
        let (one, other) = (refers(&expected.table, &expected.references), refers(target, &found.references));
        if !(found.references.is_empty() && expected.table == *target) {
            self.differ(object, Aspect::References, one, other);
        }
        self.differ(object, Aspect::OnDelete, expected.on_delete.sql().into(), found.on_delete.sql().into());
        self.differ(object, Aspect::OnUpdate, expected.on_update.sql().into(), found.on_update.sql().into());
    }

    fn checks(&mut self, expected: &[CheckInfo], found: &[CheckInfo]) {
        let mut left: Vec<&CheckInfo> = found.iter().collect();
        for check in expected {
            let object = Object::Check(text(&check.name));
            let form = |check: &CheckInfo| self.catalog.normal_form(&check.condition);
            let same_name = left.iter().position(|other| other.name == check.name);
            let position = same_name.or_else(|| left.iter().position(|other| form(other) == form(check)));
            let Some(position) = position else {
                self.add(object, Change::Missing);
                continue;
            };
            let other = left.remove(position);
            self.differ(&object, Aspect::Name, text(&check.name), text(&other.name));
            self.differ_sql(&object, Aspect::Rule, Some(&check.condition), Some(&other.condition));
        }
        for check in left {
            let name = check.name.clone().unwrap_or_else(|| check.condition.clone());
            self.add(Object::Check(name), Change::Extra);
        }
    }
}

/// A unique key or an index.
struct Entry {
    is_key: bool,
    index: IndexInfo,
}

impl Entry {
    fn object(&self) -> Object {
        let name = self.index.name.clone();
        if self.is_key { Object::Unique(name) } else { Object::Index(name) }
    }
}

fn as_index(key: &KeyInfo) -> IndexInfo {
    let part = |name: &String| IndexPartInfo::column(name.clone(), Direction::Ascending);
    IndexInfo {
        name: name_or_columns(&key.name, &key.columns),
        unique: true,
        parts: key.columns.iter().map(part).collect(),
        filter: None,
    }
}

fn differs(aspect: Aspect, expected: String, found: String) -> Change {
    Change::Differs { aspect, expected, found }
}

fn type_text(column: &ColumnInfo) -> String {
    match &column.value_check {
        Some(condition) => format!("{} CHECK ({condition})", column.type_name),
        None => column.type_name.clone(),
    }
}

fn generation(column: &ColumnInfo) -> String {
    match (&column.computed, column.auto) {
        (Some(sql), _) => format!("computed from {sql}"),
        (None, true) => "the database's numbering".into(),
        (None, false) => "the program".into(),
    }
}

fn parts_text(index: &IndexInfo) -> String {
    let part = |part: &IndexPartInfo| {
        let mut text = part.column.clone().or_else(|| part.expr.clone()).unwrap_or_default();
        if let Some(length) = part.length {
            text.push_str(&format!("({length})"));
        }
        if part.direction == Direction::Descending {
            text.push_str(" DESC");
        }
        text
    };
    list(&index.parts.iter().map(part).collect::<Vec<_>>())
}

fn name_or_columns(name: &Option<String>, columns: &[String]) -> String {
    name.clone().unwrap_or_else(|| format!("({})", list(columns)))
}

fn list(names: &[String]) -> String {
    names.join(", ")
}

fn text(text: &Option<String>) -> String {
    text.clone().unwrap_or_else(|| "none".into())
}
