//! Opening a database and setting it up the way the dialect relies on.

use std::ffi::c_int;
use std::path::Path;
use std::time::{Duration, Instant};

use creole_core::Result;
use creole_core::driver::Role;
use creole_core::error::ErrorKind;
use rusqlite::config::DbConfig;
use rusqlite::hooks::Wal;
use rusqlite::{Connection, OpenFlags};

use crate::error::from_rusqlite;
use crate::url::{Mode, Synchronous, config};
use crate::{collation, executor, functions, handlers};

/// How many prepared statements a connection keeps.
const STATEMENTS: usize = 256;

/// How many pages of log there are when they are written back into the file; SQLite's own number.
const CHECKPOINT: c_int = 1_000;

/// A database file and how it is opened.
pub(crate) struct DatabaseFile<'a> {
    pub(crate) path: &'a Path,
    pub(crate) mode: Mode,
    pub(crate) synchronous: Synchronous,
    pub(crate) sharing: Sharing,
    /// How long to wait for other connections that are opening the file.
    pub(crate) patience: Duration,
}

/// Who else may have a file open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// Any process of this machine.
    Processes,
    /// This process only, so that its connections need no system call to lock one another out.
    Connections,
}

/// Opens a database file.
pub(crate) fn open_file(file: &DatabaseFile<'_>, role: Role) -> Result<Connection> {
    let path = file.path;
    let access = match file.mode {
        Mode::ReadOnly => OpenFlags::SQLITE_OPEN_READ_ONLY,
        Mode::ReadWrite => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Mode::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
    };
    if file.mode != Mode::Create && !path.exists() {
        return Err(config(format!("there is no file {}, and only mode=rwc creates one", path.display())));
    }
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = match file.sharing {
        Sharing::Connections if cfg!(unix) => Connection::open_with_flags_and_vfs(path, flags, "unix-excl"),
        _ => Connection::open_with_flags(path, flags),
    };
    let db = db.map_err(|error| {
        let error = from_rusqlite(error, None);
        match error.kind() {
            ErrorKind::ConnectionLost => {
                let message = format!("the file {} can't be opened; is its folder there, and yours?", path.display());
                error.into_kind(ErrorKind::Config, message)
            }
            _ => error,
        }
    })?;
    set_up(&db)?;
    if file.mode != Mode::ReadOnly {
        write_ahead(&db, path, file.patience)?;
        pragma(&db, "synchronous", file.synchronous.sql())?;
        db.wal_hook(Some(checkpoint));
    }
    if role == Role::Reader {
        pragma(&db, "query_only", "ON")?;
    }
    Ok(db)
}

/// Opens a plain database in memory, which belongs to this one connection.
pub(crate) fn open_memory() -> Result<Connection> {
    let db = Connection::open_in_memory().map_err(|error| from_rusqlite(error, None))?;
    set_up(&db)?;
    Ok(db)
}

fn set_up(db: &Connection) -> Result<()> {
    let switches = [
        (DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        // Else a misspelt column in double quotes would be a text.
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
    ];
    for (switch, setting) in switches {
        let result = db.set_db_config(switch, setting).map_err(|error| from_rusqlite(error, None))?;
        if result != setting {
            return Err(config("this build of SQLite does not let its settings be changed"));
        }
    }
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    functions::install(db).map_err(|error| from_rusqlite(error, None))?;
    db.create_collation(collation::CASE_INSENSITIVE, collation::compare).map_err(|error| from_rusqlite(error, None))?;
    handlers::install(db).map_err(|error| from_rusqlite(error, None))?;
    pragma(db, "case_sensitive_like", "ON")
}

/// Sets the journal mode in which readers and a writer do not wait for each other. The switch itself is refused, without a
/// wait, while another connection is looking at the file, so it is tried again.
fn write_ahead(db: &Connection, path: &Path, patience: Duration) -> Result<()> {
    let give_up = Instant::now() + patience;
    let mode: String = loop {
        match db.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)) {
            Ok(mode) => break mode,
            Err(error) => {
                let error = from_rusqlite(error, None);
                if error.kind() != ErrorKind::LockTimeout || Instant::now() > give_up {
                    return Err(error);
                }
                executor::sleep(Duration::from_millis(2));
            }
        }
    };
    if mode == "wal" {
        return Ok(());
    }
    Err(config(format!("the file {} can't be put into WAL mode; is it on a network?", path.display())))
}

/// Writes the log back where it has grown long. SQLite would do it as part of the commit just as well, but not out of the
/// way of other tasks. What another connection keeps from being written back now is written back later.
fn checkpoint(log: &Wal, pages: c_int) -> rusqlite::Result<()> {
    if pages >= CHECKPOINT {
        let _ = executor::outside(|| log.checkpoint());
    }
    Ok(())
}

fn pragma(db: &Connection, name: &str, value: &str) -> Result<()> {
    db.execute_batch(&format!("PRAGMA {name} = {value}")).map_err(|error| from_rusqlite(error, None))
}
