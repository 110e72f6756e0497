//! The edge cases of limits, as lines that a caseworker can read and check with a wall calendar.
//!
//! Each line is an act with its time; what the rules say of it follows after `→`.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use domain::calendar::{HolidayRun, MakeUpWorkday, WorkCalendar, YearNotice};
use domain::clock_face::{at, date_of, time_of, weekday_text};
use domain::extension::{
    CityRuling, ExtensionAsk, ExtensionLane, ExtensionRefusal, ExtensionRequest, ExtensionStanding,
    GrantedExtension, propose_extension,
};
use domain::matter::MatterKind;
use domain::rule_set::RuleSet;
use domain::screening::{ScreeningLimits, ScreeningTiming, evidence_limit};
use domain::time_limit::{
    Adjustment, LimitKind, Span, SuspensionReason, SuspensionRefusal, TimeLimit, recount,
};
use domain::upstream::{MonthEndPrinciple, Superior, UpstreamLimit};
use expect_test::{Expect, expect};

use crate::words;

struct Case {
    calendar: WorkCalendar,
    rules: RuleSet,
    kind: MatterKind,
    limit: Option<TimeLimit>,
    ruling: Option<CityRuling>,
    n_granted: u32,
    screening: Option<ScreeningLimits>,
    notice: YearNotice,
}

fn instant(day: &str, time: &str) -> DateTime<Utc> {
    let text = format!("{day} {time}");
    let civil = NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S"))
        .unwrap_or_else(|_| panic!("not a time: {text}"));
    at(civil.date(), civil.time())
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|_| panic!("not a day: {text}"))
}

/// The end of a day as people write it: 24:00, not 00:00 of the next.
fn shown(moment: DateTime<Utc>) -> String {
    let midnight = time_of(moment) == chrono::NaiveTime::MIN;
    let day = date_of(moment - TimeDelta::milliseconds(i64::from(midnight)));
    let time = if midnight {
        "24:00".to_owned()
    } else {
        time_of(moment).format("%H:%M").to_string()
    };
    format!("{day} {} {time}", weekday_text(day))
}

fn yes(is_so: bool, text: &str) -> String {
    if is_so {
        format!("，{text}")
    } else {
        String::new()
    }
}

fn matter_kind(word: &str) -> MatterKind {
    words::find(&MatterKind::ALL, words::matter_kind, word).expect("a kind of matter")
}

fn lane(lane: ExtensionLane) -> &'static str {
    match lane {
        ExtensionLane::General => "一般",
        ExtensionLane::Grave => "特别重大复杂",
        ExtensionLane::Exceptional => "须市明示同意",
        ExtensionLane::Statutory => "法定",
    }
}

fn extension_refusal(refusal: &ExtensionRefusal) -> String {
    match refusal {
        ExtensionRefusal::AfterDue { due_at, .. } => format!("已于{}到期", shown(*due_at)),
        ExtensionRefusal::Consultation => "咨询类不予延期".to_owned(),
        ExtensionRefusal::NoneLeft { n_granted } => format!("已延期 {n_granted} 次"),
        ExtensionRefusal::NotLonger => "不多于原期限".to_owned(),
        ExtensionRefusal::OverGeneral { at_most, .. } => format!("一般至多 {at_most} 个工作日"),
        ExtensionRefusal::StatementMissing { at_most } => {
            format!("超过 {at_most} 个工作日须监督员说明")
        }
        ExtensionRefusal::OverExceptional { at_most, .. } => format!("至多 {at_most} 个工作日"),
        ExtensionRefusal::LawMissing => "未引法条".to_owned(),
    }
}

fn suspension_refusal(refusal: &SuspensionRefusal) -> String {
    match refusal {
        SuspensionRefusal::CountsHours => "小时制时限不停表".to_owned(),
        SuspensionRefusal::AlreadySuspended { since } => format!("自{}已暂停", shown(*since)),
        SuspensionRefusal::NotSuspended => "未在暂停".to_owned(),
        SuspensionRefusal::TooEarly { earliest } => format!("不得早于{}", shown(*earliest)),
        SuspensionRefusal::AfterDue { due_at } => format!("已于{}到期", shown(*due_at)),
    }
}

fn reason(word: &str) -> SuspensionReason {
    match word {
        "待指定" => SuspensionReason::AwaitingDesignation,
        "退回审核" => SuspensionReason::SendBackReview,
        "法定" => SuspensionReason::Statutory,
        _ => panic!("not a reason to suspend: {word}"),
    }
}

impl Case {
    fn limit(&self) -> &TimeLimit {
        self.limit.as_ref().expect("a limit before this line")
    }

    fn start(&mut self, kind: LimitKind, span: Span, started_at: DateTime<Utc>) -> String {
        let limit = TimeLimit::start(kind, span, started_at, &self.calendar, &self.rules);
        self.ruling = None;
        self.n_granted = 0;
        self.take(limit)
    }

    fn take(&mut self, limit: TimeLimit) -> String {
        let said = format!("到期 {}", shown(limit.due_at));
        self.limit = Some(limit);
        said
    }

    fn ask(&mut self, ask: ExtensionAsk, requested_at: DateTime<Utc>) -> String {
        let request = ExtensionRequest { requested_at, ask };
        let Self {
            calendar,
            rules,
            kind,
            n_granted,
            ..
        } = self;
        let limit = self.limit.as_ref().expect("a limit before this line");
        match propose_extension(limit, *kind, *n_granted, &request, calendar, rules) {
            Ok(proposed) => {
                self.ruling = Some(CityRuling::Pending);
                format!(
                    "{}，可延至 {}{}",
                    lane(proposed.lane),
                    shown(proposed.due_at),
                    yes(proposed.is_short_notice, "晚于建议提交时点")
                )
            }
            Err(refusal) => format!("拒绝: {}", extension_refusal(&refusal)),
        }
    }

    fn standing(&self, now: DateTime<Utc>) -> String {
        let limit = self.limit();
        // An order for which nobody has asked for more time stands as one that was denied it.
        let ruling = self.ruling.unwrap_or(CityRuling::Denied);
        if limit.is_suspended() {
            return "暂停中".to_owned();
        }
        match ruling.standing(limit.due_at, now) {
            ExtensionStanding::InTime { due_at } => format!("未到期，{}到期", shown(due_at)),
            ExtensionStanding::AwaitingRuling => "待批暂挂".to_owned(),
            ExtensionStanding::Overdue { since } => format!("超期，自{}", shown(since)),
        }
    }

    fn explain(&self) -> String {
        let explanation = self.limit().explain(&self.calendar);
        let mut lines = vec![format!("与所记一致：{}", explanation.agrees)];
        for counted in &explanation.days {
            let day = counted.day.date;
            let what = match counted.ordinal {
                Some(n) => format!("第{n}日"),
                None if counted.is_suspended => "暂停".to_owned(),
                None => "不计".to_owned(),
            };
            lines.push(format!("{day} {} {what}", weekday_text(day)));
        }
        for adjustment in &explanation.adjustments {
            let what = match adjustment {
                Adjustment::Suspended { n_days, .. } => format!("暂停，扣除 {n_days} 个工作日"),
                Adjustment::Extended(extension) => format!("延期至 {}", shown(extension.due_at)),
                Adjustment::EarlierUpstream(upstream) => {
                    format!("上级期限 {}", shown(upstream.due_at))
                }
            };
            lines.push(format!("{what}（{}）", adjustment.article()));
        }
        lines.join("\n      ")
    }

    fn announce(&mut self, now: DateTime<Utc>) -> String {
        self.calendar = match self.calendar.announce(&self.notice) {
            Ok(calendar) => calendar,
            Err(refusal) => return format!("拒绝: {refusal}"),
        };
        let recounts = recount([self.limit()], &self.calendar, &self.rules, now);
        match recounts.into_iter().next() {
            Some(moved) => {
                let before = shown(moved.before.due_at);
                format!("原 {before}，{}", self.take(moved.after))
            }
            None => "不变".to_owned(),
        }
    }

    fn line(&mut self, line: &str) -> String {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["签收", "送达", day, time] => {
                self.start(LimitKind::SignFor, Span::WorkingDays(1), instant(day, time))
            }
            ["办理", kind, day, time] => {
                self.kind = matter_kind(kind);
                let span = Span::WorkingDays(self.rules.handle_days(self.kind));
                self.start(LimitKind::Handle, span, instant(day, time))
            }
            ["响应", hours, day, time] => {
                let span = Span::Hours(hours.parse().unwrap());
                self.start(LimitKind::FirstResponse, span, instant(day, time))
            }
            ["补证", day, time] => {
                let limit = evidence_limit(instant(day, time), &self.calendar, &self.rules);
                self.take(limit)
            }
            ["评价", day, time] => {
                let limits = ScreeningLimits::of(instant(day, time), &self.calendar, &self.rules);
                self.screening = Some(limits);
                format!(
                    "原则 {}，截止 {}{}",
                    shown(limits.principle_due_at),
                    shown(limits.cut_off_at),
                    yes(limits.is_cut_short(), "倒挂，以截止为准")
                )
            }
            ["申请甄别", day, time] => match self.screening.unwrap().timing(instant(day, time))
            {
                ScreeningTiming::WithinPrinciple => "可提".to_owned(),
                ScreeningTiming::NeedsReason => "可提，须说明".to_owned(),
                ScreeningTiming::CutOff => "逾期，按不满意归档".to_owned(),
            },
            ["省交办", kind, day, time] => {
                let assigned_at = instant(day, time);
                self.line(&format!("办理 {kind} {day} {time}"));
                let due_at = self.limit().due_at;
                let principle =
                    MonthEndPrinciple::of(assigned_at, due_at, &self.calendar, &self.rules);
                format!(
                    "到期 {}，月末目标 {}{}",
                    shown(due_at),
                    shown(principle.target_at),
                    yes(principle.crosses_month, "跨月须说明")
                )
            }
            [word @ ("市下达" | "省下达"), day, time] => {
                let superior = if word == "市下达" {
                    Superior::City
                } else {
                    Superior::Province
                };
                let upstream = UpstreamLimit {
                    superior,
                    due_at: instant(day, time),
                };
                let limit = self
                    .limit()
                    .with_upstream(upstream, &self.calendar, &self.rules);
                self.take(limit)
            }
            ["申请延期", "一般", days, day, time] => {
                let days = days.parse().unwrap();
                self.ask(ExtensionAsk::Complicated { days }, instant(day, time))
            }
            ["申请延期", "特别重大", days, statement, day, time] => {
                let ask = ExtensionAsk::Grave {
                    days: days.parse().unwrap(),
                    supervisor_statement: statement.replace("无说明", ""),
                };
                self.ask(ask, instant(day, time))
            }
            ["申请延期", "法定", last_day, law, day, time] => {
                let ask = ExtensionAsk::Statutory {
                    last_day: date(last_day),
                    law: law.replace("无法条", ""),
                };
                self.ask(ask, instant(day, time))
            }
            ["市驳回", ..] => {
                self.ruling = Some(CityRuling::Denied);
                "驳回".to_owned()
            }
            ["市批准", until, day, time] => {
                let due_at = instant(until, "00:00") + TimeDelta::days(1);
                let extension = GrantedExtension {
                    lane: ExtensionLane::General,
                    granted_at: instant(day, time),
                    due_at,
                };
                self.n_granted += 1;
                self.ruling = Some(CityRuling::Granted { due_at });
                let limit = self
                    .limit()
                    .with_extension(extension, &self.calendar, &self.rules);
                self.take(limit)
            }
            ["暂停", word, day, time] => {
                match self.limit().suspend(reason(word), instant(day, time)) {
                    Ok(limit) => {
                        self.limit = Some(limit);
                        "暂停中".to_owned()
                    }
                    Err(refusal) => format!("拒绝: {}", suspension_refusal(&refusal)),
                }
            }
            ["恢复", day, time] => {
                match self
                    .limit()
                    .resume(instant(day, time), &self.calendar, &self.rules)
                {
                    Ok(limit) => self.take(limit),
                    Err(refusal) => format!("拒绝: {}", suspension_refusal(&refusal)),
                }
            }
            ["现在", day, time] => self.standing(instant(day, time)),
            ["说明"] => self.explain(),
            ["放假", name, first, last] => {
                self.notice.holidays.push(HolidayRun {
                    name: name.to_owned(),
                    first: date(first),
                    last: date(last),
                });
                "记入".to_owned()
            }
            ["上班", name, day] => {
                self.notice.make_up_workdays.push(MakeUpWorkday {
                    name: name.to_owned(),
                    date: date(day),
                });
                "记入".to_owned()
            }
            ["公布2027", day, time] => self.announce(instant(day, time)),
            _ => panic!("not a line of a case: {line}"),
        }
    }
}

fn check(text: &str, expected: &Expect) {
    let mut case = Case {
        calendar: WorkCalendar::built_in(),
        rules: RuleSet::qx_2023_66(),
        kind: MatterKind::Complaint,
        limit: None,
        ruling: None,
        n_granted: 0,
        screening: None,
        notice: YearNotice {
            year: 2027,
            document: "示例〔2026〕1号".to_owned(),
            holidays: Vec::new(),
            make_up_workdays: Vec::new(),
        },
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let said: String = lines
        .map(|line| format!("{line} → {}\n", case.line(line)))
        .collect::<Vec<_>>()
        .concat();
    expected.assert_eq(&said);
}

/// 边界①: 周日调休上班日 is a working day, as the end of a limit and as its start.
#[test]
fn case_01_make_up_sundays() {
    check(
        "签收 送达 2025-12-31 10:00
         签收 送达 2026-01-03 10:00
         签收 送达 2026-01-04 10:00
         签收 送达 2026-09-18 10:00
         签收 送达 2026-09-19 10:00
         签收 送达 2026-09-20 11:00
         办理 投诉 2026-02-24 09:00",
        &expect![[r#"
            签收 送达 2025-12-31 10:00 → 到期 2026-01-04 周日 24:00
            签收 送达 2026-01-03 10:00 → 到期 2026-01-04 周日 24:00
            签收 送达 2026-01-04 10:00 → 到期 2026-01-05 周一 24:00
            签收 送达 2026-09-18 10:00 → 到期 2026-09-20 周日 24:00
            签收 送达 2026-09-19 10:00 → 到期 2026-09-20 周日 24:00
            签收 送达 2026-09-20 11:00 → 到期 2026-09-21 周一 24:00
            办理 投诉 2026-02-24 09:00 → 到期 2026-03-02 周一 24:00
        "#]],
    );
}

/// 边界②: 自然小时 through the night before a holiday.
#[test]
fn case_02_hours_before_a_holiday() {
    check(
        "响应 2 2026-09-30 23:10
         响应 3 2026-09-30 22:30
         响应 3 2026-12-31 23:59
         暂停 待指定 2026-12-31 23:59",
        &expect![[r#"
            响应 2 2026-09-30 23:10 → 到期 2026-10-01 周四 01:10
            响应 3 2026-09-30 22:30 → 到期 2026-10-01 周四 01:30
            响应 3 2026-12-31 23:59 → 到期 2027-01-01 周五 02:59
            暂停 待指定 2026-12-31 23:59 → 拒绝: 小时制时限不停表
        "#]],
    );
}

/// 边界③④: 咨询 is not extended; a second after the end is too late, and so is the end itself.
#[test]
fn case_03_and_04_extensions_refused() {
    check(
        "办理 咨询 2026-11-23 09:15
         申请延期 一般 1 2026-11-24 09:00
         办理 投诉 2026-11-23 09:15
         申请延期 一般 3 2026-12-01 00:00:01
         申请延期 一般 3 2026-12-01 00:00
         申请延期 一般 4 2026-11-27 09:00
         申请延期 一般 0 2026-11-27 09:00
         申请延期 特别重大 4 无说明 2026-11-27 09:00
         申请延期 特别重大 8 已说明 2026-11-27 09:00
         申请延期 法定 2026-12-31 无法条 2026-11-27 09:00
         申请延期 法定 2026-11-30 行政许可法第四十二条 2026-11-27 09:00",
        &expect![[r#"
            办理 咨询 2026-11-23 09:15 → 到期 2026-11-25 周三 24:00
            申请延期 一般 1 2026-11-24 09:00 → 拒绝: 咨询类不予延期
            办理 投诉 2026-11-23 09:15 → 到期 2026-11-30 周一 24:00
            申请延期 一般 3 2026-12-01 00:00:01 → 拒绝: 已于2026-11-30 周一 24:00到期
            申请延期 一般 3 2026-12-01 00:00 → 拒绝: 已于2026-11-30 周一 24:00到期
            申请延期 一般 4 2026-11-27 09:00 → 拒绝: 一般至多 3 个工作日
            申请延期 一般 0 2026-11-27 09:00 → 拒绝: 不多于原期限
            申请延期 特别重大 4 无说明 2026-11-27 09:00 → 拒绝: 超过 3 个工作日须监督员说明
            申请延期 特别重大 8 已说明 2026-11-27 09:00 → 拒绝: 至多 7 个工作日
            申请延期 法定 2026-12-31 无法条 2026-11-27 09:00 → 拒绝: 未引法条
            申请延期 法定 2026-11-30 行政许可法第四十二条 2026-11-27 09:00 → 拒绝: 不多于原期限
        "#]],
    );
}

/// 决定 I-8: the three lanes and the law, for the limits of 5 and of 3 working days.
#[test]
fn the_lanes_of_an_extension() {
    check(
        "办理 投诉 2026-11-23 09:15
         申请延期 一般 3 2026-11-27 23:59
         申请延期 一般 3 2026-11-30 23:59
         申请延期 特别重大 3 无说明 2026-11-27 09:00
         申请延期 特别重大 7 已说明 2026-11-27 09:00
         申请延期 法定 2026-12-31 行政许可法第四十二条 2026-11-27 09:00
         办理 求助 2026-11-23 09:15
         申请延期 特别重大 4 无说明 2026-11-24 09:00
         申请延期 特别重大 5 无说明 2026-11-24 09:00
         申请延期 特别重大 5 已说明 2026-11-24 09:00
         市批准 2026-11-30 2026-11-25 10:00
         申请延期 一般 1 2026-11-26 09:00",
        &expect![[r#"
            办理 投诉 2026-11-23 09:15 → 到期 2026-11-30 周一 24:00
            申请延期 一般 3 2026-11-27 23:59 → 一般，可延至 2026-12-03 周四 24:00
            申请延期 一般 3 2026-11-30 23:59 → 一般，可延至 2026-12-03 周四 24:00，晚于建议提交时点
            申请延期 特别重大 3 无说明 2026-11-27 09:00 → 一般，可延至 2026-12-03 周四 24:00
            申请延期 特别重大 7 已说明 2026-11-27 09:00 → 须市明示同意，可延至 2026-12-09 周三 24:00
            申请延期 法定 2026-12-31 行政许可法第四十二条 2026-11-27 09:00 → 法定，可延至 2026-12-31 周四 24:00
            办理 求助 2026-11-23 09:15 → 到期 2026-11-26 周四 24:00
            申请延期 特别重大 4 无说明 2026-11-24 09:00 → 特别重大复杂，可延至 2026-12-02 周三 24:00
            申请延期 特别重大 5 无说明 2026-11-24 09:00 → 拒绝: 超过 4 个工作日须监督员说明
            申请延期 特别重大 5 已说明 2026-11-24 09:00 → 须市明示同意，可延至 2026-12-03 周四 24:00
            市批准 2026-11-30 2026-11-25 10:00 → 到期 2026-11-30 周一 24:00
            申请延期 一般 1 2026-11-26 09:00 → 拒绝: 已延期 1 次
        "#]],
    );
}

/// 边界⑤: asked for in time, granted late; and the same asked for in time, denied.
#[test]
fn case_05_a_late_grant_holds_from_the_end() {
    check(
        "办理 投诉 2026-11-23 09:15
         申请延期 一般 3 2026-11-30 16:00
         现在 2026-11-30 23:00
         现在 2026-12-01 09:00
         市批准 2026-12-03 2026-12-02 10:00
         现在 2026-12-02 10:00
         现在 2026-12-04 00:00:01
         办理 投诉 2026-11-23 09:15
         申请延期 一般 3 2026-11-30 16:00
         市驳回 2026-12-02 10:00
         现在 2026-12-02 10:00",
        &expect![[r#"
            办理 投诉 2026-11-23 09:15 → 到期 2026-11-30 周一 24:00
            申请延期 一般 3 2026-11-30 16:00 → 一般，可延至 2026-12-03 周四 24:00，晚于建议提交时点
            现在 2026-11-30 23:00 → 未到期，2026-11-30 周一 24:00到期
            现在 2026-12-01 09:00 → 待批暂挂
            市批准 2026-12-03 2026-12-02 10:00 → 到期 2026-12-03 周四 24:00
            现在 2026-12-02 10:00 → 未到期，2026-12-03 周四 24:00到期
            现在 2026-12-04 00:00:01 → 超期，自2026-12-03 周四 24:00
            办理 投诉 2026-11-23 09:15 → 到期 2026-11-30 周一 24:00
            申请延期 一般 3 2026-11-30 16:00 → 一般，可延至 2026-12-03 周四 24:00，晚于建议提交时点
            市驳回 2026-12-02 10:00 → 驳回
            现在 2026-12-02 10:00 → 超期，自2026-11-30 周一 24:00
        "#]],
    );
}

/// 边界⑥, 决定 I-7: a rejected return does not start the limit again; the days of the review are
/// given back, and one working day is left at least.
#[test]
fn case_06_a_rejected_return_does_not_start_again() {
    check(
        "办理 投诉 2026-11-23 09:15
         暂停 退回审核 2026-11-24 10:00
         现在 2026-12-20 10:00
         暂停 退回审核 2026-11-24 11:00
         恢复 2026-11-24 15:00
         恢复 2026-11-24 16:00
         暂停 退回审核 2026-11-24 14:00
         暂停 退回审核 2026-11-25 09:00
         恢复 2026-11-26 15:00
         说明
         签收 送达 2026-11-23 09:15
         暂停 退回审核 2026-11-24 17:00
         恢复 2026-11-25 10:00
         签收 送达 2026-11-23 09:15
         暂停 退回审核 2026-11-25 09:00
         签收 送达 2026-11-27 09:15
         暂停 待指定 2026-11-27 17:00
         恢复 2026-12-02 10:00",
        &expect![[r#"
            办理 投诉 2026-11-23 09:15 → 到期 2026-11-30 周一 24:00
            暂停 退回审核 2026-11-24 10:00 → 暂停中
            现在 2026-12-20 10:00 → 暂停中
            暂停 退回审核 2026-11-24 11:00 → 拒绝: 自2026-11-24 周二 10:00已暂停
            恢复 2026-11-24 15:00 → 到期 2026-11-30 周一 24:00
            恢复 2026-11-24 16:00 → 拒绝: 未在暂停
            暂停 退回审核 2026-11-24 14:00 → 拒绝: 不得早于2026-11-24 周二 15:00
            暂停 退回审核 2026-11-25 09:00 → 暂停中
            恢复 2026-11-26 15:00 → 到期 2026-12-01 周二 24:00
            说明 → 与所记一致：true
                  2026-11-24 周二 第1日
                  2026-11-25 周三 第2日
                  2026-11-26 周四 暂停
                  2026-11-27 周五 第3日
                  2026-11-28 周六 不计
                  2026-11-29 周日 不计
                  2026-11-30 周一 第4日
                  2026-12-01 周二 第5日
                  暂停，扣除 0 个工作日（第五条(三)、决定 I-7）
                  暂停，扣除 1 个工作日（第五条(三)、决定 I-7）
            签收 送达 2026-11-23 09:15 → 到期 2026-11-24 周二 24:00
            暂停 退回审核 2026-11-24 17:00 → 暂停中
            恢复 2026-11-25 10:00 → 到期 2026-11-26 周四 24:00
            签收 送达 2026-11-23 09:15 → 到期 2026-11-24 周二 24:00
            暂停 退回审核 2026-11-25 09:00 → 拒绝: 已于2026-11-24 周二 24:00到期
            签收 送达 2026-11-27 09:15 → 到期 2026-11-30 周一 24:00
            暂停 待指定 2026-11-27 17:00 → 暂停中
            恢复 2026-12-02 10:00 → 到期 2026-12-03 周四 24:00
        "#]],
    );
}

/// A suspension after the city's grant gives its days back as well.
#[test]
fn a_suspension_after_an_extension() {
    check(
        "办理 投诉 2026-11-23 09:15
         申请延期 一般 3 2026-11-27 09:00
         市批准 2026-12-03 2026-11-27 15:00
         暂停 法定 2026-12-01 09:00
         恢复 2026-12-03 10:00
         说明",
        &expect![[r#"
            办理 投诉 2026-11-23 09:15 → 到期 2026-11-30 周一 24:00
            申请延期 一般 3 2026-11-27 09:00 → 一般，可延至 2026-12-03 周四 24:00
            市批准 2026-12-03 2026-11-27 15:00 → 到期 2026-12-03 周四 24:00
            暂停 法定 2026-12-01 09:00 → 暂停中
            恢复 2026-12-03 10:00 → 到期 2026-12-07 周一 24:00
            说明 → 与所记一致：true
                  2026-11-24 周二 第1日
                  2026-11-25 周三 第2日
                  2026-11-26 周四 第3日
                  2026-11-27 周五 第4日
                  2026-11-28 周六 不计
                  2026-11-29 周日 不计
                  2026-11-30 周一 第5日
                  暂停，扣除 2 个工作日（第十一条末款、决定 I-17）
                  延期至 2026-12-03 周四 24:00（第十一条(三)）
        "#]],
    );
}

/// 边界⑫: 甄别 at the end of the month: the cut-off comes before the principle and wins.
#[test]
fn case_12_screening_at_the_end_of_the_month() {
    check(
        "评价 2026-01-30 10:00
         申请甄别 2026-02-02 23:59
         申请甄别 2026-02-03 00:00:01
         评价 2025-12-31 10:00
         评价 2026-09-10 10:00
         申请甄别 2026-09-14 18:00
         申请甄别 2026-10-08 18:00
         申请甄别 2026-10-09 09:00
         评价 2026-10-20 10:00
         评价 2026-12-31 10:00",
        &expect![[r#"
            评价 2026-01-30 10:00 → 原则 2026-02-03 周二 24:00，截止 2026-02-02 周一 24:00，倒挂，以截止为准
            申请甄别 2026-02-02 23:59 → 可提
            申请甄别 2026-02-03 00:00:01 → 逾期，按不满意归档
            评价 2025-12-31 10:00 → 原则 2026-01-05 周一 24:00，截止 2026-01-04 周日 24:00，倒挂，以截止为准
            评价 2026-09-10 10:00 → 原则 2026-09-14 周一 24:00，截止 2026-10-08 周四 24:00
            申请甄别 2026-09-14 18:00 → 可提
            申请甄别 2026-10-08 18:00 → 可提，须说明
            申请甄别 2026-10-09 09:00 → 逾期，按不满意归档
            评价 2026-10-20 10:00 → 原则 2026-10-22 周四 24:00，截止 2026-11-02 周一 24:00
            评价 2026-12-31 10:00 → 原则 2027-01-04 周一 24:00，截止 2027-01-01 周五 24:00，倒挂，以截止为准
        "#]],
    );
}

/// 边界⑬: 补证 over a weekend, a make-up workday and a holiday.
#[test]
fn case_13_evidence_over_the_weekend() {
    check(
        "补证 2026-11-20 16:20
         补证 2026-11-21 10:00
         补证 2026-11-24 15:00
         补证 2026-09-18 14:00
         补证 2026-09-30 23:59
         补证 2026-10-01 00:00",
        &expect![[r#"
            补证 2026-11-20 16:20 → 到期 2026-11-23 周一 16:20
            补证 2026-11-21 10:00 → 到期 2026-11-23 周一 24:00
            补证 2026-11-24 15:00 → 到期 2026-11-25 周三 15:00
            补证 2026-09-18 14:00 → 到期 2026-09-20 周日 14:00
            补证 2026-09-30 23:59 → 到期 2026-10-08 周四 23:59
            补证 2026-10-01 00:00 → 到期 2026-10-08 周四 24:00
        "#]],
    );
}

/// 边界⑭: 省交办 on the last day of the month.
#[test]
fn case_14_a_provincial_order_on_the_last_day() {
    check(
        "省交办 投诉 2026-09-30 10:00
         省交办 投诉 2026-11-05 10:00
         省交办 咨询 2026-10-31 10:00
         省交办 投诉 2026-11-23 10:00",
        &expect![[r#"
            省交办 投诉 2026-09-30 10:00 → 到期 2026-10-13 周二 24:00，月末目标 2026-09-30 周三 18:00，跨月须说明
            省交办 投诉 2026-11-05 10:00 → 到期 2026-11-12 周四 24:00，月末目标 2026-11-30 周一 18:00
            省交办 咨询 2026-10-31 10:00 → 到期 2026-11-03 周二 24:00，月末目标 2026-10-30 周五 18:00，跨月须说明
            省交办 投诉 2026-11-23 10:00 → 到期 2026-11-30 周一 24:00，月末目标 2026-11-30 周一 18:00
        "#]],
    );
}

/// 边界㉑: the city's limit, where it is earlier; a later one changes nothing.
#[test]
fn case_21_the_earlier_limit_holds() {
    check(
        "办理 投诉 2026-11-23 09:15
         市下达 2026-12-02 18:00
         市下达 2026-11-27 18:00
         说明
         市批准 2026-12-03 2026-11-27 10:00
         说明",
        &expect![[r#"
            办理 投诉 2026-11-23 09:15 → 到期 2026-11-30 周一 24:00
            市下达 2026-12-02 18:00 → 到期 2026-11-30 周一 24:00
            市下达 2026-11-27 18:00 → 到期 2026-11-27 周五 18:00
            说明 → 与所记一致：true
                  2026-11-24 周二 第1日
                  2026-11-25 周三 第2日
                  2026-11-26 周四 第3日
                  2026-11-27 周五 第4日
                  2026-11-28 周六 不计
                  2026-11-29 周日 不计
                  2026-11-30 周一 第5日
                  上级期限 2026-11-27 周五 18:00（第二条、决定 I-6）
            市批准 2026-12-03 2026-11-27 10:00 → 到期 2026-12-03 周四 24:00
            说明 → 与所记一致：true
                  2026-11-24 周二 第1日
                  2026-11-25 周三 第2日
                  2026-11-26 周四 第3日
                  2026-11-27 周五 第4日
                  2026-11-28 周六 不计
                  2026-11-29 周日 不计
                  2026-11-30 周一 第5日
                  延期至 2026-12-03 周四 24:00（第十一条(三)）
        "#]],
    );
}

/// 决定 I-6 with two superiors: the earliest holds, and each may correct its own limit.
#[test]
fn two_superiors() {
    check(
        "办理 投诉 2026-11-23 09:15
         市下达 2026-11-26 18:00
         省下达 2026-11-27 18:00
         省下达 2026-11-25 18:00
         省下达 2026-11-26 12:00",
        &expect![[r#"
            办理 投诉 2026-11-23 09:15 → 到期 2026-11-30 周一 24:00
            市下达 2026-11-26 18:00 → 到期 2026-11-26 周四 18:00
            省下达 2026-11-27 18:00 → 到期 2026-11-26 周四 18:00
            省下达 2026-11-25 18:00 → 到期 2026-11-25 周三 18:00
            省下达 2026-11-26 12:00 → 到期 2026-11-26 周四 12:00
        "#]],
    );
}

/// 边界㉔: a notice moves the limits that are not over, and no other.
#[test]
fn case_24_a_notice_moves_only_what_is_not_over() {
    check(
        "办理 投诉 2026-12-30 09:00
         放假 元旦 2027-01-01 2027-01-03
         上班 元旦 2027-01-09
         公布2027 2026-12-31 12:00
         说明",
        &expect![[r#"
            办理 投诉 2026-12-30 09:00 → 到期 2027-01-06 周三 24:00
            放假 元旦 2027-01-01 2027-01-03 → 记入
            上班 元旦 2027-01-09 → 记入
            公布2027 2026-12-31 12:00 → 原 2027-01-06 周三 24:00，到期 2027-01-07 周四 24:00
            说明 → 与所记一致：true
                  2026-12-31 周四 第1日
                  2027-01-01 周五 不计
                  2027-01-02 周六 不计
                  2027-01-03 周日 不计
                  2027-01-04 周一 第2日
                  2027-01-05 周二 第3日
                  2027-01-06 周三 第4日
                  2027-01-07 周四 第5日
        "#]],
    );
    check(
        "签收 送达 2026-12-31 09:00
         放假 元旦 2027-01-01 2027-01-03
         公布2027 2027-01-02 00:00:01
         说明",
        &expect![[r#"
            签收 送达 2026-12-31 09:00 → 到期 2027-01-01 周五 24:00
            放假 元旦 2027-01-01 2027-01-03 → 记入
            公布2027 2027-01-02 00:00:01 → 不变
            说明 → 与所记一致：false
                  2027-01-01 周五 不计
                  2027-01-02 周六 不计
                  2027-01-03 周日 不计
                  2027-01-04 周一 第1日
        "#]],
    );
    check(
        "办理 投诉 2027-03-01 09:00
         放假 元旦 2027-01-01 2027-01-03
         公布2027 2027-03-02 12:00",
        &expect![[r#"
            办理 投诉 2027-03-01 09:00 → 到期 2027-03-08 周一 24:00
            放假 元旦 2027-01-01 2027-01-03 → 记入
            公布2027 2027-03-02 12:00 → 不变
        "#]],
    );
}
