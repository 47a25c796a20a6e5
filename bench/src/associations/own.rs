//! creole.

use creole::prelude::*;

use super::work::{Author, Graph, Post};
use super::{Loader, Size, size};

/// creole's engine.
pub struct Creole(pub Engine);

impl Loader for Creole {
    type Loaded = Graph;

    async fn load(&mut self, authors: i64) -> Graph {
        let authors = Author::select().filter(Author::id.le(authors));
        authors.with(Author::posts.with(Post::comments)).all(&self.0).await.expect("authors")
    }

    fn size(loaded: &Graph) -> Size {
        size(loaded)
    }
}
