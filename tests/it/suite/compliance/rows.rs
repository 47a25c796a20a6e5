//! Rows of a result, and results that are read bit by bit.
//!
//! | case | test |
//! | --- | --- |
//! | 244 | `columns_of_one_name` |
//! | 245 | `a_subquery_keeps_its_type` |
//! | 247, 248 | `a_stream_is_read_in_parts`; `streaming::*` in this suite |

use creole::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "some_table")]
struct Row {
    #[model(primary_key)]
    id: i32,
    #[model(length = 10)]
    data: String,
    moment: NaiveDateTime,
}

fn row(id: i32) -> Row {
    let day = NaiveDate::from_ymd_opt(2006, 5, 12).unwrap();
    Row { id, data: format!("d{id}"), moment: day.and_hms_micro_opt(12, 57, 18, 125_000).unwrap() }
}

async fn rows(engine: &Engine, count: i32) -> creole::Result<()> {
    engine.create_all(tables![Row]).await?;
    for id in 1..=count {
        insert(&row(id)).exec(engine).await?;
    }
    Ok(())
}

#[creole::test]
async fn columns_of_one_name(engine: Engine) -> creole::Result<()> {
    #[derive(FromRow, Debug)]
    struct Data {
        #[allow(dead_code)]
        data: String,
    }
    rows(&engine, 1).await?;
    let twice = select((Row::data.label("data"), Row::data.label("data")));
    assert_eq!(twice.clone().all(&engine).await?, [("d1".to_string(), "d1".to_string())]);
    // By its name it is not clear which.
    let error = twice.read_as::<Data>().all(&engine).await.unwrap_err();
    assert!(error.to_string().contains("data"), "{error}");
    Ok(())
}

#[creole::test]
async fn a_subquery_keeps_its_type(engine: Engine) -> creole::Result<()> {
    rows(&engine, 1).await?;
    let other = alias::<Row>("other");
    let moment = select(other.col(Row::moment)).from(other).value();
    assert_eq!(select((Row::id, moment)).all(&engine).await?, [(1, Some(row(1).moment))]);
    Ok(())
}

#[creole::test]
async fn a_stream_is_read_in_parts(engine: Engine) -> creole::Result<()> {
    rows(&engine, 19).await?;
    let mut session = engine.session();
    let batch = std::num::NonZeroUsize::new(4).unwrap();
    {
        let mut stream = select(Row::id).order_by(Row::id).stream_batches(&mut session, batch);
        let mut next = 1;
        for part in [5, 10, 4] {
            for _ in 0..part {
                assert_eq!(stream.next().await.transpose()?, Some(next));
                next += 1;
            }
        }
        assert!(stream.next().await.is_none());
    }
    update::<Row>().set(Row::data, "new").filter(Row::id.le(10)).exec(&mut session).await?;
    delete::<Row>().filter(Row::id.gt(15)).exec(&mut session).await?;
    assert_eq!(Row::select().count(&mut session).await?, 15);
    assert_eq!(Row::select().filter(Row::data.eq("new")).count(&mut session).await?, 10);
    session.commit().await
}
