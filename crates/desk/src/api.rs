//! The one table of calls. A new call is one line here plus one function.
//!
//! `door` and `host` calls work before the store is open, `desk` and `here` calls need it open and are done
//! in the name of whom they were admitted for (`here`: with the host besides); an `export` call hands out a
//! file, for which it gets a number; only a `door` call is served while nobody is signed in or the desk is
//! locked (`DeskHost::call`). A query *provides* tags; a change *invalidates* them, and every window asks the
//! queries again that provide one of those. `"*"` invalidates everything.
//!
//! `for` says who may make a call (`permission`), the word behind it how it is recorded (`Audited`) and
//! which field of the request names what it is about. A line without either does not compile.

use serde::Serialize;
use serde_json::Value;

use crate::analysis::export::export_figure;
use crate::analysis::{analysis, analysis_orders};
use crate::app::{app_state, change_operator, retry_open, set_damaged_aside, set_up, unlock};
use crate::assessment::act::act_on_assessment;
use crate::assessment::export::{export_assessment, export_assessment_year};
use crate::assessment::items::score_items;
use crate::assessment::round::{assessment_round, assessment_year};
use crate::assessment::scheme::{assessment_scheme, assessment_schemes, check_scheme};
use crate::assessment::trial::{recount_round, trial_assessment};
use crate::attachment::{attachments, fetch_attachment, save_attachment};
use crate::audit::{Audited, audit_entries, export_audit, verify_audit};
use crate::backup::{back_up, backup_state, choose_backup_folder, try_backup};
use crate::caller::{act_on_dossier, caller_card, dossiers};
use crate::conflict::{conflict, conflicts, settle_conflict};
use crate::desk::Desk;
use crate::dispatch_catalogue::{act_on_catalogue, catalogue_amendments};
use crate::draft::{discard_draft, draft_owners, drafts, save_draft};
use crate::early_warning::act::{act_on_early_warning, set_early_warning_thresholds};
use crate::early_warning::{early_warning, early_warnings};
use crate::error::CallError;
use crate::export::{Export, ask_to_export, decide_export, export_requests, trace_export};
use crate::hand_over::{hand_over_form, hand_overs, write_hand_over};
use crate::handed::show_handed;
use crate::handling::{handle_order, preview_act};
use crate::host::{DeskHost, Reply};
use crate::hot_issue::hot_issues;
use crate::incoming_call::{answer_call, incoming_calls, open_link};
use crate::intake::{act_on_order, record_delivery, submit};
use crate::kb_act::act_on_kb_record;
use crate::kb_answer::answer_question;
use crate::kb_calendar::{kb_calendar, kb_calendar_articles};
use crate::kb_difference::{kb_difference, kb_merge};
use crate::kb_export::kb_export;
use crate::kb_gap::{act_on_gap, gap_lists, gaps, note_search};
use crate::kb_import::{kb_import_errors, kb_import_preview, kb_import_run, kb_import_template};
use crate::kb_offer::kb_task_offers;
use crate::kb_record::{kb_lists, kb_record, kb_records};
use crate::kb_report::my_kb_reports;
use crate::kb_task::{kb_task, kb_task_lists, kb_tasks, preview_kb_task};
use crate::kb_task_act::{act_on_kb_task, assign_kb_reviews};
use crate::kb_twins::{kb_twins, tell_apart};
use crate::kb_usage::{kb_use, note_kb_use};
use crate::kb_words::{act_on_kb_words, kb_words};
use crate::knowledge::{knowledge_article, search_knowledge};
use crate::learning::{learn_now, learning};
use crate::ledger::export_ledger;
use crate::listen::listen;
use crate::notice::click::{clicked_notice, follow_notice};
use crate::order_check::check_order;
use crate::order_form::{order_form_template, order_forms, print_order_form};
use crate::permission::{self, Rule, Who};
use crate::reference::reference;
use crate::reveal_request::{ask_to_reveal, decide_reveal};
use crate::samples::{load_samples, remove_samples};
use crate::sign_in::{change_password, lock, presence, sign_in, sign_out, still_here};
use crate::status::status;
use crate::supervision::board::{board, boards};
use crate::supervision::case::{
    supervisory_case, supervisory_cases, supervisory_grounds, supervisory_lists,
};
use crate::supervision::case_act::act_on_case;
use crate::supervision::case_form::print_case;
use crate::supervision::clue::supervision_clues;
use crate::supervision::liaison::liaison_gaps;
use crate::supervision::urging::urge_many;
use crate::sync_state::{enrol, retry_sync, sync_state};
use crate::twin_report::{run_twin_report, twin_report};
#[cfg(test)]
use crate::typescript::{CallTypes, Types};
use crate::upload::{drop_upload, upload_part};
use crate::wall::wall;
use crate::work_order::{
    bring_back, caller_history, preview_limits, queues, reveal_phone, work_order, work_orders,
};
use crate::work_report::act::{act_on_work_report, draft_work_report};
use crate::work_report::export::export_work_report;
use crate::work_report::{preview_work_report, work_report, work_report_version, work_reports};

macro_rules! api {
    ($($(#[$doc:meta])* $side:ident $name:ident($request:ty) -> $response:ty, $tags:ident [$($tag:literal),*], for $group:ident, $audited:ident $of:tt;)*) => {
        /// The names of all calls.
        pub const CALLS: &[&str] = &[$(stringify!($name)),*];

        /// Whether a call shows something and changes nothing.
        pub fn shows(name: &str) -> bool {
            match name {
                $(stringify!($name) => !api!(@change $tags),)*
                _ => false,
            }
        }

        /// Who may make a call and how it is recorded; none for what is no call.
        pub(crate) fn rule(name: &str) -> Option<Rule> {
            match name {
                $(stringify!($name) => Some(Rule {
                    who: api!(@who $group),
                    audited: api!(@audited $audited $of),
                }),)*
                _ => None,
            }
        }

        /// Whether a call is served while nobody is signed in.
        pub(crate) fn is_at_the_door(name: &str) -> bool {
            match name {
                $(stringify!($name) => api!(@door $side),)*
                _ => false,
            }
        }

        /// Whether a call changes something, so that somebody must be there.
        pub(crate) fn is_change(name: &str) -> bool {
            match name {
                $(stringify!($name) => api!(@change $tags),)*
                _ => false,
            }
        }

        /// Whether a call hands out a file with a number.
        #[cfg(test)]
        pub(crate) fn exports(name: &str) -> bool {
            match name {
                $(stringify!($name) => api!(@exports $side),)*
                _ => false,
            }
        }

        /// Finds the call of that name, decodes its request, does it, encodes its answer.
        /// `desk` is the one it was admitted to.
        pub(crate) fn dispatch(
            host: &DeskHost,
            desk: Option<&Desk>,
            name: &str,
            request: Value,
        ) -> Result<Reply, CallError> {
            match name {
                $(stringify!($name) => {
                    let request: $request = decode(request)?;
                    let value = api!(@run $side $name host desk request)?;
                    Ok(Reply { value: encode(&value)?, changed: api!(@changed $tags [$($tag),*]) })
                })*
                _ => Err(CallError::invalid(format!("没有名为“{name}”的调用。"))),
            }
        }

        /// What TypeScript must know of each call.
        #[cfg(test)]
        pub(crate) fn call_types(types: &mut Types) -> Vec<CallTypes> {
            vec![$(CallTypes {
                name: stringify!($name),
                request: types.name_of::<$request>(),
                response: types.name_of::<$response>(),
                provides: api!(@provided $tags [$($tag),*]),
            }),*]
        }

        // The signatures in the table are those of the functions.
        $(const _: () = { api!(@check $side $name $request, $response); };)*
    };
    (@who Anybody) => { Who::Anybody };
    (@who Present) => { Who::Present };
    (@who $group:ident) => { Who::Of(permission::$group) };
    (@audited none $because:literal) => { Audited::Not { because: $because } };
    (@audited own [$($of:literal)?]) => { Audited::Own { of: concat!("" $(, $of)?) } };
    (@audited act [$($of:literal)?]) => { Audited::Act { of: concat!("" $(, $of)?) } };
    (@audited read [$($of:literal)?]) => { Audited::Read { of: concat!("" $(, $of)?) } };
    (@audited search [$($of:literal)?]) => { Audited::Search { of: concat!("" $(, $of)?) } };
    (@door door) => { true };
    (@door host) => { false };
    (@door here) => { false };
    (@door desk) => { false };
    (@door export) => { false };
    (@exports export) => { true };
    (@exports $other:ident) => { false };
    (@change provides) => { false };
    (@change invalidates) => { true };
    (@run door $name:ident $host:ident $desk:ident $request:ident) => { $name($host, $request) };
    (@run host $name:ident $host:ident $desk:ident $request:ident) => { $name($host, $request) };
    (@run here $name:ident $host:ident $desk:ident $request:ident) => {
        $name($host, $desk.ok_or(CallError::Locked)?, $request)
    };
    (@run desk $name:ident $host:ident $desk:ident $request:ident) => {
        $name($desk.ok_or(CallError::Locked)?, $request)
    };
    (@run export $name:ident $host:ident $desk:ident $request:ident) => {
        $name($host, Export::begin($desk.ok_or(CallError::Locked)?)?, $request)
    };
    (@check door $name:ident $request:ty, $response:ty) => {
        let _: fn(&DeskHost, $request) -> Result<$response, CallError> = $name;
    };
    (@check host $name:ident $request:ty, $response:ty) => {
        let _: fn(&DeskHost, $request) -> Result<$response, CallError> = $name;
    };
    (@check here $name:ident $request:ty, $response:ty) => {
        let _: fn(&DeskHost, &Desk, $request) -> Result<$response, CallError> = $name;
    };
    (@check desk $name:ident $request:ty, $response:ty) => {
        let _: fn(&Desk, $request) -> Result<$response, CallError> = $name;
    };
    (@check export $name:ident $request:ty, $response:ty) => {
        let _: fn(&DeskHost, Export<'_>, $request) -> Result<$response, CallError> = $name;
    };
    (@changed provides [$($tag:literal),*]) => { &[] };
    (@changed invalidates [$($tag:literal),*]) => { &[$($tag),*] };
    (@provided provides [$($tag:literal),*]) => { &[$($tag),*] };
    (@provided invalidates [$($tag:literal),*]) => { &[] };
}

api! {
    door app_state(()) -> crate::app::AppState, provides ["app"], for Anybody, none "nobody is there yet";
    door set_up(crate::app::SetUp) -> crate::app::AppState, invalidates ["*"], for Anybody, none "nobody is there yet";
    door unlock(crate::app::Unlock) -> crate::app::AppState, invalidates ["*"], for Anybody, none "nobody is there yet";
    host change_operator(crate::app::ChangeOperator) -> crate::app::AppState, invalidates ["*"], for HOUSE, act ["operator_number"];
    door retry_open(()) -> crate::app::AppState, invalidates ["*"], for Anybody, none "nobody is there yet";
    door set_damaged_aside(()) -> crate::app::AppState, invalidates ["*"], for Anybody, none "the store is closed; its opening is recorded";

    door sign_in(crate::sign_in::SignInForm) -> crate::app::AppState, invalidates ["app"], for Anybody, own ["number"];
    door change_password(crate::sign_in::ChangePasswordForm) -> crate::app::AppState, invalidates ["app"], for Anybody, own [];
    door sign_out(()) -> crate::app::AppState, invalidates ["*"], for Anybody, own [];
    host lock(()) -> crate::app::AppState, invalidates ["app"], for Present, own [];
    desk still_here(()) -> (), invalidates ["app"], for Present, none "a touch";
    desk presence(()) -> Vec<crate::sign_in::PresenceLine>, provides ["app"], for WATCH, none "who was here, no citizen";
    desk hand_over_form(()) -> crate::hand_over::HandOverForm, provides ["work_orders", "drafts", "conflicts"], for SHIFT, none "a form";
    here write_hand_over(crate::hand_over::WriteHandOver) -> crate::app::AppState, invalidates ["*"], for SHIFT, own [];
    desk hand_overs(()) -> Vec<crate::hand_over::HandOverView>, provides ["app"], for SHIFT, none "what colleagues left";

    desk sync_state(()) -> crate::sync_state::SyncState, provides ["sync", "status"], for Present, none "the line, no citizen";
    desk retry_sync(()) -> (), invalidates [], for Present, none "the line, no citizen";
    door enrol(crate::sync_state::EnrolForm) -> crate::sync_state::SyncState, invalidates ["app", "sync"], for Anybody, own ["address"];
    desk conflicts(()) -> Vec<crate::conflict::ConflictRow>, provides ["conflicts"], for GIVERS, none "a list; the page is read";
    desk conflict(crate::conflict::ConflictKey) -> crate::conflict::ConflictDetail, provides ["conflicts", "work_orders"], for GIVERS, read ["seq"];
    desk settle_conflict(crate::conflict::SettleConflict) -> (), invalidates ["conflicts", "status"], for GIVERS, act ["seq"];

    desk status(()) -> crate::status::Status, provides ["status"], for Present, none "counts";
    desk reference(()) -> crate::reference::Reference, provides ["reference"], for Present, none "tables, no citizen";

    desk search_knowledge(crate::knowledge::KnowledgeSearch) -> crate::knowledge::KnowledgeHits, provides ["knowledge"], for HOUSE, none "knowledge, no citizen";
    desk answer_question(crate::kb_answer::KbQuestion) -> crate::kb_answer::KbAnswered, provides ["knowledge"], for HOUSE, none "knowledge, no citizen";
    desk knowledge_article(crate::knowledge::KnowledgeId) -> crate::knowledge::KnowledgeArticle, provides ["knowledge"], for HOUSE, none "knowledge, no citizen";
    desk kb_lists(()) -> Vec<crate::kb_record::KbListCount>, provides ["knowledge"], for HOUSE, none "knowledge, no citizen";
    desk kb_records(crate::kb_record::KbRecordList) -> Vec<crate::kb_record::KbRecordRow>, provides ["knowledge"], for HOUSE, none "knowledge, no citizen";
    desk kb_record(crate::knowledge::KnowledgeId) -> crate::kb_record::KbRecordDetail, provides ["knowledge"], for HOUSE, none "knowledge, no citizen";
    desk act_on_kb_record(crate::kb_act::ActOnKbRecord) -> crate::kb_act::KbDone, invalidates ["knowledge", "kb_care", "status"], for KB_WRITERS, act ["id"];
    desk my_kb_reports(()) -> Vec<crate::kb_report::MyKbReport>, provides ["knowledge"], for KB_WRITERS, none "knowledge, no citizen";
    desk kb_difference(crate::kb_difference::KbCompared) -> crate::kb_difference::KbDifference, provides ["knowledge"], for HOUSE, none "knowledge, no citizen";
    desk kb_merge(crate::kb_difference::KbMergeRequest) -> crate::kb_difference::KbMerge, provides ["knowledge"], for KB_WRITERS, none "knowledge, no citizen";
    desk kb_use(crate::knowledge::KnowledgeId) -> crate::kb_usage::KbUseView, provides ["kb_care"], for HOUSE, none "knowledge, no citizen";
    desk note_kb_use(crate::kb_usage::NoteKbUse) -> crate::kb_usage::KbUseNoted, invalidates ["kb_care"], for HOUSE, none "a count without a name";
    desk kb_task_lists(()) -> crate::kb_task::KbTaskLists, provides ["kb_care"], for HOUSE, none "knowledge, no citizen";
    desk kb_tasks(crate::kb_task::KbTaskListRequest) -> Vec<crate::kb_task::KbTaskRow>, provides ["kb_care"], for HOUSE, none "knowledge, no citizen";
    desk kb_task(crate::kb_task::KbTaskNumber) -> crate::kb_task::KbTaskDetail, provides ["kb_care"], for HOUSE, none "knowledge, no citizen";
    desk kb_task_offers(()) -> Vec<crate::kb_offer::KbTaskOfferView>, provides ["knowledge", "kb_care"], for HOUSE, none "knowledge, no citizen";
    desk preview_kb_task(crate::kb_task::KbTaskPreview) -> crate::limit::LimitView, provides [], for HOUSE, none "knowledge, no citizen";
    desk act_on_kb_task(crate::kb_task_act::ActOnKbTask) -> crate::kb_task_act::KbTaskDone, invalidates ["kb_care", "status"], for KB_WRITERS, act ["number"];
    desk assign_kb_reviews(crate::kb_task_act::AssignKbReviews) -> crate::kb_task_act::KbReviewsAssigned, invalidates ["kb_care", "status"], for KB_WRITERS, act ["unit_id"];
    desk note_search(crate::kb_gap::EndedSearchInput) -> (), invalidates ["kb_care"], for HOUSE, none "a count without a name";
    desk gap_lists(()) -> Vec<crate::kb_gap::GapListCount>, provides ["kb_care"], for HOUSE, none "knowledge, no citizen";
    desk gaps(crate::kb_gap::GapListRequest) -> Vec<crate::kb_gap::GapRow>, provides ["kb_care"], for HOUSE, none "knowledge, no citizen";
    desk act_on_gap(crate::kb_gap::ActOnGap) -> crate::kb_gap::GapDone, invalidates ["kb_care", "knowledge", "status"], for KB_WRITERS, act ["id"];
    desk kb_words(()) -> crate::kb_words::KbWords, provides ["knowledge", "kb_care"], for HOUSE, none "knowledge, no citizen";
    desk act_on_kb_words(crate::kb_words::ActOnKbWords) -> crate::kb_words::KbWordsDone, invalidates ["knowledge", "kb_care"], for KB_WRITERS, act [];
    desk kb_calendar(()) -> Vec<crate::kb_calendar::KbCalendarMonth>, provides ["knowledge", "kb_care"], for HOUSE, none "knowledge, no citizen";
    desk kb_calendar_articles(crate::kb_calendar::KbCalendarKey) -> Vec<crate::kb_calendar::KbDueRow>, provides ["knowledge", "kb_care"], for HOUSE, none "knowledge, no citizen";
    desk upload_part(crate::upload::UploadPart) -> crate::upload::Uploaded, invalidates [], for HOUSE, none "in memory; what is made of it is recorded";
    desk drop_upload(crate::upload::UploadId) -> (), invalidates [], for HOUSE, none "in memory; what is made of it is recorded";
    desk kb_import_preview(crate::kb_import::KbImportAsk) -> crate::kb_import::KbImportPreview, invalidates [], for KB_WRITERS, none "a preview";
    desk kb_import_run(crate::kb_import::KbImportRun) -> crate::kb_import::KbImportDone, invalidates ["knowledge", "status"], for KB_WRITERS, act ["upload_id"];
    export kb_import_errors(crate::kb_import::KbImportErrors) -> crate::handed::Handed, invalidates [], for HOUSE, act ["upload_id"];
    host kb_import_template(crate::kb_import::KbTemplateAsk) -> crate::handed::Handed, invalidates [], for HOUSE, none "knowledge, no citizen";
    export kb_export(crate::kb_export::KbExport) -> crate::handed::Handed, invalidates [], for KB_WRITERS, act [];
    host show_handed(crate::handed::HandedTicket) -> (), invalidates [], for HOUSE, none "opens a folder";
    desk kb_twins(crate::kb_twins::KbTwinsAsk) -> crate::kb_twins::KbTwins, provides ["knowledge"], for HOUSE, none "knowledge, no citizen";
    desk tell_apart(crate::kb_twins::TellApart) -> (), invalidates ["knowledge", "twin_report"], for KB_WRITERS, act ["id"];
    desk twin_report(()) -> crate::twin_report::TwinReport, provides ["twin_report"], for HOUSE, none "knowledge, no citizen";
    desk run_twin_report(crate::twin_report::RunTwinReport) -> (), invalidates ["twin_report"], for KB_WRITERS, none "a count over knowledge";
    desk load_samples(()) -> crate::samples::SampleCounts, invalidates ["knowledge", "status"], for KEEPERS_AND_ADMIN, act [];
    desk remove_samples(()) -> crate::samples::SampleCounts, invalidates ["knowledge", "status"], for KEEPERS_AND_ADMIN, act [];

    desk queues(()) -> Vec<crate::work_order::QueueCount>, provides ["work_orders"], for ORDER_READERS, none "counts";
    desk work_orders(crate::work_order::WorkOrderList) -> crate::work_order::WorkOrderRows, provides ["work_orders"], for ORDER_READERS, search ["search"];
    desk work_order(crate::work_order::WorkOrderId) -> crate::work_order::WorkOrderDetail, provides ["work_orders"], for ORDER_READERS, read ["id"];
    desk bring_back(crate::work_order::WorkOrderId) -> (), invalidates ["work_orders"], for ORDER_READERS, read ["id"];
    desk caller_history(crate::work_order::CallerPhone) -> crate::work_order::CallerHistory, provides ["work_orders"], for FLOOR, read ["phone"];
    desk preview_limits(crate::limit::LimitPreview) -> Vec<crate::limit::LimitView>, provides [], for HOUSE, none "days, no citizen";
    desk reveal_phone(crate::work_order::RevealPhone) -> crate::work_order::RevealedPhone, invalidates [], for REVEALERS, own ["id"];
    desk ask_to_reveal(crate::reveal_request::AskToReveal) -> (), invalidates ["work_orders"], for REVEALERS, act ["id"];
    desk decide_reveal(crate::reveal_request::DecideReveal) -> (), invalidates ["work_orders"], for REVEAL_DECIDERS, act ["work_order_id"];

    desk attachments(crate::work_order::WorkOrderId) -> Vec<crate::attachment::AttachmentView>, provides ["work_orders", "attachments"], for REVEALERS, none "names of files; what is fetched is recorded";
    desk fetch_attachment(crate::attachment::AttachmentKey) -> (), invalidates ["attachments"], for REVEALERS, read ["work_order_id"];
    export save_attachment(crate::attachment::AttachmentKey) -> crate::handed::Handed, invalidates [], for REVEALERS, act ["work_order_id"];
    desk boards(()) -> Vec<crate::supervision::board::BoardCount>, provides ["work_orders"], for ORDER_READERS, none "counts";
    desk board(crate::supervision::board::BoardAsk) -> crate::supervision::board::BoardRows, provides ["work_orders"], for ORDER_READERS, none "a masked list";
    desk urge_many(crate::supervision::urging::UrgeMany) -> crate::supervision::urging::Urged, invalidates ["work_orders", "status"], for ORDER_GIVERS, act [];
    desk liaison_gaps(()) -> crate::supervision::liaison::LiaisonGaps, provides ["app"], for ORDER_READERS, none "units, no citizen";
    desk supervision_clues(()) -> Vec<crate::supervision::clue::ClueView>, provides ["work_orders", "supervision", "kb_care"], for SUPERVISION, none "a masked list";
    desk supervisory_grounds(()) -> Vec<crate::supervision::case::GroundChoice>, provides [], for SUPERVISION, none "a table";
    desk supervisory_lists(()) -> Vec<crate::supervision::case::CaseCount>, provides ["supervision"], for SUPERVISION, none "counts";
    desk supervisory_cases(crate::supervision::case::CaseListAsk) -> Vec<crate::supervision::case::CaseRow>, provides ["supervision"], for SUPERVISION, none "a masked list";
    desk supervisory_case(crate::supervision::case::CaseNumber) -> crate::supervision::case::CaseDetail, provides ["supervision", "work_orders"], for SUPERVISION, read ["number"];
    desk act_on_case(crate::supervision::case_act::ActOnCase) -> crate::supervision::case_act::CaseDone, invalidates ["supervision", "status"], for SUPERVISION, act ["number"];
    export print_case(crate::supervision::case_form::PrintCase) -> crate::handed::Handed, invalidates [], for SUPERVISION, act ["number"];

    desk assessment_schemes(()) -> crate::assessment::scheme::AssessmentSchemes, provides ["assessment"], for ASSESSMENT, none "schemes, no citizen";
    desk assessment_scheme(crate::assessment::SchemeNumber) -> crate::assessment::scheme::SchemeDetail, provides ["assessment"], for ASSESSMENT, none "a scheme, no citizen";
    desk check_scheme(crate::assessment::scheme::SchemeForm) -> crate::assessment::scheme::SchemeChecked, provides [], for ASSESSMENT, none "what the person types";
    desk trial_assessment(crate::assessment::trial::TrialAsk) -> crate::assessment::trial::Trial, provides ["assessment_trial"], for ASSESSMENT, none "figures; the orders behind them are a masked list";
    desk recount_round(crate::assessment::RoundKey) -> crate::assessment::trial::Recount, provides ["assessment_trial"], for ASSESSMENT, none "figures, no citizen";
    desk assessment_round(crate::assessment::RoundKey) -> crate::assessment::round::RoundDetail, provides ["assessment"], for ASSESSMENT, none "figures, no citizen";
    desk assessment_year(crate::assessment::round::YearAsk) -> crate::assessment::round::YearTable, provides ["assessment"], for ASSESSMENT, none "figures, no citizen";
    desk score_items(crate::assessment::items::ScoreItemsAsk) -> crate::assessment::items::ScoreItems, provides ["assessment_trial"], for ASSESSMENT, none "a masked list";
    desk act_on_assessment(crate::assessment::act::ActOnAssessment) -> crate::assessment::act::AssessmentDone, invalidates ["assessment", "assessment_trial", "status"], for ASSESSMENT, act ["number"];
    export export_assessment(crate::assessment::export::ExportAssessment) -> crate::handed::Handed, invalidates [], for ASSESSMENT, act [];
    export export_assessment_year(crate::assessment::round::YearAsk) -> crate::handed::Handed, invalidates [], for ASSESSMENT, act [];

    desk analysis(crate::analysis::AnalysisAsk) -> crate::analysis::Analysis, provides ["work_orders", "kb_care"], for ANALYSIS, none "counts";
    desk analysis_orders(crate::analysis::AnalysisOrdersAsk) -> crate::analysis::AnalysisOrders, provides ["work_orders"], for ANALYSIS, none "a masked list";
    export export_figure(crate::analysis::export::ExportFigure) -> crate::handed::Handed, invalidates [], for ANALYSIS, act ["figure"];
    door wall(()) -> crate::wall::Wall, provides ["work_orders"], for Anybody, none "counts; only while somebody who reads orders has not signed out";

    desk early_warnings(crate::early_warning::EarlyWarningsAsk) -> crate::early_warning::EarlyWarnings, provides ["early_warnings", "work_orders"], for ANALYSIS, none "counts and grounds, no citizen";
    desk early_warning(crate::early_warning::EarlyWarningId) -> crate::early_warning::EarlyWarningDetail, provides ["early_warnings", "work_orders"], for ANALYSIS, none "a masked list";
    desk act_on_early_warning(crate::early_warning::act::ActOnEarlyWarning) -> crate::early_warning::act::EarlyWarningDone, invalidates ["early_warnings", "status"], for WARNING_KEEPERS, act ["id"];
    desk set_early_warning_thresholds(crate::early_warning::act::SetThresholds) -> crate::early_warning::act::EarlyWarningDone, invalidates ["early_warnings"], for WARNING_TUNERS, act ["version"];

    desk work_reports(()) -> crate::work_report::WorkReports, provides ["work_reports"], for ANALYSIS, none "titles, no citizen";
    desk work_report(crate::work_report::WorkReportId) -> crate::work_report::WorkReportDetail, provides ["work_reports"], for ANALYSIS, none "figures and numbers of orders, no citizen";
    desk work_report_version(crate::work_report::WorkReportVersionKey) -> crate::work_report::WorkReportVersionView, provides ["work_reports"], for ANALYSIS, none "figures and numbers of orders, no citizen";
    desk preview_work_report(crate::work_report::WorkReportText) -> crate::work_report::WorkReportPreview, provides [], for ANALYSIS, none "what the person types";
    desk draft_work_report(crate::work_report::DraftWorkReport) -> crate::work_report::act::WorkReportDone, invalidates ["work_reports"], for REPORT_WRITERS, act ["type"];
    desk act_on_work_report(crate::work_report::act::ActOnWorkReport) -> crate::work_report::act::WorkReportDone, invalidates ["work_reports"], for REPORT_WRITERS, act ["id"];
    export export_work_report(crate::work_report::export::ExportWorkReport) -> crate::handed::Handed, invalidates [], for ANALYSIS, act ["id"];

    desk backup_state(()) -> crate::backup::BackupState, provides ["app"], for UPKEEP, none "where and when, no citizen";
    here choose_backup_folder(crate::backup::BackupFolder) -> crate::backup::BackupState, invalidates ["app"], for UPKEEP, act ["folder"];
    desk back_up(()) -> crate::backup::BackupDone, invalidates ["app"], for UPKEEP, act [];
    desk try_backup(()) -> crate::backup::BackupDone, invalidates [], for UPKEEP, act [];

    desk audit_entries(crate::audit::AuditAsk) -> crate::audit::AuditPage, provides [], for AUDIT, read [];
    desk verify_audit(()) -> crate::audit::AuditVerified, invalidates [], for AUDIT, read [];
    export export_audit(crate::audit::AuditAsk) -> crate::handed::Handed, invalidates [], for AUDIT, act [];
    desk trace_export(crate::export::TraceExport) -> crate::export::ExportTrace, invalidates [], for AUDIT, read ["serial"];

    desk drafts(()) -> Vec<crate::draft::Draft>, provides ["drafts"], for INTAKE, none "what the person typed";
    desk draft_owners(()) -> Vec<crate::draft::DraftOwnerLine>, provides ["drafts"], for INTAKE, none "counts";
    desk save_draft(crate::draft::SaveDraft) -> crate::draft::DraftSaved, invalidates [], for INTAKE, none "kept for the person, no act yet";
    desk discard_draft(crate::draft::DraftId) -> (), invalidates ["drafts"], for INTAKE, act ["id"];

    desk listen(crate::listen::Listen) -> crate::listen::Heard, provides ["listening"], for INTAKE, none "what the person types";
    desk check_order(crate::order_check::CheckOrder) -> crate::order_check::OrderChecked, provides [], for INTAKE, none "what the person types";
    host incoming_calls(()) -> Vec<crate::incoming_call::IncomingCall>, provides ["incoming_calls"], for INTAKE, none "the telephone that rings";
    host answer_call(crate::incoming_call::CallId) -> crate::incoming_call::AnsweredCall, invalidates ["incoming_calls", "drafts"], for INTAKE, act ["call_id"];
    host open_link(crate::incoming_call::CallLink) -> (), invalidates ["incoming_calls", "drafts"], for INTAKE, act [];
    here clicked_notice(()) -> Option<crate::notice::click::ClickedNotice>, provides ["clicked_notice"], for Present, none "a page to turn to; what is read there is recorded";
    host follow_notice(crate::notice::click::FollowedNotice) -> (), invalidates ["clicked_notice"], for Present, none "a page to turn to; what is read there is recorded";
    desk caller_card(crate::work_order::CallerPhone) -> crate::caller::CallerCard, provides ["work_orders", "dossiers"], for DOSSIERS, read ["phone"];
    desk dossiers(()) -> Vec<crate::caller::DossierRow>, provides ["dossiers"], for DOSSIERS, read [];
    desk act_on_dossier(crate::caller::ActOnDossier) -> crate::caller::CallerCard, invalidates ["dossiers"], for DOSSIERS, act ["phone"];

    desk learning(()) -> crate::learning::LearningState, provides ["learning"], for HOUSE, none "figures, no citizen";
    desk learn_now(()) -> (), invalidates [], for UPKEEP, act [];
    desk catalogue_amendments(()) -> crate::dispatch_catalogue::CatalogueAmendments, provides ["catalogue", "work_orders"], for ORDER_READERS, none "a masked list";
    desk act_on_catalogue(crate::dispatch_catalogue::ActOnCatalogue) -> crate::dispatch_catalogue::CatalogueDone, invalidates ["catalogue", "listening"], for ORDER_GIVERS, act [];
    desk hot_issues(()) -> crate::hot_issue::HotIssues, provides ["work_orders", "listening"], for ORDER_READERS, none "a masked list";

    desk submit(crate::intake::Submit) -> crate::intake::Submitted, invalidates ["work_orders", "drafts", "status", "kb_care"], for INTAKE, act ["draft_id"];
    desk act_on_order(crate::intake::ActOnOrder) -> crate::intake::Submitted, invalidates ["work_orders", "status", "kb_care"], for FLOOR, act ["work_order_id"];
    desk handle_order(crate::handling::HandleOrder) -> crate::intake::Submitted, invalidates ["work_orders", "status"], for ORDER_GIVERS, act ["work_order_id"];
    desk order_forms(crate::work_order::WorkOrderId) -> crate::order_form::OrderForms, provides ["work_orders"], for ORDER_GIVERS, none "which forms there are";
    export print_order_form(crate::order_form::PrintOrderForm) -> crate::handed::Handed, invalidates [], for ORDER_GIVERS, act ["work_order_id"];
    host order_form_template(crate::order_form::OrderFormTemplate) -> crate::handed::Handed, invalidates [], for ORDER_GIVERS, none "an empty form";
    desk ask_to_export(crate::export::WantedExport) -> crate::export::ExportAsked, invalidates ["exports"], for HOUSE, act [];
    desk export_requests(()) -> Vec<crate::export::AskedExport>, provides ["exports"], for EXPORT_DECIDERS, none "who asks for what, no citizen";
    desk decide_export(crate::export::DecideExport) -> (), invalidates ["exports"], for EXPORT_DECIDERS, act ["request_id"];
    export export_ledger(crate::ledger::ExportLedger) -> crate::handed::Handed, invalidates [], for ORDER_READERS, act ["queue"];
    desk preview_act(crate::handling::HandleOrder) -> crate::handling::ActPreview, provides ["work_orders"], for ORDER_GIVERS, none "what would come of it; nothing is done";
    desk record_delivery(crate::intake::RecordDelivery) -> crate::intake::Submitted, invalidates ["work_orders", "status"], for FLOOR, act ["work_order_id"];
}

fn decode<T: for<'de> serde::Deserialize<'de>>(request: Value) -> Result<T, CallError> {
    serde_json::from_value(request)
        .map_err(|error| CallError::invalid(format!("请求的内容不符合格式：{error}。")))
}

fn encode(value: &impl Serialize) -> Result<Value, CallError> {
    serde_json::to_value(value).map_err(|error| CallError::Fault(error.into()))
}
