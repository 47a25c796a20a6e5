//! Loads orders with their users many times from a database in memory, for `valgrind`: `sharing again 1000 10 20` and
//! `sharing again 1000 10 60`, and the difference is forty times a thousand orders of ten users, each user decoded again for each order. `shared`
//! decodes each once, and `clone` besides makes a copy for each order.

use std::hint::black_box;
use std::sync::Arc;

use creole::prelude::*;
use creole_bench::Failure;
use creole_bench::to_one::work::{Order, User, apart, create};
use tokio::runtime::Builder;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let case = arguments.next().unwrap_or_default();
    let mut number = || arguments.next().unwrap_or_default().parse::<i64>();
    let (orders, users, times) = (number()?, number()?, number()?);
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let engine = Engine::connect("sqlite::memory:?connections=1").await?;
        create(&engine, orders, users).await?;
        for _ in 0..times {
            match case.as_str() {
                "again" => drop(black_box(apart(&engine).await?)),
                "shared" => drop(black_box(shared(&engine).await?)),
                "clone" => drop(black_box(cloned(&engine).await?)),
                _ => return Err("the case is again, shared or clone".into()),
            }
        }
        Ok(())
    })
}

async fn shared(engine: &Engine) -> creole::Result<Vec<(Order, Arc<User>)>> {
    Order::select().with(Order::user.shared()).all(engine).await
}

async fn cloned(engine: &Engine) -> creole::Result<Vec<(Order, User)>> {
    let orders = shared(engine).await?;
    Ok(orders.into_iter().map(|(order, user)| (order, User::clone(&user))).collect())
}
