//! Section I, INSERT, generated keys, RETURNING.
//!
//! | Case | Test |
//! | --- | --- |
//! | 193, 194, 196 the key that was made, also after the commit | `suite::crud::insert_returns_the_row_with_the_key_that_the_database_made` |
//! | 197, 199 many rows and the keys of each, every type | `suite::writing::bulk::each_row_gets_the_number_that_belongs_to_it`, `suite::writing::bulk::every_type_goes_in_by_the_hundred`, `keys_of_bytes_and_uuids_come_back` |
//! | 200, 218 a row of nothing but defaults | `suite::crud::an_inserted_row_of_nothing_but_its_key_gets_one` |
//! | 202, 203 rows of a SELECT from the same table, numbered anew | `rows_of_a_select_of_the_same_table` |
//! | 205 with defaults | `rows_of_a_select_get_the_defaults` |
//! | 206 a row that is not read | `suite::aborted` and `suite::pool`: a statement leaves its connection ready |
//! | 208 RETURNING, one and many | `suite::writing::insert`, `suite::writing::bulk`; what has none is emulated |
//! | 214, 215 a key that is not numbered must be given | `a_key_that_is_not_numbered_must_be_given` |
//! | 217 explicit keys, then automatic ones | `suite::sequences` |
//!
//! Not applicable: 209 (sequences apart from tables), 211 (identity options), 212 (computed columns).

use creole::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "includes_defaults", default)]
struct WithDefaults {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 50)]
    data: Option<String>,
    #[model(server_default = "5")]
    x: i32,
    #[model(server_default = "2+2")]
    y: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "manual_pk")]
struct Manual {
    #[model(primary_key)]
    id: i32,
    #[model(length = 50)]
    data: String,
}

#[creole::test]
async fn rows_of_a_select_of_the_same_table(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Manual]).await?;
    let rows = [1, 2, 3].map(|id| Manual { id, data: format!("data{id}") });
    insert_all(&rows).exec(&engine).await?;
    let some = select((Manual::id + 5, Manual::data)).filter(Manual::data.is_in(["data2", "data3"]));
    assert_eq!(insert_from((Manual::id, Manual::data), some).exec(&engine).await?, 2);
    let data = select(Manual::data).order_by(Manual::data).all(&engine).await?;
    assert_eq!(data, ["data1", "data2", "data2", "data3", "data3"]);
    Ok(())
}

#[creole::test]
async fn rows_of_a_select_get_the_defaults(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Manual, WithDefaults]).await?;
    let rows = [1, 2, 3].map(|id| Manual { id, data: format!("data{id}") });
    insert_all(&rows).exec(&engine).await?;
    let some = select(Manual::data).filter(Manual::id.gt(1));
    assert_eq!(insert_from(WithDefaults::data, some).exec(&engine).await?, 2);
    let copied = WithDefaults::select().order_by(WithDefaults::id).all(&engine).await?;
    let seen: Vec<_> = copied.iter().map(|row| (row.id > 0, row.data.as_deref(), row.x, row.y)).collect();
    assert_eq!(seen, [(true, Some("data2"), 5, 4), (true, Some("data3"), 5, 4)]);
    Ok(())
}

#[creole::test]
async fn keys_of_bytes_and_uuids_come_back(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "returned")]
    struct Returned {
        #[model(primary_key)]
        id: Uuid,
        #[model(unique, length = 30)]
        bytes: Vec<u8>,
    }
    engine.create_all(tables![Returned]).await?;
    let row = |number: u8| Returned {
        id: Uuid::from_u128(u128::MAX / (u128::from(number) + 1)),
        bytes: vec![b'7', 0xe7, 0x9f, number],
    };
    let rows: Vec<Returned> = (0..10).map(row).collect();
    assert_eq!(insert_all(&rows).returning().all(&engine).await?, rows);
    let one = Returned { id: Uuid::nil(), bytes: b"this is binary".to_vec() };
    assert_eq!(insert(&one).returning().one(&engine).await?, one);
    assert_eq!(Returned::select().filter(Returned::bytes.eq(one.bytes.clone())).all(&engine).await?, [one]);
    Ok(())
}

#[creole::test]
async fn a_key_that_is_not_numbered_must_be_given(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Manual]).await?;
    let row = Manual { id: 1, data: "x".into() };
    let error = insert(&row).omit(Manual::id).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotNullViolation, "{error}");
    // Zero is a key as any other, where keys are not numbered.
    let zero = Manual { id: 0, ..row };
    assert_eq!(insert(&zero).returning().one(&engine).await?, zero);
    Ok(())
}
