//! How MySQL spells SQL: the list of its differences from the standard, most of which MariaDB shares.

use std::borrow::Cow;

use creole_core::dialect::{
    Capabilities, Diagnosis, Dialect, EndsTransaction, IndexPlacement, JoinedWrites, OwnText, RawError, Support,
    TxOptions,
};
use creole_core::inspect::Catalog;
use creole_core::schema::{ColumnDef, ForeignKey, Generated, ServerDefault, Table};
use creole_core::sql::{
    Aggregate, Assignment, BinaryOp, BoundRows, Direction, ElementRef, Expr, Frame, FrameUnit, Function, Insert,
    JoinKind, Json, JsonElements, Limit, Membership, OnConflict, OrderTerm, Over, Precedence, Quantifier, Select,
    SqlWriter, TableRef, Typing, Values, standard,
};
use creole_core::types::{ColumnType, EnumType, ValueRef};
use creole_core::{Error, Result};

use crate::catalog::MySqlCatalog;
use crate::mariadb::MariaDb;
use crate::{arithmetic, calls, collation, commits, ddl, error, json, list, proposed, rows, types, upsert};

/// MySQL's SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MySql;

/// Which of the two servers it is, for what is not rendering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavor {
    MySql,
    MariaDb,
}

/// What the characters beyond U+FFFF begin with in UTF-8, and no others.
const FOUR_BYTES: u8 = 0xf0;

static MYSQL: Capabilities = Capabilities {
    max_binds: 65_535,
    max_bytes: 1 << 20,
    insert_returning: Support::Absent,
    conflict_target: Support::Absent,
    update_returning: Support::Absent,
    delete_returning: Support::Absent,
    joined_writes: JoinedWrites::Join,
    with_in_writes: Support::Native,
    transactional_ddl: Support::Absent,
    aggregate_filter: Support::Absent,
    indexes: IndexPlacement::Inline,
    comment_on: Support::Absent,
};

impl Flavor {
    pub(crate) fn dialect(self) -> &'static dyn Dialect {
        match self {
            Flavor::MySql => &MySql,
            Flavor::MariaDb => &MariaDb,
        }
    }

    /// The collation that compares text by code point, trailing spaces included. The two servers have none in common.
    pub(crate) fn collation(self) -> &'static str {
        match self {
            Flavor::MySql => "utf8mb4_0900_bin",
            Flavor::MariaDb => "utf8mb4_nopad_bin",
        }
    }
}

impl Dialect for MySql {
    fn name(&self) -> &'static str {
        "mysql"
    }

    fn capabilities(&self) -> &Capabilities {
        &MYSQL
    }

    /// MySQL compares a JSON column with text as if the text were a JSON string, so a document is cast to JSON. Bytes
    /// with no column beside them would be text.
    fn placeholder(&self, w: &mut SqlWriter<'_>, ty: ColumnType, typing: Typing) {
        let cast = match (ty, typing) {
            (ColumnType::Json, _) => Some(" AS JSON)"),
            (ColumnType::Bytes { .. } | ColumnType::Uuid, Typing::Cast) => Some(" AS BINARY)"),
            _ => None,
        };
        if cast.is_some() {
            w.push("CAST(");
        }
        placeholder(w, ty, typing);
        w.push(cast.unwrap_or_default());
    }

    fn column_type(&self, w: &mut SqlWriter<'_>, ty: ColumnType) -> Result<()> {
        types::column_type(w, ty, Flavor::MySql)
    }

    fn collation(&self, w: &mut SqlWriter<'_>, column: &ColumnDef) -> Result<()> {
        collation::write(w, column, Flavor::MySql);
        Ok(())
    }

    fn code_point_collation(&self) -> &'static str {
        Flavor::MySql.collation()
    }

    fn classify(&self, raw: &RawError<'_>) -> Diagnosis {
        error::classify(raw, Flavor::MySql)
    }

    fn ends_transaction(&self, text: OwnText<'_>) -> EndsTransaction {
        commits::ends_transaction(text)
    }

    fn leaves_traces(&self, text: OwnText<'_>) -> bool {
        commits::leaves_traces(text)
    }

    fn check(&self, value: ValueRef<'_>, _ty: ColumnType) -> Result<(), String> {
        types::check(value, Flavor::MySql)
    }

    /// The catalogue's own text is of three bytes per character: names with larger ones would fall together.
    fn ident(&self, w: &mut SqlWriter<'_>, name: &str) {
        if name.bytes().any(|byte| byte >= FOUR_BYTES) {
            let what = format!("the name {name}");
            w.refuse(Error::unsupported(
                w.dialect().name(),
                &what,
                "names have characters up to U+FFFF: choose another",
            ));
        }
        standard::quoted_ident(w, name, "`");
    }

    fn literal(&self, w: &mut SqlWriter<'_>, value: ValueRef<'_>, ty: ColumnType) -> Result<()> {
        types::literal(w, value, ty, Flavor::MySql)
    }

    fn binary<'a>(&self, w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<()> {
        if is_json(left) || is_json(right) {
            refuse_json_order(w, op)?;
        }
        if !op.is_comparison() {
            return arithmetic::binary(w, op, left, right);
        }
        if let Some(of) = ordered_enum(op, left, right) {
            types::place_of_label(w, left, of)?;
            w.push(" ").push(op.sql()).push(" ");
            return types::place_of_label(w, right, of);
        }
        if op == BinaryOp::IsDistinctFrom {
            w.push("NOT (");
            standard::infix(w, "<=>", left, right)?;
            w.push(")");
            return Ok(());
        }
        standard::binary(w, op, left, right)
    }

    fn call<'a>(&self, w: &mut SqlWriter<'a>, function: Function, arguments: &'a [Expr]) -> Result<()> {
        calls::call(w, function, arguments)
    }

    fn cast<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr, ty: ColumnType) -> Result<()> {
        calls::cast(w, operand, ty)
    }

    fn json<'a>(&self, w: &mut SqlWriter<'a>, json: &'a Json) -> Result<()> {
        json::json(w, json, Flavor::MySql)
    }

    fn json_condition<'a>(&self, w: &mut SqlWriter<'a>, json: &'a Json) -> Result<()> {
        json::condition(w, json)
    }

    fn json_elements<'a>(&self, w: &mut SqlWriter<'a>, elements: &'a JsonElements) -> Result<()> {
        json::elements(w, elements, Flavor::MySql)
    }

    fn json_element(&self, w: &mut SqlWriter<'_>, element: ElementRef) -> Result<()> {
        json::element(w, element, Flavor::MySql)
    }

    fn bit_not<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr) -> Result<()> {
        arithmetic::bit_not(w, operand)
    }

    fn in_list<'a>(
        &self,
        w: &mut SqlWriter<'a>,
        membership: Membership,
        operand: &'a Expr,
        list: &'a [Expr],
    ) -> Result<()> {
        list::in_list(w, membership, operand, list, Flavor::MySql)
    }

    /// The servers take no LIMIT in a subquery behind IN, but they do in a subquery inside it.
    fn in_select<'a>(&self, w: &mut SqlWriter<'a>, _operand: &'a Expr, select: &'a Select) -> Result<()> {
        if !select.is_limited() {
            return standard::in_select(w, select);
        }
        w.push("(SELECT * FROM ");
        standard::in_select(w, select)?;
        w.push(" AS `limited`)");
        Ok(())
    }

    /// Documents and the labels of enums are not compared by the servers' own rules, which these would be.
    fn compare_with_rows<'a>(
        &self,
        w: &mut SqlWriter<'a>,
        op: BinaryOp,
        left: &'a Expr,
        quantifier: Quantifier,
        select: &'a Select,
    ) -> Result<()> {
        if is_json(left) || left.ty().is_some_and(|ty| ty.native_enum().is_some()) {
            let what = format!("documents or enums beside {}", quantifier.sql());
            let way_out = "compare them one by one, in an `exists` of the rows";
            return Err(Error::unsupported(w.dialect().name(), &what, way_out));
        }
        w.expr(left, Precedence::Operand)?;
        w.push(" ").push(op.sql()).push(" ").push(quantifier.sql()).push(" ");
        w.dialect().in_select(w, left, select)
    }

    fn values<'a>(&self, w: &mut SqlWriter<'a>, values: &'a Values) -> Result<()> {
        standard::values_of(w, values, "ROW(", rows::typed)
    }

    /// A WHERE needs a FROM on older servers.
    fn no_source(&self, w: &mut SqlWriter<'_>) {
        w.push(" FROM DUAL");
    }

    fn join(&self, w: &mut SqlWriter<'_>, kind: JoinKind) -> Result<()> {
        if kind == JoinKind::Full {
            let way_out = "put a left join and a right join together by `union`";
            return Err(Error::unsupported(w.dialect().name(), "FULL JOIN", way_out));
        }
        standard::join(w, kind)
    }

    fn frame(&self, w: &mut SqlWriter<'_>, _: &Over, frame: &Frame) -> Result<()> {
        if frame.unit == FrameUnit::Groups {
            let way_out = "use a frame of rows or of a range";
            return Err(Error::unsupported(w.dialect().name(), "a frame of GROUPS", way_out));
        }
        standard::frame(w, frame)
    }

    fn aggregate<'a>(&self, w: &mut SqlWriter<'a>, aggregate: &'a Aggregate) -> Result<()> {
        arithmetic::aggregate(w, aggregate)
    }

    fn between<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr, low: &'a Expr, high: &'a Expr) -> Result<()> {
        if is_json(operand) {
            refuse_json_order(w, BinaryOp::Ge)?;
        }
        let Some(of) = native_enum(operand) else { return standard::between(w, operand, low, high) };
        types::place_of_label(w, operand, of)?;
        w.push(" BETWEEN ");
        types::place_of_label(w, low, of)?;
        w.push(" AND ");
        types::place_of_label(w, high, of)
    }

    fn order_term<'a>(&self, w: &mut SqlWriter<'a>, term: &'a OrderTerm) -> Result<()> {
        order_term(w, term, Flavor::MySql)
    }

    /// OFFSET can't stand without LIMIT; the largest number there is stands for none.
    fn limit(&self, w: &mut SqlWriter<'_>, limit: &Limit) -> Result<()> {
        if limit.limit.is_none() && limit.offset.is_some() {
            w.push(" LIMIT 18446744073709551615");
        }
        standard::limit(w, limit)
    }

    fn insert_rows<'a>(&self, w: &mut SqlWriter<'a>, rows: &BoundRows<'a>) -> Result<()> {
        insert_rows(w, rows, Flavor::MySql)
    }

    fn insert_select<'a>(&self, w: &mut SqlWriter<'a>, insert: &'a Insert, select: &'a Select) -> Result<()> {
        upsert::insert_select(w, insert, select, Flavor::MySql)
    }

    fn on_conflict<'a>(&self, w: &mut SqlWriter<'a>, insert: &'a Insert, conflict: &'a OnConflict) -> Result<()> {
        upsert::on_conflict(w, insert, conflict, Flavor::MySql)
    }

    fn is_clash_with_other_key(&self, error: &Error) -> bool {
        error.code() == Some(upsert::TWO_VALUES)
    }

    fn is_overtaken(&self, error: &Error) -> bool {
        error.code() == Some(proposed::overtaken(Flavor::MySql))
    }

    fn insert_default_row(&self, w: &mut SqlWriter<'_>) {
        w.push(" () VALUES ()");
    }

    fn returning(&self, w: &mut SqlWriter<'_>, _table: &'static Table, columns: &[u16]) -> Result<()> {
        if columns.is_empty() {
            return Ok(());
        }
        Err(Error::unsupported(w.dialect().name(), "RETURNING", "select the rows by their keys afterwards"))
    }

    /// MySQL assigns from left to right and each value sees the ones assigned before it, so they are ordered.
    fn assignments<'a>(
        &self,
        w: &mut SqlWriter<'a>,
        table: &'static Table,
        assignments: &'a [Assignment],
    ) -> Result<()> {
        w.commas(readers_first(table, assignments)?, |w, assignment| assignment.render(w, table))
    }

    fn overwrites_what_it_reads(&self, table: &'static Table, assignments: &[Assignment]) -> bool {
        readers_first(table, assignments).is_err()
    }

    /// Neither server reads a table that it changes in every kind of subquery, but both do in a subquery inside that.
    fn changed_table(&self, w: &mut SqlWriter<'_>, table: TableRef) {
        w.push("(SELECT * FROM ").table(table.table).push(") AS ").ident(table.name());
    }

    fn given_value(&self, w: &mut SqlWriter<'_>, ty: ColumnType) {
        given_value(self, w, ty);
    }

    fn open_values(&self, w: &mut SqlWriter<'_>) {
        w.push("ROW(");
    }

    fn create_table(&self, w: &mut SqlWriter<'_>, table: &'static Table) -> Result<()> {
        ddl::create_table(w, table, Flavor::MySql)
    }

    fn column_default(
        &self,
        w: &mut SqlWriter<'_>,
        table: &'static Table,
        column: &'static ColumnDef,
        default: ServerDefault,
    ) -> Result<()> {
        ddl::column_default(w, table, column, default, Flavor::MySql)
    }

    fn referenced_table(&self, w: &mut SqlWriter<'_>, table: &'static Table, key: &ForeignKey) -> Result<()> {
        ddl::referenced_table(w, table, key)
    }

    fn catalog(&self) -> Option<&'static dyn Catalog> {
        Some(&MySqlCatalog(Flavor::MySql))
    }

    fn primary_key_name(&self, _table: &'static Table) -> Cow<'static, str> {
        Cow::Borrowed(ddl::PRIMARY)
    }

    fn column_definition(
        &self,
        w: &mut SqlWriter<'_>,
        table: &'static Table,
        column: &'static ColumnDef,
    ) -> Result<()> {
        if column.generated == Generated::Auto {
            w.ident(column.name).push(" ");
            let dialect = w.dialect();
            dialect.column_type(w, column.ty)?;
            w.push(" NOT NULL AUTO_INCREMENT");
        } else {
            standard::column_definition(w, table, column)?;
        }
        ddl::comment(w, " COMMENT ", column.comment)
    }

    fn begin(&self, options: &TxOptions) -> Result<Vec<String>> {
        begin(options, Flavor::MySql)
    }
}

/// The statements that begin a transaction; its isolation is set by one before it.
pub(crate) fn begin(options: &TxOptions, flavor: Flavor) -> Result<Vec<String>> {
    if options.is_deferrable() {
        let way_out = "begin one without TxOptions::deferrable(), which may have to wait for those that write";
        return Err(Error::unsupported(flavor.dialect().name(), "a deferrable transaction", way_out));
    }
    let mut statements = Vec::with_capacity(2);
    if let Some(isolation) = options.isolation {
        statements.push(format!("SET TRANSACTION ISOLATION LEVEL {}", isolation.sql()));
    }
    let start = if options.is_read_only() { "START TRANSACTION READ ONLY" } else { "START TRANSACTION" };
    statements.push(start.into());
    Ok(statements)
}

/// NULLs come first going up here, so a term that can be NULL is preceded by one that puts them last.
pub(crate) fn order_term<'a>(w: &mut SqlWriter<'a>, term: &'a OrderTerm, flavor: Flavor) -> Result<()> {
    if w.is_nullable(&term.expr) {
        // MySQL does not see that what is computed from the rows of a group is the same in all of them, once more is
        // computed from it.
        let is_computed = flavor == Flavor::MySql && is_computed_from_a_row(&term.expr);
        w.push(if is_computed { "any_value(" } else { "" });
        w.expr(&term.expr, if is_computed { Precedence::Lowest } else { Precedence::Operand })?;
        w.push(if is_computed { ")" } else { "" }).push(match term.direction {
            Direction::Ascending => " IS NULL, ",
            Direction::Descending => " IS NULL DESC, ",
        });
    }
    standard::order_term(w, term)
}

fn is_computed_from_a_row(expr: &Expr) -> bool {
    let is_computed = matches!(
        expr,
        Expr::Call { .. }
            | Expr::Json(_)
            | Expr::Case(_)
            | Expr::Cast { .. }
            | Expr::Binary { .. }
            | Expr::Rounded { .. }
    );
    is_computed && !expr.any(&mut |part| matches!(part, Expr::Aggregate(_) | Expr::Window(_) | Expr::CountRows))
}

/// `?`, with a comment that says the type where nothing beside it does. Prepared statements are kept by their text, and
/// MySQL keeps a parameter's type from an earlier execution, so the text must tell the types apart.
pub(crate) fn placeholder(w: &mut SqlWriter<'_>, ty: ColumnType, typing: Typing) {
    if typing == Typing::Cast && number(w, ty) {
        return;
    }
    w.push("?");
    if typing == Typing::Cast {
        // Types creole does not know all travel as text, and their names could end the comment.
        let name = if let ColumnType::Other(_) = ty { "other".into() } else { ty.to_string() };
        w.push("/*").push(&name).push("*/");
    }
}

pub(crate) fn insert_rows<'a>(w: &mut SqlWriter<'a>, rows: &BoundRows<'a>, flavor: Flavor) -> Result<()> {
    match proposed::is_needed(rows.insert, flavor) {
        true => proposed::insert_rows(w, rows, flavor),
        false => standard::insert_rows(w, rows),
    }
}

/// Beside a NULL, the servers would take a time for one of whole seconds.
pub(crate) fn given_value(dialect: &dyn Dialect, w: &mut SqlWriter<'_>, ty: ColumnType) {
    let cast = match ty {
        ColumnType::DateTime | ColumnType::Instant => " AS DATETIME(6))",
        ColumnType::Time => " AS TIME(6))",
        ColumnType::Date => " AS DATE)",
        _ => return dialect.placeholder(w, ty, Typing::Cast),
    };
    w.push("CAST(");
    dialect.placeholder(w, ty, Typing::Cast);
    w.push(cast);
}

/// `CAST(? AS SIGNED)`: a number that nothing beside it gives a type would be computed with as a float.
fn number(w: &mut SqlWriter<'_>, ty: ColumnType) -> bool {
    match ty {
        ColumnType::Decimal { precision, scale } => {
            w.push("CAST(? AS DECIMAL(").number(precision.min(65).into()).push(", ").number(scale.into()).push("))");
        }
        ColumnType::F64 => {
            w.push("CAST(? AS DOUBLE)");
        }
        ColumnType::F32 => {
            w.push("CAST(?/*f32*/ AS DOUBLE)");
        }
        ColumnType::U64 => {
            w.push("CAST(? AS UNSIGNED)");
        }
        ColumnType::I64 => {
            w.push("CAST(? AS SIGNED)");
        }
        // Narrower ones are sent as what they are, and the text must tell them apart.
        ty if ty.is_integer() => {
            w.push("CAST(?/*").push(&ty.to_string()).push("*/ AS SIGNED)");
        }
        _ => return false,
    }
    true
}

pub(crate) fn is_json(expr: &Expr) -> bool {
    expr.ty() == Some(ColumnType::Json)
}

/// The enum of the database's own that both sides are of, where an operator asks for its order.
fn ordered_enum(op: BinaryOp, left: &Expr, right: &Expr) -> Option<&'static EnumType> {
    let of = native_enum(left).or_else(|| native_enum(right))?;
    matches!(op, BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge).then_some(of)
}

fn native_enum(expr: &Expr) -> Option<&'static EnumType> {
    expr.ty()?.native_enum()
}

/// Documents are equal or not; whether one is smaller, each database would answer differently.
pub(crate) fn refuse_json_order(w: &SqlWriter<'_>, op: BinaryOp) -> Result<()> {
    if matches!(op, BinaryOp::Eq | BinaryOp::Ne | BinaryOp::IsDistinctFrom) {
        return Ok(());
    }
    let what = format!("{} on JSON documents", op.sql());
    Err(Error::unsupported(w.dialect().name(), &what, "compare a value taken out of the document"))
}

/// The assignments in an order in which none reads a column that one before it has written; else as they are given.
fn readers_first<'a>(table: &'static Table, assignments: &'a [Assignment]) -> Result<Vec<&'a Assignment>> {
    let mut waiting: Vec<&Assignment> = assignments.iter().collect();
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_free = |candidate: &&Assignment| {
            waiting.iter().all(|other| other.column == candidate.column || !other.reads(table, candidate.column))
        };
        let Some(place) = waiting.iter().position(is_free) else {
            let columns: Vec<u16> = waiting.iter().map(|assignment| assignment.column).collect();
            let names = table.column_names(&columns).join(", ");
            let what = format!("an UPDATE of {table} in which the new values of {names} read each other's old ones");
            return Err(Error::unsupported("mysql", &what, "write one of them in a statement of its own"));
        };
        ordered.push(waiting.remove(place));
    }
    Ok(ordered)
}
