//! diesel: `belonging_to` and `grouped_by`.

use diesel::prelude::*;

use super::{Loader, Size, size};

diesel::table! {
    authors (id) {
        id -> BigInt,
        name -> Text,
        hair_color -> Nullable<Text>,
    }
}

diesel::table! {
    posts (id) {
        id -> BigInt,
        user_id -> BigInt,
        title -> Text,
        body -> Nullable<Text>,
    }
}

diesel::table! {
    comments (id) {
        id -> BigInt,
        post_id -> BigInt,
        text -> Text,
    }
}

#[derive(Queryable, Selectable, Identifiable)]
#[diesel(table_name = authors)]
pub struct Author {
    pub id: i64,
    pub name: String,
    pub hair_color: Option<String>,
}

#[derive(Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = posts, belongs_to(Author, foreign_key = user_id))]
pub struct Post {
    pub id: i64,
    pub user_id: i64,
    pub title: String,
    pub body: Option<String>,
}

#[derive(Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = comments, belongs_to(Post))]
pub struct Comment {
    pub id: i64,
    pub post_id: i64,
    pub text: String,
}

pub type Graph = Vec<(Author, Vec<(Post, Vec<Comment>)>)>;

/// On SQLite, where it blocks.
pub struct Sqlite(pub SqliteConnection);

impl Sqlite {
    fn load(&mut self, authors: i64) -> QueryResult<Graph> {
        let authors = authors::table.filter(authors::id.le(authors)).select(Author::as_select());
        let authors: Vec<Author> = authors.load(&mut self.0)?;
        let posts: Vec<Post> = Post::belonging_to(&authors).select(Post::as_select()).load(&mut self.0)?;
        let comments = Comment::belonging_to(&posts).select(Comment::as_select()).load(&mut self.0)?;
        Ok(grouped(authors, posts, comments))
    }
}

impl Loader for Sqlite {
    type Loaded = Graph;

    async fn load(&mut self, authors: i64) -> Graph {
        Sqlite::load(self, authors).expect("authors")
    }

    fn size(loaded: &Graph) -> Size {
        size(loaded)
    }
}

pub fn grouped(authors: Vec<Author>, posts: Vec<Post>, comments: Vec<Comment>) -> Graph {
    let comments = comments.grouped_by(&posts);
    let posts = posts.into_iter().zip(comments).grouped_by(&authors);
    authors.into_iter().zip(posts).collect()
}
