//! 移出本机: an order whose words are at the center alone, and 调阅.

use wire::REDACTED_TEXT;

use super::WorkOrderId;
use crate::desk::Desk;
use crate::error::CallError;
use crate::text;

/// What is said of an order that was put away; empty for one that is here.
pub(super) fn told(desk: &Desk, id: &str) -> Result<String, CallError> {
    if !desk.store.read(|reader| Ok(reader.is_put_away(id)?))? {
        return Ok(String::new());
    }
    let tried = desk.link.known().not_brought_back.get(id).copied();
    Ok(text::put_away(tried).to_owned())
}

/// 调阅 of what was put away; how it ends is heard by the tag `work_orders`.
pub(crate) fn bring_back(desk: &Desk, request: WorkOrderId) -> Result<(), CallError> {
    if !desk
        .store
        .read(|reader| Ok(reader.is_put_away(&request.id)?))?
    {
        return Ok(());
    }
    if !desk.link.known().is_online {
        return Err(CallError::invalid("现在连不上中心，联网后再调阅。"));
    }
    desk.link.bring_back(request.id);
    Ok(())
}

/// A text of an order: what is away was not taken out for good.
pub(super) fn named(said: String, is_away: bool) -> String {
    if is_away {
        said.replace(REDACTED_TEXT, text::PUT_AWAY)
    } else {
        said
    }
}
