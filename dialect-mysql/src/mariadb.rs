//! How MariaDB spells SQL: the list of its differences from MySQL.

use std::borrow::Cow;

use creole_core::dialect::{
    Capabilities, Diagnosis, Dialect, EndsTransaction, IndexPlacement, JoinedWrites, OwnText, RawError, Support,
    TxOptions,
};
use creole_core::inspect::Catalog;
use creole_core::schema::{ColumnDef, ForeignKey, ServerDefault, Table};
use creole_core::sql::{
    Aggregate, BinaryOp, BoundRows, ElementRef, Expr, Frame, Function, Insert, JoinKind, Json, JsonElements, Limit,
    Lock, LockStrength, LockWait, Membership, OnConflict, OrderTerm, Over, Precedence, Quantifier, Select, SqlWriter,
    TableRef, Typing, Values, standard,
};
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Error, Result};

use crate::catalog::MySqlCatalog;
use crate::dialect::{
    Flavor, MySql, begin, given_value, insert_rows, is_json, order_term, placeholder, refuse_json_order,
};
use crate::{arithmetic, collation, commits, ddl, error, json, list, proposed, rows, types, upsert};

/// MariaDB's SQL: MySQL's, but for what is written here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MariaDb;

static MARIADB: Capabilities = Capabilities {
    max_binds: 65_535,
    max_bytes: 1 << 20,
    insert_returning: Support::Native,
    conflict_target: Support::Absent,
    update_returning: Support::Absent,
    delete_returning: Support::Native,
    joined_writes: JoinedWrites::Join,
    with_in_writes: Support::Absent,
    transactional_ddl: Support::Absent,
    aggregate_filter: Support::Absent,
    indexes: IndexPlacement::Inline,
    comment_on: Support::Absent,
};

impl Dialect for MariaDb {
    fn name(&self) -> &'static str {
        "mariadb"
    }

    fn capabilities(&self) -> &Capabilities {
        &MARIADB
    }

    fn placeholder(&self, w: &mut SqlWriter<'_>, ty: ColumnType, typing: Typing) {
        placeholder(w, ty, typing);
    }

    fn column_type(&self, w: &mut SqlWriter<'_>, ty: ColumnType) -> Result<()> {
        types::column_type(w, ty, Flavor::MariaDb)
    }

    fn collation(&self, w: &mut SqlWriter<'_>, column: &ColumnDef) -> Result<()> {
        collation::write(w, column, Flavor::MariaDb);
        Ok(())
    }

    fn code_point_collation(&self) -> &'static str {
        Flavor::MariaDb.collation()
    }

    fn classify(&self, raw: &RawError<'_>) -> Diagnosis {
        error::classify(raw, Flavor::MariaDb)
    }

    fn ends_transaction(&self, text: OwnText<'_>) -> EndsTransaction {
        commits::ends_transaction(text)
    }

    fn leaves_traces(&self, text: OwnText<'_>) -> bool {
        commits::leaves_traces(text)
    }

    fn check(&self, value: ValueRef<'_>, _ty: ColumnType) -> Result<(), String> {
        types::check(value, Flavor::MariaDb)
    }

    fn ident(&self, w: &mut SqlWriter<'_>, name: &str) {
        MySql.ident(w, name);
    }

    fn literal(&self, w: &mut SqlWriter<'_>, value: ValueRef<'_>, ty: ColumnType) -> Result<()> {
        types::literal(w, value, ty, Flavor::MariaDb)
    }

    /// JSON is text here; documents are compared in their normal form, in which equal ones have equal texts. The blank keeps
    /// MariaDB 10.11 from reading on behind a document that is a number, and taking what is left of another for its digits.
    fn binary<'a>(&self, w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<()> {
        if !is_json(left) && !is_json(right) {
            return arithmetic::without_negative_zero(w, op, left, right);
        }
        refuse_json_order(w, op)?;
        let (open, sql, close) = match op {
            BinaryOp::IsDistinctFrom => ("NOT (", "<=>", ")"),
            other => ("", other.sql(), ""),
        };
        w.push(open).push("JSON_NORMALIZE(CONCAT(");
        w.expr(left, Precedence::Lowest)?;
        w.push(", ' ')) ").push(sql).push(" JSON_NORMALIZE(CONCAT(");
        w.expr(right, Precedence::Lowest)?;
        w.push(", ' '))").push(close);
        Ok(())
    }

    fn call<'a>(&self, w: &mut SqlWriter<'a>, function: Function, arguments: &'a [Expr]) -> Result<()> {
        MySql.call(w, function, arguments)
    }

    fn cast<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr, ty: ColumnType) -> Result<()> {
        MySql.cast(w, operand, ty)
    }

    fn json<'a>(&self, w: &mut SqlWriter<'a>, json: &'a Json) -> Result<()> {
        json::json(w, json, Flavor::MariaDb)
    }

    fn json_elements<'a>(&self, w: &mut SqlWriter<'a>, elements: &'a JsonElements) -> Result<()> {
        json::elements(w, elements, Flavor::MariaDb)
    }

    fn json_element(&self, w: &mut SqlWriter<'_>, element: ElementRef) -> Result<()> {
        json::element(w, element, Flavor::MariaDb)
    }

    fn bit_not<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr) -> Result<()> {
        MySql.bit_not(w, operand)
    }

    fn in_list<'a>(
        &self,
        w: &mut SqlWriter<'a>,
        membership: Membership,
        operand: &'a Expr,
        list: &'a [Expr],
    ) -> Result<()> {
        list::in_list(w, membership, operand, list, Flavor::MariaDb)
    }

    /// MariaDB keeps the rows of such a subquery in a table, in which it does not find an aggregate. It keeps no UNION.
    fn in_select<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr, select: &'a Select) -> Result<()> {
        if !operand.aggregates() {
            return MySql.in_select(w, operand, select);
        }
        w.push("(SELECT * FROM ");
        standard::in_select(w, select)?;
        w.push(" AS `kept` UNION ALL SELECT NULL FROM DUAL WHERE 1 = 0)");
        Ok(())
    }

    fn compare_with_rows<'a>(
        &self,
        w: &mut SqlWriter<'a>,
        op: BinaryOp,
        left: &'a Expr,
        quantifier: Quantifier,
        select: &'a Select,
    ) -> Result<()> {
        MySql.compare_with_rows(w, op, left, quantifier, select)
    }

    fn no_source(&self, w: &mut SqlWriter<'_>) {
        MySql.no_source(w);
    }

    /// MariaDB's VALUES are empty texts where values are bound, and can't name their columns.
    fn values<'a>(&self, w: &mut SqlWriter<'a>, values: &'a Values) -> Result<()> {
        standard::values_by_selects(w, values, " FROM DUAL", rows::plain)
    }

    fn join(&self, w: &mut SqlWriter<'_>, kind: JoinKind) -> Result<()> {
        MySql.join(w, kind)
    }

    fn frame(&self, w: &mut SqlWriter<'_>, over: &Over, frame: &Frame) -> Result<()> {
        MySql.frame(w, over, frame)
    }

    /// MariaDB locks against writing by words of its own, and the rows of all tables alike.
    fn lock(&self, w: &mut SqlWriter<'_>, lock: &Lock) -> Result<()> {
        if !lock.of.is_empty() {
            let way_out = "leave `lock_of` off, and the rows of every table of the statement are locked; or lock those of one table by a SELECT of their own before";
            return Err(Error::unsupported("mariadb", "locking the rows of some tables only", way_out));
        }
        if lock.strength == LockStrength::Update {
            return standard::lock(w, lock);
        }
        w.push(" LOCK IN SHARE MODE");
        w.push(match lock.wait {
            LockWait::Wait => "",
            LockWait::NoWait => " NOWAIT",
            LockWait::SkipLocked => " SKIP LOCKED",
        });
        Ok(())
    }

    fn aggregate<'a>(&self, w: &mut SqlWriter<'a>, aggregate: &'a Aggregate) -> Result<()> {
        arithmetic::aggregate(w, aggregate)
    }

    fn between<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr, low: &'a Expr, high: &'a Expr) -> Result<()> {
        MySql.between(w, operand, low, high)
    }

    fn order_term<'a>(&self, w: &mut SqlWriter<'a>, term: &'a OrderTerm) -> Result<()> {
        order_term(w, term, Flavor::MariaDb)
    }

    fn limit(&self, w: &mut SqlWriter<'_>, limit: &Limit) -> Result<()> {
        MySql.limit(w, limit)
    }

    fn insert_rows<'a>(&self, w: &mut SqlWriter<'a>, rows: &BoundRows<'a>) -> Result<()> {
        insert_rows(w, rows, Flavor::MariaDb)
    }

    fn insert_select<'a>(&self, w: &mut SqlWriter<'a>, insert: &'a Insert, select: &'a Select) -> Result<()> {
        upsert::insert_select(w, insert, select, Flavor::MariaDb)
    }

    fn on_conflict<'a>(&self, w: &mut SqlWriter<'a>, insert: &'a Insert, conflict: &'a OnConflict) -> Result<()> {
        upsert::on_conflict(w, insert, conflict, Flavor::MariaDb)
    }

    fn excluded(&self, w: &mut SqlWriter<'_>, column: &'static ColumnDef) {
        if w.is_proposing() {
            return standard::excluded(w, column);
        }
        w.push("VALUE(").ident(column.name).push(")");
    }

    fn is_clash_with_other_key(&self, error: &Error) -> bool {
        error.code() == Some(upsert::TWO_VALUES)
    }

    fn is_overtaken(&self, error: &Error) -> bool {
        error.code() == Some(proposed::overtaken(Flavor::MariaDb))
    }

    fn insert_default_row(&self, w: &mut SqlWriter<'_>) {
        MySql.insert_default_row(w);
    }

    fn given_value(&self, w: &mut SqlWriter<'_>, ty: ColumnType) {
        given_value(self, w, ty);
    }

    fn changed_table(&self, w: &mut SqlWriter<'_>, table: TableRef) {
        MySql.changed_table(w, table);
    }

    // RETURNING of INSERT and DELETE is the standard's, and so are assignments: the connection sets SIMULTANEOUS_ASSIGNMENT.

    fn create_table(&self, w: &mut SqlWriter<'_>, table: &'static Table) -> Result<()> {
        ddl::create_table(w, table, Flavor::MariaDb)
    }

    fn column_default(
        &self,
        w: &mut SqlWriter<'_>,
        table: &'static Table,
        column: &'static ColumnDef,
        default: ServerDefault,
    ) -> Result<()> {
        ddl::column_default(w, table, column, default, Flavor::MariaDb)
    }

    fn referenced_table(&self, w: &mut SqlWriter<'_>, table: &'static Table, key: &ForeignKey) -> Result<()> {
        ddl::referenced_table(w, table, key)
    }

    fn catalog(&self) -> Option<&'static dyn Catalog> {
        Some(&MySqlCatalog(Flavor::MariaDb))
    }

    fn primary_key_name(&self, table: &'static Table) -> Cow<'static, str> {
        MySql.primary_key_name(table)
    }

    fn column_definition(
        &self,
        w: &mut SqlWriter<'_>,
        table: &'static Table,
        column: &'static ColumnDef,
    ) -> Result<()> {
        MySql.column_definition(w, table, column)
    }

    fn begin(&self, options: &TxOptions) -> Result<Vec<String>> {
        begin(options, Flavor::MariaDb)
    }
}
