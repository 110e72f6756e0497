//! What people do at a workstation: the use cases of the desk and the one door to them.
//!
//! Every window, the loopback host and every test come in through [`DeskHost::call`] with a name
//! and JSON. The table of calls stands in [`api`]; the TypeScript of `ui/src/backend/generated.ts`
//! is made from the same table and the same types. Chinese for people is made here and nowhere
//! else: [`text`] has one exhaustive match for each thing that can be said.

#![expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "every call of the table takes its request by value and may fail"
)]

pub mod analysis;
pub mod api;
pub mod app;
pub mod assessment;
pub mod attachment;
pub mod audit;
pub mod backup;
#[cfg(test)]
mod bare_desk;
pub mod caller;
pub mod clock;
pub mod conflict;
pub mod core_dump;
mod desk;
pub mod difference;
pub mod dispatch_catalogue;
pub mod draft;
pub mod early_warning;
pub mod error;
pub mod export;
#[cfg(test)]
mod full_disk;
pub mod hand_over;
pub mod handed;
pub mod handling;
mod host;
pub mod hot_issue;
pub mod http_host;
pub mod incoming_call;
pub mod intake;
pub mod kb_act;
pub mod kb_answer;
pub mod kb_calendar;
mod kb_columns;
pub mod kb_difference;
pub mod kb_export;
pub mod kb_form;
pub mod kb_gap;
pub mod kb_import;
pub mod kb_offer;
pub mod kb_part;
pub mod kb_record;
pub mod kb_report;
pub mod kb_task;
pub mod kb_task_act;
pub mod kb_twins;
pub mod kb_usage;
pub mod kb_words;
pub mod knowledge;
pub mod learning;
pub mod ledger;
pub mod listen;
pub mod notice;
mod office;
pub mod order_check;
pub mod order_form;
mod permission;
mod recall;
pub mod reference;
pub mod reveal_request;
pub mod samples;
mod sight;
pub mod sign_in;
pub mod status;
pub mod supervision;
pub mod sync;
pub mod sync_state;
pub mod telephone_door;
mod text;
pub mod twin_report;
mod twins;
#[cfg(test)]
mod typescript;
pub mod upload;
pub mod wall;
pub mod work_order;
pub mod work_report;

pub(crate) use wording::{limit, mask, story, time_text};

pub use clock::{Clock, SystemClock};
pub use error::{ApiError, ErrorCode};
pub use handed::Desktop;
pub use host::{DeskHost, Reply};
pub use notice::{Notice, NoticeTarget};
