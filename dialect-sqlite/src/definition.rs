//! Reading the text of CREATE TABLE and CREATE INDEX, as SQLite keeps it, for what SQLite says nowhere else.

use creole_core::inspect::normal::{Span, Strings, Token, tokens};
use creole_core::inspect::{CheckInfo, ColumnInfo, IndexInfo};

use crate::types::VALUE_CHECK;

/// What the text of CREATE TABLE says.
#[derive(Debug, Default)]
pub(crate) struct Definition {
    columns: Vec<ColumnInfo>,
    /// The name of the primary key.
    pub(crate) primary_key: Option<String>,
    uniques: Vec<(Option<String>, Vec<String>)>,
    foreign_keys: Vec<(Option<String>, Vec<String>, String)>,
    /// The checks that do not belong to a column's type.
    pub(crate) checks: Vec<CheckInfo>,
}

/// Reads `CREATE TABLE name (…)`.
pub(crate) fn read(sql: &str) -> Definition {
    let spans = tokens(sql, Strings::Doubled);
    let mut definition = Definition::default();
    let Some(open) = spans.iter().position(|span| is_sign(span, "(")) else { return definition };
    for item in items(spans.get(open + 1..).unwrap_or_default()) {
        Item { sql, spans: item, at: 0 }.read(&mut definition);
    }
    // Checks of a type are said of their column, or else called after it.
    let checks = std::mem::take(&mut definition.checks);
    for check in checks {
        let column = check.name.as_deref().and_then(|name| name.strip_prefix(VALUE_CHECK));
        match definition.columns.iter_mut().find(|other| column == Some(&other.name)) {
            Some(column) => column.value_check = Some(check.condition),
            None => definition.checks.push(check),
        }
    }
    definition
}

/// Reads of `CREATE INDEX name ON table (…) WHERE …` the expressions and the condition.
pub(crate) fn read_index(sql: &str, index: &mut IndexInfo) {
    let spans = tokens(sql, Strings::Doubled);
    let Some(open) = spans.iter().position(|span| is_sign(span, "(")) else { return };
    let inside = spans.get(open + 1..).unwrap_or_default();
    let parts = items(inside);
    for (part, item) in index.parts.iter_mut().zip(&parts) {
        if part.column.is_none() {
            let ends_in_direction = item.last().is_some_and(|last| is_word(last, "asc") || is_word(last, "desc"));
            let length = item.len() - usize::from(ends_in_direction);
            part.expr = Some(text(sql, item.get(..length).unwrap_or_default()));
        }
    }
    let close = open + 1 + parts.iter().map(|item| item.len() + 1).sum::<usize>();
    if spans.get(close).is_some_and(|span| is_word(span, "where")) {
        index.filter = Some(text(sql, spans.get(close + 1..).unwrap_or_default()));
    }
}

impl Definition {
    /// What is said of the column with this name.
    pub(crate) fn column(&self, name: &str) -> ColumnInfo {
        let found = self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name));
        found.cloned().unwrap_or_else(|| ColumnInfo::new(name, ""))
    }

    /// The name of the unique key over these columns.
    pub(crate) fn unique_name(&self, columns: &[String]) -> Option<String> {
        self.uniques.iter().find(|(_, other)| are_same(other, columns))?.0.clone()
    }

    /// The name of the foreign key from these columns to that table.
    pub(crate) fn foreign_key_name(&self, columns: &[String], table: &str) -> Option<String> {
        let is_it = |other: &[String], target: &str| are_same(other, columns) && target.eq_ignore_ascii_case(table);
        self.foreign_keys.iter().find(|(_, other, target)| is_it(other, target))?.0.clone()
    }
}

fn are_same(one: &[String], other: &[String]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a.eq_ignore_ascii_case(b))
}

/// What stands between the commas of a list, up to the parenthesis that closes it.
fn items<'t, 'a>(spans: &'t [Span<'a>]) -> Vec<&'t [Span<'a>]> {
    let mut items = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (index, span) in spans.iter().enumerate() {
        if is_sign(span, "(") {
            depth += 1;
        } else if depth == 0 && (is_sign(span, ",") || is_sign(span, ")")) {
            items.push(spans.get(start..index).unwrap_or_default());
            start = index + 1;
            if is_sign(span, ")") {
                return items;
            }
        } else if is_sign(span, ")") {
            depth -= 1;
        }
    }
    items.push(spans.get(start..).unwrap_or_default());
    items
}

/// A column or a constraint of CREATE TABLE.
struct Item<'t, 'a> {
    sql: &'a str,
    spans: &'t [Span<'a>],
    at: usize,
}

impl Item<'_, '_> {
    fn read(mut self, definition: &mut Definition) {
        let constraint = ["constraint", "primary", "unique", "check", "foreign"];
        if !constraint.iter().any(|word| self.is_word(word)) {
            let Some(name) = self.name() else { return };
            let mut column = ColumnInfo::new(name, "");
            column.type_name = self.type_name();
            definition.columns.push(column);
        }
        let is_column = self.at > 0;
        while self.at < self.spans.len() {
            self.clause(definition, is_column);
        }
    }

    /// Reads one clause; what it does not know, word by word.
    fn clause(&mut self, definition: &mut Definition, is_column: bool) {
        let name = if self.take_word("constraint") { self.name() } else { None };
        let own = || definition.columns.last().filter(|_| is_column).map(|column| column.name.clone());
        if self.take_word("primary") {
            self.take_word("key");
            definition.primary_key = name;
            self.parenthesised();
        } else if self.take_word("unique") {
            let columns = own().map_or_else(|| self.names(), |column| vec![column]);
            definition.uniques.push((name, columns));
        } else if self.take_word("check") {
            if let Some(condition) = self.parenthesised() {
                // A column that was renamed has a check with its old name.
                let is_of_type = is_column && name.as_deref().is_some_and(|name| name.starts_with(VALUE_CHECK));
                match definition.columns.last_mut().filter(|_| is_of_type) {
                    Some(column) => column.value_check = Some(condition),
                    None => definition.checks.push(CheckInfo::new(name, condition)),
                }
            }
        } else if self.take_word("foreign") {
            self.take_word("key");
            let columns = self.names();
            self.references(name, columns, definition);
        } else if self.is_word("references") {
            let columns = own().into_iter().collect();
            self.references(name, columns, definition);
        } else if self.take_word("collate") {
            let collation = self.name();
            if let Some(column) = definition.columns.last_mut() {
                column.collation = collation.filter(|collation| !collation.eq_ignore_ascii_case("binary"));
            }
        } else if self.take_word("autoincrement") {
            if let Some(column) = definition.columns.last_mut() {
                column.auto = true;
            }
        } else if self.take_word("as") {
            let expression = self.parenthesised();
            if let Some(column) = definition.columns.last_mut() {
                column.computed = expression;
            }
        } else if self.parenthesised().is_none() {
            // Such as NOT NULL and DEFAULT, about which there are pragmas.
            self.at += usize::from(name.is_none());
        }
    }

    /// `REFERENCES table …`
    fn references(&mut self, name: Option<String>, columns: Vec<String>, definition: &mut Definition) {
        if self.take_word("references")
            && let Some(table) = self.name()
        {
            definition.foreign_keys.push((name, columns, table));
            self.parenthesised();
        }
    }

    /// The declared type: every word up to the first clause.
    fn type_name(&mut self) -> String {
        const CLAUSES: [&str; 10] = [
            "constraint",
            "primary",
            "not",
            "null",
            "unique",
            "check",
            "default",
            "collate",
            "references",
            "generated",
        ];
        let start = self.at;
        while self.at < self.spans.len() && !CLAUSES.iter().any(|word| self.is_word(word)) && !self.is_word("as") {
            self.at += 1;
        }
        text(self.sql, self.spans.get(start..self.at).unwrap_or_default())
    }

    fn span(&self) -> Option<&Span<'_>> {
        self.spans.get(self.at)
    }

    fn is_word(&self, word: &str) -> bool {
        self.span().is_some_and(|span| is_word(span, word))
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is_next = self.is_word(word);
        self.at += usize::from(is_next);
        is_next
    }

    /// A name, also in the brackets that SQLite takes for quotes.
    fn name(&mut self) -> Option<String> {
        if self.span().is_some_and(|span| is_sign(span, "[")) {
            let rest = self.spans.get(self.at + 1..).unwrap_or_default();
            let length = rest.iter().position(|span| is_sign(span, "]"))?;
            self.at += length + 2;
            return Some(text(self.sql, rest.get(..length).unwrap_or_default()));
        }
        let name = self.span().and_then(name_of)?;
        self.at += 1;
        Some(name)
    }

    /// `(a, b)`
    fn names(&mut self) -> Vec<String> {
        let start = self.at;
        self.parenthesised();
        let inside = self.spans.get(start + 1..self.at).unwrap_or_default();
        items(inside).into_iter().filter_map(|item| name_of(item.first()?)).collect()
    }

    /// The text between the parenthesis that comes next and the one that closes it.
    fn parenthesised(&mut self) -> Option<String> {
        if !self.span().is_some_and(|span| is_sign(span, "(")) {
            return None;
        }
        let start = self.at + 1;
        let mut depth = 0_usize;
        while let Some(span) = self.spans.get(self.at) {
            if is_sign(span, "(") {
                depth += 1;
            } else if is_sign(span, ")") {
                depth -= 1;
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        Some(text(self.sql, self.spans.get(start..self.at - 1).unwrap_or_default()))
    }
}

/// The text from the first of the words to the last.
fn text(sql: &str, spans: &[Span<'_>]) -> String {
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return String::new() };
    sql.get(first.start..last.end).unwrap_or_default().to_owned()
}

fn name_of(span: &Span<'_>) -> Option<String> {
    match &span.token {
        Token::Word(word) => Some((*word).to_owned()),
        Token::Name(name) | Token::Text(name) => Some(name.clone()),
        _ => None,
    }
}

fn is_word(span: &Span<'_>, word: &str) -> bool {
    matches!(span.token, Token::Word(other) if other.eq_ignore_ascii_case(word))
}

fn is_sign(span: &Span<'_>, sign: &str) -> bool {
    matches!(span.token, Token::Sign(other) if other == sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_another_program_is_read() {
        let definition = read(
            "CREATE TABLE \"a(b\" ( -- the key\n id integer PRIMARY KEY AUTOINCREMENT, [x y] decimal(8, 2) DEFAULT (1) NOT NULL, \
             `q` TEXT COLLATE nocase UNIQUE CHECK (q <> ')'), r int REFERENCES t, s AS (id + 1), \
             CONSTRAINT \"one\" UNIQUE (r, q DESC), CHECK (id > 0), CONSTRAINT fits_type_r CHECK (r in (1,2)), \
             CONSTRAINT f FOREIGN KEY (r, \"q\") REFERENCES \"T\" (a, b) ON DELETE CASCADE)",
        );
        let names: Vec<_> =
            definition.columns.iter().map(|column| (column.name.as_str(), column.type_name.as_str())).collect();
        assert_eq!(names, [("id", "integer"), ("x y", "decimal(8, 2)"), ("q", "TEXT"), ("r", "int"), ("s", "")]);
        assert!(definition.column("ID").auto && !definition.column("r").auto);
        assert_eq!(definition.column("q").collation.as_deref(), Some("nocase"));
        assert_eq!(definition.column("s").computed.as_deref(), Some("id + 1"));
        assert_eq!(definition.column("r").value_check.as_deref(), Some("r in (1,2)"));
        let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(definition.unique_name(&columns(&["r", "q"])).as_deref(), Some("one"));
        assert_eq!(definition.unique_name(&columns(&["q"])), None);
        assert_eq!(definition.foreign_key_name(&columns(&["r", "q"]), "t").as_deref(), Some("f"));
        assert_eq!(definition.foreign_key_name(&columns(&["r"]), "t"), None);
        let checks: Vec<_> = definition.checks.iter().map(|check| check.condition.as_str()).collect();
        assert_eq!(checks, ["q <> ')'", "id > 0"]);
    }

    #[test]
    fn what_is_cut_off_is_no_panic() {
        let whole = "CREATE TABLE t (a int CONSTRAINT c CHECK (a > (1)), UNIQUE (a), FOREIGN KEY (a) REFERENCES u (b))";
        for end in 0..whole.len() {
            let _ = read(&whole[..end]);
        }
        for odd in
            ["CREATE TABLE t ())))", "CREATE TABLE t (,,)", "CREATE TABLE t (CONSTRAINT", "(CHECK)", "(a UNIQUE("]
        {
            let _ = read(odd);
        }
    }
}
