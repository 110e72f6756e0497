//! 移出本机 and 调阅: what is long over and safe at the center goes from the desk, and nothing but the same comes
//! back.

use center::RedactionOrder;
use desk_store::Settlement;
use wire::{Entry, RedactionGround};

use super::redaction::{carried, file, id, stands_in};
use super::*;
use crate::sync::put_away::{step, take_back};

const CANARY: &str = "金丝雀";

fn answered(scene: &Scene, n: u32) {
    let mut value = submission(n);
    value["intake"]["text"] = format!("{CANARY}小区停水").into();
    value["outcome"] =
        json!({ "type": "answer_on_the_spot", "answer": "明天来水", "article_id": null });
    submit(&scene.desk(), serde_json::from_value(value).unwrap()).unwrap();
}

fn text(scene: &Scene, n: u32) -> (String, String) {
    let shown = work_order(&scene.desk(), WorkOrderId { id: id(n) }).unwrap();
    (shown.text, shown.put_away_text)
}

fn told(scene: &Scene, n: u32) -> Vec<Entry> {
    scene.center.ledger().story_of(&id(n)).unwrap()
}

fn durable(scene: &mut Scene) {
    let end = scene.center.ledger().feed().unwrap().end.seq;
    scene.center.set_durable(end).unwrap();
}

/// Orders that are over at once.
fn scene() -> Scene {
    let mut scene = Scene::new();
    scene.enrol();
    while scene.carry(false) {}
    answered(&scene, 1);
    scene.submit(2);
    carried(&mut scene);
    scene
}

/// The same, safe at the center, and the first due to go.
fn due() -> Scene {
    let mut scene = scene();
    durable(&mut scene);
    scene.driver.keep_days = Some(0);
    scene.submit(3);
    carried(&mut scene);
    scene
}

#[test]
fn what_is_long_over_goes_once_the_center_cannot_lose_it() {
    let mut scene = scene();
    assert_eq!(
        step(&mut scene.driver).unwrap(),
        0,
        "nobody said for how long"
    );
    scene.driver.keep_days = Some(0);
    assert_eq!(
        step(&mut scene.driver).unwrap(),
        0,
        "the center may still lose it"
    );
    durable(&mut scene);
    scene.submit(3);
    carried(&mut scene);
    assert_eq!(step(&mut scene.driver).unwrap(), 1, "what is open stays");
    assert_eq!(step(&mut scene.driver).unwrap(), 0);
    scene.desk().store.shred().unwrap();
    assert_eq!(stands_in(&scene, CANARY), Vec::<String>::new());
    let (shown, away) = text(&scene, 1);
    assert!(
        shown == wire::REDACTED_TEXT && away.contains("移出本机"),
        "{shown} {away}"
    );
    assert_eq!(text(&scene, 2), ("小区停水".to_owned(), String::new()));
    // Nobody takes it for one that was taken out for good.
    let shown = work_order(&scene.desk(), WorkOrderId { id: id(1) }).unwrap();
    assert_eq!(
        (shown.row.title.as_str(), shown.answer.as_str()),
        ("已移出本机", "已移出本机")
    );
    let said: Vec<&str> = shown.story.iter().map(|it| it.detail.as_str()).collect();
    assert!(said.concat().contains("已移出本机") && !said.concat().contains(wire::REDACTED_TEXT));
    // It still counts, its chains hold, and what is drawn anew is the same.
    assert!(scene.is_drawn_as_told());
    let desk = scene.desk();
    let tally = desk.store.read(|reader| Ok(reader.tally()?)).unwrap();
    assert_eq!(tally, Some(scene.center_tally()));
    desk.store
        .read(|reader| Ok(reader.verify_chain()?))
        .unwrap();
}

#[test]
fn what_comes_back_is_what_went_and_nothing_else() {
    let mut scene = due();
    assert_eq!(step(&mut scene.driver).unwrap(), 1);

    let whole = told(&scene, 1);
    let mut changed = whole.clone();
    changed[0].body = changed[0].body.replace("停水", "停电");
    let short = whole[..whole.len() - 1].to_vec();
    for other in [changed, short, told(&scene, 2), Vec::new()] {
        take_back(&mut scene.driver, &id(1), Some(other));
        let (shown, away) = text(&scene, 1);
        assert!(
            shown == wire::REDACTED_TEXT && away.contains("校验不符"),
            "{shown} {away}"
        );
    }
    take_back(&mut scene.driver, &id(1), None);
    assert!(text(&scene, 1).1.contains("连不上中心"));

    scene
        .driver
        .errands
        .send(Errand::Story { subject: id(1) })
        .unwrap();
    assert!(scene.carry(false));
    assert_eq!(
        text(&scene, 1),
        (format!("{CANARY}小区停水"), String::new())
    );
    assert_eq!(step(&mut scene.driver).unwrap(), 0, "it is here for a day");
    assert!(scene.is_drawn_as_told());
}

#[test]
fn what_was_taken_out_for_good_is_not_asked_for() {
    let mut scene = due();
    assert_eq!(step(&mut scene.driver).unwrap(), 1);
    let order = RedactionOrder {
        ground: RedactionGround::Asked,
        asked_by: ActorId("1002".to_owned()),
        granted_by: ActorId("1003".to_owned()),
    };
    scene
        .center
        .redact(&[id(1)], &order, SystemClock.now())
        .unwrap();
    carried(&mut scene);
    assert_eq!(
        text(&scene, 1),
        (wire::REDACTED_TEXT.to_owned(), String::new())
    );
}

/// Nobody is kept from what is to be seen to, and what people noted is nowhere else.
#[test]
fn what_somebody_has_to_see_to_stays_and_so_does_what_was_noted() {
    let mut scene = due();
    let seq = told(&scene, 1)[0].seq;
    let task = "UPDATE feed_entry SET is_task = 1 WHERE seq = ?1";
    file(&scene).execute(task, [seq]).unwrap();
    assert_eq!(step(&mut scene.driver).unwrap(), 0);
    let settlement = Settlement {
        by: operator().id,
        at: SystemClock.now(),
        note: "已电话核实".to_owned(),
    };
    let settled = scene
        .desk()
        .store
        .commit(|writer| writer.settle_task(seq, &settlement));
    assert!(settled.unwrap());
    assert_eq!(step(&mut scene.driver).unwrap(), 1);
    assert_eq!(stands_in(&scene, "已电话核实"), ["settlement.note"]);
}
