//! How PostgreSQL spells statements. NULL order, LIMIT, RETURNING and most operators are the standard's.

use creole_core::dialect::Syntax;
use creole_core::driver::Compiled;
use creole_core::schema::ColumnDef;
use creole_core::sql::{
    Aggregate, BinaryOp, ColumnRef, ElementRef, Expr, Function, GivenRows, GivenRowsSyntax, JsonElements, JsonExpr,
    Membership, Quantified, Several, SqlWriter, Typing, UnaryOp, Values, standard,
};
use creole_core::types::ColumnType;
use creole_core::{Result, write_sql};

use crate::dialect::Postgres;
use crate::{arithmetic, bind, enums, function_calls, json, list, types};

impl Syntax for Postgres {
    /// `$1`, or `$1::int8` where the text beside it does not say the type.
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
        match op {
            BinaryOp::Eq
            | BinaryOp::Ne
            | BinaryOp::Lt
            | BinaryOp::Le
            | BinaryOp::Gt
            | BinaryOp::Ge
            | BinaryOp::IsDistinctFrom
            | BinaryOp::Like
            | BinaryOp::Concat => standard::binary(w, op, left, right),
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem => {
                arithmetic::binary(w, op, left, right)
            }
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

    fn in_list<'a>(
        &self,
        w: &mut SqlWriter<'a>,
        membership: Membership,
        operand: &'a Expr,
        list: &'a [Expr],
    ) -> Result<()> {
        list::in_list(w, membership, operand, list)
    }

    fn compare_with_several<'a>(
        &self,
        w: &mut SqlWriter<'a>,
        op: BinaryOp,
        left: &'a Expr,
        values: &'a Quantified,
    ) -> Result<()> {
        let Several::Array(array) = &values.of else { return standard::compare_with_several(w, op, left, values) };
        standard::compare_with_rows(w, op, left, values.quantifier, |w| write_sql!(w, "(", array, ")"))
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
        json::element(w, element)
    }

    /// Text of no column would be of the database's collation, and could not be compared with a column.
    fn values<'a>(&self, w: &mut SqlWriter<'a>, values: &'a Values) -> Result<()> {
        standard::values_of(w, values, "(", |w, cell| {
            cell.render(w)?;
            if cell.ty().is_some_and(types::is_text) {
                w.push(" COLLATE \"C\"");
            }
            Ok(())
        })
    }

    fn excluded(&self, w: &mut SqlWriter<'_>, column: &'static ColumnDef) {
        standard::excluded(w, column);
        json::as_jsonb(w, Some(column.ty));
    }

    fn given_rows<'a>(&self, w: &mut SqlWriter<'a>, rows: &GivenRows<'a>) -> Result<()> {
        let column = |w: &mut SqlWriter<'_>, column: &'static ColumnDef| {
            w.ident(column.name);
            json::as_jsonb(w, Some(column.ty));
        };
        let value = |w: &mut SqlWriter<'_>, ty| self.placeholder(w, ty, Typing::Cast);
        standard::given_rows_by(w, rows, GivenRowsSyntax { open: "(", column: &column, value: &value })
    }

    fn finish(&self, statement: &mut Compiled<'_>) {
        bind::mark_large(statement);
    }
}
