//! Words that nobody knows, or that stand in the wrong place.
use creole_derive::DbEnum;

#[derive(DbEnum, Clone)]
#[db_enum(renameall = "snake_case", native = true, rename = "x")]
enum Words {
    #[db_enum(renam = "a")]
    A,
    #[db_enum(native)]
    B,
    #[db_enum(rename)]
    C,
    #[db_enum(rename = "a", rename = "b")]
    D,
}

#[derive(DbEnum, Clone)]
#[db_enum(rename_all = "snakecase", name = "mood", schema = "shop")]
enum NotNative {
    A,
}

#[derive(DbEnum, Clone)]
#[db_enum(native, name = "", name = "mood")]
enum Twice {
    A,
}

fn main() {}
