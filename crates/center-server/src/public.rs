//! 公众页面: what citizens see and ask.

use std::sync::Arc;

use axum::Router;

use crate::follower::Projection;
use crate::office::Office;

/// Its calls and pages.
pub fn routes(_office: Arc<Office>) -> Router {
    Router::new()
}

/// The rows it is made of.
pub fn projections() -> Vec<Box<dyn Projection>> {
    Vec::new()
}
