//! 草稿: what is being typed, kept with every change. Drafts never leave the desk.

use desk_store::{PutDraftError, StoreFault};
use domain::Role;
use domain::matter::derived_title;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::Desk;
use crate::error::CallError;
use crate::intake::Intake;
use crate::time_text;

#[derive(Debug, Clone, Serialize, TS)]
pub struct Draft {
    pub id: String,
    pub body: Intake,
    pub created_at: i64,
    pub updated_at: i64,
    /// The first words, for the strip of drafts.
    pub summary: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct SaveDraft {
    /// A UUID made by the window; the order that comes of the draft keeps it.
    pub id: String,
    pub body: Intake,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct DraftSaved {
    pub saved_at: i64,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct DraftOwnerLine {
    pub person: String,
    pub n_drafts: u32,
    pub touched_text: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct DraftId {
    pub id: String,
}

/// 全部草稿, the one touched last first.
pub(crate) fn drafts(desk: &Desk, (): ()) -> Result<Vec<Draft>, CallError> {
    let stored = desk
        .store
        .read(|reader| Ok(reader.list_drafts(desk.draft_owner())?))?;
    let mut drafts = Vec::new();
    for draft in stored {
        match serde_json::from_str::<Intake>(&draft.body) {
            Ok(body) => drafts.push(Draft {
                id: draft.id,
                summary: derived_title(&body.text),
                body,
                created_at: draft.created_at.timestamp_millis(),
                updated_at: draft.updated_at.timestamp_millis(),
            }),
            // Kept in the store: a newer program may read it.
            Err(error) => tracing::warn!(id = draft.id, %error, "a draft cannot be read"),
        }
    }
    Ok(drafts)
}

/// 他人草稿: whose drafts lie here besides one's own, for whoever leads the shift. What is in them is
/// for who wrote them.
pub(crate) fn draft_owners(desk: &Desk, (): ()) -> Result<Vec<DraftOwnerLine>, CallError> {
    if !desk.operator.roles.contains(&Role::ShiftLead) {
        return Ok(Vec::new());
    }
    let owners = desk.store.read(|reader| Ok(reader.draft_owners()?))?;
    let others = owners.iter().filter(|it| it.person != desk.operator.id);
    Ok(others
        .map(|owner| DraftOwnerLine {
            person: desk.person_text(&owner.person),
            n_drafts: owner.n_drafts,
            touched_text: time_text::moment(owner.touched_at),
        })
        .collect())
}

/// 保存草稿.
pub(crate) fn save_draft(desk: &Desk, request: SaveDraft) -> Result<DraftSaved, CallError> {
    check_id(&request.id)?;
    let now = desk.now();
    let body = serde_json::to_string(&request.body).map_err(anyhow::Error::from)?;
    desk.store.commit(|writer| -> Result<(), CallError> {
        if writer.load_work_order(&request.id)?.is_some() {
            // A save that was under way when the order was submitted.
            return Ok(());
        }
        writer
            .put_draft(&request.id, desk.draft_owner(), &body, now)
            .map_err(|error| match error {
                PutDraftError::TooLarge { max_bytes, .. } => CallError::invalid(format!(
                    "草稿太长（最多 {} KB），请删减后再继续。",
                    max_bytes / 1024
                )),
                PutDraftError::Fault(fault) => CallError::Store(fault),
            })
    })?;
    Ok(DraftSaved {
        saved_at: now.timestamp_millis(),
    })
}

/// 放弃草稿.
pub(crate) fn discard_draft(desk: &Desk, request: DraftId) -> Result<(), CallError> {
    desk.store.commit(|writer| -> Result<(), StoreFault> {
        writer.delete_draft(&request.id)?;
        Ok(())
    })?;
    Ok(())
}

/// Refuses an id that is no UUID.
pub(crate) fn check_id(id: &str) -> Result<(), CallError> {
    Uuid::parse_str(id)
        .map(drop)
        .map_err(|_not_a_uuid| CallError::invalid("草稿编号不对。"))
}
