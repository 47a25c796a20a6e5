//! Which entity a flush failed with.

use super::Tracked;
use super::entity::State;
use super::identity_map::IdentityMap;
use crate::error::{EntityOf, Error, ErrorKind};
use crate::model::Model;
use crate::schema::Table;
use crate::sql::{Expr, UnaryOp, holds};
use crate::types::ValueRef;

impl Error {
    /// The entity whose write failed in a session's flush, if it is of this model. It stays the same in what the session
    /// answers until it is rolled back.
    ///
    /// It is known where one row is to blame: a key or a unique value that another row has, a reference to nothing, a check, a value
    /// that does not fit, a row that has changed. Entities that are written together fail together, so which of them it was has to be
    /// found out: where the database has undone the statement alone, by writing its rows again in ever smaller groups, which are undone; on
    /// PostgreSQL, whose transaction is over by then, by what it says of the key, where that is of integers, texts, UUIDs or bools, and by a
    /// check of the model's that compares numbers, or whether values are equal. Else, as with other checks of PostgreSQL's or where several rows
    /// were to be deleted and one was gone, there is none.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let mut session = engine.session();
    /// let users = ["dora", "ada", "eve"].map(|name| User { email: format!("{name}@example.com"), ..Default::default() });
    /// let users = session.add_all(users);
    /// let error = session.commit().await.unwrap_err();
    /// assert_eq!(error.entity(), Some(users[1])); // There is an Ada already.
    /// assert!(error.is_unique(User::email));
    /// # Ok(())
    /// # }
    /// ```
    pub fn entity<M: Model>(&self) -> Option<Tracked<M>> {
        let entity = self.0.entity?;
        (entity.model == std::any::TypeId::of::<M>()).then(|| Tracked::new(entity.session, entity.slot))
    }
}

/// Why a flush failed.
pub(super) struct Failed {
    pub(super) error: Error,
    /// The entity that is to blame, if it is known.
    pub(super) slot: Option<usize>,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Failed {
        Failed { error, slot: None }
    }
}

impl Failed {
    /// A failure of the write of one entity.
    pub(super) fn with(slot: usize) -> impl FnOnce(Error) -> Failed {
        move |error| {
            let is_about_it = error.kind().blames_a_row() || error.kind() == ErrorKind::StaleVersion;
            Failed { error: error.without_row(), slot: is_about_it.then_some(slot) }
        }
    }

    /// A failure of a statement that wrote several entities of one model, of which the error may name one.
    pub(super) fn among(error: Error, map: &IdentityMap, table: &'static Table, slots: &[usize]) -> Failed {
        let named = error.row().and_then(|row| slots.get(row)).copied();
        let slot =
            named.or_else(|| with_key(&error, map, table, slots)).or_else(|| unchecked(&error, map, table, slots));
        Failed { error: error.without_row(), slot }
    }

    /// The error, with the entity as a handle of this session.
    pub(super) fn of_session(self, session: u64, map: &IdentityMap) -> Error {
        let Failed { mut error, slot } = self;
        let found = slot.and_then(|slot| Some((slot, map.get(slot)?)));
        error.0.entity = found.map(|(slot, entry)| EntityOf { session, slot, model: entry.entity.as_any().type_id() });
        error
    }
}

/// The last of these entities that has the key which the server names.
fn with_key(error: &Error, map: &IdentityMap, table: &'static Table, slots: &[usize]) -> Option<usize> {
    let key = error.0.key.as_ref()?;
    let place = |name: &String| table.columns.iter().position(|column| column.name == *name);
    let columns: Vec<u16> = key.columns.iter().map(|name| u16::try_from(place(name)?).ok()).collect::<Option<_>>()?;
    let has_key = |slot: &&usize| {
        let Some(entry) = map.get(**slot) else { return false };
        let value = |&column: &u16| match entry.state {
            State::Deleting => text(entry.before(column)),
            _ => text(entry.entity.value(column)),
        };
        let values: Option<Vec<String>> = columns.iter().map(value).collect();
        values.is_some_and(|values| values.join(", ") == key.values)
    };
    slots.iter().rev().find(has_key).copied()
}

/// The first of these entities that certainly does not meet the check which the server names.
fn unchecked(error: &Error, map: &IdentityMap, table: &'static Table, slots: &[usize]) -> Option<usize> {
    if error.kind() != ErrorKind::CheckViolation {
        return None;
    }
    let check = table.checks.iter().find(|check| error.constraint() == Some(&*check.name(table)))?;
    let is_broken = Expr::unary(UnaryOp::Not, (check.condition)());
    let breaks = |slot: &&usize| {
        let entry = map.get(**slot);
        entry.is_some_and(|entry| holds(&is_broken, &|column| entry.entity.value(column).to_owned()) == Some(true))
    };
    slots.iter().find(breaks).copied()
}

/// A value as servers write it, if all write it alike.
fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Bool(value) => Some(if value { "t" } else { "f" }.to_owned()),
        ValueRef::I64(number) => Some(number.to_string()),
        ValueRef::U64(number) => Some(number.to_string()),
        ValueRef::Text(text) => Some(text.to_owned()),
        ValueRef::Display(text) => Some(text.to_string()),
        ValueRef::Uuid(id) => Some(id.to_string()),
        _ => None,
    }
}
