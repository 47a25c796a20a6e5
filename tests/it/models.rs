//! The models of the suite: those of the tour, and one with a column of every type.

use creole::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "products", default, index(category, price), check(price_not_negative = Product::price.ge(0)))]
pub(crate) struct Product {
    #[model(primary_key, default = Uuid::now_v7())]
    pub id: Uuid,
    #[model(length = 100)]
    pub name: String,
    #[model(length = 50)]
    pub category: String,
    #[model(precision = 12, scale = 2)]
    pub price: Decimal,
    #[model(default = true)]
    pub in_stock: bool,
    #[model(default = creole::now())]
    pub created_at: DateTime<Utc>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "users", default, has_many(orders = Order::user_id))]
pub(crate) struct User {
    #[model(primary_key, auto)]
    pub id: i64,
    #[model(unique, length = 255)]
    pub email: String,
    pub nickname: Option<String>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "orders", default)]
pub(crate) struct Order {
    #[model(primary_key, auto)]
    pub id: i64,
    #[model(references = User::id, on_delete = cascade, belongs_to = user)]
    pub user_id: i64,
    pub total: Decimal,
}

/// A row whose key has two columns, one of them a text.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "stock",
    unique(warehouse, shelf),
    index(name = "stock_by_amount", amount),
    has_many(shipments = (Shipment::warehouse, Shipment::item))
)]
pub(crate) struct Stock {
    #[model(primary_key, length = 20)]
    pub warehouse: String,
    #[model(primary_key)]
    pub item: i32,
    pub shelf: Option<i32>,
    pub amount: i64,
}

/// A tree: its rows refer to rows of the same table.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "nodes", default, has_many(children = Node::parent_id))]
pub(crate) struct Node {
    #[model(primary_key, auto)]
    pub id: i64,
    #[model(references = Node::id, on_delete = set_null, belongs_to = parent)]
    pub parent_id: Option<i64>,
    #[model(length = 40, server_default = "'unnamed'")]
    pub name: String,
    /// Not a column: kept in memory only.
    #[model(skip)]
    pub visited: bool,
}

/// What tables have beside columns and simple keys: comments, a collation, defaults, an index that goes down, a unique index.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "accounts",
    default,
    comment = "Who may log in: it's \"all\" of them; 100 % \\ \n ключ ☕",
    unique_index(tenant, login),
    index(rank.desc(), tenant),
    check(rank_in_range = Account::rank.between(-1, 100).and(Account::plan.ne("it's"))),
    check(rank_of_few = Account::rank.is_in([-1, 1, 2]).or(Account::tenant.gt(-5)))
)]
pub(crate) struct Account {
    #[model(primary_key, auto)]
    pub id: i64,
    #[model(length = 40, case_insensitive, comment = "Ada and ada are 'one'")]
    pub login: String,
    pub tenant: i32,
    #[model(server_default = "0")]
    pub rank: i32,
    #[model(length = 20, server_default = "'free'")]
    pub plan: String,
    #[model(precision = 8, scale = 2, server_default = "'-1.50'")]
    pub balance: Option<Decimal>,
    #[model(case_insensitive)]
    pub motto: Option<String>,
}

/// A row that refers to another one by two columns.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "shipments",
    default,
    foreign_key(
        warehouse,
        item,
        references = (Stock::warehouse, Stock::item),
        on_delete = set_null,
        on_update = cascade,
        belongs_to = stock
    )
)]
pub(crate) struct Shipment {
    #[model(primary_key, auto)]
    pub id: i32,
    #[model(length = 20)]
    pub warehouse: Option<String>,
    pub item: Option<i32>,
}

/// A column of every type of the basic set.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "everything")]
pub(crate) struct Everything {
    #[model(primary_key)]
    pub id: i32,
    pub flag: bool,
    pub tiny: i8,
    pub small: i16,
    pub int: i32,
    pub big: i64,
    pub utiny: u8,
    pub usmall: u16,
    pub uint: u32,
    pub ubig: u64,
    pub single: f32,
    pub double: f64,
    pub text: String,
    pub bytes: Vec<u8>,
    #[model(precision = 28, scale = 10)]
    pub decimal: Decimal,
    pub uuid: Uuid,
    pub date: NaiveDate,
    pub time: NaiveTime,
    pub moment: NaiveDateTime,
    pub instant: DateTime<Utc>,
    pub json: creole::JsonValue,
    pub settings: Json<Settings>,
    pub level: Level,
    pub points: Points,
}

/// An enum, declared in the order of its labels' text.
#[derive(DbEnum, Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
#[db_enum(rename_all = "kebab-case")]
pub(crate) enum Level {
    AlmostHigh,
    High,
    Low,
}

/// A newtype.
#[derive(DbType, Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(crate) struct Points(pub i32);

/// What a JSON column holds, as a type of the program's own.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct Settings {
    pub theme: String,
    pub scale: f64,
    pub panels: Vec<Option<u64>>,
}

/// The same types, all of which may be NULL.
#[derive(Model, Debug, Clone, PartialEq, Default)]
#[model(table = "maybe_everything")]
pub(crate) struct MaybeEverything {
    #[model(primary_key)]
    pub id: i32,
    pub flag: Option<bool>,
    pub tiny: Option<i8>,
    pub small: Option<i16>,
    pub int: Option<i32>,
    pub big: Option<i64>,
    pub utiny: Option<u8>,
    pub usmall: Option<u16>,
    pub uint: Option<u32>,
    pub ubig: Option<u64>,
    pub single: Option<f32>,
    pub double: Option<f64>,
    pub text: Option<String>,
    pub bytes: Option<Vec<u8>>,
    pub decimal: Option<Decimal>,
    pub uuid: Option<Uuid>,
    pub date: Option<NaiveDate>,
    pub time: Option<NaiveTime>,
    pub moment: Option<NaiveDateTime>,
    pub instant: Option<DateTime<Utc>>,
    pub json: Option<creole::JsonValue>,
    pub settings: Option<Json<Settings>>,
    pub level: Option<Level>,
    pub points: Option<Points>,
}

/// A user with this address.
pub(crate) fn user(email: &str) -> User {
    User { email: email.into(), ..Default::default() }
}

/// A product with this name, category and price.
pub(crate) fn product(name: &str, category: &str, price: Decimal) -> Product {
    Product { name: name.into(), category: category.into(), price, ..Default::default() }
}
