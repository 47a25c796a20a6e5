//! [`Along`]: joins along relations, also of tables that have other names in the statement.

use std::marker::PhantomData;

use super::alias::Alias;
use super::join::{JoinTarget, equal};
use crate::model::{Link, Model, NamedRelation, Relation};
use crate::sealed::Sealed;
use crate::sql::{self, ColumnRef, Expr, Join, JoinKind, Source, TableRef, UnaryOp};

/// A relation that is joined between tables of which one has another name in the statement: what [`Relation::to`] and
/// [`Alias::along`] make.
///
/// ```
/// use creole::prelude::*;
/// use creole::query::Along;
///
/// #[derive(Model)]
/// #[model(table = "nodes")]
/// struct Node {
///     #[model(primary_key)]
///     id: i64,
///     #[model(references = Node::id, belongs_to = parent)]
///     parent_id: Option<i64>,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = Engine::connect("sqlite::memory:").await?;
/// # engine.create_all(tables![Node]).await?;
/// let nodes = [(1, None), (2, Some(1)), (3, Some(2))].map(|(id, parent_id)| Node { id, parent_id });
/// insert_all(&nodes).exec(&engine).await?;
///
/// let (parent, above) = (alias::<Node>("parent"), alias::<Node>("above"));
/// let to_above: Along<Node, Node> = parent.along(Node::parent).to(above);
/// let pairs = select((Node::id, above.col(Node::id))).join(Node::parent.to(parent)).join(to_above);
/// assert_eq!(pairs.all(&engine).await?, [(3, 1)]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Along<F, T> {
    link: Link,
    from: TableRef,
    to: TableRef,
    of: PhantomData<fn() -> (F, T)>,
}

impl<F, T> Sealed for Along<F, T> {}

impl<F: Model, T: Model, C> Relation<F, T, C> {
    /// The relation, joined to a table under another name. A table that is in the statement already needs one: that of a relation
    /// to its own model, or of a second relation to one model.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let buyer = alias::<User>("buyer");
    /// let names = select((Order::id, buyer.col(User::name))).join(Order::user.to(buyer)).order_by(Order::id);
    /// assert_eq!(names.first(&engine).await?, Some((1, "Ada".to_owned())));
    /// # Ok(())
    /// # }
    /// ```
    pub fn to(self, alias: Alias<T>) -> Along<F, T> {
        Along { to: alias.table, ..Along::new(self) }
    }
}

impl<M: Model> Alias<M> {
    /// A relation, joined from this table rather than from the model's under its own name.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let buyer = alias::<User>("buyer");
    /// let items = select((buyer.col(User::name), Order::item)).from(buyer).join(buyer.along(User::orders));
    /// assert_eq!(items.order_by(Order::id).first(&engine).await?, Some(("Ada".to_owned(), "lamp".to_owned())));
    /// # Ok(())
    /// # }
    /// ```
    pub fn along<T: Model, C>(self, relation: Relation<M, T, C>) -> Along<M, T> {
        Along { from: self.table, ..Along::new(relation) }
    }
}

impl<F: Model, T: Model> Along<F, T> {
    fn new<C>(relation: Relation<F, T, C>) -> Along<F, T> {
        let (from, to) = (TableRef::new(F::table()), TableRef::new(T::table()));
        Along { link: relation.link(), from, to, of: PhantomData }
    }

    /// As [`Relation::to`].
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// // Orders with the others of their user.
    /// let (user, other) = (alias::<User>("u"), alias::<Order>("other"));
    /// let pairs = select((Order::id, other.col(Order::id))).join(Order::user.to(user)).join(user.along(User::orders).to(other));
    /// assert_eq!(pairs.filter(Order::id.lt(other.col(Order::id))).all(&engine).await?, [(1, 2)]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn to(self, alias: Alias<T>) -> Along<F, T> {
        Along { to: alias.table, ..self }
    }
}

#[diagnostic::do_not_recommend]
impl<F: Model, T: Model> JoinTarget for Along<F, T> {
    fn join(self, select: &mut sql::Select, kind: JoinKind) {
        let Along { link, from, to, .. } = self;
        let has = |wanted: TableRef| select.tables().any(|table| table.is_same_source(wanted));
        if !has(from) && has(to) {
            select.misused(self.wrong_side());
            return;
        }
        let join = |source, on| Join::new(kind, Source::Table(source), Some(on));
        let Some(through) = link.through else {
            select.add_join(join(to, equal((from, link.from), (to, link.to))));
            return;
        };
        let between = TableRef::new((through.table)());
        // Of rows between that lead to nothing an outer join would make rows without the other side.
        let (mut on_between, mut on_to) =
            (equal((from, link.from), (between, through.from)), equal((between, through.to), (to, link.to)));
        if kind == JoinKind::Full && filled(between, through.from).chain(filled(between, through.to)).next().is_some() {
            let name = between.name();
            select.misused(format!(
                "a full join along a relation would show rows of {name} whose keys are NULL: join {name} by itself"
            ));
            return;
        }
        if kind != JoinKind::Inner {
            on_between = filled(between, through.to).fold(on_between, Expr::and);
            on_to = filled(between, through.from).fold(on_to, Expr::and);
        }
        select.add_join(join(between, on_between));
        select.add_join(join(to, on_to));
    }
}

#[diagnostic::do_not_recommend]
impl<F: Model, T: Model, C> JoinTarget for Relation<F, T, C> {
    fn join(self, select: &mut sql::Select, kind: JoinKind) {
        Along::new(self).join(select, kind);
    }
}

impl<F: Model, T: Model> Along<F, T> {
    /// What is wrong where a statement has the table that the relation leads to, and not the one that it is from.
    fn wrong_side(&self) -> String {
        let (from, to) = (self.from.name(), self.to.name());
        let path = match NamedRelation::path_of::<F, T>(self.link) {
            Some(path) => format!("`{path}`"),
            None => "the relation".to_owned(),
        };
        let have_own_names = self.from.alias.is_none() && self.to.alias.is_none();
        let way_out = match NamedRelation::path_of::<T, F>(self.link.reversed()) {
            _ if !have_own_names => format!("join {from} before"),
            Some(reversed) => format!("join `{reversed}`"),
            None => format!("give the model of {to} a relation to {from}, or join `table()` of {from} on a condition"),
        };
        format!("{path} leads from {from} to {to}, and {from} is not in the statement: {way_out}")
    }
}

/// The conditions that columns are not NULL, of those that may be.
fn filled(table: TableRef, columns: &'static [u16]) -> impl Iterator<Item = Expr> {
    let may_be_null = move |index: u16| table.table.column(index).is_some_and(|column| column.nullable);
    let columns = columns.iter().copied().filter(move |&index| may_be_null(index));
    columns.map(move |index| Expr::unary(UnaryOp::IsNotNull, Expr::Column(ColumnRef { table, index })))
}
