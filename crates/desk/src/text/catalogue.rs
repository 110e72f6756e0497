//! Why an amendment of the dispatch catalogue is not taken.

use domain::dispatch_catalogue::AmendmentRefusal;

use crate::text::role;

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
        AmendmentRefusal::Outdated { .. } => {
            "目录在此期间已改，这项修订不再适用，请重新查看。".to_owned()
        }
    }
}
