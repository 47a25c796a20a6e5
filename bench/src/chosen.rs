//! What the command line and the environment choose.

/// Whether a backend is among those that the command line names; all are where it names none.
pub fn is_chosen(name: &str) -> bool {
    let mut chosen = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).peekable();
    chosen.peek().is_none() || chosen.any(|chosen| chosen == name)
}

/// The URL of a server, or word that it is left out.
pub fn url(variable: &str) -> Option<String> {
    let url = std::env::var(variable).ok();
    if url.is_none() {
        println!("\n(Set {variable} to measure that server too.)");
    }
    url
}
