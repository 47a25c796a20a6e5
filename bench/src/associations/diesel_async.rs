//! diesel-async: as diesel, on servers.

use diesel::prelude::*;
use diesel_async::{AsyncMysqlConnection, AsyncPgConnection, RunQueryDsl};

use super::diesel::{Author, Comment, Graph, Post, authors, grouped};
use super::{Loader, Size, size};

/// A bare connection.
pub struct DieselAsync<C>(pub C);

/// Its backend is part of the types of its statements, which generic code would have to repeat.
macro_rules! load {
    ($connection:ty) => {
        impl DieselAsync<$connection> {
            async fn load(&mut self, authors: i64) -> QueryResult<Graph> {
                let DieselAsync(db) = self;
                let authors = authors::table.filter(authors::id.le(authors)).select(Author::as_select());
                let authors: Vec<Author> = authors.load(db).await?;
                let posts: Vec<Post> = Post::belonging_to(&authors).select(Post::as_select()).load(db).await?;
                let comments = Comment::belonging_to(&posts).select(Comment::as_select()).load(db).await?;
                Ok(grouped(authors, posts, comments))
            }
        }

        impl Loader for DieselAsync<$connection> {
            type Loaded = Graph;

            async fn load(&mut self, authors: i64) -> Graph {
                DieselAsync::<$connection>::load(self, authors).await.expect("authors")
            }

            fn size(loaded: &Graph) -> Size {
                size(loaded)
            }
        }
    };
}

load!(AsyncPgConnection);
load!(AsyncMysqlConnection);
