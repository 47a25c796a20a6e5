//! Raw text: what becomes of what stands in its braces, and what is left alone.

use creole::prelude::*;
use creole::query::{Ident, Raw};

use super::check::{Expected, check, dialects};
use crate::models::{Order, Product, User};

#[test]
fn values_columns_and_tables() {
    let (name, ids) = ("Ada", vec![1_i64, 2]);
    check(
        |dialect| {
            sql!("select {User::id}, {User::email} from {table::<User>()} where nickname = {name} and id in ({..&ids})")
                .rows::<(i64, String)>()
                .sql(dialect)
        },
        Expected {
            sqlite: r#"select "users"."id", "users"."email" from "users" where nickname = ?1 and id in (?2, ?3)"#,
            postgres: r#"select "users"."id", "users"."email" from "users" where nickname = $1::text and id in ($2::int8, $3::int8)"#,
            mysql: "select `users`.`id`, `users`.`email` from `users` where nickname = ?/*text*/ and id in (CAST(? AS SIGNED), CAST(? AS SIGNED))",
            mariadb: "select `users`.`id`, `users`.`email` from `users` where nickname = ?/*text*/ and id in (CAST(? AS SIGNED), CAST(? AS SIGNED))",
        },
    );
}

#[test]
fn models_aliases_subqueries_and_fragments() {
    let u = alias::<User>("u");
    let rich = select(Order::user_id).filter(Order::total.gt(dec!(99.5)));
    let tail = sql!("order by {u.col(User::id)} -- at the end");
    check(
        |dialect| {
            sql!("select {u.all()} from {u} where {u.col(User::id)} in ({rich}) {tail}").models::<User>().sql(dialect)
        },
        Expected {
            sqlite: "select \"u\".\"id\", \"u\".\"email\", \"u\".\"nickname\" from \"users\" AS \"u\" where \"u\".\"id\" in (SELECT \"orders\".\"user_id\" FROM \"orders\" WHERE \"orders\".\"total\" > ?1) order by \"u\".\"id\" -- at the end\n",
            postgres: "select \"u\".\"id\", \"u\".\"email\", \"u\".\"nickname\" from \"users\" AS \"u\" where \"u\".\"id\" in (SELECT \"orders\".\"user_id\" FROM \"orders\" WHERE \"orders\".\"total\" > $1) order by \"u\".\"id\" -- at the end\n",
            mysql: "select `u`.`id`, `u`.`email`, `u`.`nickname` from `users` AS `u` where `u`.`id` in (SELECT `orders`.`user_id` FROM `orders` WHERE `orders`.`total` > ?) order by `u`.`id` -- at the end\n",
            mariadb: "select `u`.`id`, `u`.`email`, `u`.`nickname` from `users` AS `u` where `u`.`id` in (SELECT `orders`.`user_id` FROM `orders` WHERE `orders`.`total` > ?) order by `u`.`id` -- at the end\n",
        },
    );
}

#[test]
fn values_say_their_types() {
    check(
        |dialect| {
            sql!(
                "select {dec!(1.50)}, {true}, {1_u64}, {None::<String>}, {Uuid::nil()}, {json!([1])}, {1.5_f32}, {User::id.eq(1)}"
            )
            .exec_sql(dialect)
        },
        Expected {
            sqlite: r#"select ?1 COLLATE decimal, ?2, ?3, ?4, ?5, ?6, ?7, ("users"."id" = ?8)"#,
            postgres: r#"select $1::numeric, $2::bool, $3::numeric(20), $4::text, $5::uuid, $6::jsonb, $7::float8, ("users"."id" = $8)"#,
            mysql: "select CAST(? AS DECIMAL(11, 1)), ?/*bool*/, CAST(? AS UNSIGNED), ?/*text*/, CAST(?/*uuid*/ AS BINARY), CAST(?/*json*/ AS JSON), CAST(? AS DOUBLE), (`users`.`id` = ?)",
            mariadb: "select CAST(? AS DECIMAL(11, 1)), ?/*bool*/, CAST(? AS UNSIGNED), ?/*text*/, ?/*uuid*/, ?/*json*/, CAST(? AS DOUBLE), (`users`.`id` = ?)",
        },
    );
}

#[test]
fn an_empty_list_behind_in_is_a_subquery_without_rows() {
    let none: [i32; 0] = [];
    check(
        |dialect| {
            sql!("delete from users where id not in ( {..none} ) or id = coalesce({..none}, 1)").exec_sql(dialect)
        },
        Expected {
            sqlite: "delete from users where id not in ( SELECT ?1 WHERE 1 = 0 ) or id = coalesce(?2, 1)",
            postgres: "delete from users where id not in ( SELECT $1::int4 WHERE 1 = 0 ) or id = coalesce($2::int4, 1)",
            mysql: "delete from users where id not in ( SELECT CAST(?/*i32*/ AS SIGNED) WHERE 1 = 0 ) or id = coalesce(CAST(?/*i32*/ AS SIGNED), 1)",
            mariadb: "delete from users where id not in ( SELECT CAST(?/*i32*/ AS SIGNED) WHERE 1 = 0 ) or id = coalesce(CAST(?/*i32*/ AS SIGNED), 1)",
        },
    );
}

#[test]
fn long_lists_behind_in_are_filled_up_and_others_are_not() {
    for dialect in dialects() {
        let binds = |raw: Raw| Execute::compile(&raw, dialect).unwrap().binds.len();
        assert_eq!(binds(sql!("select 1 where 1 in ({..0..17_i64})")), 32);
        assert_eq!(binds(sql!("select 1 where 1 in ({..0..8_i64})")), 8);
        assert_eq!(binds(sql!("select max({..0..17_i64})")), 17);
        assert_eq!(binds(sql!("select 1 where 1 in ({..0..17_i64}, 5)")), 17);
    }
}

#[test]
fn the_rest_of_the_text_is_left_alone() {
    let text = "select '?', \"?\", `?`, a::int, $tag$ it's $1 $tag$, '{}' -- ? $1\n/* ?1 :a @b */ from t where x ?| y";
    check(
        |dialect| {
            sql!(
                "select '?', \"?\", `?`, a::int, $tag$ it's $1 $tag$, '{{}}' -- ? $1\n/* ?1 :a @b */ from t where x ?| y"
            )
            .exec_sql(dialect)
        },
        Expected { sqlite: text, postgres: text, mysql: text, mariadb: text },
    );
}

#[test]
fn a_fragment_is_an_expression_of_the_statement_around_it() {
    let part = "a%";
    check(
        |dialect| {
            User::select()
                .filter(sql!("{User::email} like {part} or 1 = 0"))
                .filter(User::id.gt(sql!("{User::id} % 2 -- odd").expr::<i64>()))
                .order_by(sql!("length({User::email})").expr::<i64>().desc())
                .sql(dialect)
        },
        Expected {
            sqlite: "SELECT \"id\", \"email\", \"nickname\" FROM \"users\" WHERE (\"users\".\"email\" like ?1 or 1 = 0) AND \"id\" > (\"users\".\"id\" % 2 -- odd\n) ORDER BY (length(\"users\".\"email\")) DESC NULLS FIRST",
            postgres: "SELECT \"id\", \"email\", \"nickname\" FROM \"users\" WHERE (\"users\".\"email\" like $1::text or 1 = 0) AND \"id\" > (\"users\".\"id\" % 2 -- odd\n) ORDER BY (length(\"users\".\"email\")) DESC",
            mysql: "SELECT `id`, `email`, `nickname` FROM `users` WHERE (`users`.`email` like ?/*text*/ or 1 = 0) AND `id` > (`users`.`id` % 2 -- odd\n) ORDER BY (length(`users`.`email`)) IS NULL DESC, (length(`users`.`email`)) DESC",
            mariadb: "SELECT `id`, `email`, `nickname` FROM `users` WHERE (`users`.`email` like ?/*text*/ or 1 = 0) AND `id` > (`users`.`id` % 2 -- odd\n) ORDER BY (length(`users`.`email`)) IS NULL DESC, (length(`users`.`email`)) DESC",
        },
    );
}

#[test]
fn a_number_of_rows_is_a_bare_placeholder() {
    check(
        |dialect| sql!("select 1 limit {2} offset {3_u64}").exec_sql(dialect),
        Expected {
            sqlite: "select 1 limit ?1 offset ?2",
            postgres: "select 1 limit $1 offset $2",
            mysql: "select 1 limit ? offset ?",
            mariadb: "select 1 limit ? offset ?",
        },
    );
}

#[test]
fn a_fragment_uses_the_tables_around_it_and_its_own() {
    for dialect in dialects() {
        let own = sql!("exists (select 1 from {table::<Order>()} where {Order::user_id} = {User::id})").expr::<bool>();
        assert!(User::select().filter(own).sql(dialect).is_ok());
        let other = sql!("{Order::user_id} = {User::id}").expr::<bool>();
        let error = User::select().filter(other).sql(dialect).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UndefinedColumn);
        assert!(error.to_string().contains("orders"), "{error}");
        // A table of one fragment is none of another.
        let own = sql!("exists (select 1 from {table::<Order>()})").expr::<bool>();
        let other = sql!("{Order::user_id} = 1").expr::<bool>();
        assert!(User::select().filter(own).filter(other).sql(dialect).is_err());
    }
}

#[test]
fn the_text_is_the_same_whatever_the_values() {
    for dialect in dialects() {
        let text = |name: &str, price: Decimal| {
            sql!("select 1 from {table::<Product>()} where name = {name} and in_stock = {true} and {price} > 0")
                .exec_sql(dialect)
                .unwrap()
        };
        let plain = text("a", dec!(1.5));
        for hostile in
            ["' or '1'='1", "\" or 1=1 --", "`; drop table users; --", "\\' or 1=1 #", "*/ x /*", "$1", "?", "{}"]
        {
            assert_eq!(text(hostile, dec!(2.5)), plain);
        }
    }
}

#[test]
fn transactions_are_refused_before_anything_is_sent() {
    for dialect in dialects() {
        for raw in [
            sql!("BEGIN"),
            sql!(" -- first\ncommit"),
            sql!("/* a */ rollback to savepoint x"),
            sql!("/*!50000 COMMIT */"),
            sql!("savepoint a"),
            sql!("set transaction isolation level serializable"),
            sql!("lock tables users write"),
            sql!("{sql!(\"commit\")}"),
        ] {
            let error = raw.exec_sql(dialect).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
            assert!(error.to_string().contains("engine.transaction"), "{error}");
        }
        assert!(sql!("select {\"BEGIN\"}").exec_sql(dialect).is_ok());
    }
}

#[test]
fn a_computed_name_is_quoted_and_its_values_are_bound() {
    let table = Ident::new("eve\"nts`").in_schema("ten\"ant`");
    check(
        |dialect| {
            let condition = Raw::trusted(String::from("'{a}' <> ?"));
            sql!("select {Ident::new(\"from\")} from {table} where {condition} and id = {1_i64}").exec_sql(dialect)
        },
        Expected {
            sqlite: r#"select "from" from "ten""ant`"."eve""nts`" where '{a}' <> ? and id = ?1"#,
            postgres: r#"select "from" from "ten""ant`"."eve""nts`" where '{a}' <> ? and id = $1::int8"#,
            mysql: "select `from` from `ten\"ant```.`eve\"nts``` where '{a}' <> ? and id = CAST(? AS SIGNED)",
            mariadb: "select `from` from `ten\"ant```.`eve\"nts``` where '{a}' <> ? and id = CAST(? AS SIGNED)",
        },
    );
}

#[test]
fn a_text_without_a_statement_is_refused_before_anything_is_sent() {
    for dialect in dialects() {
        for raw in [sql!(""), sql!(" ; "), sql!("-- a"), sql!("/* a */"), Raw::trusted("\n")] {
            let error = raw.exec_sql(dialect).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
            assert!(error.to_string().contains("has no statement"), "{error}");
        }
    }
}

#[test]
fn labels_are_written_and_disturb_nothing() {
    check(
        |dialect| {
            select((User::nickname, User::email.lower().label("email"), count_rows().label("how \"many\"")))
                .group_by((User::nickname, User::email.lower()))
                .having(count_rows().gt(1))
                .order_by(User::nickname)
                .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "users"."nickname", creole_lower("users"."email") AS "email", count(*) AS "how ""many""" FROM "users" GROUP BY "users"."nickname", creole_lower("users"."email") HAVING count(*) > ?1 ORDER BY "users"."nickname" NULLS LAST"#,
            postgres: r#"SELECT "users"."nickname", lower("users"."email" COLLATE "und-x-icu") COLLATE "C" AS "email", count(*) AS "how ""many""" FROM "users" GROUP BY "users"."nickname", lower("users"."email" COLLATE "und-x-icu") COLLATE "C" HAVING count(*) > $1::int8 ORDER BY "users"."nickname""#,
            mysql: "SELECT `users`.`nickname`, lower(`users`.`email`) AS `email`, count(*) AS `how \"many\"` FROM `users` GROUP BY `users`.`nickname`, lower(`users`.`email`) HAVING count(*) > CAST(? AS SIGNED) ORDER BY `users`.`nickname` IS NULL, `users`.`nickname`",
            mariadb: "SELECT `users`.`nickname`, lower(`users`.`email`) AS `email`, count(*) AS `how \"many\"` FROM `users` GROUP BY `users`.`nickname`, lower(`users`.`email`) HAVING count(*) > CAST(? AS SIGNED) ORDER BY `users`.`nickname` IS NULL, `users`.`nickname`",
        },
    );
}

#[test]
fn labels_do_not_reach_out_of_a_subquery() {
    check(
        |dialect| {
            let totals =
                select((Order::user_id, sum(Order::total).label("total"))).group_by(Order::user_id).subquery("t");
            select(totals.col(sum(Order::total))).from(&totals).sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "t"."c2" COLLATE decimal FROM (SELECT "orders"."user_id" AS "c1", decimal_sum("orders"."total") COLLATE decimal AS "c2" FROM "orders" GROUP BY "orders"."user_id") AS "t""#,
            postgres: r#"SELECT "t"."c2" FROM (SELECT "orders"."user_id" AS "c1", sum("orders"."total") AS "c2" FROM "orders" GROUP BY "orders"."user_id") AS "t""#,
            mysql: "SELECT `t`.`c2` FROM (SELECT `orders`.`user_id` AS `c1`, sum(`orders`.`total`) AS `c2` FROM `orders` GROUP BY `orders`.`user_id`) AS `t`",
            mariadb: "SELECT `t`.`c2` FROM (SELECT `orders`.`user_id` AS `c1`, sum(`orders`.`total`) AS `c2` FROM `orders` GROUP BY `orders`.`user_id`) AS `t`",
        },
    );
}

/// The text of a statement that is run for its effect.
trait ExecSql {
    fn exec_sql(&self, dialect: &dyn creole::Dialect) -> creole::Result<String>;
}

impl ExecSql for Raw {
    fn exec_sql(&self, dialect: &dyn creole::Dialect) -> creole::Result<String> {
        Execute::sql(self, dialect)
    }
}
