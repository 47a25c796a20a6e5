//! Names that a database would refuse, cut or confuse.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "", schema = "ends in a space ")]
struct User {
    #[model(primary_key, column = "")]
    id: i64,
    email: String,
    #[model(column = "Email")]
    mail: String,
    #[model(column = "email")]
    post: String,
    a_name_that_is_longer_than_the_sixty_three_bytes_which_postgresql_keeps: String,
}

fn main() {}
