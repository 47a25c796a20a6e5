//! What a statement may name in front of itself.

use creole::prelude::*;

#[derive(Model)]
#[model(table = "parts")]
struct Part {
    #[model(primary_key)]
    id: i64,
    part_of: Option<i64>,
}

fn main() {
    // A subquery is written where its rows come from.
    let subquery = select(Part::id).subquery("few");
    let _ = select(subquery.col(Part::id)).from(&subquery).with_cte(&subquery);
    // A recursive part knows the whole by its name only.
    let _ = select(Part::id).recursive("tree", |tree| {
        select(Part::id).join(tree.on(Part::part_of.eq(tree.col(Part::id)))).with_cte(tree)
    });
}
