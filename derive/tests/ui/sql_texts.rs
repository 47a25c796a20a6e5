//! The text of `sql!` is a literal whose braces hold Rust.
use creole::prelude::*;

fn main() {
    let text = "select 1";
    let _ = sql!(text);
    let _ = sql!();
    let _ = sql!("select {}", 1);
    let _ = sql!("select {}");
    let _ = sql!("select {..}");
    let _ = sql!("select '{'");
    let _ = sql!("select 1 }");
    let _ = sql!("select {1 +} and {price:.2}");
    let _ = sql!("select {missing}");
}
