//! [`Syntax`]: how one database spells statements.

use crate::error::Result;
use crate::schema::ColumnDef;
use crate::sql::{
    Aggregate, BinaryOp, BoundRows, ColumnRef, Compiled, ElementRef, Expr, Frame, Function, GivenRows, Insert,
    JsonElements, JsonExpr, Limit, Lock, Membership, OnConflict, OrderTerm, Over, Precedence, Quantified, Select,
    SqlWriter, Typing, UnaryOp, Values, WindowFunction, standard,
};
use crate::types::ColumnType;

/// How one database spells statements.
///
/// The methods are in the order in which a statement is read: what stands in expressions, the clauses of a SELECT, and what
/// writes. What databases differ in most: [`binary`](Syntax::binary), [`call`](Syntax::call), [`cast`](Syntax::cast),
/// [`aggregate`](Syntax::aggregate), [`order_term`](Syntax::order_term), [`limit`](Syntax::limit) and [`lock`](Syntax::lock).
pub trait Syntax: Send + Sync {
    // Names, values and columns.

    /// Writes the placeholder of the value that was just kept; its number is
    /// [`SqlWriter::bind_count`]. With [`Typing::Cast`] the text must say the type.
    fn placeholder(&self, w: &mut SqlWriter<'_>, ty: ColumnType, typing: Typing);

    /// Writes a quoted identifier.
    fn ident(&self, w: &mut SqlWriter<'_>, name: &str) {
        standard::ident(w, name);
    }

    /// Writes a model's column inside an expression, in the form in which its type is computed with.
    ///
    /// # Errors
    /// [`UndefinedColumn`](crate::ErrorKind::UndefinedColumn) where its table is not part of the statement.
    fn column(&self, w: &mut SqlWriter<'_>, column: ColumnRef) -> Result<()> {
        standard::column(w, column)
    }

    /// Writes a model's column into a SELECT list, in the form the driver reads.
    ///
    /// # Errors
    /// [`UndefinedColumn`](crate::ErrorKind::UndefinedColumn) where its table is not part of the statement.
    fn select_column(&self, w: &mut SqlWriter<'_>, column: ColumnRef) -> Result<()> {
        self.column(w, column)
    }

    /// Writes what must follow a computed value for it to be compared as its type says.
    fn by_value(&self, _w: &mut SqlWriter<'_>, _computed: &Expr) {}

    // Expressions.

    /// Writes an operator between two expressions. The standard has no spelling of some, such as `%`, and which: see
    /// [`BinaryOp::sql`]. A match over all operators makes the compiler ask for each that is added.
    ///
    /// # Errors
    /// What rendering the sides says; [`Unsupported`](crate::ErrorKind::Unsupported) for an operator that the database lacks.
    fn binary<'a>(&self, w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<()> {
        standard::binary(w, op, left, right)
    }

    /// Writes an operator on one expression.
    ///
    /// # Errors
    /// What rendering the expression says; [`Unsupported`](crate::ErrorKind::Unsupported) for an operator that the database lacks.
    fn unary<'a>(&self, w: &mut SqlWriter<'a>, op: UnaryOp, operand: &'a Expr) -> Result<()> {
        standard::unary(w, op, operand)
    }

    /// Writes a function's call. The standard has no spelling of most: see [`Function::sql`]. A match over all functions makes
    /// the compiler ask for each that is added.
    ///
    /// # Errors
    /// What rendering the arguments says; [`Unsupported`](crate::ErrorKind::Unsupported) where the database has no function
    /// of this meaning.
    fn call<'a>(&self, w: &mut SqlWriter<'a>, function: Function, arguments: &'a [Expr]) -> Result<()> {
        standard::call(w, function, arguments)
    }

    /// Writes a value as another type.
    ///
    /// # Errors
    /// What rendering the value says; [`Unsupported`](crate::ErrorKind::Unsupported) for a type that it can't be cast to.
    fn cast<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr, ty: ColumnType) -> Result<()> {
        standard::cast(w, operand, ty)
    }

    /// Writes a decimal rounded half away from zero.
    ///
    /// # Errors
    /// What rendering the decimal says.
    fn rounded<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr, digits: u8) -> Result<()> {
        standard::rounded(w, operand, digits)
    }

    /// Writes that an expression lies between two others, both ends included.
    ///
    /// # Errors
    /// What rendering the three says.
    fn between<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr, low: &'a Expr, high: &'a Expr) -> Result<()> {
        standard::between(w, operand, low, high)
    }

    /// Writes that an expression stands, or does not stand, in a list.
    ///
    /// # Errors
    /// What rendering it and the list says.
    fn in_list<'a>(
        &self,
        w: &mut SqlWriter<'a>,
        membership: Membership,
        operand: &'a Expr,
        list: &'a [Expr],
    ) -> Result<()> {
        standard::in_list(w, membership, operand, list)
    }

    /// Writes the subquery after IN, among whose rows `operand` is looked for.
    ///
    /// # Errors
    /// What rendering it says.
    fn in_select<'a>(&self, w: &mut SqlWriter<'a>, _operand: &'a Expr, select: &'a Select) -> Result<()> {
        standard::in_select(w, select)
    }

    /// Writes a comparison with any or all of several values: the rows of a subquery, or the elements of an array.
    ///
    /// # Errors
    /// What rendering the two says; [`Unsupported`](crate::ErrorKind::Unsupported) where the database has no arrays, or can't
    /// compare such values with many.
    fn compare_with_several<'a>(
        &self,
        w: &mut SqlWriter<'a>,
        op: BinaryOp,
        left: &'a Expr,
        values: &'a Quantified,
    ) -> Result<()> {
        standard::compare_with_several(w, op, left, values)
    }

    /// Writes an aggregate.
    ///
    /// # Errors
    /// What rendering the operand says; [`Unsupported`](crate::ErrorKind::Unsupported) where the database can't aggregate
    /// values of this type.
    fn aggregate<'a>(&self, w: &mut SqlWriter<'a>, aggregate: &'a Aggregate) -> Result<()> {
        standard::aggregate(w, aggregate)
    }

    /// Writes a function over a window that is no aggregate, without OVER.
    ///
    /// # Errors
    /// What rendering its operand says; [`Unsupported`](crate::ErrorKind::Unsupported) for a function that the database lacks.
    fn window_function<'a>(&self, w: &mut SqlWriter<'a>, function: &'a WindowFunction) -> Result<()> {
        standard::window_function(w, function)
    }

    // Values inside JSON documents.

    /// Writes something about a value inside a JSON document.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the database can't do it, or finds no key of this kind;
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue) for a value that JSON has no form for.
    fn json<'a>(&self, w: &mut SqlWriter<'a>, json: &'a JsonExpr) -> Result<()> {
        standard::json(w, json)
    }

    /// Writes something about a value inside a JSON document where it decides whether a row is meant: there unknown is as good
    /// as false, so that a form will do by which an index is found.
    ///
    /// # Errors
    /// As [`json`](Syntax::json).
    fn json_condition<'a>(&self, w: &mut SqlWriter<'a>, json: &'a JsonExpr) -> Result<()> {
        self.json(w, json)
    }

    /// Writes the elements of arrays inside documents as a source of rows, under their name.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the database can't do it.
    fn json_elements<'a>(&self, w: &mut SqlWriter<'a>, elements: &'a JsonElements) -> Result<()> {
        standard::json_elements(w, elements)
    }

    /// Writes something about the element of an array that a row of such a source is.
    ///
    /// # Errors
    /// As [`json_elements`](Syntax::json_elements).
    fn json_element(&self, w: &mut SqlWriter<'_>, element: ElementRef) -> Result<()> {
        standard::json_element(w, element)
    }

    // The clauses of a SELECT.

    /// Writes rows of the program's own as a source of rows under their name, whose columns are `c1`, `c2`, …. There may be
    /// no rows.
    ///
    /// # Errors
    /// What binding the values says.
    fn values<'a>(&self, w: &mut SqlWriter<'a>, values: &'a Values) -> Result<()> {
        standard::values(w, values)
    }

    /// Writes the frame of a window.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for a frame that the database lacks.
    fn frame(&self, w: &mut SqlWriter<'_>, _over: &Over, frame: &Frame) -> Result<()> {
        standard::frame(w, frame)
    }

    /// Writes one term of ORDER BY, with NULLs last going up and first going down.
    ///
    /// # Errors
    /// What rendering the expression says.
    fn order_term<'a>(&self, w: &mut SqlWriter<'a>, term: &'a OrderTerm) -> Result<()> {
        standard::order_term(w, term)
    }

    /// Writes the condition of an outer join.
    ///
    /// # Errors
    /// What rendering the condition says.
    fn outer_join_condition<'a>(&self, w: &mut SqlWriter<'a>, condition: &'a Expr) -> Result<()> {
        w.expr(condition, Precedence::Lowest)
    }

    /// Writes LIMIT and OFFSET.
    ///
    /// # Errors
    /// [`Limit`](crate::ErrorKind::Limit) where a number is beyond what databases count.
    fn limit(&self, w: &mut SqlWriter<'_>, limit: &Limit) -> Result<()> {
        standard::limit(w, limit)
    }

    /// Writes FOR UPDATE or FOR SHARE.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for what the database lacks.
    fn lock(&self, w: &mut SqlWriter<'_>, lock: &Lock) -> Result<()> {
        standard::lock(w, lock)
    }

    // INSERT, UPDATE and DELETE.

    /// Writes the rows of an INSERT after its columns.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue), naming the column and the row, where a value does not fit.
    fn insert_rows<'a>(&self, w: &mut SqlWriter<'a>, rows: &BoundRows<'a>) -> Result<()> {
        standard::insert_rows(w, rows)
    }

    /// Writes the SELECT of an INSERT after its columns.
    ///
    /// # Errors
    /// What rendering it says.
    fn insert_select<'a>(&self, w: &mut SqlWriter<'a>, insert: &'a Insert, select: &'a Select) -> Result<()> {
        standard::insert_select(w, insert, select)
    }

    /// Writes ON CONFLICT, or what the database has instead.
    ///
    /// # Errors
    /// What rendering its expressions says; [`Unsupported`](crate::ErrorKind::Unsupported) where the database can't do it.
    fn on_conflict<'a>(&self, w: &mut SqlWriter<'a>, insert: &'a Insert, conflict: &'a OnConflict) -> Result<()> {
        standard::on_conflict(w, insert, conflict)
    }

    /// Writes a column of the row that an upsert would have inserted.
    fn excluded(&self, w: &mut SqlWriter<'_>, column: &'static ColumnDef) {
        standard::excluded(w, column);
    }

    /// Writes the right-hand side of an assignment. A computed decimal is rounded half away from zero to its column's
    /// digits; one that the column has no room for is an error.
    ///
    /// # Errors
    /// What rendering the value says.
    fn assigned<'a>(&self, w: &mut SqlWriter<'a>, _column: &'static ColumnDef, value: &'a Expr) -> Result<()> {
        standard::assigned(w, value)
    }

    /// Writes rows of the program's own as a source under their name, whose values have the types of a table's columns, NULLs
    /// included.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue), naming the column and the row, where a value does not fit.
    fn given_rows<'a>(&self, w: &mut SqlWriter<'a>, rows: &GivenRows<'a>) -> Result<()> {
        standard::given_rows(w, rows)
    }

    // The statement as a whole.

    /// Adds to a finished statement what its text must say as a whole.
    fn finish(&self, _statement: &mut Compiled<'_>) {}
}
