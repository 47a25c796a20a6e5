//! [`open`], and the driver it makes.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use creole_core::dialect::Dialect;
use creole_core::driver::{Connection, Driver, Role};
use creole_core::{Error, ErrorKind, Result};
use sqlx::Connection as _;

use crate::cancel::Canceller;
use crate::connection::{CLOSE_LIMIT, MySqlConnection};
use crate::dialect::Flavor;
use crate::server::reach;
use crate::url::Settings;

/// Opens a database by its URL: `mysql://user:password@host:3306/database?option=value`, or `mariadb://…`, which means the
/// same. A server is asked once which of the two it is.
///
/// Options, after a `?` and with `&` between them: `ssl-mode` (`disabled`, `preferred`, which is the default, `required`,
/// `verify_ca`, `verify_identity`), `ssl-ca`, `ssl-cert` and `ssl-key` (paths), `socket` (a path), `connect_timeout`
/// (seconds; 10), `statement_cache` (prepared statements per connection; 256; all connections of all programs share the
/// server's `max_prepared_stmt_count`), `isolation=server` (do not make READ COMMITTED the default).
///
/// # Errors
/// [`Config`](ErrorKind::Config) for a URL that is wrong or a database that is not there,
/// [`ConnectionLost`](ErrorKind::ConnectionLost) where nobody answers, [`Auth`](ErrorKind::Auth),
/// [`Tls`](ErrorKind::Tls), [`Unsupported`](ErrorKind::Unsupported) for a server that is too old.
pub async fn open(url: &str) -> Result<Arc<dyn Driver>> {
    let settings = Settings::parse(url)?;
    let (probe, server) = reach(&settings).await?;
    // The server has said what it is; whether it hears the goodbye does not matter.
    let _ = tokio::time::timeout(CLOSE_LIMIT, probe.close()).await;
    Ok(Arc::new(MySqlDriver { settings: Arc::new(settings), flavor: server.flavor }))
}

/// Makes connections to one MySQL or MariaDB server.
struct MySqlDriver {
    settings: Arc<Settings>,
    flavor: Flavor,
}

#[async_trait]
impl Driver for MySqlDriver {
    fn dialect(&self) -> &'static dyn Dialect {
        self.flavor.dialect()
    }

    async fn connect(&self, _role: Role) -> Result<Box<dyn Connection>> {
        let (connection, server) = reach(&self.settings).await?;
        if server.flavor != self.flavor {
            let (was, is) = (self.flavor.name(), server.flavor.dialect().name());
            return Err(Error::new(
                ErrorKind::Config,
                format!("the server was {was} when the database was opened and is {is} now: one URL must lead to one"),
            ));
        }
        let canceller = Canceller::new(self.settings.clone(), server.whereabouts.clone());
        Ok(Box::new(MySqlConnection::new(connection, server, canceller, self.settings.statement_cache)))
    }
}

impl fmt::Debug for MySqlDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MySqlDriver").field("flavor", &self.flavor).field("settings", &self.settings).finish()
    }
}
