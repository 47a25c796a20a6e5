//! Every way to read rows, asked of tables of which some rows are left out: because they are marked as deleted, or another tenant's.
//!
//! It is a part of the modules that have such models, under the same names.

use std::fmt::Debug;

use creole::prelude::*;
use creole::query::load;
use creole::sql::Direction;

use super::{Author, Book, BookTag, Tag};

/// The answer of a statement, or the kind of its error.
fn told<T: Debug>(result: creole::Result<T>) -> String {
    match result {
        Ok(rows) => format!("{rows:?}"),
        Err(error) => format!("{:?}", error.kind()),
    }
}

#[derive(Projection, Debug)]
#[allow(dead_code, reason = "it is shown")]
#[projection(of = Author)]
struct Name {
    id: i64,
    name: String,
}

#[derive(FromRow, Debug)]
#[allow(dead_code, reason = "it is shown")]
struct Named {
    id: i64,
    name: String,
}

/// What each way to read tells. None of them says anything of the rows that are left out, and each tells something else where they are not.
#[allow(clippy::too_many_lines, reason = "a list")]
pub(super) async fn answers(engine: &Engine) -> creole::Result<Vec<(&'static str, String)>> {
    let mut answers = Vec::new();
    macro_rules! ask {
        ($what:literal, $statement:expr) => {
            answers.push(($what, told($statement.await)));
        };
    }
    let authors = || Author::select().order_by(Author::id);
    let books = || Book::select().order_by(Book::id);
    let editor = alias::<Author>("editor");

    // Ends and clauses.
    ask!("all", authors().all(engine));
    ask!("one", Author::select().filter(Author::mentor_id.eq(1)).one(engine));
    ask!("optional", Author::select().filter(Author::id.eq(3)).optional(engine));
    ask!("first", Author::select().order_by(Author::id.desc()).offset(1).first(engine));
    ask!("count", Author::select().count(engine));
    ask!("exists", Author::select().filter(Author::name.eq("Cleo")).exists(engine));
    ask!("count of groups", select(Book::author_id).group_by(Book::author_id).having(count_rows().gt(2)).count(engine));
    ask!("find", Author::find(3, engine));
    ask!("stream", async {
        let mut names = Vec::new();
        let mut rows = authors().stream(engine);
        while let Some(author) = rows.try_next().await? {
            names.push(author.name);
        }
        Ok(names)
    });
    ask!("stream_batches", async {
        let (mut ids, mut rows) = (Vec::new(), authors().stream_batches(engine, std::num::NonZeroUsize::MIN));
        while let Some(author) = rows.try_next().await? {
            ids.push(author.id);
        }
        Ok(ids)
    });
    ask!("page", async {
        let page =
            Author::select().filter_some(Some(1), |id| Author::id.gt(id)).first_page().limit(1).page(engine).await?;
        let after = page.next.unwrap();
        let next = Author::select().filter(Author::id.gt(1)).page_after(&after).limit(1).page(engine).await?;
        Ok((page.rows, next.rows))
    });
    ask!("first_page", Author::select().order_by(Author::name).first_page().limit(3).all(engine));
    ask!("or", authors().filter(Author::id.eq(3).or(Author::id.eq(1))).all(engine));
    ask!(
        "columns",
        select((Author::name, Author::id)).order_by_name::<Author>("id", Direction::Descending)?.all(engine)
    );
    ask!("alias", select(editor.all()).from(editor).order_by(editor.col(Author::id)).all(engine));
    ask!("distinct", select(Book::author_id).distinct().filter(Book::id.eq(3)).all(engine));
    ask!(
        "aggregates",
        select((count(Book::id), max(Book::author_id), sum(Book::id))).filter(Book::author_id.eq(1)).one(engine)
    );
    ask!(
        "group_by",
        select((Book::author_id, count_rows())).group_by(Book::author_id).order_by(Book::author_id).all(engine)
    );
    ask!(
        "union",
        select(Author::id)
            .filter(Author::id.gt(2))
            .union(select(Author::id).filter(Author::id.eq(1)))
            .order_by(Author::id)
            .all(engine)
    );
    ask!("union_all", select(Author::id).union_all(select(Tag::id)).count(engine));
    ask!(
        "except",
        select(Author::id).except(select(Author::id).filter(Author::id.gt(3))).order_by(Author::id).all(engine)
    );
    ask!("intersect", select(Author::id).intersect(select(Tag::id)).order_by(Author::id).all(engine));
    ask!("read_as", select((Author::id, Author::name)).order_by(Author::id).read_as::<Named>().all(engine));
    ask!("project", authors().project::<Name>().all(engine));

    // Joins.
    ask!("join", select((Book::id, Author::name)).join(Book::author).order_by(Book::id).all(engine));
    ask!(
        "join a table",
        select((Book::id, Author::name))
            .join(table::<Author>().on(Book::author_id.eq(Author::id)))
            .order_by(Book::id)
            .all(engine)
    );
    ask!(
        "join an alias",
        select((Book::id, editor.col(Author::name))).join(Book::editor.to(editor)).order_by(Book::id).all(engine)
    );
    ask!(
        "join along",
        select((editor.col(Author::id), Book::id))
            .from(editor)
            .join(editor.along(Author::books))
            .order_by(Book::id)
            .all(engine)
    );
    ask!(
        "join both",
        select((Book::id, Author::name, editor.col(Author::name)))
            .join(Book::author)
            .join(Book::editor.to(editor))
            .order_by(Book::id)
            .all(engine)
    );
    ask!(
        "join on either",
        select((Book::id, Author::id))
            .join(table::<Author>().on(Author::id.eq(Book::author_id).or(Author::id.eq(Book::editor_id))))
            .order_by((Book::id, Author::id))
            .all(engine)
    );
    ask!("join many", select((Author::id, Book::id)).join(Author::books).order_by((Author::id, Book::id)).all(engine));
    ask!("join through", select((Book::id, Tag::id)).join(Book::tags).order_by((Book::id, Tag::id)).all(engine));
    ask!(
        "left_join",
        select((Book::id, Author::name.optional())).left_join(Book::editor).order_by(Book::id).all(engine)
    );
    ask!(
        "left_join many",
        select((Author::id, Book::id.optional())).left_join(Author::books).order_by((Author::id, Book::id)).all(engine)
    );
    ask!(
        "left_join through",
        select((Book::id, Tag::id.optional())).left_join(Book::tags).order_by((Book::id, Tag::id)).all(engine)
    );
    ask!(
        "left_join, none",
        select(Book::id).left_join(Book::editor).filter(Author::id.is_null()).order_by(Book::id).all(engine)
    );
    ask!(
        "right_join",
        select((Book::id.optional(), Author::id)).right_join(Book::editor).order_by((Author::id, Book::id)).all(engine)
    );
    ask!(
        "right_join twice",
        select((Tag::id.optional(), Book::id.optional(), Author::id))
            .from(table::<Tag>())
            .join(Tag::books)
            .right_join(Book::author)
            .order_by((Author::id, Book::id, Tag::id))
            .all(engine)
    );
    ask!(
        "right_join and left_join",
        select((Book::id.optional(), Author::id, editor.col(Author::name).optional()))
            .right_join(Book::author)
            .left_join(Book::editor.to(editor))
            .order_by((Author::id, Book::id))
            .all(engine)
    );
    if engine.dialect().capabilities().full_join == creole::dialect::Support::Native {
        ask!(
            "full_join",
            select((Book::id.optional(), Author::id.optional()))
                .full_join(Book::editor)
                .order_by((Book::id, Author::id))
                .all(engine)
        );
        ask!(
            "full_join and join",
            select((Book::id.optional(), Author::id.optional(), BookTag::tag_id))
                .full_join(Book::editor)
                .join(table::<BookTag>().on(BookTag::book_id.eq(Book::id)))
                .order_by((Book::id, Author::id, BookTag::tag_id))
                .all(engine)
        );
        ask!(
            "full_join, aliases",
            select((editor.col(Author::id).optional(), Author::id.optional()))
                .from(editor)
                .full_join(table::<Author>().on(Author::mentor_id.eq(editor.col(Author::id))))
                .order_by((editor.col(Author::id), Author::id))
                .all(engine)
        );
    }
    ask!("cross", select((Author::id, Tag::id)).join(table::<Tag>().cross()).count(engine));

    // Conditions on related rows, and subqueries.
    ask!("any", authors().filter(Author::books.any(Book::id.gt(2))).all(engine));
    ask!("none", authors().filter(Author::books.none(Book::id.gt(2))).all(engine));
    ask!("relation exists", books().filter(Book::editor.exists()).all(engine));
    ask!("relation count", select((Author::id, Author::books.count())).order_by(Author::id).all(engine));
    ask!(
        "sorted by a relation",
        select(Author::id).filter(Author::id.lt(3)).order_by((Author::books.count(), Author::id.desc())).all(engine)
    );
    ask!("any through", books().filter(Book::tags.any(Tag::id.ge(2))).all(engine));
    ask!("any of its own", authors().filter(Author::pupils.any(Author::name.eq("Cleo"))).all(engine));
    ask!("any inside any", authors().filter(Author::books.any(Book::tags.any(Tag::id.eq(1)))).all(engine));
    ask!("is_in", books().filter(Book::author_id.is_in(select(Author::id).filter(Author::id.gt(2)))).all(engine));
    ask!("exists of a select", authors().filter(exists(select(Book::id).filter(Book::author_id.eq(3)))).all(engine));
    ask!("scalar", select((Tag::id, select(count(Author::id)).value())).order_by(Tag::id).all(engine));
    ask!(
        "quantified",
        books().filter(Book::author_id.le(all_of(select(Author::id).filter(Author::id.gt(2))))).all(engine)
    );
    let listed = select((Author::id, Author::name)).subquery("listed");
    ask!("subquery", select(listed.col(Author::name)).from(&listed).order_by(listed.col(Author::id)).all(engine));
    ask!(
        "joined subquery",
        select(Book::id).join(listed.on(Book::author_id.eq(listed.col(Author::id)))).order_by(Book::id).all(engine)
    );
    let cte = select((Author::id, Author::name)).cte("listed");
    ask!("cte", select(cte.col(Author::name)).from(&cte).with_cte(&cte).order_by(cte.col(Author::id)).all(engine));
    let line = select(Author::id)
        .filter(Author::id.eq(1))
        .recursive("line", |line| select(Author::id).join(line.on(Author::mentor_id.eq(line.col(Author::id)))));
    ask!(
        "recursive",
        select(line.col(Author::id)).from(&line).with_cte(&line).order_by(line.col(Author::id)).all(engine)
    );
    let all = select((Author::id, Author::mentor_id)).recursive_distinct("line", |line| {
        select((Author::id, Author::mentor_id)).join(line.on(Author::mentor_id.eq(line.col(Author::id))))
    });
    ask!(
        "recursive_distinct",
        select(all.col(Author::id)).from(&all).with_cte(&all).order_by(all.col(Author::id)).all(engine)
    );

    // Loading.
    ask!("with many", authors().with(Author::books).all(engine));
    ask!("with some of many", authors().with(Author::books.order_by(Book::id.desc()).limit(1)).all(engine));
    ask!("with one", books().with(Book::editor).all(engine));
    ask!("with one, joined", books().with(Book::editor.joined()).all(engine));
    ask!("with one that must be", books().with(Book::author).all(engine));
    ask!("with one that must be, joined", books().with(Book::author.joined()).all(engine));
    ask!("with one, optional", books().with(Book::author.optional()).all(engine));
    ask!("with through", books().with(Book::tags).all(engine));
    ask!("with beneath", authors().with(Author::pupils.with(Author::books.with(Book::tags))).all(engine));
    ask!("with beneath, joined", books().with(Book::editor.with(Author::mentor.joined()).joined()).all(engine));
    ask!("with narrowed", books().with(Book::editor.filter(Author::id.gt(0)).select(Author::name)).all(engine));
    ask!("with projected", authors().with(Author::pupils.project::<Name>()).all(engine));
    let rows = [1, 2].map(|id| super::author(id, "", None));
    ask!("load", load(&rows, Author::books).all(engine));
    ask!("related", rows[0].related(Author::books).order_by(Book::id).all(engine));
    let book = super::book(1, 1, None);
    ask!("related through", book.related(Book::tags).order_by(Tag::id).all(engine));

    // A session.
    ask!("session.get", async { Ok(engine.session().get::<Author>(3).await?.is_some()) });
    ask!("session.track", async {
        let mut session = engine.session();
        let tracked = authors().track(&mut session).await?;
        Ok(tracked.into_iter().map(|author| session[author].id).collect::<Vec<_>>())
    });
    ask!("locked", async {
        let mut session = engine.session();
        let rows = authors().join(Author::books).for_update().all(&mut session).await;
        session.rollback().await?;
        rows
    });
    Ok(answers)
}

/// The methods of statements that read, and of what stands in them. One that is added is asked about above, or listed below.
const METHODS: [&str; 13] = [
    include_str!("../../../core/src/query/select/select.rs"),
    include_str!("../../../core/src/query/select/alias.rs"),
    include_str!("../../../core/src/query/select/along.rs"),
    include_str!("../../../core/src/query/select/compound.rs"),
    include_str!("../../../core/src/query/select/cte.rs"),
    include_str!("../../../core/src/query/select/cursor.rs"),
    include_str!("../../../core/src/query/select/lock.rs"),
    include_str!("../../../core/src/query/select/relation.rs"),
    include_str!("../../../core/src/query/select/subquery.rs"),
    include_str!("../../../core/src/query/load/joined.rs"),
    include_str!("../../../core/src/query/load/page.rs"),
    include_str!("../../../core/src/query/load/related_rows.rs"),
    include_str!("../../../core/src/query/load/with_clauses.rs"),
];

/// Those that read no table in another way than others do: names of tables, limits, locks, what not every database has.
const LIKE_OTHERS: [&str; 17] = [
    "all_of_model",
    "table",
    "alias",
    "timeout",
    "for_share",
    "skip_locked",
    "nowait",
    "lock_of",
    "distinct_on",
    "intersect_all",
    "except_all",
    "cursor",
    "cursor_from",
    "token",
    // These show what is left out.
    "with_deleted",
    "only_deleted",
    "sql",
];

#[test]
fn every_method_of_a_select_is_asked_about() {
    let here = include_str!("ways_to_read.rs");
    let is_asked = |name: &&str| {
        here.contains(&format!(".{name}("))
            || here.contains(&format!(".{name}::<"))
            || here.contains(&format!(" {name}("))
    };
    let name = |line: &'static str| line.trim_start().strip_prefix("pub fn ")?.split(['<', '(']).next();
    let names = METHODS.iter().flat_map(|source| source.lines()).filter_map(name);
    let missing: Vec<&str> = names.filter(|name| !is_asked(name) && !LIKE_OTHERS.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
