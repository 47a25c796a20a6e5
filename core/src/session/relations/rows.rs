//! How whole rows are read by their keys, and become entities.

use std::collections::HashSet;
use std::ops::{ControlFlow, Range};

use super::super::entity::State;
use super::super::identity_map::IdentityMap;
use super::super::kept::KnownTexts;
use crate::driver::{Row, RowReader, RowSink};
use crate::error::{ErrorKind, Result};
use crate::model::{Entity, ReadEntity};
use crate::pool::Link;
use crate::query::write::{among, keys_per_statement};
use crate::schema::Table;
use crate::sql::{ColumnRef, Expr, Item, OrderTerm, Select, Source, TableRef};
use crate::types::{ColumnType, Value};

/// Reads entities of one model again by their keys, and lets go of those whose rows are gone.
pub(in crate::session) async fn read_again(map: &mut IdentityMap, slots: Vec<usize>, link: &mut Link) -> Result<()> {
    let Some(again) = Again::of(map, slots) else { return Ok(()) };
    let found = again.read.rows(&again.keys, link).await?;
    again.merge(found, map)
}

/// Entities of one model that are read again.
pub(super) struct Again {
    slots: Vec<usize>,
    pub(super) keys: Vec<Vec<Value>>,
    pub(super) read: Read,
}

impl Again {
    pub(super) fn of(map: &IdentityMap, slots: Vec<usize>) -> Option<Again> {
        let first = &map.get(*slots.first()?)?.entity;
        let table = first.table();
        let read = Read {
            select: select_all(table),
            keyed: (table, table.primary_key),
            order: table,
            models: vec![first.reader()],
        };
        let keys = slots.iter().filter_map(|&slot| map.get(slot).map(|entry| entry.entity.key_values(None)));
        Some(Again { keys: keys.collect(), slots, read })
    }

    pub(super) fn merge(self, found: Vec<FoundRow>, map: &mut IdentityMap) -> Result<()> {
        for &slot in &self.slots {
            if let Some(entry) = map.get_mut(slot) {
                entry.read = None;
            }
        }
        let mut gone: HashSet<usize> = self.slots.into_iter().collect();
        for (entity, texts) in found.into_iter().flatten() {
            gone.remove(&map.merge(entity, texts)?);
        }
        gone.into_iter().for_each(|slot| map.row_is_gone(slot));
        Ok(())
    }
}

/// A SELECT of whole rows by keys.
pub(super) struct Read {
    pub(super) select: Select,
    /// The columns that have the keys.
    pub(super) keyed: (&'static Table, &'static [u16]),
    /// The table by whose key the rows are sorted.
    pub(super) order: &'static Table,
    /// How its tables are read, in their order.
    pub(super) models: Vec<ReadEntity>,
}

impl Read {
    pub(super) async fn rows(&self, keys: &[Vec<Value>], link: &mut Link) -> Result<Vec<FoundRow>> {
        let mut rows = Rows { models: &self.models, last: self.order, found: Vec::new() };
        let dialect = link.dialect();
        let most = keys_per_statement(dialect.capabilities(), self.keyed.1.len());
        let whole = 0..keys.len();
        let mut waiting = vec![whole];
        while let Some(range) = waiting.pop() {
            match self.of(keys, range.clone()).compile(link.destination()) {
                Ok(statement) => link.fetch(&statement, &mut rows).await?,
                // Keys of this type can't be sent as one parameter.
                Err(error) if error.kind() == ErrorKind::Limit && range.len() > 1 => {
                    let size = most.min(range.len() / 2).max(1);
                    let starts: Vec<usize> = range.clone().step_by(size).collect();
                    waiting.extend(starts.into_iter().rev().map(|start| start..range.end.min(start + size)));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(rows.found)
    }

    pub(super) fn of(&self, keys: &[Vec<Value>], range: Range<usize>) -> Select {
        let mut select = self.select.clone();
        let (table, columns) = self.keyed;
        let value = |row: usize, column: u16| {
            let index = columns.iter().position(|own| *own == column);
            let value = keys.get(range.start + row).zip(index).and_then(|(key, index)| key.get(index));
            value.cloned().unwrap_or(Value::Null)
        };
        select.add_filter(among(TableRef::new(table), columns, range.len(), value));
        let order = self.order.primary_key.iter();
        let order = order.map(|&index| Expr::Column(ColumnRef { table: TableRef::new(self.order), index }));
        select.set_order(order.map(OrderTerm::without_nulls).collect());
        select
    }
}

pub(super) fn select_all(table: &'static Table) -> Select {
    let table = TableRef::new(table);
    let mut select = Select::of(vec![Item::Table(table)]);
    select.set_from(Source::Table(table));
    select
}

impl IdentityMap {
    /// Adds the entity of a row, or finds the one that is there; a stale one is updated.
    pub(super) fn merge(&mut self, entity: Box<dyn Entity>, texts: KnownTexts) -> Result<usize> {
        let Some(slot) = self.holder_of(&*entity) else { return Ok(self.read(entity, texts)) };
        if self.may_overwrite(slot) {
            self.overwrite(slot, entity, texts)?;
        }
        Ok(slot)
    }

    /// Whether an entity is as its row was when it was read.
    pub(super) fn is_unchanged(&self, slot: usize) -> bool {
        self.get(slot).is_some_and(|entry| entry.state == State::Persistent && entry.snapshot.is_none())
    }
}

/// The entities of a row, in the order of its tables.
pub(super) type FoundRow = Vec<(Box<dyn Entity>, KnownTexts)>;

struct Rows<'m> {
    models: &'m [ReadEntity],
    /// The table of the last of them, which an outer join may leave out.
    last: &'static Table,
    found: Vec<FoundRow>,
}

impl Rows<'_> {
    fn is_absent(&self, row: &RowReader<'_>) -> Result<bool> {
        let Some(&column) = self.last.primary_key.first() else { return Ok(false) };
        let ty = self.last.column(column).map_or(ColumnType::TEXT, |column| column.ty);
        row.is_null_at(usize::from(column), ty)
    }
}

impl RowSink for Rows<'_> {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        let mut reader = RowReader::new(row);
        let mut entities = Vec::with_capacity(self.models.len());
        for (index, read) in self.models.iter().enumerate() {
            let first = reader.position();
            if index > 0 && self.is_absent(&reader)? {
                break;
            }
            let entity = read(&mut reader)?;
            let texts = KnownTexts::read(&*entity, &reader, first);
            entities.push((entity, texts));
        }
        self.found.push(entities);
        Ok(ControlFlow::Continue(()))
    }
}
