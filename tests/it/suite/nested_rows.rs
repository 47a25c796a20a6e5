//! Structs within structs, read by the names of columns behind a prefix.

use creole::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "people", default)]
struct Person {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 40)]
    name: String,
    #[model(column = "years")]
    age: Option<i32>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "letters", default)]
struct Letter {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Person::id, belongs_to = sender)]
    sender_id: i64,
    #[model(references = Person::id, belongs_to = reader)]
    reader_id: Option<i64>,
}

#[derive(FromRow, Debug, PartialEq)]
struct Delivery {
    #[from_row(rename = "letter")]
    id: i64,
    /// A model.
    #[from_row(nested)]
    sender: Person,
    #[from_row(nested = "by_")]
    reader: Option<Reader>,
}

#[derive(FromRow, Debug, PartialEq)]
struct Reader {
    name: Option<String>,
    #[from_row(nested)]
    of: Option<Age>,
}

#[derive(FromRow, Debug, PartialEq)]
struct Age {
    years: Option<i32>,
}

async fn post(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Person, Letter]).await?;
    let people = [("Ada", Some(36)), ("Bob", None)];
    insert_all(&people.map(|(name, age)| Person { id: 0, name: name.into(), age })).exec(engine).await?;
    let letters = [(1, Some(2)), (2, Some(1)), (1, None)];
    insert_all(&letters.map(|(sender_id, reader_id)| Letter { id: 0, sender_id, reader_id })).exec(engine).await?;
    Ok(())
}

fn expected() -> Vec<Delivery> {
    let ada = Person { id: 1, name: "Ada".into(), age: Some(36) };
    let bob = Person { id: 2, name: "Bob".into(), age: None };
    let reader = |name: &str, years: Option<i32>| {
        Some(Reader { name: Some(name.into()), of: years.map(|years| Age { years: Some(years) }) })
    };
    vec![
        Delivery { id: 1, sender: ada.clone(), reader: reader("Bob", None) },
        Delivery { id: 2, sender: bob, reader: reader("Ada", Some(36)) },
        Delivery { id: 3, sender: ada, reader: None },
    ]
}

#[creole::test]
async fn of_raw_text(engine: Engine) -> creole::Result<()> {
    post(&engine).await?;
    let text = sql!(
        "select s.years as sender_years, s.name as sender_name, s.id as sender_id, r.name as by_name,
            r.years as by_of_years, l.id as letter
         from letters l join people s on s.id = l.sender_id left join people r on r.id = l.reader_id order by l.id"
    );
    assert_eq!(text.clone().read_as::<Delivery>().all(&engine).await?, expected());
    // An outer struct may be absent as well, which none is here.
    let some = text.read_as::<Option<Delivery>>().all(&engine).await?;
    assert_eq!(some.into_iter().collect::<Option<Vec<_>>>(), Some(expected()));
    let none = sql!(
        "select null as letter, null as sender_id, null as sender_name, null as sender_years, null as by_name, null as by_of_years"
    );
    assert_eq!(none.read_as::<Option<Delivery>>().one(&engine).await?, None);
    Ok(())
}

#[creole::test]
async fn of_labels(engine: Engine) -> creole::Result<()> {
    post(&engine).await?;
    let (sender, reader) = (alias::<Person>("s"), alias::<Person>("r"));
    let deliveries = select((
        Letter::id.label("letter"),
        sender.col(Person::id).label("sender_id"),
        sender.col(Person::name).label("sender_name"),
        sender.col(Person::age).label("sender_years"),
        reader.col(Person::name).label("by_name"),
        reader.col(Person::age).label("by_of_years"),
    ))
    .join(Letter::sender.to(sender))
    .left_join(Letter::reader.to(reader))
    .order_by(Letter::id)
    .read_as::<Delivery>();
    assert_eq!(deliveries.clone().all(&engine).await?, expected());
    let mut stream = deliveries.stream(&engine);
    assert_eq!(stream.try_next().await?.as_ref(), expected().first());
    Ok(())
}

#[creole::test]
async fn what_is_missing_is_named_with_its_prefix(engine: Engine) -> creole::Result<()> {
    let text = sql!("select 1 as letter, 2 as sender_id, 'x' as sender_name, 'y' as by_name, 3 as by_of_years");
    let error = text.read_as::<Delivery>().all(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.columns().eq(["sender_years"]), "{error}");
    // A part that must be there is an error that names the column which is NULL.
    let text = sql!(
        "select 1 as letter, null as sender_id, null as sender_name, null as sender_years, null as by_name, null as by_of_years"
    );
    let error = text.read_as::<Delivery>().all(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("id"), "{error}");
    Ok(())
}
