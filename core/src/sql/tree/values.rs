//! VALUES: rows of the program's own as a source of rows.

use crate::error::Result;
use crate::schema::Collation;
use crate::sql::expr::common;
use crate::sql::expr::{DerivedRef, Expr, Precedence};
use crate::sql::render::{Ident, SqlWriter, Typing, write_sql};
use crate::types::{ColumnType, ValueRef};

/// Rows of the program's own, under a name. Their columns are `c1`, `c2`, ….
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// The name.
    pub name: &'static str,
    /// The columns.
    pub columns: Vec<ValuesColumn>,
    /// The rows, with a value for each column. There may be none.
    pub rows: Vec<Vec<Expr>>,
}

/// A column of [`Values`].
#[derive(Debug, Clone, PartialEq)]
pub struct ValuesColumn {
    /// The type of its values, where no row has one.
    pub ty: ColumnType,
    /// Whether it may be NULL.
    pub nullable: bool,
}

impl ValuesColumn {
    /// A column of this type.
    pub fn new(ty: ColumnType, nullable: bool) -> ValuesColumn {
        ValuesColumn { ty, nullable }
    }
}

/// What stands in a column of a row of [`Values`].
#[derive(Debug, Clone, Copy)]
pub enum ValuesCell<'a> {
    /// A value.
    Value(&'a Expr),
    /// The NULL of this type that stands in a row of its own where there are no rows, which nothing selects.
    Null(ColumnType),
}

impl<'a> ValuesCell<'a> {
    /// The type of the value.
    pub fn ty(self) -> Option<ColumnType> {
        match self {
            ValuesCell::Value(value) => value.ty(),
            ValuesCell::Null(ty) => Some(ty),
        }
    }

    /// Writes the value.
    ///
    /// # Errors
    /// What binding it says.
    pub fn render(self, w: &mut SqlWriter<'a>) -> Result<()> {
        match self {
            ValuesCell::Value(value) => w.expr(value, Precedence::Lowest),
            ValuesCell::Null(ty) => w.bind(ValueRef::Null, ty, Typing::Cast),
        }
    }
}

impl Values {
    /// A column as the statement refers to it.
    pub fn column(&self, place: usize) -> DerivedRef {
        let column = self.columns.get(place);
        // Decimals have as many digits as the longest of them.
        let cells = self.rows.iter().filter_map(|row| row.get(place));
        let ty = common(cells).or(column.map(|column| column.ty)).unwrap_or(ColumnType::TEXT);
        DerivedRef {
            source: self.name,
            place: u16::try_from(place).ok(),
            ty,
            nullable: column.is_none_or(|column| column.nullable),
            // On PostgreSQL they say so, and SQLite has no other way.
            collation: matches!(ty, ColumnType::Text { .. }).then_some(Collation::Binary),
        }
    }
}

/// `(VALUES (1, 'a'), (2, 'b')) AS "v" ("c1", "c2")`
///
/// # Errors
/// What binding the values says.
pub fn values<'a>(w: &mut SqlWriter<'a>, values: &'a Values) -> Result<()> {
    values_of(w, values, "(", |w, cell| cell.render(w))
}

/// The same with rows that begin in another way, `ROW(`, and values that `each` writes.
///
/// # Errors
/// What binding the values says.
pub fn values_of<'a>(
    w: &mut SqlWriter<'a>,
    values: &'a Values,
    open: &str,
    each: fn(&mut SqlWriter<'a>, ValuesCell<'a>) -> Result<()>,
) -> Result<()> {
    if values.rows.is_empty() {
        return values_by_selects(w, values, "", each);
    }
    write_sql!(
        w,
        "(VALUES ",
        w.commas(&values.rows, |w, row| {
            write_sql!(w, open, w.commas(row.iter().map(ValuesCell::Value), each), ")")
        }),
        ") AS ",
        Ident(values.name),
        " (",
        w.commas(1..=values.columns.len(), |w, number| w.write(Ident(&format!("c{number}")))),
        ")"
    )
}

/// `(SELECT 1 AS "c1", 'a' AS "c2" UNION ALL SELECT 2, 'b') AS "v"`; without rows, `(SELECT NULL AS "c1" FROM DUAL WHERE 1 = 0)
/// AS "v"`, where `nowhere` is ` FROM DUAL`.
///
/// # Errors
/// What binding the values says.
pub fn values_by_selects<'a>(
    w: &mut SqlWriter<'a>,
    values: &'a Values,
    nowhere: &str,
    each: fn(&mut SqlWriter<'a>, ValuesCell<'a>) -> Result<()>,
) -> Result<()> {
    let (first, more): (Vec<_>, _) = match values.rows.split_first() {
        Some((first, more)) => (first.iter().map(ValuesCell::Value).collect(), more),
        None => (values.columns.iter().map(|column| ValuesCell::Null(column.ty)).collect(), [].as_slice()),
    };
    write_sql!(
        w,
        "(SELECT ",
        w.commas(first.into_iter().enumerate(), |w, (place, cell)| {
            each(w, cell)?;
            w.push(" AS ").ident(&format!("c{}", place + 1));
            Ok(())
        })
    )?;
    if values.rows.is_empty() {
        w.push(nowhere).push(" WHERE 1 = 0");
    }
    for row in more {
        w.push(" UNION ALL SELECT ");
        w.commas(row.iter().map(ValuesCell::Value), each)?;
    }
    write_sql!(w, ") AS ", Ident(values.name))
}
