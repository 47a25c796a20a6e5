//! Projections: the statement of the columns that fields name, and one for each relation.

use creole::prelude::*;

use super::check::{Expected, check};
use crate::models::Node;

#[derive(Projection, Debug, PartialEq)]
#[projection(of = Node)]
struct Card {
    #[projection(Node::name.lower())]
    name: String,
    #[projection(Node::children.count())]
    count: i64,
    parent: Option<Name>,
    #[projection(Node::children.order_by(Node::name).limit(2))]
    children: Vec<Name>,
}

#[derive(Projection, Debug, PartialEq)]
#[projection(of = Node)]
struct Name {
    name: String,
}

#[test]
fn only_what_fields_name_is_selected_with_the_keys_of_relations() {
    check(
        |dialect| Card::select().filter(Node::id.lt(9)).sql(dialect),
        Expected {
            sqlite: r#"SELECT creole_lower("name"), (SELECT count(*) FROM "nodes" AS "related" WHERE "related"."parent_id" = "nodes"."id"), "parent_id", "id" FROM "nodes" WHERE "id" < ?1;
SELECT "name", "id" FROM "nodes" WHERE "id" = ?1;
SELECT "creole_numbered"."c1", "creole_numbered"."c2" FROM (SELECT "nodes"."name" AS "c1", "nodes"."parent_id" AS "c2", row_number() OVER (PARTITION BY "nodes"."parent_id" ORDER BY "nodes"."name", "nodes"."id") AS "c3" FROM "nodes" WHERE "nodes"."parent_id" = ?1) AS "creole_numbered" WHERE "creole_numbered"."c3" <= ?2 ORDER BY "creole_numbered"."c2", "creole_numbered"."c3""#,
            postgres: r#"SELECT lower("name" COLLATE "und-x-icu") COLLATE "C", (SELECT count(*) FROM "nodes" AS "related" WHERE "related"."parent_id" = "nodes"."id"), "parent_id", "id" FROM "nodes" WHERE "id" < $1;
SELECT "name", "id" FROM "nodes" WHERE "id" = $1;
SELECT "creole_numbered"."c1", "creole_numbered"."c2" FROM (SELECT "nodes"."name" AS "c1", "nodes"."parent_id" AS "c2", row_number() OVER (PARTITION BY "nodes"."parent_id" ORDER BY "nodes"."name", "nodes"."id") AS "c3" FROM "nodes" WHERE "nodes"."parent_id" = $1) AS "creole_numbered" WHERE "creole_numbered"."c3" <= $2::int8 ORDER BY "creole_numbered"."c2", "creole_numbered"."c3""#,
            mysql: "SELECT lower(`name`), (SELECT count(*) FROM `nodes` AS `related` WHERE `related`.`parent_id` = `nodes`.`id`), `parent_id`, `id` FROM `nodes` WHERE `id` < ?;
SELECT `name`, `id` FROM `nodes` WHERE `id` = ?;
SELECT `creole_numbered`.`c1`, `creole_numbered`.`c2` FROM (SELECT `nodes`.`name` AS `c1`, `nodes`.`parent_id` AS `c2`, row_number() OVER (PARTITION BY `nodes`.`parent_id` ORDER BY `nodes`.`name`, `nodes`.`id`) AS `c3` FROM `nodes` WHERE `nodes`.`parent_id` = ?) AS `creole_numbered` WHERE `creole_numbered`.`c3` <= CAST(? AS SIGNED) ORDER BY `creole_numbered`.`c2`, `creole_numbered`.`c3`",
            mariadb: "SELECT lower(`name`), (SELECT count(*) FROM `nodes` AS `related` WHERE `related`.`parent_id` = `nodes`.`id`), `parent_id`, `id` FROM `nodes` WHERE `id` < ?;
SELECT `name`, `id` FROM `nodes` WHERE `id` = ?;
SELECT `creole_numbered`.`c1`, `creole_numbered`.`c2` FROM (SELECT `nodes`.`name` AS `c1`, `nodes`.`parent_id` AS `c2`, row_number() OVER (PARTITION BY `nodes`.`parent_id` ORDER BY `nodes`.`name`, `nodes`.`id`) AS `c3` FROM `nodes` WHERE `nodes`.`parent_id` = ?) AS `creole_numbered` WHERE `creole_numbered`.`c3` <= CAST(? AS SIGNED) ORDER BY `creole_numbered`.`c2`, `creole_numbered`.`c3`",
        },
    );
}
