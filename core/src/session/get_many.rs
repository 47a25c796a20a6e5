//! [`Session::get_many`]: several entities by their keys.

use std::collections::{HashMap, HashSet};
use std::panic::Location;

use super::writes::Writer;
use super::{Loaded, Merge, Session, Tracked};
use crate::error::{ErrorKind, Result};
use crate::exec::Handle;
use crate::model::{IntoKey, Key, Model, RowKey};
use crate::query::write::{among, keys_per_statement};
use crate::query::{Expr, Query, Select};
use crate::sql::TableRef;
use crate::types::Value;

impl Session {
    /// The entities with these primary keys, in the order of the keys; `None` where there is no such row. Those that the session
    /// has, and that are not stale, cost nothing; one statement reads the others, or several where they do not fit into one.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let bob = session.get_one::<User>(2).await?;
    /// let users = session.get_many::<User>([3, 2, 99]).await?; // One statement, for 3 and 99.
    /// assert_eq!(users[1], Some(bob));
    /// assert_eq!(users[0].map(|user| session[user].name.clone()), Some("Cleo".to_owned()));
    /// assert_eq!(users[2], None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What running the statement says.
    #[track_caller]
    pub fn get_many<M: Model>(
        &mut self,
        keys: impl IntoIterator<Item: IntoKey<M::Key>>,
    ) -> impl Future<Output = Result<Vec<Option<Tracked<M>>>>> + Send {
        let keys = keys.into_iter().map(IntoKey::into_key).collect();
        self.get_many_from(keys, Location::caller())
    }

    async fn get_many_from<M: Model>(
        &mut self,
        keys: Vec<M::Key>,
        caller: &'static Location<'static>,
    ) -> Result<Vec<Option<Tracked<M>>>> {
        self.check_usable()?;
        self.take_notes(Writer::Statement);
        if keys.iter().any(|key| self.map.find::<M>(key).is_some_and(|slot| self.map.is_going(slot))) {
            // Other entities may take their keys in the same flush.
            self.flush_before_read().await?;
        }
        let mut found: HashMap<RowKey, Option<Tracked<M>>> = HashMap::new();
        let mut unknown = Vec::new();
        let mut asked = HashSet::new();
        for key in &keys {
            let row = row_key::<M>(key);
            if !asked.insert(row.clone()) {
                continue;
            }
            match self.map.find::<M>(key) {
                Some(slot) if self.map.is_going(slot) || (self.map.is_marked(slot) && !self.map.is_stale(slot)) => {
                    found.insert(row, None);
                }
                Some(slot) if !self.map.is_stale(slot) => {
                    found.insert(row, Some(Tracked::new(self.id, slot)));
                }
                _ => unknown.push(key.clone()),
            }
        }
        for key in self.read_many(&unknown, &mut found, caller).await? {
            let entity = self.get_from(key.clone(), caller).await?;
            found.insert(row_key::<M>(&key), entity);
        }
        Ok(keys.iter().map(|key| found.get(&row_key::<M>(key)).copied().flatten()).collect())
    }

    /// Reads the rows with these keys, and returns the keys that the database may have found by another spelling.
    async fn read_many<M: Model>(
        &mut self,
        keys: &[M::Key],
        found: &mut HashMap<RowKey, Option<Tracked<M>>>,
        caller: &'static Location<'static>,
    ) -> Result<Vec<M::Key>> {
        let wanted: HashSet<RowKey> = keys.iter().map(row_key::<M>).collect();
        let mut others = 0;
        for loaded in self.fetch_many::<M>(keys, caller).await? {
            let key = row_key::<M>(&loaded.model.key());
            if !wanted.contains(&key) {
                others += 1;
                continue;
            }
            let entity = self.merge_row(loaded, Merge::Read)?;
            found.insert(key, self.unless_going(entity));
        }
        let missing: Vec<&M::Key> = keys.iter().filter(|key| !found.contains_key(&row_key::<M>(key))).collect();
        if others > 0 {
            return Ok(missing.into_iter().cloned().collect());
        }
        for key in missing {
            if let Some(slot) = self.map.find::<M>(key) {
                self.map.row_is_gone(slot);
            }
        }
        Ok(Vec::new())
    }

    async fn fetch_many<M: Model>(
        &mut self,
        keys: &[M::Key],
        caller: &'static Location<'static>,
    ) -> Result<Vec<Loaded<M>>> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let whole = with_keys::<M>(keys).all(Handle::on_session(self).called_from(caller)).await;
        let too_many = whole.as_ref().is_err_and(|error| error.kind() == ErrorKind::Limit) && keys.len() > 1;
        if !too_many {
            return whole;
        }
        let most = keys_per_statement(self.dialect().capabilities(), M::table().primary_key.len());
        let mut rows = Vec::with_capacity(keys.len());
        for keys in keys.chunks(most.min(keys.len().div_ceil(2))) {
            rows.extend(with_keys::<M>(keys).all(Handle::on_session(self).called_from(caller)).await?);
        }
        Ok(rows)
    }
}

fn with_keys<M: Model>(keys: &[M::Key]) -> Select<Loaded<M>> {
    let table = M::table();
    let value = |row: usize, column: u16| {
        let place = table.primary_key.iter().position(|own| *own == column);
        let value = place.and_then(|place| Some(keys.get(row)?.value(place)));
        value.map_or(Value::Null, |value| value.to_owned())
    };
    let condition = among(TableRef::new(table), table.primary_key, keys.len(), value);
    Select::<M>::all_of_model().filter(Expr::<bool>::new(condition)).read_by(Loaded::decode)
}

fn row_key<M: Model>(key: &M::Key) -> RowKey {
    RowKey::primary(M::table(), |index, _| key.value(index))
}
