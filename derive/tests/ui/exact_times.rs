//! `exact_time` where there is no time.
use creole::prelude::*;

#[derive(Model)]
#[model(table = "events")]
struct Event {
    #[model(primary_key)]
    id: i64,
    #[model(exact_time)]
    day: NaiveDate,
    #[model(exact_time = true)]
    instant: DateTime<Utc>,
}

fn main() {}
