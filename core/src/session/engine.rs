//! Sessions of an [`Engine`].

use super::Session;
use crate::dialect::TxOptions;
use crate::exec::Engine;

impl Engine {
    /// A new session. It asks for a connection when it first needs one.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let mut session = engine.session();
    /// let dora = User { email: "dora@example.com".into(), name: "Dora".into(), ..Default::default() };
    /// session.add(dora);
    /// session.commit().await?;
    /// assert_eq!(User::select().count(&engine).await?, 4);
    /// # Ok(())
    /// # }
    /// ```
    pub fn session(&self) -> Session {
        Session::new(self.clone(), TxOptions::new())
    }

    /// A new session whose transactions are begun with these options, each of them.
    ///
    /// What the backend can't have is [`Unsupported`](crate::ErrorKind::Unsupported) when the session first needs its
    /// connection, and [`retries`](TxOptions::retries) are refused with [`Config`](crate::ErrorKind::Config): a session can't run
    /// a program's work again.
    ///
    /// ```
    /// use creole::prelude::*;
    ///
    /// #[derive(Model, Debug)]
    /// #[model(table = "accounts")]
    /// struct Account {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     balance: i64,
    /// }
    ///
    /// # #[tokio::main]
    /// # async fn main() -> creole::Result<()> {
    /// let engine = Engine::connect("sqlite::memory:").await?;
    /// engine.create_all(tables![Account]).await?;
    /// let mut session = engine.session_with(TxOptions::serializable());
    /// let account = session.add(Account { id: 1, balance: 5 });
    /// session.flush().await?;
    /// session[account].balance -= 3;
    /// session.commit().await?;
    ///
    /// let mut report = engine.session_with(TxOptions::serializable().read_only());
    /// assert_eq!(Account::find(1, &mut report).await?.map(|account| account.balance), Some(2));
    /// # Ok(())
    /// # }
    /// ```
    pub fn session_with(&self, options: TxOptions) -> Session {
        Session::new(self.clone(), options)
    }
}
