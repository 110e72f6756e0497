//! The tables that come with the program: units, categories, places.

use std::sync::LazyLock;

use wording::reference::ReferenceTables;

/// All of them, read once.
pub fn tables() -> &'static ReferenceTables {
    static TABLES: LazyLock<ReferenceTables> =
        LazyLock::new(|| match ReferenceTables::built_in() {
            Ok(tables) => tables,
            Err(error) => unreachable!("the tables in the program are tested: {error:#}"),
        });
    &TABLES
}
