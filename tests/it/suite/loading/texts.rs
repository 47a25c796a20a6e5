//! The texts of a relation's statement, by how many keys it is asked for: servers keep what they prepare by its text.

use std::collections::BTreeSet;

use creole::prelude::*;
use creole::query::{Load, load};

use super::{User, shop};
use crate::lab::Lab;
use crate::models::{Shipment, Stock};
use crate::spying::Sent;

const COUNTS: [i32; 6] = [1, 2, 3, 7, 1_000, 70_000];

#[derive(DbEnum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[db_enum(native, rename_all = "lowercase")]
enum Color {
    Red,
    Green,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "badges", has_many(loans = (Loan::color, Loan::number)))]
struct Badge {
    #[model(primary_key)]
    color: Color,
    #[model(primary_key)]
    number: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "loans", foreign_key(color, number, references = (Badge::color, Badge::number)))]
struct Loan {
    #[model(primary_key)]
    id: i64,
    color: Color,
    number: i32,
}

/// What is sent to load a relation for these rows.
async fn texts<L: Load>(rows: &[L::From], relation: L, on: &Engine, sent: &Sent) -> creole::Result<Vec<String>> {
    sent.texts();
    assert_eq!(load(rows, relation).all(on).await?.len(), rows.len());
    Ok(sent.texts())
}

fn stock(count: i32) -> Vec<Stock> {
    let key = |item| Stock { warehouse: "north".into(), item, shelf: None, amount: 0 };
    (1..=count).map(key).collect()
}

fn users(count: i32) -> Vec<User> {
    (1..=count).map(|id| User { id: id.into(), name: String::new() }).collect()
}

#[creole::test]
async fn a_text_does_not_grow_with_the_keys(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (spied, sent) = lab.spied().await?;
    shop(&spied).await?;
    spied.create_all(tables![Stock, Shipment]).await?;
    let (mut of_one, mut of_two) = (Vec::new(), Vec::new());
    for count in COUNTS {
        of_one.push(texts(&users(count), User::orders, &spied, &sent).await?);
        of_two.push(texts(&stock(count), Stock::shipments, &spied, &sent).await?);
    }
    assert!(of_one.iter().chain(&of_two).all(|texts| texts.len() == 1), "one statement for any number of keys");
    assert_eq!(of_one[4], of_one[5]);
    assert!(of_one[5][0].len() < 400 && of_two[5][0].len() < 600, "{:?} {:?}", of_one[5], of_two[5]);
    // Beside them a text goes by value for longer on MySQL and MariaDB.
    let goes_by_value = matches!(engine.dialect().name(), "mysql" | "mariadb");
    assert_eq!(of_two[4] == of_two[5], !goes_by_value);
    spied.close().await;
    Ok(())
}

/// Lists that are sent value by value are filled up, so that not every length is a text of its own.
#[creole::test]
async fn a_few_texts_serve_all_short_lists(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (spied, sent) = lab.spied().await?;
    shop(&spied).await?;
    spied.create_all(tables![Stock, Shipment]).await?;
    let (users, stock) = (users(300), stock(300));
    let (mut of_one, mut of_two) = (BTreeSet::new(), BTreeSet::new());
    for count in 1..=users.len() {
        of_one.extend(texts(&users[..count], User::orders, &spied, &sent).await?);
        of_two.extend(texts(&stock[..count], Stock::shipments, &spied, &sent).await?);
    }
    assert!(of_one.len() <= 16 && of_two.len() <= 16, "{} {}", of_one.len(), of_two.len());
    spied.close().await;
    Ok(())
}

/// No JSON document has the labels of a native enum, so on MySQL and MariaDB they stay a list, which has room for so many.
#[creole::test]
async fn keys_in_chunks_take_few_texts(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (spied, sent) = lab.spied().await?;
    if let Err(error) = spied.create_all(tables![Badge, Loan]).await {
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        return Ok(());
    }
    let goes_in_chunks = matches!(engine.dialect().name(), "mysql" | "mariadb");
    let badge = |number| Badge { color: if number % 2 == 0 { Color::Red } else { Color::Green }, number };
    let badges: Vec<Badge> = (1..=70_000).map(badge).collect();
    let mut all = BTreeSet::new();
    for count in COUNTS {
        let sent = texts(&badges[..count as usize], Badge::loans, &spied, &sent).await?;
        let distinct: BTreeSet<String> = sent.iter().cloned().collect();
        assert!(distinct.len() <= 2, "that of a whole chunk, and that of the rest");
        assert_eq!(sent.len() > 1, goes_in_chunks && count == 70_000, "{} statements for {count} keys", sent.len());
        assert!(sent.len() <= 70, "{} statements for {count} keys", sent.len());
        all.extend(distinct);
    }
    assert!(all.len() <= COUNTS.len() + 1, "{} texts", all.len());
    spied.close().await;
    Ok(())
}
