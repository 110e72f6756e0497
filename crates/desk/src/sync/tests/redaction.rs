//! 涂销 reaches every desk: one that told the story, one that read it, one that comes later. What was said is
//! in no table of the file any more, and the story can be opened all the same.

use center::RedactionOrder;
use rusqlite::Connection;
use wire::RedactionGround;

use super::*;

use crate::handling::{HandleOrder, OrderAct, handle_order};
use crate::work_order::{QueueName, WorkOrderList, work_orders};

const CANARY: &str = "金丝雀";
const PHONE: &str = "13987654321";

fn submitted(scene: &Scene, n: u32) {
    let mut value = submission(n);
    let intake = &mut value["intake"];
    intake["text"] = format!("{CANARY}小区停水").into();
    intake["wants"] = format!("{CANARY}来水").into();
    intake["happened"] = format!("{CANARY}停水那天").into();
    intake["about"] = format!("{CANARY}的邻居").into();
    intake["caller"]["phone"] = PHONE.into();
    intake["caller"]["name"] = format!("{CANARY}女士").into();
    intake["place"]["detail"] = format!("{CANARY}巷3号").into();
    submit(&scene.desk(), serde_json::from_value(value).unwrap()).unwrap();
}

pub(super) fn id(n: u32) -> String {
    format!("00000000-0000-7000-8000-{n:012}")
}

/// The file itself, beside the program.
pub(super) fn file(scene: &Scene) -> Connection {
    let file = Connection::open(scene.folder.path().join("desk.db")).unwrap();
    let key = "07".repeat(KEY.len());
    file.execute_batch(&format!("PRAGMA key = \"x'{key}'\";"))
        .unwrap();
    file
}

/// Table and column of whatever has the text in it, as a text or in the bytes of an index.
pub(super) fn stands_in(scene: &Scene, text: &str) -> Vec<String> {
    let file = file(scene);
    let names = |sql: &str| -> Vec<String> {
        let mut statement = file.prepare(sql).unwrap();
        let names = statement.query_map([], |row| row.get(0)).unwrap();
        names.map(Result::unwrap).collect()
    };
    let tables = names(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'",
    );
    let mut found = Vec::new();
    for table in tables {
        for column in names(&format!("SELECT name FROM pragma_table_info('{table}')")) {
            let sql = format!(
                "SELECT count(*) FROM \"{table}\"
                 WHERE instr(CAST(\"{column}\" AS BLOB), CAST(?1 AS BLOB)) > 0"
            );
            let n: u64 = file.query_row(&sql, [text], |row| row.get(0)).unwrap();
            if n > 0 {
                found.push(format!("{table}.{column}"));
            }
        }
    }
    found
}

/// The text, a piece of it as the full text has it, and the number.
fn all_of_it(scene: &Scene) -> Vec<String> {
    let all = [CANARY, "金丝", PHONE].map(|text| stands_in(scene, text));
    all.concat()
}

pub(super) fn carried(scene: &mut Scene) {
    scene.driver.react(Event::Saved);
    scene.driver.react(Event::Poked);
    while scene.carry(false) {}
}

fn redact(scene: &mut Scene, n: u32) {
    let order = RedactionOrder {
        ground: RedactionGround::Expired,
        asked_by: ActorId("1002".to_owned()),
        granted_by: ActorId("1003".to_owned()),
    };
    let done = scene.center.redact(&[id(n)], &order, SystemClock.now());
    assert_eq!(done.unwrap().subjects, [id(n)]);
}

fn found(scene: &Scene, words: &str) -> usize {
    let list = WorkOrderList {
        queue: QueueName::All,
        search: words.to_owned(),
        after: None,
        limit: 10,
    };
    work_orders(&scene.desk(), list).unwrap().rows.len()
}

#[test]
fn what_was_said_goes_from_every_desk_and_the_story_stays() {
    let mut first = Scene::new();
    first.enrol();
    while first.carry(false) {}
    submitted(&first, 1);
    first.submit(2);
    carried(&mut first);
    let shown = |scene: &Scene, n| work_order(&scene.desk(), WorkOrderId { id: id(n) }).unwrap();
    let supplement = HandleOrder {
        work_order_id: id(1),
        version: shown(&first, 1).version,
        act: OrderAct::Supplement {
            text: format!("{CANARY}又来电"),
            upload_id: None,
        },
    };
    handle_order(&first.desk(), supplement).unwrap();
    carried(&mut first);
    assert!(all_of_it(&first).len() > 4, "{:?}", all_of_it(&first));
    assert_eq!(found(&first, CANARY), 1);
    let before = shown(&first, 1);

    let mut second = first.beside("another");
    assert_eq!(found(&second, CANARY), 1);

    redact(&mut second, 1);
    carried(&mut second);
    std::mem::swap(&mut first.center, &mut second.center);
    carried(&mut first);
    let third = first.beside("a third");

    for scene in [&first, &second, &third] {
        assert_eq!(all_of_it(scene), Vec::<String>::new());
        assert_eq!(found(scene, CANARY), 0);
        let after = shown(scene, 1);
        assert_eq!(
            (&after.row.number, after.version, after.limits.len()),
            (&before.row.number, before.version, before.limits.len())
        );
        assert_eq!(after.story.len(), before.story.len());
        assert_eq!(after.text, wire::REDACTED_TEXT);
        assert!(scene.is_drawn_as_told());
        assert_eq!(shown(scene, 2).text, "小区停水");
        scene
            .desk()
            .store
            .read(|reader| Ok(reader.verify_chain()?))
            .unwrap();
    }
    // They count the same, and a desk that starts again finds it so.
    let first = first.restart();
    assert_eq!(all_of_it(&first), Vec::<String>::new());
    assert!(first.is_confirmed(1) && first.is_confirmed(2));
}

/// The center redacts again what had come back: what the caller has told since stays at the desk as well.
#[test]
fn what_was_said_since_stays() {
    let mut scene = Scene::new();
    scene.enrol();
    while scene.carry(false) {}
    submitted(&scene, 1);
    carried(&mut scene);
    let then = SystemClock.now();
    // Times are kept in milliseconds.
    while SystemClock.now().timestamp_millis() <= then.timestamp_millis() {}
    let desk = scene.desk();
    let version = work_order(&desk, WorkOrderId { id: id(1) })
        .unwrap()
        .version;
    let act = OrderAct::Supplement {
        text: "又停了三天".to_owned(),
        upload_id: None,
    };
    let work_order_id = id(1);
    let supplement = HandleOrder {
        work_order_id,
        version,
        act,
    };
    handle_order(&desk, supplement).unwrap();
    carried(&mut scene);
    let order = RedactionOrder {
        ground: RedactionGround::Asked,
        asked_by: ActorId("1002".to_owned()),
        granted_by: ActorId("1003".to_owned()),
    };
    let now = SystemClock.now();
    let done = scene.center.redact_again(&[id(1)], then, &order, now);
    assert!(done.unwrap().n_entries > 0);
    carried(&mut scene);
    assert_eq!(all_of_it(&scene), Vec::<String>::new());
    assert!(!stands_in(&scene, "又停了三天").is_empty());
    assert!(scene.is_drawn_as_told());
}
