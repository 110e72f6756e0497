//! 特殊事项与紧急情况 that must not be overheard. Loud, and never decided here.

use ::intake::special::{Alert, Certainty, SpecialKind};
use domain::matter::MatterClass;
use domain::out_of_scope::EmergencyLine;
use serde::Serialize;
use ts_rs::TS;

use super::span::{Span, Spans, words};
use crate::text;

/// 特殊情形.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HeardAlertKind {
    WaterOutage,
    PowerOutage,
    GasOutage,
    Pollution,
    NaturalDisaster,
    Accident,
    PublicHealth,
    SocialSafety,
    Violence,
    SelfHarm,
    Crowd,
}

/// 转接: a line to put through to.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HeardLine {
    #[ts(type = "EmergencyLine")]
    pub line: EmergencyLine,
    pub text: String,
}

/// What was heard, and where it goes. A person decides.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HeardAlert {
    pub kind: HeardAlertKind,
    pub kind_text: String,
    /// 事项等级 that is proposed.
    #[ts(type = "MatterClass")]
    pub class: MatterClass,
    pub class_text: String,
    /// Who is put through to, the first first; empty where no line is for it.
    pub lines: Vec<HeardLine>,
    /// False for what is past, feared or asked about: shown quietly.
    pub is_certain: bool,
    /// 听到“着火”：事故灾难，可转 119 消防.
    pub message: String,
    pub spans: Vec<Span>,
}

pub(super) fn heard_alert(alert: &Alert, said: &str, spans: &Spans) -> HeardAlert {
    let lines: Vec<HeardLine> = (alert.routes.iter())
        .map(|line| HeardLine {
            line: *line,
            text: format!("{} {}", line.number(), text::line(*line)),
        })
        .collect();
    let kind_text = text::special_kind(alert.kind);
    let is_certain = alert.certainty == Certainty::Now;
    let words = text::quoted(&words(said, &alert.ranges));
    HeardAlert {
        kind: kind(alert.kind),
        message: message(&words, kind_text, &lines, is_certain),
        kind_text: kind_text.to_owned(),
        class: alert.class,
        class_text: text::class(alert.class).to_owned(),
        lines,
        is_certain,
        spans: spans.all(&alert.ranges),
    }
}

fn message(words: &str, kind_text: &str, lines: &[HeardLine], is_certain: bool) -> String {
    let may = if is_certain { "" } else { "可能涉及" };
    let lines: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    let route = match (lines.is_empty(), is_certain) {
        (true, _) => "请核实情况".to_owned(),
        (false, true) => format!("请核实后转 {}", lines.join("、")),
        (false, false) => format!("如正在发生，请转 {}", lines.join("、")),
    };
    format!("听到{words}：{may}{kind_text}，{route}")
}

fn kind(kind: SpecialKind) -> HeardAlertKind {
    match kind {
        SpecialKind::WaterOutage => HeardAlertKind::WaterOutage,
        SpecialKind::PowerOutage => HeardAlertKind::PowerOutage,
        SpecialKind::GasOutage => HeardAlertKind::GasOutage,
        SpecialKind::Pollution => HeardAlertKind::Pollution,
        SpecialKind::NaturalDisaster => HeardAlertKind::NaturalDisaster,
        SpecialKind::Accident => HeardAlertKind::Accident,
        SpecialKind::PublicHealth => HeardAlertKind::PublicHealth,
        SpecialKind::SocialSafety => HeardAlertKind::SocialSafety,
        SpecialKind::Violence => HeardAlertKind::Violence,
        SpecialKind::SelfHarm => HeardAlertKind::SelfHarm,
        SpecialKind::Crowd => HeardAlertKind::Crowd,
    }
}
