//! Enums: a column of labels, as text and as a type of the database's own.

use creole::prelude::*;

use crate::health::healthy;
use crate::raw::Raw;

#[derive(DbEnum, Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[db_enum(rename_all = "snake_case")]
enum Status {
    InReview,
    #[default]
    Draft,
    #[db_enum(rename = "live")]
    Published,
    #[db_enum(rename = "it's \"odd\" \\ `ünï` 😀 %_;--")]
    Odd,
}

const STATUSES: [Status; 4] = [Status::InReview, Status::Draft, Status::Published, Status::Odd];

impl Status {
    fn label(self) -> &'static str {
        match self {
            Status::InReview => "in_review",
            Status::Draft => "draft",
            Status::Published => "live",
            Status::Odd => "it's \"odd\" \\ `ünï` 😀 %_;--",
        }
    }
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "articles", default, index(status), check(never_odd_before = Article::previous.ne(Status::Odd)))]
struct Article {
    #[model(primary_key, auto)]
    id: i64,
    #[model(default = Status::Published)]
    status: Status,
    previous: Option<Status>,
    #[model(server_default = "'draft'")]
    next: Status,
}

/// The same table with its labels as text.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "articles", default)]
struct Labelled {
    #[model(primary_key, auto)]
    id: i64,
    status: String,
    previous: Option<String>,
    next: String,
}

#[creole::test]
async fn labels_are_written_read_and_found(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Article]).await?;
    for status in STATUSES {
        for previous in [None, Some(Status::InReview)] {
            let row = Article { status, previous, ..Default::default() };
            let row = insert(&row).returning().one(&engine).await?;
            assert_eq!((row.status, row.previous, row.next), (status, previous, Status::Draft));
            assert_eq!(Article::find(row.id, &engine).await?, Some(row.clone()));
            assert_eq!(Labelled::find(row.id, &engine).await?.unwrap().status, status.label());
        }
        assert_eq!(Article::select().filter(Article::status.eq(status)).count(&engine).await?, 2);
        assert_eq!(Article::select().filter(Article::status.eq(Some(status))).count(&engine).await?, 2);
    }
    assert_eq!(Article::default().status, Status::Published);
    let count = |condition| Article::select().filter(condition).count(&engine);
    assert_eq!(count(Article::previous.is_null()).await?, 4);
    assert_eq!(count(Article::previous.ne(Status::Draft)).await?, 8);
    assert_eq!(count(Article::status.is_in([Status::Odd, Status::Draft])).await?, 4);
    assert_eq!(count(Article::status.eq(Article::previous)).await?, 1);
    update::<Article>().set(Article::status, Status::Odd).filter(Article::previous.is_null()).exec(&engine).await?;
    assert_eq!(count(Article::status.eq(Status::Odd)).await?, 5);
    let mut session = engine.session();
    let handle = session.get::<Article>(1).await?.unwrap();
    session[handle].previous = Some(Status::Published);
    session.commit().await?;
    assert_eq!(count(Article::previous.eq(Status::Published)).await?, 1);
    Ok(())
}

#[creole::test]
async fn labels_are_ordered_as_text(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Article]).await?;
    for status in STATUSES {
        insert(&Article { status, ..Default::default() }).exec(&engine).await?;
    }
    let sorted = Article::select().order_by(Article::status).all(&engine).await?;
    let sorted: Vec<Status> = sorted.into_iter().map(|row| row.status).collect();
    assert_eq!(sorted, [Status::Draft, Status::InReview, Status::Odd, Status::Published]);
    let ends = select((min(Article::status), max(Article::status))).one(&engine).await?;
    assert_eq!(ends, (Some(Status::Draft), Some(Status::Published)));
    let each: Vec<(Status, i64)> = select((Article::status, count(Article::id)))
        .group_by(Article::status)
        .order_by(Article::status)
        .all(&engine)
        .await?;
    assert_eq!(each, sorted.iter().map(|&status| (status, 1)).collect::<Vec<_>>());
    for status in STATUSES {
        let below = STATUSES.iter().filter(|other| other.label() < status.label()).count();
        assert_eq!(Article::select().filter(Article::status.lt(status)).count(&engine).await?, below as u64);
        let within = Article::status.between(Status::Draft, status);
        assert_eq!(Article::select().filter(within).count(&engine).await?, below as u64 + 1);
    }
    Ok(())
}

#[creole::test]
async fn a_label_that_the_enum_has_not_is_an_error(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Labelled]).await?;
    for label in ["canary", "", "Draft", "draft ", "DRAFT"] {
        let row = Labelled { status: label.into(), next: "draft".into(), ..Default::default() };
        let id = insert(&row).returning().one(&engine).await?.id;
        let error = Article::find(id, &engine).await.unwrap_err();
        assert_eq!((error.kind(), error.table()), (ErrorKind::Decode, Some("articles")), "{error}");
        assert_eq!(error.columns().collect::<Vec<_>>(), ["status"]);
        assert!(error.to_string().contains("Status") && !error.to_string().contains("canary"), "{error}");
    }
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn the_database_keeps_other_labels_out(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Article]).await?;
    for label in ["canary", "", "Draft", "draft "] {
        let row = Labelled { status: label.into(), next: "draft".into(), ..Default::default() };
        let error = insert(&row).exec(&engine).await.unwrap_err();
        assert_eq!((error.kind(), error.table()), (ErrorKind::InvalidValue, Some("articles")), "{error}");
        assert_eq!(error.columns().collect::<Vec<_>>(), ["status"]);
    }
    assert_eq!(Article::select().count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn a_label_can_be_a_key_and_be_referred_to(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "stages")]
    struct Stage {
        #[model(primary_key)]
        status: Status,
        days: i32,
    }
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "steps", unique(from, to))]
    struct Step {
        #[model(primary_key)]
        from: Status,
        #[model(primary_key, references = Stage::status)]
        to: Status,
    }
    engine.create_all(tables![Step, Stage]).await?;
    let mut session = engine.session();
    for (days, status) in (0..).zip(STATUSES) {
        session.add(Stage { status, days });
    }
    session.add(Step { from: Status::Draft, to: Status::Odd });
    session.commit().await?;
    assert_eq!(Stage::find(Status::Odd, &engine).await?.unwrap().days, 3);
    assert_eq!(session.get::<Stage>(Status::Draft).await?.map(|handle| session[handle].days), Some(1));
    assert!(Step::find((Status::Draft, Status::Odd), &engine).await?.is_some());
    let error = insert(&Stage { status: Status::Odd, days: 9 }).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation);
    Ok(())
}

#[derive(DbEnum, Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[db_enum(native, rename_all = "lowercase", name = "mood of 'day'")]
enum Mood {
    Sad,
    #[default]
    Fine,
    #[db_enum(rename = "it's \"odd\" \\ ü")]
    Odd,
    Happy,
}

const MOODS: [Mood; 4] = [Mood::Sad, Mood::Fine, Mood::Odd, Mood::Happy];

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "days", default, index(mood))]
struct Day {
    #[model(primary_key)]
    id: i32,
    mood: Mood,
    second: Option<Mood>,
}

/// Another table with columns of the same type.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "nights", default)]
struct Night {
    #[model(primary_key)]
    id: i32,
    mood: Mood,
}

#[creole::test]
async fn a_native_enum_is_ordered_as_it_is_declared_or_refused(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() == "sqlite" {
        let errors = [
            engine.create_all(tables![Day]).await.unwrap_err(),
            insert(&Day::default()).exec(&engine).await.unwrap_err(),
            update::<Day>().set(Day::mood, Mood::Sad).all_rows().exec(&engine).await.unwrap_err(),
            Day::select().filter(Day::mood.eq(Mood::Sad)).all(&engine).await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
            assert!(error.to_string().contains("leave `native` off"), "{error}");
        }
        return Ok(());
    }
    engine.create_all(tables![Day, Night]).await?;
    engine.create_all(tables![Night, Day]).await?;
    for (id, mood) in (0..).zip([Mood::Happy, Mood::Odd, Mood::Fine, Mood::Sad]) {
        let row = Day { id, mood, second: (mood == Mood::Odd).then_some(Mood::Fine) };
        assert_eq!(insert(&row).returning().one(&engine).await?, row);
        assert_eq!(Day::find(id, &engine).await?, Some(row));
    }
    let sorted = Day::select().order_by(Day::mood).all(&engine).await?;
    assert_eq!(sorted.iter().map(|day| day.mood).collect::<Vec<_>>(), MOODS);
    for (place, mood) in (0_u64..).zip(MOODS) {
        let count = |condition| Day::select().filter(condition).count(&engine);
        assert_eq!(count(Day::mood.eq(mood)).await?, 1);
        assert_eq!(count(Day::mood.ne(mood)).await?, 3);
        assert_eq!(count(Day::mood.lt(mood)).await?, place, "below {mood:?}");
        assert_eq!(count(Day::mood.ge(mood)).await?, 4 - place);
        assert_eq!(count(Day::mood.between(Mood::Fine, mood)).await?, place);
        assert_eq!(count(Day::mood.is_in([mood, Mood::Sad])).await?, 1 + u64::from(place > 0));
        assert_eq!(count(Day::mood.is_in([mood, Mood::Sad].repeat(100))).await?, 1 + u64::from(place > 0));
        assert_eq!(count(Day::second.not_in([mood].repeat(200))).await?, u64::from(mood != Mood::Fine));
    }
    assert_eq!(Day::select().filter(Day::second.lt(Day::mood)).count(&engine).await?, 1);
    assert_eq!(Day::select().filter(Day::second.lt(Mood::Happy)).count(&engine).await?, 1);
    assert_eq!(Day::select().filter(Day::second.is_null()).count(&engine).await?, 3);
    update::<Day>().set(Day::second, Day::mood).set(Day::mood, Mood::Sad).filter(Day::id.eq(0)).exec(&engine).await?;
    assert_eq!(Day::find(0, &engine).await?, Some(Day { id: 0, mood: Mood::Sad, second: Some(Mood::Happy) }));
    update::<Day>().set(Day::second, None).all_rows().exec(&engine).await?;
    assert_eq!(Day::select().filter(Day::second.is_null()).count(&engine).await?, 4);
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn a_native_type_goes_with_the_last_table_that_uses_it(engine: Engine) -> creole::Result<()> {
    /// Under the same name as the other, with other labels.
    #[derive(DbEnum, Debug, Clone, Copy, PartialEq, Default)]
    #[db_enum(native, name = "mood of 'day'")]
    enum Weather {
        #[default]
        Rain,
    }
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "weathers", default)]
    struct Forecast {
        #[model(primary_key)]
        id: i32,
        weather: Weather,
    }
    if engine.dialect().name() == "sqlite" {
        // There is nothing to drop, and dropping it all the same is no error.
        return engine.drop_all(tables![Day, Night]).await;
    }
    engine.create_all(tables![Day, Night]).await?;
    engine.drop_all(tables![Day]).await?;
    insert(&Night::default()).exec(&engine).await?;
    engine.drop_all(tables![Night]).await?;
    engine.drop_all(tables![Night]).await?;
    engine.create_all(tables![Forecast]).await?;
    insert(&Forecast::default()).exec(&engine).await?;
    assert_eq!(Forecast::find(0, &engine).await?, Some(Forecast::default()));
    Ok(())
}

#[creole::test]
async fn a_native_type_can_be_in_a_schema(engine: Engine) -> creole::Result<()> {
    #[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
    #[db_enum(native, schema = "apart", name = "size")]
    enum Size {
        Small,
        Large,
    }
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "boxes")]
    struct Carton {
        #[model(primary_key)]
        id: i32,
        size: Size,
    }
    if engine.dialect().name() != "postgres" {
        return Ok(());
    }
    let mut raw = Raw::open(&creole::testing::url()).await?;
    raw.run("CREATE SCHEMA apart").await?;
    engine.create_all(tables![Carton]).await?;
    insert(&Carton { id: 1, size: Size::Large }).exec(&engine).await?;
    insert(&Carton { id: 2, size: Size::Small }).exec(&engine).await?;
    assert_eq!(Carton::select().filter(Carton::size.gt(Size::Small)).one(&engine).await?.id, 1);
    let types = "SELECT count(*) FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = 'apart' AND typtype = 'e'";
    assert_eq!(raw.number(types).await?, 1);
    engine.drop_all(tables![Carton]).await?;
    assert_eq!(raw.number(types).await?, 0);
    Ok(())
}
