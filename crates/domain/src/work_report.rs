//! 工作专报: a report of some days or of one matter, drafted from what was counted, written by people and
//! kept in versions (第十六条).
//!
//! A version is never changed and never taken away: whoever takes an older one up makes a new one of
//! it. What a report says a person answers for, so a draft is finished by a person, and until then it
//! is one.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::actor::{Actor, ActorId, Role};
use crate::analysis::AnalysisPeriod;
use crate::clock_face::last_of_month;

/// The longest title, in characters.
pub const WORK_REPORT_TITLE_MAX_CHARS: usize = 60;
/// The longest text, in characters: some thirty pages.
pub const WORK_REPORT_BODY_MAX_CHARS: usize = 30_000;
/// The longest number of an issue, and the longest reason, in characters.
pub const WORK_REPORT_NOTE_MAX_CHARS: usize = 100;
/// Versions of a report, at most.
pub const WORK_REPORT_VERSIONS_MAX: u32 = 200;
/// What stands in a draft where only a person can say something. A report with it is not finished.
pub const UNWRITTEN: &str = "（待撰写）";

/// Who writes reports.
pub const WORK_REPORT_WRITERS: [Role; 3] = [Role::ShiftLead, Role::Analyst, Role::Supervisor];

/// 专报种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkReportKind {
    /// 日报.
    Daily,
    /// 周报, of a calendar week from Monday on.
    Weekly,
    /// 月报.
    Monthly,
    /// 专题: a category, a township, a unit or a hot issue.
    Topic,
}

impl WorkReportKind {
    pub const ALL: [Self; 4] = [Self::Daily, Self::Weekly, Self::Monthly, Self::Topic];

    /// The days of the report that `day` lies in, up to today; none where they have not begun. The days of
    /// a topic a person chooses.
    pub fn period(self, day: NaiveDate, today: NaiveDate) -> Option<AnalysisPeriod> {
        let (first, last) = match self {
            Self::Daily | Self::Topic => (day, day),
            Self::Weekly => {
                let since_monday = day.weekday().num_days_from_monday();
                let monday = day.checked_sub_days(Days::new(since_monday.into()))?;
                (monday, monday.checked_add_days(Days::new(6))?)
            }
            Self::Monthly => (day.with_day(1)?, last_of_month(day)),
        };
        AnalysisPeriod::days(first, last.min(today))
    }
}

/// 专报状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkReportStage {
    /// 草稿.
    Draft,
    /// 已定稿.
    Finished,
}

impl WorkReportStage {
    pub const ALL: [Self; 2] = [Self::Draft, Self::Finished];
}

/// 版本来由: what made a version. Frozen: the form stands in the stores of desks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum WorkReportAct {
    /// 起草, by the program on a person's word.
    Drafted,
    /// 修改.
    Revised,
    /// 恢复 of an older version.
    TakenUp { version: u32 },
    /// 定稿, with the number of the issue; empty without one.
    Finished { issue: String },
    /// 撤回定稿.
    Reopened { reason: String },
}

/// 专报版本.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkReportVersion {
    /// From 1 on.
    pub number: u32,
    pub title: String,
    /// 正文, in Markdown.
    pub body: String,
    pub act: WorkReportAct,
    pub by: ActorId,
    pub at: DateTime<Utc>,
}

impl WorkReportVersion {
    /// 第一版: what the program drafted.
    pub fn first(
        title: String,
        body: String,
        by: &Actor,
        at: DateTime<Utc>,
    ) -> Result<Self, WorkReportRefusal> {
        check_writer(by)?;
        check_text(&title, &body)?;
        Ok(Self {
            number: 1,
            title,
            body,
            act: WorkReportAct::Drafted,
            by: by.id.clone(),
            at,
        })
    }

    pub fn stage(&self) -> WorkReportStage {
        match self.act {
            WorkReportAct::Finished { .. } => WorkReportStage::Finished,
            WorkReportAct::Drafted
            | WorkReportAct::Revised
            | WorkReportAct::TakenUp { .. }
            | WorkReportAct::Reopened { .. } => WorkReportStage::Draft,
        }
    }
}

/// 专报命令.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkReportCommand {
    /// 修改.
    Revise { title: String, body: String },
    /// 恢复.
    TakeUp { older: WorkReportVersion },
    /// 定稿.
    Finish { issue: String },
    /// 撤回定稿.
    Reopen { reason: String },
}

/// 专报拒绝.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WorkReportRefusal {
    #[error("none of the roles {roles:?}")]
    NotPermitted { roles: &'static [Role] },
    /// 还没开始的期间.
    #[error("the days have not begun")]
    NotBegun,
    #[error("no title")]
    TitleMissing,
    #[error("a title of more than {max_chars} characters")]
    TitleTooLong { max_chars: usize },
    #[error("no text")]
    BodyMissing,
    #[error("a text of more than {max_chars} characters")]
    BodyTooLong { max_chars: usize },
    /// 个人号码: a mobile telephone or an identity card in the text (第十七条).
    #[error("a number of a person in the text")]
    PersonalNumber,
    #[error("nothing was changed")]
    Unchanged,
    /// 还有待撰写的内容.
    #[error("something is still to be written")]
    Unwritten,
    #[error("finished already")]
    FinishedAlready,
    #[error("not finished")]
    NotFinished,
    #[error("no reason")]
    ReasonMissing,
    #[error("a note of more than {max_chars} characters")]
    NoteTooLong { max_chars: usize },
    #[error("more than {max} versions")]
    TooManyVersions { max: u32 },
}

/// The next version of a report, of which `latest` is the last, or why there is none.
pub fn next_version(
    latest: &WorkReportVersion,
    command: WorkReportCommand,
    by: &Actor,
    at: DateTime<Utc>,
) -> Result<WorkReportVersion, WorkReportRefusal> {
    check_writer(by)?;
    if latest.number >= WORK_REPORT_VERSIONS_MAX {
        return Err(WorkReportRefusal::TooManyVersions {
            max: WORK_REPORT_VERSIONS_MAX,
        });
    }
    let is_finished = latest.stage() == WorkReportStage::Finished;
    let same = (latest.title.clone(), latest.body.clone());
    let ((title, body), act) = match command {
        WorkReportCommand::Reopen { reason } => {
            if !is_finished {
                return Err(WorkReportRefusal::NotFinished);
            }
            let reason = check_note(&reason)?;
            if reason.is_empty() {
                return Err(WorkReportRefusal::ReasonMissing);
            }
            (same, WorkReportAct::Reopened { reason })
        }
        _ if is_finished => return Err(WorkReportRefusal::FinishedAlready),
        WorkReportCommand::Revise { title, body } => {
            let said = (title.trim().to_owned(), body.trim_end().to_owned());
            check_text(&said.0, &said.1)?;
            (said, WorkReportAct::Revised)
        }
        WorkReportCommand::TakeUp { older } => {
            let version = older.number;
            (
                (older.title, older.body),
                WorkReportAct::TakenUp { version },
            )
        }
        WorkReportCommand::Finish { issue } => {
            let issue = check_note(&issue)?;
            if latest.body.contains(UNWRITTEN) {
                return Err(WorkReportRefusal::Unwritten);
            }
            (same, WorkReportAct::Finished { issue })
        }
    };
    let is_text = matches!(act, WorkReportAct::Revised | WorkReportAct::TakenUp { .. });
    if is_text && title == latest.title && body == latest.body {
        return Err(WorkReportRefusal::Unchanged);
    }
    Ok(WorkReportVersion {
        number: latest.number + 1,
        title,
        body,
        act,
        by: by.id.clone(),
        at,
    })
}

fn check_writer(by: &Actor) -> Result<(), WorkReportRefusal> {
    if by.holds_any(&WORK_REPORT_WRITERS) {
        Ok(())
    } else {
        Err(WorkReportRefusal::NotPermitted {
            roles: &WORK_REPORT_WRITERS,
        })
    }
}

/// Whether a report may say that.
pub fn check_text(title: &str, body: &str) -> Result<(), WorkReportRefusal> {
    if title.trim().is_empty() {
        return Err(WorkReportRefusal::TitleMissing);
    }
    if title.chars().count() > WORK_REPORT_TITLE_MAX_CHARS {
        return Err(WorkReportRefusal::TitleTooLong {
            max_chars: WORK_REPORT_TITLE_MAX_CHARS,
        });
    }
    if body.trim().is_empty() {
        return Err(WorkReportRefusal::BodyMissing);
    }
    if body.chars().count() > WORK_REPORT_BODY_MAX_CHARS {
        return Err(WorkReportRefusal::BodyTooLong {
            max_chars: WORK_REPORT_BODY_MAX_CHARS,
        });
    }
    if names_a_person(title) || names_a_person(body) {
        return Err(WorkReportRefusal::PersonalNumber);
    }
    Ok(())
}

fn check_note(note: &str) -> Result<String, WorkReportRefusal> {
    let note = note.trim();
    if note.chars().count() > WORK_REPORT_NOTE_MAX_CHARS {
        return Err(WorkReportRefusal::NoteTooLong {
            max_chars: WORK_REPORT_NOTE_MAX_CHARS,
        });
    }
    Ok(note.to_owned())
}

const MOBILE_DIGITS: usize = 11;
const IDENTITY_DIGITS: usize = 18;

/// Whether a mobile telephone or an identity card stands in the text. Numbers of orders, of offices and of
/// superiors are others.
fn names_a_person(text: &str) -> bool {
    let is_personal = |run: &str| {
        let second = run.chars().nth(1);
        match run.len() {
            MOBILE_DIGITS => run.starts_with('1') && matches!(second, Some('3'..='9')),
            IDENTITY_DIGITS => true,
            _ => false,
        }
    };
    let mut run = String::new();
    for character in text.chars().chain(['\n']) {
        let digit = match character {
            '0'..='9' => Some(character),
            '０'..='９' => char::from_digit(u32::from(character) - u32::from('０'), 10),
            'X' | 'x' if run.len() == IDENTITY_DIGITS - 1 => Some('X'),
            _ => None,
        };
        match digit {
            Some(digit) => run.push(digit),
            None if is_personal(&run) => return true,
            None => run.clear(),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn person(role: Role) -> Actor {
        Actor {
            id: ActorId("2001".to_owned()),
            name: "罗兰".to_owned(),
            roles: vec![role],
            unit: None,
        }
    }

    fn day(text: &str) -> NaiveDate {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
    }

    #[test]
    fn the_days_of_a_report_end_today_at_the_latest() {
        let today = day("2026-11-26");
        for (kind, of, expected) in [
            (
                WorkReportKind::Daily,
                "2026-11-25",
                Some(("2026-11-25", "2026-11-25")),
            ),
            (
                WorkReportKind::Weekly,
                "2026-11-22",
                Some(("2026-11-16", "2026-11-22")),
            ),
            (
                WorkReportKind::Weekly,
                "2026-11-23",
                Some(("2026-11-23", "2026-11-26")),
            ),
            (
                WorkReportKind::Monthly,
                "2026-02-03",
                Some(("2026-02-01", "2026-02-28")),
            ),
            (
                WorkReportKind::Monthly,
                "2026-11-30",
                Some(("2026-11-01", "2026-11-26")),
            ),
            (WorkReportKind::Daily, "2026-11-27", None),
            (WorkReportKind::Monthly, "2026-12-01", None),
        ] {
            let expected = expected.map(|(first, last)| (day(first), day(last)));
            let found = kind.period(day(of), today);
            let found = found.map(|it| (it.first(), it.last()));
            assert_eq!(found, expected, "{kind:?} {of}");
        }
    }

    /// Each line: what is done, and what comes of it.
    #[test]
    fn a_report_from_its_draft_to_the_end() {
        let analyst = person(Role::Analyst);
        let at = DateTime::UNIX_EPOCH;
        let draft = format!("受理 12 件。\n\n{UNWRITTEN}");
        let first = WorkReportVersion::first("周报".to_owned(), draft, &analyst, at).unwrap();
        let mut versions = vec![first];
        let mut told = Vec::new();
        let revise = |title: &str, body: &str| WorkReportCommand::Revise {
            title: title.to_owned(),
            body: body.to_owned(),
        };
        let finish = || WorkReportCommand::Finish {
            issue: "18".to_owned(),
        };
        let reopen = |reason: &str| WorkReportCommand::Reopen {
            reason: reason.to_owned(),
        };
        let take_up = WorkReportCommand::TakeUp {
            older: versions[0].clone(),
        };
        let commands = [
            finish(),
            reopen("写错了"),
            revise("周报", &versions[0].body),
            revise(" 周报 ", "受理 12 件，供水 7 件。\n"),
            revise("", "受理 12 件。"),
            revise("周报", " \n"),
            revise(&"长".repeat(61), "受理 12 件。"),
            revise("周报", &"长".repeat(30_001)),
            revise("周报", "来电人 13800001234 反映"),
            revise("周报", "来电人１３８００００１２３４反映"),
            revise("周报", "身份证51302119800101123x"),
            finish(),
            revise("周报", "受理 13 件。"),
            finish(),
            reopen(" "),
            reopen("漏了一件"),
            take_up,
        ];
        for (n, command) in (1..).zip(commands) {
            let latest = versions.last().unwrap();
            match next_version(latest, command, &analyst, at + TimeDelta::hours(n)) {
                Ok(next) => {
                    told.push(format!("第{}版 {:?}", next.number, next.act));
                    versions.push(next);
                }
                Err(refusal) => told.push(format!("{refusal:?}")),
            }
        }
        expect_test::expect![[r#"
            Unwritten
            NotFinished
            Unchanged
            第2版 Revised
            TitleMissing
            BodyMissing
            TitleTooLong { max_chars: 60 }
            BodyTooLong { max_chars: 30000 }
            PersonalNumber
            PersonalNumber
            PersonalNumber
            第3版 Finished { issue: "18" }
            FinishedAlready
            FinishedAlready
            ReasonMissing
            第4版 Reopened { reason: "漏了一件" }
            第5版 TakenUp { version: 1 }"#]]
        .assert_eq(&told.join("\n"));
        assert_eq!(versions[4].body, versions[0].body);
        let operator = person(Role::Operator);
        let refused = next_version(&versions[4], finish(), &operator, at);
        assert!(matches!(
            refused,
            Err(WorkReportRefusal::NotPermitted { .. })
        ));
    }

    #[test]
    fn numbers_that_are_no_persons_stay() {
        for text in [
            "工单 20261124-W01-0018",
            "市转单 DZ202611240093",
            "咨询电话 0818-7300000",
            "共 13800 件",
            "统一社会信用代码前缀 5117250010012",
        ] {
            assert_eq!(check_text("月报", text), Ok(()), "{text}");
        }
    }

    /// The form in which desks keep it.
    #[test]
    fn acts_keep_their_form() {
        let acts = [
            WorkReportAct::Drafted,
            WorkReportAct::Revised,
            WorkReportAct::TakenUp { version: 2 },
            WorkReportAct::Finished {
                issue: "18".to_owned(),
            },
            WorkReportAct::Reopened {
                reason: "漏了一件".to_owned(),
            },
        ];
        let lines: Vec<String> = acts
            .iter()
            .map(|act| serde_json::to_string(act).unwrap())
            .collect();
        expect_test::expect![[r#"
            {"type":"drafted"}
            {"type":"revised"}
            {"type":"taken_up","version":2}
            {"type":"finished","issue":"18"}
            {"type":"reopened","reason":"漏了一件"}"#]]
        .assert_eq(&lines.join("\n"));
    }
}
