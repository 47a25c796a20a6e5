//! [`Session::link`] and [`Session::unlink`]: relations to many rows, and how entities come to belong to one another.

use super::super::entity::State;
use super::super::identity_map::resolve;
use super::super::{Session, Tracked};
use super::cascades;
use super::ends::{Ends, Through};
use super::index::Target;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Leaving, Many, Model, Relation, Side};
use crate::types::Value;

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
    /// [`Unsupported`](ErrorKind::Unsupported) if the table between has columns without defaults;
    /// [`Detached`](ErrorKind::Detached) as [`try_get`](Session::try_get).
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
    /// relation owns it, it is deleted. If it does not belong to it, nothing changes.
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
    /// [`NotLoaded`](ErrorKind::NotLoaded) if it is not known which row of the table between they have;
    /// [`Unsupported`](ErrorKind::Unsupported) if the foreign key can't be NULL, and the relation does not own its rows;
    /// [`Detached`](ErrorKind::Detached) as [`try_get`](Session::try_get).
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

    /// Makes two entities belong together.
    pub(super) fn join(&mut self, ends: &Ends, from: usize, to: usize) -> Result<()> {
        let link = ends.link;
        match (ends.side, ends.through()) {
            (Side::Refers, _) => self.map.refer(from, link.from, to, link.to),
            (Side::IsReferredTo(_), _) => {
                if ends.is_to_one {
                    self.replace_one(ends, from, to)?;
                }
                self.map.refer(to, link.to, from, link.from)
            }
            (Side::Between(_), Some(through)) => self.join_between(ends, &through, from, to),
            (Side::Between(_), None) => Ok(()),
        }
    }

    /// Makes two entities no longer belong together.
    pub(super) fn part(&mut self, ends: &Ends, from: usize, to: usize) -> Result<()> {
        let Some(through) = ends.through() else {
            let belongs = ends.referring().is_some_and(|rows| self.map.referring(from, rows).contains(&to));
            return if belongs { self.leave(ends, to) } else { Ok(()) };
        };
        let rows = self.rows_between(ends, &through, from, to);
        if rows.is_empty() && ends.referring().is_some_and(|referring| !self.map.is_loaded(from, referring.by)) {
            return Err(ends.not_loaded());
        }
        rows.into_iter().try_for_each(|row| self.map.delete(row))
    }

    /// Takes an entity out of the relation whose key it has.
    pub(super) fn leave(&mut self, ends: &Ends, slot: usize) -> Result<()> {
        if let Side::IsReferredTo(Leaving::Deleted) = ends.side {
            return self.map.delete(slot);
        }
        self.let_go(ends, slot, ends.link.to)
    }

    /// Sets the foreign key of an entity to NULL.
    pub(super) fn let_go(&mut self, ends: &Ends, slot: usize, columns: &'static [u16]) -> Result<()> {
        let Some(table) = self.map.get(slot).map(|entry| entry.entity.table()) else { return Ok(()) };
        let key = table.foreign_keys.iter().find(|key| key.columns == columns);
        let is_free = match key {
            Some(key) => cascades::set_null(&mut self.map, slot, key)?,
            None => false,
        };
        if is_free { Ok(()) } else { Err(must_refer(ends, table.name, table.column_names(columns))) }
    }

    /// Takes out what a relation to one row led to before.
    fn replace_one(&mut self, ends: &Ends, from: usize, to: usize) -> Result<()> {
        let Some(referring) = ends.referring() else { return Ok(()) };
        let before = self.map.referring(from, referring).into_iter().filter(|&slot| slot != to);
        before.collect::<Vec<_>>().into_iter().try_for_each(|slot| self.leave(ends, slot))
    }

    fn join_between(&mut self, ends: &Ends, through: &Through, from: usize, to: usize) -> Result<()> {
        if !self.rows_between(ends, through, from, to).is_empty() {
            return Ok(());
        }
        let sides = [(from, ends.link.from, through.from), (to, ends.link.to, through.to)];
        let mut values: Vec<(u16, Value)> = Vec::new();
        for (slot, key, own) in sides {
            let Some(entry) = self.map.get(slot) else { continue };
            values.extend(own.iter().zip(key).map(|(&own, &key)| (own, entry.entity.value(key).to_owned())));
        }
        let row = through.row(ends, &values)?;
        let row = self.map.add(row);
        sides.into_iter().try_for_each(|(slot, key, own)| self.map.refer(row, own, slot, key))
    }

    /// The rows between two entities.
    fn rows_between(&self, ends: &Ends, through: &Through, from: usize, to: usize) -> Vec<usize> {
        let (Some(rows), Some(other)) = (ends.referring(), self.map.get(to)) else { return Vec::new() };
        let referred = ends.referred();
        let own = referred.of(other);
        let leads_there = |row: &usize| {
            let Some(entry) = self.map.get(*row) else { return false };
            match referred.target(entry, through.to) {
                Some(Target::Entity(slot)) => slot == to,
                target => target.is_some() && target == own,
            }
        };
        let rows = self.map.referring(from, rows).into_iter().filter(leads_there);
        rows.filter(|&row| {
            self.map.get(row).is_some_and(|entry| matches!(entry.state, State::Pending | State::Persistent))
        })
        .collect()
    }
}

fn must_refer(ends: &Ends, table: &'static str, columns: Vec<&'static str>) -> Error {
    let message = format!(
        "`{}`: a row of {table} can't refer to nothing, because {} is never NULL: delete it, relate it to another, or declare the relation \
         as owned",
        ends.name(),
        columns.join(", ")
    );
    Error::new(ErrorKind::Unsupported, message).with_table(table).with_columns(columns)
}
