//! [`Postgres`]: where PostgreSQL differs from standard SQL. NULL order, LIMIT, RETURNING, BEGIN and the operators do not.

use std::fmt::Write as _;

use creole_core::dialect::{
    Capabilities, Diagnosis, Dialect, IndexPlacement, InsertSize, JoinedWrites, OwnText, RawError, Support,
};
use creole_core::driver::Compiled;
use creole_core::inspect::Catalog;
use creole_core::schema::{ColumnDef, ServerDefault, Table};
use creole_core::sql::{
    Aggregate, BinaryOp, BoundRows, ColumnRef, ElementRef, Expr, Function, Json, JsonElements, Membership, Precedence,
    Quantifier, SqlWriter, Typing, Values, standard,
};
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Error, ErrorKind, Result};

use crate::catalog::PostgresCatalog;
use crate::{arithmetic, bind, calls, collation, enums, error, json, list, traces, types, unnest};

/// PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Postgres;

/// The name in messages.
pub(crate) const NAME: &str = "postgres";

/// How many bytes of a name PostgreSQL keeps.
const LONGEST_NAME: usize = 63;

static CAPABILITIES: Capabilities = Capabilities {
    max_binds: bind::MOST_BINDS,
    max_bytes: 1 << 20,
    insert_returning: Support::Native,
    conflict_target: Support::Native,
    update_returning: Support::Native,
    delete_returning: Support::Native,
    joined_writes: JoinedWrites::FromClause,
    with_in_writes: Support::Native,
    transactional_ddl: Support::Native,
    aggregate_filter: Support::Native,
    indexes: IndexPlacement::Separate,
    comment_on: Support::Native,
};

impl Dialect for Postgres {
    fn name(&self) -> &'static str {
        NAME
    }

    fn capabilities(&self) -> &Capabilities {
        &CAPABILITIES
    }

    /// `$1`, or `$1::int8` where nothing beside it says the type.
    fn placeholder(&self, w: &mut SqlWriter<'_>, ty: ColumnType, typing: Typing) {
        let number = w.bind_count() as u64;
        w.push("$").number(number);
        if let Some(of) = ty.native_enum() {
            // Sent as text, since only the server knows the number of a type that was made in it.
            w.push("::text::");
            enums::name(w, of);
            return;
        }
        let (ty, suffix) = match ty {
            ColumnType::Array(element) => (*element, "[]"),
            ty => (ty, ""),
        };
        if let (Typing::Cast, Some(name)) = (typing, types::cast_name(ty)) {
            w.push("::").push(name).push(suffix);
        }
    }

    fn column_type(&self, w: &mut SqlWriter<'_>, ty: ColumnType) -> Result<()> {
        types::column_type(w, ty)
    }

    /// Text is of collation "C", so that it is compared and sorted by code point whatever the database's own collation.
    fn collation(&self, w: &mut SqlWriter<'_>, column: &ColumnDef) -> Result<()> {
        collation::write(w, column);
        Ok(())
    }

    fn code_point_collation(&self) -> &'static str {
        "\"C\""
    }

    fn classify(&self, raw: &RawError<'_>) -> Diagnosis {
        error::classify(raw)
    }

    fn leaves_traces(&self, text: OwnText<'_>) -> bool {
        traces::leaves_traces(text)
    }

    /// A `real` would round what is not exact in 32 bits.
    fn check(&self, value: ValueRef<'_>, ty: ColumnType) -> Result<(), String> {
        match (value, ty) {
            (ValueRef::F64(number), ColumnType::F32) => bind::exact_f32(number).map(|_| ()),
            _ => Ok(()),
        }
    }

    fn literal(&self, w: &mut SqlWriter<'_>, value: ValueRef<'_>, ty: ColumnType) -> Result<()> {
        let (text, name) = match value {
            ValueRef::Text(text) if text.contains('\0') => {
                return Err(Error::new(ErrorKind::InvalidValue, "text with a NUL character can't be stored"));
            }
            ValueRef::F64(number) if ty == ColumnType::F32 => (format!("{number:e}"), "float4"),
            ValueRef::F64(number) => (format!("{number:e}"), "float8"),
            ValueRef::Bytes(bytes) => (hex(bytes), "bytea"),
            ValueRef::Uuid(id) => (id.to_string(), "uuid"),
            ValueRef::Date(date) if date.is_storable() => (date.to_string(), "date"),
            ValueRef::Time(time) if time.is_storable() => (time.to_string(), "time"),
            ValueRef::DateTime(moment) if moment.is_storable() => (moment.to_string(), "timestamp"),
            ValueRef::Instant(instant) if instant.is_storable() => (format!("{instant}+00"), "timestamptz"),
            ValueRef::Json(document) => (document.text()?.into_owned(), "jsonb"),
            other => return standard::literal(w, other, ty),
        };
        w.text_literal(&text).push("::").push(name);
        Ok(())
    }

    fn column(&self, w: &mut SqlWriter<'_>, column: ColumnRef) -> Result<()> {
        standard::column(w, column)?;
        json::as_jsonb(w, column.definition().map(|definition| definition.ty));
        Ok(())
    }

    /// A document is read as it is kept.
    fn select_column(&self, w: &mut SqlWriter<'_>, column: ColumnRef) -> Result<()> {
        standard::column(w, column)
    }

    fn by_value(&self, w: &mut SqlWriter<'_>, computed: &Expr) {
        if let Expr::Derived(_) | Expr::Subquery(_) | Expr::Custom { .. } | Expr::Raw { .. } = computed {
            json::as_jsonb(w, computed.ty());
        }
    }

    fn binary<'a>(&self, w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<()> {
        if op.is_arithmetic() {
            return arithmetic::binary(w, op, left, right);
        }
        standard::binary(w, op, left, right)
    }

    fn call<'a>(&self, w: &mut SqlWriter<'a>, function: Function, arguments: &'a [Expr]) -> Result<()> {
        calls::call(w, function, arguments)
    }

    fn cast<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr, ty: ColumnType) -> Result<()> {
        calls::cast(w, operand, ty)
    }

    fn compare_with_elements<'a>(
        &self,
        w: &mut SqlWriter<'a>,
        op: BinaryOp,
        left: &'a Expr,
        quantifier: Quantifier,
        array: &'a Expr,
    ) -> Result<()> {
        w.expr(left, Precedence::Operand)?;
        w.push(" ").push(op.sql()).push(" ").push(quantifier.sql()).push(" (");
        w.expr(array, Precedence::Lowest)?;
        w.push(")");
        Ok(())
    }

    fn in_list<'a>(
        &self,
        w: &mut SqlWriter<'a>,
        membership: Membership,
        operand: &'a Expr,
        list: &'a [Expr],
    ) -> Result<()> {
        list::in_list(w, membership, operand, list)
    }

    fn distinct_on<'a>(&self, w: &mut SqlWriter<'a>, exprs: &'a [Expr]) -> Result<()> {
        w.push("DISTINCT ON (");
        w.commas(exprs, |w, expr| w.expr(expr, Precedence::Lowest))?;
        w.push(") ");
        Ok(())
    }

    fn excluded(&self, w: &mut SqlWriter<'_>, column: &'static ColumnDef) {
        standard::excluded(w, column);
        json::as_jsonb(w, Some(column.ty));
    }

    fn given_column(&self, w: &mut SqlWriter<'_>, column: &'static ColumnDef) {
        w.ident(column.name);
        json::as_jsonb(w, Some(column.ty));
    }

    /// Text of no column would be of the database's collation, and could not be compared with a column.
    fn values<'a>(&self, w: &mut SqlWriter<'a>, values: &'a Values) -> Result<()> {
        standard::values_of(w, values, "(", |w, value| {
            w.expr(value, Precedence::Lowest)?;
            if value.ty().is_some_and(types::is_text) {
                w.push(" COLLATE \"C\"");
            }
            Ok(())
        })
    }

    fn json<'a>(&self, w: &mut SqlWriter<'a>, json: &'a Json) -> Result<()> {
        json::json(w, json)
    }

    fn json_condition<'a>(&self, w: &mut SqlWriter<'a>, json: &'a Json) -> Result<()> {
        json::condition(w, json)
    }

    fn json_elements<'a>(&self, w: &mut SqlWriter<'a>, elements: &'a JsonElements) -> Result<()> {
        json::elements(w, elements)
    }

    fn json_element(&self, w: &mut SqlWriter<'_>, element: ElementRef) -> Result<()> {
        json::element(w, element)
    }

    fn aggregate<'a>(&self, w: &mut SqlWriter<'a>, aggregate: &'a Aggregate) -> Result<()> {
        arithmetic::aggregate(w, aggregate)
    }

    /// An identity column counts by a sequence, which knows nothing of the rows.
    fn sync_sequence(&self, table: &'static Table) -> Option<String> {
        let column = table.column(table.auto_column()?)?.name;
        let mut name = SqlWriter::for_ddl(self);
        name.table(table);
        let mut w = SqlWriter::for_ddl(self);
        w.push("SELECT setval(s.name, s.last) FROM (SELECT n.name, greatest(max(t.").ident(column);
        w.push("), pg_sequence_last_value(n.name)) AS last FROM (SELECT pg_get_serial_sequence(");
        w.text_literal(&name.into_text()).push(", ").text_literal(column);
        w.push(")::regclass AS name) AS n CROSS JOIN ")
            .table(table)
            .push(" AS t GROUP BY n.name) AS s WHERE s.last > 0");
        Some(w.into_text())
    }

    /// What is not in UTC by itself is made so, whatever the session's time zone.
    fn column_default(
        &self,
        w: &mut SqlWriter<'_>,
        table: &'static Table,
        column: &'static ColumnDef,
        default: ServerDefault,
    ) -> Result<()> {
        let sql = match (default, column.ty) {
            (ServerDefault::Now, ColumnType::DateTime) => "timezone('UTC', CURRENT_TIMESTAMP)",
            (ServerDefault::Now, ColumnType::Date) => "timezone('UTC', CURRENT_TIMESTAMP)::date",
            (ServerDefault::Now, ColumnType::Time) => "timezone('UTC', CURRENT_TIMESTAMP)::time",
            (ServerDefault::Uuid, _) => "gen_random_uuid()",
            _ => return standard::column_default(w, table, column, default),
        };
        w.push(sql);
        Ok(())
    }

    fn catalog(&self) -> Option<&'static dyn Catalog> {
        Some(&PostgresCatalog)
    }

    /// Names that PostgreSQL would cut without a word are refused.
    fn create_table(&self, w: &mut SqlWriter<'_>, table: &'static Table) -> Result<()> {
        let columns = table.columns.iter().map(|column| column.name);
        let long = table.schema.into_iter().chain([table.name]).chain(columns).find(|name| name.len() > LONGEST_NAME);
        if let Some(name) = long {
            let message = format!("the name {name:?} has {} bytes, PostgreSQL keeps {LONGEST_NAME}", name.len());
            return Err(Error::new(ErrorKind::Limit, message).on(NAME));
        }
        standard::create_table(w, table)
    }

    /// Where PostgreSQL's type holds more than the column's, a check keeps the difference out.
    fn column_definition(
        &self,
        w: &mut SqlWriter<'_>,
        table: &'static Table,
        column: &'static ColumnDef,
    ) -> Result<()> {
        w.ident(column.name).push(" ");
        types::declared_type(w, table, column)?;
        self.collation(w, column)?;
        standard::column_options(w, table, column)?;
        if let Some(condition) = types::value_condition(column)? {
            w.push(" CONSTRAINT ")
                .ident(&types::value_check_name(column.name))
                .push(" CHECK (")
                .push(&condition)
                .push(")");
        }
        Ok(())
    }

    fn insert_rows<'a>(&self, w: &mut SqlWriter<'a>, rows: &BoundRows<'a>) -> Result<()> {
        unnest::insert_rows(w, rows)
    }

    fn insert_size(&self, table: &'static Table, columns: &[u16]) -> InsertSize {
        unnest::insert_size(table, columns).unwrap_or_else(|| standard::insert_size(&CAPABILITIES, table, columns))
    }

    /// A row that was there bears the mark of the transaction that locked it to be updated.
    fn new_row_mark(&self) -> Option<&'static str> {
        Some("(xmax = 0)")
    }

    fn before_table(&self, table: &'static Table) -> Vec<String> {
        let mut statements = collation::create(table);
        statements.extend(enums::create(self, table));
        statements
    }

    fn after_drop(&self, table: &'static Table) -> Vec<String> {
        enums::drop(self, table)
    }

    fn finish(&self, statement: &mut Compiled<'_>) {
        bind::mark_large(statement);
    }
}

/// `\x` and two digits for each byte.
fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 + 2 * bytes.len());
    text.push_str("\\x");
    for byte in bytes {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests;
