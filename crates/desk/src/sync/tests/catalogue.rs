//! The dispatch catalogue is one for all desks: put forward at one, ruled on at another, gone by at both.

use domain::HandlingUnitId;
use domain::dispatch_catalogue::{AmendmentCommand, CatalogueAmendment};
use wire::DISPATCH_CATALOGUE;

use super::*;
use crate::dispatch_catalogue::{CatalogueAct, act_on_catalogue, catalogue_amendments};

const FROM: &str = "unit-water-affairs";
const TO: &str = "unit-housing";

fn reviewer() -> Actor {
    Actor {
        id: ActorId("1002".to_owned()),
        name: "周审核".to_owned(),
        roles: vec![Role::Reviewer],
        unit: None,
    }
}

/// A category that the first table gives to the water office.
fn category(desk: &Desk) -> String {
    let mut categories = desk.reference.view.categories.iter();
    categories
        .find(|it| it.lead_unit == FROM)
        .unwrap()
        .id
        .clone()
}

fn propose(desk: &Desk) {
    let command = AmendmentCommand::Propose {
        id: "amendment-1".to_owned(),
        amendment: CatalogueAmendment {
            category_id: category(desk),
            from: HandlingUnitId(FROM.to_owned()),
            to: HandlingUnitId(TO.to_owned()),
            because: vec![
                "20261123-W01-0001".to_owned(),
                "20261123-W01-0002".to_owned(),
            ],
        },
    };
    let kept = desk
        .store
        .commit(|writer| desk.act_on_record(writer, None, &command, desk.now()));
    assert_eq!(kept.unwrap().unwrap().n_events, 1);
}

fn rule(desk: &Desk, version: u32) -> Result<String, String> {
    let act = CatalogueAct::Rule {
        amendment_id: "amendment-1".to_owned(),
        version,
        is_adopted: true,
        reason: String::new(),
    };
    let done = act_on_catalogue(desk, crate::dispatch_catalogue::ActOnCatalogue { act });
    done.map(|done| done.message)
        .map_err(|error| crate::text::error(&error, "1"))
}

fn lead(desk: &Desk) -> String {
    let id = category(desk);
    let catalogue = desk.catalogue.now();
    let mut entries = catalogue.entries().iter();
    let entry = entries.find(|it| it.category_id == id).unwrap();
    entry.lead.clone().unwrap().0
}

#[test]
fn an_amendment_of_one_desk_is_ruled_on_at_another_and_holds_at_both() {
    let mut first = Scene::new();
    let staff = [operator(), reviewer()].map(|actor| StaffMember {
        actor,
        is_disabled: false,
        former_roles: Vec::new(),
    });
    let staff = Reference::Staff(staff.into());
    first
        .center
        .change_reference(&staff, SystemClock.now())
        .unwrap();
    propose(&first.desk());
    first.enrol();
    while first.carry(false) {}
    assert!(first.center.subject(DISPATCH_CATALOGUE).unwrap().is_some());
    assert_eq!(lead(&first.desk()), FROM, "nobody has ruled on it");

    let mut second = first.beside("another");
    let shown = catalogue_amendments(&second.desk(), ()).unwrap();
    assert_eq!(shown.cases[0].numbers.len(), 2);
    let session = second.office.session().id.clone();
    second
        .office
        .replace(|desk| desk.with_operator(reviewer(), &session));
    assert_eq!(
        rule(&second.desk(), 1).unwrap(),
        "已采纳，派单建议即按修订后的目录。"
    );
    assert_eq!(lead(&second.desk()), TO);
    second.driver.react(Event::Saved);
    while second.carry(false) {}
    assert_eq!(lead(&second.desk()), TO);
    let tally = second.desk().store.read(|it| Ok(it.tally()?)).unwrap();
    assert_eq!(tally, Some(second.center_tally()));
    assert_eq!(tally.unwrap().n_catalogues, 1);

    std::mem::swap(&mut first.center, &mut second.center);
    first.driver.react(Event::Poked);
    while first.carry(false) {}
    assert_eq!(lead(&first.desk()), TO);
    let stale = rule(&first.desk(), 1).unwrap_err();
    assert_eq!(stale, "内容刚刚有变化，已重新显示，请核对后再操作。");
}
