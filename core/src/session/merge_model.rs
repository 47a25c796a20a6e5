//! [`Session::merge`]: what a copy of an entity holds becomes what the entity holds.

use std::panic::Location;

use super::attach::is_unnumbered;
use super::entity::columns;
use super::{Session, Tracked};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Model, RowKey};
use crate::query::{ColumnList, not_found};
use crate::schema::{ColumnDef, Table, Written};

impl Session {
    /// Brings a detached copy back: the values of the model become those of the entity with its key. That one is the session's,
    /// or its row is read; where there is no such row, the model is [added](Session::add). At the next flush what differs from
    /// the row is written, and nothing where nothing does.
    ///
    /// A row that is marked as deleted is such a row, and lives again where the copy is not marked.
    ///
    /// Columns that every UPDATE writes by itself (`on_update`) and fields that are no columns are left as the entity has them.
    /// All other values go over, those too that the copy has only because it was made with `..Default::default()`, and those that are
    /// older than the row's: where only some were filled in, name them with [`merge_columns`](Session::merge_columns).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let mut ada: User = User::find(1, &engine).await?.expect("she is in the shop");
    /// ada.age = Some(37); // By a form, perhaps in another process.
    ///
    /// let merged = session.merge(ada).await?;
    /// assert_eq!(session.changes(merged).len(), 1);
    /// session.commit().await?; // SET age
    /// assert_eq!(User::find(1, &engine).await?.and_then(|user| user.age), Some(37));
    ///
    /// let eve = User { email: "eve@example.com".into(), ..Default::default() };
    /// let eve = session.merge(eve).await?; // It has no key yet, so it is new.
    /// session.commit().await?;
    /// assert_eq!(session[eve].id, 4);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What reading the row says; [`InvalidValue`](ErrorKind::InvalidValue) where the model holds what no column can: the entity is
    /// then as it was.
    #[track_caller]
    pub fn merge<M: Model>(&mut self, model: M) -> impl Future<Output = Result<Tracked<M>>> + Send {
        let caller = Location::caller();
        async move {
            let model = self.claimed(model)?;
            let mut entity = self.counterpart(&model, caller).await?;
            if entity.is_none() && !is_unnumbered(&model) {
                entity = self.marked_with(model.key(), caller).await?;
            }
            match entity {
                Some(entity) => self.take_values(entity, &mergeable(M::table()), &model).map(|()| entity),
                None => Ok(self.add(model)),
            }
        }
    }

    /// As [`merge`](Session::merge), for the named columns alone. There must be such a row: what has only some values is none.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// // A form of two fields.
    /// let form = User { id: 1, name: "Lady Ada".into(), age: Some(37), ..Default::default() };
    /// let ada = session.merge_columns((User::name, User::age), form).await?;
    /// session.commit().await?;
    /// assert_eq!((&*session[ada].name, &*session[ada].email), ("Lady Ada", "ada@example.com"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) with the table if there is no such row; [`Unsupported`](ErrorKind::Unsupported) if a column
    /// is one of the primary key, by which the row is found; as `merge`.
    #[track_caller]
    pub fn merge_columns<M: Model>(
        &mut self,
        columns: impl ColumnList<M>,
        model: M,
    ) -> impl Future<Output = Result<Tracked<M>>> + Send {
        let (columns, caller) = (columns.places(), Location::caller());
        async move {
            let table = M::table();
            let keys: Vec<u16> = columns.iter().copied().filter(|column| table.primary_key.contains(column)).collect();
            if !keys.is_empty() {
                let message = "a row to merge into is found by its primary key, which is not merged itself: leave it out of the columns";
                let error = Error::new(ErrorKind::Unsupported, message).with_table(table.name);
                return Err(error.with_columns(table.column_names(&keys)));
            }
            let model = self.claimed(model)?;
            let entity = self.counterpart(&model, caller).await?.ok_or_else(|| not_found(Some(table)))?;
            self.take_values(entity, &columns, &model).map(|()| entity)
        }
    }

    /// The entity of the row that a model is a copy of.
    async fn counterpart<M: Model>(
        &mut self,
        model: &M,
        caller: &'static Location<'static>,
    ) -> Result<Option<Tracked<M>>> {
        if is_unnumbered(model) {
            return Ok(None);
        }
        if let Some(found) = self.get_from(model.key(), caller).await? {
            return Ok(Some(found));
        }
        let key = RowKey::primary(M::table(), |_, column| model.bind(column));
        Ok(self.pending_with(&key))
    }

    /// Writes a model's values to an entity: all of them, or none.
    pub(super) fn take_values<M: Model>(&mut self, handle: Tracked<M>, columns: &[u16], model: &M) -> Result<()> {
        self.try_get_mut(handle)?;
        let Some(entry) = self.map.get_mut(handle.slot) else { return Ok(()) };
        let before = entry.entity.values();
        for &column in columns {
            if let Err(error) = entry.take_value(column, model) {
                entry.entity.restore(&before)?;
                let name = M::table().column(column).map(|column| column.name);
                let message = "a value of the model can't be one of its column";
                let error = error.into_kind(ErrorKind::InvalidValue, message).with_table(M::table().name);
                return Err(error.with_columns(name));
            }
        }
        Ok(())
    }
}

/// The columns that a copy has values of its own for.
pub(super) fn mergeable(table: &'static Table) -> Vec<u16> {
    let is_made = |column: &ColumnDef| column.on_update.is_some() || column.written == Written::Once;
    let is_made = |column: u16| table.column(column).is_some_and(is_made);
    columns(table).filter(|column| !table.primary_key.contains(column) && !is_made(*column)).collect()
}
