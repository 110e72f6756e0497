//! Two orders are sent back by one unit and taken over by another; the catalogue learns.

use std::sync::Arc;

use chrono::NaiveTime;
use desk_store::{DatabaseKey, MetaKey, Store, StoreFault};
use domain::clock_face::at;
use domain::work_order::{AssignmentNumber, DispatchPlan};
use domain::{Actor, ActorId, Command, Role};
use expect_test::expect;
use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::Clock;
use crate::app::KeySource;
use crate::intake::{Intake, Submit, submit};
use crate::listen::{Chosen, Listen, listen};
use crate::office::Office;
use crate::sync::{Https, Network};

/// Every asking takes a minute, so that nothing happens before what was before it.
struct Minutes(std::sync::Mutex<DateTime<Utc>>);

impl Clock for Minutes {
    fn now(&self) -> DateTime<Utc> {
        let mut now = self.0.lock().unwrap();
        *now += TimeDelta::seconds(1);
        *now
    }
}

fn person(id: &str, roles: &[Role], unit: Option<&str>) -> Actor {
    Actor {
        id: ActorId(id.to_owned()),
        name: id.to_owned(),
        roles: roles.to_vec(),
        unit: unit.map(|unit| HandlingUnitId(unit.to_owned())),
    }
}

fn desk(folder: &TempDir) -> Desk {
    let store = Store::open(folder.path(), &DatabaseKey::random().unwrap()).unwrap();
    let operator = person("受理员陈", &[Role::Operator, Role::Dispatcher], None);
    let operator = serde_json::to_string(&operator).unwrap();
    let set_up = store.commit(|writer| -> Result<(), StoreFault> {
        writer.set_meta(MetaKey::DeskCode, "W01")?;
        writer.set_meta(MetaKey::Operator, &operator)
    });
    set_up.unwrap();
    let monday = at(
        "2026-11-23".parse().unwrap(),
        NaiveTime::from_hms_opt(9, 15, 0).unwrap(),
    );
    let office = Office::new(Arc::new(Minutes(std::sync::Mutex::new(monday))));
    let network: Arc<dyn Network> = Arc::new(Https);
    let opened = Desk::open(
        folder.path(),
        store,
        KeySource::Passphrase,
        &office,
        &network,
    );
    opened.unwrap().0
}

fn matter(text: &str, category_id: &str) -> Intake {
    let form = json!({
        "caller": { "phone": "13800001234", "contact_phone": "", "name": "", "address": "" },
        "channel": "phone", "kind": "help", "class": "ordinary", "category_id": category_id,
        "title": "", "text": text,
        "place": { "township_code": "511725001", "village_code": "", "detail": "" },
        "wants": "", "is_confidential": false, "wants_call_back": true,
    });
    serde_json::from_value(form).unwrap()
}

/// Registered, given to the water office, sent back, taken back, given to the housing office.
fn sent_back(desk: &mut Desk, n: u32, category_id: &str) {
    let id = format!("00000000-0000-7000-8000-{n:012}");
    let request = json!({
        "draft_id": id, "intake": {
            "caller": { "phone": "", "contact_phone": "", "name": "", "address": "" },
            "channel": "phone", "kind": "help", "class": "ordinary", "category_id": category_id,
            "title": "", "text": format!("第{n}栋停水"),
            "place": { "township_code": "511725001", "village_code": "", "detail": "" },
            "wants": "", "is_confidential": false, "wants_call_back": true,
        },
        "outcome": { "type": "register" },
    });
    let request: Submit = serde_json::from_value(request).unwrap();
    desk.operator = person("受理员陈", &[Role::Operator, Role::Dispatcher], None);
    submit(desk, request).unwrap();
    let dispatch = |unit: &str| Command::Dispatch {
        unit: HandlingUnitId(unit.to_owned()),
        opinion: "请核实处理".to_owned(),
        plan: DispatchPlan::default(),
    };
    let assignment = AssignmentNumber::FIRST;
    let unit = "unit-water-affairs";
    for (who, command) in [
        (
            person("调度员陈", &[Role::Dispatcher], None),
            dispatch(unit),
        ),
        (
            person("中心", &[Role::Center], None),
            Command::ConfirmDelivery { assignment },
        ),
        (
            person("联络员吴", &[Role::Liaison], Some(unit)),
            Command::SendBack {
                assignment,
                reason: "二次供水".to_owned(),
                basis: "三定方案".to_owned(),
                suggestion: "转住建局".to_owned(),
            },
        ),
        (
            person("审核员周", &[Role::Reviewer], None),
            Command::RuleOnSendBack {
                assignment,
                is_accepted: true,
                reason: "属实".to_owned(),
            },
        ),
        (
            person("调度员陈", &[Role::Dispatcher], None),
            dispatch("unit-housing"),
        ),
    ] {
        desk.operator = who;
        let order = desk.store.read(|reader| Ok(reader.load_work_order(&id)?));
        let version = order.unwrap().unwrap().version;
        let now = desk.now();
        desk.act_on(id.clone(), version, &command, now).unwrap();
    }
}

fn act(desk: &mut Desk, who: Actor, act: serde_json::Value) -> String {
    desk.operator = who;
    let request = ActOnCatalogue {
        act: serde_json::from_value(act).unwrap(),
    };
    match act_on_catalogue(desk, request) {
        Ok(done) => done.message,
        Err(error) => crate::text::error(&error, "1"),
    }
}

#[test]
fn returns_that_repeat_themselves_amend_the_catalogue_once_another_person_agrees() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = desk(&folder);
    let water = "unit-water-affairs";
    let category = desk.reference.view.categories.iter();
    let category = category.filter(|it| it.lead_unit == water).next().unwrap();
    let category = category.id.clone();
    sent_back(&mut desk, 1, &category);
    let amendments = |desk: &Desk| catalogue_amendments(desk, ()).unwrap();
    assert!(
        amendments(&desk).suggested.is_empty(),
        "once teaches nothing"
    );
    sent_back(&mut desk, 2, &category);
    let suggested = &amendments(&desk).suggested[0];
    assert_eq!(
        suggested.numbers,
        ["20261123-W01-0001", "20261123-W01-0002"]
    );

    let dispatcher = || person("调度员陈", &[Role::Dispatcher, Role::Reviewer], None);
    let reviewer = || person("审核员周", &[Role::Reviewer], None);
    let propose = json!({
        "type": "propose", "category_id": category, "from_unit_id": water,
        "to_unit_id": suggested.to_unit_id,
    });
    let mut told = vec![
        act(&mut desk, dispatcher(), propose.clone()),
        act(&mut desk, dispatcher(), propose),
    ];
    assert!(amendments(&desk).suggested[0].is_proposed);
    let id = amendments(&desk).cases[0].id.clone();
    let rule = |version| {
        json!({
            "type": "rule", "amendment_id": id, "version": version, "is_adopted": true,
            "reason": "",
        })
    };
    told.push(act(&mut desk, dispatcher(), rule(1)));
    told.push(act(&mut desk, reviewer(), rule(2)));
    told.push(act(&mut desk, reviewer(), rule(1)));
    expect![[r#"
        已提出修订，待另一人审核。
        这项修订已提出，待审核。
        须由提出人以外的人审核。
        内容刚刚有变化，已重新显示，请核对后再操作。
        已采纳，派单建议即按修订后的目录。"#]]
    .assert_eq(&told.join("\n"));
    assert!(amendments(&desk).suggested.is_empty());

    let chosen = Chosen {
        category: true,
        ..Chosen::default()
    };
    let request = Listen {
        revision: 1,
        draft_id: String::new(),
        intake: matter("没有水", &category),
        chosen,
    };
    let heard = listen(&desk, request).unwrap();
    let lead = &heard.dispatch.leads[0];
    assert_eq!(lead.unit_id, "unit-housing");
    assert_eq!(lead.grounds[0].text, "派单目录，按 2 件采纳的退回修订");
}
