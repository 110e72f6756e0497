//! 任务建议: what may be asked of a unit next. Nothing is given by itself (第十三条).

use desk_store::{DueDays, GapFilter, Reader};
use domain::clock_face::date_of;
use domain::kb::offer::{
    EXPIRY_AHEAD_DAYS, KbTaskOffer, offer_for_article, offer_for_gap, offer_for_reports,
};
use domain::kb::task::KbTaskKind;
use serde::Serialize;
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::text;

/// So many offers at a time; the rest comes up when these are dealt with.
const OFFERS_MAX: usize = 100;
/// Reports that were accepted last are looked at in so many articles.
const ACCEPTED_MAX: u32 = 100;

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbTaskOfferView {
    #[ts(type = "KbTaskKind")]
    pub kind: KbTaskKind,
    pub kind_text: String,
    /// Empty for an answer that is still to be written.
    pub article_id: String,
    /// The gap it comes of; empty for none.
    pub gap_id: String,
    pub gap_n_decisions: u32,
    /// Empty where the article's unit is none of the handling units.
    pub unit_id: String,
    pub unit_name: String,
    pub subject: String,
    pub ground_text: String,
}

/// 任务建议: corrections first, then hot questions, then what ends or is to be checked.
pub(crate) fn kb_task_offers(desk: &Desk, (): ()) -> Result<Vec<KbTaskOfferView>, CallError> {
    let offers = desk.store.read(|reader| {
        let mut offers = corrections(desk, reader)?;
        offers.extend(hot_questions(desk, reader)?);
        offers.extend(ends_and_reviews(desk, reader)?);
        Ok(offers)
    })?;
    Ok(offers.into_iter().take(OFFERS_MAX).collect())
}

fn corrections(desk: &Desk, reader: &Reader) -> anyhow::Result<Vec<KbTaskOfferView>> {
    let mut offers = Vec::new();
    for id in reader.kb_accepted_last(ACCEPTED_MAX)? {
        let record = reader.load_kb_record(&id)?;
        let offer = record.and_then(|it| offer_for_reports(&it, &desk.reference.units));
        if let Some(offer) = offer
            && reader.open_kb_tasks_of(&id)?.is_empty()
        {
            offers.push(view(desk, offer));
        }
    }
    Ok(offers)
}

fn hot_questions(desk: &Desk, reader: &Reader) -> anyhow::Result<Vec<KbTaskOfferView>> {
    let mut offers = Vec::new();
    for stored in reader.gaps(GapFilter::Open)? {
        if let Some(offer) = offer_for_gap(&stored.gap) {
            offers.push(KbTaskOfferView {
                gap_id: stored.gap.id.0,
                gap_n_decisions: stored.n_decisions,
                ..view(desk, offer)
            });
        }
    }
    Ok(offers)
}

fn ends_and_reviews(desk: &Desk, reader: &Reader) -> anyhow::Result<Vec<KbTaskOfferView>> {
    let today = date_of(desk.now());
    let ahead = chrono::Days::new(EXPIRY_AHEAD_DAYS + 1);
    let days = DueDays {
        first: None,
        end: today.checked_add_days(ahead).unwrap_or(today),
    };
    let mut offers = Vec::new();
    for stored in reader.kb_due(days)? {
        let article = &stored.article;
        if let Some(offer) = offer_for_article(article, &desk.reference.units, today)
            && reader.open_kb_tasks_of(&article.id)?.is_empty()
        {
            let mut offer = view(desk, offer);
            if offer.unit_id.is_empty() {
                offer.unit_name.clone_from(&article.unit);
            }
            offers.push(offer);
        }
    }
    Ok(offers)
}

fn view(desk: &Desk, offer: KbTaskOffer) -> KbTaskOfferView {
    let unit_name = offer
        .unit
        .as_ref()
        .map(|unit| desk.reference.unit_name(unit));
    KbTaskOfferView {
        kind: offer.kind,
        kind_text: text::kb_task_kind(offer.kind).to_owned(),
        article_id: offer.article.map(|id| id.0).unwrap_or_default(),
        gap_id: String::new(),
        gap_n_decisions: 0,
        unit_name: unit_name.unwrap_or_default().to_owned(),
        unit_id: offer.unit.map(|id| id.0).unwrap_or_default(),
        subject: offer.subject,
        ground_text: text::kb_task_ground(offer.ground),
    }
}
