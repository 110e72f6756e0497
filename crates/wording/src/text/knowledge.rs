//! The words of the knowledge base's life, and why a command about an article is not done.

use domain::kb::{
    DraftStage, ErrorKind, KbCommandKind, KbField, KbRefusal, KbStanding, ReportNumber,
    ReportOutcome, UnitConfirmation,
};

use super::role;
use crate::time_text;

pub fn kb_field(field: &KbField) -> String {
    match field {
        KbField::Template => "模板",
        KbField::Title => "标题",
        KbField::Questions => "群众的说法",
        KbField::Answer => "标准答案",
        KbField::Section { label } if label.is_empty() => "段落",
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

pub fn kb_command(command: KbCommandKind) -> &'static str {
    match command {
        KbCommandKind::Draft => "起草",
        KbCommandKind::Adopt => "建档",
        KbCommandKind::Edit => "修改",
        KbCommandKind::ProposeBeside => "另存修改稿",
        KbCommandKind::TakeProposal => "采用修改稿",
        KbCommandKind::DropProposal => "放弃修改稿",
        KbCommandKind::DiscardDraft => "放弃草稿",
        KbCommandKind::Submit => "送单位确认",
        KbCommandKind::Confirm => "单位确认",
        KbCommandKind::RejectByUnit => "单位退改",
        KbCommandKind::Publish => "审核发布",
        KbCommandKind::RejectByCenter => "审核退改",
        KbCommandKind::Recheck => "复核无变化",
        KbCommandKind::Suspend => "停用待核",
        KbCommandKind::Resume => "恢复使用",
        KbCommandKind::Withdraw => "废止",
        KbCommandKind::Supersede => "由另一条替代",
        KbCommandKind::MergeInto => "并入另一条",
        KbCommandKind::ReportError => "纠错",
        KbCommandKind::NoteReport => "补充纠错说明",
        KbCommandKind::AcceptReport => "受理纠错",
        KbCommandKind::RejectReport => "不采纳纠错",
    }
}

pub fn draft_stage(stage: DraftStage) -> &'static str {
    match stage {
        DraftStage::Writing => "编写中",
        DraftStage::AwaitsConfirmation => "待单位确认",
        DraftStage::AwaitsReview => "待中心审核",
    }
}

pub fn standing(standing: KbStanding) -> &'static str {
    match standing {
        KbStanding::Unpublished => "未发布",
        KbStanding::NotYetValid => "尚未生效",
        KbStanding::InUse => "使用中",
        KbStanding::Expired => "已失效",
        KbStanding::Suspended => "停用待核",
        KbStanding::Withdrawn => "已废止",
        KbStanding::Superseded => "已被替代",
        KbStanding::Merged => "已并入他条",
    }
}

pub fn error_kind(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Wrong => "内容有误",
        ErrorKind::Outdated => "已过时",
        ErrorKind::DeadPhone => "电话打不通",
        ErrorKind::Missing => "缺内容",
        ErrorKind::Unclear => "说不清楚",
    }
}

pub fn report_outcome(outcome: &ReportOutcome) -> String {
    match outcome {
        ReportOutcome::Open => "待处理".to_owned(),
        ReportOutcome::Accepted => "已受理，修改中".to_owned(),
        ReportOutcome::Rejected { reason } => format!("不采纳：{reason}"),
        ReportOutcome::Corrected { version } => format!("第 {version} 版已更正"),
        ReportOutcome::Retired => "条目已停止使用".to_owned(),
    }
}

pub fn confirmation(confirmation: &UnitConfirmation) -> String {
    match confirmation {
        UnitConfirmation::InPerson => "本人确认".to_owned(),
        UnitConfirmation::Recorded { name, evidence } => format!("{name}（{evidence}），中心代记"),
    }
}

/// The sentence beside the button.
pub fn kb_refusal(refusal: &KbRefusal) -> String {
    match refusal {
        KbRefusal::AlreadyThere => "这条知识已经有档案了。".to_owned(),
        KbRefusal::NotThere => "没有找到这条知识。".to_owned(),
        KbRefusal::NotPermitted { command, roles } => {
            let roles: Vec<&str> = roles.iter().map(|it| role(*it)).collect();
            format!("“{}”须由{}操作。", kb_command(*command), roles.join("、"))
        }
        KbRefusal::NotYourUnit => "只有责任单位本单位的人可以这样做。".to_owned(),
        KbRefusal::OwnDraft => {
            "改过此稿或代记单位确认的人不能审核，请换一人审核（第十四条）。".to_owned()
        }
        KbRefusal::NoDraft => "现在没有草稿。".to_owned(),
        KbRefusal::WrongDraftStage { stage } => {
            format!("草稿现在{}，不能这样做。", draft_stage(*stage))
        }
        KbRefusal::StaleDraft {
            by,
            current_revision,
        } => format!(
            "{} 已把草稿改到第 {current_revision} 稿。您写的没有丢，可以另存为修改稿，再与现在的草稿对照合并。",
            by.0
        ),
        KbRefusal::NoSuchProposal => "没有这份修改稿。".to_owned(),
        KbRefusal::Incomplete { missing } => {
            let missing: Vec<String> = missing.iter().map(kb_field).collect();
            format!("请填写{}。", missing.join("、"))
        }
        KbRefusal::TextTooLong {
            field,
            max_chars,
            n_chars,
        } => format!(
            "{}最多 {max_chars} 字，现有 {n_chars} 字。",
            kb_field(field)
        ),
        KbRefusal::TooManyParts { field, max } => format!("{}最多 {max} 项。", kb_field(field)),
        KbRefusal::DatesContradict { field } => match field {
            KbField::NextReview => "下次复核日不能晚于有效期截止日。".to_owned(),
            KbField::Template
            | KbField::Title
            | KbField::Questions
            | KbField::Answer
            | KbField::Section { .. }
            | KbField::InternalNote
            | KbField::Unit
            | KbField::ResponsiblePerson
            | KbField::Source
            | KbField::Category
            | KbField::Township
            | KbField::Validity
            | KbField::Reason
            | KbField::Evidence
            | KbField::Note => "有效期的截止日早于起始日。".to_owned(),
        },
        KbRefusal::ReviewNotAhead { next_review_on, .. } => format!(
            "下次复核日 {} 已到，请改为今天以后的日子。",
            time_text::date(*next_review_on)
        ),
        KbRefusal::AlreadyExpired { valid_until, .. } => {
            format!("有效期到 {}，已过。", time_text::date(*valid_until))
        }
        KbRefusal::Contradicts { articles } => format!(
            "与 {} 条使用中的条目口径不一致。请先统一口径，或写明仍要发布的理由（第十三条）。",
            articles.len()
        ),
        KbRefusal::VerdictNotPermitted { roles } => {
            let roles: Vec<&str> = roles.iter().map(|it| role(*it)).collect();
            format!("认定不是同一事项须由{}操作。", roles.join("、"))
        }
        KbRefusal::NothingChanged => "内容没有改动。".to_owned(),
        KbRefusal::NotPublished => "这条知识尚未发布。".to_owned(),
        KbRefusal::NotInUse => "这条知识已停止使用。".to_owned(),
        KbRefusal::NotSuspended => "这条知识没有停用。".to_owned(),
        KbRefusal::AlreadySuspended => "这条知识已经停用。".to_owned(),
        KbRefusal::SameArticle => "不能由自身替代或并入自身。".to_owned(),
        KbRefusal::NoSuchVersion { version } => format!("没有第 {version} 版。"),
        KbRefusal::NoSuchReport {
            report: ReportNumber(number),
        } => format!("没有第 {number} 条纠错。"),
        KbRefusal::NotYourReport => "只有报这条纠错的人可以补充说明。".to_owned(),
        KbRefusal::ReportAnswered => "没有待处理的纠错。".to_owned(),
    }
}
