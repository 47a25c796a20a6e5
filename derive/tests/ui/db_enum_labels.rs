//! Labels that clash or that a database would not keep.
use creole_derive::DbEnum;

#[derive(DbEnum, Clone)]
#[db_enum(rename_all = "lowercase")]
enum Clash {
    Red,
    RED,
    #[db_enum(rename = "red")]
    Crimson,
}

#[derive(DbEnum, Clone)]
enum Refused {
    #[db_enum(rename = "")]
    Empty,
    #[db_enum(rename = "a ")]
    Space,
    #[db_enum(rename = "a\0b")]
    Nul,
}

#[derive(DbEnum, Clone)]
#[db_enum(native)]
enum Long {
    #[db_enum(rename = "ääääääääääääääääääääääääääääääää")]
    TooLong,
}

fn main() {}
