//! Standard SQL of expressions and transactions.

use crate::dialect::TxOptions;
use crate::error::{Error, Result};
use crate::sql::check::collation;
use crate::sql::expr::filled;
use crate::sql::expr::{
    Aggregate, BinaryOp, ColumnRef, Expr, Function, Membership, Precedence, UnaryOp, WindowFunction,
};
pub use crate::sql::expr::{compare_by_counting, compare_with_rows, compare_with_several};
use crate::sql::json::{ElementPart, ElementRef, JsonElements, JsonExpr};
use crate::sql::render::{SqlWriter, write_sql};
pub use crate::sql::tree::{values, values_by_selects, values_of};
use crate::types::{ColumnType, Value, ValueRef};

/// `"name"`, with quotes inside doubled.
pub fn ident(w: &mut SqlWriter<'_>, name: &str) {
    quoted_ident(w, name, "\"");
}

/// A name between two `quote`s, with quotes inside doubled.
#[inline]
pub fn quoted_ident(w: &mut SqlWriter<'_>, name: &str, quote: &str) {
    // Nearly every name is such, and looking for one byte is much quicker than splitting.
    if !name.contains(quote) {
        w.push(quote).push(name).push(quote);
        return;
    }
    w.push(quote);
    for (index, part) in name.split(quote).enumerate() {
        if index > 0 {
            w.push(quote).push(quote);
        }
        w.push(part);
    }
    w.push(quote);
}

/// A value in the text of a DDL statement: NULL, numbers and text.
///
/// # Errors
/// [`Unsupported`](crate::ErrorKind::Unsupported) for the kinds that have no standard literal.
pub fn literal(w: &mut SqlWriter<'_>, value: ValueRef<'_>, _ty: ColumnType) -> Result<()> {
    match value {
        ValueRef::Null => w.push("NULL"),
        ValueRef::Bool(true) => w.push("TRUE"),
        ValueRef::Bool(false) => w.push("FALSE"),
        ValueRef::I64(number) => w.push(&number.to_string()),
        ValueRef::U64(number) => w.push(&number.to_string()),
        ValueRef::Decimal(number) => w.push(&number.to_string()),
        ValueRef::F64(number) if number.is_finite() => w.push(&format!("{number:e}")),
        ValueRef::Text(text) => w.text_literal(text),
        other => {
            let what = format!("a {} value in a check constraint", other.kind());
            let way_out = "compare with a number, a bool or text, or write the constraint in a migration";
            return Err(Error::unsupported(w.dialect().name(), &what, way_out));
        }
    };
    Ok(())
}

/// `left op right`
///
/// # Errors
/// What rendering the sides says; [`Unsupported`](crate::ErrorKind::Unsupported) for an operator that the standard lacks.
pub fn binary<'a>(w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<()> {
    binary_by(w, op, operator(w, op)?, left, right)
}

/// The standard's spelling of an operator.
///
/// # Errors
/// [`Unsupported`](crate::ErrorKind::Unsupported) where it has none.
pub fn operator(w: &SqlWriter<'_>, op: BinaryOp) -> Result<&'static str> {
    op.sql().ok_or_else(|| no_spelling(w, "operator", op.symbol()))
}

/// As [`binary`], with the operator spelled so.
///
/// # Errors
/// What rendering the sides says.
pub fn binary_by<'a>(w: &mut SqlWriter<'a>, op: BinaryOp, sql: &str, left: &'a Expr, right: &'a Expr) -> Result<()> {
    match op {
        BinaryOp::Like => like(w, sql, left, right),
        BinaryOp::Eq
        | BinaryOp::Ne
        | BinaryOp::Lt
        | BinaryOp::Le
        | BinaryOp::Gt
        | BinaryOp::Ge
        | BinaryOp::IsDistinctFrom => infix(w, sql, left, right),
        // Databases do not agree on how tightly these bind.
        BinaryOp::Concat | BinaryOp::BitAnd | BinaryOp::BitOr => {
            write_sql!(w, "(", w.expr(left, Precedence::Atom), " ", sql, " ", w.expr(right, Precedence::Atom), ")")
        }
        BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul => {
            w.expr(left, op.precedence())?;
            w.push(" ").push(sql).push(" ");
            right_operand(w, op, right)
        }
        BinaryOp::Div | BinaryOp::Rem => {
            w.expr(left, op.precedence())?;
            w.push(" ").push(sql).push(" ");
            divisor(w, right)
        }
    }
}

/// `NOT condition`, `operand IS NULL`
///
/// # Errors
/// What rendering the operand says; [`Unsupported`](crate::ErrorKind::Unsupported) for an operator that the standard lacks.
pub fn unary<'a>(w: &mut SqlWriter<'a>, op: UnaryOp, operand: &'a Expr) -> Result<()> {
    let sql = op.sql().ok_or_else(|| no_spelling(w, "operator", op.symbol()))?;
    match op {
        UnaryOp::Not => {
            w.push(sql).push(" ");
            w.expr(operand, Precedence::Operand)
        }
        UnaryOp::IsNull | UnaryOp::IsNotNull => {
            match operand {
                // NULL is NULL in every form.
                Expr::Column(column) => w.column(column.table, column.index)?,
                _ => w.expr(operand, Precedence::Operand)?,
            }
            w.push(" ").push(sql);
            Ok(())
        }
        UnaryOp::BitNot => bit_not(w, operand),
    }
}

/// The right side of `+`, `-` or `*`, in parentheses where it would be computed otherwise without: `a * (b / c)` and
/// `a - (b - c)`, but `a * b * c`.
///
/// # Errors
/// What rendering it says.
pub fn right_operand<'a>(w: &mut SqlWriter<'a>, op: BinaryOp, right: &'a Expr) -> Result<()> {
    w.expr(right, right_precedence(op, right))
}

/// How tightly the right side of an arithmetic operator must bind to need no parentheses.
pub fn right_precedence(op: BinaryOp, right: &Expr) -> Precedence {
    let is_same = matches!(right, Expr::Binary { op: inner, .. } if *inner == op);
    match op {
        BinaryOp::Add | BinaryOp::Mul if is_same => op.precedence(),
        BinaryOp::Add | BinaryOp::Sub => Precedence::Product,
        _ => Precedence::Atom,
    }
}

/// What a number is divided by, made NULL where it is zero: some databases return NULL by themselves, others an error.
///
/// # Errors
/// What rendering it says.
pub fn divisor<'a>(w: &mut SqlWriter<'a>, divisor: &'a Expr) -> Result<()> {
    if is_nonzero(divisor) {
        return w.expr(divisor, Precedence::Atom);
    }
    write_sql!(w, "NULLIF(", divisor, ", 0)")
}

fn is_nonzero(expr: &Expr) -> bool {
    let Expr::Bind { value, .. } = expr else { return false };
    match value {
        Value::I64(number) => *number != 0,
        Value::U64(number) => *number != 0,
        Value::F64(number) => *number != 0.0,
        Value::Decimal(number) => !number.is_zero(),
        _ => false,
    }
}

/// `lower("name")`. What a function makes of a text is compared by code point, whatever the text was.
///
/// # Errors
/// What rendering the arguments says; [`Unsupported`](crate::ErrorKind::Unsupported) for a function that the standard lacks, or
/// not with this meaning.
pub fn call<'a>(w: &mut SqlWriter<'a>, function: Function, arguments: &'a [Expr]) -> Result<()> {
    let sql = function.sql().ok_or_else(|| no_spelling(w, "function", function.name()))?;
    call_by(w, function, sql, arguments)
}

/// As [`call`], with the function spelled so.
///
/// # Errors
/// What rendering the arguments says.
pub fn call_by<'a>(w: &mut SqlWriter<'a>, function: Function, sql: &str, arguments: &'a [Expr]) -> Result<()> {
    call_as(w, sql, arguments)?;
    if matches!(function.ty(arguments), Some(ColumnType::Text { .. })) && arguments.iter().any(collation::is_other) {
        code_points(w);
    }
    Ok(())
}

/// The error where neither the standard nor the dialect says how something is spelled.
fn no_spelling(w: &SqlWriter<'_>, kind: &str, name: &str) -> Error {
    let way_out = "write what the database has instead by `sql!` or `func`";
    Error::unsupported(w.dialect().name(), &format!("the {kind} {name}"), way_out)
}

/// The greatest or least of several values that is not NULL, by a function that is NULL where one of them is: each that can
/// be NULL has the others to stand in for it.
///
/// # Errors
/// What rendering the arguments says.
pub fn extreme<'a>(w: &mut SqlWriter<'a>, name: &str, arguments: &'a [Expr]) -> Result<()> {
    write_sql!(
        w,
        name,
        "(",
        w.commas(arguments.iter().enumerate(), |w, (index, argument)| {
            if !w.is_nullable(argument) {
                return w.expr(argument, Precedence::Lowest);
            }
            let others = arguments.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, other)| other);
            let all = std::iter::once(argument).chain(others);
            write_sql!(w, "coalesce(", w.commas(all, |w, one| w.write(one)), ")", w.syntax().by_value(w, argument))
        }),
        ")"
    )
}

/// A call of a function under another name.
///
/// # Errors
/// What rendering the arguments says.
pub fn call_as<'a>(w: &mut SqlWriter<'a>, name: &str, arguments: &'a [Expr]) -> Result<()> {
    write_sql!(w, name, "(", w.commas(arguments, |w, argument| w.write(argument)), ")")
}

/// Nothing is written: no two databases look into documents alike.
///
/// # Errors
/// [`Unsupported`](crate::ErrorKind::Unsupported), always.
pub fn json<'a>(w: &mut SqlWriter<'a>, _json: &'a JsonExpr) -> Result<()> {
    Err(Error::unsupported(w.dialect().name(), "looking into JSON documents", "read the document and look into it"))
}

/// Nothing is written.
///
/// # Errors
/// [`Unsupported`](crate::ErrorKind::Unsupported), always.
pub fn json_elements<'a>(w: &mut SqlWriter<'a>, _elements: &'a JsonElements) -> Result<()> {
    Err(Error::unsupported(w.dialect().name(), "the elements of JSON arrays as rows", "read the arrays"))
}

/// `"tag"."c1"`, the element, or `"tag"."c2"`, its index.
///
/// # Errors
/// None.
pub fn json_element(w: &mut SqlWriter<'_>, element: ElementRef) -> Result<()> {
    w.ident(element.source).push(match element.part {
        ElementPart::Value => ".c1",
        ElementPart::Index => ".c2",
    });
    Ok(())
}

/// `CAST("price" AS double precision)`
///
/// # Errors
/// What rendering the value and the type says.
pub fn cast<'a>(w: &mut SqlWriter<'a>, operand: &'a Expr, ty: ColumnType) -> Result<()> {
    write_sql!(w, "CAST(", operand, " AS ", w.ddl().column_type(w, ty), ")")
}

/// `round("price", 1)`
///
/// # Errors
/// What rendering the decimal says.
pub fn rounded<'a>(w: &mut SqlWriter<'a>, operand: &'a Expr, digits: u8) -> Result<()> {
    write_sql!(w, "round(", operand, ", ", digits, ")")
}

/// `(~ "flags")`
///
/// # Errors
/// What rendering the number says.
pub fn bit_not<'a>(w: &mut SqlWriter<'a>, operand: &'a Expr) -> Result<()> {
    write_sql!(w, "(~ ", w.expr(operand, Precedence::Atom), ")")
}

/// `max("price")`, `count(DISTINCT "category")`
///
/// # Errors
/// What rendering the operand says; [`Unsupported`](crate::ErrorKind::Unsupported) for an aggregate that the standard lacks.
pub fn aggregate<'a>(w: &mut SqlWriter<'a>, aggregate: &'a Aggregate) -> Result<()> {
    let function = aggregate.function;
    aggregate.render_as(w, function.sql().ok_or_else(|| no_spelling(w, "aggregate", function.name()))?)
}

/// `rank()`, `lag("price", 1)`: what stands before OVER.
///
/// # Errors
/// What rendering the operand says; [`Unsupported`](crate::ErrorKind::Unsupported) for a function that the standard lacks.
pub fn window_function<'a>(w: &mut SqlWriter<'a>, function: &'a WindowFunction) -> Result<()> {
    write_sql!(
        w,
        function.sql().ok_or_else(|| no_spelling(w, "window function", function.name()))?,
        "(",
        function.render_arguments(w),
        ")"
    )
}

/// `left LIKE right`, case-sensitively, also where the column is compared otherwise.
///
/// # Errors
/// What rendering the sides says.
fn like<'a>(w: &mut SqlWriter<'a>, sql: &str, left: &'a Expr, right: &'a Expr) -> Result<()> {
    w.expr(left, Precedence::Operand)?;
    if collation::is_other(left) || collation::is_other(right) {
        code_points(w);
    }
    w.push(" ").push(sql).push(" ");
    w.expr(right, Precedence::Operand)
}

/// ` COLLATE "C"` or its like: what stands before it is compared by code point.
fn code_points(w: &mut SqlWriter<'_>) {
    let name = w.dialect().capabilities().words.code_points;
    w.push(" COLLATE ").push(name);
}

/// Two expressions with some other spelling of an operator between them.
///
/// # Errors
/// What rendering the sides says.
pub fn infix<'a>(w: &mut SqlWriter<'a>, sql: &str, left: &'a Expr, right: &'a Expr) -> Result<()> {
    collation::check_alike(left, right)?;
    w.expr(left, Precedence::Operand)?;
    w.push(" ").push(sql).push(" ");
    w.expr(right, Precedence::Operand)
}

/// `operand BETWEEN low AND high`
///
/// # Errors
/// What rendering the three says.
pub fn between<'a>(w: &mut SqlWriter<'a>, operand: &'a Expr, low: &'a Expr, high: &'a Expr) -> Result<()> {
    collation::check_alike(operand, low)?;
    collation::check_alike(operand, high)?;
    w.expr(operand, Precedence::Operand)?;
    w.push(" BETWEEN ");
    w.expr(low, Precedence::Operand)?;
    w.push(" AND ");
    w.expr(high, Precedence::Operand)
}

/// `operand IN (a, b)`
///
/// # Errors
/// What rendering them says.
pub fn in_list<'a>(w: &mut SqlWriter<'a>, membership: Membership, operand: &'a Expr, list: &'a [Expr]) -> Result<()> {
    in_list_by(w, membership, operand, list, &mut |w, expr| w.expr(expr, Precedence::Operand))
}

/// As [`in_list`], with another way to write the operand and each item.
///
/// # Errors
/// What `each` says.
pub fn in_list_by<'a>(
    w: &mut SqlWriter<'a>,
    membership: Membership,
    operand: &'a Expr,
    list: &'a [Expr],
    each: &mut dyn FnMut(&mut SqlWriter<'a>, &'a Expr) -> Result<()>,
) -> Result<()> {
    let Some(last) = list.last() else {
        w.push(match membership {
            Membership::In => "1 = 0",
            Membership::NotIn => "1 = 1",
        });
        return Ok(());
    };
    list.iter().try_for_each(|item| collation::check_alike(operand, item))?;
    write_sql!(w, each(w, operand), " ", membership.sql(), " (")?;
    let fill = filled(list, w.dialect().capabilities().max_binds.saturating_sub(w.bind_count()));
    write_sql!(w, w.commas(list.iter().chain(std::iter::repeat_n(last, fill)), &mut *each), ")")
}

/// A column of a model.
///
/// # Errors
/// [`UndefinedColumn`](crate::ErrorKind::UndefinedColumn) where its table is not part of the statement.
pub fn column(w: &mut SqlWriter<'_>, column: ColumnRef) -> Result<()> {
    w.column(column.table, column.index)
}

/// A value that is written to a column, for a database that makes what is computed fit the column.
///
/// # Errors
/// What rendering it says.
pub fn assigned<'a>(w: &mut SqlWriter<'a>, value: &'a Expr) -> Result<()> {
    w.expr(value, Precedence::Lowest)
}

/// `BEGIN`, with the isolation, the access and the start asked for.
pub fn begin(options: &TxOptions) -> Vec<String> {
    let mut sql = String::from("BEGIN");
    if let Some(isolation) = options.isolation {
        sql.push_str(" ISOLATION LEVEL ");
        sql.push_str(isolation.sql());
    }
    if options.is_read_only() {
        sql.push_str(" READ ONLY");
    }
    if options.is_deferrable() {
        sql.push_str(" DEFERRABLE");
    }
    vec![sql]
}
