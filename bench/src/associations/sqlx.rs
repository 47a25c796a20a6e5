//! sqlx, with SQL by hand: three statements, and maps of vectors. The keys are one array on PostgreSQL, and a list elsewhere.

use std::collections::HashMap;

use sqlx::mysql::MySqlConnection;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, query_as};

use super::work::{Author, Comment, Graph, Post, graph, placeholders};
use super::{Loader, Size, size};

const AUTHORS: &str = "SELECT id, name, hair_color FROM authors WHERE id <=";
const POSTS: &str = "SELECT id, user_id, title, body FROM posts WHERE user_id";
const COMMENTS: &str = "SELECT id, post_id, text FROM comments WHERE post_id";

/// A bare connection.
pub struct Sqlx<C>(pub C);

/// Loads by lists of keys: the same for two databases whose types differ.
macro_rules! by_lists {
    ($connection:ty) => {
        impl Sqlx<$connection> {
            async fn load(&mut self, authors: i64) -> sqlx::Result<Graph> {
                let Sqlx(db) = self;
                let text = format!("{AUTHORS} ?");
                let authors: Vec<Author> = query_as(AssertSqlSafe(text)).bind(authors).fetch_all(&mut *db).await?;
                let text = format!("{POSTS} IN ({})", placeholders(authors.len()));
                let query = authors.iter().fold(query_as(AssertSqlSafe(text)), |query, author| query.bind(author.id));
                let posts: Vec<Post> = query.fetch_all(&mut *db).await?;
                let text = format!("{COMMENTS} IN ({})", placeholders(posts.len()));
                let query = posts.iter().fold(query_as(AssertSqlSafe(text)), |query, post| query.bind(post.id));
                let comments = of_posts(posts.len(), query.fetch_all(&mut *db).await?);
                Ok(graph(authors, posts, comments))
            }
        }

        impl Loader for Sqlx<$connection> {
            type Loaded = Graph;

            async fn load(&mut self, authors: i64) -> Graph {
                Sqlx::<$connection>::load(self, authors).await.expect("authors")
            }

            fn size(loaded: &Graph) -> Size {
                size(loaded)
            }
        }
    };
}

by_lists!(SqliteConnection);
by_lists!(MySqlConnection);

impl Sqlx<PgConnection> {
    async fn load(&mut self, authors: i64) -> sqlx::Result<Graph> {
        let Sqlx(db) = self;
        let text = format!("{AUTHORS} $1");
        let authors: Vec<Author> = query_as(AssertSqlSafe(text)).bind(authors).fetch_all(&mut *db).await?;
        let keys: Vec<i64> = authors.iter().map(|author| author.id).collect();
        let text = format!("{POSTS} = ANY($1)");
        let posts: Vec<Post> = query_as(AssertSqlSafe(text)).bind(keys).fetch_all(&mut *db).await?;
        let keys: Vec<i64> = posts.iter().map(|post| post.id).collect();
        let text = format!("{COMMENTS} = ANY($1)");
        let comments = query_as(AssertSqlSafe(text)).bind(keys).fetch_all(&mut *db).await?;
        let comments = of_posts(posts.len(), comments);
        Ok(graph(authors, posts, comments))
    }
}

impl Loader for Sqlx<PgConnection> {
    type Loaded = Graph;

    async fn load(&mut self, authors: i64) -> Graph {
        Sqlx::<PgConnection>::load(self, authors).await.expect("authors")
    }

    fn size(loaded: &Graph) -> Size {
        size(loaded)
    }
}

fn of_posts(posts: usize, comments: Vec<Comment>) -> HashMap<i64, Vec<Comment>> {
    let mut of_post: HashMap<i64, Vec<Comment>> = HashMap::with_capacity(posts);
    for comment in comments {
        of_post.entry(comment.post_id).or_default().push(comment);
    }
    of_post
}
