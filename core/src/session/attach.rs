//! [`Session::add_all`] and [`Session::attach`]: models that become entities.

use super::kept::KnownTexts;
use super::writes::Writer;
use super::{Session, Tracked};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;

impl Session {
    /// Adds entities, as [`add`](Session::add) does one. Their handles are in the order of the models.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let users = ["dora", "eve"].map(|name| User { email: format!("{name}@example.com"), ..Default::default() });
    /// let users = session.add_all(users);
    /// session.flush().await?; // One INSERT.
    /// assert_eq!(users.iter().map(|&user| session[user].id).collect::<Vec<_>>(), [4, 5]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_all<M: Model>(&mut self, models: impl IntoIterator<Item = M>) -> Vec<Tracked<M>> {
        models.into_iter().map(|model| self.add(model)).collect()
    }

    /// Makes an entity of a row that is there, without reading it: one that another session has detached, or that came over a
    /// wire. Nothing is written until it is changed, and then only what has changed since.
    ///
    /// It is [stale](Session#stale-entities), since the session has not read it: `get` and `refresh` read its row, and a flush
    /// compares the row with the model before it writes a change. So nothing that others have written meanwhile is
    /// overwritten, and a row that is not there is [`StaleVersion`](ErrorKind::StaleVersion). To write what a copy holds that was
    /// changed elsewhere, [`merge`](Session::merge) it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let ada: User = User::find(1, &engine).await?.expect("she is in the shop");
    /// let ada = session.attach(ada)?;
    /// session[ada].age = Some(37);
    /// session.commit().await?; // SET age, and nothing else.
    /// assert_eq!(User::find(1, &engine).await?.and_then(|user| user.age), Some(37));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) if the session has an entity for this row: write to that one, or `merge`;
    /// [`InvalidValue`](ErrorKind::InvalidValue) if the model has no key yet, because the database is to number it.
    pub fn attach<M: Model>(&mut self, model: M) -> Result<Tracked<M>> {
        self.take_notes(Writer::Statement);
        let table = M::table();
        self.engine.tenants().check(table)?;
        let model = self.claimed(model)?;
        let named = |error: Error| error.with_table(table.name).with_columns(table.column_names(table.primary_key));
        if is_unnumbered(&model) {
            let message = "a model that the database has not numbered is no row: `add` it";
            return Err(named(Error::new(ErrorKind::InvalidValue, message)));
        }
        if self.map.holder::<M>(&model.key()).is_some() {
            let message = "the session has an entity of this key already: write to it, or `merge` the model onto it";
            return Err(named(Error::new(ErrorKind::Unsupported, message)));
        }
        let slot = self.map.read(Box::new(model), KnownTexts::default());
        self.map.expire(slot);
        Ok(Tracked::new(self.id, slot))
    }
}

/// Whether the database has yet to number a model.
pub(super) fn is_unnumbered<M: Model>(model: &M) -> bool {
    M::table().auto_column().is_some_and(|column| model.bind(column).is_unnumbered())
}
