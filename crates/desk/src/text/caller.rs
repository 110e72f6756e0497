//! The words for callers and their dossiers (第二十二条).

use domain::caller_dossier::{
    AbuseKind, CallHandling, DossierCommand, DossierCommandKind, DossierField, DossierRefusal,
};

use crate::text::role;
use crate::time_text;

pub(crate) fn abuse_kind(kind: AbuseKind) -> &'static str {
    match kind {
        AbuseKind::ReasonlessCalls => "无正当理由反复拨打",
        AbuseKind::HoldsTheLine => "长时间占用热线资源",
        AbuseKind::Fabrication => "歪曲捏造事实，诽谤、诬告和陷害他人",
        AbuseKind::Harassment => "骚扰、侮辱、威胁热线工作人员",
    }
}

/// What whoever answers is to do; empty for a call as usual.
pub(crate) fn call_handling(handling: CallHandling) -> &'static str {
    match handling {
        CallHandling::AsUsual => "",
        CallHandling::Hint => "此号码有异常来电档案，请照常接听，注意留证。",
        CallHandling::ShiftLead => "此号码由值班长接听。",
        CallHandling::Restricted => "此号码在限制期内，由值班长接听，有实质诉求的照常登记。",
    }
}

/// A command by its kind.
pub(crate) fn dossier_command(kind: DossierCommandKind) -> &'static str {
    match kind {
        DossierCommandKind::Open => "异常来电建档",
        DossierCommandKind::AddEvidence => "异常来电留证",
        DossierCommandKind::TakeOver => "异常来电由值班长接管",
        DossierCommandKind::RequestRestriction => "申请限制来电",
        DossierCommandKind::RuleOnRestriction => "审批来电限制",
        DossierCommandKind::Refer => "移送司法机关",
        DossierCommandKind::Close => "异常来电撤档",
    }
}

/// What was done, and the rest of it.
pub(crate) fn dossier_event(event: &DossierCommand) -> (&'static str, String) {
    match event {
        DossierCommand::Open { evidence, .. } => ("建档", format!("录音 {}", evidence.recording)),
        DossierCommand::AddEvidence { evidence } => {
            ("留证", format!("录音 {}", evidence.recording))
        }
        DossierCommand::TakeOver { reason } => ("值班长接管", reason.clone()),
        DossierCommand::RequestRestriction { until, reason } => (
            "申请限制",
            format!("至{}，{reason}", time_text::date(*until)),
        ),
        DossierCommand::RuleOnRestriction {
            is_approved: true,
            reason,
        } => ("同意限制", reason.clone()),
        DossierCommand::RuleOnRestriction {
            is_approved: false,
            reason,
        } => ("不同意限制", reason.clone()),
        DossierCommand::Refer {
            document,
            authority,
        } => ("移送", format!("{authority}，{document}")),
        DossierCommand::Close { reason } => ("撤档", reason.clone()),
    }
}

pub(crate) fn dossier_refusal(refusal: &DossierRefusal) -> String {
    match refusal {
        DossierRefusal::OpenAlready => "此号码已建档，请直接留证。".to_owned(),
        DossierRefusal::NotOpen => "此号码还没有建档。".to_owned(),
        DossierRefusal::NotPermitted { roles } => {
            let roles: Vec<&str> = roles.iter().map(|it| role(*it)).collect();
            format!("须由{}操作。", roles.join("或"))
        }
        DossierRefusal::Missing { what } => format!("请填写{}。", dossier_field(*what)),
        DossierRefusal::PhoneInvalid => "号码须为 3 至 20 位数字。".to_owned(),
        DossierRefusal::TextTooLong { what, max_chars } => {
            format!("{}最多 {max_chars} 字。", dossier_field(*what))
        }
        DossierRefusal::RestrictionOver { until, today } => format!(
            "限制截止日{}须晚于今天（{}）。",
            time_text::date(*until),
            time_text::date(*today)
        ),
        DossierRefusal::RestrictionPending => "已有一项限制申请待审批。".to_owned(),
        DossierRefusal::NoRestriction => "没有待审批的限制申请。".to_owned(),
        DossierRefusal::SamePerson => "须由申请人以外的人审批。".to_owned(),
        DossierRefusal::EvidenceMissing { n_calls, n_needed } => {
            format!("已留证 {n_calls} 次，至少需要 {n_needed} 次。")
        }
    }
}

fn dossier_field(field: DossierField) -> &'static str {
    match field {
        DossierField::Phone => "来电号码",
        DossierField::Kinds => "异常情形",
        DossierField::Recording => "录音引用",
        DossierField::Note => "情况",
        DossierField::Reason => "理由",
        DossierField::Document => "文号",
        DossierField::Authority => "受移送机关",
    }
}
