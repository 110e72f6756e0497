//! 任务建议: what may be made a task for a unit. It is offered and never given by itself: a person gives
//! tasks (第十三条, 第六条(四)).

use chrono::{Days, NaiveDate};

use super::gap::KnowledgeGap;
use super::task::KbTaskKind;
use super::{KbArticle, KbArticleId, KbRecord, ReportNumber, ReportOutcome};
use crate::handling_unit::{HandlingUnitId, HandlingUnits};

/// An article that ends within so many days is offered to be brought up to date.
pub const EXPIRY_AHEAD_DAYS: u64 = 30;

/// 建议依据.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KbTaskGround {
    /// 有效期将到或已到.
    Expiry { valid_until: NaiveDate },
    /// 复核日已到.
    ReviewDue { next_review_on: NaiveDate },
    /// 已受理的纠错.
    AcceptedReport { report: ReportNumber },
    /// 热点缺口.
    HotQuestion { n_asked: u32 },
}

/// 任务建议.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KbTaskOffer {
    pub kind: KbTaskKind,
    pub article: Option<KbArticleId>,
    /// Where it is one of the handling units; otherwise a person says which.
    pub unit: Option<HandlingUnitId>,
    pub subject: String,
    pub ground: KbTaskGround,
}

/// What an article in use calls for on `today`: its end comes before its review.
pub fn offer_for_article(
    article: &KbArticle,
    units: &HandlingUnits,
    today: NaiveDate,
) -> Option<KbTaskOffer> {
    let ends_by = today.checked_add_days(Days::new(EXPIRY_AHEAD_DAYS))?;
    let ends = article.valid_until.filter(|last| *last <= ends_by);
    let is_due = article.next_review_on.filter(|on| *on <= today);
    let (kind, ground) = match (ends, is_due) {
        (Some(valid_until), _) => (KbTaskKind::Update, KbTaskGround::Expiry { valid_until }),
        (None, Some(next_review_on)) => (
            KbTaskKind::Review,
            KbTaskGround::ReviewDue { next_review_on },
        ),
        (None, None) => return None,
    };
    Some(KbTaskOffer {
        kind,
        article: Some(article.id.clone()),
        unit: unit_called(&article.unit, units),
        subject: article.title.clone(),
        ground,
    })
}

/// What the accepted reports of an article call for, until it is corrected.
pub fn offer_for_reports(record: &KbRecord, units: &HandlingUnits) -> Option<KbTaskOffer> {
    let accepted = record
        .reports
        .iter()
        .find(|report| report.outcome == ReportOutcome::Accepted)?;
    let content = &record.current()?.content;
    let unit = content.unit_id.clone();
    Some(KbTaskOffer {
        kind: KbTaskKind::Correct,
        article: Some(record.id.clone()),
        unit: unit.or_else(|| unit_called(&content.unit, units)),
        subject: content.title.clone(),
        ground: KbTaskGround::AcceptedReport {
            report: accepted.number,
        },
    })
}

/// What a question that is asked again and again calls for.
pub fn offer_for_gap(gap: &KnowledgeGap) -> Option<KbTaskOffer> {
    gap.is_hot().then(|| KbTaskOffer {
        kind: KbTaskKind::Write,
        article: None,
        unit: None,
        subject: gap.question.clone(),
        ground: KbTaskGround::HotQuestion {
            n_asked: gap.n_asked(),
        },
    })
}

/// The handling unit of that name, or of that everyday name.
pub fn unit_called(name: &str, units: &HandlingUnits) -> Option<HandlingUnitId> {
    let is_called =
        |it: &crate::HandlingUnit| it.name == name || it.aliases.iter().any(|alias| alias == name);
    units
        .iter()
        .find(|it| is_called(it))
        .map(|it| it.id.clone())
}
