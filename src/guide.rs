//! Pages about one subject each, and about the project itself.
//!
//! - [`session`]: units of work; [`relations`]: declaring and loading what belongs to a row; [`json`]: documents in columns; [`filters`]:
//!   rows that are marked as deleted; [`tenants`]: rows of several customers in one table; [`versions`]: rows that others have changed
//!   are not written over; [`types`]: what a column of each Rust type is on each database; [`performance`]: what creole costs beside
//!   bare drivers, and how that is measured.
//! - [`parity`]: what SQLAlchemy has and how it is done here; so far its relationships, sessions and transactions.
//! - [`architecture`], [`contributing`] and [`decisions`]: how creole is built, how to change it, and why it is as it is.

#[doc = include_str!("../docs/json.md")]
pub mod json {}

#[doc = include_str!("../docs/relations.md")]
pub mod relations {}

/// [relations.md]: crate::guide::relations
/// [versions.md]: crate::guide::versions
///
#[doc = include_str!("../docs/session.md")]
pub mod session {}

/// [session.md]: crate::guide::session
///
#[doc = include_str!("../docs/versions.md")]
pub mod versions {}

#[doc = include_str!("../docs/filters.md")]
pub mod filters {}

#[doc = include_str!("../docs/tenants.md")]
pub mod tenants {}

#[doc = include_str!("../docs/parity.md")]
pub mod parity {}

/// [json.md]: crate::guide::json
///
#[doc = include_str!("../docs/types.md")]
pub mod types {}

#[doc = include_str!("../docs/performance.md")]
pub mod performance {}

#[doc = include_str!("../ARCHITECTURE.md")]
pub mod architecture {}

#[doc = include_str!("../CONTRIBUTING.md")]
pub mod contributing {}

#[doc = include_str!("../docs/decisions.md")]
pub mod decisions {}

#[cfg(test)]
mod tests {
    /// The pages that are part of this documentation, with what defines their links before they do.
    const PAGES: [(&str, &str, &str); 13] = [
        ("README.md", include_str!("../README.md"), include_str!("lib.rs")),
        ("docs/json.md", include_str!("../docs/json.md"), include_str!("guide.rs")),
        ("docs/relations.md", include_str!("../docs/relations.md"), include_str!("guide.rs")),
        ("docs/session.md", include_str!("../docs/session.md"), include_str!("guide.rs")),
        ("docs/versions.md", include_str!("../docs/versions.md"), include_str!("guide.rs")),
        ("docs/filters.md", include_str!("../docs/filters.md"), include_str!("guide.rs")),
        ("docs/tenants.md", include_str!("../docs/tenants.md"), include_str!("guide.rs")),
        ("docs/parity.md", include_str!("../docs/parity.md"), include_str!("guide.rs")),
        ("docs/types.md", include_str!("../docs/types.md"), include_str!("guide.rs")),
        ("docs/performance.md", include_str!("../docs/performance.md"), include_str!("guide.rs")),
        ("ARCHITECTURE.md", include_str!("../ARCHITECTURE.md"), include_str!("guide.rs")),
        ("CONTRIBUTING.md", include_str!("../CONTRIBUTING.md"), include_str!("guide.rs")),
        ("docs/decisions.md", include_str!("../docs/decisions.md"), include_str!("guide.rs")),
    ];

    /// A link to a file would lead nowhere in the documentation, and rustdoc does not say so.
    #[test]
    fn links_of_pages_lead_somewhere() {
        for (name, page, around) in PAGES {
            for (start, _) in page.match_indices("](") {
                let target = page.get(start + 2..).and_then(|rest| rest.split(')').next()).unwrap_or_default();
                let leads_out = target.starts_with("https://") || target.starts_with('#');
                assert!(leads_out, "{name}: write the link to {target} as a reference, and define it in the module");
            }
            for line in page.lines() {
                let Some((label, target)) = line.strip_prefix('[').and_then(|line| line.split_once("]: ")) else {
                    continue;
                };
                let is_defined = around.lines().any(|line| {
                    let doc = line.trim_start_matches("//!").trim_start_matches("///").trim_start();
                    doc.strip_prefix('[').is_some_and(|rest| rest.starts_with(&format!("{label}]: ")))
                });
                assert!(
                    is_defined || target.starts_with("https://"),
                    "{name}: [{label}] has no definition around the page"
                );
            }
        }
    }
}
