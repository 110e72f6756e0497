//! 承办单位门户: what units see and do in a browser.
//!
//! One table of calls ([`api`]), as at the desk. Whoever calls is let in by [`doorway`], reads
//! through a [`visit`], and is shown what the unit was given and nothing else. Lists are rows that
//! the follower draws ([`unit_order`], [`unit_article`], [`unit_round`]); what is done goes to the writer.

mod api;
mod assessment;
mod audited;
mod changes;
mod door;
mod doorway;
mod error;
mod evidence;
mod handling;
mod kb_form;
mod kb_record;
mod kb_task;
mod order_list;
mod reveal;
pub(crate) mod sealed;
mod session;
mod statistics;
#[cfg(test)]
mod typescript;
mod unit_article;
mod unit_order;
mod unit_round;
mod visit;
mod work_order;

use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use wording::reference::ReferenceTables;

use self::unit_article::UnitArticles;
use self::unit_order::UnitOrders;
use self::unit_round::UnitRounds;
use crate::follower::Projection;
use crate::office::Office;

pub use api::CALLS;
pub(crate) use evidence::uploads_of;

/// What every request to the portal needs.
struct Portal {
    office: Arc<Office>,
    tables: Arc<ReferenceTables>,
}

/// Its calls and pages.
pub fn routes(office: Arc<Office>) -> Result<Router> {
    let tables = Arc::new(ReferenceTables::built_in()?);
    Ok(door::routes(Arc::new(Portal { office, tables })))
}

/// The rows it is made of.
pub fn projections() -> Result<Vec<Box<dyn Projection>>> {
    let tables = Arc::new(ReferenceTables::built_in()?);
    Ok(vec![
        Box::new(UnitOrders { tables }),
        Box::new(UnitArticles),
        Box::new(UnitRounds),
    ])
}
