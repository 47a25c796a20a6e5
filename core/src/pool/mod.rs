//! The pool: bare connections in deadpool's managed pools, each with the state of its transaction.
//!
//! A `Link` is a connection and what creole knows of its transaction; a `Lease` is a link that is lent out. A lease
//! goes back only if it is proven idle: outside a transaction and with no call cut off half-way. An open transaction is
//! rolled back on the way, and rows that a stream left unread are read away; what can't be proven clean is closed.

mod options;
mod pool;
mod lease;
mod journal;
mod link;
mod away;
mod cut_off;
mod witness;
mod limits;
mod manager;
mod holder;
mod maintenance;

pub use options::PoolOptions;
pub use pool::{Access, PoolStatus};

pub(crate) use cut_off::CutOff;
pub(crate) use journal::Note;
pub(crate) use lease::Lease;
pub(crate) use link::{Link, Savepoint};
pub(crate) use pool::Pool;
pub(crate) use witness::Witness;
