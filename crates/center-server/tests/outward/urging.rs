//! 自动催办: a unit is urged when a limit is near and when it is over, once each, also when the center was
//! stopped in between; and not when it has nothing to do any more.

use domain::Command;
use domain::matter::{Matter, MatterKind};
use domain::work_order::{AssignmentNumber, EventKind};
use expect_test::expect;
use wire::Story;

use crate::house::{House, matter};

const NUMBER: &str = "20261123-W01-0001";
const SUBJECT: &str = "6f1a7c3e-9a51-4f0c-8b7d-9e1101931f6e";
const FIRST: AssignmentNumber = AssignmentNumber::FIRST;

/// Waits for the `n`-th urge, and tells who urged why.
async fn urged(house: &House, n: u32) -> String {
    let is_urged = |order: &domain::WorkOrder| order.assignments[0].n_urges >= n;
    house.until_order(SUBJECT, is_urged).await;
    let read = house
        .office()
        .readers
        .read(|it| it.ledger.story_of(SUBJECT));
    let mut lines = Vec::new();
    for entry in read.await.unwrap() {
        let body = entry.read().unwrap();
        let Some(Story::Order(events)) = body.accepted().map(|it| &it.story) else {
            continue;
        };
        for event in events {
            if let EventKind::Urged { reason, method, .. } = &event.kind {
                lines.push(format!("{} {method} {reason}", event.actor.0));
            }
        }
    }
    lines.join("\n")
}

#[tokio::test]
async fn a_unit_is_urged_once_each_time_and_gives_its_receipt() {
    let house = House::open().await;
    let help = Matter {
        kind: MatterKind::Help,
        ..matter("停水")
    };
    house.register(SUBJECT, NUMBER, help).await;
    house.dispatch(SUBJECT).await;
    // To Tuesday 20:00, then to Wednesday 01:00.
    house.clock.minutes_later(35 * 60);
    expect!["center 平台自动催办 签收时限11月24日（周二）24:00届满，已临期"]
        .assert_eq(&urged(&house, 1).await);
    house.clock.minutes_later(5 * 60);
    urged(&house, 2).await;
    let house = house.again().await;
    let receipt = Command::RecordUrgeReceipt {
        assignment: FIRST,
        answered_by: "吴联络".to_owned(),
    };
    house.order("2001", SUBJECT, receipt).await;
    let sign = Command::SignFor { assignment: FIRST };
    house.order("2001", SUBJECT, sign).await;
    // To Wednesday 11:00, the working day before the last.
    house.clock.minutes_later(10 * 60);
    expect![[r#"
        center 平台自动催办 签收时限11月24日（周二）24:00届满，已临期
        center 平台自动催办 签收时限11月24日（周二）24:00已届满，已超期
        center 平台自动催办 办理时限11月26日（周四）24:00届满，尚余不足 2 个工作日"#]]
    .assert_eq(&urged(&house, 3).await);
}
