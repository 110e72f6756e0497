//! What is said of warnings, and why an act about one is refused.

use domain::analysis::Dimension;
use domain::early_warning::{
    EarlyWarningAct, EarlyWarningCommandKind, EarlyWarningGround, EarlyWarningRefusal,
    EarlyWarningRule, EarlyWarningStage, ThresholdField,
};
use domain::indicators::Ratio;

use crate::analysis::value_text;
use crate::reference::ReferenceTables;
use crate::text::{percent, role};

pub(crate) fn early_warning_rule(rule: EarlyWarningRule) -> &'static str {
    match rule {
        EarlyWarningRule::Surge => "突增",
        EarlyWarningRule::Repeat => "重复",
        EarlyWarningRule::Words => "敏感词",
        EarlyWarningRule::Crowd => "群体",
        EarlyWarningRule::SatisfactionDrop => "满意率",
    }
}

pub(crate) fn early_warning_stage(stage: EarlyWarningStage) -> &'static str {
    match stage {
        EarlyWarningStage::Open => "待处置",
        EarlyWarningStage::Noted => "已知悉",
        EarlyWarningStage::PassedOn => "已转交",
        EarlyWarningStage::Closed => "已关闭",
    }
}

pub(crate) fn early_warning_command(kind: EarlyWarningCommandKind) -> &'static str {
    match kind {
        EarlyWarningCommandKind::Note => "知悉预警",
        EarlyWarningCommandKind::PassOn => "转交预警",
        EarlyWarningCommandKind::Close => "关闭预警",
        EarlyWarningCommandKind::SetThresholds => "设定预警阈值",
    }
}

pub(crate) fn early_warning_act(act: &EarlyWarningAct) -> String {
    let with = |what: String, note: &str| match note {
        "" => what,
        note => format!("{what}：{note}"),
    };
    match act {
        EarlyWarningAct::Noted { note } => with("已知悉".to_owned(), note),
        EarlyWarningAct::PassedOn { to, note } => with(format!("已转交{to}"), note),
        EarlyWarningAct::Closed { reason } => with("已关闭".to_owned(), reason),
    }
}

/// What a warning is about, and the figures it rests on.
pub(crate) fn early_warning_ground(
    reference: &ReferenceTables,
    ground: &EarlyWarningGround,
) -> (String, String) {
    let category = |id: &str| value_text(reference, Dimension::Category, id);
    let place = |code: &str, id: &str| {
        let township = reference.township_text(code);
        format!("{township} {}", category(id)).trim().to_owned()
    };
    match ground {
        EarlyWarningGround::Surge {
            category_id,
            township_code,
            n_in_a_day,
            daily_mean_tenths,
        } => {
            let (whole, tenth) = (daily_mean_tenths / 10, daily_mean_tenths % 10);
            (
                place(township_code, category_id),
                format!("24 小时内 {n_in_a_day} 件，此前日均 {whole}.{tenth} 件"),
            )
        }
        EarlyWarningGround::Repeat {
            category_id,
            n_orders,
            days,
        } => (
            category(category_id),
            format!("同一来电人 {days} 天内同类 {n_orders} 件"),
        ),
        EarlyWarningGround::Words { word } => (format!("“{word}”"), "诉求中说到这个词".to_owned()),
        EarlyWarningGround::Crowd {
            category_id,
            township_code,
        } => (
            place(township_code, category_id),
            "诉求中说到多人聚集".to_owned(),
        ),
        EarlyWarningGround::SatisfactionDrop {
            unit,
            n_satisfied,
            n_rated,
            days,
            floor_percent,
        } => {
            let ratio = Ratio::new((*n_satisfied).into(), (*n_rated).into());
            let share = percent(ratio);
            (
                reference.unit_name(unit).to_owned(),
                format!(
                    "{days} 天内满意率 {share}（{n_satisfied} / {n_rated}），低于 {floor_percent}%"
                ),
            )
        }
    }
}

pub(crate) fn early_warning_refusal(refusal: &EarlyWarningRefusal) -> String {
    match refusal {
        EarlyWarningRefusal::NotPermitted { roles } => {
            let roles: Vec<&str> = roles.iter().map(|it| role(*it)).collect();
            format!("须由{}操作。", roles.join("、"))
        }
        EarlyWarningRefusal::ClosedAlready => "这条预警已经关闭。".to_owned(),
        EarlyWarningRefusal::ToMissing => "请填写转交给谁。".to_owned(),
        EarlyWarningRefusal::ReasonMissing => "请填写关闭的理由。".to_owned(),
        EarlyWarningRefusal::NoteTooLong { max_chars } => format!("说明最多 {max_chars} 字。"),
        EarlyWarningRefusal::TooManySteps { max } => {
            format!("一条预警最多记 {max} 次，请关闭。")
        }
        EarlyWarningRefusal::TooManyOrders { max } => format!("一条预警最多带 {max} 件工单。"),
        EarlyWarningRefusal::OutOfRange { field, least, most } => {
            let (least, most) = (shown(*field, *least), shown(*field, *most));
            format!("{}要在 {least} 到 {most} 之间。", threshold(*field))
        }
        EarlyWarningRefusal::TooManyWords { max } => format!("敏感词最多 {max} 个。"),
        EarlyWarningRefusal::NoWord { max_chars } => {
            format!("敏感词每个 2 到 {max_chars} 字，前后不留空格。")
        }
        EarlyWarningRefusal::Unchanged => "没有改动，不用保存。".to_owned(),
    }
}

fn threshold(field: ThresholdField) -> &'static str {
    match field {
        ThresholdField::SurgeInADay => "突增件数",
        ThresholdField::SurgeZ => "突增的标准差倍数",
        ThresholdField::RepeatMin => "重复件数",
        ThresholdField::RepeatDays => "重复天数",
        ThresholdField::SatisfactionFloor => "满意率底线",
        ThresholdField::SatisfactionMinRated => "最少评价数",
        ThresholdField::SatisfactionDays => "满意率天数",
        ThresholdField::QuietHours => "关闭后静默小时数",
    }
}

/// A threshold as people write it: of hundredths the whole.
fn shown(field: ThresholdField, value: u32) -> u32 {
    match field {
        ThresholdField::SurgeZ => value / 100,
        ThresholdField::SurgeInADay
        | ThresholdField::RepeatMin
        | ThresholdField::RepeatDays
        | ThresholdField::SatisfactionFloor
        | ThresholdField::SatisfactionMinRated
        | ThresholdField::SatisfactionDays
        | ThresholdField::QuietHours => value,
    }
}
