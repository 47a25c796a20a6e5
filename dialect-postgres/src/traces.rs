//! Which texts of the program's own leave something on the connection: a setting, a lock.

use creole_core::dialect::OwnText;

/// Functions that change the connection, so that SELECT does.
const FUNCTIONS: [&str; 5] =
    ["setseed", "pg_advisory_lock", "pg_advisory_lock_shared", "pg_try_advisory_lock", "pg_try_advisory_lock_shared"];

/// Whether a text leaves something on the connection that the end of the transaction does not take away.
pub(crate) fn leaves_traces(text: OwnText<'_>) -> bool {
    let is_one = !text.as_str().trim_end_matches([';', ' ', '\n']).contains(';');
    let is_local = || is_one && text.readings().iter().all(|words| sets_locally(words));
    (text.leaves_traces() && !is_local()) || text.mentions(&FUNCTIONS) || sets_for_good(text)
}

/// `SET LOCAL …`, `SET CONSTRAINTS …`
fn sets_locally(words: &[String]) -> bool {
    matches!(words, [set, what, ..] if set == "SET" && matches!(what.as_str(), "LOCAL" | "CONSTRAINTS"))
}

/// Whether it calls `set_config` otherwise than for the transaction alone, which its third argument says.
fn sets_for_good(text: OwnText<'_>) -> bool {
    if !text.mentions(&["set_config"]) {
        return false;
    }
    let lower = text.as_str().to_ascii_lowercase();
    let is_for_transaction = |call: &str| {
        let arguments = call.split_once(')').map_or(call, |(arguments, _)| arguments);
        // A parenthesis between quotes does not count.
        let is_whole = arguments.matches('\'').count().is_multiple_of(2);
        is_whole && arguments.rsplit_once(',').is_some_and(|(_, last)| last.trim() == "true")
    };
    !lower.split("set_config").skip(1).all(is_for_transaction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_and_locks_of_the_connection_are_traces() {
        for sql in [
            "set time zone 'UTC'",
            "set session creole.user = 'a'",
            "select set_config('creole.user', $1, false)",
            "select set_config('creole.user', $1, $2)",
            "select set_config('a', 'b', true), set_config('a', 'b', false)",
            "select set_config('a', lower('B'), true)",
            "select set_config('a', 'b, true)', false)",
            "select pg_try_advisory_lock(1)",
            "listen a",
            "set local a = b; set a = b",
        ] {
            assert!(leaves_traces(OwnText::new(sql)), "{sql}");
        }
    }

    #[test]
    fn what_ends_with_the_transaction_is_none() {
        for sql in [
            "set local time zone 'UTC'",
            "SET CONSTRAINTS ALL DEFERRED",
            "select set_config('creole.user', $1, true)",
            "select SET_CONFIG('creole.user', $1, TRUE)::text",
            "select pg_advisory_xact_lock(1)",
            "select 1",
        ] {
            assert!(!leaves_traces(OwnText::new(sql)), "{sql}");
        }
    }
}
