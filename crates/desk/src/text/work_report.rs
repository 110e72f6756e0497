//! What is said of reports, and why an act about one is refused.

use domain::work_report::{WorkReportAct, WorkReportKind, WorkReportRefusal, WorkReportStage};

use crate::text::role;

pub(crate) fn work_report_kind(kind: WorkReportKind) -> &'static str {
    match kind {
        WorkReportKind::Daily => "日报",
        WorkReportKind::Weekly => "周报",
        WorkReportKind::Monthly => "月报",
        WorkReportKind::Topic => "专题",
    }
}

pub(crate) fn work_report_stage(stage: WorkReportStage) -> &'static str {
    match stage {
        WorkReportStage::Draft => "草稿",
        WorkReportStage::Finished => "已定稿",
    }
}

pub(crate) fn work_report_act(act: &WorkReportAct) -> String {
    match act {
        WorkReportAct::Drafted => "自动起草".to_owned(),
        WorkReportAct::Revised => "修改".to_owned(),
        WorkReportAct::TakenUp { version } => format!("恢复第 {version} 版"),
        WorkReportAct::Finished { issue } if issue.is_empty() => "定稿".to_owned(),
        WorkReportAct::Finished { issue } => format!("定稿，第 {issue} 期"),
        WorkReportAct::Reopened { reason } => format!("撤回定稿，{reason}"),
    }
}

pub(crate) fn work_report_refusal(refusal: &WorkReportRefusal) -> String {
    match refusal {
        WorkReportRefusal::NotPermitted { roles } => {
            let roles: Vec<&str> = roles.iter().map(|it| role(*it)).collect();
            format!("专报须由{}撰写。", roles.join("、"))
        }
        WorkReportRefusal::NotBegun => "这一期还没有开始。".to_owned(),
        WorkReportRefusal::TitleMissing => "请填写标题。".to_owned(),
        WorkReportRefusal::TitleTooLong { max_chars } => format!("标题最多 {max_chars} 字。"),
        WorkReportRefusal::BodyMissing => "正文还是空的。".to_owned(),
        WorkReportRefusal::BodyTooLong { max_chars } => format!("正文最多 {max_chars} 字。"),
        WorkReportRefusal::PersonalNumber => {
            "专报里不能写个人的手机号或身份证号，请改用工单编号。".to_owned()
        }
        WorkReportRefusal::Unchanged => "没有改动，不用保存。".to_owned(),
        WorkReportRefusal::Unwritten => "还有“待撰写”的内容，写好或删去以后再定稿。".to_owned(),
        WorkReportRefusal::FinishedAlready => "已经定稿，要修改请先撤回定稿。".to_owned(),
        WorkReportRefusal::NotFinished => "还没有定稿。".to_owned(),
        WorkReportRefusal::ReasonMissing => "请填写撤回的理由。".to_owned(),
        WorkReportRefusal::NoteTooLong { max_chars } => {
            format!("期号和理由最多 {max_chars} 字。")
        }
        WorkReportRefusal::TooManyVersions { max } => {
            format!("一份专报最多 {max} 版，请另起一份。")
        }
    }
}
