//! Associations: authors with their posts, each with its comments. creole beside SQL by hand and, with the feature `peers`, the loaders of
//! diesel and sea-orm.

pub mod work;
pub mod own;
pub mod rusqlite;
pub mod sqlx;
#[cfg(feature = "peers")]
pub mod diesel;
#[cfg(feature = "peers")]
pub mod diesel_async;
#[cfg(feature = "peers")]
pub mod sea_orm;

use std::path::Path;
use std::time::Duration;

use ::sqlx::mysql::MySqlConnection;
use ::sqlx::postgres::PgConnection;
use ::sqlx::{ConnectOptions as _, Connection as _};
use creole::prelude::*;
use creole::query::Raw;
use tokio::runtime::Runtime;

use crate::harness::{Case, Contestant, compete, print_with_fastest, repeat};
use crate::mysql::{self, Server};
use crate::{Failure, postgres, sqlite};

/// How many authors are loaded on SQLite, and on servers.
const AUTHORS: [i64; 2] = [9, 100];

/// How many times as many there are in the second case.
const TIMES: i64 = 10;

/// One way to load them, with a connection of its own. It panics where the database refuses.
#[expect(async_fn_in_trait, reason = "all is on one thread")]
pub trait Loader {
    /// Authors with all that is theirs.
    type Loaded;

    /// Loads so many of them.
    async fn load(&mut self, authors: i64) -> Self::Loaded;

    /// How much was loaded.
    fn size(loaded: &Self::Loaded) -> Size;
}

/// How much was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub authors: usize,
    pub posts: usize,
    pub comments: usize,
}

/// A [`Loader`] that has a name and a runtime.
trait Turns {
    fn name(&self) -> &'static str;

    fn turn(&mut self, authors: i64, times: u32) -> Duration;
}

struct Named<'r, L> {
    name: &'static str,
    runtime: &'r Runtime,
    loader: L,
}

impl<L: Loader> Turns for Named<'_, L> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn turn(&mut self, authors: i64, times: u32) -> Duration {
        let loader = &mut self.loader;
        self.runtime.block_on(repeat(times, async || loader.load(authors).await))
    }
}

/// Those who compete, in the order of the table's columns.
struct Field<'r> {
    runtime: &'r Runtime,
    authors: i64,
    loaders: Vec<Box<dyn Turns + 'r>>,
}

impl<'r> Field<'r> {
    /// Those who load so many authors.
    fn new(runtime: &'r Runtime, authors: i64) -> Field<'r> {
        Field { runtime, authors, loaders: Vec::new() }
    }

    /// Who does not load all of it is out.
    fn join<L: Loader + 'r>(&mut self, name: &'static str, mut loader: L) {
        let loaded = self.runtime.block_on(loader.load(self.authors));
        let [authors, each] = [self.authors, work::EACH].map(|count| usize::try_from(count).unwrap_or_default());
        let expected = Size { authors, posts: authors * each, comments: authors * each * each };
        assert_eq!(L::size(&loaded), expected, "{name} loads something else");
        self.loaders.push(Box::new(Named { name, runtime: self.runtime, loader }));
    }

    /// All the authors there are, and then those of many more, whom this adds.
    fn cases(&mut self, engine: &Engine, analyze: Option<&'static str>) -> Result<Vec<Case>, Failure> {
        let all = self.case(format!("all {} authors", self.authors));
        let many = self.authors * TIMES;
        self.runtime.block_on(work::fill(engine, self.authors..many))?;
        if let Some(analyze) = analyze {
            self.runtime.block_on(Raw::trusted(analyze).exec(engine))?;
        }
        Ok(vec![all, self.case(format!("{} authors of {many}", self.authors))])
    }

    fn case(&mut self, name: String) -> Case {
        let authors = self.authors;
        let contestants = self.loaders.iter_mut().map(|loader| {
            let name = loader.name();
            Contestant::timed(name, move |times| loader.turn(authors, times))
        });
        compete(name, contestants.collect())
    }
}

/// How much it is, of authors with tuples beneath them.
fn size<A, P, C>(loaded: &[(A, Vec<(P, Vec<C>)>)]) -> Size {
    let posts = loaded.iter().flat_map(|(_, posts)| posts);
    Size {
        authors: loaded.len(),
        posts: posts.clone().count(),
        comments: posts.map(|(_, comments)| comments.len()).sum(),
    }
}

/// Runs the case on a file in WAL mode that all read.
pub fn run_sqlite(runtime: &Runtime) -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("creole-associations-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = in_file(runtime, &folder.join("blog.db"));
    std::fs::remove_dir_all(&folder)?;
    outcome
}

fn in_file(runtime: &Runtime, file: &Path) -> Result<(), Failure> {
    let [authors, _] = AUTHORS;
    let mut field = Field::new(runtime, authors);
    let creole = runtime.block_on(creole_in_file(file, authors))?;
    let engine = creole.0.clone();
    field.join("creole", creole);
    field.join("rusqlite by hand", rusqlite_in_file(file)?);
    let sqlx = ::sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    field.join("sqlx by hand", sqlx::Sqlx(runtime.block_on(sqlx.connect())?));
    #[cfg(feature = "peers")]
    {
        field.join("diesel", diesel_in_file(file)?);
        field.join("sea-orm", runtime.block_on(sea_orm_in_file(file))?);
    }
    print_with_fastest("Associations: SQLite, a file in WAL mode", &field.cases(&engine, None)?);
    Ok(())
}

/// creole, on a file that it makes.
pub async fn creole_in_file(file: &Path, authors: i64) -> Result<own::Creole, Failure> {
    let engine = Engine::connect(&format!("sqlite:{}?connections=1", file.display())).await?;
    work::create(&engine, authors).await?;
    Ok(own::Creole(engine))
}

/// rusqlite, on such a file.
pub fn rusqlite_in_file(file: &Path) -> Result<rusqlite::Rusqlite, Failure> {
    let db = ::rusqlite::Connection::open(file)?;
    sqlite::set_up(&db)?;
    Ok(rusqlite::Rusqlite(db))
}

/// diesel, on such a file.
#[cfg(feature = "peers")]
pub fn diesel_in_file(file: &Path) -> Result<diesel::Sqlite, Failure> {
    use ::diesel::Connection as _;
    Ok(diesel::Sqlite(::diesel::SqliteConnection::establish(&file.display().to_string())?))
}

/// sea-orm, on such a file.
#[cfg(feature = "peers")]
pub async fn sea_orm_in_file(file: &Path) -> Result<sea_orm::SeaOrm, Failure> {
    sea_orm::SeaOrm::open(&format!("sqlite:{}", file.display())).await
}

/// Runs the case in a database of its own on PostgreSQL.
pub fn run_postgres(runtime: &Runtime, server: &str) -> Result<(), Failure> {
    postgres::with_own_database(runtime, server, |url| {
        let [_, authors] = AUTHORS;
        let mut field = Field::new(runtime, authors);
        let engine = runtime.block_on(on_server(url, authors))?;
        field.join("creole", own::Creole(engine.clone()));
        let mut bare = runtime.block_on(PgConnection::connect(url))?;
        runtime.block_on(::sqlx::raw_sql("VACUUM ANALYZE").execute(&mut bare))?;
        #[cfg(feature = "peers")]
        {
            use ::diesel_async::{AsyncConnection as _, AsyncPgConnection};
            field.join("diesel-async", diesel_async::DieselAsync(runtime.block_on(AsyncPgConnection::establish(url))?));
            field.join("sea-orm", runtime.block_on(sea_orm::SeaOrm::open(url))?);
        }
        runtime.block_on(postgres::pin_backends(&mut bare))?;
        field.join("sqlx by hand", sqlx::Sqlx(bare));
        print_with_fastest(
            "Associations: PostgreSQL, client and server on one core",
            &field.cases(&engine, Some("ANALYZE"))?,
        );
        Ok(())
    })
}

/// The same on MySQL or MariaDB.
pub fn run_mysql(runtime: &Runtime, server: Server, url: &str) -> Result<(), Failure> {
    mysql::with_own_database(runtime, url, |[url, peer]| {
        let [_, authors] = AUTHORS;
        let mut field = Field::new(runtime, authors);
        let engine = runtime.block_on(on_server(url, authors))?;
        field.join("creole", own::Creole(engine.clone()));
        let mut bare = runtime.block_on(MySqlConnection::connect(peer))?;
        runtime.block_on(::sqlx::raw_sql("ANALYZE TABLE authors, posts, comments").execute(&mut bare))?;
        #[cfg(feature = "peers")]
        {
            use ::diesel_async::{AsyncConnection as _, AsyncMysqlConnection};
            // It knows sqlx's options not.
            let bare = peer.split('?').next().unwrap_or_default();
            field.join(
                "diesel-async",
                diesel_async::DieselAsync(runtime.block_on(AsyncMysqlConnection::establish(bare))?),
            );
            field.join("sea-orm", runtime.block_on(sea_orm::SeaOrm::open(peer))?);
        }
        let pinned = runtime.block_on(mysql::pin_server(&mut bare, server))?;
        field.join("sqlx by hand", sqlx::Sqlx(bare));
        print_with_fastest(
            &format!("Associations: {}, {}", server.name(), pinned.describe()),
            &field.cases(&engine, Some("ANALYZE TABLE authors, posts, comments"))?,
        );
        Ok(())
    })
}

/// creole's engine on a server's database, which it fills.
async fn on_server(url: &str, authors: i64) -> Result<Engine, Failure> {
    let engine = Engine::builder(url).max_connections(1).min_connections(1).connect().await?;
    work::create(&engine, authors).await?;
    Ok(engine)
}
