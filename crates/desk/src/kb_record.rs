//! 知识档案: where each article stands, for those who write, confirm, review and correct it.

use chrono::{DateTime, NaiveDate, Utc};
use desk_store::{KbFilter, KbOrder, KbRow, StoredArticle, StoredGap};
use domain::clock_face::date_of;
use domain::kb::task::KbTask;
use domain::kb::usage::KbUseCounts;
use domain::kb::{
    DraftStage, KbArticleId, KbCommandKind, KbContent, KbFacts, KbHolding, KbRecord, KbStanding,
    ReportOutcome, commands_at,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::kb_form::KbForm;
use crate::kb_usage::this_month;
use crate::reference::wire_name;
use crate::{knowledge, text, time_text};

/// Reviews that fall due within so many days are shown ahead.
const REVIEWS_AHEAD_DAYS: u64 = 30;
const CAME_WITH_THE_PROGRAM: &str = "随程序载入，未经单位确认和中心审核";

/// The lists of the editors' page, each a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KbList {
    /// 编写中.
    Writing,
    /// 待单位确认.
    AwaitsConfirmation,
    /// 待中心审核.
    AwaitsReview,
    /// 纠错待处理.
    Reports,
    /// 复核到期, and those of the next 30 days.
    ReviewDue,
    /// 已停止使用.
    Retired,
    /// 全部.
    All,
}

impl KbList {
    const ALL: [Self; 7] = [
        Self::Writing,
        Self::AwaitsConfirmation,
        Self::AwaitsReview,
        Self::Reports,
        Self::ReviewDue,
        Self::Retired,
        Self::All,
    ];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Writing => "编写中",
            Self::AwaitsConfirmation => "待单位确认",
            Self::AwaitsReview => "待中心审核",
            Self::Reports => "纠错待处理",
            Self::ReviewDue => "复核到期",
            Self::Retired => "已停止使用",
            Self::All => "全部",
        }
    }

    pub(crate) fn filter(self, today: NaiveDate) -> KbFilter {
        match self {
            Self::Writing => KbFilter::Draft(DraftStage::Writing),
            Self::AwaitsConfirmation => KbFilter::Draft(DraftStage::AwaitsConfirmation),
            Self::AwaitsReview => KbFilter::Draft(DraftStage::AwaitsReview),
            Self::Reports => KbFilter::Reports,
            Self::ReviewDue => KbFilter::ReviewDue {
                by: today + chrono::Days::new(REVIEWS_AHEAD_DAYS),
            },
            Self::Retired => KbFilter::Retired,
            Self::All => KbFilter::All,
        }
    }
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbListCount {
    pub list: KbList,
    pub title: String,
    pub n: u64,
}

/// In which order a list comes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KbListOrder {
    /// As the question has it.
    #[default]
    Own,
    /// 本月引用, the most first.
    MostCited,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct KbRecordList {
    pub list: KbList,
    #[serde(default)]
    pub order: KbListOrder,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbRecordRow {
    pub id: String,
    pub title: String,
    pub unit: String,
    pub template_text: String,
    /// 第 2 版，编写中.
    pub state_text: String,
    pub n_open_reports: u32,
    pub n_proposals: u32,
    pub next_review_text: String,
    pub is_review_due: bool,
    /// 本月引用 and 没解决.
    pub n_cited: u32,
    pub n_unsolved: u32,
    pub changed_text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbDraftView {
    pub form: KbForm,
    pub revision: u32,
    pub base_version: u32,
    pub stage_text: String,
    pub editors_text: String,
    /// 审核丙退改：缺地址.
    pub returned_text: String,
    /// What must still be filled before it can be handed on.
    pub missing: Vec<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbVersionView {
    pub number: u32,
    pub form: KbForm,
    pub editors_text: String,
    pub confirmed_text: String,
    pub published_text: String,
    /// 与 kb-2 口径不一致，理由：… Empty where it contradicted none.
    pub contradiction_text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbProposalView {
    pub number: u32,
    pub base_version: u32,
    pub by_text: String,
    pub form: KbForm,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbReportView {
    pub number: u32,
    pub kind_text: String,
    pub version: u32,
    pub passage: String,
    pub note: String,
    pub by_text: String,
    pub outcome_text: String,
    pub is_open: bool,
    /// Accepted and not yet corrected.
    pub is_accepted: bool,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbTaskBrief {
    pub number: String,
    pub text: String,
}

/// A command, and why it may not be given now.
#[derive(Debug, Clone, Serialize, TS)]
pub struct KbCommandState {
    pub command: String,
    pub text: String,
    pub refusal: Option<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbRecordDetail {
    pub id: String,
    /// Sent back with every act.
    pub version: u32,
    pub standing_text: String,
    /// Why it is not in use: 停用：电话有误.
    pub holding_text: String,
    pub is_review_due: bool,
    pub next_review_text: String,
    pub draft: Option<KbDraftView>,
    /// The newest first.
    pub versions: Vec<KbVersionView>,
    pub proposals: Vec<KbProposalView>,
    pub reports: Vec<KbReportView>,
    /// What people ask and the article does not have among its questions: 知识缺口 put down to it, and
    /// 学到的说法 that were approved.
    pub further_questions: Vec<String>,
    /// What is asked of its unit: 复核 ZS20261124-W01-0001，12月1日（周二）到期.
    pub tasks: Vec<KbTaskBrief>,
    pub commands: Vec<KbCommandState>,
}

/// 编辑清单.
pub(crate) fn kb_lists(desk: &Desk, (): ()) -> Result<Vec<KbListCount>, CallError> {
    let today = date_of(desk.now());
    let counts = desk.store.read(|reader| {
        KbList::ALL
            .iter()
            .map(|list| Ok((*list, reader.count_kb(list.filter(today))?)))
            .collect::<anyhow::Result<Vec<_>>>()
    })?;
    Ok(counts
        .into_iter()
        .map(|(list, n)| KbListCount {
            list,
            title: list.title().to_owned(),
            n,
        })
        .collect())
}

/// 一份清单.
pub(crate) fn kb_records(
    desk: &Desk,
    request: KbRecordList,
) -> Result<Vec<KbRecordRow>, CallError> {
    let today = date_of(desk.now());
    let filter = request.list.filter(today);
    let month = this_month(today);
    let order = match request.order {
        KbListOrder::Own => KbOrder::Own,
        KbListOrder::MostCited => KbOrder::MostCited(month.clone()),
    };
    let (rows, used) = desk
        .store
        .read(|reader| Ok((reader.kb_rows(filter, &order)?, reader.kb_use(&month)?)))?;
    let used = |row: &KbRow| used.get(&row.id).copied().unwrap_or_default();
    let rows = rows.into_iter().map(|row| (used(&row), row));
    Ok(rows.map(|(used, row)| row_view(row, used, today)).collect())
}

fn row_view(row: KbRow, used: KbUseCounts, today: NaiveDate) -> KbRecordRow {
    let mut state = match row.n_versions {
        0 => "未发布".to_owned(),
        n => format!("第 {n} 版"),
    };
    if row.is_suspended {
        state.push_str("（停用待核）");
    } else if row.is_retired {
        state.push_str("（已停止使用）");
    } else if row.valid_until.is_some_and(|last| today > last) {
        state.push_str("（已失效）");
    }
    if let Some(stage) = row.draft_stage {
        state.push('，');
        state.push_str(text::draft_stage(stage));
    }
    KbRecordRow {
        id: row.id.0,
        title: row.title,
        unit: row.unit,
        template_text: text::template(row.template).to_owned(),
        state_text: state,
        n_open_reports: row.n_open_reports,
        n_proposals: row.n_proposals,
        is_review_due: row.next_review_on.is_some_and(|on| on <= today),
        next_review_text: row.next_review_on.map(time_text::date).unwrap_or_default(),
        n_cited: used.n_cited,
        n_unsolved: used.n_unsolved,
        changed_text: time_text::moment(row.changed_at),
    }
}

/// 知识档案 of an article. One that came with the program has none yet: it is shown as its first
/// draft would begin.
pub(crate) fn kb_record(
    desk: &Desk,
    request: knowledge::KnowledgeId,
) -> Result<KbRecordDetail, CallError> {
    let id = KbArticleId(request.id);
    let (record, article, around) = desk.store.read(|reader| {
        let around = Around {
            tasks: reader.open_kb_tasks_of(&id)?,
            gaps: reader.gaps_linked_to(&id)?,
            sayings: reader.sayings_approved_for(&id)?,
        };
        Ok((reader.load_kb_record(&id)?, reader.article(&id)?, around))
    })?;
    match (record, article) {
        (Some(record), _) => Ok(detail(desk, &record, around)),
        (None, Some(stored)) => Ok(without_record(&id, stored, around)),
        (None, None) => Err(CallError::invalid("这条知识已不存在。")),
    }
}

/// What stands around a record.
struct Around {
    tasks: Vec<KbTask>,
    gaps: Vec<StoredGap>,
    /// 学到的说法 that an editor approved.
    sayings: Vec<String>,
}

impl Around {
    /// The questions of the gaps and the sayings that `content` does not have yet.
    fn further_questions(&self, content: Option<&KbContent>) -> Vec<String> {
        let known = content.map_or(&[][..], |content| &content.questions);
        let questions = self.gaps.iter().map(|stored| &stored.gap.question);
        let mut further: Vec<String> = Vec::new();
        for question in questions.chain(&self.sayings) {
            if !known.contains(question) && !further.contains(question) {
                further.push(question.clone());
            }
        }
        further
    }

    fn briefs(&self) -> Vec<KbTaskBrief> {
        let brief = |task: &KbTask| KbTaskBrief {
            number: task.number.clone(),
            text: format!(
                "{}任务 {}，{}到期，{}",
                text::kb_task_kind(task.kind),
                task.number,
                time_text::day(task.due_on),
                text::kb_task_stage(task.stage)
            ),
        };
        self.tasks.iter().map(brief).collect()
    }
}

fn without_record(id: &KbArticleId, stored: StoredArticle, around: Around) -> KbRecordDetail {
    let content = KbContent::from(stored.article);
    KbRecordDetail {
        id: id.0.clone(),
        version: 0,
        standing_text: text::standing(KbStanding::InUse).to_owned(),
        holding_text: String::new(),
        is_review_due: false,
        next_review_text: content
            .next_review_on
            .map(time_text::date)
            .unwrap_or_default(),
        draft: None,
        versions: vec![KbVersionView {
            number: stored.version,
            form: KbForm::of(&content),
            editors_text: String::new(),
            confirmed_text: String::new(),
            published_text: CAME_WITH_THE_PROGRAM.to_owned(),
            contradiction_text: String::new(),
        }],
        proposals: Vec::new(),
        reports: Vec::new(),
        further_questions: around.further_questions(Some(&content)),
        tasks: around.briefs(),
        commands: vec![KbCommandState {
            command: wire_name(&KbCommandKind::Draft),
            text: text::kb_command(KbCommandKind::Draft).to_owned(),
            refusal: None,
        }],
    }
}

fn detail(desk: &Desk, record: &KbRecord, around: Around) -> KbRecordDetail {
    let now = desk.now();
    let today = date_of(now);
    let people = |ids: &[domain::ActorId]| -> String {
        let texts: Vec<String> = ids.iter().map(|id| desk.person_text(id)).collect();
        texts.join("、")
    };
    let by_at = |by: &domain::ActorId, at: DateTime<Utc>| {
        format!("{} {}", desk.person_text(by), time_text::moment(at))
    };
    let facts = KbFacts {
        now,
        actor: &desk.operator,
    };
    KbRecordDetail {
        id: record.id.0.clone(),
        version: record.n_events,
        standing_text: text::standing(record.standing_on(today)).to_owned(),
        holding_text: match &record.holding {
            KbHolding::InUse => String::new(),
            KbHolding::Suspended { reason } => format!("停用待核：{reason}"),
            KbHolding::Withdrawn { reason } => format!("已废止：{reason}"),
            KbHolding::Superseded { by } => format!("已由 {} 替代", by.0),
            KbHolding::Merged { into } => format!("已并入 {}", into.0),
        },
        is_review_due: record.is_review_due_on(today),
        next_review_text: record
            .next_review_on
            .map(time_text::date)
            .unwrap_or_default(),
        draft: record.draft.as_ref().map(|draft| KbDraftView {
            form: KbForm::of(&draft.content),
            revision: draft.revision,
            base_version: draft.base_version,
            stage_text: text::draft_stage(draft.stage).to_owned(),
            editors_text: people(&draft.editors),
            returned_text: draft.returned.as_ref().map_or_else(String::new, |it| {
                format!("{} 退改：{}", by_at(&it.by, it.at), it.reason)
            }),
            missing: draft.content.missing().iter().map(text::kb_field).collect(),
        }),
        versions: record
            .versions
            .iter()
            .rev()
            .map(|version| KbVersionView {
                number: version.number,
                form: KbForm::of(&version.content),
                editors_text: people(&version.editors),
                confirmed_text: version.signatures.as_ref().map_or_else(String::new, |it| {
                    let confirmed_by = desk.person_text(&it.confirmed_by);
                    format!("{confirmed_by}：{}", text::confirmation(&it.confirmation))
                }),
                published_text: match &version.signatures {
                    Some(signed) => by_at(&signed.published_by, version.published_at),
                    None => CAME_WITH_THE_PROGRAM.to_owned(),
                },
                contradiction_text: version.signatures.as_ref().map_or_else(String::new, |it| {
                    text::contradiction(&it.contradicts, &it.contradiction_reason)
                }),
            })
            .collect(),
        proposals: record
            .proposals
            .iter()
            .map(|proposal| KbProposalView {
                number: proposal.number,
                base_version: proposal.base_version,
                by_text: by_at(&proposal.by, proposal.at),
                form: KbForm::of(&proposal.content),
            })
            .collect(),
        reports: record
            .reports
            .iter()
            .map(|report| KbReportView {
                number: report.number.0,
                kind_text: text::error_kind(report.kind).to_owned(),
                version: report.version,
                passage: report.passage.clone(),
                note: report.note.clone(),
                by_text: by_at(&report.by, report.at),
                outcome_text: text::report_outcome(&report.outcome),
                is_open: report.outcome == ReportOutcome::Open,
                is_accepted: report.outcome == ReportOutcome::Accepted,
            })
            .collect(),
        further_questions: around.further_questions(
            record
                .draft
                .as_ref()
                .map(|draft| &draft.content)
                .or_else(|| record.current().map(|version| &version.content)),
        ),
        tasks: around.briefs(),
        commands: commands_at(record, &facts)
            .filter(|(command, _)| !matches!(command, KbCommandKind::Draft | KbCommandKind::Adopt))
            .map(|(command, refusal)| KbCommandState {
                command: wire_name(&command),
                text: text::kb_command(command).to_owned(),
                refusal: refusal.as_ref().map(text::kb_refusal),
            })
            .collect(),
    }
}
