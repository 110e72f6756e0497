use chrono::NaiveTime;

use super::*;
use crate::clock_face::at;

fn unit(name: &str) -> HandlingUnitId {
    HandlingUnitId(name.to_owned())
}

fn person(name: &str, role: Role) -> Actor {
    Actor {
        id: ActorId(name.to_owned()),
        name: name.to_owned(),
        roles: vec![role],
        unit: None,
    }
}

fn now() -> DateTime<Utc> {
    at("2026-11-26".parse().unwrap(), NaiveTime::MIN)
}

fn catalogue() -> DispatchCatalogue {
    DispatchCatalogue::new(vec![CatalogueEntry {
        category_id: "噪声".to_owned(),
        township_code: String::new(),
        words: Vec::new(),
        lead: Some(unit("公安局")),
        regulator: None,
        because: Vec::new(),
    }])
}

fn accepted(number: &str) -> AcceptedReturn {
    AcceptedReturn {
        number: number.to_owned(),
        category_id: "噪声".to_owned(),
        from: unit("公安局"),
        to: unit("综合执法局"),
    }
}

fn proposed() -> CatalogueAmendment {
    let proposed = catalogue().amendments(&[accepted("1号"), accepted("2号")]);
    proposed.into_iter().next().unwrap()
}

/// What is decided, folded into the case.
fn act(
    case: &mut Option<AmendmentCase>,
    command: &AmendmentCommand,
    catalogue: &DispatchCatalogue,
    actor: &Actor,
) -> Result<(), AmendmentRefusal> {
    let event = decide(case.as_ref(), command, catalogue, now(), actor)?;
    apply(case, &event);
    Ok(())
}

#[test]
fn only_returns_that_repeat_themselves_teach() {
    let catalogue = catalogue();
    assert!(catalogue.amendments(&[accepted("1号")]).is_empty());
    assert!(
        catalogue
            .amendments(&[accepted("1号"), accepted("1号")])
            .is_empty()
    );
    assert_eq!(proposed().because, ["1号", "2号"]);
    let back = AcceptedReturn {
        to: unit("公安局"),
        ..accepted("3号")
    };
    assert!(catalogue.amendments(&[back.clone(), back]).is_empty());
}

#[test]
fn one_puts_it_forward_and_another_takes_it_in() {
    let mut catalogue = catalogue();
    let (dispatcher, reviewer) = (person("甲", Role::Dispatcher), person("乙", Role::Reviewer));
    let propose = AmendmentCommand::Propose {
        amendment: proposed(),
    };
    let rule = |is_adopted, reason: &str| AmendmentCommand::Rule {
        is_adopted,
        reason: reason.to_owned(),
    };
    let mut case = None;
    let mut refused = Vec::new();
    let operator = person("丙", Role::Operator);
    let same = Actor {
        roles: vec![Role::Reviewer],
        ..dispatcher.clone()
    };
    for (command, actor) in [
        (&rule(true, ""), &reviewer),
        (&propose, &operator),
        (&propose, &dispatcher),
        (&propose, &dispatcher),
        (&rule(true, ""), &dispatcher),
        (&rule(true, ""), &same),
        (&rule(false, " "), &reviewer),
        (&rule(true, ""), &reviewer),
        (&rule(false, "重复"), &reviewer),
    ] {
        refused.push(act(&mut case, command, &catalogue, actor).err());
    }
    let not_permitted = |roles| Some(AmendmentRefusal::NotPermitted { roles });
    assert_eq!(
        refused,
        [
            Some(AmendmentRefusal::NotProposed),
            not_permitted(MAY_PROPOSE),
            None,
            Some(AmendmentRefusal::ProposedAlready),
            not_permitted(MAY_RULE),
            Some(AmendmentRefusal::SamePerson),
            Some(AmendmentRefusal::ReasonMissing),
            None,
            Some(AmendmentRefusal::RuledAlready),
        ]
    );
    let case = case.unwrap();
    assert!(case.ruling.unwrap().is_adopted);
    catalogue.adopt(&case.amendment);
    let entry = &catalogue.entries()[0];
    assert_eq!(entry.lead, Some(unit("综合执法局")));
    assert_eq!(entry.because, ["1号", "2号"]);
    // What it taught is taken in; the same again is outdated.
    assert!(
        catalogue
            .amendments(&[accepted("1号"), accepted("2号")])
            .is_empty()
    );
    let outdated = act(&mut None, &propose, &catalogue, &dispatcher);
    let from = unit("公安局");
    assert_eq!(outdated, Err(AmendmentRefusal::Outdated { from }));
    let before = catalogue.clone();
    catalogue.adopt(&proposed());
    assert_eq!(catalogue, before);
}
