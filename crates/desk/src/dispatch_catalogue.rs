//! 派单目录 at the desk: what the suggestions go by, the amendments that accepted returns propose, and
//! what people made of them at all desks. The first table is that of the categories.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use desk_store::{OrderPosition, Reader, Writer};
use domain::HandlingUnitId;
use domain::dispatch_catalogue::{
    AcceptedReturn, AmendmentCase, AmendmentCommand, AmendmentFacts, CatalogueAmendment,
    CatalogueEntry, CatalogueRecord, DispatchCatalogue, accepted_returns, apply, decide,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wire::DISPATCH_CATALOGUE;

use crate::desk::{Desk, new_id};
use crate::error::CallError;
use crate::reference::{Category, ReferenceTables};
use crate::time_text;

/// Returns older than this teach no more.
const TAUGHT_DAYS: i64 = 365;
/// So many orders with returns are looked at.
const RETURNS_MAX: u32 = 2_000;

/// The catalogue in use.
pub(crate) struct CatalogueInUse {
    first: DispatchCatalogue,
    now: RwLock<Arc<DispatchCatalogue>>,
}

/// 目录修订建议 of accepted returns that repeat themselves.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SuggestedAmendment {
    pub category_id: String,
    pub category_text: String,
    pub from_unit_id: String,
    pub from_unit: String,
    pub to_unit_id: String,
    pub to_unit: String,
    /// 工单编号 of the returns behind it.
    pub numbers: Vec<String>,
    /// Put forward already, and not ruled on.
    pub is_proposed: bool,
}

/// 修订案.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AmendmentView {
    pub id: String,
    pub version: u32,
    pub category_text: String,
    pub from_unit: String,
    pub to_unit: String,
    pub numbers: Vec<String>,
    /// 陈晓梅 1001，11月24日（周二）10:00.
    pub proposed_text: String,
    /// Empty while nobody has ruled.
    pub ruled_text: String,
    /// Null while nobody has ruled.
    pub is_adopted: Option<bool>,
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct CatalogueAmendments {
    pub suggested: Vec<SuggestedAmendment>,
    /// The latest first.
    pub cases: Vec<AmendmentView>,
}

#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CatalogueAct {
    /// 提出修订: one that is suggested.
    Propose {
        category_id: String,
        from_unit_id: String,
        to_unit_id: String,
    },
    /// 审核修订.
    Rule {
        amendment_id: String,
        version: u32,
        is_adopted: bool,
        reason: String,
    },
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ActOnCatalogue {
    pub act: CatalogueAct,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct CatalogueDone {
    pub message: String,
}

impl CatalogueInUse {
    pub(crate) fn open(reader: &Reader, reference: &ReferenceTables) -> anyhow::Result<Self> {
        let first = first_table(reference);
        let now = amended(&first, reader.catalogue_record()?.as_ref());
        Ok(Self {
            first,
            now: RwLock::new(Arc::new(now)),
        })
    }

    pub(crate) fn now(&self) -> Arc<DispatchCatalogue> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn take(&self, record: Option<&CatalogueRecord>) {
        let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
        *now = Arc::new(amended(&self.first, record));
    }
}

/// 派单目录 as the categories have it.
fn first_table(reference: &ReferenceTables) -> DispatchCatalogue {
    let entry = |it: &Category| CatalogueEntry {
        category_id: it.id.clone(),
        township_code: String::new(),
        words: Vec::new(),
        lead: Some(HandlingUnitId(it.lead_unit.clone())).filter(|unit| !unit.0.is_empty()),
        regulator: None,
        because: Vec::new(),
    };
    DispatchCatalogue::new(reference.view.categories.iter().map(entry).collect())
}

/// The table with what was adopted, in the order in which it was ruled.
fn amended(first: &DispatchCatalogue, record: Option<&CatalogueRecord>) -> DispatchCatalogue {
    let mut catalogue = first.clone();
    for amendment in record.into_iter().flat_map(|record| &record.adopted) {
        catalogue.adopt(amendment);
    }
    catalogue
}

/// 目录修订: what returns suggest, and what was put forward.
pub(crate) fn catalogue_amendments(desk: &Desk, (): ()) -> Result<CatalogueAmendments, CallError> {
    let now = desk.now();
    let (returns, record) = desk
        .store
        .read(|reader| Ok((returns(reader, now)?, reader.catalogue_record()?)))?;
    let is_proposed = |amendment: &CatalogueAmendment| {
        let record = record.as_ref();
        record.is_some_and(|record| record.open(amendment).is_some())
    };
    let suggested = desk.catalogue.now().amendments(&returns);
    let suggested = suggested.iter().map(|it| SuggestedAmendment {
        category_text: desk.reference.category_text(&it.category_id).to_owned(),
        category_id: it.category_id.clone(),
        from_unit: desk.reference.unit_name(&it.from).to_owned(),
        from_unit_id: it.from.0.clone(),
        to_unit: desk.reference.unit_name(&it.to).to_owned(),
        to_unit_id: it.to.0.clone(),
        numbers: it.because.clone(),
        is_proposed: is_proposed(it),
    });
    let cases = record.iter().flat_map(|record| record.cases.iter().rev());
    Ok(CatalogueAmendments {
        suggested: suggested.collect(),
        cases: cases.map(|it| desk.amendment_view(it)).collect(),
    })
}

/// 目录操作: decided and kept in one transaction; the suggestions of this desk go by it from then on, those
/// of the others once the center has agreed.
pub(crate) fn act_on_catalogue(
    desk: &Desk,
    request: ActOnCatalogue,
) -> Result<CatalogueDone, CallError> {
    let now = desk.now();
    // Reading the returns of a year takes a moment, in which others shall be able to write.
    let suggested = match &request.act {
        CatalogueAct::Propose { .. } => {
            let returns = desk.store.read(|reader| returns(reader, now))?;
            desk.catalogue.now().amendments(&returns)
        }
        CatalogueAct::Rule { .. } => Vec::new(),
    };
    let (record, message) = desk.store.commit(|writer| -> Result<_, CallError> {
        let record = writer.catalogue_record()?;
        let (command, message) = match request.act {
            CatalogueAct::Propose {
                category_id,
                from_unit_id,
                to_unit_id,
            } => {
                let amendment = suggested.into_iter().find(|it| {
                    it.category_id == category_id
                        && it.from.0 == from_unit_id
                        && it.to.0 == to_unit_id
                });
                let amendment = amendment
                    .ok_or_else(|| CallError::invalid("这项修订建议已不成立，请重新查看。"))?;
                let id = new_id();
                let command = AmendmentCommand::Propose { id, amendment };
                (command, "已提出修订，待另一人审核。")
            }
            CatalogueAct::Rule {
                amendment_id,
                version,
                is_adopted,
                reason,
            } => {
                let record = record.as_ref();
                let case = record.and_then(|record| record.case(&amendment_id));
                CallError::check_shown(version, case.map_or(0, AmendmentCase::version))?;
                let message = if is_adopted {
                    "已采纳，派单建议即按修订后的目录。"
                } else {
                    "已登记不采纳。"
                };
                let command = AmendmentCommand::Rule {
                    id: amendment_id,
                    is_adopted,
                    reason,
                };
                (command, message)
            }
        };
        let record = desk.act_on_record(writer, record, &command, now)?;
        Ok((record, message))
    })?;
    desk.catalogue.take(record.as_ref());
    Ok(CatalogueDone {
        message: message.to_owned(),
    })
}

/// 采纳的退回 of the last year.
fn returns(reader: &Reader, now: DateTime<Utc>) -> anyhow::Result<Vec<AcceptedReturn>> {
    let since = OrderPosition::at(now - TimeDelta::days(TAUGHT_DAYS));
    let mut returns = Vec::new();
    for id in reader.orders_sent_back_since(since, RETURNS_MAX)? {
        if let Some(order) = reader.load_work_order(&id)? {
            returns.extend(accepted_returns(&order));
        }
    }
    Ok(returns)
}

impl Desk {
    /// Decides a command about the catalogue and stores intent and event, all in the caller's
    /// transaction.
    pub(crate) fn act_on_record(
        &self,
        writer: &mut Writer,
        mut record: Option<CatalogueRecord>,
        command: &AmendmentCommand,
        now: DateTime<Utc>,
    ) -> Result<Option<CatalogueRecord>, CallError> {
        if writer.is_unread(DISPATCH_CATALOGUE)? {
            return Err(CallError::Unread);
        }
        let facts = AmendmentFacts {
            now,
            actor: &self.operator,
            units: &self.reference.units,
        };
        let base_version = record.as_ref().map_or(0, |record| record.n_events);
        let event = decide(record.as_ref(), command, &facts)?;
        apply(&mut record, &event);
        let desk_seq = self.keep_intent(writer, DISPATCH_CATALOGUE, command, base_version, now)?;
        writer.append_catalogue_event(desk_seq, base_version, &event)?;
        Ok(record)
    }

    fn amendment_view(&self, case: &AmendmentCase) -> AmendmentView {
        let amendment = &case.amendment;
        let by = |person, at| format!("{}，{}", self.person_text(person), time_text::moment(at));
        let ruling = case.ruling.as_ref();
        AmendmentView {
            id: case.id.clone(),
            version: case.version(),
            category_text: self
                .reference
                .category_text(&amendment.category_id)
                .to_owned(),
            from_unit: self.reference.unit_name(&amendment.from).to_owned(),
            to_unit: self.reference.unit_name(&amendment.to).to_owned(),
            numbers: amendment.because.clone(),
            proposed_text: by(&case.proposed_by, case.proposed_at),
            ruled_text: ruling.map_or_else(String::new, |it| by(&it.ruled_by, it.ruled_at)),
            is_adopted: ruling.map(|it| it.is_adopted),
            reason: ruling.map_or_else(String::new, |it| it.reason.clone()),
        }
    }
}

#[cfg(test)]
mod tests;
