//! Conditions on related rows: `User::orders.any(…)`.

use super::join::equal;
use crate::model::{Model, Relation};
use crate::query::expr::{Condition, Expr};
use crate::sql::{self, DeletedRows, Item, Join, JoinKind, Source, TableRef, UnaryOp};

/// The names of the related table in the subquery, where it is the one around it as well: one for each level of nesting.
const RELATED: [&str; 8] =
    ["related", "related_2", "related_3", "related_4", "related_5", "related_6", "related_7", "related_8"];

impl<F: Model, T: Model, C> Relation<F, T, C> {
    /// Whether a row of this relation meets the condition. Columns of `T` in it are those of the related row.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let dear = User::select().filter(User::orders.any(Order::price.gt(5000))).all(&engine).await?;
    /// assert_eq!(dear[0].name, "Ada");
    /// # Ok(())
    /// # }
    /// ```
    pub fn any(self, condition: impl Condition) -> Expr<bool> {
        Expr::new(sql::Expr::Exists(Box::new(self.rows(Some(condition.condition())))))
    }

    /// Whether no row of this relation meets the condition.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let without_debts = User::orders.none(Order::paid.eq(false));
    /// assert_eq!(select(User::name).filter(without_debts).order_by(User::id).all(&engine).await?, ["Bob", "Cleo"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn none(self, condition: impl Condition) -> Expr<bool> {
        Expr::new(sql::Expr::unary(UnaryOp::Not, self.any(condition).into_node()))
    }

    /// Whether this relation has any row.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// assert_eq!(select(User::name).filter(User::orders.exists()).order_by(User::id).all(&engine).await?, ["Ada", "Bob"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn exists(self) -> Expr<bool> {
        Expr::new(sql::Expr::Exists(Box::new(self.rows(None))))
    }

    /// How many rows this relation has.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let counts = select((User::name, User::orders.count())).order_by(User::id).all(&engine).await?;
    /// assert_eq!(counts[2], ("Cleo".to_owned(), 0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn count(self) -> Expr<i64> {
        Expr::new(sql::Expr::Subquery(Box::new(self.rows(None))))
    }

    /// The related rows of the row that a statement is at: `SELECT count(*) FROM "orders" WHERE "orders"."user_id" =
    /// "users"."id"`.
    fn rows(self, mut condition: Option<sql::Expr>) -> sql::Select {
        let (outer, own) = (TableRef::new(F::table()), TableRef::new(T::table()));
        let alias = if own.is_same_source(outer) { free_name(condition.as_mut()) } else { None };
        let related = TableRef { alias, ..own };
        let mut select = sql::Select::of(vec![Item::Expr(sql::Expr::count_rows())]);
        select.set_deleted(DeletedRows::AsAround);
        let link = self.link();
        if let Some(misuse) = link.goes_through_an_end(F::table(), T::table()) {
            select.misused(misuse);
        }
        match link.through {
            None => {
                select.set_from(Source::Table(related));
                select.add_filter(equal((related, link.to), (outer, link.from)));
            }
            Some(through) => {
                let between = TableRef::new((through.table)());
                select.set_from(Source::Table(between));
                let on = Some(equal((between, through.to), (related, link.to)));
                select.add_join(Join::new(JoinKind::Inner, Source::Table(related), on));
                select.add_filter(equal((between, through.from), (outer, link.from)));
            }
        }
        if let Some(mut condition) = condition {
            condition.retarget(own, related);
            select.add_filter(condition);
        }
        if related.is_same_source(outer) {
            let most = RELATED.len();
            select.misused(format!("relations of a table to itself nest at most {most} levels deep: join an alias"));
        }
        select
    }
}

/// A name that no subquery in the condition has, which would hide the row that the condition is about; none where all are
/// taken.
fn free_name(condition: Option<&mut sql::Expr>) -> Option<&'static str> {
    let mut taken = Vec::new();
    if let Some(condition) = condition {
        condition.columns_mut(&mut |column| taken.extend(column.table.alias));
    }
    RELATED.into_iter().find(|name| !taken.contains(name))
}
