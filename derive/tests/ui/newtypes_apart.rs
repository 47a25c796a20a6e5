//! A newtype is compared with itself, and refers to itself.
use creole::prelude::*;

#[derive(DbType, Clone, PartialEq, Eq, Hash)]
struct UserId(i64);

#[derive(DbEnum, Clone)]
enum Mood {
    Happy,
}

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key, auto)]
    id: UserId,
    #[model(references = User::id)]
    manager: Option<i64>,
    mood: Mood,
}

fn main() {
    let _ = User::select().filter(User::id.eq(7));
    let _ = User::select().filter(User::mood.like("H%"));
    let _ = User::select().filter(User::mood.eq("Happy"));
}
