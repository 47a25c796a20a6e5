//! sea-orm: its loader, which goes as deep as is asked for.

use sea_orm::{ColumnTrait as _, ConnectOptions, Database, DatabaseConnection, QueryFilter as _};

use super::{Loader, Size};
use crate::Failure;

mod author {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "authors")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub hair_color: Option<String>,
        #[sea_orm(has_many)]
        pub posts: HasMany<super::post::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod post {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "posts")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub user_id: i64,
        pub title: String,
        pub body: Option<String>,
        #[sea_orm(belongs_to, from = "user_id", to = "id")]
        pub author: BelongsTo<super::author::Entity>,
        #[sea_orm(has_many)]
        pub comments: HasMany<super::comment::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod comment {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "comments")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub post_id: i64,
        pub text: String,
        #[sea_orm(belongs_to, from = "post_id", to = "id")]
        pub post: BelongsTo<super::post::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Its pool of one connection.
pub struct SeaOrm(DatabaseConnection);

impl SeaOrm {
    /// On any database, where the tables must be.
    pub async fn open(url: &str) -> Result<SeaOrm, Failure> {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).min_connections(1).sqlx_logging(false);
        Ok(SeaOrm(Database::connect(options).await?))
    }
}

impl Loader for SeaOrm {
    type Loaded = Vec<author::ModelEx>;

    async fn load(&mut self, authors: i64) -> Vec<author::ModelEx> {
        let authors = author::Entity::load().filter(author::Column::Id.lte(authors));
        authors.with((post::Entity, comment::Entity)).all(&self.0).await.expect("authors")
    }

    fn size(loaded: &Self::Loaded) -> Size {
        let posts = loaded.iter().flat_map(|author| author.posts.iter());
        Size {
            authors: loaded.len(),
            posts: posts.clone().count(),
            comments: posts.map(|post| post.comments.iter().count()).sum(),
        }
    }
}
