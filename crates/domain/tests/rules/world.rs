//! What every case takes for granted: the calendar, the rules, the units and the people.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::WorkCalendar;
use domain::precedent::{Precedent, PrecedentRegister};
use domain::rule_set::RuleSets;
use domain::{Actor, ActorId, Facts, HandlingUnit, HandlingUnitId, HandlingUnits, Role};

use crate::words;

/// The units of the cases. Their ids are their names, so that a case file needs no list.
pub(crate) const UNITS: [&str; 4] = ["县水务局", "县应急管理局", "县教育局", "渠江街道"];

static CALENDAR: LazyLock<WorkCalendar> = LazyLock::new(WorkCalendar::built_in);
static RULE_SETS: LazyLock<RuleSets> = LazyLock::new(RuleSets::built_in);
static HANDLING_UNITS: LazyLock<HandlingUnits> = LazyLock::new(|| {
    let unit = |name: &str| HandlingUnit {
        id: HandlingUnitId(name.to_owned()),
        name: name.to_owned(),
        aliases: Vec::new(),
        group: String::new(),
    };
    UNITS.into_iter().map(unit).collect()
});

/// 停水 in the whole county is the water bureau's, as was settled in 2025.
static PRECEDENTS: LazyLock<PrecedentRegister> = LazyLock::new(|| {
    let mut register = PrecedentRegister::default();
    let entered = register.enter(Precedent {
        id: "XL-12".to_owned(),
        category_id: "停水".to_owned(),
        township_code: String::new(),
        words: Vec::new(),
        lead: HandlingUnitId("县水务局".to_owned()),
        assisting: Vec::new(),
        document: "渠府办函〔2025〕8号".to_owned(),
        from: NaiveDate::from_ymd_opt(2025, 3, 1).unwrap(),
        until: None,
        ended_because: String::new(),
    });
    assert_eq!(entered, Ok(()));
    register
});

/// The facts when `actor` gives a command at `now`.
pub(crate) fn facts(now: DateTime<Utc>, actor: &Actor) -> Facts<'_> {
    Facts {
        now,
        actor,
        calendar: &CALENDAR,
        rule_sets: &RULE_SETS,
        units: &HANDLING_UNITS,
        precedents: &PRECEDENTS,
    }
}

/// A person with those roles. Whoever holds another first role is another person; a unit's people
/// are the water bureau's.
pub(crate) fn actor(roles: &[Role]) -> Actor {
    let name = roles.first().map_or("无角色", |role| words::role(*role));
    let is_of_unit = roles.iter().any(|role| role.is_of_unit());
    Actor {
        id: ActorId(name.to_owned()),
        name: name.to_owned(),
        roles: roles.to_vec(),
        unit: is_of_unit.then(|| HandlingUnitId("县水务局".to_owned())),
    }
}
