//! What statements run on: an [`Engine`] or a session, each of them an [`Executor`].

mod conn;
mod engine;
mod executor;
mod find_texts;
mod handle;
mod repeats;
mod tenants;

pub use engine::Engine;
pub use executor::Executor;
pub use handle::Handle;

pub(crate) use conn::Conn;
pub(crate) use handle::Connected;
