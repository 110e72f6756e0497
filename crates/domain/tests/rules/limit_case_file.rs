//! Reads and plays the lines of `limit_cases`: an act with its time, and what the rules say of it.

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
use expect_test::Expect;

use crate::words;

struct Case {
    calendar: WorkCalendar,
    rules: RuleSet,
    kind: MatterKind,
    limit: Option<TimeLimit>,
    upstream: Vec<UpstreamLimit>,
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
        self.upstream.clear();
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
                let at = instant(day, time);
                let limits = ScreeningLimits::of(at, at, &self.calendar, &self.rules);
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
                self.upstream.retain(|known| known.superior != superior);
                self.upstream.push(upstream);
                let limit = self
                    .limit()
                    .with_upstream(&self.upstream, &self.calendar, &self.rules);
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

pub(crate) fn check(text: &str, expected: &Expect) {
    let mut case = Case {
        calendar: WorkCalendar::built_in(),
        rules: RuleSet::qx_2023_66(),
        kind: MatterKind::Complaint,
        limit: None,
        upstream: Vec::new(),
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
