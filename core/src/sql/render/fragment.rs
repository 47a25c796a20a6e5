//! [`write_sql!`](crate::write_sql): SQL that reads as it is written.

use super::SqlWriter;
use crate::error::Result;
use crate::schema::Table;
use crate::sql::expr::{Expr, Precedence};

/// Writes fragments one after the other, so that the code reads as the SQL that comes of it.
///
/// After the writer come, with commas between:
///
/// - text: `"CAST("`, or anything else that is a `&str`;
/// - an expression, `&Expr`, which needs no parentheses because brackets or commas are around it. Elsewhere it is written by
///   [`SqlWriter::expr`], which is told how tightly it must bind;
/// - a name in quotes: [`Ident("users")`](crate::sql::Ident), or a `&Table` with its schema;
/// - a number without a sign: `2_u8`;
/// - whatever writes by itself and is done or fails: `w.column(table, 0)`, a function, a hook of [`Syntax`](crate::dialect::Syntax).
///   It need not be asked for its error.
///
/// The whole is a [`Result`]: the first error of a fragment, after which none is written. Each fragment is computed after those
/// before it are written.
///
/// # Examples
/// A dialect whose casts are a function:
/// ```
/// use creole::Sqlite;
/// use creole_core::sql::{Expr, Ident, SqlWriter};
/// use creole_core::types::{ColumnType, Value};
/// use creole_core::write_sql;
///
/// fn cast<'a>(w: &mut SqlWriter<'a>, operand: &'a Expr, ty: ColumnType) -> creole::Result<()> {
///     write_sql!(w, Ident("convert"), "(", operand, ", ", w.ddl().column_type(w, ty), ")")
/// }
///
/// let one = Expr::value(Value::I64(1), ColumnType::I64);
/// let mut w = SqlWriter::for_ddl(&Sqlite);
/// cast(&mut w, &one, ColumnType::TEXT)?;
/// assert_eq!(w.finish_text()?, r#""convert"(1, TEXT)"#);
/// # Ok::<(), creole::Error>(())
/// ```
#[macro_export]
macro_rules! write_sql {
    ($w:expr, $($fragment:expr),+ $(,)?) => {
        'written: {
            $(
                // What it borrows for a moment lives until it is written.
                match $fragment {
                    fragment => if let ::std::result::Result::Err(error) = $w.write(fragment) {
                        break 'written ::std::result::Result::Err(error);
                    }
                }
            )+
            ::std::result::Result::Ok(())
        }
    };
}

pub(in crate::sql) use write_sql;

/// What [`write_sql!`](crate::write_sql) writes.
pub trait Fragment<'a> {
    /// Appends it.
    ///
    /// # Errors
    /// What writing it says.
    fn write(self, w: &mut SqlWriter<'a>) -> Result<()>;
}

/// A quoted identifier.
#[derive(Debug, Clone, Copy)]
pub struct Ident<'n>(pub &'n str);

impl<'a> SqlWriter<'a> {
    /// Appends a fragment; [`write_sql!`](crate::write_sql) appends several.
    ///
    /// # Errors
    /// What writing it says.
    #[inline]
    pub fn write(&mut self, fragment: impl Fragment<'a>) -> Result<()> {
        fragment.write(self)
    }
}

impl Fragment<'_> for &str {
    #[inline]
    fn write(self, w: &mut SqlWriter<'_>) -> Result<()> {
        w.push(self);
        Ok(())
    }
}

impl Fragment<'_> for &String {
    #[inline]
    fn write(self, w: &mut SqlWriter<'_>) -> Result<()> {
        w.push(self);
        Ok(())
    }
}

impl<'a> Fragment<'a> for &'a Expr {
    #[inline]
    fn write(self, w: &mut SqlWriter<'a>) -> Result<()> {
        w.expr(self, Precedence::Lowest)
    }
}

impl Fragment<'_> for Ident<'_> {
    #[inline]
    fn write(self, w: &mut SqlWriter<'_>) -> Result<()> {
        w.ident(self.0);
        Ok(())
    }
}

impl Fragment<'_> for &Table {
    #[inline]
    fn write(self, w: &mut SqlWriter<'_>) -> Result<()> {
        w.table(self);
        Ok(())
    }
}

/// Something that has written by itself and can't fail.
impl Fragment<'_> for () {
    #[inline]
    fn write(self, _w: &mut SqlWriter<'_>) -> Result<()> {
        Ok(())
    }
}

/// Something that has written by itself, or has failed.
impl Fragment<'_> for Result<()> {
    #[inline]
    fn write(self, _w: &mut SqlWriter<'_>) -> Result<()> {
        self
    }
}

macro_rules! numbers {
    ($($number:ty),+) => {$(
        impl Fragment<'_> for $number {
            #[inline]
            fn write(self, w: &mut SqlWriter<'_>) -> Result<()> {
                w.number(self.into());
                Ok(())
            }
        }
    )+};
}

numbers!(u8, u16, u32, u64);
