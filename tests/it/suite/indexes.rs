//! What indexes mean: unique ones refuse, partial ones look at some of the rows; what can't be had is refused beforehand.

use creole::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "seats", unique_index(row, number.desc(), name = "one_seat"), index(number.desc(), row))]
struct Seat {
    #[model(primary_key)]
    id: i32,
    row: i32,
    number: Option<i32>,
}

/// A guest has one table at a time, and any number of old ones.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "bookings", unique_index(guest, filter = Self::is_open.and(Self::guest.ne("it's \\ free"))))]
struct Booking {
    #[model(primary_key)]
    id: i32,
    #[model(length = 20)]
    guest: String,
    is_open: bool,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "pairs", unique_index(name = "one_of_each_kind", small, expr = Self::big.gt(10)))]
struct Pair {
    #[model(primary_key)]
    id: i32,
    small: i32,
    big: i32,
}

#[creole::test]
async fn a_unique_index_refuses_what_is_there(engine: Engine) -> creole::Result<()> {
    engine.create_table::<Seat>().await?;
    let seat = Seat { id: 1, row: 1, number: Some(1) };
    insert(&seat).exec(&engine).await?;
    insert(&Seat { id: 2, number: Some(2), ..seat }).exec(&engine).await?;
    let error = insert(&Seat { id: 3, ..seat }).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::UniqueViolation, Some("seats")), "{error:?}");
    assert_eq!((error.constraint(), error.columns().collect()), (Some("one_seat"), vec!["row", "number"]));
    // NULL is no value, so it does not clash.
    insert(&Seat { id: 4, number: None, ..seat }).exec(&engine).await?;
    insert(&Seat { id: 5, number: None, ..seat }).exec(&engine).await?;
    Ok(())
}

#[creole::test]
async fn a_partial_index_looks_at_some_of_the_rows_or_is_refused(engine: Engine) -> creole::Result<()> {
    let created = engine.create_all(tables![Seat, Booking]).await;
    if matches!(engine.dialect().name(), "mysql" | "mariadb") {
        let error = created.unwrap_err();
        assert_eq!((error.kind(), error.table()), (ErrorKind::Unsupported, Some("bookings")));
        assert!(error.to_string().contains("ux_bookings_guest"), "{error}");
        assert_eq!(Seat::select().count(&engine).await.unwrap_err().kind(), ErrorKind::UndefinedTable);
        return Ok(());
    }
    created?;
    let booking = |id, guest: &str, is_open| Booking { id, guest: guest.into(), is_open };
    insert(&booking(1, "ada", true)).exec(&engine).await?;
    insert(&booking(2, "ada", false)).exec(&engine).await?;
    insert(&booking(3, "ada", false)).exec(&engine).await?;
    insert(&booking(4, "it's \\ free", true)).exec(&engine).await?;
    insert(&booking(5, "it's \\ free", true)).exec(&engine).await?;
    let error = insert(&booking(6, "ada", true)).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.columns().collect()), (ErrorKind::UniqueViolation, vec!["guest"]), "{error:?}");
    Ok(())
}

#[creole::test]
async fn an_index_over_an_expression_or_a_refusal(engine: Engine) -> creole::Result<()> {
    let created = engine.create_all(tables![Seat, Pair]).await;
    if engine.dialect().name() == "mariadb" {
        let error = created.unwrap_err();
        assert_eq!((error.kind(), error.table()), (ErrorKind::Unsupported, Some("pairs")));
        assert!(error.to_string().contains("one_of_each_kind"), "{error}");
        assert_eq!(Seat::select().count(&engine).await.unwrap_err().kind(), ErrorKind::UndefinedTable);
        return Ok(());
    }
    created?;
    let pair = |id, big| Pair { id, small: 1, big };
    insert(&pair(1, 5)).exec(&engine).await?;
    insert(&pair(2, 15)).exec(&engine).await?;
    let error = insert(&pair(3, 25)).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.constraint()), (ErrorKind::UniqueViolation, Some("one_of_each_kind")), "{error:?}");
    Ok(())
}
