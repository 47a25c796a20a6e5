//! The names of constraints and indexes: made from the table and the columns, the same on every backend and in every run.
//!
//! PostgreSQL cuts names at 63 bytes without a word and MySQL refuses more than 64 characters, so a name of more than
//! 60 bytes keeps its beginning and ends in a hash of the whole.

use std::borrow::Cow;

use super::Table;

/// The longest name, in bytes.
const LONGEST: usize = 60;

/// The name as it is, or where it has more than 60 bytes, its beginning and a hash of the whole: some databases cut longer
/// names without a word, and others refuse them.
///
/// ```
/// use creole::schema::short_name;
///
/// assert_eq!(short_name("ix_users_name".into()), "ix_users_name");
/// assert_eq!(short_name("a".repeat(100)).len(), 60);
/// ```
pub fn short_name(name: String) -> Cow<'static, str> {
    if name.len() <= LONGEST {
        return Cow::Owned(name);
    }
    let hash = format!("_{:016x}", fnv1a(name.as_bytes()));
    let mut end = LONGEST - hash.len();
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    let beginning = name.get(..end).unwrap_or_default();
    Cow::Owned(format!("{beginning}{hash}"))
}

/// `pk_users`
pub(super) fn primary_key(table: &Table) -> Cow<'static, str> {
    short_name(format!("pk_{}", table.name))
}

/// `uq_users_email`, `ix_products_category_price`
pub(super) fn of_columns(prefix: &str, table: &Table, columns: &[u16]) -> Cow<'static, str> {
    short_name(format!("{prefix}_{}_{}", table.name, table.column_names(columns).join("_")))
}

/// `fk_orders_user_id_users`
pub(super) fn foreign_key(table: &Table, columns: &[u16], target: &Table) -> Cow<'static, str> {
    short_name(format!("fk_{}_{}_{}", table.name, table.column_names(columns).join("_"), target.name))
}

/// `ck_products_price_not_negative`
pub(super) fn check(table: &Table, name: &str) -> Cow<'static, str> {
    short_name(format!("ck_{}_{name}", table.name))
}

/// FNV-1a with 64 bits: a hash that no release of Rust will change, since the names stay in databases.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_are_kept_and_long_ones_hashed_to_sixty_bytes() {
        assert_eq!(short_name("uq_users_email".into()), "uq_users_email");
        let long = |last: &str| short_name(format!("uq_{}{last}", "ä".repeat(40)));
        assert!(long("a").len() <= LONGEST && long("a").len() > LONGEST - 2);
        assert_ne!(long("a"), long("b"));
        assert_eq!(long("a"), long("a"));
    }

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
