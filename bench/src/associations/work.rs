//! The work: authors with posts with comments, what belongs to a row and what belongs to that.

use std::collections::HashMap;
use std::ops::Range;

use creole::prelude::*;

/// Who writes.
#[derive(Model, Debug, Clone, PartialEq, sqlx::FromRow)]
#[model(table = "authors", has_many(posts = Post::user_id))]
pub struct Author {
    #[model(primary_key)]
    pub id: i64,
    pub name: String,
    pub hair_color: Option<String>,
}

/// What is written.
#[derive(Model, Debug, Clone, PartialEq, sqlx::FromRow)]
#[model(table = "posts", index(user_id), has_many(comments = Comment::post_id))]
pub struct Post {
    #[model(primary_key)]
    pub id: i64,
    #[model(references = Author::id, belongs_to = author)]
    pub user_id: i64,
    pub title: String,
    pub body: Option<String>,
}

/// What is said about it.
#[derive(Model, Debug, Clone, PartialEq, sqlx::FromRow)]
#[model(table = "comments", index(post_id))]
pub struct Comment {
    #[model(primary_key)]
    pub id: i64,
    #[model(references = Post::id, belongs_to = post)]
    pub post_id: i64,
    pub text: String,
}

/// Authors with all that is theirs.
pub type Graph = Vec<(Author, Vec<(Post, Vec<Comment>)>)>;

/// How many posts an author has, and comments a post.
pub const EACH: i64 = 10;

/// Makes the tables and fills them: so many authors, ten posts each, ten comments for each post.
pub async fn create(engine: &Engine, authors: i64) -> creole::Result<()> {
    engine.create_all(tables![Author, Post, Comment]).await?;
    fill(engine, 0..authors).await
}

/// Adds these authors, with what is theirs.
pub async fn fill(engine: &Engine, authors: Range<i64>) -> creole::Result<()> {
    let Range { start, end } = authors;
    let rows = (start + 1..=end).map(|id| Author { id, name: format!("User {id}"), hair_color: None });
    insert_each(rows).exec(engine).await?;
    let rows = (start * EACH..end * EACH).map(|id| Post {
        id: id + 1,
        user_id: id / EACH + 1,
        title: format!("Post {id} of user {}", id / EACH),
        body: None,
    });
    insert_each(rows).exec(engine).await?;
    let rows = (start * EACH * EACH..end * EACH * EACH).map(|id| Comment {
        id: id + 1,
        post_id: id / EACH + 1,
        text: format!("Comment {id} on post {}", id / EACH),
    });
    insert_each(rows).exec(engine).await.map(|_| ())
}

/// What one puts together by hand: comments by the post that they are about, and the rest one after the other.
pub fn graph(authors: Vec<Author>, posts: Vec<Post>, mut comments: HashMap<i64, Vec<Comment>>) -> Graph {
    let mut of_author: HashMap<i64, Vec<(Post, Vec<Comment>)>> = HashMap::with_capacity(authors.len());
    for post in posts {
        let comments = comments.remove(&post.id).unwrap_or_default();
        of_author.entry(post.user_id).or_default().push((post, comments));
    }
    let with_posts = |author: Author| {
        let posts = of_author.remove(&author.id).unwrap_or_default();
        (author, posts)
    };
    authors.into_iter().map(with_posts).collect()
}

/// A list of so many placeholders.
pub fn placeholders(count: usize) -> String {
    vec!["?"; count].join(",")
}
