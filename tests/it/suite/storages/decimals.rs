//! Decimals that SQLite keeps as scaled integers, in every place of a statement, beside decimals that it keeps as text.

use creole::prelude::*;
use creole::query::FrameBound::{CurrentRow, Preceding};
use creole::query::{Expr, RowValue, greatest, lag, least, nullif, rank, window};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "items", index(price), index(rate))]
struct Item {
    #[model(primary_key)]
    id: i32,
    #[model(precision = 8, scale = 2, sqlite = scaled_integer)]
    price: Decimal,
    /// Of other digits.
    #[model(precision = 10, scale = 4, sqlite = scaled_integer)]
    rate: Option<Decimal>,
    /// In the usual form.
    #[model(precision = 12, scale = 3)]
    plain: Decimal,
}

const LAST: i32 = 5;

fn items() -> Vec<Item> {
    let item = |id, price, rate, plain| Item { id, price, rate, plain };
    vec![
        item(1, dec!(100), Some(dec!(0.5)), dec!(100)),
        item(2, dec!(99.5), None, dec!(99.500)),
        item(3, dec!(-0.05), Some(dec!(-0.05)), dec!(7)),
        item(4, dec!(99.50), Some(dec!(99.4999)), dec!(-1)),
        item(LAST, dec!(999999.99), Some(dec!(0)), dec!(0.001)),
    ]
}

async fn written(engine: &Engine) -> creole::Result<Vec<Item>> {
    engine.create_all(tables![Item]).await?;
    let mut session = engine.session();
    for item in items() {
        session.add(item);
    }
    session.commit().await?;
    Ok(items())
}

async fn ids(engine: &Engine, condition: Expr<bool>) -> creole::Result<Vec<i32>> {
    select(Item::id).filter(condition).order_by(Item::id).all(engine).await
}

#[creole::test]
async fn rows_are_written_read_and_changed(engine: Engine) -> creole::Result<()> {
    let items = written(&engine).await?;
    assert_eq!(Item::select().order_by(Item::id).all(&engine).await?, items);
    let mut session = engine.session();
    let first = session.get::<Item>(1).await?.expect("the first row");
    session[first].price = dec!(12.3);
    session.commit().await?;
    assert_eq!(Item::find(1, &engine).await?.map(|item| item.price), Some(dec!(12.3)));
    let returned = insert(&Item { id: 9, ..items[0].clone() }).returning().one(&engine).await?;
    assert_eq!(returned.price, dec!(100));
    Ok(())
}

#[creole::test]
async fn values_are_compared_whatever_their_digits(engine: Engine) -> creole::Result<()> {
    written(&engine).await?;
    assert_eq!(ids(&engine, Item::price.eq(dec!(99.5))).await?, [2, 4]);
    assert_eq!(ids(&engine, Item::price.eq(dec!(99.500))).await?, [2, 4]);
    assert_eq!(ids(&engine, Item::price.eq(dec!(99.501))).await?, Vec::<i32>::new());
    assert_eq!(ids(&engine, Item::price.ne(dec!(99.501))).await?.len(), 5);
    assert_eq!(ids(&engine, Item::price.lt(dec!(99.501))).await?, [2, 3, 4]);
    assert_eq!(ids(&engine, Item::price.gt(dec!(99.499))).await?, [1, 2, 4, LAST]);
    assert_eq!(ids(&engine, Item::price.between(dec!(-0.051), dec!(99.5))).await?, [2, 3, 4]);
    assert_eq!(ids(&engine, Item::price.is_in([dec!(100), dec!(99.501)])).await?, [1]);
    assert_eq!(ids(&engine, Item::price.not_in([dec!(100), dec!(99.5)])).await?, [3, LAST]);
    // Beyond what the column holds, and beyond 64 bits.
    assert_eq!(ids(&engine, Item::price.lt(Decimal::MAX)).await?.len(), 5);
    assert_eq!(ids(&engine, Item::price.lt(dec!(-10000000000000000000))).await?, Vec::<i32>::new());
    assert_eq!(ids(&engine, Item::rate.ne(dec!(0.5))).await?, [2, 3, 4, LAST]);
    assert_eq!(ids(&engine, Item::rate.eq(None)).await?, [2]);
    assert_eq!(ids(&engine, not(Item::price.eq(dec!(99.501)))).await?.len(), 5);
    Ok(())
}

#[creole::test]
async fn columns_of_other_forms_and_digits_are_compared_by_value(engine: Engine) -> creole::Result<()> {
    written(&engine).await?;
    assert_eq!(ids(&engine, Item::price.eq(Item::plain)).await?, [1, 2]);
    assert_eq!(ids(&engine, Item::plain.eq(Item::price)).await?, [1, 2]);
    assert_eq!(ids(&engine, Item::price.eq(Item::rate)).await?, [3]);
    assert_eq!(ids(&engine, Item::rate.lt(Item::price)).await?, [1, 4, LAST]);
    assert_eq!(ids(&engine, Item::plain.between(Item::rate, Item::price)).await?, [1, LAST]);
    let other = alias::<Item>("other");
    let pairs = select((Item::id, other.col(Item::id)))
        .join(other.on(Item::price.eq(other.col(Item::plain))))
        .order_by((Item::id, other.col(Item::id)))
        .all(&engine)
        .await?;
    assert_eq!(pairs, [(1, 1), (2, 2), (4, 2)]);
    let tuples = (Item::id, Item::price).is_in([(1, dec!(100.00)), (2, dec!(99.51)), (4, dec!(99.5))]);
    assert_eq!(ids(&engine, tuples).await?, [1, 4]);
    Ok(())
}

#[creole::test]
async fn computing_is_exact(engine: Engine) -> creole::Result<()> {
    written(&engine).await?;
    let (price, rate, plain) = (Item::price, Item::rate, Item::plain);
    let rows = select((price + plain, price - rate, price * price, price / 3, price.cast::<f64>()))
        .filter(Item::id.is_in([2, 3]))
        .order_by(Item::id)
        .all(&engine)
        .await?;
    assert_eq!(rows[0].0, dec!(199));
    assert_eq!(rows[0].1, None);
    assert_eq!((rows[0].2, rows[0].3), (dec!(9900.25), Some(dec!(33.16666667))));
    assert_eq!(rows[1].1, Some(dec!(0)));
    assert_eq!((rows[1].2, rows[1].3), (dec!(0.0025), Some(dec!(-0.01666667))));
    assert_eq!((rows[0].4, rows[1].4), (99.5, -0.05));
    assert_eq!(ids(&engine, (price * 2).eq(199)).await?, [2, 4]);
    assert_eq!(select(price.abs()).filter(Item::id.eq(3)).one(&engine).await?, dec!(0.05));

    let (total, average, least, most) = select((sum(price), avg(price), min(price), max(price))).one(&engine).await?;
    assert_eq!((total, average), (Some(dec!(1000298.94)), Some(dec!(200059.788))));
    assert_eq!((least, most), (Some(dec!(-0.05)), Some(dec!(999999.99))));
    let filtered = select((sum(rate), avg(rate), count(rate))).filter(Item::id.le(3)).one(&engine).await?;
    assert_eq!(filtered, (Some(dec!(0.45)), Some(dec!(0.225)), 2));
    Ok(())
}

#[creole::test]
async fn groups_and_distinct_values(engine: Engine) -> creole::Result<()> {
    written(&engine).await?;
    let groups = select((Item::price, count_rows())).group_by(Item::price).order_by(Item::price).all(&engine).await?;
    let expected = [(dec!(-0.05), 1), (dec!(99.5), 2), (dec!(100), 1), (dec!(999999.99), 1)];
    assert_eq!(groups, expected);
    let several = select(Item::price).group_by(Item::price).having(count_rows().gt(1)).all(&engine).await?;
    assert_eq!(several, [dec!(99.5)]);
    let distinct = select(Item::price).distinct().order_by(Item::price.desc()).all(&engine).await?;
    assert_eq!(distinct, [dec!(999999.99), dec!(100), dec!(99.5), dec!(-0.05)]);
    assert_eq!(select(count(Item::price).distinct()).one(&engine).await?, 4);
    let ordered = select(Item::id).order_by((Item::rate, Item::id)).all(&engine).await?;
    assert_eq!(ordered, [3, LAST, 1, 4, 2]);
    let ordered = select(Item::id).order_by((Item::rate.desc(), Item::id)).all(&engine).await?;
    assert_eq!(ordered, [2, 4, 1, LAST, 3]);
    Ok(())
}

#[creole::test]
async fn what_carries_them_keeps_their_value(engine: Engine) -> creole::Result<()> {
    written(&engine).await?;
    let (price, rate, plain) = (Item::price, Item::rate, Item::plain);
    // Functions and CASE, with a value of another form beside them.
    let rows = select((
        coalesce(rate, price),
        coalesce(rate, plain),
        case(Item::id.eq(2), price).otherwise(plain),
        nullif(price, plain),
        greatest(price, plain),
        least(price, dec!(50)),
    ))
    .filter(Item::id.is_in([2, 3]))
    .order_by(Item::id)
    .all(&engine)
    .await?;
    assert_eq!(rows[0], (dec!(99.5), dec!(99.5), dec!(99.5), None, dec!(99.5), dec!(50)));
    assert_eq!(rows[1], (dec!(-0.05), dec!(-0.05), dec!(7), Some(dec!(-0.05)), dec!(7), dec!(-0.05)));
    assert_eq!(ids(&engine, coalesce(rate, dec!(1)).eq(1)).await?, [2]);

    // Subqueries as values, lists and sources, common table expressions, compounds.
    let highest = || select(max(price)).filter(Item::id.lt(LAST));
    assert_eq!(ids(&engine, price.eq(highest())).await?, [1]);
    assert_eq!(ids(&engine, price.is_in(select(plain))).await?, [1, 2, 4]);
    assert_eq!(ids(&engine, plain.is_in(select(price))).await?, [1, 2]);
    let prices = select((Item::id, price)).subquery("prices");
    let rows = select((prices.col(Item::id), prices.col(price)))
        .from(&prices)
        .filter(prices.col(price).gt(dec!(99.5)))
        .order_by(prices.col(price).desc())
        .all(&engine)
        .await?;
    assert_eq!(rows, [(LAST, dec!(999999.99)), (1, dec!(100))]);
    let named = select((price, count_rows())).group_by(price).cte("named");
    let joined = select((Item::id, named.col(count_rows())))
        .join(named.on(price.eq(named.col(price))))
        .with_cte(&named)
        .order_by(Item::id)
        .all(&engine)
        .await?;
    assert_eq!(joined, [(1, 1), (2, 2), (3, 1), (4, 2), (LAST, 1)]);
    let both = select(price).union(select(plain)).order_by(price).all(&engine).await?;
    let expected = [dec!(-1), dec!(-0.05), dec!(0.001), dec!(7), dec!(99.5), dec!(100), dec!(999999.99)];
    assert_eq!(both, expected);
    assert_eq!(select(price).intersect(select(plain)).count(&engine).await?, 2);
    Ok(())
}

#[creole::test]
async fn windows_and_pages(engine: Engine) -> creole::Result<()> {
    written(&engine).await?;
    let by_price = || window().order_by(Item::price);
    let rows = select((rank().over(by_price()), lag(Item::price, 1).over(window().order_by((Item::price, Item::id)))))
        .order_by(Item::id)
        .all(&engine)
        .await?;
    let (low, middle, hundred) = (Some(dec!(-0.05)), Some(dec!(99.5)), Some(dec!(100)));
    assert_eq!(rows, [(4, middle), (2, low), (1, None), (2, middle), (5, hundred)]);
    // One more or less is 1, and not one unit of the last digit.
    let near = select(count_rows().over(by_price().range(Preceding(1), CurrentRow))).order_by(Item::id);
    match engine.dialect().name() {
        "sqlite" => assert_eq!(near.all(&engine).await.unwrap_err().kind(), ErrorKind::Unsupported),
        _ => assert_eq!(near.all(&engine).await?, [3, 2, 1, 2, 1]),
    }

    let query = Item::select().order_by(Item::price.desc());
    let mut page = query.clone().first_page().limit(2).all(&engine).await?;
    let mut found = Vec::new();
    while let Some(last) = page.last() {
        found.extend(page.iter().map(|item| item.id));
        assert!(found.len() <= 5, "the pages do not end: {found:?}");
        let cursor = query.cursor(last)?;
        page = query.clone().page_after(&cursor).limit(2).all(&engine).await?;
    }
    assert_eq!(found, [LAST, 1, 4, 2, 3]);
    Ok(())
}

#[creole::test]
async fn what_is_assigned_is_rounded_and_must_fit(engine: Engine) -> creole::Result<()> {
    written(&engine).await?;
    let price = async |id| select(Item::price).filter(Item::id.eq(id)).one(&engine).await;
    let set = |id, value: Expr<Decimal>| update::<Item>().set(Item::price, value).filter(Item::id.eq(id));
    set(1, Item::price * dec!(1.00005)).exec(&engine).await?;
    assert_eq!(price(1).await?, dec!(100.01), "half away from zero");
    set(3, Item::price * dec!(0.1)).exec(&engine).await?;
    assert_eq!(price(3).await?, dec!(-0.01), "half away from zero");
    set(2, Item::plain * 1).exec(&engine).await?;
    assert_eq!(price(2).await?, dec!(99.5));
    update::<Item>()
        .set(Item::plain, Item::price)
        .set(Item::rate, Item::price)
        .filter(Item::id.eq(2))
        .exec(&engine)
        .await?;
    let copied = select((Item::plain, Item::rate)).filter(Item::id.eq(2)).one(&engine).await?;
    assert_eq!(copied, (dec!(99.5), Some(dec!(99.5))));
    update::<Item>().set(Item::rate, None).filter(Item::id.eq(2)).exec(&engine).await?;
    assert_eq!(ids(&engine, Item::rate.is_null()).await?, [2]);

    let too_large = set(4, Item::price * 1_000_000).exec(&engine).await.unwrap_err();
    assert_eq!(too_large.kind(), ErrorKind::InvalidValue, "{too_large}");
    for value in [dec!(1000000), dec!(0.001)] {
        let error = update::<Item>().set(Item::price, value).filter(Item::id.eq(4)).exec(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidValue, "{error}");
        let error = insert(&Item { id: 8, price: value, ..items()[0].clone() }).exec(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidValue, "{error}");
    }
    assert_eq!(price(4).await?, dec!(99.5));
    Ok(())
}

#[creole::test]
async fn raw_texts_meet_values_and_not_their_form(engine: Engine) -> creole::Result<()> {
    let items = written(&engine).await?;
    let limit = dec!(99.5);
    let found = sql!("select {Item::ALL} from {table::<Item>()} where {Item::price} <= {limit} order by id")
        .models::<Item>()
        .all(&engine)
        .await?;
    assert_eq!(found, items[1..4]);
    let dearer = sql!("select id from items where {Item::price} > {dec!(99.501)} order by id").scalars::<i32>();
    assert_eq!(dearer.all(&engine).await?, [1, LAST]);
    // A text that names the column itself gets what is kept, which is no decimal: never a hundred times the price.
    let bare = sql!("select price from items where id = 1").scalars::<Decimal>().one(&engine).await;
    match engine.dialect().name() {
        "sqlite" => assert_eq!(bare.unwrap_err().kind(), ErrorKind::Decode),
        _ => assert_eq!(bare?, dec!(100)),
    }
    Ok(())
}

#[creole::test]
async fn a_plain_index_serves_on_sqlite(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() != "sqlite" {
        return Ok(());
    }
    written(&engine).await?;
    let plan = async |query: creole::query::Select<i32>| {
        let rows = sql!("explain query plan {query}").rows::<(i64, i64, i64, String)>().all(&engine).await?;
        Ok::<_, creole::Error>(rows.into_iter().map(|row| row.3).collect::<Vec<_>>().join("; "))
    };
    let rows = |condition| select(Item::id).filter(condition);
    for (condition, place) in [
        (Item::price.eq(1), "(price=?)"),
        (Item::price.lt(1), "(price<?)"),
        (Item::price.between(1, 2), "(price>? AND price<?)"),
        (Item::price.is_in([dec!(1), dec!(2)]), "(price=?)"),
    ] {
        let plan = plan(rows(condition)).await?;
        assert_eq!(plan, format!("SEARCH items USING COVERING INDEX ix_items_price {place}"));
    }
    let missing = plan(rows(Item::rate.is_null())).await?;
    assert_eq!(missing, "SEARCH items USING COVERING INDEX ix_items_rate (rate=?)");
    let sorted = plan(select(Item::id).order_by(Item::price.desc())).await?;
    assert_eq!(sorted, "SCAN items USING COVERING INDEX ix_items_price");
    Ok(())
}
