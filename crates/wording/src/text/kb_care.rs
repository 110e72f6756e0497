//! The words of what keeps the knowledge base right: tasks, gaps, use, versions side by side.

use domain::kb::gap::{KnowledgeGap, KnowledgeGapRefusal, KnowledgeGapStanding};
use domain::kb::merge::KbChangedBy;
use domain::kb::offer::KbTaskGround;
use domain::kb::task::{KbTaskCommandKind, KbTaskField, KbTaskKind, KbTaskRefusal, KbTaskStage};
use domain::kb::usage::KbUseCounts;

use super::role;
use crate::time_text;

pub fn kb_task_kind(kind: KbTaskKind) -> &'static str {
    match kind {
        KbTaskKind::Write => "编写",
        KbTaskKind::Update => "更新",
        KbTaskKind::Review => "复核",
        KbTaskKind::Correct => "纠错",
    }
}

pub fn kb_task_article(kind: KbTaskKind) -> &'static str {
    match kind {
        KbTaskKind::Write | KbTaskKind::Update => "第十三条",
        KbTaskKind::Review => "第六条(四)",
        KbTaskKind::Correct => "第十四条",
    }
}

pub fn kb_task_stage(stage: KbTaskStage) -> &'static str {
    match stage {
        KbTaskStage::Open => "待提交",
        KbTaskStage::Delivered => "待验收",
        KbTaskStage::Done => "已完成",
        KbTaskStage::Cancelled => "已撤销",
    }
}

pub fn kb_task_command(command: KbTaskCommandKind) -> &'static str {
    match command {
        KbTaskCommandKind::Assign => "下达任务",
        KbTaskCommandKind::Deliver => "登记提交",
        KbTaskCommandKind::Accept => "验收",
        KbTaskCommandKind::Return => "退改",
        KbTaskCommandKind::Cancel => "撤销",
    }
}

fn kb_task_field(field: KbTaskField) -> &'static str {
    match field {
        KbTaskField::Number => "任务编号",
        KbTaskField::Subject => "事项",
        KbTaskField::Note => "说明",
        KbTaskField::Reason => "理由",
    }
}

pub(super) fn people(roles: &[domain::Role]) -> String {
    let roles: Vec<&str> = roles.iter().map(|it| role(*it)).collect();
    roles.join("、")
}

pub fn kb_task_refusal(refusal: &KbTaskRefusal) -> String {
    match refusal {
        KbTaskRefusal::AlreadyAssigned => "任务已经下达。".to_owned(),
        KbTaskRefusal::NotAssigned => "没有找到这项任务。".to_owned(),
        KbTaskRefusal::WrongStage { stage } => {
            format!("任务现在{}，不能这样做。", kb_task_stage(*stage))
        }
        KbTaskRefusal::NotPermitted { roles } => format!("须由{}操作。", people(roles)),
        KbTaskRefusal::NotYourUnit => "这是另一个单位的任务。".to_owned(),
        KbTaskRefusal::UnitUnknown { .. } => "请选择承办单位。".to_owned(),
        KbTaskRefusal::TextMissing { what } => format!("请填写{}。", kb_task_field(*what)),
        KbTaskRefusal::TextTooLong { what, max_chars } => {
            format!("{}最多 {max_chars} 字。", kb_task_field(*what))
        }
        KbTaskRefusal::ArticleMissing => "请选定是哪一条知识。".to_owned(),
    }
}

pub fn kb_task_ground(ground: KbTaskGround) -> String {
    match ground {
        KbTaskGround::Expiry { valid_until } => {
            format!("有效至 {}", time_text::date(valid_until))
        }
        KbTaskGround::ReviewDue { next_review_on } => {
            format!("下次复核日 {}", time_text::date(next_review_on))
        }
        KbTaskGround::AcceptedReport { report } => format!("第 {} 条纠错已受理", report.0),
        KbTaskGround::HotQuestion { n_asked } => format!("热点缺口，问过 {n_asked} 次"),
    }
}

pub fn gap_standing(standing: &KnowledgeGapStanding) -> String {
    match standing {
        KnowledgeGapStanding::Open => "待处理".to_owned(),
        KnowledgeGapStanding::Assigned { task } => format!("已下达编写任务 {task}"),
        KnowledgeGapStanding::Linked { .. } => "已归入现有条目".to_owned(),
        KnowledgeGapStanding::SetAside { reason } => format!("已搁置：{reason}"),
    }
}

/// 没有结果 2 次，没用上 1 次，没解决 1 次.
pub fn gap_counts(gap: &KnowledgeGap) -> String {
    let counts = [
        ("没有结果", gap.n_nothing_found),
        ("有结果没用上", gap.n_not_used),
        ("没解决", gap.n_unsolved),
    ];
    let said = counts.iter().filter(|(_, n)| *n > 0);
    let said: Vec<String> = said.map(|(what, n)| format!("{what} {n} 次")).collect();
    said.join("，")
}

pub fn gap_refusal(refusal: &KnowledgeGapRefusal) -> String {
    match refusal {
        KnowledgeGapRefusal::NotPermitted { roles } => {
            format!("知识缺口须由{}处理。", people(roles))
        }
        KnowledgeGapRefusal::DealtWith { standing } => {
            format!("这个缺口{}。", gap_standing(standing))
        }
        KnowledgeGapRefusal::AlreadyOpen => "这个缺口正待处理。".to_owned(),
        KnowledgeGapRefusal::ReasonMissing => "请填写理由。".to_owned(),
        KnowledgeGapRefusal::ReasonTooLong { max_chars } => format!("理由最多 {max_chars} 字。"),
    }
}

pub fn changed_by(changed_by: KbChangedBy) -> &'static str {
    match changed_by {
        KbChangedBy::Draft => "只有草稿改了",
        KbChangedBy::Proposal => "只有修改稿改了",
        KbChangedBy::Both => "两边都改了",
    }
}

/// 本月引用 3 次，没解决 1 次，纠错 2 次; what never happened but matters is said too.
pub fn month_of_use(counts: KbUseCounts, n_reports: usize) -> String {
    let KbUseCounts {
        n_opened,
        n_cited,
        n_helped,
        n_unsolved,
    } = counts;
    let mut said = format!("本月引用 {n_cited} 次，没解决 {n_unsolved} 次，纠错 {n_reports} 次");
    if n_helped > 0 {
        said.push_str(&format!("，有用 {n_helped} 次"));
    }
    if n_opened > 0 {
        said.push_str(&format!("，查阅 {n_opened} 次"));
    }
    said
}
