//! Users with posts with comments: what belongs to a row, and what belongs to that.

use std::collections::HashMap;

use creole::prelude::*;
use rusqlite::{Connection, params_from_iter};

use crate::Failure;

/// Who writes.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "authors", has_many(posts = Post::user_id))]
pub struct Author {
    #[model(primary_key)]
    pub id: i64,
    pub name: String,
    pub hair_color: Option<String>,
}

/// What is written.
#[derive(Model, Debug, Clone, PartialEq)]
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
#[derive(Model, Debug, Clone, PartialEq)]
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
const EACH: i64 = 10;

/// Makes the tables and fills them: so many authors, ten posts each, ten comments for each post.
pub async fn create(engine: &Engine, authors: i64) -> creole::Result<()> {
    engine.create_all(tables![Author, Post, Comment]).await?;
    let rows = (1..=authors).map(|id| Author { id, name: format!("User {id}"), hair_color: None });
    insert_each(rows).exec(engine).await?;
    let rows = (0..authors * EACH).map(|id| Post {
        id: id + 1,
        user_id: id / EACH + 1,
        title: format!("Post {id} of user {}", id / EACH),
        body: None,
    });
    insert_each(rows).exec(engine).await?;
    let rows = (0..authors * EACH * EACH).map(|id| Comment {
        id: id + 1,
        post_id: id / EACH + 1,
        text: format!("Comment {id} on post {}", id / EACH),
    });
    insert_each(rows).exec(engine).await.map(|_| ())
}

/// All of it by creole.
pub async fn load(engine: &Engine) -> creole::Result<Graph> {
    Author::select().with(Author::posts.with(Post::comments)).all(engine).await
}

/// All of it by hand: three statements, and maps of vectors.
///
/// # Errors
/// What rusqlite says.
pub fn load_by_hand(db: &Connection) -> Result<Graph, Failure> {
    let mut statement = db.prepare_cached("SELECT id, name, hair_color FROM authors")?;
    let authors = statement
        .query_map([], |row| Ok(Author { id: row.get(0)?, name: row.get(1)?, hair_color: row.get(2)? }))?
        .collect::<Result<Vec<_>, _>>()?;
    let list = placeholders(authors.len());
    let text = format!("SELECT id, user_id, title, body FROM posts WHERE user_id IN ({list})");
    let mut statement = db.prepare_cached(&text)?;
    let posts = statement
        .query_map(params_from_iter(authors.iter().map(|author| author.id)), |row| {
            Ok(Post { id: row.get(0)?, user_id: row.get(1)?, title: row.get(2)?, body: row.get(3)? })
        })?
        .collect::<Result<Vec<_>, _>>()?;
    let text = format!("SELECT id, post_id, text FROM comments WHERE post_id IN ({})", placeholders(posts.len()));
    let mut statement = db.prepare_cached(&text)?;
    let mut of_post: HashMap<i64, Vec<Comment>> = HashMap::with_capacity(posts.len());
    let mut rows = statement.query(params_from_iter(posts.iter().map(|post| post.id)))?;
    while let Some(row) = rows.next()? {
        let comment = Comment { id: row.get(0)?, post_id: row.get(1)?, text: row.get(2)? };
        of_post.entry(comment.post_id).or_default().push(comment);
    }
    let mut of_author: HashMap<i64, Vec<(Post, Vec<Comment>)>> = HashMap::with_capacity(authors.len());
    for post in posts {
        let comments = of_post.remove(&post.id).unwrap_or_default();
        of_author.entry(post.user_id).or_default().push((post, comments));
    }
    Ok(authors
        .into_iter()
        .map(|author| {
            let posts = of_author.remove(&author.id).unwrap_or_default();
            (author, posts)
        })
        .collect())
}

fn placeholders(count: usize) -> String {
    vec!["?"; count].join(",")
}
