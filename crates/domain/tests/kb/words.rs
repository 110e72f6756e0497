//! How the stories say what the rules answer.

use domain::kb::{
    DraftStage, KbField, KbRecord, KbRefusal, KbStanding, ReportNumber, ReportOutcome,
};

pub(crate) fn field(field: &KbField) -> String {
    match field {
        KbField::Template => "模板",
        KbField::Title => "标题",
        KbField::Questions => "群众的说法",
        KbField::Answer => "标准答案",
        KbField::Section { label } => return label.clone(),
        KbField::InternalNote => "内部口径",
        KbField::Unit => "责任单位",
        KbField::ResponsiblePerson => "责任人",
        KbField::Source => "来源",
        KbField::Category => "事项分类",
        KbField::Township => "适用地点",
        KbField::Validity => "有效期",
        KbField::NextReview => "下次复核日",
        KbField::Reason => "理由",
        KbField::Evidence => "确认依据",
        KbField::Note => "说明",
    }
    .to_owned()
}

pub(crate) fn refusal(refusal: &KbRefusal) -> String {
    match refusal {
        KbRefusal::AlreadyThere => "已有此条".to_owned(),
        KbRefusal::NotThere => "没有此条".to_owned(),
        KbRefusal::NotPermitted { roles, .. } => format!("需要{roles:?}"),
        KbRefusal::NotYourUnit => "不是责任单位的人".to_owned(),
        KbRefusal::OwnDraft => "改过此稿的人不能审核".to_owned(),
        KbRefusal::NoDraft => "没有草稿".to_owned(),
        KbRefusal::WrongDraftStage { stage } => format!("草稿{}", draft_stage(*stage)),
        KbRefusal::StaleDraft {
            by,
            current_revision,
        } => format!("{}已改到第{current_revision}稿", by.0),
        KbRefusal::NoSuchProposal => "没有这份修改稿".to_owned(),
        KbRefusal::Incomplete { missing } => {
            let missing: Vec<String> = missing.iter().map(field).collect();
            format!("未填{}", missing.join("、"))
        }
        KbRefusal::TextTooLong {
            field: of,
            max_chars,
            n_chars,
        } => format!("{}{n_chars}字，至多{max_chars}字", field(of)),
        KbRefusal::TooManyParts { field: of, max } => format!("{}多于{max}项", field(of)),
        KbRefusal::DatesContradict { field: of } => format!("{}矛盾", field(of)),
        KbRefusal::ReviewNotAhead { next_review_on, .. } => format!("复核日{next_review_on}已到"),
        KbRefusal::AlreadyExpired { valid_until, .. } => format!("有效期{valid_until}已过"),
        KbRefusal::Contradicts { articles } => format!("与{}条不一致，未说明理由", articles.len()),
        KbRefusal::VerdictNotPermitted { roles } => format!("认定需要{roles:?}"),
        KbRefusal::NothingChanged => "没有改动".to_owned(),
        KbRefusal::NotPublished => "尚未发布".to_owned(),
        KbRefusal::NotInUse => "已不使用".to_owned(),
        KbRefusal::NotSuspended => "未停用".to_owned(),
        KbRefusal::AlreadySuspended => "已停用".to_owned(),
        KbRefusal::SameArticle => "不能是自身".to_owned(),
        KbRefusal::NoSuchVersion { version } => format!("没有第{version}版"),
        KbRefusal::NoSuchReport {
            report: ReportNumber(number),
        } => format!("没有第{number}条纠错"),
        KbRefusal::NotYourReport => "不是本人报的".to_owned(),
        KbRefusal::ReportAnswered => "纠错已处理".to_owned(),
    }
}

fn draft_stage(stage: DraftStage) -> &'static str {
    match stage {
        DraftStage::Writing => "编写中",
        DraftStage::AwaitsConfirmation => "待单位确认",
        DraftStage::AwaitsReview => "待审核",
    }
}

pub(crate) fn standing(standing: KbStanding) -> &'static str {
    match standing {
        KbStanding::Unpublished => "未发布",
        KbStanding::NotYetValid => "未生效",
        KbStanding::InUse => "使用中",
        KbStanding::Expired => "已失效",
        KbStanding::Suspended => "停用",
        KbStanding::Withdrawn => "废止",
        KbStanding::Superseded => "被替代",
        KbStanding::Merged => "已并入",
    }
}

/// The record in a line.
pub(crate) fn record(record: &KbRecord, today: chrono::NaiveDate) -> String {
    let mut said = match record.current() {
        Some(version) => format!(
            "第{}版 {}",
            version.number,
            standing(record.standing_on(today))
        ),
        None => "未发布".to_owned(),
    };
    if record.is_review_due_on(today) {
        said += " 该复核";
    }
    if let Some(draft) = &record.draft {
        said += &format!("，第{}稿 {}", draft.revision, draft_stage(draft.stage));
        if let Some(returned) = &draft.returned {
            said += &format!("（{}退改：{}）", returned.by.0, returned.reason);
        }
    }
    for proposal in &record.proposals {
        said += &format!("，修改稿#{} {}", proposal.number, proposal.by.0);
    }
    for report in &record.reports {
        let outcome = match &report.outcome {
            ReportOutcome::Open => "待处理".to_owned(),
            ReportOutcome::Accepted => "已受理".to_owned(),
            ReportOutcome::Rejected { reason } => format!("不采纳：{reason}"),
            ReportOutcome::Corrected { version } => format!("第{version}版已更正"),
            ReportOutcome::Retired => "条目已停止使用".to_owned(),
        };
        said += &format!("，纠错{} {outcome}", report.number.0);
    }
    said
}
