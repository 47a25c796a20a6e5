//! A struct without the derive.
use creole::model::Model;

struct Plain;

fn insert<M: Model>(_: &M) {}

fn main() {
    insert(&Plain);
}
