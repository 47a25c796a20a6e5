//! Section N, DDL.
//!
//! | Case | Test |
//! | --- | --- |
//! | 266 creating and dropping | `suite::schema::tables_are_created_in_foreign_key_order_and_twice_is_once` |
//! | 266 names that begin with an underscore | `names_with_underscores` |
//! | 266 in a schema | `suite::inspect::tables_in_a_schema` |
//! | 268 comments | `sql::ddl::comments_collations_defaults_and_other_indexes`, `suite::inspect::columns_in_their_order` |
//! | 269 long names, cut to a prefix and a hash | `suite::schema::long_names_are_cut_alike_and_stay_apart`, `suite::inspect::long_names_are_found_again`, `every_kind_of_name_is_cut` |
//! | 277 defaults: functions, arithmetic, texts, the time | `defaults_are_expressions` |
//! | 280 AUTOINCREMENT | `suite::crud::numbers_given_out_once_are_not_given_out_again`, and the compiler, `derive/tests/ui/auto_combinations.rs` |
//! | 281 numbered keys of each size | `keys_of_each_size_are_numbered`, `suite::types::numbers::the_database_numbers_keys_without_a_sign` |
//! | 283 partial indexes with literals, quotes doubled | `sql::indexes::over_some_of_the_rows`, `suite::inspect::computed_and_partial_indexes` |
//!
//! Not applicable: 271, 274 and 275 (views), 272 (tables from a SELECT), 278 (ON CONFLICT in the definition of a table, which
//! SQLite alone has), and of 268 the change of a comment (tables that are there are left alone).

use creole::prelude::*;

use super::run;

#[creole::test]
async fn names_with_underscores(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "_test_table", index(_data))]
    struct Row {
        #[model(primary_key)]
        _id: i32,
        _data: i32,
    }
    engine.create_all(tables![Row]).await?;
    let row = Row { _id: 1, _data: 2 };
    insert(&row).exec(&engine).await?;
    assert_eq!(Row::select().filter(Row::_data.eq(2)).all(&engine).await?, [row]);
    let differences = engine.check(tables![Row]).await?;
    assert!(differences.is_empty(), "{differences}");
    engine.drop_all(tables![Row]).await?;
    assert_eq!(engine.inspect().tables().await?, []);
    Ok(())
}

/// The name that each part of a table gets is longer than a name may be.
#[creole::test]
async fn every_kind_of_name_is_cut(engine: Engine) -> creole::Result<()> {
    #[derive(Model)]
    #[model(
        table = "a_table_whose_name_is_so_long_that_names_made_from_it_are_cut",
        unique(a_column_with_quite_a_long_name, another_column_with_a_long_name),
        index(another_column_with_a_long_name, a_column_with_quite_a_long_name),
        unique_index(another_column_with_a_long_name),
        check(a_check_with_a_name_that_is_long_as_well = Self::another_column_with_a_long_name.gt(1))
    )]
    struct Long {
        #[model(primary_key)]
        a_column_with_quite_a_long_name: i32,
        #[model(references = Long::a_column_with_quite_a_long_name)]
        another_column_with_a_long_name: Option<i32>,
    }
    engine.create_all(tables![Long]).await?;
    let table = engine.inspect().table(Long::table()).await?;
    let mut names: Vec<String> = table.indexes.iter().map(|index| index.name.clone()).collect();
    names.extend(table.uniques.iter().filter_map(|key| key.name.clone()));
    names.extend(table.foreign_keys.iter().filter_map(|key| key.name.clone()));
    names.extend(table.checks.iter().filter_map(|check| check.name.clone()));
    names.extend(table.primary_key.and_then(|key| key.name).filter(|name| name != "PRIMARY"));
    for kind in ["ix_", "ux_", "uq_", "fk_", "ck_"] {
        let name = names.iter().find(|name| name.starts_with(kind)).unwrap_or_else(|| panic!("{kind}: {names:?}"));
        assert!(name.starts_with(&format!("{kind}a_table_whose_name_is_so_long")), "{name}");
    }
    let mut apart = names.clone();
    apart.sort();
    apart.dedup();
    assert!(apart.len() == names.len() && names.iter().all(|name| name.len() <= 60), "{names:?}");
    let differences = engine.check(tables![Long]).await?;
    assert!(differences.is_empty(), "{differences}");
    Ok(())
}

#[creole::test]
async fn defaults_are_expressions(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "defaults")]
    struct Row {
        #[model(primary_key)]
        id: i32,
        #[model(server_default = "3 + 4 * 2")]
        computed: i32,
        #[model(server_default = "abs(-5)")]
        called: i32,
        #[model(length = 40, server_default = "'it''s (not) a \"call\"'")]
        text: String,
        #[model(length = 40, server_default = "lower('ABC')")]
        lowered: String,
        #[model(precision = 8, scale = 2, server_default = "'-1.50'")]
        decimal: Decimal,
        #[model(length = 40, server_default = "NULL")]
        nothing: Option<String>,
        #[model(server_default = "CURRENT_DATE")]
        day: NaiveDate,
    }
    engine.create_all(tables![Row]).await?;
    run(&engine, &["INSERT INTO defaults (id) VALUES (1)"]).await?;
    let row = Row::find(1, &engine).await?.expect("the row");
    let today = creole::now().date_naive();
    let is_today = row.day == today || Some(row.day) == today.pred_opt();
    assert!(is_today, "{row:?}");
    let expected = Row {
        id: 1,
        computed: 11,
        called: 5,
        text: "it's (not) a \"call\"".into(),
        lowered: "abc".into(),
        decimal: dec!(-1.50),
        nothing: None,
        day: row.day,
    };
    assert_eq!(row, expected);
    let differences = engine.check(tables![Row]).await?;
    assert!(differences.is_empty(), "{differences}");
    Ok(())
}

#[creole::test]
async fn keys_of_each_size_are_numbered(engine: Engine) -> creole::Result<()> {
    macro_rules! check {
        ($($ty:ident in $table:literal),*) => {$({
            #[derive(Model, Debug, Clone, PartialEq, Default)]
            #[model(table = $table)]
            struct Row {
                #[model(primary_key, auto)]
                id: $ty,
                value: i32,
            }
            engine.create_all(tables![Row]).await?;
            let first = insert(&Row { id: 0, value: 7 }).returning().one(&engine).await?;
            insert(&Row { id: 0, value: 8 }).exec(&engine).await?;
            assert_eq!(first, Row { id: 1, value: 7 });
            assert_eq!(select(Row::id).filter(Row::value.eq(8)).all(&engine).await?, [2]);
            let column = engine.inspect().columns($table).await?.remove(0);
            assert!(column.auto && !column.nullable, "{column:?}");
            // On SQLite its numbers have no check, since they are its own.
            if engine.dialect().name() != "sqlite" {
                assert_eq!(column.ty, Some(<$ty as creole::types::SqlValue>::TYPE));
            }
            let differences = engine.check(tables![Row]).await?;
            assert!(differences.is_empty(), "{differences}");
            engine.drop_all(tables![Row]).await?;
        })*};
    }
    check!(i16 in "numbers_i16", i32 in "numbers_i32", i64 in "numbers_i64", u32 in "numbers_u32", u64 in "numbers_u64");
    Ok(())
}
