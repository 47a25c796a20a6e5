//! What `join` takes: a table, or a table or subquery with a condition. Relations have a file of their own.

use super::alias::Alias;
use crate::model::Model;
use crate::schema::ForeignKey;
use crate::sealed::Sealed;
use crate::sql::{self, ColumnRef, Expr, Join, JoinKind, Source, TableRef};

/// What `join` takes: a relation (`User::orders`, or `User::orders.to(alias)`), a table (`table::<Order>()`, on the one foreign key there is), or a table
/// or subquery with a condition (`table::<Order>().on(…)`).
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model, Debug, PartialEq)]
/// #[model(table = "users", has_many(orders = Order::user_id))]
/// struct User {
///     #[model(primary_key)]
///     id: i64,
///     name: String,
/// }
///
/// #[derive(Model, Debug, PartialEq)]
/// #[model(table = "orders")]
/// struct Order {
///     #[model(primary_key)]
///     id: i64,
///     #[model(references = User::id, belongs_to = user)]
///     user_id: i64,
///     total: i64,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![User, Order]).await?;
/// insert_all(&[User { id: 1, name: "Ada".into() }, User { id: 2, name: "Bob".into() }]).exec(&engine).await?;
/// insert_all(&[Order { id: 1, user_id: 1, total: 250 }, Order { id: 2, user_id: 1, total: 5 }]).exec(&engine).await?;
///
/// // On a relation, on the foreign key, and on a condition: three ways to the same pairs.
/// let pairs = || select((User::name, Order::total)).order_by(Order::id);
/// let expected = [("Ada".to_owned(), 250), ("Ada".to_owned(), 5)];
/// assert_eq!(pairs().join(User::orders).all(&engine).await?, expected);
/// assert_eq!(pairs().from(table::<User>()).join(table::<Order>()).all(&engine).await?, expected);
/// let on = table::<Order>().on(Order::user_id.eq(User::id));
/// assert_eq!(pairs().from(table::<User>()).join(on).all(&engine).await?, expected);
///
/// // Users without an order too: what is joined may be missing, and is read as an `Option`.
/// let all = select((User::name, Order::total.optional())).left_join(User::orders).order_by((User::id, Order::id));
/// assert_eq!(all.all(&engine).await?.last(), Some(&("Bob".to_owned(), None)));
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be joined",
    label = "expected a relation, `table::<Model>()`, `alias::<Model>(…)` or a subquery with `.on(…)`"
)]
pub trait JoinTarget: Sealed {
    /// Adds the join to a SELECT.
    fn join(self, select: &mut sql::Select, kind: JoinKind);
}

/// A source with the condition on which it is joined.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::{JoinOn, table};
///
/// let paid: JoinOn = table::<Order>().on(Order::user_id.eq(User::id).and(Order::paid));
/// assert_eq!(select(User::name).join(paid).order_by(User::id).all(&engine).await?, ["Ada", "Bob"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct JoinOn {
    pub(in crate::query) source: Source,
    pub(in crate::query) on: Option<Expr>,
}

impl Sealed for JoinOn {}

#[diagnostic::do_not_recommend]
impl JoinTarget for JoinOn {
    fn join(self, select: &mut sql::Select, kind: JoinKind) {
        select.add_join(Join::new(kind, self.source, self.on));
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> JoinTarget for Alias<M> {
    fn join(self, select: &mut sql::Select, kind: JoinKind) {
        match foreign_key(select, self.table) {
            Ok(on) => select.add_join(Join::new(kind, Source::Table(self.table), Some(on))),
            Err(misuse) => select.misused(misuse),
        }
    }
}

/// The columns of two tables are equal, one by one.
pub(in crate::query) fn equal(left: (TableRef, &[u16]), right: (TableRef, &[u16])) -> Expr {
    let column = |table, &index: &u16| Expr::Column(ColumnRef { table, index });
    let pairs = left.1.iter().zip(right.1);
    let conditions =
        pairs.map(|(one, other)| Expr::binary(sql::BinaryOp::Eq, column(left.0, one), column(right.0, other)));
    conditions.reduce(Expr::and).unwrap_or(Expr::All(Vec::new()))
}

/// The condition that the one foreign key between a table and those of a SELECT makes; else what is wrong.
fn foreign_key(select: &sql::Select, joined: TableRef) -> Result<Expr, String> {
    let mut found = Vec::new();
    for present in select.tables() {
        found.extend(keys(present, joined));
        if !present.table.is_same_table(joined.table) {
            found.extend(keys(joined, present));
        }
    }
    match found.as_slice() {
        [(_, on)] => Ok(on.clone()),
        [] => {
            let tables: Vec<&str> = select.tables().map(|table| table.name()).collect();
            Err(format!(
                "no foreign key connects {} with {}: say how by `.on(…)`",
                joined.name(),
                if tables.is_empty() { "anything".into() } else { tables.join(", ") }
            ))
        }
        several => {
            let names: Vec<&str> = several.iter().map(|(name, _)| name.as_str()).collect();
            Err(format!(
                "{} can be joined on {}: say which by `.on(…)`, or join a relation",
                joined.name(),
                names.join(" or ")
            ))
        }
    }
}

/// The foreign keys of one table that refer to another, with the names of their columns and the condition they make.
fn keys(referring: TableRef, referred: TableRef) -> impl Iterator<Item = (String, Expr)> {
    let refers = move |key: &&'static ForeignKey| referred.table.is_same_table((key.table)());
    referring.table.foreign_keys.iter().filter(refers).map(move |key| {
        // As the model that the key names describes it.
        let target = TableRef { table: (key.table)(), ..referred };
        let columns = referring.table.column_names(key.columns).join(", ");
        (format!("{}.{columns}", referring.name()), equal((referring, key.columns), (target, key.references)))
    })
}
