//! [`Session::link`] and [`Session::unlink`]: relations to many rows.

use super::super::identity_map::resolve;
use super::super::{Session, Tracked};
use super::ends::Ends;
use crate::error::Result;
use crate::model::{Many, Model, Relation};

impl Session {
    /// Makes an entity one of those that belong to another: its foreign key holds that one's key, or a row of the table between is added.
    /// If it belongs to it already, nothing changes.
    ///
    /// ```
    /// use creole::prelude::*;
    ///
    /// #[derive(Model, Debug)]
    /// #[model(table = "posts", default, many_to_many(tags: Tag = PostTag::post_id -> PostTag::tag_id))]
    /// struct Post {
    ///     #[model(primary_key, auto)]
    ///     id: i64,
    /// }
    ///
    /// #[derive(Model, Debug)]
    /// #[model(table = "tags", default, many_to_many(posts: Post = PostTag::tag_id -> PostTag::post_id))]
    /// struct Tag {
    ///     #[model(primary_key, auto)]
    ///     id: i64,
    ///     name: String,
    /// }
    ///
    /// #[derive(Model, Debug)]
    /// #[model(table = "post_tags")]
    /// struct PostTag {
    ///     #[model(primary_key, references = Post::id)]
    ///     post_id: i64,
    ///     #[model(primary_key, references = Tag::id)]
    ///     tag_id: i64,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # engine.create_all(tables![Post, Tag, PostTag]).await?;
    /// let mut session = engine.session();
    /// let post = session.add(Post::default());
    /// let rust = session.add_to(post, Post::tags, Tag { name: "rust".into(), ..Default::default() });
    /// let sql = session.add(Tag { name: "sql".into(), ..Default::default() });
    /// session.link(post, Post::tags, sql)?;
    /// session.link(sql, Tag::posts, post)?; // The same, and there already.
    /// session.commit().await?;
    /// assert_eq!(PostTag::select().count(&engine).await?, 2);
    ///
    /// session.unlink(post, Post::tags, rust)?;
    /// session.commit().await?; // DELETE FROM post_tags WHERE post_id = 1 AND tag_id = 1
    /// assert_eq!(session.many(post, Post::tags)?, [sql]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The row between has the defaults of its model, if the derive writes its `Default`, and NULL where a column may be so. Where it is
    /// not loaded whether they belong together, a row is added, and the database refuses a second one.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) if the table between has columns without defaults;
    /// [`Detached`](crate::ErrorKind::Detached) as [`try_get`](Session::try_get).
    pub fn link<F: Model, T: Model>(
        &mut self,
        entity: Tracked<F>,
        relation: Relation<F, T, Many>,
        to: Tracked<T>,
    ) -> Result<()> {
        resolve(&self.map, self.id, entity)?;
        resolve(&self.map, self.id, to)?;
        self.join(&Ends::of(relation), entity.slot, to.slot)
    }

    /// Makes an entity no longer belong to another: the row of the table between is deleted, or its foreign key becomes NULL; if the
    /// relation owns it, it is deleted. If it does not belong to it, nothing changes. A stale row that others have moved meanwhile is not
    /// deleted: the flush is then [`StaleVersion`](crate::ErrorKind::StaleVersion).
    ///
    /// ```
    /// use creole::prelude::*;
    ///
    /// #[derive(Model, Debug)]
    /// #[model(table = "orders", default, has_many(lines = Line::order_id, owned))]
    /// struct Order {
    ///     #[model(primary_key, auto)]
    ///     id: i64,
    /// }
    ///
    /// #[derive(Model, Debug)]
    /// #[model(table = "lines", default)]
    /// struct Line {
    ///     #[model(primary_key, auto)]
    ///     id: i64,
    ///     #[model(references = Order::id)]
    ///     order_id: i64,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # engine.create_all(tables![Order, Line]).await?;
    /// let mut session = engine.session();
    /// let order = session.add(Order::default());
    /// let line = session.add_to(order, Order::lines, Line::default());
    /// session.commit().await?;
    ///
    /// session.unlink(order, Order::lines, line)?;
    /// session.commit().await?;
    /// assert_eq!(Line::select().count(&engine).await?, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`NotLoaded`](crate::ErrorKind::NotLoaded) if it is not known which row of the table between they have;
    /// [`Unsupported`](crate::ErrorKind::Unsupported) if the foreign key can't be NULL, and the relation does not own its rows;
    /// [`Detached`](crate::ErrorKind::Detached) as [`try_get`](Session::try_get).
    pub fn unlink<F: Model, T: Model>(
        &mut self,
        entity: Tracked<F>,
        relation: Relation<F, T, Many>,
        from: Tracked<T>,
    ) -> Result<()> {
        resolve(&self.map, self.id, entity)?;
        resolve(&self.map, self.id, from)?;
        self.part(&Ends::of(relation), entity.slot, from.slot)
    }
}
