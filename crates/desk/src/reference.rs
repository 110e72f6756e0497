//! What the fields of the intake form choose from.

pub use wording::reference::*;

use crate::desk::Desk;
use crate::error::CallError;

/// 受理表单的选项.
pub(crate) fn reference(desk: &Desk, (): ()) -> Result<Reference, CallError> {
    Ok(desk.reference.view.clone())
}
