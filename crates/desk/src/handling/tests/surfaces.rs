//! What the desk offers is what the table of entrances says that it offers.

use std::collections::BTreeSet;

use domain::work_order::{CommandKind, Surface};
use ts_rs::{Config, TS};
use wording::reference::wire_name;

use crate::handling::OrderAct;
use crate::intake::Outcome;

/// The names of a tagged enum's variants, as the window sends them.
fn tags<T: TS>() -> BTreeSet<String> {
    let declared = T::inline(&Config::new());
    let tags = declared.split("\"type\": \"").skip(1);
    tags.filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_of_the_desk_has_its_form_and_every_form_its_command() {
    let mut offered = tags::<OrderAct>();
    offered.extend(tags::<Outcome>());
    offered.insert(wire_name(&CommandKind::RecordDelivery));
    assert!(offered.len() > 30, "{offered:?}");
    let said: BTreeSet<String> = CommandKind::ALL
        .iter()
        .filter(|kind| kind.surfaces().contains(&Surface::Desk))
        .map(wire_name)
        .collect();
    assert_eq!(offered, said);
}
