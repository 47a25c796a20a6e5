//! Relations that models declare: joined, and asked about.

use creole::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "posts",
    default,
    has_one(draft = Draft::post_id),
    many_to_many(tags: Tag = PostTag::post_id -> PostTag::tag_id)
)]
struct Post {
    #[model(primary_key, auto)]
    id: i64,
    title: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "drafts", default)]
struct Draft {
    #[model(primary_key, auto)]
    id: i64,
    #[model(unique, references = Post::id, belongs_to = post)]
    post_id: Option<i64>,
    text: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "tags", default, many_to_many(posts: Post = PostTag::tag_id -> PostTag::post_id))]
struct Tag {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 40)]
    name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "post_tags")]
struct PostTag {
    #[model(primary_key, references = Post::id, belongs_to = post)]
    post_id: i64,
    #[model(primary_key, references = Tag::id, belongs_to = tag)]
    tag_id: i64,
}

/// Two posts with tags, one of them with a draft; and a draft of none.
async fn blog(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Post, Tag, PostTag, Draft]).await?;
    for title in ["one", "two", "three"] {
        insert(&Post { title: title.into(), ..Default::default() }).exec(engine).await?;
    }
    for name in ["rust", "sql"] {
        insert(&Tag { name: name.into(), ..Default::default() }).exec(engine).await?;
    }
    for (post_id, tag_id) in [(1, 1), (1, 2), (2, 2)] {
        insert(&PostTag { post_id, tag_id }).exec(engine).await?;
    }
    for (post_id, text) in [(Some(1), "first"), (None, "loose")] {
        insert(&Draft { post_id, text: text.into(), ..Default::default() }).exec(engine).await?;
    }
    Ok(())
}

#[creole::test]
async fn a_table_between_two_is_joined_by_the_way(engine: Engine) -> creole::Result<()> {
    blog(&engine).await?;
    let pairs = select((Post::title, Tag::name)).join(Post::tags).order_by((Post::id, Tag::id)).all(&engine).await?;
    let expected = [("one", "rust"), ("one", "sql"), ("two", "sql")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(pairs, expected);
    let reverse = select((Tag::name, Post::title)).join(Tag::posts).filter(Post::title.eq("two")).all(&engine).await?;
    assert_eq!(reverse, [("sql".to_owned(), "two".to_owned())]);
    let tagged = async |condition: creole::query::Expr<bool>| {
        select(Post::title).filter(condition).order_by(Post::id).all(&engine).await
    };
    assert_eq!(tagged(Post::tags.any(Tag::name.eq("sql"))).await?, ["one", "two"]);
    assert_eq!(tagged(Post::tags.none(Tag::name.eq("rust"))).await?, ["two", "three"]);
    assert_eq!(tagged(Post::tags.count().ge(2)).await?, ["one"]);
    assert_eq!(tagged(Post::tags.exists()).await?, ["one", "two"]);
    let all = select((Post::title, Tag::name.optional())).left_join(Post::tags).count(&engine).await?;
    assert_eq!(all, 4);
    Ok(())
}

#[creole::test]
async fn one_row_at_most_refers_to_another(engine: Engine) -> creole::Result<()> {
    blog(&engine).await?;
    let drafts: Vec<(Post, Option<Draft>)> =
        select((Post::ALL, Draft::ALL.optional())).left_join(Post::draft).order_by(Post::id).all(&engine).await?;
    let texts: Vec<_> = drafts.iter().map(|(_, draft)| draft.as_ref().map(|draft| draft.text.as_str())).collect();
    assert_eq!(texts, [Some("first"), None, None]);
    let without = select(Draft::text).filter(not(Draft::post.exists())).all(&engine).await?;
    assert_eq!(without, ["loose"]);
    let posts = select(Post::title).filter(Post::draft.any(Draft::text.starts_with("f"))).all(&engine).await?;
    assert_eq!(posts, ["one"]);
    Ok(())
}

#[creole::test]
async fn a_relation_from_the_wrong_side_names_the_right_one(engine: Engine) -> creole::Result<()> {
    blog(&engine).await?;
    async fn said<M: Model>(engine: &Engine, query: creole::query::Select<M>) -> String {
        let Err(error) = query.all(engine).await else { panic!("it was run") };
        assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
        error.to_string()
    }
    let text = said(&engine, Tag::select().join(Post::tags)).await;
    assert!(text.starts_with("`Post::tags` leads from posts to tags") && text.ends_with("join `Tag::posts`"), "{text}");
    let text = said(&engine, Post::select().join(Draft::post)).await;
    assert!(text.ends_with("join `Post::draft`"), "{text}");
    let text = said(&engine, Post::select().join(PostTag::post)).await;
    assert!(
        text.ends_with(
            "give the model of posts a relation to post_tags, or join `table()` of post_tags on a condition"
        ),
        "{text}"
    );
    Ok(())
}
