//! The words of supervision: boards, grounds, cases (第四条, 第六条(一), 第十八条至第二十一条).

use domain::liaison::{LiaisonGap, LiaisonPost, LiaisonRefusal};
use domain::supervision::admonition::AdmonishingBody;
use domain::supervision::board::{Board, BoardWait};
use domain::supervision::urging::{UrgePoint, UrgeStep};
use domain::supervision::{
    Measure, SupervisoryCommandKind, SupervisoryField, SupervisoryGround, SupervisoryRefusal,
    SupervisoryStage,
};

use super::kb_care::people;
use crate::time_text;

pub fn board(board: Board) -> &'static str {
    match board {
        Board::Limit => "临期与超期",
        Board::Special => "特殊事项",
        Board::SendBack => "退回待审",
        Board::SendBackLoop => "反复退回",
        Board::Extension => "延期待批",
        Board::Screening => "甄别",
        Board::UrgeReceipt => "催办待回执",
    }
}

pub fn board_wait(wait: BoardWait) -> &'static str {
    match wait {
        BoardWait::Limit(kind) => super::limit(kind),
        BoardWait::TownshipReport => "报告属地",
        BoardWait::SendBackRuling => "裁定退回",
        BoardWait::Settling => "理顺职责",
        BoardWait::ExtensionReview => "县审延期",
        BoardWait::ExtensionRuling => "市批延期",
        BoardWait::ScreeningRequest => "单位可申请甄别",
        BoardWait::ScreeningRuling => "市裁甄别",
        BoardWait::UrgeReceipt => "催办回执",
    }
}

/// What the center writes when it urges by itself.
pub fn urge_reason(point: &UrgePoint) -> String {
    let limit = super::limit(point.limit);
    let due = time_text::deadline(point.due_at);
    match point.step {
        UrgeStep::DayBefore => format!("{limit}时限{due}届满，尚余不足 2 个工作日"),
        UrgeStep::Near => format!("{limit}时限{due}届满，已临期"),
        UrgeStep::Overdue => format!("{limit}时限{due}已届满，已超期"),
    }
}

pub fn ground(ground: SupervisoryGround) -> &'static str {
    match ground {
        SupervisoryGround::Overdue => "超期办理、超期未办理",
        SupervisoryGround::BadAnswer => "虚假答复、敷衍塞责、答非所问",
        SupervisoryGround::Shirking => "确定承办后仍推诿",
        SupervisoryGround::KnowledgeNeglected => "知识库未按要求上传更新",
        SupervisoryGround::OtherAdmonition => "其他需要督促约谈",
        SupervisoryGround::RepeatedAndUnsolved => "重复投诉长期未解决",
        SupervisoryGround::PublicOutcry => "未认真办理形成负面舆情",
        SupervisoryGround::AdmonishedInVain => "约谈后仍未见实效",
        SupervisoryGround::GraveAccident => "未有效办理造成重大事故",
        SupervisoryGround::GravePublicOutcry => "处置不当引发严重负面舆情",
        SupervisoryGround::SentBackAgainAndAgain => "推卸责任、反复退回",
        SupervisoryGround::ReprisalOrLeak => "打击报复、泄露举报信息",
        SupervisoryGround::GraveKnowledgeError => "知识库内容重大错误",
        SupervisoryGround::OtherViolation => "其他违法违规",
    }
}

pub fn measure(measure: Measure) -> &'static str {
    match measure {
        Measure::Admonition => "约谈",
        Measure::Supervision => "县政府督办",
        Measure::Referral => "处理、移送",
    }
}

pub fn admonishing_body(body: AdmonishingBody) -> &'static str {
    match body {
        AdmonishingBody::ApprovalBureau => "县行政审批局",
        AdmonishingBody::DisciplineCommission => "县纪委监委",
    }
}

pub fn supervisory_stage(stage: SupervisoryStage) -> &'static str {
    match stage {
        SupervisoryStage::Proposed => "待确认",
        SupervisoryStage::Rejected => "不予采纳",
        SupervisoryStage::Confirmed => "待发出",
        SupervisoryStage::Issued => "待结果",
        SupervisoryStage::Answered => "待销号",
        SupervisoryStage::Closed => "已销号",
    }
}

pub fn supervisory_command(command: SupervisoryCommandKind) -> &'static str {
    match command {
        SupervisoryCommandKind::Propose => "提出建议",
        SupervisoryCommandKind::AddEvidence => "补充证据",
        SupervisoryCommandKind::Confirm => "确认",
        SupervisoryCommandKind::Reject => "不予采纳",
        SupervisoryCommandKind::Issue => "发出",
        SupervisoryCommandKind::RecordAnswer => "记录结果",
        SupervisoryCommandKind::Close => "销号",
    }
}

fn supervisory_field(field: SupervisoryField) -> &'static str {
    match field {
        SupervisoryField::Number => "编号",
        SupervisoryField::Facts => "事实",
        SupervisoryField::EvidenceNumber => "证据编号",
        SupervisoryField::EvidenceNote => "证据说明",
        SupervisoryField::Reason => "理由",
        SupervisoryField::Document => "文号",
        SupervisoryField::Addressee => "发往单位",
        SupervisoryField::Answer => "结果",
    }
}

pub fn supervisory_refusal(refusal: &SupervisoryRefusal) -> String {
    match refusal {
        SupervisoryRefusal::AlreadyProposed => "这一件已经提出。".to_owned(),
        SupervisoryRefusal::NotProposed => "没有找到这一件。".to_owned(),
        SupervisoryRefusal::WrongStage { stage } => {
            format!("这一件现在{}，不能这样做。", supervisory_stage(*stage))
        }
        SupervisoryRefusal::NotPermitted { roles } => format!("须由{}操作。", people(roles)),
        SupervisoryRefusal::SamePerson => "建议是您提出的，须由另一位监督员确认。".to_owned(),
        SupervisoryRefusal::EvidenceMissing => "请至少列出一项证据。".to_owned(),
        SupervisoryRefusal::EvidenceTooMuch { max } => format!("证据最多 {max} 项。"),
        SupervisoryRefusal::UnitUnknown { .. } => "请选择承办单位。".to_owned(),
        SupervisoryRefusal::TextMissing { what } => {
            format!("请填写{}。", supervisory_field(*what))
        }
        SupervisoryRefusal::TextTooLong { what, max_chars } => {
            format!("{}最多 {max_chars} 字。", supervisory_field(*what))
        }
        SupervisoryRefusal::BodyMissing => "请选择约谈机关。".to_owned(),
        SupervisoryRefusal::AnswerDateMissing => "县政府督办须写明办结期限。".to_owned(),
        SupervisoryRefusal::AnswerDateOver { answer_by, .. } => {
            format!(
                "期限{}已到，请写今天以后的日期。",
                time_text::day(*answer_by)
            )
        }
        SupervisoryRefusal::TimeImpossible {
            earliest, latest, ..
        } => format!(
            "结果时间应在{}至{}之间。",
            time_text::moment(*earliest),
            time_text::moment(*latest)
        ),
    }
}

pub fn liaison_gap(gap: &LiaisonGap) -> String {
    match gap {
        LiaisonGap::NoManager => "无热线管理专人".to_owned(),
        LiaisonGap::NoLiaison => "无联络员".to_owned(),
        LiaisonGap::NoDeputy => "无专（兼）职工作人员".to_owned(),
        LiaisonGap::NotSettled { n_changes, names } => {
            format!("联络员不固定，更换 {n_changes} 次（{}）", names.join("、"))
        }
    }
}

pub fn liaison_post(post: LiaisonPost) -> &'static str {
    match post {
        LiaisonPost::Manager => "热线管理专人",
        LiaisonPost::Liaison => "联络员",
        LiaisonPost::Deputy => "专（兼）职工作人员",
    }
}

pub fn liaison_refusal(refusal: &LiaisonRefusal) -> String {
    match refusal {
        LiaisonRefusal::NameMissing => "请填写姓名。".to_owned(),
        LiaisonRefusal::PhoneMissing => "请填写电话。".to_owned(),
        LiaisonRefusal::PostIsHeld { post, name, since } => format!(
            "{}自{}起由{name}担任，请先填写其离任日期。",
            liaison_post(*post),
            time_text::date(*since)
        ),
        LiaisonRefusal::HoldsItAlready { post, name } => {
            format!("{name}已担任{}。", liaison_post(*post))
        }
        LiaisonRefusal::BeforeTheLastTermEnds { until } => {
            format!("上一任到{}才离任。", time_text::date(*until))
        }
        LiaisonRefusal::DoesNotHoldIt { post, name } => {
            format!("{name}没有担任{}。", liaison_post(*post))
        }
        LiaisonRefusal::EndsBeforeItBegan { from } => {
            format!("离任日期早于任职日期{}。", time_text::date(*from))
        }
    }
}
