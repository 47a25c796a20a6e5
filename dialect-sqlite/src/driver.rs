//! [`open`] and the driver behind it.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use creole_core::Result;
use creole_core::dialect::Dialect;
use creole_core::driver::{Connection, Driver, PoolShape, Role};

use crate::connection::SqliteConnection;
use crate::dialect::Sqlite;
use crate::handlers::{Call, Ground};
use crate::memory::MemoryPlace;
use crate::setup::{DatabaseFile, Sharing};
use crate::statement::Commit;
use crate::url::{Connections, Mode, Place, Settings, Synchronous};
use crate::{executor, setup};

/// The driver of the database that `url` names.
///
/// | URL | database |
/// | --- | --- |
/// | `sqlite:app.db`, `sqlite:./dir/app.db` | a file, from the working directory |
/// | `sqlite:///dir/app.db` | a file, by its absolute path |
/// | `sqlite::memory:` | a private database in memory, gone with the engine |
///
/// Characters of a path may be percent-encoded; `?` and `%` must be. Options follow a `?` and are joined by `&`:
///
/// | option | meaning | else |
/// | --- | --- | --- |
/// | `mode` | `ro` only reads, `rw` writes, `rwc` creates the file too | `rwc` |
/// | `synchronous` | `off`, `normal`, `full`, `extra`: whether what was committed survives a power cut; it does from `full` on | `full` |
/// | `busy_timeout` | how long to wait for another process's lock, in milliseconds | `5000` |
/// | `connections=1` | one connection in all, and for `:memory:` SQLite's plain database in memory, which is faster | one that writes, several that read |
///
/// With `sqlite::memory:?connections=1` the database *is* its one connection: where that is closed, everything is gone, and the
/// next statement finds an empty database. It is closed where the pool can't know its state: when the future of a statement is
/// dropped half-way (a stream may be), and when a session with an open transaction is dropped outside a Tokio runtime, where nobody can roll
/// back. Commit or roll back before the runtime ends, or use `sqlite::memory:`, which outlives its connections. The pool closes
/// a single connection neither for its age nor for being idle.
///
/// # Errors
/// [`Config`](creole_core::ErrorKind::Config) where the URL is wrong. Whether the file can be opened shows when a
/// connection is made.
pub async fn open(url: &str) -> Result<Arc<dyn Driver>> {
    let settings = Settings::parse(url)?;
    let store = match (&settings.place, settings.connections) {
        (Place::File(path), _) => Store::File(path.clone()),
        (Place::Memory, Connections::One) => Store::Private,
        (Place::Memory, Connections::Several) => Store::Memory(Arc::new(MemoryPlace::create()?)),
    };
    Ok(Arc::new(SqliteDriver { settings, store }))
}

/// Makes connections to one SQLite database.
struct SqliteDriver {
    settings: Settings,
    store: Store,
}

#[derive(Debug, Clone)]
enum Store {
    File(PathBuf),
    /// Shared by the driver and its connections; the last of them removes it.
    Memory(Arc<MemoryPlace>),
    Private,
}

impl SqliteDriver {
    fn open(&self, role: Role) -> Result<rusqlite::Connection> {
        let _call = Call::begin(Ground::Task, self.settings.busy_timeout, None);
        let settings = &self.settings;
        match &self.store {
            Store::File(path) => {
                let file = DatabaseFile {
                    path,
                    mode: settings.mode,
                    synchronous: settings.synchronous,
                    sharing: Sharing::Processes,
                    patience: settings.busy_timeout,
                };
                setup::open_file(&file, role)
            }
            Store::Memory(place) => {
                let file = DatabaseFile {
                    path: &place.path(),
                    mode: Mode::Create,
                    synchronous: Synchronous::Off,
                    sharing: Sharing::Connections,
                    patience: settings.busy_timeout,
                };
                setup::open_file(&file, role)
            }
            Store::Private => setup::open_memory(),
        }
    }
}

#[async_trait]
impl Driver for SqliteDriver {
    fn dialect(&self) -> &'static dyn Dialect {
        &Sqlite
    }

    fn pool_shape(&self) -> PoolShape {
        match self.settings.connections {
            Connections::Several => PoolShape::OneWriter,
            Connections::One => PoolShape::Single,
        }
    }

    async fn connect(&self, role: Role) -> Result<Box<dyn Connection>> {
        let db = executor::outside(|| self.open(role))?;
        let place = match &self.store {
            Store::Memory(place) => Some(Arc::clone(place)),
            Store::File(_) | Store::Private => None,
        };
        // With less than FULL only writing the log back waits for the disk, which gets out of the way by itself.
        let waits = matches!(self.store, Store::File(_))
            && matches!(self.settings.synchronous, Synchronous::Full | Synchronous::Extra);
        let commit = if waits && role == Role::Writer { Commit::Waits } else { Commit::Quick };
        Ok(Box::new(SqliteConnection::new(db, self.settings.busy_timeout, commit, place)))
    }
}

impl fmt::Debug for SqliteDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteDriver").field("settings", &self.settings).finish_non_exhaustive()
    }
}
