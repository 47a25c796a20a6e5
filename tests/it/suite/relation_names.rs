//! Relations of a table to itself, and several between the same two tables.

use creole::prelude::*;
use creole::query::Expr;

/// A tree, and who follows whom.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "people",
    has_many(reports = Person::boss_id),
    many_to_many(
        followers: Person = Follow::followed_id -> Follow::follower_id,
        following: Person = Follow::follower_id -> Follow::followed_id
    ),
    has_many(follows = Follow::follower_id),
    has_many(sent = Letter::sender_id),
    has_many(received = Letter::recipient_id)
)]
struct Person {
    #[model(primary_key)]
    id: i64,
    #[model(references = Person::id, belongs_to = boss)]
    boss_id: Option<i64>,
    #[model(length = 20)]
    name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "follows")]
struct Follow {
    #[model(primary_key, references = Person::id, belongs_to = follower)]
    follower_id: i64,
    #[model(primary_key, references = Person::id, belongs_to = followed)]
    followed_id: i64,
    since: i32,
}

/// A letter has a sender, and may be to nobody yet.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "letters")]
struct Letter {
    #[model(primary_key)]
    id: i64,
    #[model(references = Person::id, belongs_to = sender)]
    sender_id: i64,
    #[model(references = Person::id, belongs_to = recipient)]
    recipient_id: Option<i64>,
}

/// Ada is Bob's boss, and Bob is Cleo's. Ada and Bob follow each other, and Cleo both of them.
async fn people(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Person, Follow, Letter]).await?;
    for (id, boss_id, name) in [(1, None, "Ada"), (2, Some(1), "Bob"), (3, Some(2), "Cleo")] {
        insert(&Person { id, boss_id, name: name.into() }).exec(engine).await?;
    }
    let follows = [(1, 2, 2001), (2, 1, 2002), (3, 1, 2003), (3, 2, 2004)];
    let follows = follows.map(|(follower_id, followed_id, since)| Follow { follower_id, followed_id, since });
    insert_all(&follows).exec(engine).await?;
    let letters = [(1, 1, Some(2)), (2, 2, Some(1)), (3, 3, Some(2)), (4, 3, Some(3)), (5, 1, None)];
    let letters = letters.map(|(id, sender_id, recipient_id)| Letter { id, sender_id, recipient_id });
    insert_all(&letters).exec(engine).await?;
    Ok(())
}

/// The names of those who meet the condition.
async fn names(engine: &Engine, condition: Expr<bool>) -> creole::Result<Vec<String>> {
    select(Person::name).filter(condition).order_by(Person::id).all(engine).await
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> [(String, String); N] {
    pairs.map(|(one, other)| (one.to_owned(), other.to_owned()))
}

#[creole::test]
async fn a_table_is_joined_to_itself_along_a_relation(engine: Engine) -> creole::Result<()> {
    people(&engine).await?;
    let (boss, above) = (alias::<Person>("boss"), alias::<Person>("above"));
    let bosses = select((Person::name, boss.col(Person::name))).join(Person::boss.to(boss)).order_by(Person::id);
    assert_eq!(bosses.all(&engine).await?, pairs([("Bob", "Ada"), ("Cleo", "Bob")]));
    let reports = select((Person::name, boss.col(Person::name))).join(Person::reports.to(boss)).order_by(Person::id);
    assert_eq!(reports.all(&engine).await?, pairs([("Ada", "Bob"), ("Bob", "Cleo")]));
    // Two levels, both of which may be missing.
    let levels: Vec<(String, Option<Person>, Option<String>)> =
        select((Person::name, boss.optional(), above.col(Person::name).optional()))
            .left_join(Person::boss.to(boss))
            .left_join(boss.along(Person::boss).to(above))
            .order_by(Person::id)
            .all(&engine)
            .await?;
    let levels: Vec<_> = levels
        .iter()
        .map(|(name, boss, above)| (name.as_str(), boss.as_ref().map(|boss| boss.id), above.as_deref()))
        .collect();
    assert_eq!(levels, [("Ada", None, None), ("Bob", Some(1), None), ("Cleo", Some(2), Some("Ada"))]);

    assert_eq!(names(&engine, Person::boss.any(Person::name.eq("Ada"))).await?, ["Bob"]);
    assert_eq!(names(&engine, Person::boss.none(Person::name.eq("Ada"))).await?, ["Ada", "Cleo"]);
    assert_eq!(names(&engine, Person::boss.exists()).await?, ["Bob", "Cleo"]);
    assert_eq!(names(&engine, Person::reports.any(Person::boss.exists())).await?, ["Ada", "Bob"]);
    assert_eq!(names(&engine, Person::reports.count().eq(0)).await?, ["Cleo"]);
    Ok(())
}

#[creole::test]
async fn many_to_many_may_lead_to_the_table_itself(engine: Engine) -> creole::Result<()> {
    people(&engine).await?;
    let other = alias::<Person>("other");
    let followers = select((Person::name, other.col(Person::name)))
        .join(Person::followers.to(other))
        .order_by((Person::id, other.col(Person::id)));
    assert_eq!(
        followers.all(&engine).await?,
        pairs([("Ada", "Bob"), ("Ada", "Cleo"), ("Bob", "Ada"), ("Bob", "Cleo")])
    );
    let following = select((Person::name, other.col(Person::name)))
        .join(Person::following.to(other))
        .order_by((Person::id, other.col(Person::id)));
    assert_eq!(
        following.all(&engine).await?,
        pairs([("Ada", "Bob"), ("Bob", "Ada"), ("Cleo", "Ada"), ("Cleo", "Bob")])
    );
    let counts = select((Person::followers.count(), Person::following.count(), Person::follows.count()));
    assert_eq!(
        counts.from(table::<Person>()).order_by(Person::id).all(&engine).await?,
        [(2, 1, 1), (2, 1, 1), (0, 2, 2)]
    );
    assert_eq!(names(&engine, Person::followers.any(Person::name.eq("Bob"))).await?, ["Ada"]);
    assert_eq!(names(&engine, Person::following.none(Person::name.eq("Ada"))).await?, ["Ada"]);
    assert_eq!(names(&engine, Person::followers.exists()).await?, ["Ada", "Bob"]);
    // Whom somebody follows that Ada follows: Ada follows Bob, who follows Ada.
    let nested = Person::following.any(Person::following.any(Person::name.eq("Ada")));
    assert_eq!(names(&engine, nested).await?, ["Ada", "Cleo"]);
    // The rows between are there as well.
    assert_eq!(names(&engine, Person::follows.any(Follow::since.gt(2002))).await?, ["Cleo"]);
    let since = select((Person::name, Follow::since, other.col(Person::name)))
        .join(Person::follows)
        .join(Follow::followed.to(other))
        .filter(Person::id.eq(3))
        .order_by(Follow::since);
    let expected = [("Cleo", 2003, "Ada"), ("Cleo", 2004, "Bob")];
    assert_eq!(since.all(&engine).await?, expected.map(|(a, year, b)| (a.to_owned(), year, b.to_owned())));
    Ok(())
}

#[creole::test]
async fn two_relations_lead_to_one_table(engine: Engine) -> creole::Result<()> {
    people(&engine).await?;
    let (sender, recipient) = (alias::<Person>("sender"), alias::<Person>("recipient"));
    let rows: Vec<(i64, String, Option<String>)> =
        select((Letter::id, sender.col(Person::name), recipient.col(Person::name).optional()))
            .join(Letter::sender.to(sender))
            .left_join(Letter::recipient.to(recipient))
            .order_by(Letter::id)
            .all(&engine)
            .await?;
    let rows: Vec<_> = rows.iter().map(|(id, from, to)| (*id, from.as_str(), to.as_deref())).collect();
    let expected = [
        (1, "Ada", Some("Bob")),
        (2, "Bob", Some("Ada")),
        (3, "Cleo", Some("Bob")),
        (4, "Cleo", Some("Cleo")),
        (5, "Ada", None),
    ];
    assert_eq!(rows, expected);
    // One of them under the table's own name.
    let to_self = select(Letter::id)
        .join(Letter::sender)
        .join(Letter::recipient.to(recipient))
        .filter(Person::name.eq(recipient.col(Person::name)));
    assert_eq!(to_self.all(&engine).await?, [4]);

    let counts = select((Person::name, Person::sent.count(), Person::received.count())).order_by(Person::id);
    let expected = [("Ada", 2, 1), ("Bob", 1, 2), ("Cleo", 2, 1)];
    assert_eq!(counts.all(&engine).await?, expected.map(|(name, sent, received)| (name.to_owned(), sent, received)));
    let to_bob = Letter::recipient.any(Person::name.eq("Bob"));
    let by_bob = Letter::sender.any(Person::name.eq("Bob"));
    let ids = select(Letter::id).filter(to_bob.or(by_bob)).order_by(Letter::id).all(&engine).await?;
    assert_eq!(ids, [1, 2, 3]);
    let got_none = Person::received.none(Letter::sender.any(Person::id.ne(3)));
    assert_eq!(names(&engine, got_none).await?, ["Cleo"]);
    assert_eq!(select(Letter::id).filter(not(Letter::recipient.exists())).all(&engine).await?, [5]);
    Ok(())
}

#[creole::test]
async fn a_second_name_is_asked_for(engine: Engine) -> creole::Result<()> {
    people(&engine).await?;
    let error = select(Person::name).join(Person::boss).all(&engine).await.unwrap_err();
    assert!(error.to_string().contains("two sources of the statement are called people"), "{error}");
    let error = select(Letter::id).join(Letter::sender).join(Letter::recipient).all(&engine).await.unwrap_err();
    assert!(error.to_string().contains("two sources of the statement are called people"), "{error}");
    let (boss, above) = (alias::<Person>("boss"), alias::<Person>("above"));
    let unnamed = select(Person::name).from(table::<Person>()).join(boss.along(Person::boss).to(above));
    let error = unnamed.all(&engine).await.unwrap_err();
    assert!(error.to_string().contains("boss"), "{error}");
    Ok(())
}

/// Rows between may lead to nothing on either side.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "rooms", many_to_many(guests: Guest = Stay::room_id -> Stay::guest_id))]
struct Room {
    #[model(primary_key)]
    id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "guests")]
struct Guest {
    #[model(primary_key)]
    id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "stays")]
struct Stay {
    #[model(primary_key)]
    id: i64,
    #[model(references = Room::id, belongs_to = room)]
    room_id: Option<i64>,
    #[model(references = Guest::id, belongs_to = guest)]
    guest_id: Option<i64>,
}

#[creole::test]
async fn rows_between_that_lead_to_nothing_are_no_rows(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Room, Guest, Stay]).await?;
    insert_all(&[1, 2].map(|id| Room { id })).exec(&engine).await?;
    insert_all(&[1, 2].map(|id| Guest { id })).exec(&engine).await?;
    let stays = [
        (1, Some(1), Some(1)),
        (2, Some(1), None),
        (3, Some(2), None),
        (4, None, Some(1)),
        (5, None, Some(2)),
        (6, None, None),
    ];
    insert_all(&stays.map(|(id, room_id, guest_id)| Stay { id, room_id, guest_id })).exec(&engine).await?;

    let rooms = select((Room::id, Guest::id.optional())).left_join(Room::guests).order_by(Room::id);
    assert_eq!(rooms.all(&engine).await?, [(1, Some(1)), (2, None)]);
    let guests =
        select((Room::id.optional(), Guest::id)).from(table::<Room>()).right_join(Room::guests).order_by(Guest::id);
    assert_eq!(guests.all(&engine).await?, [(Some(1), 1), (None, 2)]);
    assert_eq!(select((Room::id, Guest::id)).join(Room::guests).all(&engine).await?, [(1, 1)]);
    let counts = select((Room::id, Room::guests.count())).order_by(Room::id);
    assert_eq!(counts.all(&engine).await?, [(1, 1), (2, 0)]);
    let all = select((Room::id.optional(), Guest::id.optional())).from(table::<Room>()).full_join(Room::guests);
    assert!(all.all(&engine).await.unwrap_err().to_string().contains("stays"));
    Ok(())
}
