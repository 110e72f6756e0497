//! The tables that come with the program: units, categories, places.

use std::sync::LazyLock;

use domain::matter::Place;
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

/// The township and the village that an address names, by the longest name that stands in it.
pub fn located(address: &str, tables: &ReferenceTables) -> Place {
    let named = |name: &str| !name.is_empty() && address.contains(name);
    let townships = tables.view.townships.iter();
    let township = townships
        .filter(|it| named(&it.name))
        .max_by_key(|it| it.name.len());
    let Some(township) = township else {
        return Place::default();
    };
    let villages = township.villages.iter();
    let village = villages
        .filter(|it| named(&it.name))
        .max_by_key(|it| it.name.len());
    Place {
        township_code: township.code.clone(),
        village_code: village.map_or_else(String::new, |it| it.code.clone()),
        detail: String::new(),
    }
}
