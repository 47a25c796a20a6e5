//! [`Expression`]: the operators, once for columns and for everything built from them.

use super::arithmetic::Either;
use super::functions::{CastTo, Fixed, HasDay, HasTime};
use super::operand::Operand;
use super::text;
use super::text::Around;
use super::typed::Expr;
use crate::model::{Column, Model};
use crate::query::select::{Among, Labelled, Order};
use crate::sql::{self, BinaryOp, Direction, Function, Membership, UnaryOp, arithmetic};
use crate::types::{Bits, Nullability, Numeric, SqlType, SqlValue, Text};

/// The type an expression has where it is not NULL.
pub(super) type Base<E> = <<E as Expression>::Type as SqlType>::Base;

/// `T`, or `Option<T>` where the expression can be NULL.
type Same<E, T> = <<<E as Expression>::Type as SqlType>::Null as Nullability>::Sql<T>;

/// A column, or anything built from columns and values.
///
/// Comparisons with a *value* read as in Rust: `eq(None)` is IS NULL, and `ne(x)` keeps the rows where the column is
/// NULL, since NULL is not `x`. Between two columns they are SQL's own, unknown where a side is NULL.
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model)]
/// #[model(table = "people")]
/// struct Person {
///     #[model(primary_key)]
///     id: i64,
///     name: String,
///     nickname: Option<String>,
///     born: i32,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Person]).await?;
/// insert_all(&[
///     Person { id: 1, name: "Ada".into(), nickname: Some("Countess".into()), born: 1815 },
///     Person { id: 2, name: "Grace".into(), nickname: None, born: 1906 },
/// ])
/// .exec(&engine)
/// .await?;
/// let count = async |condition| Person::select().filter(condition).count(&engine).await;
///
/// assert_eq!(count(Person::born.lt(1900).and(Person::name.starts_with("A"))).await?, 1);
/// assert_eq!(count(Person::name.is_in(["Ada", "Grace", "Joan"])).await?, 2);
/// assert_eq!(count(Person::nickname.eq(None)).await?, 1); // IS NULL
/// assert_eq!(count(Person::nickname.ne("Countess")).await?, 1); // NULL is not "Countess"
///
/// let decade = Person::born / 10 * 10;
/// let rows = select((Person::name.upper(), decade)).order_by(Person::born.desc()).all(&engine).await?;
/// assert_eq!(rows.first().map(|(name, _)| name.as_str()), Some("GRACE"));
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an expression",
    label = "expected a column or an expression built from columns"
)]
pub trait Expression: Sized {
    /// The Rust type of its values.
    type Type: SqlType;

    /// The untyped node.
    fn node(self) -> sql::Expr;

    /// Is equal to.
    fn eq<R: Operand<Base<Self>>>(self, right: R) -> Expr<bool> {
        let right = right.operand();
        if right.is_null_value() {
            return Expr::new(sql::Expr::unary(UnaryOp::IsNull, self.node()));
        }
        compare(BinaryOp::Eq, self, right)
    }

    /// Is not equal to. With a value on the right, rows whose left side is NULL are kept: NULL is not that value.
    fn ne<R: Operand<Base<Self>>>(self, right: R) -> Expr<bool> {
        let right = right.operand();
        if right.is_null_value() {
            return Expr::new(sql::Expr::unary(UnaryOp::IsNotNull, self.node()));
        }
        let left = self.node();
        let op = match &right {
            sql::Expr::Bind { .. } if left.is_nullable() => BinaryOp::IsDistinctFrom,
            _ => BinaryOp::Ne,
        };
        Expr::new(sql::Expr::binary(op, left, right))
    }

    /// Is less than.
    fn lt<R: Operand<Base<Self>>>(self, right: R) -> Expr<bool> {
        compare(BinaryOp::Lt, self, right.operand())
    }

    /// Is less than or equal to.
    fn le<R: Operand<Base<Self>>>(self, right: R) -> Expr<bool> {
        compare(BinaryOp::Le, self, right.operand())
    }

    /// Is greater than.
    fn gt<R: Operand<Base<Self>>>(self, right: R) -> Expr<bool> {
        compare(BinaryOp::Gt, self, right.operand())
    }

    /// Is greater than or equal to.
    fn ge<R: Operand<Base<Self>>>(self, right: R) -> Expr<bool> {
        compare(BinaryOp::Ge, self, right.operand())
    }

    /// Lies between two ends, both included.
    fn between<L: Operand<Base<Self>>, H: Operand<Base<Self>>>(self, low: L, high: H) -> Expr<bool> {
        let operand = self.node();
        Expr::new(sql::Expr::Between {
            low: Box::new(low.operand().typed_like(&operand)),
            high: Box::new(high.operand().typed_like(&operand)),
            operand: Box::new(operand),
        })
    }

    /// Stands in the list, or is among what a SELECT yields. Nothing stands in an empty list; a `None` in the list stands
    /// for NULL.
    ///
    /// A list may be as long as a message of the server's: the values of one with more than 128 are sent as a single
    /// parameter, so that there is one prepared statement for all lengths. On MySQL and MariaDB texts are sent one by one up to 32,768,
    /// and so is, on MariaDB, what chooses the rows of an UPDATE or DELETE.
    ///
    /// # Errors
    /// [`Limit`](crate::ErrorKind::Limit) where a statement has more than 65,535 values that can't be sent as one: on MySQL
    /// and MariaDB JSON documents, labels of enums of the database's own, and texts beside a computed value, on PostgreSQL arrays.
    ///
    /// ```
    /// use creole::prelude::*;
    ///
    /// #[derive(Model)]
    /// #[model(table = "books")]
    /// struct Book {
    ///     #[model(primary_key)]
    ///     id: i64,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # engine.create_all(tables![Book]).await?;
    /// insert_all(&[Book { id: 1 }, Book { id: 2 }]).exec(&engine).await?;
    /// let wanted = (2..200_000).chain([-1]);
    /// assert_eq!(select(Book::id).filter(Book::id.is_in(wanted)).all(&engine).await?, [2]);
    /// # Ok(())
    /// # }
    /// ```
    fn is_in<A: Among<Base<Self>>>(self, list: A) -> Expr<bool> {
        Expr::new(list.among(Membership::In, self.node()))
    }

    /// Does not stand in the list. Everything is outside an empty list. NULL is unknown to stand in a list, so rows whose
    /// left side is NULL are left out of a list with values, as in SQL; a `None` in the list leaves them out by name. A list may be
    /// as long as that of [`is_in`](Expression::is_in).
    fn not_in<A: Among<Base<Self>>>(self, list: A) -> Expr<bool> {
        Expr::new(list.among(Membership::NotIn, self.node()))
    }

    /// Is equal, where NULL is a value like any other and equal to itself.
    fn is_same<R: Operand<Base<Self>>>(self, right: R) -> Expr<bool> {
        let differs = sql::Expr::binary(BinaryOp::IsDistinctFrom, self.node(), right.operand());
        Expr::new(sql::Expr::unary(UnaryOp::Not, differs))
    }

    /// The same value, of which the program says that it is never NULL here: that of a subquery that finds its row, or of a column
    /// after `is_not_null()`. Where it is NULL all the same, writing it to a NOT NULL column is a
    /// [`NotNullViolation`](crate::ErrorKind::NotNullViolation), and reading it is [`Decode`](crate::ErrorKind::Decode).
    ///
    /// ```
    /// # use creole_core::{model::{Column, Model}, query::{Expr, Expression, select}};
    /// # fn newest<User: Model>(id: Column<User, i64>) -> Expr<i64> {
    /// select(creole_core::query::max(id)).value().not_null()
    /// # }
    /// ```
    fn not_null(self) -> Expr<Base<Self>> {
        Expr::new(self.node())
    }

    /// The same value as another type; see [`CastTo`] for what there is.
    fn cast<T: SqlValue>(self) -> Expr<Same<Self, T>>
    where
        Base<Self>: CastTo<T>,
    {
        Expr::new(sql::Expr::Cast { operand: Box::new(self.node()), ty: arithmetic::whole(T::TYPE) })
    }

    /// Rounded half away from zero to so many digits behind the point.
    fn round(self, digits: u8) -> Expr<Self::Type>
    where
        Base<Self>: Fixed,
    {
        Expr::new(sql::Expr::Rounded { operand: Box::new(self.node()), digits })
    }

    /// Without its sign.
    fn abs(self) -> Expr<Self::Type>
    where
        Base<Self>: Numeric,
    {
        Expr::new(sql::Expr::call(Function::Abs, [self.node()]))
    }

    /// The bits that both numbers have.
    fn bit_and<R: Operand<Base<Self>>>(self, right: R) -> Expr<Either<Self::Type, R::Null>>
    where
        Base<Self>: Bits,
    {
        Expr::new(sql::Expr::binary(BinaryOp::BitAnd, self.node(), right.operand()))
    }

    /// The bits that one of the numbers has.
    fn bit_or<R: Operand<Base<Self>>>(self, right: R) -> Expr<Either<Self::Type, R::Null>>
    where
        Base<Self>: Bits,
    {
        Expr::new(sql::Expr::binary(BinaryOp::BitOr, self.node(), right.operand()))
    }

    /// The bits that the number has not.
    fn bit_not(self) -> Expr<Self::Type>
    where
        Base<Self>: Bits,
    {
        Expr::new(sql::Expr::unary(UnaryOp::BitNot, self.node()))
    }

    /// Is NULL.
    fn is_null(self) -> Expr<bool> {
        Expr::new(sql::Expr::unary(UnaryOp::IsNull, self.node()))
    }

    /// Is not NULL.
    fn is_not_null(self) -> Expr<bool> {
        Expr::new(sql::Expr::unary(UnaryOp::IsNotNull, self.node()))
    }

    /// Matches a pattern in which `%` stands for any text, `_` for any character, and `\` takes the next character
    /// literally. Case-sensitive on every backend.
    fn like<R: Operand<String>>(self, pattern: R) -> Expr<bool>
    where
        Base<Self>: Text,
    {
        compare(BinaryOp::Like, self, pattern.operand())
    }

    /// As [`like`](Expression::like), with upper and lower case alike, for every letter that Unicode pairs with one other.
    fn ilike<R: Operand<String>>(self, pattern: R) -> Expr<bool>
    where
        Base<Self>: Text,
    {
        Expr::new(text::ilike(self.node(), pattern.operand()))
    }

    /// Begins with this text, taken literally.
    fn starts_with(self, text: &str) -> Expr<bool>
    where
        Base<Self>: Text,
    {
        Expr::new(text::holds(self.node(), text, Around::Behind))
    }

    /// Ends with this text, taken literally.
    fn ends_with(self, text: &str) -> Expr<bool>
    where
        Base<Self>: Text,
    {
        Expr::new(text::holds(self.node(), text, Around::Before))
    }

    /// Holds this text somewhere, taken literally.
    fn contains(self, text: &str) -> Expr<bool>
    where
        Base<Self>: Text,
    {
        Expr::new(text::holds(self.node(), text, Around::Both))
    }

    /// In lower case: each letter that Unicode pairs with one other.
    fn lower(self) -> Expr<Same<Self, String>>
    where
        Base<Self>: Text,
    {
        Expr::new(sql::Expr::call(Function::Lower, [self.node()]))
    }

    /// In upper case: each letter that Unicode pairs with one other.
    fn upper(self) -> Expr<Same<Self, String>>
    where
        Base<Self>: Text,
    {
        Expr::new(sql::Expr::call(Function::Upper, [self.node()]))
    }

    /// With another text behind it; NULL where either is.
    fn concat<R: Operand<String>>(self, right: R) -> Expr<Either<Same<Self, String>, R::Null>>
    where
        Base<Self>: Text,
    {
        Expr::new(sql::Expr::binary(BinaryOp::Concat, self.node(), right.operand()))
    }

    /// Without the blanks around it.
    fn trim(self) -> Expr<Same<Self, String>>
    where
        Base<Self>: Text,
    {
        Expr::new(sql::Expr::call(Function::Trim, [self.node()]))
    }

    /// With each occurrence of a text replaced by another.
    fn replace(self, text: &str, by: &str) -> Expr<Same<Self, String>>
    where
        Base<Self>: Text,
    {
        Expr::new(text::replaced(self.node(), text, by))
    }

    /// So many characters from one of them on, the first being 0.
    fn substring(self, from: u32, characters: u32) -> Expr<Same<Self, String>>
    where
        Base<Self>: Text,
    {
        Expr::new(text::part(self.node(), from, characters))
    }

    /// How many characters the text has.
    fn length(self) -> Expr<Same<Self, i64>>
    where
        Base<Self>: Text,
    {
        Expr::new(sql::Expr::call(Function::Length, [self.node()]))
    }

    /// The year.
    fn year(self) -> Expr<Same<Self, i64>>
    where
        Base<Self>: HasDay,
    {
        Expr::new(sql::Expr::call(Function::Year, [self.node()]))
    }

    /// The month, from 1.
    fn month(self) -> Expr<Same<Self, i64>>
    where
        Base<Self>: HasDay,
    {
        Expr::new(sql::Expr::call(Function::Month, [self.node()]))
    }

    /// The day of the month, from 1.
    fn day(self) -> Expr<Same<Self, i64>>
    where
        Base<Self>: HasDay,
    {
        Expr::new(sql::Expr::call(Function::Day, [self.node()]))
    }

    /// The day of the week, from 1 for Monday to 7 for Sunday.
    fn weekday(self) -> Expr<Same<Self, i64>>
    where
        Base<Self>: HasDay,
    {
        Expr::new(sql::Expr::call(Function::Weekday, [self.node()]))
    }

    /// The day of the year, from 1.
    fn day_of_year(self) -> Expr<Same<Self, i64>>
    where
        Base<Self>: HasDay,
    {
        Expr::new(sql::Expr::call(Function::DayOfYear, [self.node()]))
    }

    /// The hour, from 0; of an instant in UTC.
    fn hour(self) -> Expr<Same<Self, i64>>
    where
        Base<Self>: HasTime,
    {
        Expr::new(sql::Expr::call(Function::Hour, [self.node()]))
    }

    /// The minute, from 0.
    fn minute(self) -> Expr<Same<Self, i64>>
    where
        Base<Self>: HasTime,
    {
        Expr::new(sql::Expr::call(Function::Minute, [self.node()]))
    }

    /// The second, from 0, without its fraction.
    fn second(self) -> Expr<Same<Self, i64>>
    where
        Base<Self>: HasTime,
    {
        Expr::new(sql::Expr::call(Function::Second, [self.node()]))
    }

    /// Selected under a name, by which [`read_as`](crate::query::select::Select::read_as) finds it. Nothing else in the statement refers
    /// to the name.
    fn label(self, label: &'static str) -> Labelled<Self> {
        Labelled::new(self, label)
    }

    /// Sorted by this, the smallest first and NULLs last.
    fn asc(self) -> Order {
        Order::new(self.node(), Direction::Ascending)
    }

    /// Sorted by this, the greatest first and NULLs before it.
    fn desc(self) -> Order {
        Order::new(self.node(), Direction::Descending)
    }
}

impl<M: Model, T: SqlType> Expression for Column<M, T> {
    type Type = T;

    fn node(self) -> sql::Expr {
        sql::Expr::Column(self.column_ref())
    }
}

fn compare<E: Expression>(op: BinaryOp, left: E, right: sql::Expr) -> Expr<bool> {
    Expr::new(sql::Expr::binary(op, left.node(), right))
}

/// A list with NULLs in it means what a Rust reader expects: IN with a NULL also finds NULL.
pub(in crate::query) fn in_list<B: SqlValue, R: Operand<B>>(
    membership: Membership,
    operand: sql::Expr,
    list: impl IntoIterator<Item = R>,
) -> sql::Expr {
    let items = list.into_iter().map(|item| item.operand().typed_like(&operand));
    let (nulls, values): (Vec<_>, Vec<_>) = items.partition(sql::Expr::is_null_value);
    let within = |operand| sql::Expr::InList { membership, operand: Box::new(operand), list: values };
    if nulls.is_empty() {
        return within(operand);
    }
    match membership {
        Membership::In => within(operand.clone()).or(sql::Expr::unary(UnaryOp::IsNull, operand)),
        Membership::NotIn => within(operand.clone()).and(sql::Expr::unary(UnaryOp::IsNotNull, operand)),
    }
}
