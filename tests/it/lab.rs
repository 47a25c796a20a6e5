//! Engines of a test's own, with other options than the one it is given.

use std::path::PathBuf;
use std::time::Duration;

use creole::prelude::*;
use creole::{EngineBuilder, PoolOptions};

use crate::raw;
use crate::spying::{Sent, Spying};
use crate::yielding::Yielding;

/// A database that several engines can open: the test's own on a server, a file of its own on SQLite.
pub(crate) struct Lab {
    url: String,
    folder: Option<PathBuf>,
}

impl Lab {
    /// The lab of a test that was given this engine.
    pub(crate) fn of(given: &Engine) -> Lab {
        if given.dialect().name() != "sqlite" {
            return Lab { url: creole::testing::url(), folder: None };
        }
        let folder = std::env::temp_dir().join(format!("creole-lab-{}", Uuid::now_v7()));
        std::fs::create_dir(&folder).expect("a folder for a database file");
        // A short wait for the lock of another engine, so that waiting in vain does not hold a test up.
        let url = format!("sqlite:{}?synchronous=off&busy_timeout=200", folder.join("lab.db").display());
        Lab { url, folder: Some(folder) }
    }

    /// The database's URL.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// An engine of few connections, whose limits leave a busy machine its time.
    pub(crate) fn builder(&self) -> EngineBuilder {
        Engine::builder(&self.url)
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(60))
            .release_timeout(Duration::from_secs(10))
    }

    /// Pool options of the same kind.
    pub(crate) fn options(&self) -> PoolOptions {
        PoolOptions::default()
            .max_connections(3)
            .acquire_timeout(Duration::from_secs(60))
            .release_timeout(Duration::from_secs(10))
    }

    /// An engine on which every call to the database hands the task over before it is made and after it was answered, so
    /// that its future can be dropped there.
    pub(crate) async fn yielding(&self) -> creole::Result<Engine> {
        self.yielding_with(self.options()).await
    }

    /// An engine that notes what it sends.
    pub(crate) async fn spied(&self) -> creole::Result<(Engine, Sent)> {
        let (driver, sent) = Spying::around(raw::driver(&self.url).await?);
        Ok((Engine::open(driver, self.options()).await?, sent))
    }

    /// The same with other options.
    pub(crate) async fn yielding_with(&self, options: PoolOptions) -> creole::Result<Engine> {
        Engine::open(Yielding::around(raw::driver(&self.url).await?), options).await
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}
