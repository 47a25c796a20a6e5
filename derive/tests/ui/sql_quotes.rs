//! A value between quotes, or in a comment, would be none.
use creole::prelude::*;

fn main() {
    let (name, ids) = ("a", [1_i64]);
    let _ = sql!("select 1 where name = '{name}'");
    let _ = sql!("select 1 where name like '%{name}%'");
    let _ = sql!("select 1 where id in ('{..ids}')");
    let _ = sql!("select \"{name}\" from users");
    let _ = sql!("select `{name}` from users");
    let _ = sql!("select 1 -- of {name}");
    let _ = sql!("select 1 /* of {name} */");
    let _ = sql!("do $body$ begin perform {name}; end $body$");
    // These are text.
    let _ = sql!("select '{{\"a\": 1}}' -> 'a', 'it''s' || {name}");
    let _ = sql!("select 'a' /* '{{' */ || {name} -- '{{name}}'");
}
