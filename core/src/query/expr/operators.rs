//! [`Expression`]: the operators, once for columns and for everything built from them.

use super::arithmetic::Either;
use super::functions::{CastTo, Fixed, HasDay, HasTime};
use super::operand::Operand;
use super::text;
use super::text::Around;
use super::typed::Expr;
use crate::model::{Column, Model};
use crate::query::select::{Among, Labelled, Order};
use crate::sealed::Sealed;
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
pub trait Expression: Sealed + Sized {
    /// The Rust type of its values.
    type Type: SqlType;

    /// The untyped node.
    fn node(self) -> sql::Expr;

    /// Is equal to.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(User::name).filter(User::id.eq(2)).all(&engine).await?, ["Bob"]);
    /// assert_eq!(select(User::name).filter(User::age.eq(None)).all(&engine).await?, ["Cleo"]);
    /// # Ok(())
    /// # }
    /// ```
    fn eq<R: Operand<Base<Self>>>(self, right: R) -> Expr<bool> {
        let right = right.operand();
        if right.is_null_value() {
            return Expr::new(sql::Expr::unary(UnaryOp::IsNull, self.node()));
        }
        compare(BinaryOp::Eq, self, right)
    }

    /// Is not equal to. With a value on the right, rows whose left side is NULL are kept: NULL is not that value.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// // Cleo's age is not 41: it is NULL.
    /// assert_eq!(select(User::name).filter(User::age.ne(41)).order_by(User::id).all(&engine).await?, ["Ada", "Cleo"]);
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(Order::id).filter(Order::price.lt(3000)).all(&engine).await?, [3]);
    /// # Ok(())
    /// # }
    /// ```
    fn lt<R: Operand<Base<Self>>>(self, right: R) -> Expr<bool> {
        compare(BinaryOp::Lt, self, right.operand())
    }

    /// Is less than or equal to.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(Order::id).filter(Order::price.le(3000)).all(&engine).await?, [1, 3]);
    /// # Ok(())
    /// # }
    /// ```
    fn le<R: Operand<Base<Self>>>(self, right: R) -> Expr<bool> {
        compare(BinaryOp::Le, self, right.operand())
    }

    /// Is greater than.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(Order::id).filter(Order::price.gt(3000)).all(&engine).await?, [2]);
    /// # Ok(())
    /// # }
    /// ```
    fn gt<R: Operand<Base<Self>>>(self, right: R) -> Expr<bool> {
        compare(BinaryOp::Gt, self, right.operand())
    }

    /// Is greater than or equal to.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(Order::id).filter(Order::price.ge(3000)).all(&engine).await?, [1, 2]);
    /// # Ok(())
    /// # }
    /// ```
    fn ge<R: Operand<Base<Self>>>(self, right: R) -> Expr<bool> {
        compare(BinaryOp::Ge, self, right.operand())
    }

    /// Lies between two ends, both included.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(Order::id).filter(Order::price.between(2500, 3000)).all(&engine).await?, [1, 3]);
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(User::name).filter(User::name.not_in(["Ada", "Bob"])).all(&engine).await?, ["Cleo"]);
    /// // Not Cleo, whose age is NULL.
    /// assert_eq!(select(User::name).filter(User::age.not_in([36])).all(&engine).await?, ["Bob"]);
    /// # Ok(())
    /// # }
    /// ```
    fn not_in<A: Among<Base<Self>>>(self, list: A) -> Expr<bool> {
        Expr::new(list.among(Membership::NotIn, self.node()))
    }

    /// Is equal, where NULL is a value like any other and equal to itself.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let user = alias::<User>("other");
    /// let twins = select(User::name).join(user.on(user.col(User::age).is_same(User::age))).order_by(User::id);
    /// assert_eq!(twins.all(&engine).await?, ["Ada", "Bob", "Cleo"]); // Each with itself, where `eq` would lose Cleo.
    /// # Ok(())
    /// # }
    /// ```
    fn is_same<R: Operand<Base<Self>>>(self, right: R) -> Expr<bool> {
        let differs = sql::Expr::binary(BinaryOp::IsDistinctFrom, self.node(), right.operand());
        Expr::new(sql::Expr::unary(UnaryOp::Not, differs))
    }

    /// The same value, of which the program says that it is never NULL here: that of a subquery that finds its row, or of a column
    /// after `is_not_null()`. Where it is NULL all the same, writing it to a NOT NULL column is a
    /// [`NotNullViolation`](crate::ErrorKind::NotNullViolation), and reading it is [`Decode`](crate::ErrorKind::Decode).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// // Users with an age, whose type then says so.
    /// let ages: Vec<i32> = select(User::age.not_null()).filter(User::age.is_not_null()).all(&engine).await?;
    /// assert_eq!(ages, [36, 41]);
    /// # Ok(())
    /// # }
    /// ```
    fn not_null(self) -> Expr<Base<Self>> {
        Expr::new(self.node())
    }

    /// The same value as another type; see [`CastTo`] for what there is.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let halves = select(Order::price.cast::<f64>() / 2.0).order_by(Order::id).all(&engine).await?;
    /// assert_eq!(halves[0], Some(1500.0)); // A quotient is an `Option`: by zero it is NULL.
    /// # Ok(())
    /// # }
    /// ```
    fn cast<T: SqlValue>(self) -> Expr<Same<Self, T>>
    where
        Base<Self>: CastTo<T>,
    {
        Expr::new(sql::Expr::Cast { operand: Box::new(self.node()), ty: arithmetic::whole(T::TYPE) })
    }

    /// Rounded half away from zero to `digits` digits after the point.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::val;
    ///
    /// assert_eq!(select(val(dec!(2.345)).round(2)).one(&engine).await?, dec!(2.35));
    /// # Ok(())
    /// # }
    /// ```
    fn round(self, digits: u8) -> Expr<Self::Type>
    where
        Base<Self>: Fixed,
    {
        Expr::new(sql::Expr::Rounded { operand: Box::new(self.node()), digits })
    }

    /// The absolute value.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let differences = select((Order::price - 3000).abs()).order_by(Order::id).all(&engine).await?;
    /// assert_eq!(differences, [0, 5000, 500]);
    /// # Ok(())
    /// # }
    /// ```
    fn abs(self) -> Expr<Self::Type>
    where
        Base<Self>: Numeric,
    {
        Expr::new(sql::Expr::call(Function::Abs, [self.node()]))
    }

    /// Bitwise AND.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(Order::id.bit_and(1)).order_by(Order::id).all(&engine).await?, [1, 0, 1]);
    /// # Ok(())
    /// # }
    /// ```
    fn bit_and<R: Operand<Base<Self>>>(self, right: R) -> Expr<Either<Self::Type, R::Null>>
    where
        Base<Self>: Bits,
    {
        Expr::new(sql::Expr::binary(BinaryOp::BitAnd, self.node(), right.operand()))
    }

    /// Bitwise OR.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(Order::id.bit_or(4)).order_by(Order::id).all(&engine).await?, [5, 6, 7]);
    /// # Ok(())
    /// # }
    /// ```
    fn bit_or<R: Operand<Base<Self>>>(self, right: R) -> Expr<Either<Self::Type, R::Null>>
    where
        Base<Self>: Bits,
    {
        Expr::new(sql::Expr::binary(BinaryOp::BitOr, self.node(), right.operand()))
    }

    /// Bitwise NOT.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(Order::id.bit_not()).order_by(Order::id).all(&engine).await?, [-2, -3, -4]);
    /// # Ok(())
    /// # }
    /// ```
    fn bit_not(self) -> Expr<Self::Type>
    where
        Base<Self>: Bits,
    {
        Expr::new(sql::Expr::unary(UnaryOp::BitNot, self.node()))
    }

    /// Is NULL.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(User::name).filter(User::age.is_null()).all(&engine).await?, ["Cleo"]);
    /// # Ok(())
    /// # }
    /// ```
    fn is_null(self) -> Expr<bool> {
        Expr::new(sql::Expr::unary(UnaryOp::IsNull, self.node()))
    }

    /// Is not NULL.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(User::select().filter(User::age.is_not_null()).count(&engine).await?, 2);
    /// # Ok(())
    /// # }
    /// ```
    fn is_not_null(self) -> Expr<bool> {
        Expr::new(sql::Expr::unary(UnaryOp::IsNotNull, self.node()))
    }

    /// Matches a pattern in which `%` stands for any text, `_` for any character, and `\` takes the next character
    /// literally. Case-sensitive on every backend.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(User::name).filter(User::name.like("_da")).all(&engine).await?, ["Ada"]);
    /// assert!(!User::select().filter(User::name.like("a%")).exists(&engine).await?);
    /// # Ok(())
    /// # }
    /// ```
    fn like<R: Operand<String>>(self, pattern: R) -> Expr<bool>
    where
        Base<Self>: Text,
    {
        compare(BinaryOp::Like, self, pattern.operand())
    }

    /// As [`like`](Expression::like), with upper and lower case alike, for every letter that Unicode pairs with one other.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(User::name).filter(User::name.ilike("a%")).all(&engine).await?, ["Ada"]);
    /// # Ok(())
    /// # }
    /// ```
    fn ilike<R: Operand<String>>(self, pattern: R) -> Expr<bool>
    where
        Base<Self>: Text,
    {
        Expr::new(text::ilike(self.node(), pattern.operand()))
    }

    /// Begins with this text, taken literally.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(User::name).filter(User::name.starts_with("B")).all(&engine).await?, ["Bob"]);
    /// assert!(!User::select().filter(User::name.starts_with("%")).exists(&engine).await?);
    /// # Ok(())
    /// # }
    /// ```
    fn starts_with(self, text: &str) -> Expr<bool>
    where
        Base<Self>: Text,
    {
        Expr::new(text::holds(self.node(), text, Around::After))
    }

    /// Ends with this text, taken literally.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(User::name).filter(User::name.ends_with("eo")).all(&engine).await?, ["Cleo"]);
    /// # Ok(())
    /// # }
    /// ```
    fn ends_with(self, text: &str) -> Expr<bool>
    where
        Base<Self>: Text,
    {
        Expr::new(text::holds(self.node(), text, Around::Before))
    }

    /// Holds this text somewhere, taken literally.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(User::name).filter(User::email.contains("bob@")).all(&engine).await?, ["Bob"]);
    /// # Ok(())
    /// # }
    /// ```
    fn contains(self, text: &str) -> Expr<bool>
    where
        Base<Self>: Text,
    {
        Expr::new(text::holds(self.node(), text, Around::Both))
    }

    /// In lower case: each letter that Unicode pairs with one other.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(User::name.lower()).filter(User::id.eq(1)).one(&engine).await?, "ada");
    /// # Ok(())
    /// # }
    /// ```
    fn lower(self) -> Expr<Same<Self, String>>
    where
        Base<Self>: Text,
    {
        Expr::new(sql::Expr::call(Function::Lower, [self.node()]))
    }

    /// In upper case: each letter that Unicode pairs with one other.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(User::name.upper()).filter(User::id.eq(1)).one(&engine).await?, "ADA");
    /// # Ok(())
    /// # }
    /// ```
    fn upper(self) -> Expr<Same<Self, String>>
    where
        Base<Self>: Text,
    {
        Expr::new(sql::Expr::call(Function::Upper, [self.node()]))
    }

    /// Concatenation: this text and then another; NULL if either side is NULL.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let greeting = User::name.concat(", hello");
    /// assert_eq!(select(greeting).filter(User::id.eq(1)).one(&engine).await?, "Ada, hello");
    /// # Ok(())
    /// # }
    /// ```
    fn concat<R: Operand<String>>(self, right: R) -> Expr<Either<Same<Self, String>, R::Null>>
    where
        Base<Self>: Text,
    {
        Expr::new(sql::Expr::binary(BinaryOp::Concat, self.node(), right.operand()))
    }

    /// Without the blanks around it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::val;
    ///
    /// assert_eq!(select(val("  Ada ").trim()).one(&engine).await?, "Ada");
    /// # Ok(())
    /// # }
    /// ```
    fn trim(self) -> Expr<Same<Self, String>>
    where
        Base<Self>: Text,
    {
        Expr::new(sql::Expr::call(Function::Trim, [self.node()]))
    }

    /// With each occurrence of a text replaced by another.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let host = User::email.replace("example.com", "example.org");
    /// assert_eq!(select(host).filter(User::id.eq(1)).one(&engine).await?, "ada@example.org");
    /// # Ok(())
    /// # }
    /// ```
    fn replace(self, text: &str, by: &str) -> Expr<Same<Self, String>>
    where
        Base<Self>: Text,
    {
        Expr::new(text::replaced(self.node(), text, by))
    }

    /// `characters` characters from position `from` on, the first being 0.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(User::name.substring(1, 2)).filter(User::id.eq(3)).one(&engine).await?, "le");
    /// # Ok(())
    /// # }
    /// ```
    fn substring(self, from: u32, characters: u32) -> Expr<Same<Self, String>>
    where
        Base<Self>: Text,
    {
        Expr::new(text::part(self.node(), from, characters))
    }

    /// How many characters the text has.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(User::name.length()).order_by(User::id).all(&engine).await?, [3, 3, 4]);
    /// # Ok(())
    /// # }
    /// ```
    fn length(self) -> Expr<Same<Self, i64>>
    where
        Base<Self>: Text,
    {
        Expr::new(sql::Expr::call(Function::Length, [self.node()]))
    }

    /// The year.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(Order::day.year()).filter(Order::id.eq(1)).one(&engine).await?, 2026);
    /// # Ok(())
    /// # }
    /// ```
    fn year(self) -> Expr<Same<Self, i64>>
    where
        Base<Self>: HasDay,
    {
        Expr::new(sql::Expr::call(Function::Year, [self.node()]))
    }

    /// The month, from 1.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(Order::day.month()).filter(Order::id.eq(1)).one(&engine).await?, 3);
    /// # Ok(())
    /// # }
    /// ```
    fn month(self) -> Expr<Same<Self, i64>>
    where
        Base<Self>: HasDay,
    {
        Expr::new(sql::Expr::call(Function::Month, [self.node()]))
    }

    /// The day of the month, from 1.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(Order::day.day()).order_by(Order::id).all(&engine).await?, [2, 9, 15]);
    /// # Ok(())
    /// # }
    /// ```
    fn day(self) -> Expr<Same<Self, i64>>
    where
        Base<Self>: HasDay,
    {
        Expr::new(sql::Expr::call(Function::Day, [self.node()]))
    }

    /// The day of the week, from 1 for Monday to 7 for Sunday.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(Order::day.weekday()).order_by(Order::id).all(&engine).await?, [1, 1, 7]);
    /// # Ok(())
    /// # }
    /// ```
    fn weekday(self) -> Expr<Same<Self, i64>>
    where
        Base<Self>: HasDay,
    {
        Expr::new(sql::Expr::call(Function::Weekday, [self.node()]))
    }

    /// The day of the year, from 1.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(Order::day.day_of_year()).filter(Order::id.eq(1)).one(&engine).await?, 61);
    /// # Ok(())
    /// # }
    /// ```
    fn day_of_year(self) -> Expr<Same<Self, i64>>
    where
        Base<Self>: HasDay,
    {
        Expr::new(sql::Expr::call(Function::DayOfYear, [self.node()]))
    }

    /// The hour, from 0; of an instant in UTC.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let time = NaiveTime::from_hms_opt(17, 30, 59).expect("it is one");
    /// assert_eq!(select(creole::query::val(time).hour()).one(&engine).await?, 17);
    /// # Ok(())
    /// # }
    /// ```
    fn hour(self) -> Expr<Same<Self, i64>>
    where
        Base<Self>: HasTime,
    {
        Expr::new(sql::Expr::call(Function::Hour, [self.node()]))
    }

    /// The minute, from 0.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let time = NaiveTime::from_hms_opt(17, 30, 59).expect("it is one");
    /// assert_eq!(select(creole::query::val(time).minute()).one(&engine).await?, 30);
    /// # Ok(())
    /// # }
    /// ```
    fn minute(self) -> Expr<Same<Self, i64>>
    where
        Base<Self>: HasTime,
    {
        Expr::new(sql::Expr::call(Function::Minute, [self.node()]))
    }

    /// The second, from 0, without its fraction.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let time = NaiveTime::from_hms_opt(17, 30, 59).expect("it is one");
    /// assert_eq!(select(creole::query::val(time).second()).one(&engine).await?, 59);
    /// # Ok(())
    /// # }
    /// ```
    fn second(self) -> Expr<Same<Self, i64>>
    where
        Base<Self>: HasTime,
    {
        Expr::new(sql::Expr::call(Function::Second, [self.node()]))
    }

    /// Selected under a name, by which [`read_as`](crate::query::select::Select::read_as) finds it. Nothing else in the statement refers
    /// to the name.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// #[derive(FromRow, Debug, PartialEq)]
    /// struct Line {
    ///     item: String,
    ///     euros: Option<f64>,
    /// }
    ///
    /// let line = select((Order::item, (Order::price.cast::<f64>() / 100.0).label("euros"))).filter(Order::id.eq(1));
    /// assert_eq!(line.read_as::<Line>().one(&engine).await?, Line { item: "lamp".into(), euros: Some(30.0) });
    /// # Ok(())
    /// # }
    /// ```
    fn label(self, label: &'static str) -> Labelled<Self> {
        Labelled::new(self, label)
    }

    /// Sorted by this, the smallest first and NULLs last.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let names = select(User::name).order_by(User::age.asc()).all(&engine).await?;
    /// assert_eq!(names, ["Ada", "Bob", "Cleo"]);
    /// # Ok(())
    /// # }
    /// ```
    fn asc(self) -> Order {
        Order::new(self.node(), Direction::Ascending)
    }

    /// Sorted by this, the greatest first and NULLs before it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let names = select(User::name).order_by(User::age.desc()).all(&engine).await?;
    /// assert_eq!(names, ["Cleo", "Bob", "Ada"]);
    /// # Ok(())
    /// # }
    /// ```
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
