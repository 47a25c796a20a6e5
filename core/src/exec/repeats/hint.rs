//! What a program can do about reads that it sends once for each row.

use super::Within;
use crate::schema::{NamedRelation, Table};

/// The relations that lead to a table, from the tables that the program has read rows of before. Where there are none, from
/// those that refer to it or that it refers to.
pub(super) fn relations_to(table: &'static Table, read: &[&'static Table]) -> Vec<&'static NamedRelation> {
    let found = relations_from(read, table);
    if !found.is_empty() {
        return found;
    }
    let referred = table.foreign_keys.iter().map(|key| (key.table)());
    let related = (table.relations)().iter().map(|relation| (relation.to)());
    relations_from(&referred.chain(related).collect::<Vec<_>>(), table)
}

/// The warning's text.
pub(super) fn message(
    within: Within,
    times: u32,
    table: Option<&'static Table>,
    relations: &[&'static NamedRelation],
) -> String {
    let place = match within {
        Within::Session(_) => "session",
        Within::Task(_) => "task",
        Within::Thread(_) => "thread",
    };
    let rows = table.map_or_else(|| "rows".to_owned(), |table| format!("rows of {}", table.name));
    let found = format!("{rows} were read {times} times by the same text in one {place}, as if for one row each");
    let ways: Vec<String> = relations.iter().map(|relation| way(relation.path)).collect();
    if ways.is_empty() {
        return format!(
            "{found}: read them together, by `with` or `load` of a relation that leads to them, or by `is_in` of all their keys"
        );
    }
    format!("{found}: load them together, by {}", ways.join("; or by "))
}

fn way(path: &str) -> String {
    match path.rsplit_once("::") {
        Some((model, _)) => format!("`{model}::select().with({path})`, or `load(&rows, {path})` for rows at hand"),
        None => format!("`load(&rows, {path})`"),
    }
}

fn relations_from(tables: &[&'static Table], to: &'static Table) -> Vec<&'static NamedRelation> {
    let mut found: Vec<&'static NamedRelation> = Vec::new();
    for relation in tables.iter().flat_map(|table| (table.relations)()) {
        let is_new = !found.iter().any(|known| known.path == relation.path);
        if is_new && (relation.to)().is_same_table(to) {
            found.push(relation);
        }
    }
    found
}
