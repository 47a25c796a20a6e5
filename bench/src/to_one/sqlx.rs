//! SQL by hand, by sqlx: one LEFT JOIN, or two statements with the keys as creole sends them.

use std::collections::HashMap;

use sqlx::mysql::{MySqlConnection, MySqlRow};
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Row as _, query};

use super::work::{Order, User};

const ORDERS: &str = "SELECT id, user_id, item, price FROM purchases";
const USERS: &str = "SELECT id, name, email, city FROM buyers WHERE id";
const JOINED: &str = "SELECT o.id, o.user_id, o.item, o.price, u.id, u.name, u.email, u.city \
    FROM purchases AS o LEFT JOIN buyers AS u ON u.id = o.user_id";

const MYSQL_LIST: &str = "IN (SELECT * FROM (SELECT DISTINCT ifnull(c1, 0) AS v1 FROM \
    JSON_TABLE(?, '$[*]' COLUMNS (c1 bigint PATH '$' ERROR ON ERROR)) AS given) AS listed)";

/// How many keys are listed one by one; more are one parameter.
const LISTED: usize = 128;

/// Loads orders with their users, by two statements or by one.
#[expect(async_fn_in_trait, reason = "all is on one thread")]
pub trait ByHand {
    async fn apart(&mut self) -> sqlx::Result<Vec<(Order, User)>>;

    async fn joined(&mut self) -> sqlx::Result<Vec<(Order, User)>>;
}

/// Rows and types differ from database to database, what is done with them does not.
macro_rules! by_hand {
    ($connection:ty, $row:ty, |$keys:ident, $db:ident| $users:expr) => {
        impl ByHand for $connection {
            async fn apart(&mut self) -> sqlx::Result<Vec<(Order, User)>> {
                fn order(row: &$row) -> Order {
                    Order { id: row.get(0), user_id: row.get(1), item: row.get(2), price: row.get(3) }
                }
                let rows = query(ORDERS).fetch_all(&mut *self).await?;
                let orders: Vec<Order> = rows.iter().map(order).collect();
                let mut $keys: Vec<i64> = orders.iter().map(|order| order.user_id).collect();
                $keys.sort_unstable();
                $keys.dedup();
                let $db = self;
                let rows: Vec<$row> = $users;
                let user = |row: &$row| User { id: row.get(0), name: row.get(1), email: row.get(2), city: row.get(3) };
                let users: HashMap<i64, User> = rows.iter().map(user).map(|user| (user.id, user)).collect();
                let with_user = |order: Order| {
                    let user = users[&order.user_id].clone();
                    (order, user)
                };
                Ok(orders.into_iter().map(with_user).collect())
            }

            async fn joined(&mut self) -> sqlx::Result<Vec<(Order, User)>> {
                let rows = query(JOINED).fetch_all(&mut *self).await?;
                let pair = |row: &$row| {
                    let order = Order { id: row.get(0), user_id: row.get(1), item: row.get(2), price: row.get(3) };
                    let user = User { id: row.get(4), name: row.get(5), email: row.get(6), city: row.get(7) };
                    (order, user)
                };
                Ok(rows.iter().map(pair).collect())
            }
        }
    };
}

by_hand!(PgConnection, PgRow, |keys, db| {
    let text = format!("{USERS} = ANY($1)");
    query(AssertSqlSafe(text)).bind(keys).fetch_all(db).await?
});
by_hand!(MySqlConnection, MySqlRow, |keys, db| match listed(&keys) {
    Some(list) => keys.iter().fold(query(AssertSqlSafe(list)), |query, key| query.bind(*key)).fetch_all(db).await?,
    None => query(AssertSqlSafe(format!("{USERS} {MYSQL_LIST}"))).bind(json(&keys)).fetch_all(db).await?,
});
by_hand!(SqliteConnection, SqliteRow, |keys, db| match listed(&keys) {
    Some(list) => keys.iter().fold(query(AssertSqlSafe(list)), |query, key| query.bind(*key)).fetch_all(db).await?,
    None => {
        let text = format!("{USERS} IN (SELECT value FROM json_each(?))");
        query(AssertSqlSafe(text)).bind(json(&keys)).fetch_all(db).await?
    }
});

fn listed(keys: &[i64]) -> Option<String> {
    match keys.len() {
        1 => Some(format!("{USERS} = ?")),
        count if count <= LISTED => Some(format!("{USERS} IN ({})", vec!["?"; count].join(", "))),
        _ => None,
    }
}

fn json(keys: &[i64]) -> String {
    let keys: Vec<String> = keys.iter().map(i64::to_string).collect();
    format!("[{}]", keys.join(","))
}
