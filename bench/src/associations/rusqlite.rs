//! rusqlite: three statements written by hand, and maps of vectors.

use std::collections::HashMap;

use rusqlite::{Connection, params_from_iter};

use super::work::{Author, Comment, Graph, Post, graph, placeholders};
use super::{Loader, Size, size};

/// A connection to the file that creole has made.
pub struct Rusqlite(pub Connection);

impl Rusqlite {
    fn load(&self, authors: i64) -> rusqlite::Result<Graph> {
        let Rusqlite(db) = self;
        let mut statement = db.prepare_cached("SELECT id, name, hair_color FROM authors WHERE id <= ?")?;
        let authors = statement
            .query_map([authors], |row| Ok(Author { id: row.get(0)?, name: row.get(1)?, hair_color: row.get(2)? }))?
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
        Ok(graph(authors, posts, of_post))
    }
}

impl Loader for Rusqlite {
    type Loaded = Graph;

    async fn load(&mut self, authors: i64) -> Graph {
        Rusqlite::load(self, authors).expect("authors")
    }

    fn size(loaded: &Graph) -> Size {
        size(loaded)
    }
}
