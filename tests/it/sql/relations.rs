//! Joins along relations, and conditions on related rows.

use creole::prelude::*;

use super::check::{Expected, check};
use crate::models::{Node, Shipment, Stock};

#[test]
fn each_column_of_a_key_is_compared() {
    check(
        |dialect| select((Stock::amount, Shipment::id)).join(Stock::shipments).sql(dialect),
        Expected {
            sqlite: r#"SELECT "stock"."amount", "shipments"."id" FROM "stock" JOIN "shipments" ON "stock"."warehouse" = "shipments"."warehouse" AND "stock"."item" = "shipments"."item""#,
            postgres: r#"SELECT "stock"."amount", "shipments"."id" FROM "stock" JOIN "shipments" ON "stock"."warehouse" = "shipments"."warehouse" AND "stock"."item" = "shipments"."item""#,
            mysql: "SELECT `stock`.`amount`, `shipments`.`id` FROM `stock` JOIN `shipments` ON `stock`.`warehouse` = `shipments`.`warehouse` AND `stock`.`item` = `shipments`.`item`",
            mariadb: "SELECT `stock`.`amount`, `shipments`.`id` FROM `stock` JOIN `shipments` ON `stock`.`warehouse` = `shipments`.`warehouse` AND `stock`.`item` = `shipments`.`item`",
        },
    );
    check(
        |dialect| select(Shipment::id).filter(Shipment::stock.any(Stock::shelf.is_null())).sql(dialect),
        Expected {
            sqlite: r#"SELECT "id" FROM "shipments" WHERE EXISTS (SELECT 1 FROM "stock" WHERE "stock"."warehouse" = "shipments"."warehouse" AND "stock"."item" = "shipments"."item" AND "stock"."shelf" IS NULL)"#,
            postgres: r#"SELECT "id" FROM "shipments" WHERE EXISTS (SELECT 1 FROM "stock" WHERE "stock"."warehouse" = "shipments"."warehouse" AND "stock"."item" = "shipments"."item" AND "stock"."shelf" IS NULL)"#,
            mysql: "SELECT `id` FROM `shipments` WHERE EXISTS (SELECT 1 FROM `stock` WHERE `stock`.`warehouse` = `shipments`.`warehouse` AND `stock`.`item` = `shipments`.`item` AND `stock`.`shelf` IS NULL)",
            mariadb: "SELECT `id` FROM `shipments` WHERE EXISTS (SELECT 1 FROM `stock` WHERE `stock`.`warehouse` = `shipments`.`warehouse` AND `stock`.`item` = `shipments`.`item` AND `stock`.`shelf` IS NULL)",
        },
    );
    check(
        |dialect| select((Stock::amount, Stock::shipments.count())).sql(dialect),
        Expected {
            sqlite: r#"SELECT "amount", (SELECT count(*) FROM "shipments" WHERE "shipments"."warehouse" = "stock"."warehouse" AND "shipments"."item" = "stock"."item") FROM "stock""#,
            postgres: r#"SELECT "amount", (SELECT count(*) FROM "shipments" WHERE "shipments"."warehouse" = "stock"."warehouse" AND "shipments"."item" = "stock"."item") FROM "stock""#,
            mysql: "SELECT `amount`, (SELECT count(*) FROM `shipments` WHERE `shipments`.`warehouse` = `stock`.`warehouse` AND `shipments`.`item` = `stock`.`item`) FROM `stock`",
            mariadb: "SELECT `amount`, (SELECT count(*) FROM `shipments` WHERE `shipments`.`warehouse` = `stock`.`warehouse` AND `shipments`.`item` = `stock`.`item`) FROM `stock`",
        },
    );
}

#[test]
fn a_relation_leads_to_a_table_under_another_name() {
    let (parent, child) = (alias::<Node>("parent"), alias::<Node>("child"));
    check(
        |dialect| {
            select((Node::id, child.col(Node::id).optional()))
                .join(Node::parent.to(parent))
                .left_join(parent.along(Node::children).to(child))
                .sql(dialect)
        },
        Expected {
            sqlite: r#"SELECT "nodes"."id", "child"."id" FROM "nodes" JOIN "nodes" AS "parent" ON "nodes"."parent_id" = "parent"."id" LEFT JOIN "nodes" AS "child" ON "parent"."id" = "child"."parent_id""#,
            postgres: r#"SELECT "nodes"."id", "child"."id" FROM "nodes" JOIN "nodes" AS "parent" ON "nodes"."parent_id" = "parent"."id" LEFT JOIN "nodes" AS "child" ON "parent"."id" = "child"."parent_id""#,
            mysql: "SELECT `nodes`.`id`, `child`.`id` FROM `nodes` JOIN `nodes` AS `parent` ON `nodes`.`parent_id` = `parent`.`id` LEFT JOIN `nodes` AS `child` ON `parent`.`id` = `child`.`parent_id`",
            mariadb: "SELECT `nodes`.`id`, `child`.`id` FROM `nodes` JOIN `nodes` AS `parent` ON `nodes`.`parent_id` = `parent`.`id` LEFT JOIN `nodes` AS `child` ON `parent`.`id` = `child`.`parent_id`",
        },
    );
}
