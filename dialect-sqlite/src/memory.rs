//! [`MemoryPlace`]: where a database in memory is that several connections can open.
//!
//! SQLite's own databases in memory are of no use for that. A plain one belongs to one connection; the `memdb` file system
//! lends one to several, but refuses to read it while a transaction is writing. So the database is a file on a file system
//! in memory (`/dev/shm` on Linux, else the folder for temporary files), in WAL mode and never synchronised: readers see
//! what was committed while a writer goes on. How full it may get is up to that file system; in a container `/dev/shm` may
//! be small.
//!
//! No other process has business there, so on Unix the locks stay within this one (`unix-excl`). That makes a read cost
//! what it costs in a plain database in memory (a point read some 0.9 µs, plain 0.6, memdb 0.8), where locks of the
//! operating system would make it 3 to 5.

use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};

use creole_core::Result;

use crate::url::config;

/// What the folders of databases begin with that are in use, or were when their program was killed.
const PREFIX: &str = "creole-sqlite-";

/// What they begin with while they are being made.
const UNFINISHED: &str = "creole-new-";

/// A folder with a database that goes when nobody has it any more.
#[derive(Debug)]
pub(crate) struct MemoryPlace {
    folder: PathBuf,
    /// Locked as long as this program lives, so that others can tell an abandoned folder.
    _lock: File,
}

impl MemoryPlace {
    /// Makes a folder that only this user can look into, and removes those that killed programs have left behind.
    pub(crate) fn create() -> Result<MemoryPlace> {
        let shared = Path::new("/dev/shm");
        if let Ok(place) = MemoryPlace::create_in(shared) {
            return Ok(place);
        }
        MemoryPlace::create_in(&std::env::temp_dir())
            .map_err(|error| config(format!("no folder for a database in memory could be made: {}", error.kind())))
    }

    /// The database's path.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join("db")
    }

    fn create_in(parent: &Path) -> io::Result<MemoryPlace> {
        sweep(parent);
        let name = format!("{:016x}", RandomState::new().hash_one(std::process::id()));
        // The lock is taken under a name that nobody sweeps.
        let unfinished = parent.join(format!("{UNFINISHED}{name}"));
        make_private(&unfinished)?;
        let lock = File::create(unfinished.join("lock"))?;
        lock.lock()?;
        let folder = parent.join(format!("{PREFIX}{name}"));
        fs::rename(&unfinished, &folder)?;
        Ok(MemoryPlace { folder, _lock: lock })
    }
}

impl Drop for MemoryPlace {
    fn drop(&mut self) {
        // What can't be removed now is swept by the next program.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Removes the folders whose programs are gone, as far as they are this user's.
fn sweep(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let Ok(lock) = File::open(entry.path().join("lock")) else { continue };
        if lock.try_lock().is_ok() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(unix)]
fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)
}
