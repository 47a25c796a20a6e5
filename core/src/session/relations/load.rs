//! [`Session::load`].

use std::collections::{HashMap, HashSet};
use std::panic::Location;

use super::super::entity::State;
use super::super::identity_map::resolve;
use super::super::writes::Writer;
use super::super::{Session, Tracked};
use super::ends::{Ends, Referring};
use super::entities::Entities;
use super::index::{By, Target};
use super::rows::{Again, FoundRow, Read, select_all};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::Handle;
use crate::model::{Cardinality, Model, Relation, RowKey};
use crate::pool::Access;
use crate::sql::{BinaryOp, ColumnRef, DeletedRows, Expr, Item, Join, JoinKind, Select, Source, TableRef};
use crate::types::Value;

impl Session {
    /// Reads what belongs to entities by a relation into the session, for [`many`](Session::many) and [`one`](Session::one): by one
    /// statement, however many entities there are; by none where it is known and nothing that ran on the session since can have
    /// changed it. What is pending is flushed before.
    ///
    /// Both ends know of each other afterwards. Rows that the session already has are the same entities.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let users = User::select().order_by(User::id).track(&mut session).await?;
    /// session.load(&users, User::orders).await?;
    /// for &user in &users {
    ///     for order in session.many(user, User::orders)? {
    ///         assert_eq!(session.one(order, Order::user)?, user);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What the statement says; [`NotFound`](ErrorKind::NotFound) if a foreign key that is never NULL refers to a row that is not there;
    /// [`Detached`](ErrorKind::Detached) as [`try_get`](Session::try_get); [`Unsupported`](ErrorKind::Unsupported) where only the
    /// database knows which keys are equal.
    #[track_caller]
    pub fn load<F: Model, T: Model, C: Cardinality>(
        &mut self,
        entities: impl Entities<F>,
        relation: Relation<F, T, C>,
    ) -> impl Future<Output = Result<()>> + Send {
        let (caller, handles) = (Location::caller(), entities.handles());
        async move {
            let slots = self.slots_of(&handles)?;
            self.load_ends(&Ends::of(relation), slots, caller).await
        }
    }

    /// The slots of some handles.
    pub(super) fn slots_of<M: Model>(&self, handles: &[Tracked<M>]) -> Result<Vec<usize>> {
        handles.iter().map(|&handle| resolve(&self.map, self.id, handle).map(|_| handle.slot)).collect()
    }

    /// Loads a relation for the entities of these slots.
    pub(super) async fn load_ends(
        &mut self,
        ends: &Ends,
        slots: Vec<usize>,
        caller: &'static Location<'static>,
    ) -> Result<()> {
        if let Some(misuse) = ends.link.goes_through_an_end(ends.from, ends.to) {
            return Err(Error::new(ErrorKind::Syntax, misuse));
        }
        self.check_usable()?;
        self.flush_before_read().await?;
        self.take_notes(Writer::Statement);
        let Some(referring) = ends.referring() else {
            return self.load_referred(ends, &slots, ends.link.from, caller).await;
        };
        self.load_referring(ends, referring, &slots, caller).await?;
        let Some(through) = ends.through() else { return Ok(()) };
        let between: Vec<usize> = slots.iter().flat_map(|&slot| self.map.referring(slot, referring)).collect();
        self.load_referred(ends, &between, through.to, caller).await
    }

    /// Loads the rows that refer to entities.
    async fn load_referring(
        &mut self,
        ends: &Ends,
        referring: Referring,
        slots: &[usize],
        caller: &'static Location<'static>,
    ) -> Result<()> {
        let Referring { by, key } = referring;
        let owner = By { table: ends.from, columns: key, like: by.like };
        let mut owners: HashMap<RowKey, usize> = HashMap::new();
        let mut keys = Vec::new();
        for &slot in slots {
            let Some(entry) = self.map.get(slot).filter(|entry| entry.state == State::Persistent) else { continue };
            let is_stale = |row: &usize| self.map.is_stale(*row) && self.map.is_unchanged(*row);
            if !self.map.may_lack(slot, by) && !self.map.referring(slot, referring).iter().any(is_stale) {
                continue;
            }
            // Those in the database refer to the key that its row has.
            match owner.of_row(entry) {
                Some(row_key) => {
                    if owners.insert(row_key, slot).is_none() {
                        keys.push(key.iter().map(|&column| entry.before(column).to_owned()).collect());
                    }
                }
                // Nothing refers to NULL.
                _ => self.map.list(slot, by, Vec::new()),
            }
        }
        if owners.is_empty() {
            return Ok(());
        }
        let read = ends.statement(referring);
        let rows = self.read_rows(&read, &keys, caller).await?;
        let mut lists: HashMap<usize, Vec<usize>> = owners.values().map(|&owner| (owner, Vec::new())).collect();
        for row in rows {
            let mut row = row.into_iter();
            // The first is one that refers; beyond a table between there may be another one.
            let Some((first, texts)) = row.next() else { continue };
            let row_key = by.key(|column| first.value(column));
            let owner = row_key.and_then(|key| owners.get(&key)).ok_or_else(|| unknown_key(ends))?;
            row.try_for_each(|(entity, texts)| self.map.merge(entity, texts).map(drop))?;
            let slot = self.map.merge(first, texts)?;
            if let Some(list) = lists.get_mut(owner) {
                list.push(slot);
            }
        }
        let found: HashSet<usize> = lists.values().flatten().copied().collect();
        let mut missing = Vec::new();
        for (owner, members) in lists {
            let known = self.map.referring(owner, referring);
            missing.extend(known.into_iter().filter(|&slot| !found.contains(&slot) && self.map.is_unchanged(slot)));
            self.map.list(owner, by, members);
        }
        self.read_again(missing, caller).await
    }

    /// Loads the rows that entities refer to by these columns, unless they are known.
    async fn load_referred(
        &mut self,
        ends: &Ends,
        slots: &[usize],
        columns: &'static [u16],
        caller: &'static Location<'static>,
    ) -> Result<()> {
        // What a stale entity refers to may be another row by now.
        let is_stale = |slot: &usize| self.map.is_stale(*slot) && self.map.is_unchanged(*slot);
        let stale: Vec<usize> = slots.iter().copied().filter(is_stale).collect();
        self.read_again(stale, caller).await?;
        let referred = ends.referred();
        let mut wanted: HashMap<RowKey, Option<usize>> = HashMap::new();
        let mut keys = Vec::new();
        for &slot in slots {
            let Some(entry) = self.map.get(slot) else { continue };
            let known = match referred.target(entry, columns) {
                None => continue,
                Some(Target::Entity(target)) => Some(target),
                Some(Target::Row(key)) => self.map.referred_by_key(entry, columns, referred, &key),
            };
            if known.is_some_and(|known| !self.map.is_stale(known)) {
                continue;
            }
            // An entity is found by the key of its row.
            let (row_key, key) = match known.and_then(|known| self.map.get(known)) {
                Some(known) => {
                    let key = ends.link.to.iter().map(|&column| known.before(column).to_owned()).collect();
                    (referred.of_row(known), key)
                }
                None => {
                    let refers = By { table: entry.entity.table(), columns, like: referred.like };
                    let key = columns.iter().map(|&column| entry.entity.value(column).to_owned()).collect();
                    (refers.key(|column| entry.entity.value(column)), key)
                }
            };
            if let Some(row_key) = row_key
                && wanted.insert(row_key, known).is_none()
            {
                keys.push(key);
            }
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let read = Read {
            select: select_all(ends.to),
            keyed: (ends.to, ends.link.to),
            order: ends.to,
            models: vec![ends.read],
        };
        for row in self.read_rows(&read, &keys, caller).await? {
            for (entity, texts) in row {
                let row_key = referred.key(|column| entity.value(column));
                row_key.and_then(|key| wanted.remove(&key)).ok_or_else(|| unknown_key(ends))?;
                self.map.merge(entity, texts)?;
            }
        }
        for known in wanted.values().flatten() {
            self.map.row_is_gone(*known);
        }
        if wanted.is_empty() {
            return Ok(());
        }
        if !ends.may_be_none() {
            return Err(not_there(ends));
        }
        slots.iter().for_each(|&slot| self.note_absent(ends, slot, columns));
        Ok(())
    }

    /// Notes that what an entity refers to by these columns was looked for and is not there, if it is not.
    fn note_absent(&mut self, ends: &Ends, slot: usize, columns: &'static [u16]) {
        let referred = ends.referred();
        let target = self.map.get(slot).and_then(|entry| referred.target(entry, columns));
        if let Some(Target::Row(row_key)) = target
            && let Some(entry) = self.map.get(slot)
            && self.map.referred_by_key(entry, columns, referred, &row_key).is_none()
        {
            self.map.list_none(slot, ends.absent(), row_key);
        }
    }

    /// The rows that have one of these keys, each as the entities it is made of.
    async fn read_rows(
        &mut self,
        read: &Read,
        keys: &[Vec<Value>],
        caller: &'static Location<'static>,
    ) -> Result<Vec<FoundRow>> {
        let mut handle = Handle::on_session(self).called_from(caller);
        let dialect = handle.dialect();
        handle
            .note_load(keys.len(), read.order, || Ok(read.of(keys, 0..1).compile(dialect)?.sql.as_ref().to_owned()))?;
        let mut conn = handle.connection(Access::Read).await?;
        read.rows(keys, &mut conn).await
    }

    /// Reads entities again that a statement should have found, and lets go of those whose rows are gone.
    async fn read_again(&mut self, slots: Vec<usize>, caller: &'static Location<'static>) -> Result<()> {
        let Some(again) = Again::of(&self.map, slots) else { return Ok(()) };
        let found = self.read_rows(&again.read, &again.keys, caller).await?;
        again.merge(found, &mut self.map)
    }
}

impl Ends {
    /// The SELECT of the rows that refer to entities, and of those beyond a table between, as far as they are there.
    fn statement(&self, referring: Referring) -> Read {
        let keyed = (referring.by.table, referring.by.columns);
        let Some(through) = self.through() else {
            return Read { select: select_all(self.to), keyed, order: self.to, models: vec![self.read] };
        };
        let (between, to) = (TableRef::new(through.table), TableRef::new(self.to));
        let mut select = Select::of(vec![Item::Table(between), Item::Table(to)]);
        select.set_from(Source::Table(between));
        let column = |table, index| Expr::Column(ColumnRef { table, index });
        let pairs = through.to.iter().zip(self.link.to);
        let equals = pairs.map(|(&own, &other)| Expr::binary(BinaryOp::Eq, column(between, own), column(to, other)));
        let on = Expr::All(equals.collect());
        select.join_first(vec![Join {
            kind: JoinKind::Left,
            source: Source::Table(to),
            on: Some(on),
            deleted: DeletedRows::Hidden,
        }]);
        Read { select, keyed, order: self.to, models: vec![through.between.read, self.read] }
    }
}

/// The database finds keys equal that are not.
fn unknown_key(ends: &Ends) -> Error {
    let message = format!(
        "`{}`: only the database knows which of these keys are equal, so what belongs to what can't be told apart in memory: ask for the rows \
         by a statement",
        ends.name()
    );
    Error::new(ErrorKind::Unsupported, message).with_table(ends.to.name)
}

fn not_there(ends: &Ends) -> Error {
    let message = format!("`{}`: an entity of {} refers to a row that is not there", ends.name(), ends.from.name);
    Error::new(ErrorKind::NotFound, message).with_table(ends.to.name)
}
