//! The rules of 渠府办〔2023〕66号 as pure code.
//!
//! Nothing here reads a clock, a file or the network: the time, the calendar, the rule set, the
//! units and the person come in as [`Facts`]. Two functions carry the life of a work order, the
//! same at the desk and at the center:
//!
//! - [`work_order::decide`] answers a command with the events it causes, or with a [`Refusal`];
//! - [`work_order::apply`] folds an event into the state.
//!
//! Whatever a person is told about a limit comes from [`time_limit`], which can explain each day
//! it counted.

pub mod actor;
pub mod analysis;
pub mod assessment;
pub mod assigned_task;
pub mod calendar;
pub mod caller_dossier;
pub mod clock_face;
pub mod data_sharing;
pub mod desk_clock;
pub mod dispatch_catalogue;
pub mod early_warning;
pub mod export_approval;
pub mod export_serial;
pub mod extension;
pub mod handling_unit;
pub mod indicators;
pub mod kb;
pub mod liaison;
pub mod local_name;
pub mod long_term_measure;
pub mod matter;
pub mod out_of_scope;
pub mod precedent;
pub mod refusal;
pub mod repeat;
pub mod retention;
pub mod reveal;
pub mod rule_set;
pub mod screening;
pub mod supervision;
pub mod surge;
pub mod time_limit;
pub mod upstream;
pub mod work_order;
pub mod work_report;

pub use actor::{Actor, ActorId, Role};
pub use handling_unit::{HandlingUnit, HandlingUnitId, HandlingUnits};
pub use refusal::Refusal;
pub use work_order::{Command, Event, Facts, WorkOrder};
