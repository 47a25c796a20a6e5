//! [`Link`]: by which columns a relation leads.

use super::Table;

/// Which columns of the two models are equal in rows that belong together.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let link = Order::user.link();
/// assert_eq!((link.from, link.to), (&[Order::user_id.index()][..], &[User::id.index()][..]));
/// assert_eq!(link.through, None);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    /// The columns of the model the relation is from, by their index.
    pub from: &'static [u16],
    /// The columns of the model the relation is to, by their index: the same number, equal one by one.
    pub to: &'static [u16],
    /// The table between, where neither model refers to the other.
    pub through: Option<Through>,
}

impl Link {
    /// What is wrong where the table between is one of the two tables: in a statement it would have their name.
    pub(crate) fn goes_through_an_end(self, from: &'static Table, to: &'static Table) -> Option<String> {
        let between = (self.through?.table)();
        if !between.is_same_table(from) && !between.is_same_table(to) {
            return None;
        }
        let way_out = "join its model under another name by `alias`, or follow the two foreign keys by `belongs_to` and `has_many`";
        Some(format!("the relation from {from} to {to} goes through {between}, which is one of them: {way_out}"))
    }

    /// The same link from its other side.
    pub(crate) fn reversed(self) -> Link {
        let through = self.through.map(|Through { table, from, to }| Through { table, from: to, to: from });
        Link { from: self.to, to: self.from, through }
    }
}

/// A table between two models, whose rows refer to a row of either.
#[derive(Debug, Clone, Copy)]
pub struct Through {
    /// The table. A function, because tables may refer to each other.
    pub table: fn() -> &'static Table,
    /// Its columns that refer to those of the model the relation is from, one by one.
    pub from: &'static [u16],
    /// Its columns that refer to those of the model the relation is to, one by one.
    pub to: &'static [u16],
}

impl PartialEq for Through {
    fn eq(&self, other: &Through) -> bool {
        (self.table)() == (other.table)() && self.from == other.from && self.to == other.to
    }
}
