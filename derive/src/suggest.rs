//! "Did you mean": the known name that is nearest to one that is not known.

/// The known name that is nearest to one that is not known, if one is near.
pub(crate) fn nearest<'k>(unknown: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let distances = known.into_iter().map(|name| (distance(unknown, name), name));
    let near = distances.filter(|&(distance, name)| distance <= name.chars().count().div_ceil(3));
    near.min_by_key(|&(distance, _)| distance).map(|(_, name)| name)
}

/// ``; did you mean `unique`?`` where a known name is near, else nothing.
pub(crate) fn did_you_mean<'k>(unknown: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    nearest(unknown, known).map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// `` `a`, `b`, `c` ``
pub(crate) fn list<'k>(names: impl IntoIterator<Item = &'k str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// How many characters must be put in, taken out or exchanged to get from one name to the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (deleted, character) in from.chars().enumerate() {
        let mut previous = deleted + 1;
        let mut next = vec![previous];
        for (pair, &other) in row.windows(2).zip(&to) {
            let &[exchange, delete] = pair else { continue };
            previous = (exchange + usize::from(other != character)).min(delete + 1).min(previous + 1);
            next.push(previous);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_is_the_least_number_of_changes() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("same", "same"), 0);
        assert_eq!(distance("flaw", "lawn"), 2);
    }

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        let known = ["unique", "index", "primary_key"];
        assert_eq!(did_you_mean("uniqe", known), "; did you mean `unique`?");
        assert_eq!(did_you_mean("primarykey", known), "; did you mean `primary_key`?");
        assert_eq!(did_you_mean("nullable", known), "");
    }
}
