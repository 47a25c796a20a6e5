//! Writing rows: what each statement changes, and what it says of it.
//!
//! Of the compliance cases, section J (UPDATE, DELETE, row counts) and CTEs in writes:
//!
//! | Case | Test |
//! | --- | --- |
//! | 82 test_update_from_round_trip | `update::an_update_takes_its_rows_from_a_cte` |
//! | 83 test_delete_scalar_subq_round_trip | `delete::a_delete_compares_with_a_value_of_a_cte` |
//! | 220 test_delete | `delete::a_deleted_row_is_gone_and_the_others_stay` |
//! | 221 test_update_returning | `returning::an_update_returns_what_it_matched` |
//! | 223, 224 test_update_rowcount | `update::rows_count_where_they_match_changed_or_not` |
//! | 226 raw SQL rowcount | `update::a_raw_update_counts_alike` |
//! | 227 test_multi_update_rowcount, test_multi_delete_rowcount | `update_all::rows_that_are_not_there_are_passed_over` |
//! | 229 test_non_rowcount_scenarios | no such call: a query returns rows, and only `exec` a number |
//! | 230 UPDATE … FROM | `update::values_come_from_the_row_that_belongs_to_each` |
//! | 232 SET order | `update::every_right_hand_side_sees_the_old_row` |

mod insert;
mod bulk;
mod upsert;
mod upsert_outcome;
mod upsert_matrix;
mod upsert_keys;
mod own_table;
mod import;
mod on_update;
mod update;
mod delete;
mod returning;
mod update_all;
mod update_values;
mod random;
mod numbers;
mod order;
mod cascades;
mod blame;
mod large;

pub(super) use update_all::everything;

use creole::prelude::*;

/// `plain_pk` of the compliance cases.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "plain_pk")]
struct Plain {
    #[model(primary_key)]
    id: i64,
    #[model(length = 200)]
    data: String,
}

/// `employees` of the compliance cases.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "employees", default)]
struct Employee {
    #[model(primary_key, auto)]
    employee_id: i64,
    #[model(length = 50)]
    name: String,
    #[model(length = 1)]
    department: String,
}

/// Several columns that can be exchanged.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "triples")]
struct Triple {
    #[model(primary_key, length = 20)]
    part: String,
    #[model(primary_key)]
    number: i32,
    a: i64,
    b: i64,
    c: Option<i64>,
    note: Option<String>,
}

/// Texts that break what is not bound, quoted or compared as it should be.
const HOSTILE: [&str; 12] = [
    "it's",
    "\"; DROP TABLE plain_pk; --",
    "`old`.`id`",
    "100 % \\",
    "?1 $1 :name /*",
    "\\' OR 1 = 1",
    "",
    " trailing ",
    "naïve ☕ 𝄞",
    "line\nbreak\r\t",
    "{brace} {{twice}}",
    "NULL",
];

async fn plain(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Plain]).await?;
    for id in 1..=3 {
        insert(&Plain { id, data: format!("d{id}") }).exec(engine).await?;
    }
    Ok(())
}

async fn all_plain(engine: &Engine) -> creole::Result<Vec<(i64, String)>> {
    select((Plain::id, Plain::data)).order_by(Plain::id).all(engine).await
}

async fn employees(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Employee]).await?;
    let names = ["Angela", "Andrew", "Anand", "Bob", "Bobette", "Buffy", "Charlie", "Cynthia", "Chris"];
    for name in names {
        let department = name[..1].to_owned();
        insert(&Employee { name: name.into(), department, ..Employee::default() }).exec(engine).await?;
    }
    Ok(())
}

fn triple(number: i32, a: i64, b: i64, c: Option<i64>) -> Triple {
    Triple { part: "x".into(), number, a, b, c, note: None }
}

async fn triples(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Triple]).await?;
    for row in [triple(1, 1, 10, Some(100)), triple(2, 2, 20, None), triple(3, 3, 30, Some(300))] {
        insert(&row).exec(engine).await?;
    }
    Ok(())
}

async fn all_triples(engine: &Engine) -> creole::Result<Vec<(i64, i64, Option<i64>)>> {
    select((Triple::a, Triple::b, Triple::c)).order_by(Triple::number).all(engine).await
}
