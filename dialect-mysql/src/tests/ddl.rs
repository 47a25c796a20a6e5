use creole_core::ErrorKind;
use creole_core::dialect::Dialect;
use creole_core::schema::{ColumnDef, Index, IndexPart, Table, Unique};
use creole_core::sql::{create_table, drop_table};
use creole_core::types::ColumnType;

use super::tables::{EVERY_TYPE, USERS};
use crate::{MariaDb, MySql};

fn both(table: &'static Table) -> (String, String) {
    let one = |dialect: &dyn Dialect| {
        let statements = create_table(dialect, table).unwrap();
        assert_eq!(statements.len(), 1, "indexes stand within the table");
        statements[0].clone()
    };
    (one(&MySql), one(&MariaDb))
}

#[test]
fn a_table_has_its_keys_checks_and_indexes_within() {
    let (mysql, mariadb) = both(&USERS);
    assert_eq!(
        mysql,
        r"CREATE TABLE IF NOT EXISTS `users` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `email` varchar(255) NOT NULL,
  `age` tinyint unsigned,
  `prefs` json,
  `made` datetime(6) DEFAULT (now(6)) NOT NULL,
  CONSTRAINT `pk_users` PRIMARY KEY (`id`),
  CONSTRAINT `uq_users_email` UNIQUE (`email`),
  CONSTRAINT `ck_users_email` CHECK (`email` <> 'it''s \\ odd'),
  KEY `ix_users_age_email` (`age`, `email`)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin"
    );
    assert_eq!(mariadb, mysql.replace("0900_bin", "nopad_bin"));
    assert_eq!(drop_table(&MySql, &USERS).unwrap(), "DROP TABLE IF EXISTS `users`");
}

#[test]
fn every_type_is_spelled() {
    let (mysql, mariadb) = both(&EVERY_TYPE);
    assert_eq!(
        mysql,
        r"CREATE TABLE IF NOT EXISTS `shop`.`odd``name` (
  `id` binary(16) NOT NULL,
  `a` tinyint(1) NOT NULL,
  `b` tinyint NOT NULL,
  `c` smallint NOT NULL,
  `d` int NOT NULL,
  `e` bigint unsigned NOT NULL,
  `f` double NOT NULL,
  `g` longtext NOT NULL,
  `h` varbinary(16) NOT NULL,
  `i` longblob NOT NULL,
  `j` decimal(28, 10) NOT NULL,
  `k` date NOT NULL,
  `l` time(6) NOT NULL,
  `m` datetime(6) NOT NULL,
  `n` json NOT NULL,
  `user_id` bigint unsigned NOT NULL,
  CONSTRAINT `pk_odd``name` PRIMARY KEY (`id`),
  CONSTRAINT `fk_odd``name_user_id_users` FOREIGN KEY (`user_id`) REFERENCES `shop`.`users` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin"
    );
    assert_eq!(
        mariadb,
        mysql.replace("0900_bin", "nopad_bin").replace("binary(16) NOT NULL,\n  `a`", "uuid NOT NULL,\n  `a`")
    );
}

static TEXT_KEY: Table =
    Table::new("notes", &[ColumnDef::new("id", ColumnType::I64).auto(), ColumnDef::new("title", ColumnType::TEXT)])
        .primary_key(&[0])
        .uniques(&[Unique::new(&[1])]);

static LONG_KEY: Table = Table::new(
    "notes",
    &[
        ColumnDef::new("id", ColumnType::I64),
        ColumnDef::new("title", ColumnType::Text { length: Some(767) }),
        ColumnDef::new("part", ColumnType::I64),
    ],
)
.primary_key(&[0])
.indexes(&[Index::new(&[IndexPart::column(1), IndexPart::column(2)]).named("ix")]);

static LOOSE_AUTO: Table =
    Table::new("notes", &[ColumnDef::new("id", ColumnType::I64), ColumnDef::new("number", ColumnType::I64).auto()])
        .primary_key(&[0, 1]);

#[test]
fn keys_that_can_not_be_are_refused_by_name() {
    let refused = |dialect: &dyn Dialect, table| {
        let error = create_table(dialect, table).unwrap_err();
        assert_eq!((error.kind(), error.table()), (ErrorKind::Unsupported, Some("notes")));
        (error.columns().map(str::to_owned).collect::<Vec<_>>(), error.to_string())
    };
    for dialect in [&MySql as &dyn Dialect, &MariaDb] {
        let (columns, text) = refused(dialect, &TEXT_KEY);
        assert_eq!(columns, ["title"]);
        assert!(text.contains("title of notes") && text.contains("#[model(length = n)]"), "{text}");
        let (columns, text) = refused(dialect, &LONG_KEY);
        assert_eq!(columns, ["title", "part"]);
        assert!(text.contains("3076 bytes"), "{text}");
        assert_eq!(refused(dialect, &LOOSE_AUTO).0, ["number"]);
    }
}
