//! [`Raw`]: a text of the program, with parts of the tree in it.

use std::borrow::Cow;

use super::select::Select;
use super::table::TableRef;
use crate::error::{Error, ErrorKind, Result};
use crate::sql::check::ListPlace;
use crate::sql::check::raw_text;
use crate::sql::expr::filled;
use crate::sql::expr::{ColumnRef, Expr, Precedence};
use crate::sql::render::{Compiled, Destination, SqlWriter, Typing, Verb};
use crate::types::{ColumnType, Value, ValueRef};

/// A text of the program, with parts of the tree in it: a whole statement, or a fragment of one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Raw {
    /// Texts and what stands between them, in their order.
    pub parts: Vec<RawPart>,
}

/// A part of a [`Raw`].
#[derive(Debug, Clone, PartialEq)]
pub enum RawPart {
    /// Text of the program's own. It is left alone.
    Text(Cow<'static, str>),
    /// A name, with the schema that it is in.
    Name {
        /// The schema, where one is named.
        schema: Option<String>,
        /// The name itself.
        name: String,
    },
    /// A value, a column or an expression; columns have their table before them.
    Expr(Expr),
    /// Values with commas between.
    List {
        /// The values.
        values: Vec<Expr>,
        /// Their type, which an empty list has too.
        ty: ColumnType,
    },
    /// Every column of a table, with commas between.
    Columns(TableRef),
    /// A table's name, and its other name where it has one.
    Table(TableRef),
    /// A SELECT, without parentheses.
    Select(Box<Select>),
    /// Another text.
    Raw(Box<Raw>),
}

impl Raw {
    /// The text as a statement of its own. Its columns may be of any table, since nobody knows which ones the text names.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the text begins or ends a transaction;
    /// [`Syntax`](crate::ErrorKind::Syntax) where it has no statement; what writing its parts says.
    pub fn compile<'a>(&'a self, to: impl Into<Destination<'a>>) -> Result<Compiled<'a>> {
        let mut w = SqlWriter::new(to);
        w.allow_any_table();
        self.render(&mut w)?;
        raw_text::refuse_nothing(w.dialect().name(), w.text())?;
        raw_text::refuse_transactions(w.dialect().name(), w.text())?;
        let only_reads = self.reads() && !self.has_text(&raw_text::may_lock);
        w.finish(if only_reads { Verb::Select } else { Verb::Other }, None)
    }

    /// Whether the text, as a statement, is one that only reads. What can't be told writes.
    pub fn reads(&self) -> bool {
        let is_blank = |part: &&RawPart| matches!(part, RawPart::Text(text) if raw_text::is_nothing(text));
        match self.parts.iter().find(|part| !is_blank(part)) {
            Some(RawPart::Text(text)) => match raw_text::first_word(text).as_str() {
                "SELECT" | "VALUES" | "TABLE" | "SHOW" | "DESCRIBE" => true,
                "WITH" => !self.has_text(&raw_text::may_write),
                _ => false,
            },
            Some(RawPart::Select(_)) => true,
            Some(RawPart::Raw(raw)) => raw.reads(),
            _ => false,
        }
    }

    fn has_text(&self, found: &dyn Fn(&str) -> bool) -> bool {
        self.parts.iter().any(|part| match part {
            RawPart::Text(text) => found(text),
            RawPart::Raw(raw) => raw.has_text(found),
            _ => false,
        })
    }

    /// Writes the text and its parts. Tables among them are sources of its columns.
    pub(in crate::sql) fn render<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        w.note_own_text();
        w.open_scope();
        w.begin_qualified();
        self.enter(w);
        let start = w.text().len();
        self.render_parts(w)?;
        let written = w.text().get(start..).unwrap_or_default();
        let last_line = written.rsplit('\n').next().unwrap_or_default();
        if last_line.contains("--") || last_line.contains('#') {
            // What follows must not become part of the comment.
            w.push("\n");
        }
        w.end_qualified();
        w.close_scope();
        Ok(())
    }

    fn enter(&self, w: &mut SqlWriter<'_>) {
        for part in &self.parts {
            match part {
                RawPart::Table(table) => w.enter_table(*table),
                RawPart::Raw(raw) => raw.enter(w),
                _ => {}
            }
        }
    }

    fn render_parts<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        for (place, part) in self.parts.iter().enumerate() {
            match part {
                RawPart::Text(text) => _ = w.push(text),
                RawPart::Name { schema, name } => write_name(w, schema.as_deref(), name)?,
                RawPart::Expr(Expr::Bind { value, .. })
                    if raw_text::counts_rows(w.text()) && whole(value).is_some() =>
                {
                    // Not every database takes more than a bare placeholder there.
                    let rows = whole(value).unwrap_or_default();
                    w.bind(ValueRef::I64(rows), ColumnType::I64, Typing::Column)?;
                }
                RawPart::Expr(expr) => w.expr(expr, Precedence::Atom)?,
                RawPart::List { values, ty } => {
                    let after = match self.parts.get(place + 1) {
                        Some(RawPart::Text(text)) => text,
                        _ => "",
                    };
                    render_list(w, values, *ty, ListPlace::of(w.text(), after))?;
                }
                RawPart::Columns(table) => w.commas(table.places(), |w, index| {
                    let column = ColumnRef { table: *table, index };
                    w.syntax().select_column(w, column)?;
                    name_again(w, column);
                    Ok(())
                })?,
                RawPart::Table(table) => table.render(w),
                RawPart::Select(select) => select.render_value(w)?,
                RawPart::Raw(raw) => raw.render(w)?,
            }
        }
        Ok(())
    }
}

/// Writes values with commas between. Where they are the whole of `IN (…)`, none at all are a subquery without rows, so
/// that nothing is in it and everything is not, and many are filled up, so that lists of all lengths have few texts.
fn render_list<'a>(w: &mut SqlWriter<'a>, values: &'a [Expr], ty: ColumnType, place: ListPlace) -> Result<()> {
    let Some(last) = values.last() else {
        return render_empty_list(w, ty, place);
    };
    let room = w.dialect().capabilities().max_binds.saturating_sub(w.bind_count());
    let fill = if place == ListPlace::WholeOfIn { filled(values, room) } else { 0 };
    w.commas(values.iter().chain(std::iter::repeat_n(last, fill)), |w, value| w.expr(value, Precedence::Atom))
}

fn render_empty_list(w: &mut SqlWriter<'_>, ty: ColumnType, place: ListPlace) -> Result<()> {
    match place {
        ListPlace::WholeOfIn => {
            w.push("SELECT ");
            w.bind(ValueRef::Null, ty, Typing::Cast)?;
            w.push(" WHERE 1 = 0");
            Ok(())
        }
        // NULL beside other values would make NOT IN true of nothing.
        ListPlace::PartOfIn => {
            let message =
                "a list in the text is empty and stands in IN (…) beside other values: put them all into one list";
            Err(Error::new(ErrorKind::Syntax, message))
        }
        ListPlace::Elsewhere => w.bind(ValueRef::Null, ty, Typing::Cast),
    }
}

/// Writes a name that the program has made, if it means the same on every database.
fn write_name(w: &mut SqlWriter<'_>, schema: Option<&str>, name: &str) -> Result<()> {
    for name in schema.into_iter().chain([name]) {
        check_name(name)?;
    }
    if let Some(schema) = schema {
        w.ident(schema).push(".");
    }
    w.ident(name);
    Ok(())
}

/// Refuses a name that a database would change, cut or not have. It is not quoted: it may be a user's.
fn check_name(name: &str) -> Result<()> {
    const LONGEST: usize = 63;
    if name.len() > LONGEST {
        let message =
            format!("a name of {} bytes: not every database keeps more than {LONGEST}; shorten it", name.len());
        return Err(Error::new(ErrorKind::Limit, message));
    }
    let wrong = match name.chars().next_back() {
        None => "is empty",
        Some(last) if last.is_whitespace() => "ends with a blank",
        _ if name.contains('\0') => "holds a NUL character",
        _ if name.chars().any(|letter| letter > '\u{ffff}') => "holds a character beyond U+FFFF",
        _ => return Ok(()),
    };
    Err(Error::new(ErrorKind::Syntax, format!("a name in the text {wrong}, which not every database has")))
}

/// What is more than the column's name gets that name, by which its row is read.
fn name_again(w: &mut SqlWriter<'_>, column: ColumnRef) {
    let Some(definition) = column.definition() else { return };
    let mut name = SqlWriter::for_ddl(w.dialect());
    name.ident(definition.name);
    if !w.text().ends_with(name.text()) {
        w.push(" AS ").ident(definition.name);
    }
}

fn whole(value: &Value) -> Option<i64> {
    match *value {
        Value::I64(number) => Some(number),
        Value::U64(number) => i64::try_from(number).ok(),
        _ => None,
    }
}
