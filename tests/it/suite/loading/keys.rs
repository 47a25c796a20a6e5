//! Keys of every kind: those that ignore case, those kept in another form, NULL, several columns.

use creole::prelude::*;
use creole::query::load;

/// A code is the same in capitals.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "badges", has_many(scans = Scan::badge))]
struct Badge {
    #[model(primary_key, length = 20, case_insensitive)]
    code: String,
    owner: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "scans", default)]
struct Scan {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 20, collation = case_insensitive, references = Badge::code, belongs_to = owner)]
    badge: String,
}

#[creole::test]
async fn keys_that_ignore_case_are_matched_by_the_database(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Badge, Scan]).await?;
    insert_all(&[("Blue", 1), ("RED", 2)].map(|(code, owner)| Badge { code: code.into(), owner }))
        .exec(&engine)
        .await?;
    let scans = ["bLUE", "red", "BLUE", "Red"].map(|badge| Scan { id: 0, badge: badge.into() });
    insert_all(&scans).exec(&engine).await?;
    let badges = Badge::select().order_by(Badge::owner).with(Badge::scans).all(&engine).await?;
    let ids = badges.iter().map(|(_, scans)| scans.iter().map(|scan| scan.id).collect::<Vec<_>>());
    assert_eq!(ids.collect::<Vec<_>>(), [vec![1, 3], vec![2, 4]]);
    let scans = Scan::select().order_by(Scan::id).with(Scan::owner).all(&engine).await?;
    assert_eq!(scans.iter().map(|(_, badge)| badge.owner).collect::<Vec<_>>(), [1, 2, 1, 2]);
    let last = Badge::scans.order_by(Scan::id.desc()).limit(1);
    let badges = Badge::select().order_by(Badge::owner).with(last).all(&engine).await?;
    assert_eq!(badges.iter().map(|(_, scans)| scans[0].id).collect::<Vec<_>>(), [3, 4]);
    let blue = Badge::find("blue", &engine).await?.expect("it was inserted");
    assert_eq!(blue.related(Badge::scans).count(&engine).await?, 2);
    Ok(())
}

/// Ids and amounts are kept in forms of their own on SQLite.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "vaults", has_many(coins = Coin::vault_id), has_many(rates = Rate::weight))]
struct Vault {
    #[model(primary_key, sqlite = text)]
    id: Uuid,
    #[model(unique, precision = 10, scale = 2, sqlite = scaled_integer)]
    weight: Decimal,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "coins", default)]
struct Coin {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Vault::id, belongs_to = vault, sqlite = text)]
    vault_id: Uuid,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "rates", default)]
struct Rate {
    #[model(primary_key, auto)]
    id: i64,
    #[model(precision = 10, scale = 2, sqlite = scaled_integer, references = Vault::weight, belongs_to = of)]
    weight: Option<Decimal>,
}

#[creole::test]
async fn keys_in_another_form_and_keys_that_are_no_primary_key(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Vault, Coin, Rate]).await?;
    let vaults =
        [(1_u128, 150), (2, 275)].map(|(id, cents)| Vault { id: Uuid::from_u128(id), weight: Decimal::new(cents, 2) });
    insert_all(&vaults).exec(&engine).await?;
    let coins = [1_u128, 2, 2].map(|vault| Coin { id: 0, vault_id: Uuid::from_u128(vault) });
    insert_all(&coins).exec(&engine).await?;
    let rates = [Some(Decimal::new(15, 1)), None, Some(Decimal::new(2750, 3))].map(|weight| Rate { id: 0, weight });
    insert_all(&rates).exec(&engine).await?;
    let found = Vault::select().order_by(Vault::weight).with(Vault::coins).with(Vault::rates).all(&engine).await?;
    let ids = found.iter().map(|(_, coins, rates)| (coins.len(), rates.iter().map(|rate| rate.id).collect::<Vec<_>>()));
    assert_eq!(ids.collect::<Vec<_>>(), [(1, vec![1]), (2, vec![3])]);
    let found = Rate::select().order_by(Rate::id).with(Rate::of).all(&engine).await?;
    let found = found.iter().map(|(_, vault)| vault.as_ref().map(|vault| vault.id.as_u128()));
    assert_eq!(found.collect::<Vec<_>>(), [Some(1), None, Some(2)]);
    // The key of a row at hand need not be written as the database keeps it.
    let rates = [Rate { id: 0, weight: Some(Decimal::new(15000, 4)) }];
    assert_eq!(load(&rates, Rate::of).all(&engine).await?[0].as_ref().map(|vault| vault.id.as_u128()), Some(1));
    let coins = Coin::select().order_by(Coin::id).with(Coin::vault.with(Vault::rates)).all(&engine).await?;
    assert_eq!(
        coins.iter().map(|(_, (vault, rates))| (vault.id.as_u128(), rates.len())).collect::<Vec<_>>(),
        [(1, 1), (2, 1), (2, 1)]
    );
    Ok(())
}

/// A shelf is known by its hall and number.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "shelves",
    has_many(boxes = (Crate::hall, Crate::shelf)),
    many_to_many(labels: Label = (ShelfLabel::hall, ShelfLabel::shelf) -> ShelfLabel::label)
)]
struct Shelf {
    #[model(primary_key)]
    hall: i32,
    #[model(primary_key)]
    number: i32,
}

/// A crate that may stand on a shelf; the columns of its key are in another order than those of the shelf's.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "crates", foreign_key(hall, shelf, references = (Shelf::hall, Shelf::number), belongs_to = place))]
struct Crate {
    #[model(primary_key)]
    id: i64,
    shelf: Option<i32>,
    hall: Option<i32>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "labels")]
struct Label {
    #[model(primary_key, length = 20)]
    text: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "shelf_labels", foreign_key(hall, shelf, references = (Shelf::hall, Shelf::number)))]
struct ShelfLabel {
    #[model(primary_key)]
    hall: i32,
    #[model(primary_key)]
    shelf: i32,
    #[model(primary_key, length = 20, references = Label::text)]
    label: String,
}

#[creole::test]
async fn keys_of_several_columns(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Shelf, Crate, Label, ShelfLabel]).await?;
    let shelves = [(1, 1), (1, 2), (2, 1)].map(|(hall, number)| Shelf { hall, number });
    insert_all(&shelves).exec(&engine).await?;
    let crates =
        [(1, Some(1), Some(2)), (2, Some(2), Some(1)), (3, Some(1), None), (4, None, None), (5, Some(1), Some(2))];
    insert_all(&crates.map(|(id, hall, shelf)| Crate { id, hall, shelf })).exec(&engine).await?;
    insert_all(&["a", "b"].map(|text| Label { text: text.into() })).exec(&engine).await?;
    let labels = [(1, 1, "b"), (1, 1, "a"), (2, 1, "b")];
    insert_all(&labels.map(|(hall, shelf, label)| ShelfLabel { hall, shelf, label: label.into() }))
        .exec(&engine)
        .await?;

    let order = (Shelf::hall, Shelf::number);
    let found = Shelf::select().order_by(order).with(Shelf::boxes).with(Shelf::labels).all(&engine).await?;
    let found = found.iter().map(|(_, boxes, labels)| {
        let labels: String = labels.iter().map(|label| label.text.as_str()).collect();
        (boxes.iter().map(|own| own.id).collect::<Vec<_>>(), labels)
    });
    let expected = [(vec![], "ab".to_owned()), (vec![1, 5], String::new()), (vec![2], "b".to_owned())];
    assert_eq!(found.collect::<Vec<_>>(), expected);
    let found = Crate::select().order_by(Crate::id).with(Crate::place).all(&engine).await?;
    let found = found.iter().map(|(_, shelf)| shelf.as_ref().map(|shelf| (shelf.hall, shelf.number)));
    assert_eq!(found.collect::<Vec<_>>(), [Some((1, 2)), Some((2, 1)), None, None, Some((1, 2))]);
    let last = Shelf::boxes.order_by(Crate::id.desc()).limit(1).select(Crate::id);
    let found = Shelf::select().order_by(order).with(last).all(&engine).await?;
    assert_eq!(found.iter().map(|(_, ids)| ids.clone()).collect::<Vec<_>>(), [vec![], vec![5], vec![2]]);
    // Half a key is none, and belongs to nothing.
    let half = Crate { id: 0, hall: Some(1), shelf: None };
    assert_eq!(half.related(Crate::place).count(&engine).await?, 0);
    assert_eq!(load(&[half], Crate::place).all(&engine).await?, [None]);
    let shelf = Shelf { hall: 1, number: 1 };
    assert_eq!(shelf.related(Shelf::labels).count(&engine).await?, 2);
    Ok(())
}

/// Letters that the program would take for one, and some databases do not: each row gets its own.
#[creole::test]
async fn keys_are_never_folded_in_memory(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Badge, Scan]).await?;
    for (owner, letter) in (1..).zip(["\u{1c90}", "\u{10d0}", "\u{10d50}", "\u{10d70}", "\u{2c2f}", "\u{2c5f}"]) {
        let inserted = insert(&Badge { code: letter.into(), owner }).exec(&engine).await;
        if inserted.is_err_and(|error| error.kind() == ErrorKind::UniqueViolation) {
            continue;
        }
        insert(&Scan { id: i64::from(owner), badge: letter.into() }).exec(&engine).await?;
    }
    for (badge, scans) in Badge::select().with(Badge::scans).all(&engine).await? {
        assert_eq!(scans.iter().map(|scan| scan.id).collect::<Vec<_>>(), [i64::from(badge.owner)]);
    }
    for (scan, badge) in Scan::select().with(Scan::owner).all(&engine).await? {
        assert_eq!(i64::from(badge.owner), scan.id);
    }
    Ok(())
}

#[creole::test]
async fn rows_at_hand_with_keys_that_only_the_database_compares_are_refused(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Badge, Scan]).await?;
    insert(&Badge { code: "Blue".into(), owner: 1 }).exec(&engine).await?;
    let scan = Scan { id: 0, badge: "blue".into() };
    let error = load(std::slice::from_ref(&scan), Scan::owner).all(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::Unsupported, Some("scans")));
    let with_filter = load(std::slice::from_ref(&scan), Scan::owner.filter(Badge::owner.gt(0))).all(&engine).await;
    assert_eq!(with_filter.unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(scan.related(Scan::owner).one(&engine).await?.owner, 1);
    Ok(())
}
