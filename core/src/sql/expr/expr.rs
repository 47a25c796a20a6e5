//! [`Expr`].

use crate::schema::{Collation, ColumnDef, Table};
use crate::sql::expr::{Aggregate, BinaryOp, Function, Membership, Quantified, UnaryOp, Window, arithmetic};
use crate::sql::json::{ElementRef, JsonExpr};
use crate::sql::render::Typing;
use crate::sql::tree::{Raw, Select, TableRef};
use crate::types::{ColumnType, Value};

/// An expression of the untyped tree.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Expr {
    /// A column of a model's table.
    Column(ColumnRef),
    /// A column of a subquery or a common table expression, by its index there.
    Derived(DerivedRef),
    /// A value, sent beside the text.
    Bind {
        /// The value.
        value: Value,
        /// The type it is sent as.
        ty: ColumnType,
        /// How the text says that type.
        typing: Typing,
    },
    /// An operator before or after its operand.
    Unary {
        /// The operator.
        op: UnaryOp,
        /// What it applies to.
        operand: Box<Expr>,
    },
    /// An operator between two expressions.
    Binary {
        /// The operator.
        op: BinaryOp,
        /// The left side.
        left: Box<Expr>,
        /// The right side.
        right: Box<Expr>,
    },
    /// All of these hold; AND. Flat, however long the chain. None at all is true.
    All(Vec<Expr>),
    /// Any of these holds; OR. Flat, however long the chain. None at all is false.
    Any(Vec<Expr>),
    /// Lies between two others, both ends included.
    Between {
        /// What is looked at.
        operand: Box<Expr>,
        /// The lower end.
        low: Box<Expr>,
        /// The upper end.
        high: Box<Expr>,
    },
    /// Stands, or does not stand, in a list.
    InList {
        /// Which of the two.
        membership: Membership,
        /// What is looked for.
        operand: Box<Expr>,
        /// Where. Nothing stands in an empty list.
        list: Vec<Expr>,
    },
    /// Is, or is not, among what a subquery selects.
    InSelect {
        /// Which of the two.
        membership: Membership,
        /// What is looked for.
        operand: Box<Expr>,
        /// Where.
        select: Box<Select>,
    },
    /// Several values side by side, to be compared as one.
    Row(Vec<Expr>),
    /// Many values, on the right of a comparison.
    Quantified(Box<Quantified>),
    /// Whether a subquery selects any row.
    Exists(Box<Select>),
    /// The one value that a subquery selects; NULL where it selects no row.
    Subquery(Box<Select>),
    /// The value of the first condition that holds.
    Case(Box<Case>),
    /// The same value as another type.
    Cast {
        /// The value.
        operand: Box<Expr>,
        /// The type.
        ty: ColumnType,
    },
    /// A function's value.
    Call {
        /// The function.
        function: Function,
        /// What it is given.
        arguments: Vec<Expr>,
    },
    /// A decimal rounded half away from zero.
    Rounded {
        /// The decimal.
        operand: Box<Expr>,
        /// How many digits after the point are left.
        digits: u8,
    },
    /// The value of a function that only the database knows.
    Custom {
        /// Its name, as the program's source has it.
        name: &'static str,
        /// What it is given.
        arguments: Vec<Expr>,
        /// The type of its values, which the program answers for.
        ty: ColumnType,
    },
    /// What a text of the program says.
    Raw {
        /// The text, with what stands in its braces.
        raw: Box<Raw>,
        /// The type of its values, which the program answers for.
        ty: ColumnType,
    },
    /// One value made from many rows.
    Aggregate(Box<Aggregate>),
    /// A value made from the rows around this one.
    Window(Box<Window>),
    /// Something about the element of an array that a row is.
    Element(ElementRef),
    /// Something about a value inside a JSON document.
    Json(Box<JsonExpr>),
    /// What stood here nests too deeply. The statement is refused.
    TooDeep,
}

/// A column of a table of the statement.
#[derive(Debug, Clone, Copy)]
pub struct ColumnRef {
    /// The table.
    pub table: TableRef,
    /// The column's index in the table.
    pub index: u16,
}

/// A column of a subquery or a common table expression. Such columns are called `c1`, `c2`, …, whatever they are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DerivedRef {
    /// The name that the subquery has in the statement.
    pub source: &'static str,
    /// Its index among what the subquery selects; `None` where it does not select it.
    pub place: Option<u16>,
    /// What it holds.
    pub ty: ColumnType,
    /// Whether it can be NULL.
    pub nullable: bool,
    /// By what rule it is compared, where it is a column of texts that the subquery selects.
    pub collation: Option<Collation>,
}

/// Conditions with a value each.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The conditions in the order in which they are tried, and their values.
    pub branches: Vec<(Expr, Expr)>,
    /// The value where none of them holds; NULL without it.
    pub otherwise: Option<Expr>,
}

impl ColumnRef {
    /// The column as the model describes it.
    pub fn definition(&self) -> Option<&'static ColumnDef> {
        self.table.table.column(self.index)
    }

    /// Whether both are one column of one source, whichever models of the table they are taken from.
    pub fn is_same_column(&self, other: ColumnRef) -> bool {
        self.table.place_of(other) == Some(self.index)
    }
}

/// Columns are equal where they are written alike: they are one column of one source, and the models they are taken from say the same
/// of what it holds.
impl PartialEq for ColumnRef {
    fn eq(&self, other: &ColumnRef) -> bool {
        if self.table == other.table {
            return self.index == other.index;
        }
        let (Some(own), Some(others)) = (self.definition(), other.definition()) else { return false };
        self.is_same_column(*other)
            && (own.ty, own.nullable, own.collation, own.storage)
                == (others.ty, others.nullable, others.collation, others.storage)
    }
}

impl Eq for ColumnRef {}

impl Expr {
    /// A value whose type the text beside it does not give.
    pub fn value(value: Value, ty: ColumnType) -> Expr {
        Expr::Bind { value, ty, typing: Typing::Cast }
    }

    /// A value that is written to a column of this type.
    pub fn stored(value: Value, ty: ColumnType) -> Expr {
        Expr::Bind { value, ty, typing: Typing::Column }
    }

    /// A column of a table is equal to a value that is not NULL.
    pub fn column_equals(table: &'static Table, index: u16, value: Value) -> Expr {
        let column = ColumnRef { table: TableRef::new(table), index };
        let ty = column.definition().map_or(ColumnType::TEXT, |definition| definition.ty);
        Expr::binary(BinaryOp::Eq, Expr::Column(column), Expr::value(value, ty))
    }

    /// Whether both have the same value in every row. Of two models of a table, columns of one name have, whatever the models say of
    /// what they hold.
    pub(crate) fn is_same_as(&self, other: &Expr) -> bool {
        match (self, other) {
            (Expr::Column(one), Expr::Column(other)) => one.is_same_column(*other),
            _ => self == other,
        }
    }

    /// How many rows there are: `count(*)`.
    pub fn count_rows() -> Expr {
        Expr::Aggregate(Box::new(Aggregate::count_rows()))
    }

    /// Both hold. A chain of calls makes one flat list.
    pub fn and(self, other: Expr) -> Expr {
        Expr::All(chain(self, other, |expr| match expr {
            Expr::All(parts) => Ok(parts),
            other => Err(other),
        }))
    }

    /// One of them holds, or both. A chain of calls makes one flat list.
    pub fn or(self, other: Expr) -> Expr {
        Expr::Any(chain(self, other, |expr| match expr {
            Expr::Any(parts) => Ok(parts),
            other => Err(other),
        }))
    }

    /// An operator between two expressions. A value that is compared with a column takes the column's type.
    pub fn binary(op: BinaryOp, left: Expr, right: Expr) -> Expr {
        let (left, right) = if op.is_comparison() {
            let right = right.typed_like(&left);
            (left.typed_like(&right), right)
        } else {
            (arithmetic::operand(left), arithmetic::operand(right))
        };
        Expr::Binary { op, left: Box::new(left), right: Box::new(right) }
    }

    /// An operator on one expression.
    pub fn unary(op: UnaryOp, operand: Expr) -> Expr {
        Expr::Unary { op, operand: Box::new(operand) }
    }

    /// A call of a function.
    pub fn call(function: Function, arguments: impl IntoIterator<Item = Expr>) -> Expr {
        Expr::Call { function, arguments: arguments.into_iter().map(arithmetic::operand).collect() }
    }

    /// Whether this is a bound NULL.
    pub fn is_null_value(&self) -> bool {
        matches!(self, Expr::Bind { value: Value::Null, .. })
    }

    /// A value that stands beside the column `other` takes that column's type; beside anything else it says its own.
    pub fn typed_like(self, other: &Expr) -> Expr {
        match (self, other) {
            (Expr::Bind { value, ty, .. }, Expr::Column(column)) => {
                let ty = column.definition().map_or(ty, |definition| definition.ty);
                Expr::Bind { value, ty, typing: Typing::Column }
            }
            (Expr::Row(values), Expr::Row(columns)) => {
                Expr::Row(values.into_iter().zip(columns).map(|(value, column)| value.typed_like(column)).collect())
            }
            (expr, _) => arithmetic::operand(expr),
        }
    }
}

/// Adds `other` to the flat list that `open` finds in `first`, or starts one.
fn chain(first: Expr, other: Expr, open: impl Fn(Expr) -> Result<Vec<Expr>, Expr>) -> Vec<Expr> {
    let mut parts = open(first).unwrap_or_else(|single| vec![single.bounded_part()]);
    match open(other) {
        Ok(more) => parts.extend(more),
        Err(single) => parts.push(single.bounded_part()),
    }
    parts
}
