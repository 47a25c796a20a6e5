//! Columns that are kept in another form than the usual one of their type: decimals as scaled integers, UUIDs as text.
//!
//! Inside an expression such a column is turned into the usual form, so that everything that is made of it, subqueries and
//! all, need not know. Only where it is compared with values and with columns of its own kind, and where rows are sorted by it, it
//! stands as it is: there an index on it serves, and the values are turned instead.

use creole_core::schema::{ColumnDef, Storage};
use creole_core::sql::{
    ColumnRef, Expr, Ident, Insert, Membership, OrderTerm, Precedence, Select, SqlWriter, Typing, standard,
};
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Result, write_sql};
use rust_decimal::Decimal;

use crate::arithmetic::{self, BY_VALUE};

/// How many characters a UUID has as text.
pub(crate) const UUID_LENGTH: u32 = 36;

/// In which form a column is kept, where that is not the usual one of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StoredForm {
    /// A decimal as an integer, in units of its last digit.
    Scaled {
        /// How many digits it has in all.
        precision: u8,
        /// How many of them are after the point.
        scale: u8,
    },
    /// A UUID as text.
    Text,
}

impl StoredForm {
    /// The form of a column; `None` where it is the usual one.
    pub(crate) fn of(column: &ColumnDef) -> Option<StoredForm> {
        match (column.storage, column.ty) {
            (Storage::ScaledInteger, ColumnType::Decimal { precision, scale }) => {
                Some(StoredForm::Scaled { precision, scale })
            }
            (Storage::Text, ColumnType::Uuid) => Some(StoredForm::Text),
            _ => None,
        }
    }

    /// A value in this form, with the type it is sent as; `None` where it has none.
    pub(crate) fn value(self, value: ValueRef<'_>) -> Option<(ValueRef<'_>, ColumnType)> {
        match (self, value) {
            (StoredForm::Scaled { scale, .. }, ValueRef::Decimal(number)) => {
                Some((ValueRef::I64(scaled(number, scale)?), ColumnType::I64))
            }
            (StoredForm::Scaled { .. }, value) => Some((value, ColumnType::I64)),
            (StoredForm::Text, value) => Some((value, ColumnType::TEXT.with_length(UUID_LENGTH))),
        }
    }

    /// Whether columns of the two forms hold the same for the same value.
    fn is_alike(self, other: StoredForm) -> bool {
        match (self, other) {
            (StoredForm::Scaled { scale, .. }, StoredForm::Scaled { scale: other, .. }) => scale == other,
            (StoredForm::Text, StoredForm::Text) => true,
            _ => false,
        }
    }

    /// The form in which these can be compared with each other; `None` where that is the usual one.
    pub(crate) fn of_all<'e>(exprs: impl Iterator<Item = &'e Expr> + Clone) -> Option<StoredForm> {
        let mut found: Option<StoredForm> = None;
        for expr in exprs.clone() {
            match expr {
                Expr::Column(column) => {
                    let kept = StoredForm::of(column.definition()?)?;
                    if found.is_some_and(|found| !found.is_alike(kept)) {
                        return None;
                    }
                    found = Some(kept);
                }
                Expr::Bind { .. } => {}
                _ => return None,
            }
        }
        let kept = found?;
        let has_room = |expr: &Expr| match expr {
            Expr::Bind { value, .. } => kept.value(value.as_ref()).is_some(),
            _ => true,
        };
        exprs.clone().all(has_room).then_some(kept)
    }

    /// Writes a column as it is, and a value in this form.
    pub(crate) fn write<'a>(self, w: &mut SqlWriter<'a>, expr: &'a Expr) -> Result<()> {
        let kept = match expr {
            Expr::Column(column) => return w.column(column.table, column.index),
            Expr::Bind { value, .. } => self.value(value.as_ref()),
            _ => None,
        };
        match kept {
            Some((value, ty)) => w.bind(value, ty, Typing::Column),
            None => w.expr(expr, Precedence::Operand),
        }
    }
}

/// Writes a column in the usual form of its type.
pub(crate) fn column(w: &mut SqlWriter<'_>, column: ColumnRef) -> Result<()> {
    match column.definition().and_then(StoredForm::of) {
        None => standard::column(w, column),
        Some(StoredForm::Scaled { scale, .. }) => {
            write_sql!(w, "creole_unscaled(", standard::column(w, column), ", ", scale, ")", BY_VALUE)
        }
        Some(StoredForm::Text) => write_sql!(w, "creole_uuid(", standard::column(w, column), ")"),
    }
}

/// Writes a comparison.
pub(crate) fn infix<'a>(w: &mut SqlWriter<'a>, sql: &str, left: &'a Expr, right: &'a Expr) -> Result<()> {
    let Some(kept) = StoredForm::of_all([left, right].into_iter()) else { return standard::infix(w, sql, left, right) };
    kept.write(w, left)?;
    w.push(" ").push(sql).push(" ");
    kept.write(w, right)
}

/// Writes `operand BETWEEN low AND high`.
pub(crate) fn between<'a>(w: &mut SqlWriter<'a>, operand: &'a Expr, low: &'a Expr, high: &'a Expr) -> Result<()> {
    let Some(kept) = StoredForm::of_all([operand, low, high].into_iter()) else {
        return standard::between(w, operand, low, high);
    };
    kept.write(w, operand)?;
    w.push(" BETWEEN ");
    kept.write(w, low)?;
    w.push(" AND ");
    kept.write(w, high)
}

/// Writes `operand IN (…)`.
pub(crate) fn in_list<'a>(
    w: &mut SqlWriter<'a>,
    membership: Membership,
    operand: &'a Expr,
    list: &'a [Expr],
) -> Result<()> {
    match StoredForm::of_all(std::iter::once(operand).chain(list)) {
        Some(kept) => standard::in_list_by(w, membership, operand, list, &mut |w, expr| kept.write(w, expr)),
        None => standard::in_list(w, membership, operand, list),
    }
}

/// Writes a term of ORDER BY, without NULLS FIRST or LAST. Every form sorts as the values do.
pub(crate) fn order_term<'a>(w: &mut SqlWriter<'a>, term: &'a OrderTerm) -> Result<()> {
    standard::order_term_by(w, term, |w, expr| match expr {
        Expr::Column(column) => w.column(column.table, column.index),
        _ => w.expr(expr, Precedence::Operand),
    })
}

/// Writes what is assigned to a column, in the column's form.
pub(crate) fn assigned<'a>(w: &mut SqlWriter<'a>, column: &'static ColumnDef, value: &'a Expr) -> Result<()> {
    let Some(kept) = StoredForm::of(column) else { return arithmetic::assigned(w, column.ty, value) };
    if let Expr::Bind { value, .. } = value
        && let Some((value, ty)) = kept.value(value.as_ref())
    {
        return w.bind(value, ty, Typing::Column);
    }
    turned(w, kept, |w| w.expr(value, Precedence::Lowest))
}

/// ` SELECT "c1", creole_decimal_fit("c2", 12, 2) FROM (SELECT …) WHERE true`
pub(crate) fn insert_select<'a>(w: &mut SqlWriter<'a>, insert: &'a Insert, select: &'a Select) -> Result<()> {
    let value = |w: &mut SqlWriter<'a>, (&column, number): (&u16, usize)| {
        let selected = format!("c{number}");
        let column = insert.table().column(column);
        match (column.and_then(StoredForm::of), column.map(|column| column.ty)) {
            (Some(kept), _) => turned(w, kept, |w| w.write(Ident(&selected))),
            (None, Some(ColumnType::Decimal { precision, scale })) => {
                write_sql!(w, "creole_decimal_fit(", Ident(&selected), ", ", precision, ", ", scale, ")")
            }
            _ => w.write(Ident(&selected)),
        }
    };
    let values = insert.columns().iter().zip(1..);
    write_sql!(w, " SELECT ", w.commas(values, value), " FROM ", standard::derived_select(w, select), " WHERE true")
}

/// Writes what turns a value of the usual form, which `value` writes, into another.
fn turned<'a>(
    w: &mut SqlWriter<'a>,
    kept: StoredForm,
    value: impl FnOnce(&mut SqlWriter<'a>) -> Result<()>,
) -> Result<()> {
    match kept {
        StoredForm::Scaled { precision, scale } => {
            write_sql!(w, "creole_scaled(", value(w), ", ", precision, ", ", scale, ")")
        }
        StoredForm::Text => write_sql!(w, "creole_uuid_text(", value(w), ")"),
    }
}

/// The number in units of its last digit, of `scale` after the point; `None` where it has more.
fn scaled(number: Decimal, scale: u8) -> Option<i64> {
    let number = number.normalize();
    let zeros = u32::from(scale).checked_sub(number.scale())?;
    let factor = 10_i128.checked_pow(zeros)?;
    i64::try_from(number.mantissa().checked_mul(factor)?).ok()
}
