//! Text: cases, patterns, and what is taken literally.

use creole::prelude::*;

#[derive(Model, Debug, Clone)]
#[model(table = "words")]
struct Word {
    #[model(primary_key)]
    id: i32,
    word: String,
    maybe: Option<String>,
}

/// Writes the words, numbered from 0.
async fn written(engine: &Engine, words: &[&str]) -> creole::Result<()> {
    engine.create_all(tables![Word]).await?;
    for (id, word) in (0..).zip(words) {
        insert(&Word { id, word: (*word).into(), maybe: None }).exec(engine).await?;
    }
    Ok(())
}

async fn found(engine: &Engine, condition: impl Condition) -> creole::Result<Vec<String>> {
    select(Word::word).filter(condition).order_by(Word::id).all(engine).await
}

/// Letters whose two cases Unicode pairs one to one, from several scripts.
const PAIRS: &[(&str, &str)] = &[
    ("a", "A"),
    ("ä", "Ä"),
    ("é", "É"),
    ("ÿ", "Ÿ"),
    ("ł", "Ł"),
    ("ж", "Ж"),
    ("ω", "Ω"),
    ("ά", "Ά"),
    ("ա", "Ա"),
    ("ǆ", "Ǆ"),
    ("straẞe", "STRAẞE"),
    ("x1-y", "X1-Y"),
    ("", ""),
];

#[creole::test]
async fn cases_are_mapped_for_every_letter_with_a_partner(engine: Engine) -> creole::Result<()> {
    let words: Vec<&str> = PAIRS.iter().flat_map(|(small, large)| [*small, *large]).collect();
    written(&engine, &words).await?;
    let mapped = select((Word::word.lower(), Word::word.upper(), Word::word.length(), Word::maybe.lower()));
    let mapped = mapped.order_by(Word::id).all(&engine).await?;
    for (word, (small, large, length, nothing)) in words.iter().zip(mapped) {
        let Some((a, b)) = PAIRS.iter().find(|(a, b)| a == word || b == word) else { panic!("{word}") };
        if !word.contains('ẞ') {
            assert_eq!((small.as_str(), large.as_str()), (*a, *b), "{word}");
        }
        assert_eq!((length, nothing), (word.chars().count() as i64, None), "{word}");
    }
    Ok(())
}

#[creole::test]
async fn ilike_folds_what_like_tells_apart(engine: Engine) -> creole::Result<()> {
    written(&engine, &["Ärger", "ärger", "ÄRGER", "Arger", "aerger", "50%", "50x"]).await?;
    assert_eq!(found(&engine, Word::word.like("ä%")).await?, ["ärger"]);
    assert_eq!(found(&engine, Word::word.ilike("ä%")).await?, ["Ärger", "ärger", "ÄRGER"]);
    assert_eq!(found(&engine, Word::word.ilike("_RGER")).await?, ["Ärger", "ärger", "ÄRGER", "Arger"]);
    assert_eq!(found(&engine, Word::word.ilike(r"50\%")).await?, ["50%"]);
    assert_eq!(found(&engine, Word::word.lower().eq("ärger")).await?, ["Ärger", "ärger", "ÄRGER"]);
    assert_eq!(found(&engine, not(Word::word.ilike("%r%"))).await?, ["50%", "50x"]);
    assert_eq!(found(&engine, Word::maybe.ilike("%")).await?, Vec::<String>::new());
    Ok(())
}

#[creole::test]
async fn a_text_that_is_looked_for_is_taken_literally(engine: Engine) -> creole::Result<()> {
    let words = ["50%_\\", "50%x", "x50%_\\", "50a_\\", "", "%", "_", "\\", "'", "x'y", "Äb", "äB"];
    written(&engine, &words).await?;
    let texts = ["", "%", "_", "\\", "50%_\\", "%_\\", "'", "x", "Ä", "b", "\\\\", "%%"];
    for text in texts {
        let expected = |holds: fn(&str, &str) -> bool| words.iter().copied().filter(move |word| holds(word, text));
        let starts: Vec<&str> = expected(|word, text| word.starts_with(text)).collect();
        assert_eq!(found(&engine, Word::word.starts_with(text)).await?, starts, "starts with {text}");
        let ends: Vec<&str> = expected(|word, text| word.ends_with(text)).collect();
        assert_eq!(found(&engine, Word::word.ends_with(text)).await?, ends, "ends with {text}");
        let holds: Vec<&str> = expected(|word, text| word.contains(text)).collect();
        assert_eq!(found(&engine, Word::word.contains(text)).await?, holds, "holds {text}");
    }
    Ok(())
}

#[creole::test]
async fn what_comes_of_a_function_is_compared_by_code_point(engine: Engine) -> creole::Result<()> {
    written(&engine, &["b", "A", "Ä", "a", "z", "B ", "B"]).await?;
    let sorted = select(Word::word.lower()).order_by((Word::word.lower(), Word::id)).all(&engine).await?;
    assert_eq!(sorted, ["a", "a", "b", "b", "b ", "z", "ä"]);
    let greatest = select(max(Word::word.upper())).one(&engine).await?;
    assert_eq!(greatest.as_deref(), Some("Ä"));
    assert_eq!(found(&engine, Word::word.lower().gt("z")).await?, ["Ä"]);
    let groups = select((Word::word.lower(), count_rows())).group_by(Word::word.lower()).all(&engine).await?;
    assert_eq!(groups.len(), 5);
    Ok(())
}

/// MySQL would lower the constant itself, and compare the next row with what became of it.
#[creole::test]
async fn letters_of_what_was_compared_are_changed_in_a_copy(engine: Engine) -> creole::Result<()> {
    written(&engine, &["A", "\\", "%", "\\", "b"]).await?;
    let upper = || creole::query::val("b".to_owned()).upper();
    let greatest = || creole::query::greatest(Word::word, upper()).lower();
    assert_eq!(found(&engine, greatest().eq("b")).await?, ["A", "%", "b"]);
    assert_eq!(found(&engine, greatest().eq("\\")).await?, ["\\", "\\"]);
    let other = || creole::query::nullif(upper(), Word::word).lower();
    assert_eq!(found(&engine, other().eq("b")).await?, ["A", "\\", "%", "\\", "b"]);
    Ok(())
}
