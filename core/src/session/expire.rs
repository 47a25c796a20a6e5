//! [`Session::expire`]: entities that are made stale by hand.

use super::identity_map::resolve;
use super::{Session, Tracked};
use crate::model::Model;

impl Session {
    /// Makes an entity stale, after its row was changed in a way that the session does not see: by a trigger, by a function
    /// that a SELECT of your own text calls, by another session whose changes should be seen.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let ada = session.get::<User>(1).await?.expect("she is in the shop");
    /// update::<User>().set(User::name, "Lady Ada").filter(User::id.eq(1)).exec(&engine).await?;
    /// session.get::<User>(1).await?;
    /// assert_eq!(session[ada].name, "Ada"); // Another connection changed the row.
    /// session.expire(ada);
    /// session.get::<User>(1).await?;
    /// assert_eq!(session[ada].name, "Lady Ada");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// As indexing does, where the handle is not one of this session's.
    #[track_caller]
    pub fn expire<M: Model>(&mut self, handle: Tracked<M>) {
        if let Err(error) = resolve(&self.map, self.id, handle) {
            panic!("{error}");
        }
        self.map.expire(handle.slot);
    }

    /// Makes every entity of a model stale, as [`expire`](Session::expire) does one, and those of other models of its table.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let ada = session.get_one::<User>(1).await?;
    /// let lamp = session.get_one::<Order>(1).await?;
    /// update::<User>().set(User::age, 50).all_rows().exec(&engine).await?;
    /// update::<Order>().set(Order::price, 1).all_rows().exec(&engine).await?;
    ///
    /// session.expire_all_of::<User>();
    /// session.get_one::<User>(1).await?;
    /// session.get_one::<Order>(1).await?; // No statement: orders are as they were.
    /// assert_eq!((session[ada].age, session[lamp].price), (Some(50), 3000));
    /// # Ok(())
    /// # }
    /// ```
    pub fn expire_all_of<M: Model>(&mut self) {
        self.map.writes.expire(M::table());
    }

    /// Makes every entity stale, as [`expire`](Session::expire) does one.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// # let mut session = engine.session();
    /// let users = User::select().order_by(User::id).track(&mut session).await?;
    /// update::<User>().set(User::age, 50).all_rows().exec(&engine).await?;
    /// session.expire_all();
    /// User::select().track(&mut session).await?; // Reads them all anew, by one statement.
    /// assert!(users.iter().all(|&user| session[user].age == Some(50)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn expire_all(&mut self) {
        self.map.writes.expire_all();
    }
}
