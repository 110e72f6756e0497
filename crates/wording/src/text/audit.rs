//! What is recorded of what people did, in Chinese.

use ::audit::{Flaw, Outcome};
use domain::reveal::RevealPurpose;

pub fn audit_outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "已办",
        Outcome::Shown => "已查看",
        Outcome::Refused => "未通过",
        Outcome::Denied => "无权限",
        Outcome::Failed => "未完成",
    }
}

/// Whether an auditor looks at it first.
pub fn is_notable(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Done | Outcome::Shown => false,
        Outcome::Refused | Outcome::Denied | Outcome::Failed => true,
    }
}

/// How the chain breaks, after 第 7 条.
pub fn audit_flaw(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::Edited => "内容被改动",
        Flaw::Missing => "缺失",
        Flaw::Reordered => "与前一条接不上",
        Flaw::CutOff => "起被截断，少于中心留存的条数",
        Flaw::Rewritten => "与中心留存的不一致，此前的记录被重做",
    }
}

pub fn reveal_purpose(purpose: RevealPurpose) -> &'static str {
    match purpose {
        RevealPurpose::CallBack => "回电核实",
        RevealPurpose::Inform => "告知进展",
        RevealPurpose::FollowUp => "回访",
        RevealPurpose::Emergency => "紧急处置",
        RevealPurpose::HandOn => "转交联系",
        RevealPurpose::Supervision => "督办核查",
    }
}

/// The same for a name as it is kept; what is none is shown as it is.
pub fn reveal_purpose_named(name: &str) -> String {
    let purpose = serde_json::from_value(serde_json::Value::String(name.to_owned()));
    match purpose {
        Ok(purpose) => reveal_purpose(purpose).to_owned(),
        // A form with the caller on it.
        Err(_) if name == "print" => "打印单据".to_owned(),
        Err(_unknown) => name.to_owned(),
    }
}
