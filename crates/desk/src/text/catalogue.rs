//! What is done with an amendment of the dispatch catalogue, and why it is not taken.

use domain::dispatch_catalogue::{AmendmentCommandKind, AmendmentRefusal};

use crate::text::role;

pub(crate) fn amendment_command(kind: AmendmentCommandKind) -> &'static str {
    match kind {
        AmendmentCommandKind::Propose => "提出目录修订",
        AmendmentCommandKind::Rule => "审核目录修订",
    }
}

pub(crate) fn amendment_refusal(refusal: &AmendmentRefusal) -> String {
    match refusal {
        AmendmentRefusal::NotPermitted { roles } => {
            let roles: Vec<&str> = roles.iter().map(|it| role(*it)).collect();
            format!("须由{}操作。", roles.join("或"))
        }
        AmendmentRefusal::ProposedAlready => "这项修订已提出，待审核。".to_owned(),
        AmendmentRefusal::NotProposed => "没有这项修订，请重新查看。".to_owned(),
        AmendmentRefusal::RuledAlready => "这项修订已审核。".to_owned(),
        AmendmentRefusal::SamePerson => "须由提出人以外的人审核。".to_owned(),
        AmendmentRefusal::ReasonMissing => "不采纳的，请填写理由。".to_owned(),
        AmendmentRefusal::ReasonTooLong { max_chars } => {
            format!("审核意见最多 {max_chars} 字。")
        }
        AmendmentRefusal::UnitUnknown { .. } => "承办单位名录中没有这个单位。".to_owned(),
        AmendmentRefusal::TooMany => "目录修订已达上限，请联系管理员。".to_owned(),
        AmendmentRefusal::Outdated { .. } => {
            "目录在此期间已改，这项修订不再适用，请重新查看。".to_owned()
        }
    }
}
