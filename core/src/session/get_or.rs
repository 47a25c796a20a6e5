//! [`Session::get_one`] and [`Session::get_or`]: an entity that must be there, and one that is added where it is not.

use std::panic::Location;

use super::merge_model::mergeable;
use super::{Session, Tracked};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{IntoKey, Key, Model, RowKey};
use crate::query::not_found;

impl Session {
    /// As [`get`](Session::get), where there must be such a row.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let ada = session.get_one::<User>(1).await?;
    /// assert_eq!(session[ada].name, "Ada");
    ///
    /// let error = session.get_one::<User>(99).await.unwrap_err();
    /// assert_eq!((error.kind(), error.table()), (ErrorKind::NotFound, Some("users")));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) with the table where there is none; what running the statement says.
    #[track_caller]
    pub fn get_one<M: Model>(
        &mut self,
        key: impl IntoKey<M::Key> + Send,
    ) -> impl Future<Output = Result<Tracked<M>>> + Send {
        let (key, caller) = (key.into_key(), Location::caller());
        async move { self.get_from(key, caller).await?.ok_or_else(|| not_found(Some(M::table()))) }
    }

    /// As [`get`](Session::get), and where there is no such row, `make` makes the entity, which is [added](Session::add). A row that is
    /// marked as deleted gets the values of what was made, and lives again. What is added is
    /// inserted at the next flush; where somebody else has inserted the row by then, that is a
    /// [`UniqueViolation`](ErrorKind::UniqueViolation). A row that is to be there at once, whoever is first, is an
    /// [`upsert`](Session::upsert).
    ///
    /// ```
    /// use creole::prelude::*;
    ///
    /// #[derive(Model, Debug)]
    /// #[model(table = "visits")]
    /// struct Visits {
    ///     #[model(primary_key, length = 200)]
    ///     page: String,
    ///     count: i64,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # engine.create_all(tables![Visits]).await?;
    /// let mut session = engine.session();
    /// for page in ["/", "/about", "/"] {
    ///     let visits = session.get_or(page, || Visits { page: page.to_owned(), count: 0 }).await?;
    ///     session[visits].count += 1;
    /// }
    /// session.commit().await?;
    /// assert_eq!(Visits::find("/", &engine).await?.map(|visits| visits.count), Some(2));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`InvalidValue`](ErrorKind::InvalidValue) where what `make` makes has another key, as one that the database is to number
    /// has; what running the statement says.
    #[track_caller]
    pub fn get_or<M: Model, F: FnOnce() -> M + Send>(
        &mut self,
        key: impl IntoKey<M::Key> + Send,
        make: F,
    ) -> impl Future<Output = Result<Tracked<M>>> + Send {
        let (key, caller) = (key.into_key(), Location::caller());
        async move {
            if let Some(found) = self.get_from(key.clone(), caller).await? {
                return Ok(found);
            }
            let table = M::table();
            let wanted = RowKey::primary(table, |index, _| key.value(index));
            if let Some(pending) = self.pending_with(&wanted) {
                return Ok(pending);
            }
            let model = self.claimed(make())?;
            if RowKey::primary(table, |_, column| model.bind(column)) != wanted {
                let message = "the entity that was made for a key that is not there has another key";
                let error = Error::new(ErrorKind::InvalidValue, message).with_table(table.name);
                return Err(error.with_columns(table.column_names(table.primary_key)));
            }
            let Some(marked) = self.marked_with(key, caller).await? else { return Ok(self.add(model)) };
            self.take_values(marked, &mergeable(table), &model).map(|()| marked)
        }
    }
}
