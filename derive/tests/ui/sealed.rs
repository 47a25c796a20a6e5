//! What nobody but creole implements.

use creole::prelude::*;
use creole::query::{JoinTarget, Operand};
use creole::session::Handle;

struct Mine;

impl Executor for Mine {
    fn handle<'h>(self) -> Handle<'h>
    where
        Self: 'h,
    {
        unimplemented!()
    }
}

impl JoinTarget for Mine {
    fn join(self, _select: &mut creole::sql::Select, _kind: creole::sql::JoinKind) {}
}

// Every `B: SqlValue` is one, so the bound can't say it.
impl Operand<i64> for Mine {
    type Null = creole::types::NotNull;

    fn operand(self) -> creole::sql::Expr {
        unimplemented!()
    }
}

fn main() {}
