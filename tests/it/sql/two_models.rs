//! Columns of one model of a table in statements about another: they are those of their names.

use creole::prelude::*;

use super::check::{Expected, check, dialects};

#[derive(Model)]
#[model(table = "pairs")]
struct Pair {
    #[model(primary_key)]
    id: i64,
    a: i64,
    b: i64,
}

#[derive(Model)]
#[model(table = "pairs")]
struct Riap {
    b: i64,
    a: i64,
    #[model(primary_key)]
    id: i64,
}

#[test]
fn a_column_stands_as_the_own_one_would() {
    for dialect in dialects() {
        let own = select((Pair::a, Pair::b)).distinct().filter(Pair::id.gt(1)).order_by(Pair::b).sql(dialect);
        let other = select((Pair::a, Riap::b)).distinct().filter(Riap::id.gt(1)).order_by(Pair::b).sql(dialect);
        assert_eq!(own.expect("an order of what is selected"), other.expect("an order of what is selected"));
        let own = Pair::select().order_by(Pair::b).first_page().limit(1).sql(dialect);
        let other = Pair::select().order_by(Riap::b).first_page().limit(1).sql(dialect);
        assert_eq!(own.expect("a page"), other.expect("a page"));
        let own = update::<Pair>().set(Pair::a, Pair::b).set(Pair::b, Pair::a).all_rows().sql(dialect);
        let other = update::<Pair>().set(Pair::a, Riap::b).set(Pair::b, Riap::a).all_rows().sql(dialect);
        assert_eq!(own.expect("an exchange"), other.expect("an exchange"));
    }
}

#[test]
fn a_column_of_a_subquery_is_found_by_its_name() {
    check(
        |dialect| {
            let pairs = Pair::select().subquery("p");
            select(pairs.col(Riap::b)).from(&pairs).sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "p"."c3" FROM (SELECT "pairs"."id" AS "c1", "pairs"."a" AS "c2", "pairs"."b" AS "c3" FROM "pairs") AS "p""#,
            postgres: r#"SELECT "p"."c3" FROM (SELECT "pairs"."id" AS "c1", "pairs"."a" AS "c2", "pairs"."b" AS "c3" FROM "pairs") AS "p""#,
            mysql: "SELECT `p`.`c3` FROM (SELECT `pairs`.`id` AS `c1`, `pairs`.`a` AS `c2`, `pairs`.`b` AS `c3` FROM `pairs`) AS `p`",
            mariadb: "SELECT `p`.`c3` FROM (SELECT `pairs`.`id` AS `c1`, `pairs`.`a` AS `c2`, `pairs`.`b` AS `c3` FROM `pairs`) AS `p`",
        },
    );
}
