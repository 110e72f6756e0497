//! 监督情形: each numbered item of 第十九条 to 第二十一条.

use serde::{Deserialize, Serialize};

/// 措施: what follows from a ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// 督促、约谈 (第十九条).
    Admonition,
    /// 报县政府督办 (第二十条).
    Supervision,
    /// 由主管部门处理、移送纪检监察 (第二十一条).
    Referral,
}

impl Measure {
    pub const ALL: [Self; 3] = [Self::Admonition, Self::Supervision, Self::Referral];
}

/// 监督情形.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupervisoryGround {
    /// 超期办理、超期未办理 (第十九条(一)).
    Overdue,
    /// 虚假答复、敷衍塞责、答非所问致不满意 (第十九条(二)).
    BadAnswer,
    /// 确定承办单位后仍推诿 (第十九条(三); it names 第十二条 and means 第十条).
    Shirking,
    /// 知识库未按模板、格式、时限上传更新 (第十九条(四)).
    KnowledgeNeglected,
    /// 其他需要督促或约谈的 (第十九条(五)).
    OtherAdmonition,
    /// 重复投诉，合理诉求长期得不到解决 (第二十条(一)).
    RepeatedAndUnsolved,
    /// 未认真办理形成负面舆情 (第二十条(二)).
    PublicOutcry,
    /// 督促、约谈后仍未见实效 (第二十条(三)).
    AdmonishedInVain,
    /// 未及时有效办理造成重大事故 (第二十一条(一)).
    GraveAccident,
    /// 处置不当等引发严重负面舆情 (第二十一条(二)).
    GravePublicOutcry,
    /// 推卸责任，工单反复退回造成不良影响 (第二十一条(三)).
    SentBackAgainAndAgain,
    /// 打击报复，扣押、销毁、泄露举报信息 (第二十一条(四)).
    ReprisalOrLeak,
    /// 知识库内容重大错误 (第二十一条(五)).
    GraveKnowledgeError,
    /// 其他违法违规 (第二十一条(六)).
    OtherViolation,
}

impl SupervisoryGround {
    pub const ALL: [Self; 14] = [
        Self::Overdue,
        Self::BadAnswer,
        Self::Shirking,
        Self::KnowledgeNeglected,
        Self::OtherAdmonition,
        Self::RepeatedAndUnsolved,
        Self::PublicOutcry,
        Self::AdmonishedInVain,
        Self::GraveAccident,
        Self::GravePublicOutcry,
        Self::SentBackAgainAndAgain,
        Self::ReprisalOrLeak,
        Self::GraveKnowledgeError,
        Self::OtherViolation,
    ];

    /// 条款.
    pub fn article(self) -> &'static str {
        match self {
            Self::Overdue => "第十九条(一)",
            Self::BadAnswer => "第十九条(二)",
            Self::Shirking => "第十九条(三)",
            Self::KnowledgeNeglected => "第十九条(四)",
            Self::OtherAdmonition => "第十九条(五)",
            Self::RepeatedAndUnsolved => "第二十条(一)",
            Self::PublicOutcry => "第二十条(二)",
            Self::AdmonishedInVain => "第二十条(三)",
            Self::GraveAccident => "第二十一条(一)",
            Self::GravePublicOutcry => "第二十一条(二)",
            Self::SentBackAgainAndAgain => "第二十一条(三)",
            Self::ReprisalOrLeak => "第二十一条(四)",
            Self::GraveKnowledgeError => "第二十一条(五)",
            Self::OtherViolation => "第二十一条(六)",
        }
    }

    /// 措施 that the article sets.
    pub fn measure(self) -> Measure {
        match self {
            Self::Overdue
            | Self::BadAnswer
            | Self::Shirking
            | Self::KnowledgeNeglected
            | Self::OtherAdmonition => Measure::Admonition,
            Self::RepeatedAndUnsolved | Self::PublicOutcry | Self::AdmonishedInVain => {
                Measure::Supervision
            }
            Self::GraveAccident
            | Self::GravePublicOutcry
            | Self::SentBackAgainAndAgain
            | Self::ReprisalOrLeak
            | Self::GraveKnowledgeError
            | Self::OtherViolation => Measure::Referral,
        }
    }
}
