//! Databases do not all find the smallest value of an enum type of their own by the same order.
use creole::prelude::*;
use creole::query::{greatest, min};

#[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
#[db_enum(native)]
enum Mood {
    Sad,
    Happy,
}

#[derive(Model)]
#[model(table = "days")]
struct Day {
    #[model(primary_key)]
    id: i64,
    mood: Mood,
}

fn main() {
    let _ = select(min(Day::mood));
    let _ = select(greatest(Day::mood, Mood::Sad));
}
