//! How entities come to belong to one another, and cease to.

use std::collections::{HashMap, HashSet};

use super::super::Session;
use super::super::entity::State;
use super::cascades;
use super::ends::{Ends, Through};
use super::index::By;
use super::reference::no_key;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Leaving, RowKey, Side};
use crate::types::Value;

impl Session {
    /// Makes two entities belong together.
    pub(super) fn join(&mut self, ends: &Ends, from: usize, to: usize) -> Result<()> {
        let link = ends.link;
        match (ends.side, ends.through()) {
            (Side::Refers, _) => self.map.refer(from, link.from, to, link.to),
            (Side::IsReferredTo(_), _) => {
                if ends.is_to_one {
                    self.replace_one(ends, from, to)?;
                }
                self.map.refer(to, link.to, from, link.from)
            }
            (Side::Between(_), Some(through)) => self.join_between(ends, &through, from, to),
            (Side::Between(_), None) => Ok(()),
        }
    }

    /// Makes entities belong to another one, none of which does. One that is named twice is joined once.
    pub(super) fn join_all(&mut self, ends: &Ends, from: usize, to: &[usize]) -> Result<()> {
        let Some(through) = ends.through() else { return to.iter().try_for_each(|&slot| self.join(ends, from, slot)) };
        let mut going = self.going_between(ends, &through, from);
        let mut joined = HashSet::new();
        for &slot in to.iter().filter(|slot| joined.insert(**slot)) {
            if !self.take_back(ends, slot, &mut going)? {
                self.add_between(ends, &through, from, slot)?;
            }
        }
        Ok(())
    }

    /// Makes the entities that belong to one no longer do so, but for these.
    pub(super) fn part_all_but(&mut self, ends: &Ends, from: usize, kept: &HashSet<usize>) -> Result<()> {
        let Some(referring) = ends.referring() else { return Ok(()) };
        let rows = self.map.referring(from, referring);
        let Some(through) = ends.through() else {
            let mut leaving = rows.into_iter().filter(|row| !kept.contains(row));
            return leaving.try_for_each(|row| self.leave(ends, row));
        };
        for row in rows {
            let beyond = ends.referred_by(&self.map, row, through.to)?;
            if beyond.is_some_and(|beyond| !kept.contains(&beyond)) {
                self.map.leave_for_good(row, &through.columns())?;
            }
        }
        Ok(())
    }

    /// Makes two entities no longer belong together.
    pub(super) fn part(&mut self, ends: &Ends, from: usize, to: usize) -> Result<()> {
        let Some(through) = ends.through() else {
            let belongs = ends.referring().is_some_and(|rows| self.map.referring(from, rows).contains(&to));
            return if belongs { self.leave(ends, to) } else { Ok(()) };
        };
        let rows = self.rows_between(ends, &through, from, to);
        if rows.is_empty() && ends.referring().is_some_and(|referring| !self.map.is_loaded(from, referring.by)) {
            return Err(ends.not_loaded());
        }
        rows.into_iter().try_for_each(|row| self.map.leave_for_good(row, &through.columns()))
    }

    /// Takes an entity out of the relation whose key it has.
    pub(super) fn leave(&mut self, ends: &Ends, slot: usize) -> Result<()> {
        if let Side::IsReferredTo(Leaving::Deleted) = ends.side {
            return self.map.leave_for_good(slot, ends.link.to);
        }
        self.let_go(ends, slot, ends.link.to)
    }

    /// Sets the foreign key of an entity to NULL.
    pub(super) fn let_go(&mut self, ends: &Ends, slot: usize, columns: &'static [u16]) -> Result<()> {
        let Some(table) = self.map.get(slot).map(|entry| entry.entity.table()) else { return Ok(()) };
        let key = table.foreign_keys.iter().find(|key| key.columns == columns);
        let is_free = match key {
            Some(key) => cascades::set_null(&mut self.map, slot, key)?,
            None => false,
        };
        if is_free { Ok(()) } else { Err(must_refer(ends, table.name, table.column_names(columns))) }
    }

    /// Takes out what a relation to one row led to before.
    fn replace_one(&mut self, ends: &Ends, from: usize, to: usize) -> Result<()> {
        let Some(referring) = ends.referring() else { return Ok(()) };
        let before = self.map.referring(from, referring).into_iter().filter(|&slot| slot != to);
        before.collect::<Vec<_>>().into_iter().try_for_each(|slot| self.leave(ends, slot))
    }

    fn join_between(&mut self, ends: &Ends, through: &Through, from: usize, to: usize) -> Result<()> {
        if !self.rows_between(ends, through, from, to).is_empty() {
            return Ok(());
        }
        let mut going = self.going_between(ends, through, from);
        if self.take_back(ends, to, &mut going)? {
            return Ok(());
        }
        self.add_between(ends, through, from, to)
    }

    /// Adds a row between two entities.
    fn add_between(&mut self, ends: &Ends, through: &Through, from: usize, to: usize) -> Result<()> {
        let sides = [(from, ends.link.from, through.from), (to, ends.link.to, through.to)];
        let mut values: Vec<(u16, Value)> = Vec::new();
        for (slot, key, own) in sides {
            let Some(entry) = self.map.get(slot) else { continue };
            for (&column, &key) in own.iter().zip(key) {
                let value = entry.entity.value(key);
                if value.is_null() {
                    return Err(no_key(through.table, own, entry.entity.table(), key));
                }
                values.push((column, value.to_owned()));
            }
        }
        let row = through.row(ends, &values)?;
        let row = self.map.add(row);
        self.map.lists.made(row);
        sides.into_iter().try_for_each(|(slot, key, own)| self.map.refer(row, own, slot, key))
    }

    /// The rows between an entity and others that are to be deleted, by the keys of the others.
    fn going_between(&self, ends: &Ends, through: &Through, from: usize) -> HashMap<RowKey, usize> {
        let (Some(rows), Some(one)) = (ends.referring(), self.map.get(from)) else { return HashMap::new() };
        let Some(own) = (By { table: ends.from, columns: rows.key, like: rows.by.like }).of_row(one) else {
            return HashMap::new();
        };
        let beyond = By { table: through.table, columns: through.to, like: ends.referred().like };
        let going = self.map.unwritten_slots().filter(|(_, entry)| {
            matches!(entry.state, State::Deleting | State::Marking)
                && std::ptr::eq(entry.entity.table(), through.table)
                && rows.by.key(|column| entry.before(column)).as_ref() == Some(&own)
        });
        going.filter_map(|(slot, entry)| Some((beyond.key(|column| entry.before(column))?, slot))).collect()
    }

    /// Takes back that a row between is to be deleted. Returns whether there is one.
    fn take_back(&mut self, ends: &Ends, to: usize, going: &mut HashMap<RowKey, usize>) -> Result<bool> {
        let other = self.map.get(to).and_then(|entry| ends.referred().of_row(entry));
        let Some(slot) = other.and_then(|key| going.remove(&key)) else { return Ok(false) };
        let level = self.map.level;
        let Some(entry) = self.map.get_mut(slot) else { return Ok(true) };
        entry.before_change(level);
        if let Some(soft) = entry.entity.table().soft_delete.filter(|_| entry.state == State::Marking) {
            let before = entry.before(soft.column).to_owned();
            entry.entity.assign(soft.column, before.as_ref())?;
        }
        entry.state = State::Persistent;
        self.map.lists.is_back(slot);
        Ok(true)
    }

    /// The rows between two entities.
    fn rows_between(&self, ends: &Ends, through: &Through, from: usize, to: usize) -> Vec<usize> {
        let Some(rows) = ends.referring() else { return Vec::new() };
        let leads_there =
            |row: &usize| matches!(ends.referred_by(&self.map, *row, through.to), Ok(Some(slot)) if slot == to);
        let rows = self.map.referring(from, rows).into_iter().filter(leads_there);
        rows.filter(|&row| {
            self.map.get(row).is_some_and(|entry| matches!(entry.state, State::Pending | State::Persistent))
        })
        .collect()
    }
}

fn must_refer(ends: &Ends, table: &'static str, columns: Vec<&'static str>) -> Error {
    let message = format!(
        "`{}`: a row of {table} can't refer to nothing, because {} is never NULL: delete it, relate it to another, or declare the relation \
         as owned",
        ends.name(),
        columns.join(", ")
    );
    Error::new(ErrorKind::Unsupported, message).with_table(table).with_columns(columns)
}
