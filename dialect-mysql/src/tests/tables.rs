//! The tables the tests render.

use creole_core::schema::{Action, Check, ColumnDef, ForeignKey, Index, IndexPart, ServerDefault, Table, Unique};
use creole_core::sql::{BinaryOp, ColumnRef, Expr, TableRef};
use creole_core::types::{ColumnType, Value};

pub(super) static USERS: Table = Table::new(
    "users",
    &[
        ColumnDef::new("id", ColumnType::U64).auto(),
        ColumnDef::new("email", ColumnType::Text { length: Some(255) }),
        ColumnDef::new("age", ColumnType::U8).nullable(),
        ColumnDef::new("prefs", ColumnType::Json).nullable(),
        ColumnDef::new("made", ColumnType::Instant).server_default(ServerDefault::Sql("now(6)")),
    ],
)
.primary_key(&[0])
.uniques(&[Unique::new(&[1])])
.indexes(&[Index::new(&[IndexPart::column(2), IndexPart::column(1)])])
.checks(&[Check::new("email", email_is_not_odd)]);

static SHOP_USERS: Table =
    Table::new("users", &[ColumnDef::new("id", ColumnType::U64)]).schema("shop").primary_key(&[0]);

pub(super) static EVERY_TYPE: Table = Table::new(
    "odd`name",
    &[
        ColumnDef::new("id", ColumnType::Uuid),
        ColumnDef::new("a", ColumnType::Bool),
        ColumnDef::new("b", ColumnType::I8),
        ColumnDef::new("c", ColumnType::I16),
        ColumnDef::new("d", ColumnType::I32),
        ColumnDef::new("e", ColumnType::U64),
        ColumnDef::new("f", ColumnType::F32),
        ColumnDef::new("g", ColumnType::TEXT),
        ColumnDef::new("h", ColumnType::Bytes { length: Some(16) }),
        ColumnDef::new("i", ColumnType::BYTES),
        ColumnDef::new("j", ColumnType::DECIMAL),
        ColumnDef::new("k", ColumnType::Date),
        ColumnDef::new("l", ColumnType::Time),
        ColumnDef::new("m", ColumnType::DateTime),
        ColumnDef::new("n", ColumnType::Json),
        ColumnDef::new("user_id", ColumnType::U64),
    ],
)
.schema("shop")
.primary_key(&[0])
.foreign_keys(&[ForeignKey::new(&[15], || &SHOP_USERS, &[0]).on_delete(Action::Cascade)]);

pub(super) fn column(index: u16) -> Expr {
    Expr::Column(ColumnRef { table: TableRef::new(&USERS), index })
}

pub(super) fn text(text: &str) -> Expr {
    Expr::value(Value::Text(text.into()), ColumnType::TEXT)
}

pub(super) fn number(number: i64) -> Expr {
    Expr::value(Value::I64(number), ColumnType::I64)
}

fn email_is_not_odd() -> Expr {
    Expr::binary(BinaryOp::Ne, column(1), text(r"it's \ odd"))
}
