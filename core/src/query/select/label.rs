//! [`Labelled`].

use super::selection::{Presence, Selection};
use crate::driver::RowReader;
use crate::error::Result;
use crate::query::expr::Expression;
use crate::sql::Item;
use crate::types::SqlType;

/// A column or an expression that is selected under a name: `sum(Order::total).label("total")`.
#[derive(Debug, Clone, Copy)]
pub struct Labelled<E> {
    of: E,
    label: &'static str,
}

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
