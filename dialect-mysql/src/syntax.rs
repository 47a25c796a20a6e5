//! How MySQL and MariaDB spell statements: their differences from the standard, and from each other.

use std::slice;

use creole_core::dialect::Syntax;
use creole_core::schema::ColumnDef;
use creole_core::sql::{
    Aggregate, BinaryOp, BoundRows, Direction, ElementRef, Expr, Frame, FrameUnit, Function, GivenRows,
    GivenRowsSyntax, Ident, Insert, JsonElements, JsonExpr, Limit, Lock, LockStrength, LockWait, Membership,
    OnConflict, OrderTerm, Over, Precedence, Quantified, Select, Several, SqlWriter, Typing, UnaryOp, Values, standard,
};
use creole_core::types::{ColumnType, EnumType};
use creole_core::{Error, Result, write_sql};

use crate::dialect::Flavor;
use crate::upsert::Upsert;
use crate::{arithmetic, function_calls, placeholder, types, values};

/// What the characters beyond U+FFFF begin with in UTF-8, and no others.
const FOUR_BYTES: u8 = 0xf0;

impl Syntax for Flavor {
    /// MySQL compares a JSON column with text as if the text were a JSON string, so a document is cast to JSON. Bytes with no
    /// column beside them would be text.
    fn placeholder(&self, w: &mut SqlWriter<'_>, ty: ColumnType, typing: Typing) {
        let cast = match (self, ty, typing) {
            (Flavor::MySql, ColumnType::Json, _) => Some(" AS JSON)"),
            (Flavor::MySql, ColumnType::Bytes { .. } | ColumnType::Uuid, Typing::Cast) => Some(" AS BINARY)"),
            _ => None,
        };
        if cast.is_some() {
            w.push("CAST(");
        }
        placeholder::question_mark(w, ty, typing);
        w.push(cast.unwrap_or_default());
    }

    /// The catalogue's own text is of three bytes per character: names with larger ones would fall together.
    fn ident(&self, w: &mut SqlWriter<'_>, name: &str) {
        if name.bytes().any(|byte| byte >= FOUR_BYTES) {
            let what = format!("the name {name}");
            w.refuse(Error::unsupported(self.name(), &what, "names have characters up to U+FFFF: choose another"));
        }
        standard::quoted_ident(w, name, "`");
    }

    fn binary<'a>(&self, w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<()> {
        if is_json(left) || is_json(right) {
            refuse_json_order(w, op)?;
            if *self == Flavor::MariaDb {
                return compare_documents(w, op, left, right);
            }
        }
        if !op.is_comparison() {
            return self.write_arithmetic(w, op, left, right);
        }
        if let Some(of) = ordered_enum(op, left, right) {
            let sql = standard::operator(w, op)?;
            return write_sql!(
                w,
                types::position_of_label(w, left, of),
                " ",
                sql,
                " ",
                types::position_of_label(w, right, of)
            );
        }
        if op == BinaryOp::IsDistinctFrom {
            return write_sql!(w, "NOT (", standard::infix(w, "<=>", left, right), ")");
        }
        standard::binary(w, op, left, right)
    }

    fn unary<'a>(&self, w: &mut SqlWriter<'a>, op: UnaryOp, operand: &'a Expr) -> Result<()> {
        match op {
            UnaryOp::BitNot => arithmetic::bit_not(w, operand),
            UnaryOp::Not | UnaryOp::IsNull | UnaryOp::IsNotNull => standard::unary(w, op, operand),
        }
    }

    fn call<'a>(&self, w: &mut SqlWriter<'a>, function: Function, arguments: &'a [Expr]) -> Result<()> {
        function_calls::call(w, function, arguments)
    }

    fn cast<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr, ty: ColumnType) -> Result<()> {
        function_calls::cast(w, operand, ty)
    }

    fn between<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr, low: &'a Expr, high: &'a Expr) -> Result<()> {
        if is_json(operand) {
            refuse_json_order(w, BinaryOp::Ge)?;
        }
        let Some(of) = native_enum(operand) else { return standard::between(w, operand, low, high) };
        write_sql!(
            w,
            types::position_of_label(w, operand, of),
            " BETWEEN ",
            types::position_of_label(w, low, of),
            " AND ",
            types::position_of_label(w, high, of)
        )
    }

    fn in_list<'a>(
        &self,
        w: &mut SqlWriter<'a>,
        membership: Membership,
        operand: &'a Expr,
        list: &'a [Expr],
    ) -> Result<()> {
        self.write_in_list(w, membership, operand, list)
    }

    /// MariaDB keeps the rows of such a subquery in a table, in which it does not find an aggregate; it keeps no UNION. And the
    /// servers take no LIMIT in a subquery after IN, but they do in a subquery inside it.
    fn in_select<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr, select: &'a Select) -> Result<()> {
        let (alias, close) = if *self == Flavor::MariaDb && operand.aggregates() {
            ("kept", " UNION ALL SELECT NULL FROM DUAL WHERE 1 = 0)")
        } else if select.is_limited() {
            ("limited", ")")
        } else {
            return standard::in_select(w, select);
        };
        write_sql!(w, "(SELECT * FROM ", standard::in_select(w, select), " AS ", Ident(alias), close)
    }

    /// Documents and the labels of enums are not compared by the servers' own rules, which these would be.
    fn compare_with_several<'a>(
        &self,
        w: &mut SqlWriter<'a>,
        op: BinaryOp,
        left: &'a Expr,
        values: &'a Quantified,
    ) -> Result<()> {
        let Several::Select(select) = &values.of else { return standard::compare_with_several(w, op, left, values) };
        if is_json(left) || left.ty().is_some_and(|ty| ty.native_enum().is_some()) {
            let what = format!("documents or enums beside {}", values.quantifier.sql());
            let way_out = "compare them one by one, in an `exists` of the rows";
            return Err(Error::unsupported(self.name(), &what, way_out));
        }
        standard::compare_with_rows(w, op, left, values.quantifier, |w| self.in_select(w, left, select))
    }

    fn aggregate<'a>(&self, w: &mut SqlWriter<'a>, aggregate: &'a Aggregate) -> Result<()> {
        arithmetic::aggregate(w, aggregate)
    }

    fn json<'a>(&self, w: &mut SqlWriter<'a>, json: &'a JsonExpr) -> Result<()> {
        self.write_json(w, json)
    }

    fn json_condition<'a>(&self, w: &mut SqlWriter<'a>, json: &'a JsonExpr) -> Result<()> {
        self.write_json_condition(w, json)
    }

    fn json_elements<'a>(&self, w: &mut SqlWriter<'a>, elements: &'a JsonElements) -> Result<()> {
        self.write_json_elements(w, elements)
    }

    fn json_element(&self, w: &mut SqlWriter<'_>, element: ElementRef) -> Result<()> {
        self.write_json_element(w, element)
    }

    /// MariaDB's VALUES are empty texts where values are bound, and can't name their columns.
    fn values<'a>(&self, w: &mut SqlWriter<'a>, values: &'a Values) -> Result<()> {
        match self {
            Flavor::MySql => standard::values_of(w, values, self.open_row(), values::typed),
            Flavor::MariaDb => standard::values_by_selects(w, values, " FROM DUAL", values::plain),
        }
    }

    fn frame(&self, w: &mut SqlWriter<'_>, _: &Over, frame: &Frame) -> Result<()> {
        if frame.unit == FrameUnit::Groups {
            let way_out = "use a frame of rows or of a range";
            return Err(Error::unsupported(self.name(), "a frame of GROUPS", way_out));
        }
        standard::frame(w, frame)
    }

    /// NULLs come first going up here, so a term that can be NULL is preceded by one that puts them last.
    fn order_term<'a>(&self, w: &mut SqlWriter<'a>, term: &'a OrderTerm) -> Result<()> {
        if w.sorts_nulls(term) {
            // MySQL does not see that what is computed from the rows of a group is the same in all of them, once more is
            // computed from it.
            let is_computed = *self == Flavor::MySql && is_computed_from_a_row(&term.expr);
            w.push(if is_computed { "any_value(" } else { "" });
            w.expr(&term.expr, if is_computed { Precedence::Lowest } else { Precedence::Operand })?;
            w.push(if is_computed { ")" } else { "" }).push(match term.direction {
                Direction::Ascending => " IS NULL, ",
                Direction::Descending => " IS NULL DESC, ",
            });
        }
        standard::order_term(w, term)
    }

    /// MySQL makes a semijoin of a subquery here, and then finds rows for which the condition does not hold. What CASE computes it
    /// leaves alone.
    fn outer_join_condition<'a>(&self, w: &mut SqlWriter<'a>, condition: &'a Expr) -> Result<()> {
        if *self == Flavor::MariaDb || !condition.selects() {
            return w.expr(condition, Precedence::Lowest);
        }
        let parts = match condition {
            Expr::All(parts) => parts.as_slice(),
            only => slice::from_ref(only),
        };
        for (index, part) in parts.iter().enumerate() {
            w.push(if index > 0 { " AND " } else { "" });
            if part.selects() {
                write_sql!(w, "CASE WHEN ", part, " THEN TRUE ELSE FALSE END")?;
            } else {
                w.expr(part, Precedence::And)?;
            }
        }
        Ok(())
    }

    /// OFFSET can't stand without LIMIT; the largest number there is stands for none.
    fn limit(&self, w: &mut SqlWriter<'_>, limit: &Limit) -> Result<()> {
        if limit.limit.is_none() && limit.offset.is_some() {
            w.push(" LIMIT 18446744073709551615");
        }
        standard::limit(w, limit)
    }

    /// MariaDB locks against writing by words of its own, and the rows of all tables alike.
    fn lock(&self, w: &mut SqlWriter<'_>, lock: &Lock) -> Result<()> {
        if *self == Flavor::MySql {
            return standard::lock(w, lock);
        }
        if !lock.of.is_empty() {
            let way_out = "leave `lock_of` off, and the rows of every table of the statement are locked, and `joined` relations to statements of their own; or lock those of one table by a SELECT before";
            return Err(Error::unsupported(self.name(), "locking the rows of some tables only", way_out));
        }
        if lock.strength == LockStrength::Update {
            return standard::lock(w, lock);
        }
        let wait = match lock.wait {
            LockWait::Wait => "",
            LockWait::NoWait => " NOWAIT",
            LockWait::SkipLocked => " SKIP LOCKED",
        };
        write_sql!(w, " LOCK IN SHARE MODE", wait)
    }

    fn insert_rows<'a>(&self, w: &mut SqlWriter<'a>, rows: &BoundRows<'a>) -> Result<()> {
        self.write_rows(w, rows)
    }

    fn insert_select<'a>(&self, w: &mut SqlWriter<'a>, insert: &'a Insert, select: &'a Select) -> Result<()> {
        self.write_insert_select(w, insert, select)
    }

    fn on_conflict<'a>(&self, w: &mut SqlWriter<'a>, insert: &'a Insert, conflict: &'a OnConflict) -> Result<()> {
        Upsert::new(*self, insert, conflict).write(w)
    }

    fn excluded(&self, w: &mut SqlWriter<'_>, column: &'static ColumnDef) {
        match self {
            Flavor::MariaDb if !w.is_proposing() => drop(w.push("VALUE(").ident(column.name).push(")")),
            Flavor::MySql | Flavor::MariaDb => standard::excluded(w, column),
        }
    }

    fn given_rows<'a>(&self, w: &mut SqlWriter<'a>, rows: &GivenRows<'a>) -> Result<()> {
        let column = |w: &mut SqlWriter<'_>, column: &'static ColumnDef| {
            w.ident(column.name);
        };
        let value = |w: &mut SqlWriter<'_>, ty| placeholder::given(w, ty);
        standard::given_rows_by(w, rows, GivenRowsSyntax { open: self.open_row(), column: &column, value: &value })
    }
}

impl Flavor {
    /// What begins a row after VALUES, where that is a source of rows.
    pub(crate) fn open_row(self) -> &'static str {
        match self {
            Flavor::MySql => "ROW(",
            Flavor::MariaDb => "(",
        }
    }
}

/// MariaDB's JSON is text; documents are compared in their normal form, in which equal ones have equal texts. The blank keeps
/// MariaDB 10.11 from reading past the end of a document that is a number, and taking what is left of another for its digits.
fn compare_documents<'a>(w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<()> {
    let (open, sql, close) = match op {
        BinaryOp::IsDistinctFrom => ("NOT (", "<=>", ")"),
        other => ("", standard::operator(w, other)?, ""),
    };
    let normal = |w: &mut SqlWriter<'a>, side: &'a Expr| write_sql!(w, "JSON_NORMALIZE(CONCAT(", side, ", ' '))");
    write_sql!(w, open, normal(w, left), " ", sql, " ", normal(w, right), close)
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
    is_computed && !expr.any(&mut |part| matches!(part, Expr::Aggregate(_) | Expr::Window(_)))
}

fn is_json(expr: &Expr) -> bool {
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
fn refuse_json_order(w: &SqlWriter<'_>, op: BinaryOp) -> Result<()> {
    if matches!(op, BinaryOp::Eq | BinaryOp::Ne | BinaryOp::IsDistinctFrom) {
        return Ok(());
    }
    let what = format!("{} on JSON documents", op.symbol());
    Err(Error::unsupported(w.dialect().name(), &what, "compare a value taken out of the document"))
}
