//! A scheme and a month by it, told as a story: who did what when, and what came of it.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use expect_test::expect;

use super::*;
use crate::actor::{Actor, ActorId, Role};
use crate::clock_face::at;
use crate::handling_unit::{HandlingUnit, HandlingUnitId, HandlingUnits};
use crate::indicators::Indicator;

const OCTOBER: AssessedPeriod = AssessedPeriod::Month {
    year: 2026,
    month: 10,
};

fn instant(text: &str) -> DateTime<Utc> {
    let civil = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    at(civil.date(), civil.time())
}

fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

fn unit(id: &str) -> HandlingUnitId {
    HandlingUnitId(id.to_owned())
}

fn actor(name: &str) -> Actor {
    let roles = match name {
        "统计唐" => vec![Role::Analyst],
        "受理陈" => vec![Role::Operator],
        "联络张" => vec![Role::Liaison],
        "审核刘" => vec![Role::UnitReviewer],
        _ => vec![Role::Supervisor],
    };
    Actor {
        id: ActorId(name.to_owned()),
        name: name.to_owned(),
        roles,
        unit: match name {
            "联络张" => Some(unit("城管局")),
            "审核刘" => Some(unit("水务局")),
            _ => None,
        },
    }
}

/// Two lines of fifty: 按时办结 from 80 % to 100 %, 重办 from 20 % down to none.
fn scheme() -> AssessmentScheme {
    let line = |indicator, floor, full| SchemeLine {
        part: AssessmentPart::Handling,
        indicator,
        weight: 5_000,
        floor,
        full,
        none: NoneRule::LeftOut,
    };
    AssessmentScheme {
        id: "QX".to_owned(),
        version: 2,
        name: "2026年下半年办理考核".to_owned(),
        effective_from: day("2026-10-01"),
        lines: vec![
            line(Indicator::TimelyCompletion, 8_000, 10_000),
            line(Indicator::Rework, 2_000, 0),
        ],
        deductions: vec![Deduction {
            event: DeductedEvent::Admonition,
            each: 200,
            at_most: 400,
        }],
    }
}

fn frozen(id: &str, (on_time, n): (u64, u32), again: u64, talks: &[&str]) -> FrozenUnit {
    let figure = |indicator, points, n_items| FrozenFigure {
        indicator,
        points,
        n_items,
        full_points: 1,
        sha256: "0".repeat(64),
    };
    FrozenUnit {
        unit: unit(id),
        figures: vec![
            figure(Indicator::TimelyCompletion, on_time, n),
            figure(Indicator::Rework, again, n),
        ],
        events: vec![FrozenEvents {
            event: DeductedEvent::Admonition,
            numbers: talks.iter().map(|it| (*it).to_owned()).collect(),
        }],
    }
}

fn count() -> AssessmentCommand {
    AssessmentCommand::Count {
        period: OCTOBER,
        counted_at: instant("2026-11-02 09:00"),
        units: vec![
            frozen("水务局", (19, 20), 1, &[]),
            frozen("城管局", (18, 20), 0, &["JD-1"]),
        ],
    }
}

fn appeal(item: &str, points: Option<u32>) -> AssessmentCommand {
    AssessmentCommand::Appeal {
        period: OCTOBER,
        unit: unit("城管局"),
        target: AppealTarget::Item {
            indicator: Indicator::TimelyCompletion,
            item: item.to_owned(),
            points,
        },
        reason: "系统故障，当日已办结".to_owned(),
    }
}

fn against_talk() -> AssessmentCommand {
    AssessmentCommand::Appeal {
        period: OCTOBER,
        unit: unit("城管局"),
        target: AppealTarget::Deduction {
            event: DeductedEvent::Admonition,
            number: "JD-1".to_owned(),
        },
        reason: "约谈已撤销".to_owned(),
    }
}

fn uphold(appeal: u32, correction: AppealCorrection) -> AssessmentCommand {
    AssessmentCommand::Uphold {
        period: OCTOBER,
        appeal,
        correction,
        reason: "情况属实".to_owned(),
    }
}

fn dismiss(appeal: u32) -> AssessmentCommand {
    AssessmentCommand::Dismiss {
        period: OCTOBER,
        appeal,
        reason: "证据不足".to_owned(),
    }
}

fn publish(until: &str) -> AssessmentCommand {
    AssessmentCommand::Publish {
        period: OCTOBER,
        appeals_until: day(until),
    }
}

fn announce() -> AssessmentCommand {
    AssessmentCommand::Announce {
        document: "渠审批发〔2026〕30号".to_owned(),
    }
}

fn finalise() -> AssessmentCommand {
    AssessmentCommand::Finalise { period: OCTOBER }
}

fn report() -> AssessmentCommand {
    AssessmentCommand::Report {
        period: OCTOBER,
        document: "渠审批发〔2026〕36号".to_owned(),
    }
}

fn draft() -> AssessmentCommand {
    AssessmentCommand::Draft {
        number: "KH-1".to_owned(),
        scheme: scheme(),
    }
}

#[derive(Default)]
struct Bureau {
    record: Option<SchemeRecord>,
    told: String,
}

impl Bureau {
    fn act(&mut self, time: &str, who: &str, command: &AssessmentCommand) {
        let units: HandlingUnits = ["水务局", "城管局"]
            .into_iter()
            .map(|id| HandlingUnit {
                id: unit(id),
                name: id.to_owned(),
                aliases: Vec::new(),
                group: String::new(),
            })
            .collect();
        let actor = actor(who);
        let facts = AssessmentFacts {
            now: instant(time),
            actor: &actor,
            units: &units,
        };
        let said = match decide(self.record.as_ref(), command, &facts) {
            Ok(event) => {
                let text = serde_json::to_string(&event).unwrap();
                assert_eq!(
                    serde_json::from_str::<AssessmentEvent>(&text).unwrap(),
                    event
                );
                apply(&mut self.record, &event);
                "好".to_owned()
            }
            Err(refusal) => format!("拒绝: {refusal}"),
        };
        writeln!(self.told, "{time} {who} {:?} -> {said}", command.kind()).unwrap();
    }

    fn scores(&mut self) {
        let record = self.record.as_ref().unwrap();
        let round = record.round(OCTOBER).unwrap();
        for score in round.result(&record.scheme) {
            let lines: Vec<String> = score
                .lines
                .iter()
                .map(|it| it.points.map_or("-".to_owned(), Points::text))
                .collect();
            let off: u32 = score.deductions.iter().map(|it| it.points.0).sum();
            writeln!(
                self.told,
                "    {} {} = {} - {} -> {}",
                score.place,
                score.unit.0,
                lines.join(" + "),
                Points(off).text(),
                score.total.text(),
            )
            .unwrap();
        }
    }
}

#[test]
fn article_23_from_the_draft_to_the_bulletin() {
    let mut it = Bureau::default();
    it.act("2026-09-20 09:00", "监督何", &count());
    it.act("2026-09-20 09:00", "受理陈", &draft());
    it.act("2026-09-20 09:00", "统计唐", &draft());
    it.act("2026-09-20 10:00", "统计唐", &announce());
    it.act("2026-10-01 00:00", "监督何", &announce());
    it.act("2026-09-30 23:00", "监督何", &announce());
    it.act("2026-10-31 23:59", "统计唐", &count());
    it.act("2026-11-02 09:00", "统计唐", &count());
    it.act("2026-11-02 09:10", "统计唐", &count());
    it.scores();
    it.act("2026-11-02 09:20", "监督何", &publish("2026-11-02"));
    it.act("2026-11-02 09:20", "监督何", &publish("2026-11-09"));
    it.act("2026-11-02 09:30", "统计唐", &count());
    it.act("2026-11-03 09:00", "监督罗", &appeal("QX-7", Some(0)));
    it.act("2026-11-03 09:01", "统计唐", &appeal("QX-7", Some(0)));
    it.act("2026-11-03 09:02", "统计唐", &against_talk());
    it.act(
        "2026-11-03 10:00",
        "监督罗",
        &uphold(1, AppealCorrection::InFavour),
    );
    it.act(
        "2026-11-03 10:00",
        "监督何",
        &uphold(1, AppealCorrection::InFavour),
    );
    it.act(
        "2026-11-03 10:01",
        "监督何",
        &uphold(2, AppealCorrection::InFavour),
    );
    it.act("2026-11-03 10:02", "监督何", &dismiss(1));
    it.act("2026-11-10 09:00", "统计唐", &appeal("QX-8", Some(0)));
    it.act("2026-11-09 09:00", "监督罗", &finalise());
    it.act("2026-11-10 09:00", "监督罗", &finalise());
    it.act(
        "2026-11-10 09:10",
        "监督何",
        &uphold(2, AppealCorrection::LeftOut),
    );
    it.scores();
    it.act("2026-11-10 09:20", "统计唐", &finalise());
    it.act("2026-11-10 09:20", "监督罗", &finalise());
    it.act("2026-11-10 10:00", "监督何", &report());
    it.act("2026-11-10 10:10", "监督何", &report());
    let withdraw = AssessmentCommand::Withdraw {
        reason: "改用新方案".to_owned(),
    };
    it.act("2026-12-20 10:00", "监督何", &withdraw);
    it.act("2027-01-02 10:00", "统计唐", &count());
    expect![[r#"
        2026-09-20 09:00 监督何 Count -> 拒绝: there is no such scheme
        2026-09-20 09:00 受理陈 Draft -> 拒绝: needs one of [Analyst, Supervisor]
        2026-09-20 09:00 统计唐 Draft -> 好
        2026-09-20 10:00 统计唐 Announce -> 拒绝: needs one of [Supervisor]
        2026-10-01 00:00 监督何 Announce -> 拒绝: 2026-10-01 is not after 2026-10-01
        2026-09-30 23:00 监督何 Announce -> 好
        2026-10-31 23:59 统计唐 Count -> 拒绝: the period ends on 2026-10-31
        2026-11-02 09:00 统计唐 Count -> 好
        2026-11-02 09:10 统计唐 Count -> 好
            1 水务局 = 37.50 + 37.50 - 0.00 -> 75.00
            2 城管局 = 25.00 + 50.00 - 2.00 -> 73.00
        2026-11-02 09:20 监督何 Publish -> 拒绝: 2026-11-02 is not between the day after 2026-11-02 and 60 days later
        2026-11-02 09:20 监督何 Publish -> 好
        2026-11-02 09:30 统计唐 Count -> 拒绝: not possible at stage Published of the period
        2026-11-03 09:00 监督罗 Appeal -> 好
        2026-11-03 09:01 统计唐 Appeal -> 拒绝: appeal 1 says the same
        2026-11-03 09:02 统计唐 Appeal -> 好
        2026-11-03 10:00 监督罗 Uphold -> 拒绝: another person has to confirm it
        2026-11-03 10:00 监督何 Uphold -> 好
        2026-11-03 10:01 监督何 Uphold -> 拒绝: the correction does not fit what was appealed against
        2026-11-03 10:02 监督何 Dismiss -> 拒绝: appeal 1 is ruled on
        2026-11-10 09:00 统计唐 Appeal -> 拒绝: appeals were possible until 2026-11-09
        2026-11-09 09:00 监督罗 Finalise -> 拒绝: appeals are possible until 2026-11-09
        2026-11-10 09:00 监督罗 Finalise -> 拒绝: 1 appeals are not ruled on
        2026-11-10 09:10 监督何 Uphold -> 好
            1 城管局 = 37.50 + 50.00 - 0.00 -> 87.50
            2 水务局 = 37.50 + 37.50 - 0.00 -> 75.00
        2026-11-10 09:20 统计唐 Finalise -> 拒绝: needs one of [Supervisor]
        2026-11-10 09:20 监督罗 Finalise -> 好
        2026-11-10 10:00 监督何 Report -> 好
        2026-11-10 10:10 监督何 Report -> 拒绝: not possible at stage Reported of the period
        2026-12-20 10:00 监督何 Withdraw -> 好
        2027-01-02 10:00 统计唐 Count -> 拒绝: not possible at stage Withdrawn of the scheme
    "#]].assert_eq(&it.told);
}

#[test]
fn a_correction_fits_what_was_counted_or_is_refused() {
    let mut it = Bureau::default();
    it.act("2026-09-20 09:00", "统计唐", &draft());
    it.act("2026-09-21 09:00", "监督何", &announce());
    it.act("2026-11-02 09:00", "统计唐", &count());
    it.act("2026-11-02 09:20", "监督何", &publish("2026-11-09"));
    it.act("2026-11-03 09:00", "统计唐", &appeal("QX-1", None));
    it.act("2026-11-03 09:00", "统计唐", &appeal("QX-2", Some(1)));
    it.act("2026-11-03 09:00", "统计唐", &appeal("QX-3", Some(2)));
    it.act(
        "2026-11-03 10:00",
        "监督何",
        &uphold(1, AppealCorrection::LeftOut),
    );
    it.act(
        "2026-11-03 10:00",
        "监督何",
        &uphold(1, AppealCorrection::InFavour),
    );
    it.act(
        "2026-11-03 10:00",
        "监督何",
        &uphold(2, AppealCorrection::InFavour),
    );
    it.act(
        "2026-11-03 10:00",
        "监督何",
        &uphold(2, AppealCorrection::LeftOut),
    );
    it.act(
        "2026-11-03 10:00",
        "监督何",
        &uphold(3, AppealCorrection::LeftOut),
    );
    it.scores();
    expect![[r#"
        2026-09-20 09:00 统计唐 Draft -> 好
        2026-09-21 09:00 监督何 Announce -> 好
        2026-11-02 09:00 统计唐 Count -> 好
        2026-11-02 09:20 监督何 Publish -> 好
        2026-11-03 09:00 统计唐 Appeal -> 好
        2026-11-03 09:00 统计唐 Appeal -> 好
        2026-11-03 09:00 统计唐 Appeal -> 拒绝: nothing of the kind was counted of the unit
        2026-11-03 10:00 监督何 Uphold -> 拒绝: the correction does not fit what was appealed against
        2026-11-03 10:00 监督何 Uphold -> 好
        2026-11-03 10:00 监督何 Uphold -> 拒绝: the correction does not fit what was appealed against
        2026-11-03 10:00 监督何 Uphold -> 好
        2026-11-03 10:00 监督何 Uphold -> 拒绝: there is no appeal 3
            1 水务局 = 37.50 + 37.50 - 0.00 -> 75.00
            2 城管局 = 25.00 + 50.00 - 2.00 -> 73.00
    "#]].assert_eq(&it.told);
}

#[test]
fn what_was_not_counted_by_the_scheme_is_not_taken() {
    let broken: [fn(&mut Vec<FrozenUnit>); 6] = [
        Vec::clear,
        |units| units[1] = units[0].clone(),
        |units| units[0].unit = unit("不在名录"),
        |units| units[0].figures.swap(0, 1),
        |units| units[0].figures[0].points = 21,
        |units| units[0].figures[0].sha256 = "没有".to_owned(),
    ];
    let mut it = Bureau::default();
    it.act("2026-09-20 09:00", "统计唐", &draft());
    it.act("2026-09-21 09:00", "监督何", &announce());
    for change in broken {
        let AssessmentCommand::Count {
            period,
            counted_at,
            mut units,
        } = count()
        else {
            unreachable!("it counts");
        };
        change(&mut units);
        let command = AssessmentCommand::Count {
            period,
            counted_at,
            units,
        };
        it.act("2026-11-02 09:00", "统计唐", &command);
    }
    let years = [
        (2026, "2027-01-02 09:00"),
        (2027, "2028-01-02 09:00"),
        (9_999, "2028-01-02 09:00"),
    ];
    for (year, time) in years {
        let command = AssessmentCommand::Count {
            period: AssessedPeriod::Year { year },
            counted_at: instant(time),
            units: vec![frozen("水务局", (19, 20), 1, &[])],
        };
        it.act(time, "统计唐", &command);
    }
    expect![[r#"
        2026-09-20 09:00 统计唐 Draft -> 好
        2026-09-21 09:00 监督何 Announce -> 好
        2026-11-02 09:00 统计唐 Count -> 拒绝: no unit, or more than 1000
        2026-11-02 09:00 统计唐 Count -> 拒绝: there is no unit HandlingUnitId("水务局"), or it stands twice
        2026-11-02 09:00 统计唐 Count -> 拒绝: there is no unit HandlingUnitId("不在名录"), or it stands twice
        2026-11-02 09:00 统计唐 Count -> 拒绝: what was counted of HandlingUnitId("水务局") is not by the scheme
        2026-11-02 09:00 统计唐 Count -> 拒绝: what was counted of HandlingUnitId("水务局") is not by the scheme
        2026-11-02 09:00 统计唐 Count -> 拒绝: what was counted of HandlingUnitId("水务局") is not by the scheme
        2027-01-02 09:00 统计唐 Count -> 拒绝: the scheme is for periods from 2026-10-01 on
        2028-01-02 09:00 统计唐 Count -> 好
        2028-01-02 09:00 统计唐 Count -> 拒绝: no calendar has the period
    "#]].assert_eq(&it.told);
}

#[test]
fn the_scheme_of_a_period_is_the_one_that_began_last_before_it() {
    let record = |number: &str, from: &str, version, stage| {
        let mut it = Bureau::default();
        it.act("2026-09-20 09:00", "统计唐", &draft());
        let mut record = it.record.unwrap();
        record.number = number.to_owned();
        record.scheme.effective_from = day(from);
        record.scheme.version = version;
        record.stage = stage;
        record
    };
    let records = [
        record("一", "2026-01-01", 1, SchemeStage::Announced),
        record("二", "2026-07-01", 2, SchemeStage::Announced),
        record("三", "2026-07-01", 3, SchemeStage::Withdrawn),
        record("四", "2026-09-01", 4, SchemeStage::Drafted),
    ];
    let of = |period| scheme_for(&records, period).map(|it| it.number.as_str());
    let month = |year, month| AssessedPeriod::Month { year, month };
    assert_eq!(of(month(2025, 12)), None);
    assert_eq!(of(month(2026, 6)), Some("一"));
    assert_eq!(of(OCTOBER), Some("二"));
    assert_eq!(of(AssessedPeriod::Year { year: 2026 }), Some("一"));
    assert_eq!(of(month(2026, 13)), None);
}

#[test]
fn a_unit_appeals_for_itself_and_for_no_other() {
    let mut it = Bureau::default();
    it.act("2026-09-20 09:00", "统计唐", &draft());
    it.act("2026-09-30 23:00", "监督何", &announce());
    it.act("2026-11-02 09:00", "联络张", &count());
    it.act("2026-11-02 09:00", "统计唐", &count());
    it.act("2026-11-02 09:10", "联络张", &appeal("QX-7", Some(0)));
    it.act("2026-11-02 09:20", "监督何", &publish("2026-11-09"));
    it.act("2026-11-03 09:00", "审核刘", &appeal("QX-7", Some(0)));
    it.act("2026-11-03 09:01", "联络张", &appeal("QX-7", Some(0)));
    it.act("2026-11-03 09:02", "联络张", &against_talk());
    it.act(
        "2026-11-03 10:00",
        "联络张",
        &uphold(1, AppealCorrection::LeftOut),
    );
    it.act("2026-11-10 00:00", "联络张", &appeal("QX-8", Some(0)));
    expect![[r#"
        2026-09-20 09:00 统计唐 Draft -> 好
        2026-09-30 23:00 监督何 Announce -> 好
        2026-11-02 09:00 联络张 Count -> 拒绝: needs one of [Analyst, Supervisor]
        2026-11-02 09:00 统计唐 Count -> 好
        2026-11-02 09:10 联络张 Appeal -> 拒绝: not possible at stage Counted of the period
        2026-11-02 09:20 监督何 Publish -> 好
        2026-11-03 09:00 审核刘 Appeal -> 拒绝: it is another unit's
        2026-11-03 09:01 联络张 Appeal -> 好
        2026-11-03 09:02 联络张 Appeal -> 好
        2026-11-03 10:00 联络张 Uphold -> 拒绝: needs one of [Supervisor]
        2026-11-10 00:00 联络张 Appeal -> 拒绝: appeals were possible until 2026-11-09
    "#]]
    .assert_eq(&it.told);
}

#[test]
fn a_period_is_named_and_read_again() {
    for id in ["2026-10", "2026"] {
        assert_eq!(AssessedPeriod::of_id(id).unwrap().id(), id);
    }
    for id in ["", "2026-13", "二〇二六年", "99999", "2026-11-01"] {
        assert_eq!(AssessedPeriod::of_id(id), None, "{id}");
    }
}
