//! A hook is declared, and there.
use creole::prelude::*;

#[derive(Model)]
#[model(table = "words", hooks(before_safe, after_load, after_load))]
struct Words {
    #[model(primary_key)]
    id: i64,
}

#[derive(Model)]
#[model(table = "absent", hooks(before_save, before_delete, after_load))]
struct Absent {
    #[model(primary_key)]
    id: i64,
}

#[derive(Model)]
#[model(table = "undeclared")]
struct Undeclared {
    #[model(primary_key)]
    id: i64,
}

impl BeforeSave for Undeclared {
    fn before_save(&mut self, _: Save) -> creole::Result<()> {
        Ok(())
    }
}

impl BeforeDelete for Undeclared {
    fn before_delete(&self) -> creole::Result<()> {
        Ok(())
    }
}

impl AfterLoad for Undeclared {
    fn after_load(&mut self) -> creole::Result<()> {
        Ok(())
    }
}

fn main() {}
