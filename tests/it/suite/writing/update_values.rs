//! UPDATEs that take their values from rows of the program's own.

use creole::prelude::*;
use creole::query::{Expr, values};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "pieces")]
struct Piece {
    #[model(primary_key)]
    id: i64,
    #[model(length = 20)]
    name: String,
    #[model(case_insensitive, length = 20)]
    tag: String,
    day: Option<NaiveDate>,
    price: Decimal,
    data: Option<i64>,
}

async fn pieces(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Piece]).await?;
    let names = ["a", "A", "b", "c"];
    let rows: Vec<Piece> = (1..)
        .zip(names)
        .map(|(id, name)| Piece {
            id,
            name: name.into(),
            tag: format!("t{id}"),
            day: (id < 3).then(|| NaiveDate::from_ymd_opt(2024, 1, id as u32).unwrap()),
            price: Decimal::new(id, 10),
            data: None,
        })
        .collect();
    insert_all(&rows).exec(engine).await.map(|_| ())
}

async fn data(engine: &Engine) -> creole::Result<Vec<Option<i64>>> {
    let found = select(Piece::data).order_by(Piece::id).all(engine).await;
    update::<Piece>().set(Piece::data, None::<i64>).all_rows().exec(engine).await?;
    found
}

#[creole::test]
async fn each_row_takes_the_value_that_belongs_to_it(engine: Engine) -> creole::Result<()> {
    pieces(&engine).await?;
    // By a number, whatever the other values are.
    let new = values("new", [(3_i64, Some(5_i64)), (1, Some(5)), (9, None), (2, None)]);
    let (id, value) = new.columns();
    let by_id = update::<Piece>().join(new.on(id.clone().eq(Piece::id))).set(Piece::data, value.clone());
    assert_eq!(by_id.clone().all_rows().exec(&engine).await?, 3);
    assert_eq!(data(&engine).await?, [Some(5), None, Some(5), None]);
    // Rows without a partner get NULL.
    insert(&Piece { id: 10, name: "z".into(), tag: "z".into(), day: None, price: dec!(1), data: Some(1) })
        .exec(&engine)
        .await?;
    let left = update::<Piece>().left_join(new.on(id.eq(Piece::id))).set(Piece::data, value.optional());
    assert_eq!(left.filter(Piece::id.is_in([1, 10])).exec(&engine).await?, 2);
    assert_eq!(data(&engine).await?, [Some(5), None, None, None, None]);
    // By a text that case matters in, and one that it does not in.
    let new = values("new", [("a", 1_i64), ("A", 2), ("c", 3)]);
    let (name, value) = new.columns();
    let by_name = update::<Piece>().join(new.on(name.clone().eq(Piece::name))).set(Piece::data, value);
    assert_eq!(by_name.all_rows().exec(&engine).await?, 3);
    assert_eq!(data(&engine).await?, [Some(1), Some(2), None, Some(3), None]);
    let new = values("new", [("t1", 1_i64), ("t2", 2), ("x", 3)]);
    let (tag, value) = new.columns();
    let small = || tag.clone().eq(Piece::tag.lower());
    let by_tag = update::<Piece>().join(new.on(small())).set(Piece::data, value.clone()).all_rows().returning();
    assert_eq!(by_tag.all(&engine).await?.len(), 2);
    assert_eq!(data(&engine).await?, [Some(1), Some(2), None, None, None]);
    // Rows of the program's own are compared by code point, and a column that is not can't be told so here.
    let by_tag = update::<Piece>().join(new.on(tag.clone().eq(Piece::tag))).set(Piece::data, value).all_rows();
    assert!(by_tag.exec(&engine).await.is_err());
    let by_tag = select(tag.clone()).from(&new).join(table::<Piece>().on(Piece::tag.eq(tag)));
    let error = by_tag.all(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    // NULL belongs to nothing, however often it is there.
    let day = |day| NaiveDate::from_ymd_opt(2024, 1, day);
    let new = values("new", [(None, 1_i64), (day(2), 2), (None, 3), (day(1), 4)]);
    let (day, value) = new.columns();
    let by_day = update::<Piece>().join(new.on(day.eq(Piece::day))).set(Piece::data, value);
    assert_eq!(by_day.all_rows().exec(&engine).await?, 2);
    assert_eq!(data(&engine).await?, [Some(4), Some(2), None, None, None]);
    // By several together, of which each repeats.
    let new = values("new", [(1_i64, "a", 1_i64), (2, "a", 2), (1, "A", 3), (2, "A", 4)]);
    let (id, name, value) = new.columns();
    let both = id.eq(Piece::id).and(name.eq(Piece::name));
    assert_eq!(update::<Piece>().join(new.on(both)).set(Piece::data, value).all_rows().exec(&engine).await?, 2);
    assert_eq!(data(&engine).await?, [Some(1), Some(4), None, None, None]);
    // Decimals differ in their last digit.
    let new = values("new", [(Decimal::new(1, 10), 1_i64), (Decimal::new(2, 10), 2), (Decimal::new(25, 11), 3)]);
    let (price, value) = new.columns();
    let by_price = update::<Piece>().join(new.on(price.eq(Piece::price))).set(Piece::data, value);
    assert_eq!(by_price.all_rows().exec(&engine).await?, 2);
    assert_eq!(data(&engine).await?, [Some(1), Some(2), None, None, None]);
    // No rows are no values.
    let none = values("none", Vec::<(i64, i64)>::new());
    let (id, value) = none.columns();
    assert_eq!(
        update::<Piece>().join(none.on(id.eq(Piece::id))).set(Piece::data, value).all_rows().exec(&engine).await?,
        0
    );
    Ok(())
}

#[creole::test]
async fn what_may_belong_to_a_row_twice_is_refused(engine: Engine) -> creole::Result<()> {
    pieces(&engine).await?;
    let refused = async |update: creole::query::Update<Piece>| {
        let error = update.all_rows().exec(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
        assert!(error.to_string().contains("`values` by a column in which none is there twice"), "{error}");
    };
    let join = |on: Expr<bool>, new: &creole::query::Values<(i64, String, Decimal)>, value: Expr<i64>| {
        update::<Piece>().join(new.on(on)).set(Piece::data, value)
    };
    let row = |id: i64, name: &str, price| (id, name.to_owned(), price);
    let new = values("new", [row(1, "a", dec!(1)), row(2, "b", dec!(1.0)), row(1, "B", dec!(2))]);
    let (id, name, price) = new.columns();
    refused(join(id.clone().eq(Piece::id), &new, id.clone())).await;
    refused(join(price.eq(Piece::price), &new, id.clone())).await;
    refused(join(name.clone().eq(Piece::tag), &new, id.clone())).await;
    refused(join(id.clone().gt(Piece::id), &new, id.clone())).await;
    // Texts are what they are.
    let new = values("new", [row(1, "ς", dec!(1)), row(2, "Σ", dec!(2))]);
    let (id, name, _) = new.columns();
    join(name.eq(Piece::name), &new, id).all_rows().exec(&engine).await?;
    Ok(())
}
