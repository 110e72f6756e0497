//! 县中心: calls, dispatch, repeats and the knowledge base.

use chrono::{NaiveDate, TimeDelta};
use domain::clock_face::date_of;
use domain::indicators::{
    CallRecord, Indicator, KbCorrection, KbSearch, KbUpdateTask, Period, correction_times,
};
use domain::kb::KbArticleId;
use domain::kb::task::{KbTaskCommand, KbTaskEvent, KbTaskKind, fold};
use expect_test::expect;

use crate::case_file::{instant, play, unit_id};
use crate::table::{Case, check_case};

const AT_THE_CENTER: &str = "
    甲 11-02 09:00 登记 咨询
    甲 11-02 09:01 当场答复 引用知识
    乙 11-02 09:00 登记 咨询
    乙 11-02 09:01 当场答复
    丙 11-02 09:00 登记 咨询
    丙 11-02 09:01 不予受理
    丁 11-02 09:00 登记 求助
    丁 11-02 09:01 转紧急
    戊 11-02 09:00 登记 投诉
    戊 11-04 00:00 派单 县水务局
    戊 11-04 00:00 送达             // 恰在到期一刻
    己 11-02 09:00 登记 投诉
    己 11-04 09:00 派单 县水务局
    己 11-04 09:01 送达
    庚 11-02 09:10 登记 投诉
    庚 11-02 09:11 并入 戊
    辛 11-03 09:10 登记 投诉
    辛 11-03 09:11 撤回
    壬 11-03 09:10 登记 投诉
    壬 11-03 09:11 提请协调         // 待指定
    癸 11-30 09:10 登记 咨询        // 未到期";

fn call(id: &str, time: &str, waited: Option<i64>, order_numbers: &[&str]) -> CallRecord {
    let asked_at = instant("11-02", time);
    CallRecord {
        id: id.to_owned(),
        asked_at,
        answered_at: waited.map(|seconds| asked_at + TimeDelta::seconds(seconds)),
        is_valid: true,
        order_numbers: order_numbers.iter().map(|it| (*it).to_owned()).collect(),
    }
}

#[test]
fn the_center() {
    let case = Case {
        orders: play(AT_THE_CENTER),
        repeats: ["己".to_owned()].into(),
        calls: vec![
            call("话1", "08:59", Some(15), &["甲"]),
            call("话2", "08:59", Some(16), &["甲", "戊"]),
            call("话3", "08:59", None, &[]),
            CallRecord {
                is_valid: false,
                ..call("话4", "08:59", Some(3), &[])
            },
            call("话5", "08:59", Some(3), &["无"]),
            call("话6", "08:59", Some(3), &[]),
        ],
        ..Case::default()
    };
    check_case(
        &case,
        (11, "11-30 18:00"),
        &[
            Indicator::CallAnswering,
            Indicator::PromptCallAnswering,
            Indicator::DirectAnswer,
            Indicator::TimelyDispatch,
            Indicator::Repeat,
            Indicator::KbAdoption,
        ],
        &expect![[r#"
            接通率 全县 5/6 = 83.33%
              县中心 5/6 = 83.33%｜分子 话1、话2、话4、话5、话6｜其余分母 话3
            15秒接通率 全县 4/5 = 80.00%
              县中心 4/5 = 80.00%｜分子 话1、话4、话5、话6｜其余分母 话2
            直接答复率 全县 1/3 = 33.33%
              县中心 1/3 = 33.33%｜分子 话1｜其余分母 话2、话6｜剔除 话4（无效来电）、话5（无此工单）
            转办及时率 全县 1/2 = 50.00%
              县中心 1/2 = 50.00%｜分子 戊转1｜其余分母 己转1｜剔除 丁转1（中心办结）、丙转1（中心办结）、乙转1（中心办结）、壬转1（暂停计时）、庚转1（已并入）、甲转1（中心办结）、辛转1（已撤回）
            重复率 全县 2/8 = 25.00%
              县中心 2/8 = 25.00%｜分子 己、庚｜其余分母 乙、壬、戊、甲、癸、辛｜剔除 丁（未受理）、丙（未受理）
            知识采纳率 全县 1/3 = 33.33%
              县中心 1/3 = 33.33%｜分子 甲｜其余分母 乙、癸｜剔除 丙（未受理）
        "#]],
    );
}

#[test]
fn the_knowledge_base() {
    let task = |id: &str, unit: &str, due: &str, done: Option<&str>| KbUpdateTask {
        id: id.to_owned(),
        unit: unit_id(unit),
        due_at: instant(due, "24:00"),
        done_at: done.map(|done| instant(done, "10:00")),
    };
    let search = |id: &str, n_results, n_opened| KbSearch {
        id: id.to_owned(),
        searched_at: instant("11-02", "10:00"),
        n_results,
        n_opened,
    };
    let case = Case {
        kb_update_tasks: vec![
            task("更1", "县水务局", "11-10", Some("11-10")),
            task("更2", "县水务局", "11-10", Some("11-11")),
            task("更3", "县教育局", "11-10", None),
            task("更4", "县教育局", "12-10", None),
            task("更5", "县教育局", "11-30", Some("12-02")),
        ],
        kb_searches: vec![
            search("检1", 3, 1),
            search("检2", 3, 0),
            search("检3", 0, 0),
        ],
        ..Case::default()
    };
    check_case(
        &case,
        (11, "12-05 18:00"),
        &[
            Indicator::TimelyKbUpdate,
            Indicator::KbHit,
            Indicator::KbNoResult,
        ],
        &expect![[r#"
            知识更新及时率 全县 1/4 = 25.00%
              县教育局 0/2 = 0.00%｜其余分母 更3、更5
              县水务局 1/2 = 50.00%｜分子 更1｜其余分母 更2
            知识命中率 全县 1/3 = 33.33%
              县中心 1/3 = 33.33%｜分子 检1｜其余分母 检2、检3
            知识零结果率 全县 1/3 = 33.33%
              县中心 1/3 = 33.33%｜分子 检3｜其余分母 检1、检2
        "#]],
    );
}

#[test]
fn corrections() {
    let correction = |id: &str, reported: &str, closed: Option<(&str, &str)>| KbCorrection {
        id: id.to_owned(),
        reported_at: instant(reported, "10:00"),
        closed_at: closed.map(|(date, time)| instant(date, time)),
    };
    let reported = [
        correction("纠1", "11-02", Some(("11-02", "11:00"))),
        correction("纠2", "11-02", Some(("11-02", "10:01"))),
        correction("纠3", "11-02", None),
        correction("纠4", "12-02", None),
    ];
    let november = correction_times(&reported, Period::month(2026, 11).unwrap());
    assert_eq!(november.mean_minutes(), Some(31), "30.5 minutes, half up");
    assert_eq!(november.open, ["纠3"]);
    let december = correction_times(&reported, Period::month(2026, 12).unwrap());
    assert_eq!(december.mean_minutes(), None, "未发生");
}

/// A task with these events, each with its day: what the figures of 第十三条 make of it, as the day it was due
/// and the day it was done.
fn of_task(acts: &[(&str, KbTaskCommand, Option<&str>)]) -> Option<(NaiveDate, Option<NaiveDate>)> {
    let day = |text: &str| format!("2026-{text}").parse::<NaiveDate>().unwrap();
    let assigned = KbTaskCommand::Assign {
        number: "更1".to_owned(),
        kind: KbTaskKind::Write,
        unit: unit_id("县水务局"),
        article: None,
        subject: "停水多久算长时间".to_owned(),
        note: String::new(),
    };
    let given = ("11-02", assigned, Some("11-10"));
    let all = std::iter::once(&given).chain(acts);
    let events: Vec<KbTaskEvent> = all
        .map(|(on, kind, due_on)| KbTaskEvent {
            occurred_at: instant(on, "10:00"),
            actor: domain::ActorId("1401".to_owned()),
            due_on: due_on.map(day),
            kind: kind.clone(),
        })
        .collect();
    let task = KbUpdateTask::of(&fold(&events).unwrap())?;
    let due_on = date_of(task.due_at - TimeDelta::milliseconds(1));
    Some((due_on, task.done_at.map(date_of)))
}

#[test]
fn a_task_handed_back_is_to_be_done_again_and_once_late_it_stays_late() {
    let day = |text: &str| format!("2026-{text}").parse::<NaiveDate>().unwrap();
    let deliver = |on| {
        let (article, note) = (Some(KbArticleId("kb-1".to_owned())), String::new());
        (on, KbTaskCommand::Deliver { article, note }, None)
    };
    let hand_back = |on, due_on| {
        let reason = "缺电话".to_owned();
        (on, KbTaskCommand::Return { reason }, Some(due_on))
    };
    assert_eq!(of_task(&[]), Some((day("11-10"), None)));
    let in_time = [
        deliver("11-10"),
        hand_back("11-16", "11-20"),
        deliver("11-18"),
    ];
    assert_eq!(
        of_task(&in_time[..1]),
        Some((day("11-10"), Some(day("11-10"))))
    );
    assert_eq!(of_task(&in_time[..2]), Some((day("11-20"), None)));
    assert_eq!(of_task(&in_time), Some((day("11-20"), Some(day("11-18")))));
    let late = [
        deliver("11-11"),
        hand_back("11-12", "11-20"),
        deliver("11-13"),
    ];
    for n in 1..=3 {
        assert_eq!(of_task(&late[..n]).unwrap().0, day("11-10"), "{n}");
    }
    let reason = "重复".to_owned();
    let cancelled = [("11-12", KbTaskCommand::Cancel { reason }, None)];
    assert_eq!(of_task(&cancelled), None);
}
