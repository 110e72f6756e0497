//! 承办单位名录.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::HandlingUnit;
use wire::Reference;

use super::{AdminRefusal, Lines};
use crate::office::Office;

/// The table in the place of the one before it. Nobody is left in a unit that is gone.
pub(super) async fn import(office: &Office, units: Vec<HandlingUnit>) -> Lines {
    if units.is_empty() {
        return Err(AdminRefusal::NoUnits.into());
    }
    let mut known = BTreeSet::new();
    if let Some(twice) = units.iter().find(|unit| !known.insert(unit.id.clone())) {
        let unit = twice.id.0.clone();
        return Err(AdminRefusal::UnitTwice { unit }.into());
    }
    let n_units = units.len();
    let clock = Arc::clone(&office.clock);
    let changing = office.writer.alone(move |desk| {
        let staff = desk.center.references().staff().iter();
        let in_use = staff.filter(|member| !member.is_disabled);
        let gone: Vec<_> = in_use
            .filter_map(|member| member.actor.unit.as_ref())
            .filter(|unit| !known.contains(unit))
            .collect();
        if let Some(first) = gone.first() {
            return Ok(Err(AdminRefusal::UnitInUse {
                unit: first.0.clone(),
                n: gone.iter().filter(|unit| *unit == first).count(),
            }));
        }
        let reference = Reference::Units(units);
        desk.center.change_reference(&reference, clock.now())?;
        Ok(Ok(()))
    });
    let changing = changing.map_err(anyhow::Error::from)?;
    changing.done().await.map_err(anyhow::Error::from)??;
    Ok(vec![format!("已导入 {n_units} 个承办单位")])
}

pub(super) fn list(office: &Office) -> Vec<String> {
    let references = office.references();
    let units = references.units().iter().map(|unit| {
        let aliases = unit.aliases.join("、");
        [&unit.id.0, &unit.name, &unit.group, &aliases]
            .map(String::as_str)
            .join("\t")
    });
    units.collect()
}
