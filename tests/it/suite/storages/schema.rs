//! The tables: what inspection finds, and what is refused before anything is created.

use creole::prelude::*;
use creole::types::ColumnType;

#[derive(Model)]
#[model(
    table = "prices",
    unique(tenant, amount),
    index(amount.desc()),
    check(some = Price::amount.gt(dec!(0.05)).or(Price::tenant.eq(Uuid::nil())))
)]
struct Price {
    #[model(primary_key, sqlite = text)]
    id: Uuid,
    #[model(sqlite = text)]
    tenant: Uuid,
    #[model(precision = 12, scale = 2, sqlite = scaled_integer)]
    amount: Decimal,
    #[model(precision = 18, scale = 18, sqlite = scaled_integer)]
    fraction: Option<Decimal>,
    #[model(sqlite = text, references = Price::id)]
    previous: Option<Uuid>,
}

#[creole::test]
async fn after_creating_nothing_differs(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Price]).await?;
    let differences = engine.check(tables![Price]).await?;
    assert!(differences.is_empty(), "{differences}");
    let columns = engine.inspect().columns("prices").await?;
    let types: Vec<_> = columns.iter().map(|column| column.type_name.to_ascii_lowercase()).collect();
    match engine.dialect().name() {
        "sqlite" => {
            assert_eq!(types, ["text", "text", "integer", "integer", "text"]);
            assert_eq!(columns[0].ty, Some(ColumnType::Uuid));
        }
        "postgres" => assert_eq!(types, ["uuid", "uuid", "numeric(12,2)", "numeric(18,18)", "uuid"]),
        "mysql" => assert_eq!(types, ["binary(16)", "binary(16)", "decimal(12,2)", "decimal(18,18)", "binary(16)"]),
        _ => assert_eq!(types, ["uuid", "uuid", "decimal(12,2)", "decimal(18,18)", "uuid"]),
    }
    // The checks and keys hold.
    let price =
        |amount| Price { id: Uuid::now_v7(), tenant: Uuid::max(), amount, fraction: Some(dec!(0.5)), previous: None };
    insert(&price(dec!(0.06))).exec(&engine).await?;
    let error = insert(&price(dec!(0.06))).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation, "{error}");
    let error = insert(&price(dec!(0.05))).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CheckViolation, "{error}");
    Ok(())
}

#[creole::test]
async fn a_change_of_the_form_is_a_difference_on_sqlite(engine: Engine) -> creole::Result<()> {
    mod older {
        use super::*;

        #[derive(Model)]
        #[model(table = "amounts")]
        pub(super) struct Amount {
            #[model(primary_key)]
            id: Uuid,
            #[model(precision = 12, scale = 2)]
            amount: Decimal,
        }
    }

    #[derive(Model)]
    #[model(table = "amounts")]
    struct Amount {
        #[model(primary_key, sqlite = text)]
        id: Uuid,
        #[model(precision = 12, scale = 2, sqlite = scaled_integer)]
        amount: Decimal,
    }

    engine.create_all(tables![older::Amount]).await?;
    let differences = engine.check(tables![Amount]).await?;
    match engine.dialect().name() {
        "sqlite" => {
            let report = differences.to_string();
            assert!(report.contains("id") && report.contains("amount") && report.contains("GLOB"), "{report}");
        }
        _ => assert!(differences.is_empty(), "{differences}"),
    }
    Ok(())
}

#[creole::test]
async fn a_foreign_key_between_two_forms_is_refused_everywhere(engine: Engine) -> creole::Result<()> {
    #[derive(Model)]
    #[model(table = "owners")]
    struct Owner {
        #[model(primary_key)]
        id: Uuid,
        #[model(unique, precision = 9, scale = 2, sqlite = scaled_integer)]
        code: Decimal,
    }

    #[derive(Model)]
    #[model(table = "owned")]
    struct Owned {
        #[model(primary_key, sqlite = text, references = Owner::id)]
        id: Uuid,
    }

    #[derive(Model)]
    #[model(table = "coded")]
    struct Coded {
        #[model(primary_key)]
        id: i32,
        #[model(precision = 9, scale = 3, sqlite = scaled_integer, references = Owner::code)]
        code: Decimal,
    }

    for tables in [tables![Owner, Owned], tables![Owner, Coded]] {
        let error = engine.create_all(tables).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains("is stored in another form"), "{error}");
    }
    Ok(())
}
