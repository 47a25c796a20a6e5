//! Comparisons with any or all of many values, beside the same in Rust with its three truths.

use creole::prelude::*;
use creole::query::{Expr, Select, val};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "marks")]
struct Mark {
    #[model(primary_key)]
    id: i32,
    pupil: i32,
    mark: Option<i64>,
    weight: Option<Decimal>,
    #[model(case_insensitive, length = 20)]
    word: Option<String>,
}

/// The marks of pupil 1 are without gaps, those of pupil 2 have one, pupil 3 has only gaps, and nobody else has any.
const MARKS: [(i32, Option<i64>); 8] =
    [(1, Some(1)), (1, Some(3)), (1, Some(3)), (2, Some(2)), (2, None), (2, Some(5)), (3, None), (3, None)];

async fn marks(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Mark]).await?;
    for (id, (pupil, mark)) in (1..).zip(MARKS) {
        let weight = mark.map(|mark| Decimal::from(mark) * dec!(5));
        let word = mark.map(|mark| String::from(if mark % 2 == 0 { "b" } else { "B" }));
        insert(&Mark { id, pupil, mark, weight, word }).exec(engine).await?;
    }
    Ok(())
}

fn of(pupil: i32) -> Select<Option<i64>> {
    select(Mark::mark).filter(Mark::pupil.eq(pupil))
}

/// Whether one of the answers is yes; nothing where that can't be told.
fn any(answers: impl Iterator<Item = Option<bool>> + Clone) -> Option<bool> {
    if answers.clone().any(|answer| answer == Some(true)) {
        return Some(true);
    }
    if answers.clone().any(|answer| answer.is_none()) { None } else { Some(false) }
}

fn all(answers: impl Iterator<Item = Option<bool>> + Clone) -> Option<bool> {
    any(answers.map(|answer| answer.map(|yes| !yes))).map(|no| !no)
}

type Comparison = (fn(Expr<Option<i64>>, Select<Option<i64>>) -> [Expr<bool>; 2], fn(i64, i64) -> bool);

#[creole::test]
async fn a_comparison_with_many_values_has_three_answers(engine: Engine) -> creole::Result<()> {
    marks(&engine).await?;
    let comparisons: [Comparison; 6] = [
        (|left, many| [left.clone().eq(any_of(many.clone())), left.eq(all_of(many))], |a, b| a == b),
        (|left, many| [left.clone().ne(any_of(many.clone())), left.ne(all_of(many))], |a, b| a != b),
        (|left, many| [left.clone().lt(any_of(many.clone())), left.lt(all_of(many))], |a, b| a < b),
        (|left, many| [left.clone().le(any_of(many.clone())), left.le(all_of(many))], |a, b| a <= b),
        (|left, many| [left.clone().gt(any_of(many.clone())), left.gt(all_of(many))], |a, b| a > b),
        (|left, many| [left.clone().ge(any_of(many.clone())), left.ge(all_of(many))], |a, b| a >= b),
    ];
    for (compared, answer) in comparisons {
        for pupil in 1..=4 {
            let [any_holds, all_hold] = compared(Mark::mark + 0, of(pupil));
            let yes =
                |condition: &Expr<bool>| select(Mark::id).filter(condition.clone()).order_by(Mark::id).all(&engine);
            let no = |condition: &Expr<bool>| {
                select(Mark::id).filter(not(condition.clone())).order_by(Mark::id).all(&engine)
            };
            let expected = |wanted: Option<bool>, fold: fn(&[Option<bool>]) -> Option<bool>| -> Vec<i32> {
                let many: Vec<_> = MARKS.iter().filter(|(owner, _)| *owner == pupil).map(|(_, mark)| *mark).collect();
                let told = |left: Option<i64>| -> Vec<Option<bool>> {
                    many.iter().map(|right| Some(answer(left?, (*right)?))).collect()
                };
                let ids = (1..).zip(MARKS).filter(|(_, (_, mark))| fold(&told(*mark)) == wanted);
                ids.map(|(id, _)| id).collect()
            };
            let (any, all) = (|many: &[_]| any(many.iter().copied()), |many: &[_]| all(many.iter().copied()));
            assert_eq!(yes(&any_holds).await?, expected(Some(true), any), "{any_holds:?}");
            assert_eq!(no(&any_holds).await?, expected(Some(false), any), "not {any_holds:?}");
            assert_eq!(yes(&all_hold).await?, expected(Some(true), all), "{all_hold:?}");
            assert_eq!(no(&all_hold).await?, expected(Some(false), all), "not {all_hold:?}");
        }
    }
    Ok(())
}

#[creole::test]
async fn many_values_are_compared_as_their_columns_are(engine: Engine) -> creole::Result<()> {
    marks(&engine).await?;
    // By value and not by text: 15 and 25 are greater than 5.0.
    let others = select(Mark::weight).filter(Mark::weight.lt(dec!(10.0)));
    let heavier = select(Mark::id).filter(Mark::weight.gt(all_of(others.clone()))).order_by(Mark::id);
    assert_eq!(heavier.all(&engine).await?, [2, 3, 4, 6]);
    assert_eq!(select(Mark::id).filter(val(dec!(5.00)).ge(all_of(others.clone()))).count(&engine).await?, 8);
    assert_eq!(select(Mark::id).filter(val(dec!(5.00)).ne(any_of(others))).count(&engine).await?, 0);
    // Whether a letter is large does not count in this column.
    let words = select(Mark::word).filter(Mark::id.eq(1));
    assert_eq!(select(Mark::id).filter(Mark::word.eq(any_of(words.clone()))).count(&engine).await?, 5);
    assert_eq!(select(Mark::id).filter(Mark::word.le(all_of(words.clone()))).count(&engine).await?, 5);
    assert_eq!(select(Mark::id).filter(Mark::word.ne(any_of(words))).count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn many_values_may_be_limited_put_together_and_depend_on_the_row(engine: Engine) -> creole::Result<()> {
    marks(&engine).await?;
    let last = select(Mark::mark).filter(Mark::mark.is_not_null()).order_by(Mark::id.desc()).limit(2);
    assert_eq!(select(Mark::id).filter(Mark::mark.ge(all_of(last.clone()))).all(&engine).await?, [6]);
    assert_eq!(select(Mark::id).filter(Mark::mark.eq(any_of(last))).order_by(Mark::id).all(&engine).await?, [4, 6]);
    let both = select(Mark::mark).filter(Mark::id.eq(1)).union(select(Mark::mark).filter(Mark::id.eq(4)));
    assert_eq!(select(Mark::id).filter(Mark::mark.gt(all_of(both))).order_by(Mark::id).all(&engine).await?, [2, 3, 6]);

    // Nobody of the same pupil has a better one.
    let other = alias::<Mark>("other");
    let peers = select(other.col(Mark::mark)).from(other).filter(other.col(Mark::pupil).eq(Mark::pupil));
    let best = select(Mark::id).from(table::<Mark>()).filter(Mark::mark.ge(all_of(peers)));
    assert_eq!(best.order_by(Mark::id).all(&engine).await?, [2, 3]);

    // As a value, in a statement that groups.
    let selected = select(val(4_i64).lt(any_of(of(1)))).from(table::<Mark>()).limit(1);
    assert!(!selected.one(&engine).await?);
    let grouped =
        select(Mark::pupil).group_by(Mark::pupil).having(count(Mark::mark).eq(any_of(of(2)))).all(&engine).await?;
    assert_eq!(grouped, [2]);
    let greater =
        select(Mark::pupil).group_by(Mark::pupil).having(count(Mark::mark).gt(any_of(of(2)))).all(&engine).await;
    match greater {
        Ok(pupils) => assert_eq!(pupils, [1]),
        Err(error) => assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}"),
    }
    Ok(())
}

#[creole::test]
async fn many_values_stand_beside_a_comparison_only(engine: Engine) -> creole::Result<()> {
    marks(&engine).await?;
    let misplaced: [Expr<bool>; 5] = [
        (Mark::mark + any_of(of(1))).gt(1),
        Mark::mark.between(any_of(of(1)), 2),
        Mark::mark.is_in([all_of(of(1))]),
        Mark::mark.is_same(any_of(of(1))),
        Mark::word.like(any_of(select(Mark::word))),
    ];
    for condition in misplaced {
        let error = select(Mark::id).filter(condition).all(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
        assert!(error.to_string().contains("on the right of a comparison"), "{error}");
    }
    Ok(())
}

#[creole::test]
async fn a_value_is_compared_with_the_elements_of_an_array(engine: Engine) -> creole::Result<()> {
    marks(&engine).await?;
    let within = |numbers: Vec<i64>| select(Mark::id).filter(Mark::mark.eq(any_of(val(numbers)))).order_by(Mark::id);
    if engine.dialect().name() != "postgres" {
        let error = within(vec![1]).all(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains("elements of an array"), "{error}");
        return Ok(());
    }
    assert_eq!(within(vec![1, 5]).all(&engine).await?, [1, 6]);
    assert_eq!(within(vec![]).all(&engine).await?, [0; 0]);
    let above = select(Mark::id).filter(Mark::mark.gt(all_of(val(vec![Some(1_i64), Some(2)]))));
    assert_eq!(above.order_by(Mark::id).all(&engine).await?, [2, 3, 6]);
    let unknown = select(Mark::id).filter(Mark::mark.gt(all_of(val(vec![Some(1_i64), None]))));
    assert_eq!(unknown.count(&engine).await?, 0);
    Ok(())
}

/// One text, executed again and again with other values: MariaDB remembers of a subquery what it should not.
#[creole::test]
async fn selected_lists_are_looked_through_anew_each_time(engine: Engine) -> creole::Result<()> {
    marks(&engine).await?;
    let outside = async |pupil: i32| {
        let by_in = select(Mark::id).filter(Mark::mark.not_in(of(pupil))).order_by(Mark::id).all(&engine).await?;
        let by_all = select(Mark::id).filter(Mark::mark.ne(all_of(of(pupil)))).order_by(Mark::id).all(&engine).await?;
        assert_eq!(by_in, by_all);
        Ok::<_, creole::Error>(by_in)
    };
    for _ in 0..2 {
        assert_eq!(outside(1).await?, [4, 6]);
        assert_eq!(outside(2).await?, [0; 0]);
        assert_eq!(outside(4).await?, [1, 2, 3, 4, 5, 6, 7, 8]);
    }
    let among = select(Mark::pupil).group_by(Mark::pupil).having(count(Mark::mark).is_in(of(2)));
    assert_eq!(among.all(&engine).await?, [2]);
    Ok(())
}
