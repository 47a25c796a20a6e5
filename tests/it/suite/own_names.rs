//! Tables called as creole or a database calls something of its own, and names that a database would take for others.

use creole::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "excluded")]
struct Excluded {
    #[model(primary_key)]
    id: i64,
    value: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "others")]
struct Other {
    #[model(primary_key)]
    id: i64,
    value: i64,
}

/// What is done with a table of each name means what it means with any other.
macro_rules! used {
    ($engine:ident, $($name:literal),*) => {$({
        #[derive(Model, Debug, Clone, PartialEq)]
        #[model(table = $name, unique(place))]
        struct Row {
            #[model(primary_key)]
            id: i64,
            place: i64,
            value: i64,
        }
        let engine = &$engine;
        engine.create_all(tables![Row]).await?;
        let rows: Vec<Row> = (1..=4).map(|id| Row { id, place: id * 10, value: id }).collect();
        insert_all(&rows).exec(engine).await?;
        assert_eq!(Row::find(2, engine).await?.as_ref(), rows.get(1));
        let sorted = Row::select().filter(Row::place.gt(10)).order_by(Row::id).limit(2);
        assert_eq!(sorted.all(engine).await?, rows[1..3]);
        assert_eq!(select(Row::value).distinct().count(engine).await?, 4);
        let both = select(Row::id).filter(Row::id.lt(2)).union_all(select(Row::id).filter(Row::id.gt(3)));
        assert_eq!(both.order_by(Row::id).all(engine).await?, [1, 4]);
        let few = select(Row::id).order_by(Row::id).limit(2);
        assert_eq!(Row::select().filter(Row::id.is_in(few)).count(engine).await?, 2);
        let any = Row::select().filter(Row::value.ge(any_of(select(Row::value).filter(Row::id.gt(3)))));
        assert_eq!(any.count(engine).await?, 1);
        // Columns that change places.
        let exchanged = update::<Row>().filter(Row::id.eq(1)).set(Row::place, Row::value).set(Row::value, Row::place);
        assert_eq!(exchanged.exec(engine).await?, 1);
        assert_eq!(Row::find(1, engine).await?, Some(Row { id: 1, place: 1, value: 10 }));
        let changed: Vec<Row> = rows.iter().map(|row| Row { value: row.value * 100, ..row.clone() }).collect();
        assert_eq!(update_all(&changed).exec(engine).await?, 4);
        assert_eq!(Row::select().order_by(Row::id).all(engine).await?, changed);
        let removed = delete::<Row>().filter(Row::id.is_in(select(Row::id).filter(Row::value.gt(200))));
        assert_eq!(removed.exec(engine).await?, 2);
        let again = Row { id: 1, place: 10, value: 5 };
        let upsert =
            insert(&again).on_conflict(Row::id).set(Row::value, Row::value + excluded(Row::value)).exec(engine).await;
        if $name.eq_ignore_ascii_case("excluded") {
            let error = upsert.unwrap_err();
            assert!(error.to_string().contains("an upsert calls the row that it would insert `excluded`"), "{error}");
            assert_eq!(Row::find(1, engine).await?.map(|row| row.value), Some(100));
        } else {
            upsert?;
            assert_eq!(Row::find(1, engine).await?.map(|row| row.value), Some(105));
        }
        let differences = engine.check(tables![Row]).await?;
        assert!(differences.is_empty(), "{differences}");
        engine.drop_all(tables![Row]).await?;
    })*};
}

#[creole::test]
async fn names_of_creoles_own(engine: Engine) -> creole::Result<()> {
    used!(
        engine, "excluded", "Excluded", "compound", "selected", "one", "many", "value", "old", "given", "counted",
        "limited", "kept", "m", "e"
    );
    Ok(())
}

/// Inside an upsert, a subquery may not call a source as the upsert calls its row.
#[creole::test]
async fn a_source_called_excluded_inside_an_upsert_is_refused(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Other, Excluded]).await?;
    insert(&Excluded { id: 1, value: 7 }).exec(&engine).await?;
    let row = Other { id: 1, value: 3 };
    insert(&row).exec(&engine).await?;
    let largest = || select(max(Excluded::value)).value();
    let error = insert(&row)
        .on_conflict(Other::id)
        .set(Other::value, coalesce(largest(), 0) + excluded(Other::value))
        .exec(&engine)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
    assert!(error.to_string().contains("give the source another name"), "{error}");
    // Anywhere else it is a name like others.
    update::<Other>().filter(Other::id.eq(1)).set(Other::value, coalesce(largest(), 0)).exec(&engine).await?;
    assert_eq!(Other::find(1, &engine).await?.map(|row| row.value), Some(7));
    Ok(())
}

mod smile {
    use creole::prelude::*;

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "t😀")]
    pub(super) struct Row {
        #[model(primary_key)]
        pub(super) id: i64,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "t🎉")]
    pub(super) struct Other {
        #[model(primary_key)]
        pub(super) id: i64,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "plain")]
    pub(super) struct Column {
        #[model(primary_key, column = "i😀")]
        pub(super) id: i64,
    }
}

/// MySQL would take names that differ in such characters for one.
#[creole::test]
async fn names_beyond_the_first_plane(engine: Engine) -> creole::Result<()> {
    use smile::{Column, Other, Row};
    if matches!(engine.dialect().name(), "sqlite" | "postgres") {
        engine.create_all(tables![Row, Other, Column]).await?;
        insert(&Row { id: 1 }).exec(&engine).await?;
        assert_eq!(delete::<Other>().all_rows().exec(&engine).await?, 0);
        assert_eq!(Row::select().count(&engine).await?, 1);
        return engine.drop_all(tables![Row, Other, Column]).await;
    }
    let refused = |error: creole::Error| {
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        assert!(error.to_string().contains("names have characters up to U+FFFF"), "{error}");
    };
    refused(engine.create_all(tables![Row]).await.unwrap_err());
    refused(engine.create_all(tables![Column]).await.unwrap_err());
    refused(engine.drop_all(tables![Other]).await.unwrap_err());
    refused(insert(&Row { id: 1 }).exec(&engine).await.unwrap_err());
    refused(Row::find(1, &engine).await.unwrap_err());
    refused(Row::select().count(&engine).await.unwrap_err());
    refused(Column::select().all(&engine).await.unwrap_err());
    refused(update::<Column>().filter(Column::id.eq(1)).set(Column::id, 2).exec(&engine).await.unwrap_err());
    refused(delete::<Other>().all_rows().exec(&engine).await.unwrap_err());
    assert_eq!(engine.inspect().tables().await?, []);
    Ok(())
}
