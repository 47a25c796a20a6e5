//! What may be selected beside an aggregate.
//!
//! SQLite and MariaDB pick some row's value for a column that is neither grouped by nor aggregated, PostgreSQL and MySQL
//! refuse it. Here it is refused everywhere, before anything is sent.

use crate::error::{Error, ErrorKind, Result};
use crate::sql::expr::{ColumnRef, DerivedRef, Expr, Node, Reach, Repeats};
use crate::sql::json::ElementRef;
use crate::sql::tree::{Item, OrderTerm, Plain, TableRef};

/// A column that can differ within a group.
enum Ungrouped {
    /// A table's.
    Column(ColumnRef),
    /// That of a subquery or of another source, whose name this is.
    Derived(&'static str),
}

impl Plain {
    /// Refuses aggregates and window functions where rows are chosen that they would be made from.
    pub(in crate::sql) fn check_conditions(&self) -> Result<()> {
        let on = self.joins.iter().filter_map(|join| join.on.as_ref()).map(|on| (on, "the condition of a join"));
        let filter = self.filter.iter().map(|filter| (filter, "`filter`"));
        let groups = self.group_by.iter().map(|group| (group, "`group_by`"));
        on.chain(filter).chain(groups).try_for_each(|(expr, place)| check_condition(expr, place))?;
        self.having.iter().try_for_each(|having| check_windows(having, "`having`"))
    }

    /// Checks what is selected, and what is sorted by, where rows become groups.
    pub(in crate::sql) fn check_groups(&self, order_by: &[OrderTerm]) -> Result<()> {
        let aggregates = self.items.iter().filter_map(Item::expr).any(Expr::aggregates);
        if self.group_by.is_empty() && self.having.is_none() && !aggregates {
            return Ok(());
        }
        for item in &self.items {
            match item {
                Item::Expr(expr) | Item::Labelled(expr, _) => self.check_grouped(expr)?,
                Item::Table(table) if self.has_key_of(*table) => {}
                Item::Table(table) => {
                    let message = format!(
                        "{} is selected whole beside an aggregate: group by its primary key, or select what the groups have in common",
                        table.name()
                    );
                    return Err(Error::new(ErrorKind::Syntax, message).with_table(table.table.name));
                }
            }
        }
        self.having.iter().chain(order_by.iter().map(|term| &term.expr)).try_for_each(|expr| self.check_grouped(expr))
    }

    /// Checks that it is said which of the rows that count once is the one.
    pub(in crate::sql) fn check_distinct_on(&self, order_by: &[OrderTerm]) -> Result<()> {
        if self.distinct_on.is_empty() {
            return Ok(());
        }
        let begins = order_by.iter().take_while(|term| is_among(&self.distinct_on, &term.expr)).count();
        if begins < self.distinct_on.len() {
            let message = "`distinct_on` keeps the first row of each group: sort by what it names first, and by more to say which is first";
            return Err(Error::new(ErrorKind::Syntax, message));
        }
        if self.repeats == Repeats::Dropped {
            return Err(Error::new(ErrorKind::Syntax, "a SELECT is `distinct` or `distinct_on`, not both"));
        }
        Ok(())
    }

    fn check_grouped(&self, expr: &Expr) -> Result<()> {
        let column = match self.ungrouped(expr) {
            None => return Ok(()),
            Some(Ungrouped::Column(column)) => column,
            Some(Ungrouped::Derived(source)) => {
                let message = format!(
                    "a column of {source} stands beside an aggregate and is not the same in all rows of a group: add it to `group_by`, or aggregate it"
                );
                return Err(Error::new(ErrorKind::Syntax, message));
            }
        };
        let name = column.definition().map_or("", |definition| definition.name);
        let message = format!(
            "{}.{name} stands beside an aggregate and is not the same in all rows of a group: add it to `group_by`, or aggregate it",
            column.table.name()
        );
        Err(Error::new(ErrorKind::Syntax, message).with_table(column.table.table.name).with_columns([name]))
    }

    /// A column in the expression that can differ within a group.
    fn ungrouped(&self, expr: &Expr) -> Option<Ungrouped> {
        if is_among(&self.group_by, expr) {
            return None;
        }
        match expr {
            // Whether the text of the program aggregates what stands in it, only the database knows.
            Expr::Aggregate(_) | Expr::Raw { .. } => None,
            Expr::Column(column) if self.has_key_of(column.table) => None,
            Expr::Column(column) => Some(Ungrouped::Column(*column)),
            Expr::Derived(DerivedRef { source, .. }) | Expr::Element(ElementRef { source, .. })
                if self.sources().any(|own| own.name() == *source) =>
            {
                Some(Ungrouped::Derived(source))
            }
            _ => {
                let mut found = None;
                Node::Expr(expr).has_part(Reach::Here, &mut |part| {
                    found = if let Node::Expr(part) = part { self.ungrouped(part) } else { None };
                    found.is_some()
                });
                found
            }
        }
    }

    /// Whether rows are grouped by a table's whole primary key: then all its columns are the same within a group.
    fn has_key_of(&self, table: TableRef) -> bool {
        let is_grouped = |&index: &u16| is_among(&self.group_by, &Expr::Column(ColumnRef { table, index }));
        table.table.primary_key.iter().all(is_grouped)
    }
}

fn is_among(exprs: &[Expr], expr: &Expr) -> bool {
    exprs.iter().any(|one| one.is_same_as(expr))
}

/// Refuses an aggregate or a window function in a condition that chooses the rows it would be made from.
pub(in crate::sql) fn check_condition(expr: &Expr, place: &str) -> Result<()> {
    check_windows(expr, place)?;
    if !expr.aggregates() {
        return Ok(());
    }
    let message = format!(
        "an aggregate can't stand in {place}, which is about single rows: a condition on a group goes into `having`, and an aggregate of other rows into a subquery"
    );
    Err(Error::new(ErrorKind::Syntax, message))
}

fn check_windows(expr: &Expr, place: &str) -> Result<()> {
    if !expr.any(&mut |part| matches!(part, Expr::Window(_))) {
        return Ok(());
    }
    let message = format!(
        "a window function can't stand in {place}, which decides on the rows that it reads: select it in a subquery, and filter that"
    );
    Err(Error::new(ErrorKind::Syntax, message))
}
