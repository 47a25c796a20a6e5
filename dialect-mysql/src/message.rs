//! What the servers' messages name. Messages quote values, which may hold anything, so where one does, the names are looked
//! for from the message's end.

/// `Duplicate entry '…' for key 'uq'`: the name of the key.
pub(crate) fn key(message: &str) -> Option<&str> {
    message.rsplit_once(" for key '")?.1.strip_suffix('\'')
}

/// `Data too long for column 'c' at row 1`, ``… for column `db`.`t`.`c` at row 1``: the column.
pub(crate) fn column_before_row(message: &str) -> Option<String> {
    let named = message.rsplit_once(" for column ")?.1;
    let named = named.rsplit_once(" at row ").map_or(named, |(named, _)| named).trim_end_matches('.');
    if let Some(quoted) = between(named, "'", "'") {
        // A JSON column is named with its table.
        return Some(quoted.rsplit_once('.').map_or(quoted, |(_, column)| column).to_owned());
    }
    idents(named).pop()
}

/// The text between two others, the first of them at the beginning of `message`, the second at its end.
pub(crate) fn between<'m>(message: &'m str, before: &str, after: &str) -> Option<&'m str> {
    message.strip_prefix(before)?.strip_suffix(after)
}

/// What follows `start` within `message`.
pub(crate) fn after<'m>(message: &'m str, start: &str) -> Option<&'m str> {
    message.split_once(start).map(|(_, rest)| rest)
}

/// The identifiers in backticks at the beginning of `text`, with only points and commas between them.
pub(crate) fn idents(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(inside) = rest.strip_prefix('`') {
        let mut name = String::new();
        let mut tail = inside;
        loop {
            let Some((part, more)) = tail.split_once('`') else { return found };
            name.push_str(part);
            match more.strip_prefix('`') {
                Some(more) => {
                    name.push('`');
                    tail = more;
                }
                None => {
                    rest = more.trim_start_matches(['.', ',', ' ']);
                    break;
                }
            }
        }
        found.push(name);
    }
    found
}
