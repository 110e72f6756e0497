use chrono::{NaiveDateTime, TimeDelta};
use expect_test::{Expect, expect};

use super::*;
use crate::actor::{Actor, Role};
use crate::clock_face;

fn at(text: &str) -> DateTime<Utc> {
    let civil = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    clock_face::at(civil.date(), civil.time())
}

/// Lines of orders: when, number of the caller, category, township, what was said; 群 for a gathering.
fn orders(table: &str) -> Vec<WatchedOrder> {
    let lines = table.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .enumerate()
        .map(|(n, line)| {
            let mut cells = line.split('|').map(str::trim);
            let mut cell = || cells.next().unwrap_or_default().to_owned();
            let registered_at = at(&cell());
            WatchedOrder {
                id: format!("单{}", n + 1),
                registered_at,
                phone: cell(),
                category_id: cell(),
                township_code: cell(),
                said: cell(),
                is_crowd: cell() == "群",
            }
        })
        .collect()
}

#[track_caller]
fn check(found: &[EarlyWarningFinding], expected: &Expect) {
    let lines = found.iter().map(|it| {
        let ground = serde_json::to_string(&it.ground).unwrap();
        format!("{}：{} {ground}\n", it.about, it.orders.join("、"))
    });
    expected.assert_eq(&lines.collect::<String>());
}

const NOW: &str = "2026-11-26 09:00";

#[test]
fn article_16_repeats_words_and_crowds() {
    let by = EarlyWarningThresholds {
        repeat_days: 7,
        ..EarlyWarningThresholds::built_in()
    };
    let orders = orders(
        "2026-11-18 08:00 | 138 | 停水 | 渠江 | 又停水
         2026-11-20 08:00 | 138 | 停水 | 渠江 | 又停水
         2026-11-22 08:00 | 138 | 停水 | 渠江 | 再不来就找记者
         2026-11-25 10:00 | 138 | 停水 | 三汇 | 我要找记者
         2026-11-25 10:00 | 138 | 路灯 | 三汇 | 路灯不亮
         2026-11-25 11:00 |     | 停水 | 三汇 | 几十人堵路，记者也来了 | 群
         2026-11-26 09:01 | 139 | 停水 | 三汇 | 记者 | 群",
    );
    let now = at(NOW);
    check(
        &repeats(&orders, now, &by),
        &expect![[r#"
        repeat 138 停水：单2、单3、单4 {"rule":"repeat","category_id":"停水","n_orders":3,"days":7}
    "#]],
    );
    check(
        &words(&orders, now, &by),
        &expect![[r#"
        words 记者：单4、单6 {"rule":"words","word":"记者"}
    "#]],
    );
    check(
        &crowds(&orders, now, &by),
        &expect![[r#"
        crowd 单6：单6 {"rule":"crowd","category_id":"停水","township_code":"三汇"}
    "#]],
    );
    let deaf = EarlyWarningThresholds {
        words: Vec::new(),
        hears_crowds: false,
        repeat_min: 4,
        ..by
    };
    assert_eq!(words(&orders, now, &deaf), []);
    assert_eq!(crowds(&orders, now, &deaf), []);
    assert_eq!(repeats(&orders, now, &deaf), []);
}

#[test]
fn article_16_sudden_rises_by_other_thresholds() {
    let lines: Vec<String> = (0..4)
        .map(|n| format!("2026-11-26 0{n}:00 | | 停水 | 渠江 |"))
        .chain((19..=25).map(|day| format!("2026-11-{day} 08:00 | | 停水 | 渠江 |")))
        .collect();
    let orders = orders(&lines.join("\n"));
    let built_in = EarlyWarningThresholds::built_in();
    let now = at(NOW);
    assert_eq!(sudden_rises(&orders, now, &built_in, 7), []);
    let low = EarlyWarningThresholds {
        surge_in_a_day: 4,
        ..built_in
    };
    check(
        &sudden_rises(&orders, now, &low, 7),
        &expect![[r#"
        surge 停水 渠江：单1、单2、单3、单4 {"rule":"surge","category_id":"停水","township_code":"渠江","n_in_a_day":4,"daily_mean_tenths":10}
    "#]],
    );
}

#[test]
fn article_16_units_below_the_floor() {
    let unit = |unit: &str, n_satisfied: u32, n_rated: u32| UnitRatings {
        unit: HandlingUnitId(unit.to_owned()),
        n_satisfied,
        n_rated,
    };
    let units = [
        unit("水务局", 16, 20),
        unit("住建局", 17, 20),
        unit("城管局", 5, 9),
        unit("民政局", 0, 0),
    ];
    let by = EarlyWarningThresholds::built_in();
    check(
        &satisfaction_drops(&units, &by),
        &expect![[r#"
        satisfaction 水务局： {"rule":"satisfaction_drop","unit":"水务局","n_satisfied":16,"n_rated":20,"days":30,"floor_percent":85}
    "#]],
    );
}

fn person(role: Role) -> Actor {
    Actor {
        id: ActorId("1".to_owned()),
        name: String::new(),
        roles: vec![role],
        unit: None,
    }
}

/// Found at that time, with an act about it.
fn acted(found_at: &str, act: EarlyWarningAct) -> EarlyWarningCommand {
    let ground = EarlyWarningGround::Words {
        word: "记者".to_owned(),
    };
    let found = EarlyWarningFound {
        ground,
        found_at: at(found_at),
        orders: vec!["单1".to_owned()],
    };
    EarlyWarningCommand::Act { found, act }
}

fn closed(reason: &str) -> EarlyWarningAct {
    let reason = reason.to_owned();
    EarlyWarningAct::Closed { reason }
}

/// What becomes of commands, each an hour after the one before.
fn told_of(commands: &[EarlyWarningCommand], by: Role) -> (Option<EarlyWarningRecord>, String) {
    let mut record = None;
    let mut told = Vec::new();
    let mut now = at(NOW);
    for command in commands {
        match decide(record.as_ref(), command, now, &person(by)) {
            Ok(event) => {
                apply(&mut record, &event);
                let rounds = record.iter().flat_map(|it| &it.rounds);
                let stages = rounds.map(|it| EarlyWarningStage::after(&it.steps));
                told.push(format!(
                    "{:?} {:?}",
                    command.kind(),
                    stages.collect::<Vec<_>>()
                ));
            }
            Err(refusal) => told.push(format!("{:?} {refusal:?}", command.kind())),
        }
        now += TimeDelta::hours(1);
    }
    (record, told.join("\n"))
}

#[test]
fn what_is_done_about_a_warning() {
    let text = |text: &str| text.to_owned();
    let pass = |to: &str| EarlyWarningAct::PassedOn {
        to: text(to),
        note: text("已电话告知"),
    };
    let note = || EarlyWarningAct::Noted { note: text("") };
    let commands = [
        acted(NOW, note()),
        acted(NOW, pass(" ")),
        acted(NOW, pass(" 县水务局 ")),
        acted(NOW, closed("")),
        acted(NOW, closed(&"长".repeat(201))),
        acted(NOW, closed("已恢复供水")),
        acted(NOW, note()),
    ];
    let (record, told) = told_of(&commands, Role::ShiftLead);
    expect![[r#"
        Note [Noted]
        PassOn ToMissing
        PassOn [PassedOn]
        Close ReasonMissing
        Close NoteTooLong { max_chars: 200 }
        Close [Closed]
        Note ClosedAlready"#]]
    .assert_eq(&told);
    let record = record.unwrap();
    assert_eq!((record.n_events, record.open_round()), (3, None));
    let passed = &record.rounds[0].steps[1].act;
    assert!(matches!(passed, EarlyWarningAct::PassedOn { to, .. } if to == "县水务局"));
    let (_, refused) = told_of(&commands[..1], Role::Operator);
    assert!(refused.contains("NotPermitted"), "{refused}");
}

/// Two desks found the same: who comes second adds to it, or finds it closed. What was found later is a warning
/// of its own.
#[test]
fn what_two_desks_found_is_one_warning() {
    let note = || EarlyWarningAct::Noted {
        note: String::new(),
    };
    let (record, told) = told_of(
        &[
            acted("2026-11-26 08:00", note()),
            acted("2026-11-26 09:30", closed("甲桌已办")),
            acted("2026-11-26 09:40", closed("乙桌也办了")),
            acted("2026-11-29 08:00", note()),
        ],
        Role::Analyst,
    );
    expect![[r#"
        Note [Noted]
        Close [Closed]
        Close ClosedAlready
        Note [Closed, Noted]"#]]
    .assert_eq(&told);
    let record = record.unwrap();
    let open = record.open_round().unwrap();
    assert_eq!(open.found.found_at, at("2026-11-29 08:00"));
    // As the first saw it.
    assert_eq!(record.rounds[0].found.found_at, at("2026-11-26 08:00"));
}

#[test]
fn a_warning_has_not_more_acts_and_orders_than_can_be_read() {
    let note = || EarlyWarningAct::Noted {
        note: String::new(),
    };
    let many = vec![acted(NOW, note()); WARNING_STEPS_MAX as usize + 1];
    let (_, told) = told_of(&many, Role::Supervisor);
    assert!(told.ends_with("TooManySteps { max: 50 }"), "{told}");
    let mut long = acted(NOW, note());
    if let EarlyWarningCommand::Act { found, .. } = &mut long {
        found.orders = vec!["单".to_owned(); WARNING_TOLD_ORDERS_MAX + 1];
    }
    let (_, told) = told_of(&[long], Role::Supervisor);
    assert_eq!(told, "Note TooManyOrders { max: 100 }");
}

#[test]
fn thresholds_are_set_by_who_may_and_each_setting_is_a_version() {
    let set = |repeat_min: u32| EarlyWarningCommand::SetThresholds {
        thresholds: EarlyWarningThresholds {
            repeat_min,
            ..EarlyWarningThresholds::built_in()
        },
    };
    let commands = [set(3), set(1), set(4), set(4), set(3)];
    let (record, told) = told_of(&commands, Role::Analyst);
    expect![[r#"
        SetThresholds Unchanged
        SetThresholds OutOfRange { field: RepeatMin, least: 2, most: 1000 }
        SetThresholds []
        SetThresholds Unchanged
        SetThresholds []"#]]
    .assert_eq(&told);
    let versions = record.unwrap().thresholds;
    let set_to: Vec<u32> = versions.iter().map(|it| it.thresholds.repeat_min).collect();
    assert_eq!(set_to, [4, 3]);
    let (_, refused) = told_of(&commands[2..3], Role::ShiftLead);
    assert!(refused.contains("NotPermitted"), "{refused}");
}

/// The form in which the feed keeps it.
#[test]
fn what_was_done_keeps_its_form() {
    let event = EarlyWarningEvent {
        occurred_at: at(NOW),
        actor: ActorId("2001".to_owned()),
        kind: acted(NOW, closed("已答复")),
    };
    let text = serde_json::to_string(&event).unwrap();
    expect![[r#"{"occurred_at":1795654800000,"actor":"2001","command":"act","found":{"ground":{"rule":"words","word":"记者"},"found_at":1795654800000,"orders":["单1"]},"act":{"type":"closed","reason":"已答复"}}"#]].assert_eq(&text);
    let again: EarlyWarningEvent = serde_json::from_str(&text).unwrap();
    assert_eq!(again, event);
}

#[test]
fn thresholds_that_nothing_could_go_by_are_refused() {
    let built_in = EarlyWarningThresholds::built_in;
    assert_eq!(built_in().check(), Ok(()));
    let changes: [fn(&mut EarlyWarningThresholds); 8] = [
        |it| it.surge_in_a_day = 0,
        |it| it.repeat_min = 1,
        |it| it.repeat_days = 91,
        |it| it.satisfaction_floor_percent = 101,
        |it| it.quiet_hours = 0,
        |it| it.words = vec!["水".to_owned()],
        |it| it.words = vec!["很长很长很长很长很长很长很长".to_owned()],
        |it| it.words = vec!["停水".to_owned(); 101],
    ];
    for change in changes {
        let mut thresholds = built_in();
        change(&mut thresholds);
        assert!(thresholds.check().is_err(), "{thresholds:?}");
    }
}

/// The form in which desks keep them.
#[test]
fn thresholds_keep_their_form() {
    let thresholds = serde_json::to_string(&EarlyWarningThresholds::built_in()).unwrap();
    expect![[r#"{"surge_in_a_day":5,"surge_z_hundredths":300,"repeat_min":3,"repeat_days":30,"words":["媒体曝光","记者","网上发帖","跳楼","集体维权","拖欠工资"],"hears_crowds":true,"satisfaction_floor_percent":85,"satisfaction_min_rated":10,"satisfaction_days":30,"quiet_hours":24}"#]].assert_eq(&thresholds);
}
