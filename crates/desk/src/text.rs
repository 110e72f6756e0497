//! What a workstation says in Chinese: the words of the domain, which the portal says too
//! ([`wording::text`]), and those for what only a workstation has.

use desk_store::StoreFault;
use domain::export_approval::{ApprovalGround, ROWS_WITHOUT_APPROVAL};

use crate::error::CallError;

pub(crate) use wording::text::*;

mod attachment;
mod audit;
mod caller;
mod catalogue;
mod early_warning;
mod file;
mod form;
mod ground;
mod list;
mod listen;
mod sign_in;
mod sync;
mod twins;
mod work_report;

pub(crate) use attachment::{act_of_files, not_fetched};
pub(crate) use audit::{AUDITED_EVENTS, audited, audited_call, audited_field, intent};
pub(crate) use caller::{
    abuse_kind, call_handling, dossier_command, dossier_event, dossier_refusal,
};
pub(crate) use catalogue::{amendment_command, amendment_refusal};
pub(crate) use early_warning::{
    early_warning_act, early_warning_command, early_warning_ground, early_warning_refusal,
    early_warning_rule, early_warning_stage,
};
pub(crate) use file::read_error;
pub(crate) use form::{
    CALLER_SEALED, NOT_DISPATCHED, REVEAL_TAKES_TWO, TELLS_WHO_SPEAKS, nothing_for_form,
    template_error,
};
pub(crate) use ground::ground;
pub(crate) use list::{due_counts, gap_filter, import_state};
pub(crate) use listen::{
    concern, guess_ground, learnt, named_kind, quoted, repeat_grounds, same_advice, same_ground,
    same_relation, special_kind, still_reading,
};
pub(crate) use sign_in::{barred, offline_expired, presence, struck_off};
pub(crate) use sync::{
    PUT_AWAY, alert, code_fault, conflict, conflict_advice, flag, not_enrolled, put_away,
    verdict_title,
};
pub(crate) use twins::{contradiction, part_kind, twin_ground, twin_level};
pub(crate) use work_report::{
    work_report_act, work_report_kind, work_report_refusal, work_report_stage,
};

/// What a person is told when a call did not succeed.
pub(crate) fn error(error: &CallError, request_id: &str) -> String {
    match error {
        CallError::Refused(refused) => refusal(refused),
        CallError::KbRefused(refused) => kb_refusal(refused),
        CallError::KbTaskRefused(refused) => kb_task_refusal(refused),
        CallError::GapRefused(refused) => gap_refusal(refused),
        CallError::CaseRefused(refused) => supervisory_refusal(refused),
        CallError::AssessmentRefused(refused) => assessment_refusal(refused),
        CallError::SynonymRefused(refused) => synonym_refusal(refused),
        CallError::SayingRefused(refused) => saying_refusal(refused),
        CallError::DossierRefused(refused) => dossier_refusal(refused),
        CallError::AmendmentRefused(refused) => amendment_refusal(refused),
        CallError::EarlyWarningRefused(refused) => early_warning_refusal(refused),
        CallError::WorkReportRefused(refused) => work_report_refusal(refused),
        CallError::RowRefused { place, refusal } => format!(
            "{place}：{}这一批没有导入任何内容，请重新预览后再导入。",
            kb_refusal(refusal)
        ),
        CallError::NeedsApproval { ground, told } => {
            let why = match ground {
                ApprovalGround::NamesCaller => "写明诉求人姓名和号码的单据".to_owned(),
                ApprovalGround::ManyRows => format!("超过 {ROWS_WITHOUT_APPROVAL} 行的导出"),
            };
            format!("{told}{why}须另一人批准。请申请批准，再请值班长或督办员在本机登录处理。")
        }
        CallError::NotPermitted { roles } => not_permitted(roles),
        CallError::Stale { .. } => "内容刚刚有变化，已重新显示，请核对后再操作。".to_owned(),
        CallError::Locked => "工作站尚未解锁。".to_owned(),
        CallError::SignedOut => "请先登录。".to_owned(),
        CallError::Unread => {
            "中心对它的最新处理，本机程序的版本还看不懂。请先升级程序，再作处理。".to_owned()
        }
        CallError::Invalid { message } => message.clone(),
        CallError::Store(fault) => store_fault(fault, request_id),
        CallError::Fault(_) => format!("没有完成，请重试。如仍不行，请报编号 {request_id}。"),
    }
}

/// 无权限, with who may.
fn not_permitted(roles: &[domain::Role]) -> String {
    let roles: Vec<&str> = roles.iter().map(|it| role(*it)).collect();
    format!("您的岗位不能使用这项功能，须由{}操作。", roles.join("、"))
}

fn store_fault(fault: &StoreFault, request_id: &str) -> String {
    match fault {
        StoreFault::DiskFull => {
            "磁盘已满，没有保存。内容仍在窗口中，请清理磁盘后再试，已保存的工单不受影响。"
                .to_owned()
        }
        StoreFault::Damaged { .. } => {
            format!(
                "本机数据库读取出错，可能已损坏，原文件未改动。请联系管理员，编号 {request_id}。"
            )
        }
        StoreFault::Busy => "数据库正忙，没有保存，请再试一次。".to_owned(),
        StoreFault::Other(_) => format!("没有保存，请重试。如仍不行，请报编号 {request_id}。"),
    }
}
