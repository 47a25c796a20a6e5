//! What a dialect implements: the list of its differences from standard SQL.
//!
//! A [`Dialect`] is pure: it renders text and classifies errors, and does no I/O, so everything about it can be tested
//! without a server. Four things every database spells its own way and a dialect must say: placeholders, column types,
//! what an error means and what it is called. Every other hook has a default body, which calls the function of the same
//! name in [`sql::standard`](crate::sql::standard); an override may call it too.
//!
//! A dialect outside this workspace can do all that creole's own can: implement this trait and
//! [`Driver`](crate::driver::Driver), and open an engine with [`Engine::open`](crate::Engine::open).

mod capabilities;
mod about_statement;
mod own_text;
mod reported;

use std::borrow::Cow;
use std::fmt;

use crate::catalog::Catalog;
pub use crate::error::{Diagnosis, RawError};
use crate::error::{Error, Result};
use crate::schema::{ColumnDef, ForeignKey, ServerDefault, Table};
use crate::sql::{
    Aggregate, Assignment, BinaryOp, Bind, BoundRows, ColumnRef, Compiled, ElementRef, Expr, Frame, Function, Insert,
    JoinKind, Json, JsonElements, Limit, Lock, Membership, OnConflict, OrderTerm, Over, Quantifier, Repeats, Select,
    SetOp, SqlWriter, TableRef, Typing, Values, standard,
};
pub use crate::transaction::{Isolation, TxOptions};
use crate::types::{ColumnType, ValueRef};
pub use capabilities::{Capabilities, IndexPlacement, InsertSize, InsertTexts, JoinedWrites, Support};
pub use own_text::{EndsTransaction, OwnText};

/// How one database spells SQL, and what its errors mean.
pub trait Dialect: fmt::Debug + Send + Sync + 'static {
    /// The name by which messages and tests call it: `sqlite`, `postgres`.
    fn name(&self) -> &'static str;

    /// What the database can do, as far as creole does something else where it can't.
    fn capabilities(&self) -> &Capabilities;

    /// Writes the placeholder of the value that was just kept; its number is
    /// [`SqlWriter::bind_count`]. With [`Typing::Cast`] the text must say the type.
    fn placeholder(&self, w: &mut SqlWriter<'_>, ty: ColumnType, typing: Typing);

    /// Writes a column type.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for a type this database can't hold.
    fn column_type(&self, w: &mut SqlWriter<'_>, ty: ColumnType) -> Result<()>;

    /// Writes the collation of a column behind its type, ` COLLATE "C"`, unless the database compares it so by itself.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for a collation that this database can't have.
    fn collation(&self, w: &mut SqlWriter<'_>, column: &ColumnDef) -> Result<()> {
        standard::collation(w, column)
    }

    /// The collation that compares by code point, as it stands behind COLLATE.
    fn code_point_collation(&self) -> &'static str {
        standard::CODE_POINTS
    }

    /// Says what an error of the server means.
    fn classify(&self, raw: &RawError<'_>) -> Diagnosis;

    /// Refuses a value that this database would not keep as it is, with the reason and without the value.
    ///
    /// # Errors
    /// The reason.
    fn check(&self, _value: ValueRef<'_>, _ty: ColumnType) -> Result<(), String> {
        Ok(())
    }

    /// The value as it is sent where it is stored in a column, or compared with it as it is stored; nothing where the column's
    /// form has no room for it, so that no row can hold it.
    fn stored<'a>(&self, column: &ColumnDef, value: ValueRef<'a>) -> Option<Bind<'a>> {
        Some(Bind { value, ty: column.ty })
    }

    /// Writes a quoted identifier.
    fn ident(&self, w: &mut SqlWriter<'_>, name: &str) {
        standard::ident(w, name);
    }

    /// Writes a value into the text of a DDL statement.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for a kind of value that has no literal.
    fn literal(&self, w: &mut SqlWriter<'_>, value: ValueRef<'_>, ty: ColumnType) -> Result<()> {
        standard::literal(w, value, ty)
    }

    /// Writes a model's column inside an expression, in the form in which its type is computed with.
    ///
    /// # Errors
    /// [`UndefinedColumn`](crate::ErrorKind::UndefinedColumn) where its table is not part of the statement.
    fn column(&self, w: &mut SqlWriter<'_>, column: ColumnRef) -> Result<()> {
        standard::column(w, column)
    }

    /// Writes an operator between two expressions.
    ///
    /// # Errors
    /// What rendering the sides says.
    fn binary<'a>(&self, w: &mut SqlWriter<'a>, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<()> {
        standard::binary(w, op, left, right)
    }

    /// Writes a function's call.
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

    /// Writes something about a value inside a JSON document.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the database can't do it, or finds no key of this kind;
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue) for a value that JSON has no form for.
    fn json<'a>(&self, w: &mut SqlWriter<'a>, json: &'a Json) -> Result<()> {
        standard::json(w, json)
    }

    /// Writes something about a value inside a JSON document where it decides whether a row is meant: there unknown is as good
    /// as false, so that a form will do by which an index is found.
    ///
    /// # Errors
    /// As [`json`](Dialect::json).
    fn json_condition<'a>(&self, w: &mut SqlWriter<'a>, json: &'a Json) -> Result<()> {
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
    /// As [`json_elements`](Dialect::json_elements).
    fn json_element(&self, w: &mut SqlWriter<'_>, element: ElementRef) -> Result<()> {
        standard::json_element(w, element)
    }

    /// Writes a decimal rounded half away from zero.
    ///
    /// # Errors
    /// What rendering the decimal says.
    fn rounded<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr, digits: u8) -> Result<()> {
        standard::rounded(w, operand, digits)
    }

    /// Writes the bits that a number has not.
    ///
    /// # Errors
    /// What rendering the number says.
    fn bit_not<'a>(&self, w: &mut SqlWriter<'a>, operand: &'a Expr) -> Result<()> {
        standard::bit_not(w, operand)
    }

    /// Writes the subquery behind IN, among whose rows `operand` is looked for.
    ///
    /// # Errors
    /// What rendering it says.
    fn in_select<'a>(&self, w: &mut SqlWriter<'a>, _operand: &'a Expr, select: &'a Select) -> Result<()> {
        standard::in_select(w, select)
    }

    /// Writes a comparison with any or all rows of a subquery.
    ///
    /// # Errors
    /// What rendering the two says; [`Unsupported`](crate::ErrorKind::Unsupported) where the database can't compare such
    /// values with many.
    fn compare_with_rows<'a>(
        &self,
        w: &mut SqlWriter<'a>,
        op: BinaryOp,
        left: &'a Expr,
        quantifier: Quantifier,
        select: &'a Select,
    ) -> Result<()> {
        standard::compare_with_rows(w, op, left, quantifier, select)
    }

    /// Writes a comparison with any or all elements of an array.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the database has no arrays.
    fn compare_with_elements<'a>(
        &self,
        w: &mut SqlWriter<'a>,
        _op: BinaryOp,
        _left: &'a Expr,
        _quantifier: Quantifier,
        _array: &'a Expr,
    ) -> Result<()> {
        standard::compare_with_elements(w)
    }

    /// Writes DISTINCT ON, behind SELECT.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the database has no such thing, as most have not.
    fn distinct_on<'a>(&self, w: &mut SqlWriter<'a>, _exprs: &'a [Expr]) -> Result<()> {
        standard::distinct_on(w)
    }

    /// Writes rows of the program's own as a source of rows under their name, whose columns are `c1`, `c2`, …. There may be
    /// no rows.
    ///
    /// # Errors
    /// What binding the values says.
    fn values<'a>(&self, w: &mut SqlWriter<'a>, values: &'a Values) -> Result<()> {
        standard::values(w, values)
    }

    /// Writes what stands in the place of FROM where a SELECT reads no table.
    fn no_source(&self, _w: &mut SqlWriter<'_>) {}

    /// Writes JOIN, of one kind or another.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for a kind that the database has not.
    fn join(&self, w: &mut SqlWriter<'_>, kind: JoinKind) -> Result<()> {
        standard::join(w, kind)
    }

    /// Writes UNION, INTERSECT or EXCEPT.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for what the database has not.
    fn set_operator(&self, w: &mut SqlWriter<'_>, op: SetOp, repeats: Repeats) -> Result<()> {
        standard::set_operator(w, op, repeats)
    }

    /// Writes the frame of a window.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for a frame that the database has not.
    fn frame(&self, w: &mut SqlWriter<'_>, _over: &Over, frame: &Frame) -> Result<()> {
        standard::frame(w, frame)
    }

    /// Writes FOR UPDATE or FOR SHARE.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for what the database has not.
    fn lock(&self, w: &mut SqlWriter<'_>, lock: &Lock) -> Result<()> {
        standard::lock(w, lock)
    }

    /// Writes what must follow a computed value for it to be compared as its type says.
    fn by_value(&self, _w: &mut SqlWriter<'_>, _computed: &Expr) {}

    /// Writes an aggregate.
    ///
    /// # Errors
    /// What rendering the operand says; [`Unsupported`](crate::ErrorKind::Unsupported) where the database can't aggregate
    /// values of this type.
    fn aggregate<'a>(&self, w: &mut SqlWriter<'a>, aggregate: &'a Aggregate) -> Result<()> {
        standard::aggregate(w, aggregate)
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

    /// Writes a model's column into a SELECT list, in the form the driver reads.
    ///
    /// # Errors
    /// [`UndefinedColumn`](crate::ErrorKind::UndefinedColumn) where its table is not part of the statement.
    fn select_column(&self, w: &mut SqlWriter<'_>, column: ColumnRef) -> Result<()> {
        self.column(w, column)
    }

    /// Writes one term of ORDER BY, with NULLs last going up and first going down.
    ///
    /// # Errors
    /// What rendering the expression says.
    fn order_term<'a>(&self, w: &mut SqlWriter<'a>, term: &'a OrderTerm) -> Result<()> {
        standard::order_term(w, term)
    }

    /// Writes LIMIT and OFFSET.
    ///
    /// # Errors
    /// [`Limit`](crate::ErrorKind::Limit) where a number is beyond what databases count.
    fn limit(&self, w: &mut SqlWriter<'_>, limit: &Limit) -> Result<()> {
        standard::limit(w, limit)
    }

    /// Writes the rows of an INSERT behind its columns.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue), naming the column and the row, where a value does not fit.
    fn insert_rows<'a>(&self, w: &mut SqlWriter<'a>, rows: &BoundRows<'a>) -> Result<()> {
        standard::insert_rows(w, rows)
    }

    /// How many rows of these columns one INSERT has, and how many texts there may be for it.
    fn insert_size(&self, table: &'static Table, columns: &[u16]) -> InsertSize {
        standard::insert_size(self.capabilities(), table, columns)
    }

    /// Writes the SELECT of an INSERT behind its columns.
    ///
    /// # Errors
    /// What rendering it says.
    fn insert_select<'a>(&self, w: &mut SqlWriter<'a>, insert: &'a Insert, select: &'a Select) -> Result<()> {
        standard::insert_select(w, insert, select)
    }

    /// Writes ON CONFLICT, or what the database has in its place.
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

    /// What an upsert returns for whether a row is new, where the database can say it: a condition.
    fn new_row_mark(&self) -> Option<&'static str> {
        None
    }

    /// Whether an error says that a row clashed with another key than the one the upsert is about, where that is said in no
    /// better way.
    fn is_clash_with_other_key(&self, _error: &Error) -> bool {
        false
    }

    /// Whether an error says that somebody else has inserted a row while an upsert was computing what to write to it, which is of no
    /// use then: the statement is run again.
    fn is_overtaken(&self, _error: &Error) -> bool {
        false
    }

    /// Writes what follows `INSERT INTO t` for a row of nothing but defaults.
    fn insert_default_row(&self, w: &mut SqlWriter<'_>) {
        standard::insert_default_row(w);
    }

    /// Writes RETURNING. Called with no columns where the database has no RETURNING.
    ///
    /// # Errors
    /// [`UndefinedColumn`](crate::ErrorKind::UndefinedColumn) for a column the table has not.
    fn returning(&self, w: &mut SqlWriter<'_>, table: &'static Table, columns: &[u16]) -> Result<()> {
        standard::returning(w, table, columns)
    }

    /// Writes the assignments of an UPDATE, so that every right-hand side sees the row as it was.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue) where a value does not fit its column;
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the database can't do it.
    fn assignments<'a>(
        &self,
        w: &mut SqlWriter<'a>,
        table: &'static Table,
        assignments: &'a [Assignment],
    ) -> Result<()> {
        standard::assignments(w, table, assignments)
    }

    /// Whether the assignments can't be ordered so that every right-hand side sees the row as it was: the statement then
    /// joins a copy of it, from which they are read.
    fn overwrites_what_it_reads(&self, _table: &'static Table, _assignments: &[Assignment]) -> bool {
        false
    }

    /// Writes, behind assignments that have subqueries, what makes the database compute every value before it writes the
    /// first row. Most do by themselves.
    fn values_first(&self, _w: &mut SqlWriter<'_>) {}

    /// Writes, as a source within a subquery, the table whose rows the statement changes.
    fn changed_table(&self, w: &mut SqlWriter<'_>, table: TableRef) {
        standard::changed_table(w, table);
    }

    /// Writes the placeholder of a value that was just kept and stands behind VALUES, where that is a source of rows. The
    /// text must say the type, as that of NULLs in the same column does.
    fn given_value(&self, w: &mut SqlWriter<'_>, ty: ColumnType) {
        self.placeholder(w, ty, Typing::Cast);
    }

    /// Writes a column whose type the values of such a source take.
    fn given_column(&self, w: &mut SqlWriter<'_>, column: &'static ColumnDef) {
        w.ident(column.name);
    }

    /// Begins one row behind VALUES, where that is a source of rows.
    fn open_values(&self, w: &mut SqlWriter<'_>) {
        w.push("(");
    }

    /// Writes the right-hand side of an assignment. A computed decimal is rounded half away from zero to its column's
    /// digits; one that the column has no room for is an error.
    ///
    /// # Errors
    /// What rendering the value says.
    fn assigned<'a>(&self, w: &mut SqlWriter<'a>, _column: &'static ColumnDef, value: &'a Expr) -> Result<()> {
        standard::assigned(w, value)
    }

    /// Writes the statement that creates a table and its keys, and leaves alone what is there. Where
    /// [`Capabilities::indexes`] is [`IndexPlacement::Inline`], its indexes too.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the database has no such column or key.
    fn create_table(&self, w: &mut SqlWriter<'_>, table: &'static Table) -> Result<()> {
        standard::create_table(w, table)
    }

    /// Writes what the DEFAULT clause of a column says, within its parentheses.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for what the database can't make, and for SQL whose value creole would not
    /// read back; [`InvalidValue`](crate::ErrorKind::InvalidValue) where the value does not fit the column.
    fn column_default(
        &self,
        w: &mut SqlWriter<'_>,
        table: &'static Table,
        column: &'static ColumnDef,
        default: ServerDefault,
    ) -> Result<()> {
        standard::column_default(w, table, column, default)
    }

    /// Writes, behind REFERENCES, the table that a foreign key of `table` leads to. Where the database looks for a name without
    /// a schema elsewhere than the connection does, the schema is [`SqlWriter::home`].
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the key can't lead there.
    fn referenced_table(&self, w: &mut SqlWriter<'_>, _table: &'static Table, key: &ForeignKey) -> Result<()> {
        standard::referenced_table(w, key);
        Ok(())
    }

    /// The statements that create what the table needs and is not part of it, and leave alone what is there.
    fn before_table(&self, _table: &'static Table) -> Vec<String> {
        Vec::new()
    }

    /// The statements that drop, once the table is gone, what [`before_table`](Dialect::before_table) created for it and
    /// nothing else uses.
    fn after_drop(&self, _table: &'static Table) -> Vec<String> {
        Vec::new()
    }

    /// The name by which the database knows a table's primary key.
    fn primary_key_name(&self, table: &'static Table) -> Cow<'static, str> {
        table.primary_key_name()
    }

    /// How the database describes what is in it; nothing where the dialect does not know.
    fn catalog(&self) -> Option<&'static dyn Catalog> {
        None
    }

    /// A query that lets the numbers of the table's numbered column go on after the largest one in it; nothing where they do by
    /// themselves, or where the table has no such column.
    fn sync_sequence(&self, _table: &'static Table) -> Option<String> {
        None
    }

    /// A query for the names of the tables that refer to this one, where the database would drop it all the same.
    fn referring_tables(&self, _table: &'static Table) -> Option<String> {
        None
    }

    /// Writes one column of CREATE TABLE.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the database has no such column type.
    fn column_definition(
        &self,
        w: &mut SqlWriter<'_>,
        table: &'static Table,
        column: &'static ColumnDef,
    ) -> Result<()> {
        standard::column_definition(w, table, column)
    }

    /// The statements that begin a transaction.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for a transaction this database can't have.
    fn begin(&self, options: &TxOptions) -> Result<Vec<String>> {
        Ok(standard::begin(options))
    }

    /// Whether a text of the program's own ends the transaction that it runs in. What always does is refused there, and after
    /// what may do so the transaction is looked for.
    fn ends_transaction(&self, _text: OwnText<'_>) -> EndsTransaction {
        EndsTransaction::Never
    }

    /// Whether a text of the program's own leaves the connection other than it was, so that it is closed where it would be
    /// lent to somebody else.
    fn leaves_traces(&self, text: OwnText<'_>) -> bool {
        text.leaves_traces()
    }

    /// Adds to a finished statement what its text must say as a whole.
    fn finish(&self, _statement: &mut Compiled<'_>) {}
}
