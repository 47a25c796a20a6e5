//! Standard SQL: the default body of each hook of [`Dialect`], for an override to call.

use super::{
    Aggregate, Assignment, BinaryOp, ColumnRef, Count, Direction, Expr, Function, Limit, OrderTerm, Precedence,
    SqlWriter, TableRef,
};
use crate::dialect::{Dialect, TxOptions};
use crate::error::{Error, Result};
use crate::schema::{Action, ColumnDef, ForeignKey, Generated, Index, Table};
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
    for (place, part) in name.split(quote).enumerate() {
        if place > 0 {
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
/// What rendering the sides says.
pub fn binary<'a>(w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<()> {
    if !op.is_arithmetic() {
        return infix(w, op.sql(), left, right);
    }
    w.expr(left, op.precedence())?;
    w.push(" ").push(op.sql()).push(" ");
    match op {
        BinaryOp::Div | BinaryOp::Rem => divisor(w, right),
        BinaryOp::Sub => w.expr(right, Precedence::Product),
        _ => w.expr(right, op.precedence()),
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
    w.push("NULLIF(");
    w.expr(divisor, Precedence::Lowest)?;
    w.push(", 0)");
    Ok(())
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

/// `lower("name")`
///
/// # Errors
/// What rendering the arguments says.
pub fn call<'a>(w: &mut SqlWriter<'a>, function: Function, arguments: &'a [Expr]) -> Result<()> {
    call_as(w, function.sql(), arguments)
}

/// A call of a function under another name.
///
/// # Errors
/// What rendering the arguments says.
pub fn call_as<'a>(w: &mut SqlWriter<'a>, name: &str, arguments: &'a [Expr]) -> Result<()> {
    w.push(name).push("(");
    w.commas(arguments, |w, argument| w.expr(argument, Precedence::Lowest))?;
    w.push(")");
    Ok(())
}

/// `max("price")`, `count(DISTINCT "category")`
///
/// # Errors
/// What rendering the operand says.
pub fn aggregate<'a>(w: &mut SqlWriter<'a>, aggregate: &'a Aggregate) -> Result<()> {
    aggregate.render_as(w, aggregate.function.sql())
}

/// Two expressions with some other spelling of an operator between them.
///
/// # Errors
/// What rendering the sides says.
pub fn infix<'a>(w: &mut SqlWriter<'a>, sql: &str, left: &'a Expr, right: &'a Expr) -> Result<()> {
    w.expr(left, Precedence::Operand)?;
    w.push(" ").push(sql).push(" ");
    w.expr(right, Precedence::Operand)
}

/// `operand BETWEEN low AND high`
///
/// # Errors
/// What rendering the three says.
pub fn between<'a>(w: &mut SqlWriter<'a>, operand: &'a Expr, low: &'a Expr, high: &'a Expr) -> Result<()> {
    w.expr(operand, Precedence::Operand)?;
    w.push(" BETWEEN ");
    w.expr(low, Precedence::Operand)?;
    w.push(" AND ");
    w.expr(high, Precedence::Operand)
}

/// A column of a model, in a SELECT list.
///
/// # Errors
/// [`UndefinedColumn`](crate::ErrorKind::UndefinedColumn) where its table is not part of the statement.
pub fn select_column(w: &mut SqlWriter<'_>, column: ColumnRef) -> Result<()> {
    w.column(column.table, column.index)
}

/// `"price" DESC`, for a database that puts NULLs last going up and first going down by itself.
///
/// # Errors
/// What rendering the expression says.
pub fn order_term<'a>(w: &mut SqlWriter<'a>, term: &'a OrderTerm) -> Result<()> {
    w.expr(&term.expr, Precedence::Operand)?;
    if term.direction == Direction::Descending {
        w.push(" DESC");
    }
    Ok(())
}

/// ` LIMIT n OFFSET m`
///
/// # Errors
/// [`Limit`](crate::ErrorKind::Limit) where a number is beyond what databases count.
pub fn limit(w: &mut SqlWriter<'_>, limit: &Limit) -> Result<()> {
    if let Some(count) = limit.limit {
        w.push(" LIMIT ");
        count.render(w)?;
    }
    if let Some(offset) = limit.offset {
        w.push(" OFFSET ");
        Count::Bound(offset).render(w)?;
    }
    Ok(())
}

/// ` DEFAULT VALUES`
pub fn insert_default_row(w: &mut SqlWriter<'_>) {
    w.push(" DEFAULT VALUES");
}

/// ` RETURNING "id", "name"`
///
/// # Errors
/// [`UndefinedColumn`](crate::ErrorKind::UndefinedColumn) for a column the table has not.
pub fn returning(w: &mut SqlWriter<'_>, table: &'static Table, columns: &[u16]) -> Result<()> {
    if columns.is_empty() {
        return Ok(());
    }
    w.push(" RETURNING ");
    let table = TableRef::new(table);
    w.commas(columns, |w, &index| w.dialect().select_column(w, ColumnRef { table, index }))
}

/// `"a" = 1, "b" = "c"`, for a database whose right-hand sides all see the old row.
///
/// # Errors
/// [`InvalidValue`](crate::ErrorKind::InvalidValue) where a value does not fit its column.
pub fn assignments<'a>(w: &mut SqlWriter<'a>, table: &'static Table, assignments: &'a [Assignment]) -> Result<()> {
    w.commas(assignments, |w, assignment| assignment.render(w, table))
}

/// A value that is written to a column, for a database that makes what is computed fit the column.
///
/// # Errors
/// What rendering it says.
pub fn assigned<'a>(w: &mut SqlWriter<'a>, value: &'a Expr) -> Result<()> {
    w.expr(value, Precedence::Lowest)
}

/// `BEGIN`, with the isolation and access asked for.
pub fn begin(options: &TxOptions) -> Vec<String> {
    let mut sql = String::from("BEGIN");
    if let Some(isolation) = options.isolation {
        sql.push_str(" ISOLATION LEVEL ");
        sql.push_str(isolation.sql());
    }
    if options.is_read_only() {
        sql.push_str(" READ ONLY");
    }
    vec![sql]
}

/// CREATE TABLE IF NOT EXISTS with columns, keys and checks.
///
/// # Errors
/// [`Unsupported`](crate::ErrorKind::Unsupported) where the dialect has no such column type.
pub fn create_table(w: &mut SqlWriter<'_>, table: &'static Table) -> Result<()> {
    open_table(w, table);
    columns(w, table)?;
    w.push(",\n  ");
    primary_key(w, table);
    constraints(w, table)?;
    w.push("\n)");
    Ok(())
}

/// `CREATE TABLE IF NOT EXISTS "users" (` and a line break.
pub fn open_table(w: &mut SqlWriter<'_>, table: &'static Table) {
    w.open_scope(TableRef::new(table));
    w.push("CREATE TABLE IF NOT EXISTS ").table(table).push(" (\n  ");
}

/// The lines of the columns.
///
/// # Errors
/// [`Unsupported`](crate::ErrorKind::Unsupported) where the dialect has no such column type.
pub fn columns(w: &mut SqlWriter<'_>, table: &'static Table) -> Result<()> {
    for (place, column) in table.columns.iter().enumerate() {
        if place > 0 {
            w.push(",\n  ");
        }
        let dialect = w.dialect();
        dialect.column_definition(w, table, column)?;
    }
    Ok(())
}

/// `"email" varchar(255) NOT NULL`, `"id" bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL`
///
/// # Errors
/// [`Unsupported`](crate::ErrorKind::Unsupported) where the dialect has no such column type.
pub fn column_definition(w: &mut SqlWriter<'_>, column: &'static ColumnDef) -> Result<()> {
    let dialect = w.dialect();
    w.ident(column.name).push(" ");
    dialect.column_type(w, column.ty)?;
    column_options(w, column);
    Ok(())
}

/// What follows a column's type: ` GENERATED BY DEFAULT AS IDENTITY` or ` DEFAULT (…)`, and ` NOT NULL`.
pub fn column_options(w: &mut SqlWriter<'_>, column: &ColumnDef) {
    match column.generated {
        Generated::No => {}
        Generated::Auto => {
            w.push(" GENERATED BY DEFAULT AS IDENTITY");
        }
        Generated::ServerDefault(sql) => {
            w.push(" DEFAULT (").push(sql).push(")");
        }
    }
    if !column.nullable {
        w.push(" NOT NULL");
    }
}

/// `CONSTRAINT "pk_users" PRIMARY KEY ("id")`
pub fn primary_key(w: &mut SqlWriter<'_>, table: &'static Table) {
    w.push("CONSTRAINT ").ident(&table.primary_key_name()).push(" PRIMARY KEY ");
    column_list(w, table, table.primary_key);
}

/// The lines of the unique keys, the foreign keys and the checks, each with a comma before it.
///
/// # Errors
/// What rendering a check's condition says.
pub fn constraints(w: &mut SqlWriter<'_>, table: &'static Table) -> Result<()> {
    for key in table.uniques {
        w.push(",\n  CONSTRAINT ").ident(&key.name(table)).push(" UNIQUE ");
        column_list(w, table, key.columns);
    }
    for key in table.foreign_keys {
        w.push(",\n  CONSTRAINT ").ident(&key.name(table)).push(" ");
        foreign_key(w, table, key);
    }
    for check in table.checks {
        w.push(",\n  CONSTRAINT ").ident(&check.name(table)).push(" CHECK (");
        let condition = (check.condition)();
        let text = literal_condition(w.dialect(), table, &condition)?;
        w.push(&text).push(")");
    }
    Ok(())
}

/// `FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE`
pub fn foreign_key(w: &mut SqlWriter<'_>, table: &'static Table, key: &ForeignKey) {
    let target = (key.table)();
    w.push("FOREIGN KEY ");
    column_list(w, table, key.columns);
    w.push(" REFERENCES ").table(target).push(" ");
    column_list(w, target, key.references);
    action(w, " ON DELETE ", key.on_delete);
    action(w, " ON UPDATE ", key.on_update);
}

/// `CREATE INDEX IF NOT EXISTS "ix_products_category" ON "products" ("category")`
pub fn create_index(w: &mut SqlWriter<'_>, table: &'static Table, index: &Index) {
    w.push("CREATE INDEX IF NOT EXISTS ").ident(&index.name(table)).push(" ON ").table(table).push(" ");
    column_list(w, table, index.columns);
}

/// `DROP TABLE IF EXISTS "users"`
pub fn drop_table(w: &mut SqlWriter<'_>, table: &'static Table) {
    w.push("DROP TABLE IF EXISTS ").table(table);
}

/// `"mood" IN ('happy', 'sad')`
pub fn is_label(w: &mut SqlWriter<'_>, column: &str, labels: &[&str]) -> Result<()> {
    let dialect = w.dialect();
    w.ident(column).push(" IN (");
    w.commas(labels, |w, label| dialect.literal(w, ValueRef::Text(label), ColumnType::TEXT))?;
    w.push(")");
    Ok(())
}

/// `("category", "price")`
pub fn column_list(w: &mut SqlWriter<'_>, table: &'static Table, columns: &[u16]) {
    w.push("(");
    for (place, name) in table.column_names(columns).into_iter().enumerate() {
        if place > 0 {
            w.push(", ");
        }
        w.ident(name);
    }
    w.push(")");
}

/// The condition of a check with its values as literals. It is rendered apart, because it lives no longer than this call.
fn literal_condition(dialect: &dyn Dialect, table: &'static Table, condition: &Expr) -> Result<String> {
    let mut w = SqlWriter::for_ddl(dialect);
    w.open_scope(TableRef::new(table));
    w.expr(condition, Precedence::Lowest)?;
    Ok(w.into_text())
}

fn action(w: &mut SqlWriter<'_>, clause: &str, action: Action) {
    let sql = match action {
        Action::Restrict => return,
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
    };
    w.push(clause).push(sql);
}
