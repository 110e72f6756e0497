//! 知识缺口: what people asked and the knowledge did not answer. Only what was typed to search the
//! knowledge gets here, and only as [`asked_question`] lets it through: no message of a citizen, no
//! number of anybody.

use chrono::NaiveDate;
use desk_store::{GapFilter, StoreFault, StoredGap, Writer};
use domain::HandlingUnitId;
use domain::clock_face::date_of;
use domain::kb::KbArticleId;
use domain::kb::gap::{
    EndedSearch, KnowledgeGap, KnowledgeGapCommand, KnowledgeGapEvidence, KnowledgeGapId,
    KnowledgeGapStanding, asked_question, decide, same_as,
};
use domain::kb::task::{KbTaskCommand, KbTaskKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::{Desk, new_id};
use crate::error::CallError;
use crate::knowledge::{KnowledgeSearch, search_knowledge};
use crate::{kb_words, text, time_text};

/// What the call-taker typed to search the knowledge during a call that is now submitted.
#[derive(Debug, Clone, Default, Deserialize, TS)]
pub struct SearchedInCall {
    /// What stands in the search box of the knowledge, never what the citizen said.
    pub text: String,
    /// Whether the call-taker said that an article helped.
    pub has_helped: bool,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct EndedSearchInput {
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GapList {
    Open,
    Assigned,
    Linked,
    SetAside,
}

impl GapList {
    const ALL: [Self; 4] = [Self::Open, Self::Assigned, Self::Linked, Self::SetAside];

    fn filter(self) -> GapFilter {
        match self {
            Self::Open => GapFilter::Open,
            Self::Assigned => GapFilter::Assigned,
            Self::Linked => GapFilter::Linked,
            Self::SetAside => GapFilter::SetAside,
        }
    }
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct GapListCount {
    pub list: GapList,
    pub title: String,
    pub n: u64,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct GapListRequest {
    pub list: GapList,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct GapRow {
    pub id: String,
    /// Sent back with every act.
    pub n_decisions: u32,
    pub question: String,
    pub n_asked: u32,
    /// 没有结果 2 次，没解决 1 次.
    pub counts_text: String,
    pub first_text: String,
    pub last_text: String,
    pub is_hot: bool,
    pub is_open: bool,
    pub standing_text: String,
    /// Who decided so, and when.
    pub decided_text: String,
    /// The article it was put down to; empty for none.
    pub article_id: String,
    /// The task that was given; empty for none.
    pub task_number: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum GapAct {
    /// 下达编写任务.
    Assign { unit_id: String, note: String },
    /// 归入现有条目.
    Link { article_id: String },
    /// 搁置.
    SetAside { reason: String },
    /// 重新列为缺口.
    Reopen,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ActOnGap {
    pub id: String,
    pub n_decisions: u32,
    pub act: GapAct,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct GapDone {
    pub message: String,
}

/// 缺口清单.
pub(crate) fn gap_lists(desk: &Desk, (): ()) -> Result<Vec<GapListCount>, CallError> {
    let counts = desk.store.read(|reader| {
        let counts = GapList::ALL.iter().map(|list| {
            Ok(GapListCount {
                list: *list,
                title: text::gap_filter(list.filter()).to_owned(),
                n: reader.count_gaps(list.filter())?,
            })
        });
        counts.collect::<anyhow::Result<Vec<_>>>()
    })?;
    Ok(counts)
}

/// 一份缺口清单.
pub(crate) fn gaps(desk: &Desk, request: GapListRequest) -> Result<Vec<GapRow>, CallError> {
    let filter = request.list.filter();
    let gaps = desk.store.read(|reader| Ok(reader.gaps(filter)?))?;
    Ok(gaps.into_iter().map(|it| row_view(desk, it)).collect())
}

fn row_view(desk: &Desk, stored: StoredGap) -> GapRow {
    let gap = stored.gap;
    let decided = stored
        .decided
        .map(|(by, at)| format!("{} {}", desk.person_text(&by), time_text::moment(at)));
    let (article_id, task_number) = match &gap.standing {
        KnowledgeGapStanding::Linked { article } => (article.0.clone(), String::new()),
        KnowledgeGapStanding::Assigned { task } => (String::new(), task.clone()),
        KnowledgeGapStanding::Open | KnowledgeGapStanding::SetAside { .. } => {
            (String::new(), String::new())
        }
    };
    GapRow {
        n_decisions: stored.n_decisions,
        n_asked: gap.n_asked(),
        counts_text: text::gap_counts(&gap),
        first_text: time_text::date(gap.first_on),
        last_text: time_text::date(gap.last_on),
        is_hot: gap.is_hot(),
        is_open: gap.standing == KnowledgeGapStanding::Open,
        standing_text: text::gap_standing(&gap.standing),
        decided_text: decided.unwrap_or_default(),
        id: gap.id.0,
        question: gap.question,
        article_id,
        task_number,
    }
}

/// 缺口处理.
pub(crate) fn act_on_gap(desk: &Desk, request: ActOnGap) -> Result<GapDone, CallError> {
    let id = KnowledgeGapId(request.id);
    let message = desk.store.commit(|writer| -> Result<_, CallError> {
        let stored = writer.gap(&id)?;
        let stored = stored.ok_or_else(|| CallError::invalid("没有找到这个缺口。"))?;
        CallError::check_shown(request.n_decisions, stored.n_decisions)?;
        desk.do_with_gap(writer, stored, request.act)
    })?;
    Ok(GapDone { message })
}

impl Desk {
    fn do_with_gap(
        &self,
        writer: &mut Writer,
        stored: StoredGap,
        act: GapAct,
    ) -> Result<String, CallError> {
        let now = self.now();
        let (command, message) = match act {
            GapAct::Assign { unit_id, note } => {
                let number = writer.next_kb_task_number(date_of(now))?;
                let command = KnowledgeGapCommand::Assign {
                    task: number.clone(),
                };
                // Whether the gap may be made a task is said before one is given.
                decide(&stored.gap, &command, &self.operator)?;
                let assign = KbTaskCommand::Assign {
                    number: number.clone(),
                    kind: KbTaskKind::Write,
                    unit: HandlingUnitId(unit_id),
                    article: None,
                    subject: stored.gap.question.clone(),
                    note: note.trim().to_owned(),
                };
                let task = self.act_on_kb_task(writer, &number, None, &assign, now)?;
                let due = time_text::day(task.due_on);
                let unit = self.reference.unit_name(&task.unit);
                (
                    command,
                    format!("编写任务 {number} 已下达{unit}，{due}前提交。"),
                )
            }
            GapAct::Link { article_id } => {
                let article = KbArticleId(article_id);
                let stored = writer.article(&article)?;
                let stored = stored.ok_or_else(|| CallError::invalid("这条知识已不存在。"))?;
                let title = stored.article.title;
                let message = format!("已归入《{title}》，下次修改时可加为群众的说法。");
                (KnowledgeGapCommand::Link { article }, message)
            }
            GapAct::SetAside { reason } => (
                KnowledgeGapCommand::SetAside { reason },
                "已搁置。".to_owned(),
            ),
            GapAct::Reopen => (KnowledgeGapCommand::Reopen, "已重新列为缺口。".to_owned()),
        };
        let standing = decide(&stored.gap, &command, &self.operator)?;
        self.keep_intent(writer, &stored.gap.id.0, &command, stored.n_decisions, now)?;
        writer.put_gap(&StoredGap {
            gap: KnowledgeGap {
                standing,
                ..stored.gap
            },
            n_decisions: stored.n_decisions + 1,
            decided: Some((self.operator.id.clone(), now)),
        })?;
        Ok(message)
    }

    /// How many articles a search finds, for telling what it is evidence of. An index that cannot
    /// answer is no evidence that there is no answer.
    fn n_found(&self, text: &str) -> Option<usize> {
        let search = KnowledgeSearch {
            text: text.to_owned(),
            limit: 1,
            scope: None,
        };
        let found = search_knowledge(self, search).ok()?;
        Some(found.hits.len())
    }
}

/// 检索无果: a search that a person ended with nothing found.
pub(crate) fn note_search(desk: &Desk, request: EndedSearchInput) -> Result<(), CallError> {
    let Some(n_found) = desk.n_found(&request.text) else {
        return Ok(());
    };
    let ended = EndedSearch {
        n_found,
        is_used: false,
        dispatched: None,
        is_marked_unsolved: false,
    };
    let Some(evidence) = ended.evidence() else {
        return Ok(());
    };
    let today = date_of(desk.now());
    desk.store.commit(|writer| -> Result<(), CallError> {
        Ok(note_gap(writer, &request.text, evidence, today)?)
    })
}

/// What was searched for in a call and how much was found, looked up before the call is stored.
pub(crate) struct SearchOfCall {
    text: String,
    n_found: usize,
    has_helped: bool,
}

impl SearchOfCall {
    pub(crate) fn look_up(desk: &Desk, searched: Option<SearchedInCall>) -> Option<Self> {
        let searched = searched.filter(|it| asked_question(&it.text).is_some())?;
        let n_found = desk.n_found(&searched.text)?;
        Some(Self {
            n_found,
            text: searched.text,
            has_helped: searched.has_helped,
        })
    }

    /// Notes what the search is evidence of, now that the call has come to an order: of a gap, or of
    /// how people ask for the article that was cited. One that was said to have helped was noted then.
    pub(crate) fn note(
        &self,
        writer: &mut Writer,
        order: &domain::WorkOrder,
        today: NaiveDate,
    ) -> Result<(), StoreFault> {
        use domain::work_order::{Conclusion, Stage};
        let cited = if let Some(Conclusion::Answer { article, .. }) = &order.conclusion {
            article.as_ref()
        } else {
            None
        };
        if let Some(cited) = cited.filter(|_| !self.has_helped) {
            kb_words::note_saying(writer, &cited.id, &self.text, today)?;
        }
        let is_dispatched = matches!(order.stage, Stage::Dispatched | Stage::Delivered);
        let ended = EndedSearch {
            n_found: self.n_found,
            is_used: cited.is_some() || self.has_helped,
            dispatched: is_dispatched.then_some(order.matter.kind),
            is_marked_unsolved: false,
        };
        match ended.evidence() {
            Some(evidence) => note_gap(writer, &self.text, evidence, today),
            None => Ok(()),
        }
    }
}

/// Counts a question among the gaps; the same question counts once more.
pub(crate) fn note_gap(
    writer: &mut Writer,
    searched: &str,
    evidence: KnowledgeGapEvidence,
    today: NaiveDate,
) -> Result<(), StoreFault> {
    let Some(question) = asked_question(searched) else {
        return Ok(());
    };
    let known = writer.gaps_asked_last()?;
    let same = same_as(&question, known.iter().map(|stored| &stored.gap));
    let same = same.map(|gap| gap.id.clone());
    let known = same.and_then(|id| known.into_iter().find(|stored| stored.gap.id == id));
    let stored = match known {
        Some(mut stored) => {
            stored.gap.note(evidence, today);
            stored
        }
        None => StoredGap {
            gap: KnowledgeGap::new(KnowledgeGapId(new_id()), question, evidence, today),
            n_decisions: 0,
            decided: None,
        },
    };
    writer.put_gap(&stored)
}
