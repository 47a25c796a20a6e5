//! Whether at most one row of what is joined belongs to each row that is written.
//!
//! Where several do, databases write the values of any of them. So what an UPDATE reads must be joined by something that holds
//! no value twice: a key, or what a subquery groups its rows by.

mod once;

use crate::error::{Error, ErrorKind, Result};
use crate::schema::{IndexPart, Table};
use crate::sql::expr::{BinaryOp, Expr, Repeats};
use crate::sql::tree::{Body, Cte, Item, Join, JoinKind, Plain, Select, Source, Target};

use once::{Fixed, repeats_nothing};

impl Target {
    /// Refuses joins that may find several rows for one.
    ///
    /// # Errors
    /// [`Syntax`](ErrorKind::Syntax), which names the source.
    pub(in crate::sql) fn check_single(&self) -> Result<()> {
        for (place, join) in self.joins.iter().enumerate() {
            if !self.is_single(place, join) {
                let name = join.source.name();
                let message = format!(
                    "several rows of {name} may belong to one row of {}, and databases do not agree whose values count: join \
                     {name} by its primary key or a unique key, a subquery by what it groups by, or `values` by a column in \
                     which none is there twice",
                    self.table
                );
                return Err(Error::new(ErrorKind::Syntax, message).with_table(self.table.name));
            }
        }
        Ok(())
    }

    fn is_single(&self, place: usize, join: &Join) -> bool {
        let later: Vec<&Source> = self.joins.iter().skip(place).map(|join| &join.source).collect();
        // What is equal to something that is known before this source.
        let mut fixed: Vec<Fixed<'_>> = Vec::new();
        let filter = self.conditions().filter(|_| join.kind == JoinKind::Inner);
        let on: Vec<&Expr> = match &join.on {
            Some(Expr::All(parts)) => parts.iter().collect(),
            Some(other) => vec![other],
            None => Vec::new(),
        };
        for condition in on.into_iter().chain(filter) {
            let Expr::Binary { op: BinaryOp::Eq, left, right } = condition else { continue };
            for (one, other) in [(left, right), (right, left)] {
                // What only the database knows may be another thing for each row.
                let is_known = !other.any(&mut |part| matches!(part, Expr::Custom { .. } | Expr::Raw { .. }));
                if is_known && !later.iter().any(|source| source.is_read_by(other)) {
                    fixed.push((one, other));
                }
            }
        }
        match &join.source {
            Source::Table(table) => has_key(table.table, &|index| {
                fixed
                    .iter()
                    .any(|(expr, _)| matches!(expr, Expr::Column(column) if table.place_of(*column) == Some(index)))
            }),
            Source::Values(values) => repeats_nothing(values, &fixed),
            Source::Elements(_) => false,
            Source::Select { select, name, .. } => is_single_within(select, &is_fixed(name, &fixed)),
            Source::Cte { name } => match self.with.iter().find(|cte| cte.name == *name) {
                Some(Cte { select, step: None, .. }) => is_single_within(select, &is_fixed(name, &fixed)),
                _ => false,
            },
        }
    }
}

fn is_fixed<'f>(source: &'f str, fixed: &'f [Fixed<'f>]) -> impl Fn(u16) -> bool + 'f {
    move |place| {
        fixed.iter().any(
            |(expr, _)| matches!(expr, Expr::Derived(column) if column.source == source && column.place == Some(place)),
        )
    }
}

/// Whether the columns of a key are all fixed.
fn has_key(table: &'static Table, is_fixed: &dyn Fn(u16) -> bool) -> bool {
    let all = |columns: &[u16]| columns.iter().all(|&column| is_fixed(column));
    let indexes = table.indexes.iter().filter(|index| index.unique && index.filter.is_none());
    let columns_only = indexes.filter(|index| index.parts.iter().all(|part| matches!(part, IndexPart::Column(..))));
    all(table.primary_key)
        || table.uniques.iter().any(|key| all(key.columns))
        || columns_only.into_iter().any(|index| all(&index.columns()))
}

/// Whether a subquery has one row at most where the columns at these indexes are fixed.
fn is_single_within(select: &Select, is_fixed: &dyn Fn(u16) -> bool) -> bool {
    let Body::Plain(plain) = &select.body else { return false };
    let place_is_fixed = |expr: &Expr| select.place_of(expr).is_some_and(is_fixed);
    if !plain.group_by.is_empty() {
        return plain.group_by.iter().all(place_is_fixed);
    }
    if plain.repeats == Repeats::Dropped {
        let places = 0..u16::try_from(select.columns()).unwrap_or(u16::MAX);
        return places.into_iter().all(is_fixed);
    }
    if plain.items.iter().filter_map(Item::expr).any(Expr::aggregates) {
        return true;
    }
    let Plain { from: Some(Source::Table(table)), joins, .. } = plain else { return false };
    joins.is_empty()
        && has_key(table.table, &|index| {
            place_is_fixed(&Expr::Column(crate::sql::expr::ColumnRef { table: *table, index }))
        })
}
