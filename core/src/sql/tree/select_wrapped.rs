//! SELECTs that creole puts into a subquery, to sort, filter or join their rows.

use super::order::OrderTerm;
use super::select::{Body, Select};
use super::select_core::{Item, Plain};
use super::source::{Source, Wrapper};
use crate::sql::check::collation;
use crate::sql::expr::{ColumnRef, DerivedRef, Expr, Repeats};
use crate::types::ColumnType;

/// The name of a subquery that several SELECTs were put together in. Other sources may stand beside it, so it is none that a
/// program is likely to have.
const COMPOUND: &str = "creole_compound";
/// The name of a subquery that is sorted from outside.
const SELECTED: &str = "creole_selected";

impl Select {
    /// The body that a clause is set in. What is put together from several SELECTs is selected from, as a subquery, first: it has no
    /// clauses of its own.
    pub(in crate::sql) fn outer(&mut self) -> &mut Plain {
        if let Body::Compound(_) = self.body {
            let mut compound = std::mem::replace(self, Select::of(Vec::new()));
            // What it names before it is there for what is joined to it too.
            let with = std::mem::take(&mut compound.with);
            *self = Select { with, ..compound.wrapped_by(Wrapper::Creole, COMPOUND) };
        }
        match &mut self.body {
            Body::Plain(plain) => plain,
            Body::Compound(_) => unreachable!("a compound was just wrapped"),
        }
    }

    /// A SELECT of all that this one selects, as a subquery of this name.
    pub fn wrapped(self, name: &'static str) -> Select {
        self.wrapped_by(Wrapper::Program, name)
    }

    fn wrapped_by(self, by: Wrapper, name: &'static str) -> Select {
        let items = self.derived_items(name);
        let mut outer = Select::of(items);
        if let Body::Plain(plain) = &mut outer.body {
            if by == Wrapper::Creole {
                plain.deleted = self.rows_of_joined();
            }
            plain.from = Some(Source::Select { select: Box::new(self), name, by });
        }
        outer
    }

    /// The columns of this SELECT as those of a subquery have them.
    pub fn derived_items(&self, source: &'static str) -> Vec<Item> {
        let mut items = Vec::new();
        for item in self.items() {
            let mut push = |expr: &Expr| {
                let place = u16::try_from(items.len()).ok();
                let ty = expr.ty().unwrap_or(ColumnType::TEXT);
                let collation = collation::of_column(expr);
                items.push(Item::Expr(Expr::Derived(DerivedRef { source, place, ty, nullable: true, collation })));
            };
            match item {
                Item::Expr(expr) | Item::Labelled(expr, _) => push(expr),
                Item::Table(table) => {
                    for index in table.places() {
                        push(&Expr::Column(ColumnRef { table: *table, index }));
                    }
                }
            }
        }
        items
    }

    /// The index among the columns where this expression is selected; where creole has put the SELECT of it into a subquery, by
    /// what is selected there.
    pub fn place_of(&self, wanted: &Expr) -> Option<u16> {
        self.place_by(&|arms| arms.first()?.place_of(wanted), wanted)
    }

    /// As [`place_of`](Select::place_of), where every arm of a compound selects it, at one index.
    pub(crate) fn place_in_all_arms(&self, wanted: &Expr) -> Option<u16> {
        let in_all = |arms: &[Select]| {
            let mut places = arms.iter().map(|arm| arm.place_in_all_arms(wanted));
            let first = places.next()??;
            places.all(|place| place == Some(first)).then_some(first)
        };
        self.place_by(&in_all, wanted)
    }

    fn place_by(&self, in_arms: &dyn Fn(&[Select]) -> Option<u16>, wanted: &Expr) -> Option<u16> {
        if let Body::Compound(compound) = &self.body {
            return in_arms(&compound.arms);
        }
        self.own_place_of(wanted).or_else(|| {
            let (inner, name) = self.wrapped_by_creole()?;
            let inner_place = inner.place_by(in_arms, wanted)?;
            let is_it = |expr: &Expr| matches!(expr, Expr::Derived(column) if column.source == name && column.place == Some(inner_place));
            let place = self.items().iter().position(|item| item.expr().is_some_and(is_it))?;
            u16::try_from(place).ok()
        })
    }

    /// The SELECT that creole has put into a subquery, to sort or filter its rows, and the name of that.
    fn wrapped_by_creole(&self) -> Option<(&Select, &'static str)> {
        match self.plain()?.from.as_ref()? {
            Source::Select { select, name, by: Wrapper::Creole } => Some((select, name)),
            _ => None,
        }
    }

    fn own_place_of(&self, wanted: &Expr) -> Option<u16> {
        let mut place: u16 = 0;
        for item in self.items() {
            let within = match (item, wanted) {
                (Item::Expr(expr) | Item::Labelled(expr, _), _) => expr.is_same_as(wanted).then_some(0),
                (Item::Table(table), Expr::Column(column)) => table.place_of(*column),
                (Item::Table(_), _) => None,
            };
            if let Some(within) = within {
                return place.checked_add(within);
            }
            place = place.checked_add(u16::try_from(item.columns()).ok()?)?;
        }
        None
    }

    /// What a SELECT that creole has put into a subquery selects is, for whoever sorts or filters it, a column of that
    /// subquery. A subquery of the program's own is spoken of by its columns, and a joined table keeps its own.
    pub(super) fn seen_from_here(&mut self, expr: Expr) -> Expr {
        self.outer();
        self.seen(expr)
    }

    /// The same of a SELECT as it is now.
    pub(crate) fn seen(&self, mut expr: Expr) -> Expr {
        let Some((select, name)) = self.wrapped_by_creole() else { return expr };
        expr.replace(&mut |part| {
            if matches!(part, Expr::Column(column) if self.tables().any(|table| table.is_same_source(column.table))) {
                return None;
            }
            let place = select.place_of(part)?;
            let ty = part.ty()?;
            // Another arm, or an outer join inside, may have NULLs where this one has none.
            let (place, collation) = (Some(place), collation::of_column(part));
            Some(Expr::Derived(DerivedRef { source: name, place, ty, nullable: true, collation }))
        });
        expr
    }

    /// Whether it must be [rearranged](Select::rearranged) before it is rendered.
    pub fn is_out_of_order(&self) -> bool {
        let Body::Plain(plain) = &self.body else { return false };
        let has_value = |term: &OrderTerm| term.expr.any(&mut |part| matches!(part, Expr::Bind { .. }));
        match plain.repeats {
            Repeats::Dropped => !self.order_by.is_empty(),
            Repeats::Kept => !plain.group_by.is_empty() && self.order_by.iter().any(has_value),
        }
    }

    /// The same rows, sorted outside of a subquery. Different rows and groups can be sorted by what is selected, and by
    /// nothing else, and databases do not all see that two expressions with values in them are the same: here a column of
    /// the subquery stands for both.
    pub fn rearranged(mut self) -> Select {
        let order_by = std::mem::take(&mut self.order_by);
        let is_selected = order_by.iter().all(|term| self.place_of(&term.expr).is_some());
        if !is_selected {
            if self.plain().is_some_and(|plain| plain.repeats == Repeats::Dropped) {
                self.misused("a `distinct` SELECT is sorted by what it selects, and by nothing else".into());
            }
            return Select { order_by, ..self };
        }
        // A lock stays where it is refused: different rows and groups have none.
        let limit = std::mem::take(&mut self.limit);
        let misuse = self.misuse.take();
        let mut outer = self.wrapped_by(Wrapper::Creole, SELECTED);
        outer.add_order(order_by);
        Select { limit, misuse, ..outer }
    }
}
