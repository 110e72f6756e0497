use chrono::NaiveTime;

use super::*;
use crate::clock_face::at;
use crate::handling_unit::HandlingUnit;

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

/// What is decided, folded into the record.
fn act(
    record: &mut Option<CatalogueRecord>,
    command: &AmendmentCommand,
    actor: &Actor,
) -> Result<(), AmendmentRefusal> {
    let names = ["公安局", "综合执法局", "城管局"];
    let units = names.map(|name| HandlingUnit {
        id: unit(name),
        name: name.to_owned(),
        aliases: Vec::new(),
        group: String::new(),
    });
    let facts = AmendmentFacts {
        now: now(),
        actor,
        units: &units.into_iter().collect(),
    };
    let event = decide(record.as_ref(), command, &facts)?;
    apply(record, &event);
    Ok(())
}

fn propose(id: &str, from: &str, to: &str) -> AmendmentCommand {
    AmendmentCommand::Propose {
        id: id.to_owned(),
        amendment: CatalogueAmendment {
            from: unit(from),
            to: unit(to),
            ..proposed()
        },
    }
}

fn rule(id: &str, is_adopted: bool, reason: &str) -> AmendmentCommand {
    AmendmentCommand::Rule {
        id: id.to_owned(),
        is_adopted,
        reason: reason.to_owned(),
    }
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
    let mut record = None;
    let mut refused = Vec::new();
    let operator = person("丙", Role::Operator);
    let same = Actor {
        roles: vec![Role::Reviewer],
        ..dispatcher.clone()
    };
    let noise = propose("a", "公安局", "综合执法局");
    for (command, actor) in [
        (&rule("a", true, ""), &reviewer),
        (&noise, &operator),
        (&propose("a", "公安局", "没有的局"), &dispatcher),
        (&noise, &dispatcher),
        (&noise, &dispatcher),
        (&propose("b", "公安局", "综合执法局"), &dispatcher),
        (&rule("a", true, ""), &dispatcher),
        (&rule("a", true, ""), &same),
        (&rule("a", false, " "), &reviewer),
        (&rule("a", false, &"长".repeat(501)), &reviewer),
        (&rule("a", true, ""), &reviewer),
        (&rule("a", false, "重复"), &reviewer),
    ] {
        refused.push(act(&mut record, command, actor).err());
    }
    let not_permitted = |roles| Some(AmendmentRefusal::NotPermitted { roles });
    let unit_unknown = AmendmentRefusal::UnitUnknown {
        unit: unit("没有的局"),
    };
    assert_eq!(
        refused,
        [
            Some(AmendmentRefusal::NotProposed),
            not_permitted(MAY_PROPOSE),
            Some(unit_unknown),
            None,
            Some(AmendmentRefusal::ProposedAlready),
            Some(AmendmentRefusal::ProposedAlready),
            not_permitted(MAY_RULE),
            Some(AmendmentRefusal::SamePerson),
            Some(AmendmentRefusal::ReasonMissing),
            Some(AmendmentRefusal::ReasonTooLong { max_chars: 500 }),
            None,
            Some(AmendmentRefusal::RuledAlready),
        ]
    );
    let record = record.unwrap();
    assert!(
        record
            .case("a")
            .unwrap()
            .ruling
            .as_ref()
            .unwrap()
            .is_adopted
    );
    assert_eq!((record.n_events, record.adopted.len()), (2, 1));
    catalogue.adopt(&record.adopted[0]);
    let entry = &catalogue.entries()[0];
    assert_eq!(entry.lead, Some(unit("综合执法局")));
    assert_eq!(entry.because, ["1号", "2号"]);
    // What it taught is taken in; the same again is outdated.
    assert!(
        catalogue
            .amendments(&[accepted("1号"), accepted("2号")])
            .is_empty()
    );
    let before = catalogue.clone();
    catalogue.adopt(&proposed());
    assert_eq!(catalogue, before);
}

/// Two desks put different things forward for one category before either was ruled on.
#[test]
fn what_was_amended_in_between_is_outdated() {
    let (dispatcher, reviewer) = (person("甲", Role::Dispatcher), person("乙", Role::Reviewer));
    let mut record = None;
    let mut done = |command, actor| act(&mut record, &command, actor);
    assert_eq!(
        done(propose("a", "公安局", "综合执法局"), &dispatcher),
        Ok(())
    );
    assert_eq!(done(propose("b", "公安局", "城管局"), &dispatcher), Ok(()));
    assert_eq!(done(rule("a", true, ""), &reviewer), Ok(()));
    let outdated = || {
        let from = unit("公安局");
        Err(AmendmentRefusal::Outdated { from })
    };
    assert_eq!(done(rule("b", true, ""), &reviewer), outdated());
    assert_eq!(done(rule("b", false, "已另行修订"), &reviewer), Ok(()));
    assert_eq!(
        done(propose("c", "公安局", "城管局"), &dispatcher),
        outdated()
    );
    assert_eq!(
        done(propose("d", "综合执法局", "城管局"), &dispatcher),
        Ok(())
    );
    assert_eq!(done(rule("d", true, ""), &reviewer), Ok(()));
    let record = record.unwrap();
    let adopted: Vec<&str> = record.adopted.iter().map(|it| it.to.0.as_str()).collect();
    assert_eq!(adopted, ["综合执法局", "城管局"]);
}
