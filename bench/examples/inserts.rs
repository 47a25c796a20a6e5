//! Writes many times to a database in memory, for `valgrind --tool=callgrind`: `inserts insert 100 500` and `inserts insert 100 1500`,
//! and the difference is a thousand inserts of a hundred people; `upsert` instead of `insert`. With `rows-` before it, rusqlite
//! does it row by row, with `values-` by one VALUES; `sqlx-`, and with the feature `peers` `diesel-` and `sea-`, are the others.

use creole_bench::Failure;
use creole_bench::writes::work::{accounts, go_on, people};
use creole_bench::writes::{Writer, own, rusqlite, sqlx};
#[cfg(feature = "peers")]
use creole_bench::writes::{diesel, sea_orm};
use tokio::runtime::Builder;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let case = arguments.next().unwrap_or_default();
    let size: usize = arguments.next().unwrap_or_default().parse()?;
    let times: u32 = arguments.next().unwrap_or_default().parse()?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match case.split_once('-') {
            None => write(&mut own::sqlite().await?, &case, size, times).await,
            Some(("rows", case)) => write(&mut rusqlite::RowByRow::open()?, case, size, times).await,
            #[cfg(feature = "peers")]
            Some(("diesel", case)) => write(&mut diesel::Sqlite::open()?, case, size, times).await,
            Some(("sqlx", case)) => write(&mut sqlx::Sqlite::open().await?, case, size, times).await,
            #[cfg(feature = "peers")]
            Some(("sea", case)) => write(&mut sea_orm::sqlite().await?, case, size, times).await,
            Some((_, case)) => write(&mut rusqlite::OneValues::open()?, case, size, times).await,
        }
        Ok(())
    })
}

async fn write(writer: &mut impl Writer, case: &str, size: usize, times: u32) {
    let people = people(size);
    let mut accounts = accounts(size);
    for _ in 0..times {
        if case == "insert" {
            writer.insert(&people).await;
        } else {
            go_on(&mut accounts);
            writer.upsert(&accounts).await;
        }
    }
}
