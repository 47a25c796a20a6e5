//! Which row of the table has the key of which row of an upsert.

use std::collections::HashSet;

use super::duplicates::same_key;
use super::write::{Run, missing};
use crate::error::Result;
use crate::model::Model;
use crate::pool::Link;
use crate::query::run::Collect;
use crate::query::write::insert::{Chunk, Slice};
use crate::query::write::key_index::{KeyIndex, select};
use crate::sql::{BindSource, Lock};
use crate::types::Value;

impl<M: Model> Run<'_, '_, M> {
    /// The rows that have the keys of a chunk, as far as the key is about them.
    pub(super) async fn select(&self, link: &mut Link, chunk: &Chunk<'_>, lock: Option<Lock>) -> Result<Vec<M>> {
        let value = |row, column| -> Value { chunk.value(row, column).kept().to_owned() };
        let mut select = select(M::table(), &self.conflict.target.columns, chunk.len(), value);
        if let Some(filter) = &self.conflict.target.filter {
            select.add_filter(filter.clone());
        }
        if let Some(lock) = lock {
            select.set_lock(lock);
        }
        let mut sink = Collect::new(M::decode);
        let compiled = select.compile(link.destination())?.within(self.batch.shape.timeout);
        link.fetch(&compiled, &mut sink).await?;
        Ok(sink.into_rows())
    }

    /// For each row of the table the row of the chunk that has its key. Where the database takes two texts for the same that are not
    /// known to be, and more than one is left, it is asked.
    pub(super) async fn owners(&self, link: &mut Link, chunk: &Chunk<'_>, rows: &[M]) -> Result<Vec<usize>> {
        let index = KeyIndex::new(M::table(), &self.conflict.target.columns, chunk, chunk.len());
        let source = Slice(rows);
        let mut owners: Vec<Option<usize>> = (0..rows.len()).map(|row| index.find(&source, row)).collect();
        let left = owners.iter().filter(|owner| owner.is_none()).count();
        if left > 0 {
            let found: HashSet<usize> = owners.iter().copied().flatten().collect();
            let free: Vec<usize> = (0..chunk.len()).filter(|row| !found.contains(row)).collect();
            match (left, free.as_slice()) {
                (1, &[only]) => owners.iter_mut().for_each(|owner| _ = owner.get_or_insert(only)),
                _ => self.ask_owners(link, chunk, rows, &free, &mut owners).await?,
            }
        }
        owners.into_iter().collect::<Option<Vec<usize>>>().ok_or_else(missing::<M>)
    }

    async fn ask_owners(
        &self,
        link: &mut Link,
        chunk: &Chunk<'_>,
        rows: &[M],
        free: &[usize],
        owners: &mut [Option<usize>],
    ) -> Result<()> {
        let key = M::table().primary_key;
        for &row in free {
            let found = self.select(link, &chunk.slice(row, 1), None).await?;
            let source = Slice(found.as_slice());
            let is_found = |other: &M| {
                key.iter().all(|&column| source.value(0, column) == other.bind(column)) && !found.is_empty()
            };
            let Some(owner) = rows.iter().position(is_found).and_then(|place| owners.get_mut(place)) else { continue };
            if let Some(first) = owner.replace(row) {
                return Err(same_key(self.batch, chunk.place(first), chunk.place(row)));
            }
        }
        Ok(())
    }
}

/// The positions of a chunk's rows whose key is among those that are there, and of those whose key is not.
pub(super) fn split(chunk: &Chunk<'_>, owners: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let owners: HashSet<usize> = owners.iter().copied().collect();
    let (old, new): (Vec<usize>, Vec<usize>) = (0..chunk.len()).partition(|row| owners.contains(row));
    let place = |row: usize| chunk.place(row);
    (old.into_iter().map(place).collect(), new.into_iter().map(place).collect())
}
