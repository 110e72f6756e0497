//! Makes `ui/src/backend/generated.ts` from the table of calls and the types they name.

use domain::analysis::{AnalysisSpan, Dimension, Figure, StepLength};
use domain::assessment::{
    AppealCorrection, AssessmentCommandKind, AssessmentPart, DeductedEvent, NoneRule, RoundStage,
    SchemeStage,
};
use domain::caller_dossier::AbuseKind;
use domain::early_warning::{EarlyWarningRule, EarlyWarningStage};
use domain::indicators::Indicator;
use domain::kb::task::KbTaskKind;
use domain::matter::{Channel, MatterClass, MatterKind};
use domain::out_of_scope::{EmergencyLine, OutOfScopeClass};
use domain::reveal::RevealPurpose;
use domain::supervision::admonition::AdmonishingBody;
use domain::supervision::board::Board;
use domain::supervision::{Measure, SupervisoryCommandKind, SupervisoryGround, SupervisoryStage};
use domain::time_limit::LimitKind;
use domain::work_order::{
    CommandKind, DispatchForm, ScreeningReview, Stage, WaitKind, WriteOffGround,
};
use domain::work_report::{WorkReportKind, WorkReportStage};
use wording::typescript::union;

pub(crate) use wording::typescript::{CallTypes, Types};

use crate::api;

const HEAD: &str = "\
// Generated from crates/desk by `cargo xtask gen`. Do not edit.
// All instants (`*_at`) are UTC milliseconds. All texts for people are ready-made Chinese.

";
/// The whole file.
fn generated_typescript() -> String {
    let unions = [
        union("AbuseKind", &AbuseKind::ALL),
        union("MatterKind", &MatterKind::ALL),
        union("MatterClass", &MatterClass::ALL),
        union("Channel", &Channel::ALL),
        union("EmergencyLine", &EmergencyLine::ALL),
        union("RevealPurpose", &RevealPurpose::ALL),
        union("OutOfScopeClass", &OutOfScopeClass::ALL),
        union("Stage", &Stage::ALL),
        union("KbTaskKind", &KbTaskKind::ALL),
        union("CommandKind", CommandKind::ALL),
        union("DispatchForm", &DispatchForm::ALL),
        union("Board", &Board::ALL),
        union("SupervisoryGround", &SupervisoryGround::ALL),
        union("SupervisoryStage", &SupervisoryStage::ALL),
        union("SupervisoryCommandKind", &SupervisoryCommandKind::ALL),
        union("Measure", &Measure::ALL),
        union("AdmonishingBody", &AdmonishingBody::ALL),
        union("Indicator", &Indicator::ALL),
        union("AssessmentPart", &AssessmentPart::ALL),
        union("NoneRule", &NoneRule::ALL),
        union("DeductedEvent", &DeductedEvent::ALL),
        union("SchemeStage", &SchemeStage::ALL),
        union("RoundStage", &RoundStage::ALL),
        union("AppealCorrection", &AppealCorrection::ALL),
        union("AssessmentCommandKind", &AssessmentCommandKind::ALL),
        union("WaitKind", &WaitKind::ALL),
        union("ScreeningReview", &ScreeningReview::ALL),
        union("WriteOffGround", &WriteOffGround::ALL),
        union("LimitKind", &LimitKind::ALL),
        union("AnalysisSpan", &AnalysisSpan::ALL),
        union("Dimension", &Dimension::ALL),
        union("Figure", &Figure::ALL),
        union("StepLength", &StepLength::ALL),
        union("EarlyWarningRule", &EarlyWarningRule::ALL),
        union("EarlyWarningStage", &EarlyWarningStage::ALL),
        union("WorkReportKind", &WorkReportKind::ALL),
        union("WorkReportStage", &WorkReportStage::ALL),
    ];
    wording::typescript::generated_typescript(HEAD, &unions, api::call_types)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `cargo xtask gen` runs this test with `UPDATE_GENERATED` set, which writes the file.
    #[test]
    fn generated_typescript_is_fresh() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../ui/src/backend/generated.ts"
        );
        let expected = generated_typescript();
        if std::env::var_os("UPDATE_GENERATED").is_some() {
            std::fs::write(path, &expected).unwrap();
        }
        let found = std::fs::read_to_string(path).unwrap();
        assert!(
            found == expected,
            "generated.ts is stale: run `cargo xtask gen`"
        );
    }
}
