//! [`Labelled`].

use super::selection::{Presence, Selection};
use crate::driver::RowReader;
use crate::error::Result;
use crate::query::expr::Expression;
use crate::sealed::Sealed;
use crate::sql::Item;
use crate::types::SqlType;

/// A column or an expression that is selected under a name: `sum(Order::total).label("total")`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// #[derive(FromRow, Debug, PartialEq)]
/// struct Total {
///     name: String,
///     spent: Option<i64>,
/// }
///
/// let totals = select((User::name, creole::query::sum(Order::price).label("spent")));
/// let totals = totals.join(User::orders).group_by(User::name).order_by(User::name).read_as::<Total>();
/// assert_eq!(totals.first(&engine).await?, Some(Total { name: "Ada".into(), spent: Some(11_000) }));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Labelled<E> {
    of: E,
    label: &'static str,
}

impl<E> Sealed for Labelled<E> {}

impl<E> Labelled<E> {
    pub(in crate::query) fn new(of: E, label: &'static str) -> Labelled<E> {
        Labelled { of, label }
    }
}

#[diagnostic::do_not_recommend]
impl<E: Expression> Selection for Labelled<E> {
    type Row = E::Type;

    fn items(self, items: &mut Vec<Item>) {
        items.push(Item::Labelled(self.of.node(), self.label));
    }

    fn presence(say: &mut dyn FnMut(Presence)) {
        say(Presence::of::<E::Type>());
    }

    fn decode(row: &mut RowReader<'_>) -> Result<E::Type> {
        <E::Type as SqlType>::decode(row)
    }
}
