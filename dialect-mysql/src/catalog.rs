//! [`MySqlCatalog`]: what MySQL and MariaDB keep about their tables.

use creole_core::inspect::normal::{Strings, normal_form};
use creole_core::inspect::{
    Answer, AnswerRow, Catalog, CheckInfo, ColumnInfo, ForeignKeyInfo, IndexInfo, IndexPartInfo, KeyInfo, NativeColumn,
    TableInfo, TableName,
};
use creole_core::schema::{Action, ColumnDef, Table};
use creole_core::sql::{Compiled, Direction, SqlWriter, Typing, Verb};
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Result, write_sql};

use crate::ddl::PRIMARY;
use crate::dialect::Flavor;
use crate::{native, types};

/// What MySQL and MariaDB keep about their tables.
#[derive(Debug)]
pub(crate) struct MySqlCatalog(pub(crate) Flavor);

const TABLES: &str = "SELECT CAST(table_name AS CHAR) FROM information_schema.tables \
    WHERE table_type = 'BASE TABLE' AND table_schema = ";

const TABLE: &str = "SELECT CAST(NULLIF(table_comment, '') AS CHAR) FROM information_schema.tables \
    WHERE table_type = 'BASE TABLE'";

const COLUMNS: &str = "SELECT CAST(column_name AS CHAR), CAST(column_type AS CHAR), CAST(is_nullable AS CHAR), \
    CAST(column_default AS CHAR), CAST(extra AS CHAR), CAST(NULLIF(generation_expression, '') AS CHAR), \
    CAST(collation_name AS CHAR), CAST(NULLIF(column_comment, '') AS CHAR) FROM information_schema.columns WHERE 1 = 1";

/// A row for each part of an index; `expression` is MySQL's only.
const INDEXES: [&str; 3] = [
    "SELECT CAST(index_name AS CHAR), CAST(non_unique AS CHAR), CAST(column_name AS CHAR), ",
    "CAST(expression AS CHAR)",
    ", CAST(collation AS CHAR), CAST(sub_part AS CHAR) FROM information_schema.statistics WHERE 1 = 1",
];

/// A row for each column of a foreign key, with the database that it leads to where that is not the connection's.
const FOREIGN_KEYS: &str = "SELECT CAST(k.constraint_name AS CHAR), CAST(k.column_name AS CHAR), \
    CAST(NULLIF(k.referenced_table_schema, DATABASE()) AS CHAR), CAST(k.referenced_table_name AS CHAR), \
    CAST(k.referenced_column_name AS CHAR), CAST(r.delete_rule AS CHAR), CAST(r.update_rule AS CHAR) \
    FROM information_schema.key_column_usage AS k JOIN information_schema.referential_constraints AS r \
    ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name \
    WHERE k.referenced_table_name IS NOT NULL";

/// MySQL's constraints have names that are unique within the database; MariaDB's within the table.
const CHECKS: [&str; 2] = [
    "SELECT CAST(c.constraint_name AS CHAR), CAST(c.check_clause AS CHAR) FROM information_schema.check_constraints AS c \
     JOIN information_schema.table_constraints AS t ON t.constraint_schema = c.constraint_schema \
     AND t.constraint_name = c.constraint_name AND t.constraint_type = 'CHECK' WHERE 1 = 1",
    "SELECT CAST(t.constraint_name AS CHAR), CAST(t.check_clause AS CHAR) \
     FROM information_schema.check_constraints AS t WHERE 1 = 1",
];

impl Catalog for MySqlCatalog {
    fn tables<'a>(&self, schema: Option<&'a str>) -> Result<Compiled<'a>> {
        let mut w = SqlWriter::new(self.0.dialect());
        write_sql!(w, TABLES, bind_schema(&mut w, schema), " ORDER BY table_name")?;
        w.finish(Verb::Select, None)
    }

    fn home<'a>(&self, _table: &'a str) -> Result<Option<Compiled<'a>>> {
        Ok(Some(Compiled::from_text("SELECT CAST(DATABASE() AS CHAR)", Vec::new())))
    }

    fn questions<'a>(&self, table: &'a TableName) -> Result<Vec<Compiled<'a>>> {
        let ask = |select: &[&str], prefix: &str, schema: &str, order: &str| {
            let mut w = SqlWriter::new(self.0.dialect());
            for part in select {
                w.push(part);
            }
            write_sql!(
                w,
                " AND ",
                prefix,
                schema,
                " = ",
                bind_schema(&mut w, table.schema.as_deref()),
                " AND ",
                prefix,
                "table_name = ",
                w.bind(ValueRef::Text(&table.name), ColumnType::TEXT, Typing::Cast),
                order
            )?;
            w.finish(Verb::Select, None)
        };
        let [before, expression, after] = INDEXES;
        let (expression, checks) = match self.0 {
            Flavor::MySql => (expression, CHECKS[0]),
            Flavor::MariaDb => ("NULL", CHECKS[1]),
        };
        Ok(vec![
            ask(&[TABLE], "", "table_schema", "")?,
            ask(&[COLUMNS], "", "table_schema", " ORDER BY ordinal_position")?,
            ask(&[before, expression, after], "", "table_schema", " ORDER BY index_name, seq_in_index")?,
            ask(&[FOREIGN_KEYS], "k.", "table_schema", " ORDER BY k.constraint_name, k.ordinal_position")?,
            ask(&[checks], "t.", "constraint_schema", " ORDER BY t.constraint_name")?,
        ])
    }

    fn describe(&self, table: &TableName, answers: Vec<Answer>) -> Result<Option<TableInfo>> {
        let mut answers = answers.into_iter();
        let mut next = || answers.next().unwrap_or_default();
        let (tables, columns, indexes, foreign_keys, checks) = (next(), next(), next(), next(), next());
        let Some(row) = tables.into_iter().next() else { return Ok(None) };
        let mut info = TableInfo::new(table.clone());
        info.comment = AnswerRow::new(row).value();
        info.columns = columns.into_iter().map(|row| self.read_column(AnswerRow::new(row))).collect();
        read_foreign_keys(foreign_keys, &mut info);
        read_indexes(self, indexes, &mut info);
        for row in checks {
            let mut row = AnswerRow::new(row);
            let (name, condition) = (row.text(), self.sql(&row.text()));
            // MariaDB's json is text with a check that is called like the column.
            let json = format!("json_valid(`{}`)", name.replace('`', "``"));
            let is_called_so = |column: &ColumnInfo| {
                (column.name == name && condition == json) || types::value_check_name(&table.name, &column.name) == name
            };
            // Where the table or the column was renamed, the check has the old name and speaks of the new one.
            let speaks_of = |column: &ColumnInfo| condition.contains(&format!("`{}`", column.name.replace('`', "``")));
            let is_value_check = types::is_value_check(&name);
            let index = info.columns.iter().position(is_called_so);
            let index = index.or_else(|| info.columns.iter().position(speaks_of).filter(|_| is_value_check));
            match index.and_then(|index| info.columns.get_mut(index)) {
                Some(column) => column.value_check = Some(condition),
                None => info.checks.push(CheckInfo::new(Some(name), condition)),
            }
        }
        for column in &mut info.columns {
            self.0.tidy(column);
        }
        Ok(Some(info))
    }

    fn column(&self, _table: &'static Table, column: &'static ColumnDef) -> Result<NativeColumn> {
        let is_text = matches!(column.ty, ColumnType::Text { .. } | ColumnType::Enum(_));
        Ok(NativeColumn {
            type_name: native::type_name(self.0.dialect(), column.ty)?,
            value_check: types::value_condition(self.0.dialect(), column)?,
            collation: self.0.collation_name(column.collation).filter(|_| is_text).map(Into::into),
        })
    }

    fn strings(&self) -> Strings {
        Strings::Backslash
    }

    /// MariaDB makes the time that a column has by default as fine as the column.
    fn default_form(&self, type_name: &str, sql: &str) -> String {
        let form = self.normal_form(sql);
        if self.0 == Flavor::MariaDb && form == "(now)" && type_name.ends_with("(6)") { "(now 6)".into() } else { form }
    }

    /// MariaDB keeps characters of four bytes and shows question marks for them, one or four.
    fn normal_form(&self, sql: &str) -> String {
        let form = normal_form(sql, self.strings());
        if self.0 == Flavor::MySql {
            return form;
        }
        let mut shown = String::with_capacity(form.len());
        for character in form.chars() {
            let character = if character.len_utf8() > 3 { '?' } else { character };
            if character != '?' || !shown.ends_with('?') {
                shown.push(character);
            }
        }
        shown
    }
}

impl MySqlCatalog {
    fn read_column(&self, mut row: AnswerRow) -> ColumnInfo {
        let mut column = ColumnInfo::new(row.text(), row.text());
        column.nullable = row.text() == "YES";
        let (default, extra) = (row.value(), row.text().to_ascii_lowercase());
        column.auto = extra.contains("auto_increment");
        column.computed = row.value().map(|sql| self.sql(&sql));
        if column.computed.is_none() {
            let is_expression = extra.contains("default_generated");
            column.default = default.and_then(|sql| self.default(sql, is_expression, &column.type_name));
        }
        column.collation = row.value();
        column.comment = row.value();
        column
    }

    /// A default as SQL. MySQL shows a plain value without its quotes, and MariaDB the absence of one as the word NULL.
    fn default(&self, shown: String, is_expression: bool, type_name: &str) -> Option<String> {
        // Bits and bytes are shown as the literals that they are: b'101', 0x00ff.
        let is_bits = type_name.starts_with("bit") && shown.starts_with("b'");
        let is_bytes = type_name.contains("binary") && shown.starts_with("0x");
        match self.0 {
            Flavor::MariaDb if shown == "NULL" => None,
            Flavor::MariaDb => Some(shown),
            Flavor::MySql if is_expression => Some(self.sql(&shown)),
            Flavor::MySql if is_bits || is_bytes => Some(shown),
            Flavor::MySql => Some(format!("'{}'", shown.replace('\\', "\\\\").replace('\'', "''"))),
        }
    }

    /// SQL that MySQL shows as though it were to stand within quotes.
    fn sql(&self, shown: &str) -> String {
        if self.0 == Flavor::MariaDb {
            return shown.to_owned();
        }
        let mut sql = String::with_capacity(shown.len());
        let mut characters = shown.chars();
        while let Some(character) = characters.next() {
            let character = if character == '\\' { characters.next().unwrap_or(character) } else { character };
            sql.push(character);
        }
        // It takes the bytes of its own UTF-8 for characters.
        let bytes: Option<Vec<u8>> = sql.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect();
        bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or(sql)
    }
}

/// The database of that name, or the connection's.
fn bind_schema<'a>(w: &mut SqlWriter<'a>, schema: Option<&'a str>) -> Result<()> {
    match schema {
        Some(schema) => w.bind(ValueRef::Text(schema), ColumnType::TEXT, Typing::Cast),
        None => {
            w.push("DATABASE()");
            Ok(())
        }
    }
}

/// The primary key, the unique keys and the indexes; one that a foreign key has made for itself is part of it.
fn read_indexes(catalog: &MySqlCatalog, answer: Answer, info: &mut TableInfo) {
    let mut indexes: Vec<IndexInfo> = Vec::new();
    for row in answer {
        let mut row = AnswerRow::new(row);
        let (name, unique, column, expr) = (row.text(), row.text() == "0", row.value(), row.value());
        let direction = if row.text() == "D" { Direction::Descending } else { Direction::Ascending };
        let length = row.value().and_then(|length| length.parse().ok());
        let mut part = IndexPartInfo::new(column, expr.map(|sql| catalog.sql(&sql)), direction);
        part.length = length;
        match indexes.last_mut() {
            Some(index) if index.name == name => index.parts.push(part),
            _ => {
                let mut index = IndexInfo::new(name, vec![part]);
                index.unique = unique;
                indexes.push(index);
            }
        }
    }
    for index in indexes {
        let is_plain = |part: &IndexPartInfo| part.direction == Direction::Ascending && part.length.is_none();
        let columns: Vec<String> = index.parts.iter().filter_map(|part| part.column.clone()).collect();
        let is_key = index.unique && columns.len() == index.parts.len() && index.parts.iter().all(is_plain);
        let is_foreign = |key: &ForeignKeyInfo| key.name.as_ref() == Some(&index.name) && key.columns == columns;
        if index.name == PRIMARY {
            info.primary_key = Some(KeyInfo::new(Some(index.name), columns));
        } else if is_key {
            info.uniques.push(KeyInfo::new(Some(index.name), columns));
        } else if index.unique || !info.foreign_keys.iter().any(is_foreign) {
            info.indexes.push(index);
        }
    }
}

fn read_foreign_keys(answer: Answer, info: &mut TableInfo) {
    for row in answer {
        let mut row = AnswerRow::new(row);
        let (name, column) = (row.text(), row.text());
        let table = TableName { schema: row.value(), name: row.text() };
        let reference = row.text();
        match info.foreign_keys.last_mut() {
            Some(key) if key.name.as_ref() == Some(&name) => {
                key.columns.push(column);
                key.references.push(reference);
            }
            _ => {
                let (on_delete, on_update) = (action(&row.text()), action(&row.text()));
                let key = ForeignKeyInfo::new(Some(name), vec![column], table, vec![reference]);
                info.foreign_keys.push(key.acting(on_delete, on_update));
            }
        }
    }
}

/// NO ACTION and RESTRICT are the same here.
fn action(rule: &str) -> Action {
    match rule {
        "CASCADE" => Action::Cascade,
        "SET NULL" => Action::SetNull,
        "SET DEFAULT" => Action::SetDefault,
        _ => Action::Restrict,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MYSQL: MySqlCatalog = MySqlCatalog(Flavor::MySql);
    const MARIADB: MySqlCatalog = MySqlCatalog(Flavor::MariaDb);

    fn rows(rows: &[&[&str]]) -> Answer {
        let text = |text: &&str| if *text == "-" { None } else { Some((*text).to_owned()) };
        rows.iter().map(|row| row.iter().map(text).collect()).collect()
    }

    #[test]
    fn what_mysql_escapes_is_read_as_it_is() {
        assert_eq!(MYSQL.sql(r"(`p` <> _utf8mb4\'it\\\'s\')"), r"(`p` <> _utf8mb4'it\'s')");
        assert_eq!(MYSQL.sql("(`gr\u{c3}\u{b6}\u{c3}\u{9f}e` = 1)"), "(`größe` = 1)");
        assert_eq!(MARIADB.sql("`größe` = 1"), "`größe` = 1");
        assert_eq!(MYSQL.normal_form("`p` <> '☕'"), MARIADB.normal_form("`p` <> '☕'"));
        assert_eq!(MARIADB.normal_form("`p` <> '😀'"), MARIADB.normal_form("`p` <> '????'"));
        assert_ne!(MYSQL.normal_form("`p` <> '😀'"), MYSQL.normal_form("`p` <> '????'"));
    }

    #[test]
    fn a_default_is_sql() {
        assert_eq!(MYSQL.default("it's".into(), false, "text").as_deref(), Some("'it''s'"));
        assert_eq!(MYSQL.default("now(6)".into(), true, "datetime(6)").as_deref(), Some("now(6)"));
        assert_eq!(MARIADB.default("NULL".into(), false, "text"), None);
        assert_eq!(MYSQL.default("b'101'".into(), false, "bit(3)").as_deref(), Some("b'101'"));
        assert_eq!(MYSQL.default("0x00ff".into(), false, "varbinary(4)").as_deref(), Some("0x00ff"));
        assert_eq!(MYSQL.default("b'101'".into(), false, "varchar(9)").as_deref(), Some("'b''101'''"));
        assert_eq!(MARIADB.default("'NULL'".into(), false, "text").as_deref(), Some("'NULL'"));
    }

    #[test]
    fn an_index_that_a_foreign_key_made_is_part_of_it() {
        let column = ["a", "int", "NO", "-", "", "-", "-", "-"];
        let answers = vec![
            rows(&[&["-"]]),
            rows(&[&column]),
            rows(&[
                &["PRIMARY", "0", "a", "-", "A", "-"],
                &["fk", "1", "a", "-", "A", "-"],
                &["part", "1", "a", "-", "A", "5"],
                &["unique", "0", "a", "-", "A", "-"],
                &["unique_down", "0", "a", "-", "D", "-"],
            ]),
            rows(&[&["fk", "a", "-", "t", "b", "NO ACTION", "CASCADE"]]),
            rows(&[]),
        ];
        let table = MYSQL.describe(&"t".into(), answers).unwrap().unwrap();
        let indexes: Vec<_> = table.indexes.iter().map(|index| index.name.as_str()).collect();
        assert_eq!(indexes, ["part", "unique_down"]);
        assert_eq!(table.indexes[0].parts[0].length, Some(5));
        assert_eq!(table.uniques[0].name.as_deref(), Some("unique"));
        let key = &table.foreign_keys[0];
        assert_eq!((key.on_delete, key.on_update), (Action::Restrict, Action::Cascade));
    }

    #[test]
    fn answers_that_are_not_there_are_no_panic() {
        assert_eq!(MYSQL.describe(&"t".into(), Vec::new()).unwrap(), None);
        let odd = vec![rows(&[&[]]), rows(&[&[]]), rows(&[&[]]), rows(&[&[]]), rows(&[&[]])];
        assert!(MYSQL.describe(&"t".into(), odd).unwrap().is_some());
    }
}
