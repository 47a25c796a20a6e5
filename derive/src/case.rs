//! How the names of variants become labels, and those of fields keys.

use crate::suggest;

/// A way to write a name of several words; the one of Rust's variants is `PascalCase`, and that of its fields `snake_case`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// `VeryHappy`, as the variant is written.
    Pascal,
    /// `veryhappy`
    Lower,
    /// `VERYHAPPY`
    Upper,
    /// `veryHappy`
    Camel,
    /// `very_happy`
    Snake,
    /// `VERY_HAPPY`
    ScreamingSnake,
    /// `very-happy`
    Kebab,
    /// `VERY-HAPPY`
    ScreamingKebab,
}

/// The names of the ways, each written in itself.
const CASES: [(&str, Case); 8] = [
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("camelCase", Case::Camel),
    ("PascalCase", Case::Pascal),
];

impl Case {
    /// The way with this name; or what to say to whoever wrote it.
    pub(crate) fn named(name: &str) -> Result<Case, String> {
        if let Some((_, case)) = CASES.iter().find(|(known, _)| *known == name) {
            return Ok(*case);
        }
        let known = || CASES.iter().map(|(name, _)| *name);
        let near = suggest::did_you_mean(name, known());
        Err(format!("there is no case `{name}`{near}\nthere are {}", suggest::list(known())))
    }

    /// A field's name written this way, as serde does it.
    pub(crate) fn apply_to_field(self, name: &str) -> String {
        match self {
            Case::Lower | Case::Snake => name.to_owned(),
            Case::Upper | Case::ScreamingSnake => name.to_ascii_uppercase(),
            Case::Pascal => name.split('_').map(capitalized).collect(),
            Case::Camel => {
                let name = Case::Pascal.apply_to_field(name);
                let mut characters = name.chars();
                let first = characters.next().map(|first| first.to_ascii_lowercase());
                first.into_iter().chain(characters).collect()
            }
            Case::Kebab => name.replace('_', "-"),
            Case::ScreamingKebab => name.to_ascii_uppercase().replace('_', "-"),
        }
    }

    /// A variant's name written this way.
    pub(crate) fn apply_to_variant(self, name: &str) -> String {
        match self {
            Case::Pascal => name.to_owned(),
            Case::Lower => name.to_lowercase(),
            Case::Upper => name.to_uppercase(),
            Case::Camel => {
                let mut characters = name.chars();
                let first = characters.next().into_iter().flat_map(char::to_lowercase);
                first.chain(characters).collect()
            }
            Case::Snake => words(name, '_').to_lowercase(),
            Case::ScreamingSnake => words(name, '_').to_uppercase(),
            Case::Kebab => words(name, '-').to_lowercase(),
            Case::ScreamingKebab => words(name, '-').to_uppercase(),
        }
    }
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

/// The name with a sign before each capital but the first, as serde does it.
fn words(name: &str, separator: char) -> String {
    let mut text = String::new();
    for (place, character) in name.char_indices() {
        if place > 0 && character.is_uppercase() {
            text.push(separator);
        }
        text.push(character);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_variants_are_written_each_way() {
        let written = |case: &str| Case::named(case).unwrap().apply_to_variant("VeryHappy2");
        assert_eq!(written("snake_case"), "very_happy2");
        assert_eq!(written("SCREAMING_SNAKE_CASE"), "VERY_HAPPY2");
        assert_eq!(written("kebab-case"), "very-happy2");
        assert_eq!(written("SCREAMING-KEBAB-CASE"), "VERY-HAPPY2");
        assert_eq!(written("lowercase"), "veryhappy2");
        assert_eq!(written("UPPERCASE"), "VERYHAPPY2");
        assert_eq!(written("camelCase"), "veryHappy2");
        assert_eq!(written("PascalCase"), "VeryHappy2");
        assert_eq!(Case::Snake.apply_to_variant("ÄrgerÖl"), "ärger_öl");
        assert!(Case::named("snakecase").unwrap_err().contains("did you mean `snake_case`?"));
    }

    #[test]
    fn names_of_fields_are_written_each_way() {
        let written = |case: &str| Case::named(case).unwrap().apply_to_field("very_happy2");
        assert_eq!(written("snake_case"), "very_happy2");
        assert_eq!(written("SCREAMING_SNAKE_CASE"), "VERY_HAPPY2");
        assert_eq!(written("kebab-case"), "very-happy2");
        assert_eq!(written("SCREAMING-KEBAB-CASE"), "VERY-HAPPY2");
        assert_eq!(written("lowercase"), "very_happy2");
        assert_eq!(written("UPPERCASE"), "VERY_HAPPY2");
        assert_eq!(written("camelCase"), "veryHappy2");
        assert_eq!(written("PascalCase"), "VeryHappy2");
        assert_eq!(Case::Camel.apply_to_field("_a__b_"), "aB");
    }
}
