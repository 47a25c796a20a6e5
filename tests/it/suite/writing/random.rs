//! Random updates and deletes beside the same in memory: what the tables hold afterwards, how many rows it was and which.

use std::time::{SystemTime, UNIX_EPOCH};

use creole::prelude::*;

const STATEMENTS: usize = 160;

#[derive(Model, Debug, Clone, PartialEq, PartialOrd)]
#[model(table = "items")]
struct Item {
    #[model(primary_key)]
    id: i64,
    shelf: Option<i64>,
    a: i64,
    b: i64,
    c: Option<i64>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "shelves")]
struct Shelf {
    #[model(primary_key)]
    id: i64,
    size: i64,
    mark: Option<i64>,
}

/// Numbers that depend on the seed alone.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 >> 33).expect("31 bits") % sides
    }

    fn maybe(&mut self, sides: i64) -> Option<i64> {
        (self.below(4) > 0).then(|| self.below(sides))
    }

    fn item(&mut self, id: i64) -> Item {
        Item { id, shelf: self.maybe(6), a: self.below(9), b: self.below(9), c: self.maybe(9) }
    }
}

struct Memory {
    items: Vec<Item>,
    shelves: Vec<Shelf>,
}

impl Memory {
    fn shelf(&self, item: &Item) -> Option<&Shelf> {
        self.shelves.iter().find(|shelf| Some(shelf.id) == item.shelf)
    }

    /// Writes `change` of the rows for which it is something, each made from the table as it was, and returns them.
    fn change(&mut self, change: impl Fn(&Memory, &Item) -> Option<Item>) -> Vec<Item> {
        let changed: Vec<Option<Item>> = self.items.iter().map(|item| change(self, item)).collect();
        for (item, changed) in self.items.iter_mut().zip(&changed) {
            *item = changed.clone().unwrap_or_else(|| item.clone());
        }
        changed.into_iter().flatten().collect()
    }

    fn delete(&mut self, is_meant: impl Fn(&Memory, &Item) -> bool) -> Vec<Item> {
        let (gone, kept) = self.items.iter().cloned().partition(|item| is_meant(self, item));
        self.items = kept;
        gone
    }
}

/// What a column is set to.
#[derive(Debug, Clone, Copy)]
enum Value {
    Number(i64),
    Next,
    B,
    C,
    Sum,
}

impl Value {
    fn any(dice: &mut Dice) -> Value {
        match dice.below(5) {
            0 => Value::Number(dice.below(9)),
            1 => Value::Next,
            2 => Value::B,
            3 => Value::C,
            _ => Value::Sum,
        }
    }

    fn of(self, item: &Item) -> i64 {
        match self {
            Value::Number(number) => number,
            Value::Next => (item.a + 1) % 1_000,
            Value::B => item.b,
            Value::C => item.c.unwrap_or(-1),
            Value::Sum => (item.a + item.b) % 1_000,
        }
    }

    fn expr(self) -> creole::query::Expr<i64> {
        match self {
            Value::Number(number) => coalesce(creole::query::val(number), 0),
            Value::Next => coalesce((Item::a + 1) % 1_000, 0),
            Value::B => coalesce(Item::b, 0),
            Value::C => coalesce(Item::c, -1),
            Value::Sum => coalesce((Item::a + Item::b) % 1_000, 0),
        }
    }
}

/// Runs a statement and says how many rows it was and, where it was asked, which.
async fn run_update(
    statement: creole::query::Update<Item>,
    dice: &mut Dice,
    engine: &Engine,
) -> creole::Result<(usize, Option<Vec<Item>>)> {
    if dice.below(2) == 0 {
        return Ok((usize::try_from(statement.exec(engine).await?).expect("few"), None));
    }
    let rows = statement.returning().all(engine).await?;
    Ok((rows.len(), Some(rows)))
}

async fn run_delete(
    statement: creole::query::Delete<Item>,
    dice: &mut Dice,
    engine: &Engine,
) -> creole::Result<(usize, Option<Vec<Item>>)> {
    if dice.below(2) == 0 {
        return Ok((usize::try_from(statement.exec(engine).await?).expect("few"), None));
    }
    let rows = statement.returning().all(engine).await?;
    Ok((rows.len(), Some(rows)))
}

#[creole::test]
async fn random_statements_mean_what_they_mean_in_memory(engine: Engine) -> creole::Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").subsec_nanos();
    let seed = std::env::var("CREOLE_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(u64::from(now) | 1);
    println!("CREOLE_TEST_SEED={seed}");
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    engine.create_all(tables![Item, Shelf]).await?;
    let mut memory = Memory { items: Vec::new(), shelves: Vec::new() };
    for id in 0..4 {
        let shelf = Shelf { id, size: dice.below(9), mark: dice.maybe(9) };
        insert(&shelf).exec(&engine).await?;
        memory.shelves.push(shelf);
    }
    let shelf = || table::<Shelf>().on(Item::shelf.eq(Shelf::id));
    let other = alias::<Item>("other");
    for number in 0..STATEMENTS {
        while memory.items.len() < 5 {
            let id = memory.items.iter().map(|item| item.id).max().unwrap_or(0) + 1;
            let item = dice.item(id);
            insert(&item).exec(&engine).await?;
            memory.items.push(item);
        }
        let least = dice.below(10);
        let kind = dice.below(10);
        let ((rows, found), mut expected) = match kind {
            0..=2 => {
                let [a, b, c] = [(); 3].map(|()| Value::any(&mut dice));
                let statement = update::<Item>().set(Item::a, a.expr()).set(Item::b, b.expr()).set(Item::c, c.expr());
                let found = run_update(statement.filter(Item::a.ge(least)), &mut dice, &engine).await?;
                let changed = memory.change(|_, item| {
                    let new = Item { a: a.of(item), b: b.of(item), c: Some(c.of(item)), ..item.clone() };
                    (item.a >= least).then_some(new)
                });
                (found, changed)
            }
            3 => {
                let statement =
                    update::<Item>().join(shelf()).set(Item::a, Shelf::size + Item::b).set(Item::c, Shelf::mark);
                let statement = statement.filter(Shelf::size.ge(least).or(Item::b.gt(4)));
                let found = run_update(statement, &mut dice, &engine).await?;
                let changed = memory.change(|memory, item| {
                    let shelf = memory.shelf(item)?;
                    let new = Item { a: shelf.size + item.b, c: shelf.mark, ..item.clone() };
                    (shelf.size >= least || item.b > 4).then_some(new)
                });
                (found, changed)
            }
            4 => {
                let statement = update::<Item>()
                    .left_join(shelf())
                    .set(Item::b, coalesce(Shelf::size.optional(), Item::b + 1))
                    .set(Item::c, Shelf::mark)
                    .filter(Item::a.ge(least).or(Shelf::id.is_null()));
                let found = run_update(statement, &mut dice, &engine).await?;
                let changed = memory.change(|memory, item| {
                    let shelf = memory.shelf(item);
                    let b = shelf.map_or(item.b + 1, |shelf| shelf.size);
                    let new = Item { b, c: shelf.and_then(|shelf| shelf.mark), ..item.clone() };
                    (item.a >= least || shelf.is_none()).then_some(new)
                });
                (found, changed)
            }
            5 => {
                let below = select(max(other.col(Item::a))).from(other).filter(other.col(Item::id).lt(Item::id));
                let statement =
                    update::<Item>().set(Item::c, below).set(Item::a, Item::a + 1).filter(Item::b.ge(least));
                let found = run_update(statement, &mut dice, &engine).await?;
                let changed = memory.change(|memory, item| {
                    let c = memory.items.iter().filter(|other| other.id < item.id).map(|other| other.a).max();
                    (item.b >= least).then(|| Item { c, a: item.a + 1, ..item.clone() })
                });
                (found, changed)
            }
            6 => {
                // Several others may have the same: each row is written once.
                let on = other.col(Item::b).eq(Item::b).and(other.col(Item::id).ne(Item::id));
                let statement = update::<Item>().join(other.on(on)).set(Item::a, Item::a + 1);
                let found = run_update(statement.filter(other.col(Item::a).ge(least)), &mut dice, &engine).await?;
                let changed = memory.change(|memory, item| {
                    let fits = |other: &Item| other.b == item.b && other.id != item.id && other.a >= least;
                    memory.items.iter().any(fits).then(|| Item { a: item.a + 1, ..item.clone() })
                });
                (found, changed)
            }
            7 => {
                let statement = delete::<Item>().left_join(shelf()).filter(Shelf::id.is_null().and(Item::a.lt(least)));
                let found = run_delete(statement, &mut dice, &engine).await?;
                (found, memory.delete(|memory, item| memory.shelf(item).is_none() && item.a < least))
            }
            8 => {
                let on = other.col(Item::b).eq(Item::b).and(other.col(Item::id).lt(Item::id));
                let found = run_delete(delete::<Item>().join(other.on(on)).all_rows(), &mut dice, &engine).await?;
                let is_second = |memory: &Memory, item: &Item| {
                    memory.items.iter().any(|other| other.b == item.b && other.id < item.id)
                };
                (found, memory.delete(is_second))
            }
            _ => {
                let rows: Vec<Item> = (0..6).map(|id| dice.item(3 * id + least)).collect();
                let found = usize::try_from(update_all(&rows).exec(&engine).await?).expect("few");
                let changed = memory.change(|_, item| rows.iter().find(|row| row.id == item.id).cloned());
                ((found, None), changed)
            }
        };
        let what = format!("statement {number} of kind {kind} with {least}, seed {seed}");
        assert_eq!(rows, expected.len(), "{what}");
        if let Some(mut found) = found {
            found.sort_by_key(|item| item.id);
            expected.sort_by_key(|item| item.id);
            assert_eq!(found, expected, "{what}");
        }
        assert_eq!(Item::select().order_by(Item::id).all(&engine).await?, memory.items, "{what}");
    }
    Ok(())
}
