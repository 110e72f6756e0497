//! The calls as a window makes them: a name and JSON go in at [`desk::DeskHost::call`], JSON or a
//! Chinese sentence comes out.
//!
//! `workstation` is a desk in a folder of its own with a clock that the test moves, `form` fills in
//! what a window sends, `center` is a center in the same process, with a line that can be cut, `files` brings files in and out, `shown` makes answers readable. The other modules are the tests, by
//! subject.
//!
//! The modules stand under `cfg(test)` so that clippy counts their helpers as test code too.

#[cfg(test)]
mod action;
#[cfg(test)]
mod analysis;
#[cfg(test)]
mod attachment;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod case_form;
#[cfg(test)]
mod center;
#[cfg(test)]
mod conflict;
#[cfg(all(test, target_os = "linux"))]
mod core_dump;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod delivery;
#[cfg(test)]
mod door;
#[cfg(test)]
mod draft;
#[cfg(test)]
mod early_warning;
mod export;
#[cfg(test)]
mod export_approval;
#[cfg(test)]
mod files;
#[cfg(test)]
mod form;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod index;
#[cfg(test)]
mod kb_difference;
#[cfg(test)]
mod kb_export;
#[cfg(test)]
mod kb_gap;
#[cfg(test)]
mod kb_import;
#[cfg(test)]
mod kb_import_hostile;
#[cfg(test)]
mod kb_record;
#[cfg(test)]
mod kb_report;
#[cfg(test)]
mod kb_task;
#[cfg(test)]
mod kb_twins;
#[cfg(test)]
mod kb_words;
#[cfg(test)]
mod knowledge;
#[cfg(test)]
mod limit;
#[cfg(test)]
mod list;
#[cfg(test)]
mod listen;
#[cfg(test)]
mod notice;
#[cfg(test)]
mod order_form;
#[cfg(test)]
mod outcome;
#[cfg(test)]
mod permission;
#[cfg(test)]
mod phone;
#[cfg(test)]
mod real_center;
#[cfg(test)]
mod refusal;
#[cfg(test)]
mod reveal_request;
#[cfg(test)]
mod shown;
#[cfg(test)]
mod sight;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod start;
#[cfg(test)]
mod status;
#[cfg(test)]
mod sync;
#[cfg(test)]
mod telephone;
#[cfg(test)]
mod wall;
#[cfg(test)]
mod work_report;
#[cfg(test)]
mod workstation;
