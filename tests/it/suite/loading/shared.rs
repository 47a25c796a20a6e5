//! Rows that those share which they belong to.

#![allow(clippy::type_complexity, reason = "the types of results are what is tested")]

use std::cell::Cell;
use std::num::NonZeroUsize;
use std::sync::Arc;

use creole::prelude::*;
use creole::query::load;
use creole::types::{ColumnType, SqlValue, ValueRef};

use super::{Line, Order, Profile, User, ids, shop};

tokio::task_local! {
    /// How many names were decoded.
    static DECODED: Cell<usize>;
}

/// A name that counts how often one is decoded.
#[derive(Debug, Clone, PartialEq)]
struct Name(String);

impl SqlValue for Name {
    const TYPE: ColumnType = ColumnType::TEXT.with_length(40);

    fn bind(&self) -> ValueRef<'_> {
        ValueRef::Text(&self.0)
    }

    fn from_value(value: ValueRef<'_>) -> creole::Result<Name> {
        DECODED.with(|decoded| decoded.set(decoded.get() + 1));
        <String as SqlValue>::from_value(value).map(Name)
    }
}

#[derive(Model, Debug, PartialEq)]
#[model(table = "buyers", has_many(purchases = Purchase::buyer_id))]
struct Buyer {
    #[model(primary_key)]
    id: i64,
    name: Name,
}

#[derive(Model, Debug, PartialEq)]
#[model(table = "purchases")]
struct Purchase {
    #[model(primary_key)]
    id: i64,
    #[model(references = Buyer::id, belongs_to = buyer)]
    buyer_id: i64,
}

/// Each of two buyers has made three purchases.
async fn purchases(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Buyer, Purchase]).await?;
    insert_all(&[1, 2].map(|id| Buyer { id, name: Name(format!("buyer {id}")) })).exec(engine).await?;
    insert_all(&[1, 2, 3, 4, 5, 6].map(|id| Purchase { id, buyer_id: id % 2 + 1 })).exec(engine).await.map(|_| ())
}

async fn decoded<R>(work: impl Future<Output = creole::Result<R>>) -> creole::Result<(R, usize)> {
    DECODED.scope(Cell::new(0), async { Ok((work.await?, DECODED.get().get())) }).await
}

#[creole::test]
async fn a_row_is_decoded_once(engine: Engine) -> creole::Result<()> {
    decoded(purchases(&engine)).await?;
    let each = Purchase::select().order_by(Purchase::id).with(Purchase::buyer).all(&engine);
    let (each, count) = decoded(each).await?;
    assert_eq!(count, 6);
    let shared = Purchase::select().order_by(Purchase::id).with(Purchase::buyer.shared()).all(&engine);
    let (shared, count): (Vec<(Purchase, Arc<Buyer>)>, usize) = decoded(shared).await?;
    assert_eq!(count, 2);
    let same = each.iter().zip(&shared).all(|(each, shared)| each.0 == shared.0 && each.1 == *shared.1);
    assert!(same, "{each:?} are not {shared:?}");
    for [before, _, after] in shared.array_windows() {
        assert!(Arc::ptr_eq(&before.1, &after.1));
    }
    let [first, second, ..] = shared.as_slice() else { panic!("there are six") };
    assert!(!Arc::ptr_eq(&first.1, &second.1));
    assert_eq!(Arc::strong_count(&first.1), 3);
    Ok(())
}

#[creole::test]
async fn what_is_beneath_is_loaded_once(engine: Engine) -> creole::Result<()> {
    decoded(purchases(&engine)).await?;
    let with_names = Buyer::purchases.with(Purchase::buyer.shared());
    let beneath = Purchase::select().order_by(Purchase::id).with(Purchase::buyer.with(with_names).shared());
    let (rows, count): (Vec<(Purchase, Arc<(Buyer, Vec<(Purchase, Arc<Buyer>)>)>)>, usize) =
        decoded(beneath.all(&engine)).await?;
    // Two buyers, and for the six purchases of theirs two again.
    assert_eq!(count, 4);
    let [(_, first), (_, second), (_, third), ..] = rows.as_slice() else { panic!("there are six") };
    assert!(Arc::ptr_eq(first, third) && !Arc::ptr_eq(first, second));
    let (buyer, made) = &**first;
    assert_eq!((buyer.id, made.iter().map(|(made, _)| made.id).collect::<Vec<_>>()), (2, vec![1, 3, 5]));
    assert!(made.iter().all(|(_, again)| Arc::ptr_eq(again, &made[0].1) && **again == *buyer));

    // Before `with` or after it, that is the same.
    let (before, _) =
        decoded(Purchase::select().with(Purchase::buyer.shared().with(Buyer::purchases)).all(&engine)).await?;
    let (after, _) =
        decoded(Purchase::select().with(Purchase::buyer.with(Buyer::purchases).shared()).all(&engine)).await?;
    assert_eq!(before, after);
    Ok(())
}

#[creole::test]
async fn one_at_most_is_an_option(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let orders = || Order::select().order_by(Order::id);
    let names = |found: Vec<(Order, Option<Arc<User>>)>| -> Vec<Option<String>> {
        found.iter().map(|(_, user)| user.as_ref().map(|user| user.name.clone())).collect()
    };
    let some = |name: &str| Some(name.to_owned());
    assert_eq!(names(orders().with(Order::reviewer.shared()).all(&engine).await?), [None, some("Bob"), some("Ada")]);
    let not_bob = || User::name.ne("Bob");
    let expected = [some("Ada"), some("Ada"), None];
    assert_eq!(names(orders().with(Order::user.filter(not_bob()).shared()).all(&engine).await?), expected);
    assert_eq!(names(orders().with(Order::user.shared().filter(not_bob())).all(&engine).await?), expected);

    let users: Vec<(User, Option<Arc<Profile>>)> =
        User::select().order_by(User::id).with(User::profile.shared()).all(&engine).await?;
    assert_eq!(users.iter().map(|(_, profile)| profile.is_some()).collect::<Vec<_>>(), [true, false, false]);
    Ok(())
}

#[creole::test]
async fn a_join_may_leave_no_row_to_go_by(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let pairs = || select((User::id, Order::ALL.optional())).left_join(User::orders).order_by((User::id, Order::id));
    let rows: Vec<((i64, Option<Order>), Option<Arc<User>>)> =
        pairs().with(Order::user.optional().shared()).all(&engine).await?;
    let [(_, first), (_, second), (_, third), (_, fourth)] = rows.as_slice() else { panic!("{rows:?}") };
    let (Some(first), Some(second), Some(third)) = (first, second, third) else { panic!("{rows:?}") };
    assert!(Arc::ptr_eq(first, second) && !Arc::ptr_eq(first, third) && fourth.is_none());
    let error = pairs().with(Order::user.shared()).all(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("`Order::user.optional()`"), "{error}");
    Ok(())
}

#[creole::test]
async fn columns_are_shared_too(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let rows: Vec<(Line, Arc<(i64, Option<i64>)>)> = Line::select()
        .order_by(Line::id)
        .with(Line::order.select((Order::total, Order::reviewer_id)).shared())
        .all(&engine)
        .await?;
    let [(_, first), (_, second), (_, third)] = rows.as_slice() else { panic!("there are three") };
    assert!(Arc::ptr_eq(first, second) && !Arc::ptr_eq(first, third));
    assert_eq!((**first, **third), ((30, None), (20, Some(1))));
    Ok(())
}

#[creole::test]
async fn rows_at_hand_and_those_of_a_batch_share(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let orders = Order::select().order_by(Order::id).all(&engine).await?;
    let users: Vec<Arc<User>> = load(&orders, Order::user.shared()).all(&engine).await?;
    assert!(Arc::ptr_eq(&users[0], &users[1]) && !Arc::ptr_eq(&users[0], &users[2]));

    let size = NonZeroUsize::new(2).expect("it is not zero");
    let mut stream = Order::select().with(Order::user.shared().with(User::orders)).stream_batches(&engine, size);
    let mut rows = Vec::new();
    while let Some((_, user)) = stream.try_next().await? {
        rows.push(user);
    }
    assert_eq!(rows.iter().map(|user| ids(&user.1)).collect::<Vec<_>>(), [vec![1, 2], vec![1, 2], vec![3]]);
    assert!(Arc::ptr_eq(&rows[0], &rows[1]));
    Ok(())
}

#[derive(Projection, Debug, PartialEq)]
#[projection(of = Order)]
struct Bill {
    id: i64,
    #[projection(Order::user.shared())]
    payer: Arc<Payer>,
    #[projection(Order::reviewer.shared())]
    reviewer: Option<Arc<User>>,
    #[projection(Order::user.with(User::orders).shared())]
    whole: Arc<(User, Vec<Order>)>,
}

#[derive(Projection, Debug, PartialEq)]
#[projection(of = User)]
struct Payer {
    name: String,
    profile: Option<Profile>,
}

#[creole::test]
async fn fields_of_a_projection_are_shared(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let bills = Bill::select().order_by(Order::id).all(&engine).await?;
    let [first, second, third] = bills.as_slice() else { panic!("there are three") };
    assert_eq!((first.payer.name.as_str(), third.payer.name.as_str()), ("Ada", "Bob"));
    assert!(Arc::ptr_eq(&first.payer, &second.payer) && !Arc::ptr_eq(&first.payer, &third.payer));
    assert!(first.payer.profile.is_some() && third.payer.profile.is_none());
    assert!(Arc::ptr_eq(&first.whole, &second.whole) && ids(&first.whole.1) == [1, 2]);
    let reviewers = bills.iter().map(|bill| bill.reviewer.as_ref().map(|user| user.name.as_str()));
    assert_eq!(reviewers.collect::<Vec<_>>(), [None, Some("Bob"), Some("Ada")]);
    Ok(())
}
