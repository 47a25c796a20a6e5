//! How SQLite spells statements.

use creole_core::dialect::Syntax;
use creole_core::schema::ColumnDef;
use creole_core::sql::{
    Aggregate, BinaryOp, ColumnRef, Direction, ElementRef, Expr, Frame, FrameBound, FrameUnit, Function, Ident, Insert,
    JsonElements, JsonExpr, Limit, Lock, LockWait, Membership, OnConflict, OrderTerm, Over, Precedence, Quantified,
    Quantifier, Rows, Select, Several, SqlWriter, Typing, UnaryOp, Values, standard,
};
use creole_core::types::ColumnType;
use creole_core::{Error, Result, write_sql};

use crate::arithmetic::is_decimal;
use crate::dialect::{NAME, Sqlite};
use crate::{arithmetic, function_calls, json, list, storage};

impl Syntax for Sqlite {
    /// `?1`. A decimal that no column stands beside says itself that it is compared by value.
    fn placeholder(&self, w: &mut SqlWriter<'_>, ty: ColumnType, typing: Typing) {
        let number = w.bind_count();
        w.push("?").number(number as u64);
        if typing == Typing::Cast && matches!(ty, ColumnType::Decimal { .. }) {
            w.push(" COLLATE decimal");
        }
    }

    fn column(&self, w: &mut SqlWriter<'_>, column: ColumnRef) -> Result<()> {
        storage::column(w, column)
    }

    /// Only columns have a collation of their own.
    fn by_value(&self, w: &mut SqlWriter<'_>, computed: &Expr) {
        arithmetic::by_value(w, computed);
    }

    fn binary<'a>(&self, w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<()> {
        match op {
            // The driver makes LIKE case-sensitive on every connection; the escape character has no default here.
            BinaryOp::Like => {
                standard::binary(w, op, left, right)?;
                w.push(r" ESCAPE '\'");
                Ok(())
            }
            BinaryOp::Eq
            | BinaryOp::Ne
            | BinaryOp::Lt
            | BinaryOp::Le
            | BinaryOp::Gt
            | BinaryOp::Ge
            | BinaryOp::IsDistinctFrom
                if json::is_part(left) || json::is_part(right) =>
            {
                json::compare(w, op, left, right)
            }
            BinaryOp::IsDistinctFrom => storage::infix(w, "IS NOT", left, right),
            BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
                storage::infix(w, standard::operator(w, op)?, left, right)
            }
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem => {
                arithmetic::binary(w, op, left, right)
            }
            BinaryOp::Concat => standard::binary(w, op, left, right),
            BinaryOp::BitAnd => standard::binary_by(w, op, "&", left, right),
            BinaryOp::BitOr => standard::binary_by(w, op, "|", left, right),
        }
    }

    fn unary<'a>(&self, w: &mut SqlWriter<'a>, op: UnaryOp, operand: &'a Expr) -> Result<()> {
        match op {
            UnaryOp::BitNot => standard::bit_not(w, operand),
            UnaryOp::Not | UnaryOp::IsNull | UnaryOp::IsNotNull => standard::unary(w, op, operand),
        }
    }

    fn call<'a>(&self, w: &mut SqlWriter<'a>, function: Function, arguments: &'a [Expr]) -> Result<()> {
        function_calls::call(w, function, arguments)
    }

    fn cast<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr, ty: ColumnType) -> Result<()> {
        function_calls::cast(w, operand, ty)
    }

    fn rounded<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr, digits: u8) -> Result<()> {
        arithmetic::rounded(w, operand, digits)
    }

    fn between<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr, low: &'a Expr, high: &'a Expr) -> Result<()> {
        storage::between(w, operand, low, high)
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

    /// There are no ANY and ALL, but IN is one and NOT IN the other.
    fn compare_with_several<'a>(
        &self,
        w: &mut SqlWriter<'a>,
        op: BinaryOp,
        left: &'a Expr,
        values: &'a Quantified,
    ) -> Result<()> {
        let Several::Select(select) = &values.of else { return standard::compare_with_several(w, op, left, values) };
        let membership = match (op, values.quantifier) {
            (BinaryOp::Eq, Quantifier::Any) => Membership::In,
            (BinaryOp::Ne, Quantifier::All) => Membership::NotIn,
            _ => return standard::compare_by_counting(w, op, left, values.quantifier, select),
        };
        w.expr(left, Precedence::Operand)?;
        w.push(" ").push(membership.sql()).push(" ");
        standard::in_select(w, select)
    }

    fn aggregate<'a>(&self, w: &mut SqlWriter<'a>, aggregate: &'a Aggregate) -> Result<()> {
        arithmetic::aggregate(w, aggregate)
    }

    fn json<'a>(&self, w: &mut SqlWriter<'a>, json: &'a JsonExpr) -> Result<()> {
        json::json(w, json)
    }

    fn json_condition<'a>(&self, w: &mut SqlWriter<'a>, json: &'a JsonExpr) -> Result<()> {
        json::condition(w, json)
    }

    fn json_elements<'a>(&self, w: &mut SqlWriter<'a>, elements: &'a JsonElements) -> Result<()> {
        json::elements(w, elements)
    }

    fn json_element(&self, w: &mut SqlWriter<'_>, element: ElementRef) -> Result<()> {
        json::element(w, element);
        Ok(())
    }

    /// A list of columns after a source's name is unknown, so a SELECT of no row names them.
    fn values<'a>(&self, w: &mut SqlWriter<'a>, values: &'a Values) -> Result<()> {
        if values.rows.is_empty() {
            return standard::values(w, values);
        }
        write_sql!(
            w,
            "(SELECT ",
            w.commas(1..=values.columns.len(), |w, number| {
                w.push("NULL AS ").ident(&format!("c{number}"));
                Ok(())
            }),
            " WHERE 0 UNION ALL VALUES ",
            w.commas(&values.rows, |w, row| { write_sql!(w, "(", w.commas(row, |w, value| w.write(value)), ")") }),
            ") AS ",
            Ident(values.name)
        )
    }

    /// The bounds of a range are found by adding numbers, which SQLite can't do with what it keeps decimals as.
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

    /// NULL is SQLite's smallest value, so where it can occur it is said whether it comes first or last. An index serves the order either way.
    fn order_term<'a>(&self, w: &mut SqlWriter<'a>, term: &'a OrderTerm) -> Result<()> {
        storage::order_term(w, term)?;
        if w.sorts_nulls(term) {
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

    /// After a SELECT without WHERE, ON CONFLICT would be read as a join's ON; and computed decimals must be made to fit.
    fn insert_select<'a>(&self, w: &mut SqlWriter<'a>, insert: &'a Insert, select: &'a Select) -> Result<()> {
        storage::insert_select(w, insert, select)
    }

    /// A subquery in an upsert sees the rows that were written before its own.
    fn on_conflict<'a>(&self, w: &mut SqlWriter<'a>, insert: &'a Insert, conflict: &'a OnConflict) -> Result<()> {
        if *insert.rows() != Rows::Bound(1) && conflict.action.selects_from(insert.table()) {
            let what = format!("an upsert of several rows in which a subquery reads {} itself", insert.table());
            let way_out = "upsert the rows one by one, or ask for the value first";
            return Err(Error::unsupported(NAME, &what, way_out).with_table(insert.table().name));
        }
        standard::on_conflict(w, insert, conflict)
    }

    fn assigned<'a>(&self, w: &mut SqlWriter<'a>, column: &'static ColumnDef, value: &'a Expr) -> Result<()> {
        storage::assigned(w, column, value)
    }
}
