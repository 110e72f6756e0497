//! Stories: one line is a day, a person and what the person does, as in
//! `11-24 编辑甲 修改 稿=1 答案=先挂失`. The year is 2026 where none is given.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::clock_face::at;
use domain::kb::{
    ErrorKind, KbArticleId, KbCommand, KbContent, KbEvent, KbFacts, KbRecord, KbSection,
    KbTemplate, ReportNumber, UnitConfirmation, apply, decide, fold,
};
use domain::{Actor, ActorId, HandlingUnitId, Role};

use crate::words;

pub(crate) fn date(text: &str) -> NaiveDate {
    let text = if text.len() == 5 {
        format!("2026-{text}")
    } else {
        text.to_owned()
    };
    text.parse().unwrap()
}

pub(crate) fn ten_o_clock(on: NaiveDate) -> DateTime<Utc> {
    at(on, NaiveTime::from_hms_opt(10, 0, 0).unwrap())
}

pub(crate) fn person(name: &str) -> Actor {
    let (roles, unit) = match name {
        "编辑甲" | "编辑乙" => (vec![Role::KbEditor], None),
        "审核丙" => (vec![Role::KbReviewer], None),
        "兼职丁" => (vec![Role::KbEditor, Role::KbReviewer], None),
        "受理员" => (vec![Role::Operator], None),
        "监督员" => (vec![Role::Supervisor], None),
        "人社联络员" => (vec![Role::Liaison], Some("renshe")),
        "人社审核人" => (vec![Role::UnitReviewer], Some("renshe")),
        "水务联络员" => (vec![Role::Liaison], Some("shuiwu")),
        other => panic!("nobody is called {other}"),
    };
    Actor {
        id: ActorId(name.to_owned()),
        name: name.to_owned(),
        roles,
        unit: unit.map(|unit| HandlingUnitId(unit.to_owned())),
    }
}

/// A whole standard answer of 县人社局.
pub(crate) fn whole() -> KbContent {
    KbContent {
        template: KbTemplate::StandardAnswer,
        title: "社保卡挂失".to_owned(),
        questions: vec!["社保卡掉了怎么办".to_owned()],
        answer: "先打12333挂失，再带身份证到窗口补卡。".to_owned(),
        sections: Vec::new(),
        internal_note: "窗口周三下午学习".to_owned(),
        unit: "县人社局".to_owned(),
        unit_id: Some(HandlingUnitId("renshe".to_owned())),
        responsible_person: "陈静".to_owned(),
        source: "县人社局2026年办事指南".to_owned(),
        category_id: String::new(),
        township_code: String::new(),
        valid_from: None,
        valid_until: None,
        next_review_on: Some(date("2027-05-24")),
    }
}

/// One line's words.
struct Line<'a>(Vec<&'a str>);

impl<'a> Line<'a> {
    fn value(&self, name: &str) -> Option<&'a str> {
        self.0
            .iter()
            .find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
    }

    fn text(&self, name: &str) -> String {
        self.value(name).unwrap_or_default().to_owned()
    }

    fn number(&self, name: &str) -> u32 {
        self.value(name).map_or(0, |value| value.parse().unwrap())
    }

    /// What the article says now, with what the line changes.
    fn content(&self, record: Option<&KbRecord>) -> Box<KbContent> {
        let drafted = record.and_then(|record| record.draft.as_ref());
        let published = record.and_then(KbRecord::current);
        let mut content = drafted
            .map(|draft| draft.content.clone())
            .or_else(|| published.map(|version| version.content.clone()))
            .unwrap_or_else(whole);
        for word in &self.0[3..] {
            let Some((name, value)) = word.split_once('=') else {
                continue;
            };
            let day = (!value.is_empty() && value.contains('-')).then(|| date(value));
            match name {
                "模板" => {
                    content.template = match value {
                        "办事指南" => KbTemplate::ServiceGuide,
                        "政策法规" => KbTemplate::Policy,
                        "政策解读" => KbTemplate::Interpretation,
                        _ => KbTemplate::StandardAnswer,
                    }
                }
                "标题" => content.title = value.to_owned(),
                "说法" => content.questions = vec![value.to_owned()],
                "答案" => content.answer = value.to_owned(),
                "单位" => content.unit = value.to_owned(),
                "责任人" => content.responsible_person = value.to_owned(),
                "来源" => content.source = value.to_owned(),
                "生效" => content.valid_from = day,
                "有效至" => content.valid_until = day,
                "复核" => content.next_review_on = day,
                "稿" | "版" | "理由" | "号" | "说明" => {}
                label => content.sections.push(KbSection {
                    label: label.to_owned(),
                    text: value.to_owned(),
                }),
            }
        }
        Box::new(content.tidied())
    }

    fn confirmation(&self) -> UnitConfirmation {
        match self.value("据") {
            None => UnitConfirmation::InPerson,
            Some(evidence) => UnitConfirmation::Recorded {
                name: self.text("人"),
                evidence: evidence.to_owned(),
            },
        }
    }

    fn command(&self, record: Option<&KbRecord>) -> KbCommand {
        let reason = self.text("理由");
        let base_revision = self.number("稿");
        let content = || self.content(record);
        let other = || KbArticleId(self.text("条"));
        let report = ReportNumber(self.number("号"));
        match self.0[2] {
            "起草" => KbCommand::Draft { content: content() },
            "建档" => KbCommand::Adopt {
                content: content(),
                version: self.number("版"),
            },
            "补充说明" => KbCommand::NoteReport {
                report,
                note: self.text("说明"),
            },
            "修改" => KbCommand::Edit {
                content: content(),
                base_revision,
            },
            "另存" => KbCommand::ProposeBeside {
                content: content(),
                base_version: self.number("版"),
            },
            "采用" => KbCommand::TakeProposal {
                proposal: self.number("号"),
                content: content(),
                base_revision,
            },
            "放弃修改稿" => KbCommand::DropProposal {
                proposal: self.number("号"),
                reason,
            },
            "放弃草稿" => KbCommand::DiscardDraft { reason },
            "送确认" => KbCommand::Submit { base_revision },
            "确认" => KbCommand::Confirm {
                confirmation: self.confirmation(),
            },
            "单位退改" => KbCommand::RejectByUnit { reason },
            "发布" => KbCommand::Publish {
                contradicts: self
                    .value("不一致")
                    .into_iter()
                    .map(|id| KbArticleId(id.to_owned()))
                    .collect(),
                reason,
            },
            "审核退改" => KbCommand::RejectByCenter { reason },
            "复核" => KbCommand::Recheck {
                confirmation: self.confirmation(),
                next_review_on: date(self.value("下次").unwrap()),
            },
            "停用" => KbCommand::Suspend { reason },
            "恢复" => KbCommand::Resume { reason },
            "废止" => KbCommand::Withdraw { reason },
            "替代" => KbCommand::Supersede {
                by: other(),
                reason,
            },
            "并入" => KbCommand::MergeInto {
                into: other(),
                reason,
            },
            "纠错" => KbCommand::ReportError {
                kind: ErrorKind::DeadPhone,
                version: self.number("版"),
                passage: self.text("处"),
                note: self.text("说明"),
            },
            "受理纠错" => KbCommand::AcceptReport { report },
            "不采纳" => KbCommand::RejectReport { report, reason },
            other => panic!("nobody can {other}"),
        }
    }
}

/// What a story made.
pub(crate) struct Told {
    pub(crate) said: String,
    pub(crate) record: Option<KbRecord>,
}

/// Tells a story, each line with its answer; `…看…` only looks.
pub(crate) fn tell(story: &str) -> Told {
    let id = KbArticleId("kb-1".to_owned());
    let (mut record, mut events, mut said) = (None, Vec::new(), String::new());
    for text in story.lines().map(str::trim).filter(|text| !text.is_empty()) {
        let line = Line(text.split(' ').collect());
        let today = date(line.0[0]);
        let refused = if line.0[1] == "看" {
            None
        } else {
            let actor = person(line.0[1]);
            let facts = KbFacts {
                now: ten_o_clock(today),
                actor: &actor,
            };
            let command = line.command(record.as_ref());
            match decide(&id, record.as_ref(), &command, &facts) {
                Ok(event) => {
                    let json = serde_json::to_string(&event).unwrap();
                    assert_eq!(serde_json::from_str::<KbEvent>(&json).unwrap(), event);
                    apply(&mut record, &event);
                    events.push(event);
                    None
                }
                Err(refusal) => Some(words::refusal(&refusal)),
            }
        };
        let answer = match (refused, &record) {
            (Some(refused), _) => format!("拒绝：{refused}"),
            (None, Some(record)) => words::record(record, today),
            (None, None) => "没有".to_owned(),
        };
        writeln!(said, "{text} → {answer}").unwrap();
    }
    assert_eq!(fold(&events), record);
    Told { said, record }
}
