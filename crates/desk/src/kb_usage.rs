//! 知识使用: what was opened, what helped and what did not, by the day and never by the person.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use domain::clock_face::date_of;
use domain::kb::KbArticleId;
use domain::kb::gap::KnowledgeGapEvidence;
use domain::kb::usage::{KbUse, KbUseCounts, first_of_month};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::{kb_gap, kb_words, knowledge, text};

/// What a person can say of an article without an order; that it was cited the orders tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KbFeedback {
    Opened,
    Helped,
    Unsolved,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct NoteKbUse {
    pub article_id: String,
    /// The version that was read; 0 for the one in force, whichever it is.
    pub version: u32,
    pub feedback: KbFeedback,
    /// What was typed to search the knowledge, empty for what was found otherwise. Where the article
    /// helped, people ask for it so; where it did not, this is what is still asked.
    pub searched: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbUseNoted {
    pub message: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbUseView {
    pub n_cited: u32,
    pub n_unsolved: u32,
    /// 本月引用 3 次，没解决 1 次，纠错 2 次.
    pub text: String,
}

/// The days of the month so far.
pub(crate) fn this_month(today: NaiveDate) -> RangeInclusive<NaiveDate> {
    first_of_month(today)..=today
}

/// 本月使用 of an article.
pub(crate) fn kb_use(desk: &Desk, request: knowledge::KnowledgeId) -> Result<KbUseView, CallError> {
    let id = KbArticleId(request.id);
    let days = this_month(date_of(desk.now()));
    let (counts, record) = desk
        .store
        .read(|reader| Ok((reader.kb_use_of(&id, &days)?, reader.load_kb_record(&id)?)))?;
    let reports = record.map(|record| record.reports).unwrap_or_default();
    let of_month = reports.iter().filter(|it| days.contains(&date_of(it.at)));
    Ok(view(counts, of_month.count()))
}

fn view(counts: KbUseCounts, n_reports: usize) -> KbUseView {
    KbUseView {
        n_cited: counts.n_cited,
        n_unsolved: counts.n_unsolved,
        text: text::month_of_use(counts, n_reports),
    }
}

/// 有用 / 没解决, and that an article was opened from a search.
pub(crate) fn note_kb_use(desk: &Desk, request: NoteKbUse) -> Result<KbUseNoted, CallError> {
    let id = KbArticleId(request.article_id);
    let today = date_of(desk.now());
    let (used, message) = match request.feedback {
        KbFeedback::Opened => (KbUse::Opened, ""),
        KbFeedback::Helped => (KbUse::Helped, "已记为有用。"),
        KbFeedback::Unsolved => (KbUse::Unsolved, "已记为没解决，供知识编辑查漏补缺。"),
    };
    desk.store.commit(|writer| -> Result<(), CallError> {
        let gone = || CallError::invalid("这条知识已有变化，请重新打开。");
        let current = writer.article(&id)?.ok_or_else(gone)?.version;
        let version = match request.version {
            0 => current,
            version if version <= current => version,
            _ => return Err(gone()),
        };
        writer.count_kb_use(&id, version, used, today)?;
        match request.feedback {
            KbFeedback::Opened => {}
            KbFeedback::Helped => kb_words::note_saying(writer, &id, &request.searched, today)?,
            KbFeedback::Unsolved => {
                let evidence = KnowledgeGapEvidence::Unsolved;
                kb_gap::note_gap(writer, &request.searched, evidence, today)?;
            }
        }
        Ok(())
    })?;
    Ok(KbUseNoted {
        message: message.to_owned(),
    })
}
