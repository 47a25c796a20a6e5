//! What a session has not written yet, as far as the program asks for it.

use std::collections::{BTreeMap, BTreeSet};

use super::entity::{Entry, State};
use super::identity_map::resolve;
use super::{Session, Tracked};
use crate::model::{Model, RowKey};
use crate::types::Value;

/// A column of an entity that differs from its row, as the session knows that. Its values are for the program: `Debug` shows none.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// # let mut session = engine.session();
/// use creole::session::Change;
/// use creole::types::ValueRef;
///
/// let ada = session.get_one::<User>(1).await?;
/// session[ada].age = None;
/// let changes: Vec<Change> = session.changes(ada);
/// assert_eq!((changes[0].column, changes[0].old.as_ref()), ("age", ValueRef::I64(36)));
/// assert_eq!(changes[0].new.as_ref(), ValueRef::Null);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// The column's name.
    pub column: &'static str,
    /// What the row holds.
    pub old: Value,
    /// What the next flush writes. Where that is the key of an entity that is still to be inserted, what the column holds until then.
    pub new: Value,
    /// Whether [`new`](Change::new) is only known once the entity that this one refers to is inserted.
    pub is_awaited: bool,
}

impl Session {
    /// The entities of a model that the next flush inserts, in the order in which they were added.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let dora = session.add(User { email: "dora@example.com".into(), ..Default::default() });
    /// assert_eq!(session.pending::<User>(), [dora]);
    /// session.flush().await?;
    /// assert!(session.pending::<User>().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn pending<M: Model>(&self) -> Vec<Tracked<M>> {
        self.unwritten(|entry| entry.state == State::Pending)
    }

    /// The entities of a model that the next flush updates, because they differ from their rows.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let users = User::select().order_by(User::id).track(&mut session).await?;
    /// session[users[0]].age = None;
    /// session[users[1]].age = Some(41); // As before.
    /// assert_eq!(session.dirty::<User>(), [users[0]]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn dirty<M: Model>(&self) -> Vec<Tracked<M>> {
        self.unwritten(|entry| entry.state == State::Persistent && entry.is_unwritten())
    }

    /// The entities of a model whose rows the next flush deletes. Their handles are spent, and tell which they are.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let lamp = session.get_one::<Order>(1).await?;
    /// session.delete(lamp);
    /// assert_eq!(session.deleted::<Order>(), [lamp]);
    /// session.flush().await?;
    /// assert!(session.deleted::<Order>().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn deleted<M: Model>(&self) -> Vec<Tracked<M>> {
        self.unwritten(|entry| matches!(entry.state, State::Deleting | State::Marking))
    }

    /// Whether an entity differs from its row, so that the next flush updates it. One that is [pending](Session::pending) has no row to
    /// differ from.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let ada = session.get_one::<User>(1).await?;
    /// session[ada].name.push('!');
    /// assert!(session.is_modified(ada));
    /// session[ada].name.pop();
    /// assert!(!session.is_modified(ada)); // Nothing is written.
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// As indexing does, where the handle is not one of this session's.
    #[track_caller]
    pub fn is_modified<M: Model>(&self, handle: Tracked<M>) -> bool {
        let entry = self.entry(handle);
        entry.state == State::Persistent && entry.is_unwritten()
    }

    /// The columns of an entity that differ from its row, as the session knows that, in the order of the model: what the next
    /// flush writes, beside what every UPDATE does (`on_update`). Nothing of an entity that is [pending](Session::pending).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let ada = session.get_one::<User>(1).await?;
    /// session[ada].name = "Lady Ada".into();
    /// session[ada].age = None;
    /// let columns: Vec<&str> = session.changes(ada).iter().map(|change| change.column).collect();
    /// assert_eq!(columns, ["name", "age"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// As indexing does, where the handle is not one of this session's.
    #[track_caller]
    pub fn changes<M: Model>(&self, handle: Tracked<M>) -> Vec<Change> {
        let entry = self.entry(handle);
        if entry.state != State::Persistent {
            return Vec::new();
        }
        let awaited: BTreeSet<u16> = entry.unknown().collect();
        let mut differences: BTreeMap<u16, Value> = entry.differences().into_iter().collect();
        for &column in &awaited {
            differences.entry(column).or_insert_with(|| entry.entity.value(column).to_owned());
        }
        let change = |(column, new): (u16, Value)| {
            let name = M::table().column(column)?.name;
            let old = entry.before(column).to_owned();
            Some(Change { column: name, old, new, is_awaited: awaited.contains(&column) })
        };
        differences.into_iter().filter_map(change).collect()
    }

    /// The entity of a model that is to be inserted with this key.
    pub(super) fn pending_with<M: Model>(&self, key: &RowKey) -> Option<Tracked<M>> {
        let has_key = |entry: &Entry| entry.state == State::Pending && entry.entity.row_key() == *key;
        self.unwritten(has_key).first().copied()
    }

    #[track_caller]
    fn entry<M: Model>(&self, handle: Tracked<M>) -> &Entry {
        match resolve(&self.map, self.id, handle) {
            Ok(entry) => entry,
            Err(error) => panic!("{error}"),
        }
    }

    fn unwritten<M: Model>(&self, is_one: impl Fn(&Entry) -> bool) -> Vec<Tracked<M>> {
        let is_one = |(_, entry): &(usize, &Entry)| entry.entity.as_any().is::<M>() && is_one(entry);
        let slots = self.map.unwritten_slots().filter(is_one);
        slots.map(|(slot, _)| Tracked::new(self.id, slot)).collect()
    }
}
