//! [`Sqlite`]: where SQLite differs from standard SQL.

use creole_core::dialect::{
    Capabilities, Diagnosis, Dialect, IndexPlacement, JoinedWrites, RawError, Support, TxOptions,
};
use creole_core::inspect::Catalog;
use creole_core::schema::{ColumnDef, ForeignKey, Generated, ServerDefault, Table};
use creole_core::sql::{
    Aggregate, BinaryOp, Bind, ColumnRef, Direction, ElementRef, Expr, Frame, FrameBound, FrameUnit, Function, Insert,
    Json, JsonElements, Limit, Lock, LockWait, Membership, OnConflict, OrderTerm, Over, Precedence, Quantifier,
    Repeats, Rows, Select, SetOp, SqlWriter, Typing, Values, standard,
};
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Error, Result};

use crate::arithmetic::is_decimal;
use crate::catalog::SqliteCatalog;
use crate::kept::{self, Kept};
use crate::{arithmetic, calls, collation, default, error, json, list, types};

/// How SQLite spells SQL.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sqlite;

/// The name of the dialect.
pub(crate) const NAME: &str = "sqlite";

/// The name of a source that is there to be there.
const VALUES_FIRST: &str = "values first";

static CAPABILITIES: Capabilities = Capabilities {
    max_binds: 32_766,
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
    // SQLite keeps no comments at all.
    comment_on: Support::Absent,
};

impl Dialect for Sqlite {
    fn name(&self) -> &'static str {
        NAME
    }

    fn capabilities(&self) -> &Capabilities {
        &CAPABILITIES
    }

    /// `?1`. A decimal that no column stands beside says itself that it is compared by value.
    fn placeholder(&self, w: &mut SqlWriter<'_>, ty: ColumnType, typing: Typing) {
        let number = w.bind_count();
        w.push("?").number(number as u64);
        if typing == Typing::Cast && matches!(ty, ColumnType::Decimal { .. }) {
            w.push(" COLLATE decimal");
        }
    }

    fn column_type(&self, w: &mut SqlWriter<'_>, ty: ColumnType) -> Result<()> {
        w.push(types::declaration(ty)?);
        Ok(())
    }

    fn collation(&self, w: &mut SqlWriter<'_>, column: &ColumnDef) -> Result<()> {
        collation::write(w, column)
    }

    fn code_point_collation(&self) -> &'static str {
        "BINARY"
    }

    fn classify(&self, raw: &RawError<'_>) -> Diagnosis {
        error::classify(raw)
    }

    fn check(&self, value: ValueRef<'_>, _ty: ColumnType) -> Result<(), String> {
        types::check(value)
    }

    fn literal(&self, w: &mut SqlWriter<'_>, value: ValueRef<'_>, ty: ColumnType) -> Result<()> {
        types::literal(w, value, ty)
    }

    fn binary<'a>(&self, w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<()> {
        match op {
            BinaryOp::IsDistinctFrom if !json::is_part(left) && !json::is_part(right) => {
                kept::infix(w, "IS NOT", left, right)
            }
            // The driver makes LIKE case-sensitive on every connection; the escape character has no default here.
            BinaryOp::Like => {
                standard::binary(w, op, left, right)?;
                w.push(r" ESCAPE '\'");
                Ok(())
            }
            op if op.is_comparison() && (json::is_part(left) || json::is_part(right)) => {
                json::compare(w, op, left, right)
            }
            op if op.is_comparison() => kept::infix(w, op.sql(), left, right),
            op if op.is_arithmetic() => arithmetic::binary(w, op, left, right),
            _ => standard::binary(w, op, left, right),
        }
    }

    fn stored<'a>(&self, column: &ColumnDef, value: ValueRef<'a>) -> Option<Bind<'a>> {
        match Kept::of(column) {
            Some(kept) => kept.bind(value),
            None => Some(Bind { value, ty: column.ty }),
        }
    }

    fn column(&self, w: &mut SqlWriter<'_>, column: ColumnRef) -> Result<()> {
        kept::column(w, column)
    }

    fn between<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr, low: &'a Expr, high: &'a Expr) -> Result<()> {
        kept::between(w, operand, low, high)
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

    /// A range of so much before and behind is found by adding numbers, which SQLite can't do with what it keeps decimals as.
    fn frame(&self, w: &mut SqlWriter<'_>, over: &Over, frame: &Frame) -> Result<()> {
        let has_distance = [frame.start, frame.end]
            .iter()
            .any(|bound| matches!(bound, FrameBound::Preceding(_) | FrameBound::Following(_)));
        if frame.unit == FrameUnit::Range && has_distance && over.order_by.iter().any(|term| is_decimal(&term.expr)) {
            let way_out = "cast what the window is sorted by to f64, or use a frame of rows or groups";
            return Err(Error::unsupported(NAME, "a frame of a RANGE of decimals", way_out));
        }
        standard::frame(w, frame)
    }

    fn call<'a>(&self, w: &mut SqlWriter<'a>, function: Function, arguments: &'a [Expr]) -> Result<()> {
        calls::call(w, function, arguments)
    }

    fn cast<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr, ty: ColumnType) -> Result<()> {
        calls::cast(w, operand, ty)
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
        json::element(w, element);
        Ok(())
    }

    fn rounded<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr, digits: u8) -> Result<()> {
        arithmetic::rounded(w, operand, digits)
    }

    /// There are no ANY and ALL, but IN is one and NOT IN the other.
    fn compare_with_rows<'a>(
        &self,
        w: &mut SqlWriter<'a>,
        op: BinaryOp,
        left: &'a Expr,
        quantifier: Quantifier,
        select: &'a Select,
    ) -> Result<()> {
        let membership = match (op, quantifier) {
            (BinaryOp::Eq, Quantifier::Any) => Membership::In,
            (BinaryOp::Ne, Quantifier::All) => Membership::NotIn,
            _ => return standard::compare_by_counting(w, op, left, quantifier, select),
        };
        w.expr(left, Precedence::Operand)?;
        w.push(" ").push(membership.sql()).push(" ");
        standard::in_select(w, select)
    }

    /// A list of columns behind a source's name is unknown, so a SELECT of no row names them.
    fn values<'a>(&self, w: &mut SqlWriter<'a>, values: &'a Values) -> Result<()> {
        if values.rows.is_empty() {
            return standard::values(w, values);
        }
        w.push("(SELECT ");
        w.commas(1..=values.columns.len(), |w, number| {
            w.push("NULL AS ").ident(&format!("c{number}"));
            Ok(())
        })?;
        w.push(" WHERE 0 UNION ALL VALUES ");
        w.commas(&values.rows, |w, row| {
            w.push("(");
            w.commas(row, |w, value| w.expr(value, Precedence::Lowest))?;
            w.push(")");
            Ok(())
        })?;
        w.push(") AS ").ident(values.name);
        Ok(())
    }

    /// There is no ALL but for UNION.
    fn set_operator(&self, w: &mut SqlWriter<'_>, op: SetOp, repeats: Repeats) -> Result<()> {
        if op != SetOp::Union && repeats == Repeats::Kept {
            let way_out = "use it without ALL, or number equal rows by row_number() first";
            return Err(Error::unsupported(NAME, &format!("{} ALL", op.sql()), way_out));
        }
        standard::set_operator(w, op, repeats)
    }

    /// A transaction that writes has the whole database to itself, so its rows are locked as it is.
    fn lock(&self, _: &mut SqlWriter<'_>, lock: &Lock) -> Result<()> {
        match lock.wait {
            LockWait::Wait => Ok(()),
            LockWait::NoWait | LockWait::SkipLocked => {
                let way_out = "rows are not locked one by one here; leave `skip_locked` and `nowait` off";
                Err(Error::unsupported(NAME, "skipping or refusing locked rows", way_out))
            }
        }
    }

    /// Only columns have a collation of their own.
    fn by_value(&self, w: &mut SqlWriter<'_>, computed: &Expr) {
        arithmetic::by_value(w, computed);
    }

    fn aggregate<'a>(&self, w: &mut SqlWriter<'a>, aggregate: &'a Aggregate) -> Result<()> {
        arithmetic::aggregate(w, aggregate)
    }

    fn assigned<'a>(&self, w: &mut SqlWriter<'a>, column: &'static ColumnDef, value: &'a Expr) -> Result<()> {
        kept::assigned(w, column, value)
    }

    /// NULL is SQLite's smallest value, so where it can occur its place is said. An index serves the order either way.
    fn order_term<'a>(&self, w: &mut SqlWriter<'a>, term: &'a OrderTerm) -> Result<()> {
        kept::order_term(w, term)?;
        if w.is_nullable(&term.expr) {
            w.push(match term.direction {
                Direction::Ascending => " NULLS LAST",
                Direction::Descending => " NULLS FIRST",
            });
        }
        Ok(())
    }

    /// OFFSET follows a LIMIT only; a negative one is none.
    fn limit(&self, w: &mut SqlWriter<'_>, limit: &Limit) -> Result<()> {
        if limit.limit.is_none() && limit.offset.is_some() {
            w.push(" LIMIT -1");
        }
        standard::limit(w, limit)
    }

    /// Behind a SELECT without WHERE, ON CONFLICT would be read as a join's ON; and computed decimals must be made to fit.
    fn insert_select<'a>(&self, w: &mut SqlWriter<'a>, insert: &'a Insert, select: &'a Select) -> Result<()> {
        kept::insert_select(w, insert, select)
    }

    /// A subquery in an upsert sees the rows that were written before its own.
    fn on_conflict<'a>(&self, w: &mut SqlWriter<'a>, insert: &'a Insert, conflict: &'a OnConflict) -> Result<()> {
        if insert.rows != Rows::Bound(1) && conflict.action.selects_from(insert.table) {
            let what = format!("an upsert of several rows in which a subquery reads {} itself", insert.table);
            let way_out = "upsert the rows one by one, or ask for the value first";
            return Err(Error::unsupported(NAME, &what, way_out).with_table(insert.table.name));
        }
        standard::on_conflict(w, insert, conflict)
    }

    /// A subquery in a value would see the rows that were written before its own. With a FROM, whatever stands there, all
    /// values are computed first.
    fn values_first(&self, w: &mut SqlWriter<'_>) {
        w.push(" FROM (SELECT 1 AS ").ident(VALUES_FIRST).push(") AS ").ident(VALUES_FIRST);
    }

    fn catalog(&self) -> Option<&'static dyn Catalog> {
        Some(&SqliteCatalog)
    }

    /// SQLite would delete the rows first, and with them, or in vain, those that refer to them.
    fn referring_tables(&self, table: &'static Table) -> Option<String> {
        let mut w = SqlWriter::for_ddl(self);
        w.push("SELECT m.name FROM sqlite_schema AS m JOIN pragma_foreign_key_list(m.name) AS k ");
        w.push("WHERE m.type = 'table' AND lower(k.\"table\") = lower(").text_literal(table.name).push(")");
        Some(w.into_text())
    }

    /// A STRICT table: SQLite then refuses a value of another type than its column's, whoever writes it.
    fn create_table(&self, w: &mut SqlWriter<'_>, table: &'static Table) -> Result<()> {
        if let Some(schema) = table.schema {
            let feature = format!("the schema {schema} of table {}", table.name);
            return Err(Error::unsupported(NAME, &feature, "a SQLite file has one namespace; leave the schema off"));
        }
        standard::open_table(w, table);
        standard::columns(w, table)?;
        if table.auto_column().is_none() {
            w.push(",\n  ");
            standard::primary_key(w, table);
        }
        standard::constraints(w, table)?;
        w.push("\n) STRICT");
        Ok(())
    }

    fn column_default(
        &self,
        w: &mut SqlWriter<'_>,
        table: &'static Table,
        column: &'static ColumnDef,
        default: ServerDefault,
    ) -> Result<()> {
        default::column_default(w, table, column, default)
    }

    /// Not even an attached file can be referred to.
    fn referenced_table(&self, w: &mut SqlWriter<'_>, table: &'static Table, key: &ForeignKey) -> Result<()> {
        let target = (key.table)();
        if let Some(schema) = target.schema {
            let feature = format!("the foreign key {} of {table} into the schema {schema}", key.name(table));
            let way_out = format!("a SQLite file has one namespace; leave the schema of {} off", target.name);
            return Err(Error::unsupported(NAME, &feature, &way_out).with_table(table.name));
        }
        standard::referenced_table(w, key);
        Ok(())
    }

    fn column_definition(
        &self,
        w: &mut SqlWriter<'_>,
        table: &'static Table,
        column: &'static ColumnDef,
    ) -> Result<()> {
        w.ident(column.name).push(" ");
        types::column_type(w, column)?;
        self.collation(w, column)?;
        if column.generated == Generated::Auto {
            auto_key(w, table, column)?;
        }
        standard::default_clause(w, table, column)?;
        // SQLite takes NULL in a primary key unless it is told not to.
        if !column.nullable || is_key(table, column) {
            w.push(" NOT NULL");
        }
        types::value_check(w, column)
    }

    /// A transaction that may write takes the writer's lock at once: one that only tried at its first write would fail,
    /// whatever the time limit, where somebody had written in between. Every isolation asked for is granted, since
    /// SQLite's transactions are serializable, and a deferrable one too, since those that only read fail for nobody.
    fn begin(&self, options: &TxOptions) -> Result<Vec<String>> {
        let sql = if options.is_read_only() { "BEGIN" } else { "BEGIN IMMEDIATE" };
        Ok(vec![sql.into()])
    }
}

/// ` CONSTRAINT "pk_users" PRIMARY KEY AUTOINCREMENT`: as on the servers, the number of a deleted row is not given out
/// again.
fn auto_key(w: &mut SqlWriter<'_>, table: &'static Table, column: &'static ColumnDef) -> Result<()> {
    let is_the_key = table.primary_key.len() == 1 && is_key(table, column);
    if !is_the_key || !column.ty.is_integer() {
        let feature = format!("the automatic number {}.{}", table.name, column.name);
        return Err(Error::unsupported(NAME, &feature, "SQLite numbers only an integer that is the whole primary key"));
    }
    w.push(" CONSTRAINT ").ident(&table.primary_key_name()).push(" PRIMARY KEY AUTOINCREMENT");
    Ok(())
}

fn is_key(table: &'static Table, column: &'static ColumnDef) -> bool {
    table.column_names(table.primary_key).contains(&column.name)
}
