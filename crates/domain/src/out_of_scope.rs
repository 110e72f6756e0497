//! 第八条: the eight classes of matters that the hotline does not accept.

use serde::{Deserialize, Serialize};

/// 不予受理类别 (第八条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutOfScopeClass {
    /// (一) 诉讼、仲裁、纪检监察、行政复议、政府信息公开等程序, 或已进入信访渠道.
    OtherProcedure,
    /// (二) 国家秘密、商业秘密、个人隐私, 违反社会公序良俗.
    SecretOrIndecent,
    /// (三) 属于 110、119、120、122 等紧急热线.
    EmergencyLine,
    /// (四) 已出具终结办理意见书的同一诉求人同一诉求事项.
    FinallyClosed,
    /// (五) 军队、武装警察部队职权范围.
    Military,
    /// (六) 恶意攻击骚扰、诉求表述不清、无实质诉求内容.
    AbusiveOrUnclear,
    /// (七) 违反法律法规规章规定.
    Unlawful,
    /// (八) 法律法规规章等规定不予受理的其他事项.
    OtherwiseExcluded,
}

impl OutOfScopeClass {
    pub const ALL: [Self; 8] = [
        Self::OtherProcedure,
        Self::SecretOrIndecent,
        Self::EmergencyLine,
        Self::FinallyClosed,
        Self::Military,
        Self::AbusiveOrUnclear,
        Self::Unlawful,
        Self::OtherwiseExcluded,
    ];

    /// 第八条(一) … 第八条(八).
    pub fn article(self) -> &'static str {
        match self {
            Self::OtherProcedure => "第八条(一)",
            Self::SecretOrIndecent => "第八条(二)",
            Self::EmergencyLine => "第八条(三)",
            Self::FinallyClosed => "第八条(四)",
            Self::Military => "第八条(五)",
            Self::AbusiveOrUnclear => "第八条(六)",
            Self::Unlawful => "第八条(七)",
            Self::OtherwiseExcluded => "第八条(八)",
        }
    }

    /// Whether the refusal must name the law it rests on: 第八条(七) and (八).
    pub fn needs_legal_basis(self) -> bool {
        match self {
            Self::Unlawful | Self::OtherwiseExcluded => true,
            Self::OtherProcedure
            | Self::SecretOrIndecent
            | Self::EmergencyLine
            | Self::FinallyClosed
            | Self::Military
            | Self::AbusiveOrUnclear => false,
        }
    }
}

/// 紧急热线: the line a caller in need is put through to at once (第八条(三)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EmergencyLine {
    /// 公安报警.
    #[serde(rename = "110")]
    Police,
    /// 消防.
    #[serde(rename = "119")]
    Fire,
    /// 急救.
    #[serde(rename = "120")]
    Ambulance,
    /// 交通事故.
    #[serde(rename = "122")]
    Traffic,
}

impl EmergencyLine {
    pub const ALL: [Self; 4] = [Self::Police, Self::Fire, Self::Ambulance, Self::Traffic];

    /// The number to call.
    pub fn number(self) -> &'static str {
        match self {
            Self::Police => "110",
            Self::Fire => "119",
            Self::Ambulance => "120",
            Self::Traffic => "122",
        }
    }
}
