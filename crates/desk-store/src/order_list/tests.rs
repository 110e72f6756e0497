use chrono::TimeDelta;
use domain::time_limit::LimitKind;
use expect_test::{Expect, expect};

use super::*;
use crate::tests::{Desk, at, record};
use crate::{OrderWait, RunningLimit, StoreFault};

const NOW: &str = "2026-11-24 16:00";

fn queues() -> [Queue; 9] {
    [
        Queue::All,
        Queue::Today {
            from: at("2026-11-24 00:00"),
        },
        Queue::ToDispatch,
        Queue::Undelivered,
        Queue::InHandling,
        Queue::Concluded,
        Queue::DueSoon { now: at(NOW) },
        Queue::Overdue { now: at(NOW) },
        Queue::Waiting {
            kind: WaitKind::ExtensionReview,
        },
    ]
}

fn filter(queue: Queue, search: Option<&str>) -> OrderFilter {
    OrderFilter {
        queue,
        search: search.map(str::to_owned),
        after: None,
        limit: 100,
    }
}

fn ids(desk: &Desk, filter: &OrderFilter) -> Vec<String> {
    let (page, _) = desk.query(|reader| reader.list_work_orders(filter));
    page.into_iter().map(|order| order.id).collect()
}

/// One order of every sort.
fn desk() -> Desk {
    let order = |id: &str, registered_at: &str, stage, due: Option<(&str, &str)>| WorkOrderRecord {
        stage,
        is_concluded: stage == Stage::AnsweredOnTheSpot,
        limits: Vec::from_iter(due.map(|(warn_at, due_at)| RunningLimit {
            kind: LimitKind::Dispatch,
            warn_at: at(warn_at),
            due_at: at(due_at),
            is_waived: false,
        })),
        ..record(id, at(registered_at))
    };
    let late = Some(("2026-11-23 14:00", "2026-11-24 00:00"));
    let soon = Some(("2026-11-24 14:00", "2026-11-25 00:00"));
    let now = Some(("2026-11-24 14:00", NOW));
    let later = Some(("2026-11-25 14:00", "2026-11-26 00:00"));
    let desk = Desk::new();
    for order in [
        order("late", "2026-11-20 10:00", Stage::Registered, late),
        order("soon", "2026-11-23 10:00", Stage::Registered, soon),
        order("now", "2026-11-23 11:00", Stage::Dispatched, now),
        order("later", "2026-11-24 10:00", Stage::Registered, later),
        order("delivered", "2026-11-24 11:00", Stage::Delivered, later),
        order(
            "answered",
            "2026-11-24 12:00",
            Stage::AnsweredOnTheSpot,
            None,
        ),
    ] {
        desk.change(|writer| writer.put_work_order(&order, "楼道里没有灯"));
    }
    desk
}

#[test]
fn each_queue_has_its_orders_and_counts_them() {
    let desk = desk();
    let mut lines = String::new();
    for queue in queues() {
        let found = ids(&desk, &filter(queue, None));
        assert_eq!(desk.query(|reader| reader.count(queue)), found.len() as u64);
        assert_eq!(ids(&desk, &filter(queue, Some("没有灯"))), found);
        assert!(ids(&desk, &filter(queue, Some("没有水"))).is_empty());
        let name = format!("{queue:?}");
        let name = name.split_whitespace().next().unwrap_or_default();
        lines.push_str(&[name, ": ", &found.join(" "), "\n"].concat());
    }
    expect![[r#"
        All: answered delivered later now soon late
        Today: answered delivered later
        ToDispatch: later soon late
        Undelivered: now
        InHandling: delivered
        Concluded: answered
        DueSoon: now soon
        Overdue: late
        Waiting: 
    "#]]
    .assert_eq(&lines);
    let due = desk.query(|reader| reader.due_between(at(NOW), at("2026-11-26 00:00"), 10));
    let due: Vec<_> = due.into_iter().map(|order| order.id).collect();
    assert_eq!(due, ["now", "soon"]);
}

/// An order stands in a due list once, by the limit that counts there; what nobody is held to is not
/// overdue.
#[test]
fn an_order_with_several_limits() {
    let limit = |kind, due_at, is_waived| RunningLimit {
        kind,
        due_at: at(due_at),
        warn_at: at("2026-11-23 09:15"),
        is_waived,
    };
    let unsigned = |id| WorkOrderRecord {
        limits: vec![
            limit(LimitKind::SignFor, "2026-11-24 00:00", false),
            limit(LimitKind::Handle, "2026-11-26 00:00", false),
            limit(LimitKind::Progress, "2026-11-27 00:00", false),
        ],
        ..record(id, at("2026-11-23 09:15"))
    };
    let waiting = |id, since| WorkOrderRecord {
        limits: vec![limit(LimitKind::Handle, "2026-11-24 00:00", true)],
        waits: vec![OrderWait {
            kind: WaitKind::ExtensionReview,
            since: at(since),
        }],
        ..record(id, at("2026-11-23 09:15"))
    };
    let desk = Desk::new();
    desk.change(|writer| {
        writer.put_work_order(&unsigned("unsigned"), "停水")?;
        writer.put_work_order(&waiting("later", "2026-11-23 16:00"), "停水")?;
        writer.put_work_order(&waiting("earlier", "2026-11-23 15:00"), "停水")
    });
    let found = |queue| {
        let found = ids(&desk, &filter(queue, None));
        assert_eq!(desk.query(|reader| reader.count(queue)), found.len() as u64);
        found
    };
    let kind = WaitKind::ExtensionReview;
    let now = at(NOW);
    assert_eq!(found(Queue::Overdue { now }), ["unsigned"]);
    assert_eq!(found(Queue::DueSoon { now }), ["unsigned"]);
    assert_eq!(found(Queue::Waiting { kind }), ["earlier", "later"]);
    let row = desk.query(|reader| reader.work_order_record("unsigned"));
    let row = row.unwrap();
    let kinds = [row.overdue_limit_at(now), row.next_limit_at(now)].map(|it| it.unwrap().kind);
    assert_eq!(kinds, [LimitKind::SignFor, LimitKind::Handle]);
    let row = desk.query(|reader| reader.work_order_record("later"));
    let row = row.unwrap();
    assert_eq!(
        (row.overdue_limit_at(now), row.next_limit_at(now)),
        (None, None)
    );
    assert_eq!(row.waived_limit_at(now), row.limits.first().copied());
    // The word was given.
    let answered = WorkOrderRecord {
        waits: Vec::new(),
        ..unsigned("later")
    };
    desk.change(|writer| writer.put_work_order(&answered, "停水"));
    assert_eq!(found(Queue::Waiting { kind }), ["earlier"]);
    assert_eq!(found(Queue::Overdue { now }), ["unsigned", "later"]);
    desk.change(|writer| writer.remove_work_order("later"));
    assert_eq!(found(Queue::Overdue { now }), ["unsigned"]);
}

#[test]
fn pages_follow_each_other_while_orders_come_in() {
    let desk = Desk::new();
    let put = |n: u32| {
        let registered_at = at("2026-11-23 09:15") + TimeDelta::minutes(i64::from(n / 3));
        let order = WorkOrderRecord {
            limits: vec![RunningLimit {
                kind: LimitKind::Dispatch,
                warn_at: at("2026-11-23 09:15"),
                // Many are due at the same time.
                due_at: at("2026-11-24 00:00") + TimeDelta::days(i64::from(n / 5)),
                is_waived: false,
            }],
            waits: vec![OrderWait {
                kind: WaitKind::KindChange,
                since: at("2026-11-23 10:00") + TimeDelta::hours(i64::from(n % 4)),
            }],
            ..record(&format!("{n:03}"), registered_at)
        };
        desk.change(|writer| writer.put_work_order(&order, "停水"));
    };
    (0..23).for_each(put);
    let now = at("2026-11-23 12:00");
    for (queue, search) in [
        (Queue::All, None),
        (Queue::ToDispatch, None),
        (Queue::ToDispatch, Some("停水")),
        (Queue::DueSoon { now }, None),
        (Queue::DueSoon { now }, Some("停水")),
        (
            Queue::Waiting {
                kind: WaitKind::KindChange,
            },
            None,
        ),
    ] {
        let expected = ids(&desk, &filter(queue, search));
        let mut page = filter(queue, search);
        page.limit = 4;
        let mut seen = Vec::new();
        loop {
            let (orders, next) = desk.query(|reader| reader.list_work_orders(&page));
            seen.extend(orders.into_iter().map(|order| order.id));
            // Newer than all, or due before all: neither belongs to a later page.
            if queue == Queue::All {
                put(100 + u32::try_from(seen.len()).unwrap());
            }
            page.after = next.map(|next| next.to_string().parse().unwrap());
            if next.is_none() {
                break;
            }
        }
        assert_eq!(seen, expected, "{queue:?}");
    }
}

#[test]
fn a_page_has_an_end() {
    let desk = desk();
    let mut page = filter(Queue::All, None);
    page.limit = 6;
    let (orders, next) = desk.query(|reader| reader.list_work_orders(&page));
    assert_eq!((orders.len(), next), (6, None));
    page.limit = u32::MAX;
    assert_eq!(ids(&desk, &page).len(), 6);
    page.limit = 0;
    assert!(ids(&desk, &page).is_empty());
    for bad in ["", "1", "a.b", "1.2.3", "9223372036854775808.1"] {
        assert_eq!(bad.parse::<Cursor>(), Err(CursorError), "{bad}");
    }
}

#[test]
fn orders_are_found_by_any_piece_of_what_is_known() {
    let desk = Desk::new();
    let order = WorkOrderRecord {
        number: "20261123-W01-0042".to_owned(),
        title: "𠮷祥小区停水".to_owned(),
        caller_name: "欧阳建国".to_owned(),
        phone: "138 0000 1234".to_owned(),
        contact_phone: "0818-7215678".to_owned(),
        place_text: "渠江街道 南大街社区".to_owned(),
        ..record("1", at("2026-11-23 09:15"))
    };
    desk.change(|writer| {
        writer.put_work_order(&order, "Ｗｉｆｉ断了，电表A3烧了；物业(万达)不管。")?;
        writer.put_work_order(&record("2", at("2026-11-23 09:16")), "路灯坏了")
    });
    for search in [
        "停水",
        "水",
        "𠮷祥",
        "𠮷",
        "欧阳",
        "建国",
        "国",
        "南大街",
        "渠江街道",
        "1234",
        "138",
        "00001234",
        "13800001234",
        "5678",
        "7215678",
        "0042",
        "20261123-W01-0042",
        "w01-0042",
        "wifi",
        "WiFi",
        "ｗｉｆｉ",
        "wi",
        "a3",
        "万达",
        "  停水   欧阳 ",
        "物业（万达）",
        "断了电表",
        "停水 1234 南大街",
    ] {
        let expected: &[&str] = match search {
            // The other order's, too.
            "停水" | "水" | "1234" | "138" | "00001234" | "13800001234" | "渠江街道" => {
                &["2", "1"]
            }
            // Across a comma: not a run of the text.
            "断了电表" => &[],
            _ => &["1"],
        };
        assert_eq!(
            ids(&desk, &filter(Queue::All, Some(search))),
            expected,
            "{search}"
        );
    }
    for search in ["停电", "4321", "水停", "欧阳 路灯", "130"] {
        let found = ids(&desk, &filter(Queue::All, Some(search)));
        assert!(found.is_empty(), "{search}: {found:?}");
    }
    // Blank is no search at all.
    for blank in ["", "  ", "\u{3000}"] {
        assert_eq!(ids(&desk, &filter(Queue::All, Some(blank))), ["2", "1"]);
    }
}

#[test]
fn nothing_typed_is_taken_for_syntax() {
    let desk = desk();
    for search in [
        "\"",
        "\"\"",
        "'",
        "*",
        "-",
        "^",
        ":",
        "(",
        ")",
        "{",
        "}",
        "+",
        "AND",
        "OR",
        "NOT",
        "NEAR",
        "NEAR(灯 楼, 2)",
        "grams : 灯",
        "grams:",
        "- grams : 灯",
        "灯\"",
        "\"灯",
        "灯*",
        "^灯",
        "灯 AND",
        "OR 灯",
        "灯 NOT 楼",
        "\0",
        "灯\0楼",
        "🙂",
        "灯🙂",
        "%",
        "_",
        "\\",
        ";--",
        "'; DROP TABLE work_order; --",
        "\u{202E}灯",
        "é",
        "ß",
        "İ",
        "ﷺ",
        "１２３",
    ] {
        for queue in queues() {
            let result = desk
                .store()
                .read(|reader| Ok(reader.list_work_orders(&filter(queue, Some(search)))?));
            assert!(result.is_ok(), "{search:?}: {result:?}");
        }
    }
    // Nothing to look for is nothing found, not everything.
    for search in ["***", "\"", "🙂", "\0", "——"] {
        assert!(
            ids(&desk, &filter(Queue::All, Some(search))).is_empty(),
            "{search:?}"
        );
    }
    let all = ids(&desk, &filter(Queue::All, None));
    assert_eq!(
        ids(&desk, &filter(Queue::All, Some("\"楼道*\" -(灯)"))),
        all
    );
    assert!(ids(&desk, &filter(Queue::All, Some("灯 NOT 楼"))).is_empty());
}

#[test]
fn a_long_search_is_cut_and_answered() {
    let desk = desk();
    for search in [
        "楼 ".repeat(50),
        "楼道里没有灯，".repeat(2_000),
        "x y ".repeat(3_000),
    ] {
        ids(&desk, &filter(Queue::All, Some(&search)));
    }
}

#[track_caller]
fn check_plans(search: Option<&str>, expected: &Expect) {
    let desk = Desk::new();
    let mut plans = String::new();
    for queue in queues() {
        let page = page_query(&filter(queue, search), 10).unwrap().page_sql();
        let name = format!("{queue:?}");
        let name = name.split_whitespace().next().unwrap_or_default();
        plans.push_str(&[name, ":\n", &desk.plan(&page)].concat());
    }
    assert!(!plans.contains("SCAN work_order"), "{plans}");
    expected.assert_eq(&plans);
}

#[test]
fn plans_of_the_lists() {
    check_plans(
        None,
        &expect![[r#"
            All:
            SEARCH work_order USING INTEGER PRIMARY KEY (rowid<?)
            Today:
            SEARCH work_order USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)
            ToDispatch:
            SEARCH work_order USING INDEX work_order_stage (stage=? AND rowid<?)
            Undelivered:
            SEARCH work_order USING INDEX work_order_stage (stage=? AND rowid<?)
            InHandling:
            SEARCH work_order USING INDEX work_order_stage (stage=? AND rowid<?)
            Concluded:
            SEARCH work_order USING INDEX work_order_concluded (is_concluded=? AND rowid<?)
            DueSoon:
            SEARCH order_limit USING COVERING INDEX order_limit_due (limit_due_at>?)
            CORRELATED SCALAR SUBQUERY 1
            SEARCH sooner USING PRIMARY KEY (order_position=? AND limit_due_at>? AND limit_due_at<?)
            SEARCH work_order USING INTEGER PRIMARY KEY (rowid=?)
            Overdue:
            SEARCH order_limit USING COVERING INDEX order_limit_due ((limit_due_at,order_position)>(?,?) AND limit_due_at<?)
            CORRELATED SCALAR SUBQUERY 1
            SEARCH sooner USING PRIMARY KEY (order_position=? AND limit_due_at<?)
            SEARCH work_order USING INTEGER PRIMARY KEY (rowid=?)
            Waiting:
            SEARCH order_wait USING COVERING INDEX order_wait_since (wait=? AND (since,order_position)>(?,?))
            SEARCH work_order USING INTEGER PRIMARY KEY (rowid=?)
        "#]],
    );
}

#[test]
fn plans_of_the_lists_with_a_search() {
    check_plans(
        Some("停水"),
        &expect![[r#"
            All:
            SCAN order_text VIRTUAL TABLE INDEX 192:M2<
            SEARCH work_order USING INTEGER PRIMARY KEY (rowid=?)
            Today:
            SCAN order_text VIRTUAL TABLE INDEX 192:M2><
            SEARCH work_order USING INTEGER PRIMARY KEY (rowid=?)
            ToDispatch:
            SCAN order_text VIRTUAL TABLE INDEX 192:M2<
            SEARCH work_order USING INTEGER PRIMARY KEY (rowid=?)
            Undelivered:
            SCAN order_text VIRTUAL TABLE INDEX 192:M2<
            SEARCH work_order USING INTEGER PRIMARY KEY (rowid=?)
            InHandling:
            SCAN order_text VIRTUAL TABLE INDEX 192:M2<
            SEARCH work_order USING INTEGER PRIMARY KEY (rowid=?)
            Concluded:
            SCAN order_text VIRTUAL TABLE INDEX 192:M2<
            SEARCH work_order USING INTEGER PRIMARY KEY (rowid=?)
            DueSoon:
            SEARCH order_limit USING PRIMARY KEY (order_position=? AND limit_due_at>?)
            LIST SUBQUERY 1
            SCAN order_text VIRTUAL TABLE INDEX 0:M2
            CORRELATED SCALAR SUBQUERY 2
            SEARCH sooner USING PRIMARY KEY (order_position=? AND limit_due_at>? AND limit_due_at<?)
            SEARCH work_order USING INTEGER PRIMARY KEY (rowid=?)
            REUSE LIST SUBQUERY 1
            USE TEMP B-TREE FOR ORDER BY
            Overdue:
            SEARCH order_limit USING PRIMARY KEY (order_position=? AND limit_due_at>? AND limit_due_at<?)
            LIST SUBQUERY 1
            SCAN order_text VIRTUAL TABLE INDEX 0:M2
            CORRELATED SCALAR SUBQUERY 2
            SEARCH sooner USING PRIMARY KEY (order_position=? AND limit_due_at<?)
            SEARCH work_order USING INTEGER PRIMARY KEY (rowid=?)
            REUSE LIST SUBQUERY 1
            USE TEMP B-TREE FOR ORDER BY
            Waiting:
            SEARCH order_wait USING COVERING INDEX order_wait_since (wait=? AND (since,order_position)>(?,?))
            SEARCH work_order USING INTEGER PRIMARY KEY (rowid=?)
            LIST SUBQUERY 1
            SCAN order_text VIRTUAL TABLE INDEX 0:M2
            CREATE BLOOM FILTER
        "#]],
    );
}

#[test]
fn plans_of_the_counts() {
    let desk = Desk::new();
    let mut plans = String::new();
    for queue in queues() {
        plans += &desk.plan(&Query::of(queue, None).count_sql());
    }
    expect![[r#"
        SCAN work_order USING COVERING INDEX work_order_concluded
        SEARCH work_order USING INTEGER PRIMARY KEY (rowid>?)
        SEARCH work_order USING COVERING INDEX work_order_stage (stage=?)
        SEARCH work_order USING COVERING INDEX work_order_stage (stage=?)
        SEARCH work_order USING COVERING INDEX work_order_stage (stage=?)
        SEARCH work_order USING COVERING INDEX work_order_concluded (is_concluded=?)
        SEARCH order_limit USING COVERING INDEX order_limit_warn (limit_warn_at<?)
        CORRELATED SCALAR SUBQUERY 1
        SEARCH sooner USING PRIMARY KEY (order_position=? AND limit_due_at>? AND limit_due_at<?)
        SEARCH order_limit USING COVERING INDEX order_limit_due (limit_due_at<?)
        CORRELATED SCALAR SUBQUERY 1
        SEARCH sooner USING PRIMARY KEY (order_position=? AND limit_due_at<?)
        SEARCH order_wait USING COVERING INDEX order_wait_since (wait=?)
    "#]]
    .assert_eq(&plans);
}

#[test]
fn a_damaged_row_is_a_fault_and_not_a_panic() {
    let desk = desk();
    let damage = "UPDATE work_order SET kind = '不知道' WHERE id = 'late'";
    desk.change(|writer| Ok(writer.connection().execute_batch(damage)?));
    let error = desk
        .store()
        .read(|reader| Ok(reader.list_work_orders(&filter(Queue::All, None))?));
    assert!(matches!(
        error.unwrap_err().downcast_ref(),
        Some(StoreFault::Other(_))
    ));
}
