//! Relations by keys of several columns, and by unique keys that are not the primary key.

use creole::prelude::*;
use creole::query::Expr;

/// An order, numbered anew each year.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "orders",
    has_many(lines = (Line::order_year, Line::order_number)),
    has_one(bill = (Bill::year, Bill::number)),
    many_to_many(tags: Tag = (OrderTag::year, OrderTag::number) -> OrderTag::tag_id)
)]
struct Order {
    #[model(primary_key)]
    year: i32,
    #[model(primary_key)]
    number: i32,
    #[model(length = 20)]
    customer: String,
}

/// A line of an order, or of none yet.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "lines",
    foreign_key(order_year, order_number, references = (Order::year, Order::number), belongs_to = order)
)]
struct Line {
    #[model(primary_key)]
    id: i64,
    order_number: Option<i32>,
    order_year: Option<i32>,
    amount: i64,
}

/// The bill of an order, whose key is the order's.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "bills", foreign_key(year, number, references = (Order::year, Order::number), belongs_to = order))]
struct Bill {
    #[model(primary_key)]
    year: i32,
    #[model(primary_key)]
    number: i32,
    total: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "tags",
    many_to_many(orders: Order = OrderTag::tag_id -> (OrderTag::year, OrderTag::number)),
    has_many(order_tags = OrderTag::tag_id)
)]
struct Tag {
    #[model(primary_key)]
    id: i64,
    #[model(length = 20)]
    name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "order_tags", foreign_key(year, number, references = (Order::year, Order::number), belongs_to = order))]
struct OrderTag {
    #[model(primary_key, references = Tag::id, belongs_to = tag)]
    tag_id: i64,
    #[model(primary_key)]
    year: i32,
    #[model(primary_key)]
    number: i32,
}

/// Orders 1 and 2 of one year and 1 of the next. Each pair has a year or a number with another one in common.
async fn office(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Order, Line, Bill, Tag, OrderTag]).await?;
    let order = |year, number, customer: &str| Order { year, number, customer: customer.into() };
    insert_all(&[order(2025, 1, "Ada"), order(2025, 2, "Bob"), order(2026, 1, "Cleo")]).exec(engine).await?;
    let lines = [
        (1, Some(2025), Some(1), 10),
        (2, Some(2025), Some(1), 20),
        (3, Some(2026), Some(1), 30),
        (4, None, None, 40),
        // One NULL is enough to refer to nothing.
        (5, Some(2025), None, 50),
    ];
    let lines = lines.map(|(id, order_year, order_number, amount)| Line { id, order_year, order_number, amount });
    insert_all(&lines).exec(engine).await?;
    insert_all(&[Bill { year: 2025, number: 2, total: 5 }]).exec(engine).await?;
    insert_all(&[(1, "urgent"), (2, "abroad")].map(|(id, name)| Tag { id, name: name.into() })).exec(engine).await?;
    let tagged = [(1, 2025, 1), (2, 2025, 1), (2, 2026, 1)];
    insert_all(&tagged.map(|(tag_id, year, number)| OrderTag { tag_id, year, number })).exec(engine).await?;
    Ok(())
}

/// Whose orders meet the condition.
async fn customers(engine: &Engine, condition: Expr<bool>) -> creole::Result<Vec<String>> {
    select(Order::customer).filter(condition).order_by(Order::customer).all(engine).await
}

#[creole::test]
async fn a_key_of_two_columns_leads_both_ways(engine: Engine) -> creole::Result<()> {
    office(&engine).await?;
    let pairs = select((Order::customer, Line::id)).join(Order::lines).order_by(Line::id).all(&engine).await?;
    assert_eq!(pairs, [("Ada".to_owned(), 1), ("Ada".to_owned(), 2), ("Cleo".to_owned(), 3)]);
    let back: Vec<(i64, Option<String>)> =
        select((Line::id, Order::customer.optional())).left_join(Line::order).order_by(Line::id).all(&engine).await?;
    let found: Vec<_> = back.iter().map(|(_, customer)| customer.as_deref()).collect();
    assert_eq!(found, [Some("Ada"), Some("Ada"), Some("Cleo"), None, None]);
    assert_eq!(customers(&engine, Order::lines.any(Line::amount.ge(20))).await?, ["Ada", "Cleo"]);
    assert_eq!(customers(&engine, Order::lines.none(Line::amount.ge(30))).await?, ["Ada", "Bob"]);
    assert_eq!(customers(&engine, not(Order::lines.exists())).await?, ["Bob"]);
    let counts = select((Order::customer, Order::lines.count())).order_by(Order::customer).all(&engine).await?;
    assert_eq!(counts, [("Ada".to_owned(), 2), ("Bob".to_owned(), 0), ("Cleo".to_owned(), 1)]);
    let loose = select(Line::id).filter(not(Line::order.exists())).order_by(Line::id).all(&engine).await?;
    assert_eq!(loose, [4, 5]);
    // Within each other, there and back.
    let alone = Order::lines.any(Line::order.any(Order::lines.count().eq(1)));
    assert_eq!(customers(&engine, alone).await?, ["Cleo"]);
    Ok(())
}

#[creole::test]
async fn one_row_at_most_has_the_key_of_another(engine: Engine) -> creole::Result<()> {
    office(&engine).await?;
    let bills: Vec<(String, Option<i64>)> = select((Order::customer, Bill::total.optional()))
        .left_join(Order::bill)
        .order_by(Order::customer)
        .all(&engine)
        .await?;
    assert_eq!(bills, [("Ada".to_owned(), None), ("Bob".to_owned(), Some(5)), ("Cleo".to_owned(), None)]);
    assert_eq!(customers(&engine, Order::bill.exists()).await?, ["Bob"]);
    let of_bob = Bill::select().filter(Bill::order.any(Order::customer.eq("Bob"))).count(&engine).await?;
    assert_eq!(of_bob, 1);
    Ok(())
}

#[creole::test]
async fn a_table_between_refers_by_two_columns(engine: Engine) -> creole::Result<()> {
    office(&engine).await?;
    let pairs = select((Order::customer, Tag::name)).join(Order::tags).order_by((Order::customer, Tag::id));
    let expected = [("Ada", "urgent"), ("Ada", "abroad"), ("Cleo", "abroad")];
    assert_eq!(pairs.all(&engine).await?, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert_eq!(customers(&engine, Order::tags.any(Tag::name.eq("abroad"))).await?, ["Ada", "Cleo"]);
    assert_eq!(customers(&engine, Order::tags.none(Tag::name.eq("urgent"))).await?, ["Bob", "Cleo"]);
    assert_eq!(customers(&engine, Order::tags.count().eq(2)).await?, ["Ada"]);
    let tags = select((Tag::name, Tag::orders.count(), Tag::order_tags.count())).order_by(Tag::id).all(&engine).await?;
    assert_eq!(tags, [("urgent".to_owned(), 1, 1), ("abroad".to_owned(), 2, 2)]);
    let of_cleo = select(Tag::name).join(Tag::orders).filter(Order::customer.eq("Cleo")).all(&engine).await?;
    assert_eq!(of_cleo, ["abroad"]);
    Ok(())
}

/// A country, which others know by its code. A code may be missing.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "countries", has_many(cities = City::country), has_one(capital = Capital::country))]
struct Country {
    #[model(primary_key)]
    id: i64,
    #[model(unique, length = 2)]
    code: Option<String>,
    #[model(length = 20)]
    name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "cities")]
struct City {
    #[model(primary_key)]
    id: i64,
    #[model(length = 2, references = Country::code, belongs_to = of)]
    country: Option<String>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "capitals")]
struct Capital {
    #[model(primary_key, length = 2, references = Country::code, belongs_to = of)]
    country: String,
    #[model(references = City::id)]
    city: i64,
}

#[creole::test]
async fn a_unique_key_leads_too_and_null_to_nothing(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Country, City, Capital]).await?;
    let country = |id, code: Option<&str>, name: &str| Country { id, code: code.map(Into::into), name: name.into() };
    let countries = [country(1, Some("it"), "Italy"), country(2, None, "Atlantis"), country(3, None, "Utopia")];
    insert_all(&countries).exec(&engine).await?;
    let cities = [(1, Some("it")), (2, Some("it")), (3, None)];
    insert_all(&cities.map(|(id, country)| City { id, country: country.map(Into::into) })).exec(&engine).await?;
    insert(&Capital { country: "it".into(), city: 2 }).exec(&engine).await?;

    // A city without a country is in none, and not in those without a code.
    let counts = select((Country::name, Country::cities.count())).order_by(Country::id).all(&engine).await?;
    assert_eq!(counts, [("Italy", 2), ("Atlantis", 0), ("Utopia", 0)].map(|(name, count)| (name.to_owned(), count)));
    let names =
        async |condition: Expr<bool>| select(Country::name).filter(condition).order_by(Country::id).all(&engine).await;
    assert_eq!(names(Country::cities.any(City::id.ge(1))).await?, ["Italy"]);
    assert_eq!(names(Country::cities.none(City::id.ge(3))).await?, ["Italy", "Atlantis", "Utopia"]);
    let all: Vec<(i64, Option<Country>)> =
        select((City::id, Country::ALL.optional())).left_join(City::of).order_by(City::id).all(&engine).await?;
    let ids: Vec<_> = all.iter().map(|(_, country)| country.as_ref().map(|country| country.id)).collect();
    assert_eq!(ids, [Some(1), Some(1), None]);
    assert_eq!(select(City::id).filter(not(City::of.exists())).all(&engine).await?, [3]);

    let pairs = select((Country::name, Capital::city)).join(Country::capital).all(&engine).await?;
    assert_eq!(pairs, [("Italy".to_owned(), 2)]);
    assert_eq!(names(not(Country::capital.exists())).await?, ["Atlantis", "Utopia"]);
    assert_eq!(select(Country::id).filter(Country::code.is_not_null()).join(Country::cities).count(&engine).await?, 2);
    let owner: Country = select(Country::ALL).from(table::<Capital>()).join(Capital::of).one(&engine).await?;
    assert_eq!(owner.name, "Italy");
    Ok(())
}
