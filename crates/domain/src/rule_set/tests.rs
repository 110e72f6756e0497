use std::fmt::Write as _;

use expect_test::expect;

use super::*;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// 不溯及: a later regulation holds from its first day on, an ended one to its last.
#[test]
fn the_day_of_acceptance_decides() {
    let mut first = RuleSet::qx_2023_66();
    first.effective_until = Some(date("2027-06-30"));
    let mut next = RuleSet::qx_2023_66();
    next.id = RuleSetId("QX-2027-1".to_owned());
    next.effective_from = date("2027-06-01");
    let rule_sets = RuleSets {
        first,
        later: vec![next],
        announced: Vec::new(),
    };
    let in_force_on = |day| rule_sets.in_force_on(date(day)).id.0.as_str();
    assert_eq!(in_force_on("2020-01-01"), "QX-2023-66", "there is no other");
    assert_eq!(in_force_on("2027-05-31"), "QX-2023-66");
    assert_eq!(in_force_on("2027-06-01"), "QX-2027-1");
    assert_eq!(in_force_on("2027-07-01"), "QX-2027-1");
    assert_eq!(rule_sets.get(&RuleSetId("SC-2025".to_owned())), None);
}

#[test]
fn an_ended_rule_set_holds_on_its_last_day_and_not_after() {
    let mut ended = RuleSet::qx_2023_66();
    ended.id = RuleSetId("QX-TRIAL".to_owned());
    ended.effective_from = date("2026-01-01");
    ended.effective_until = Some(date("2026-03-31"));
    let rule_sets = RuleSets {
        first: RuleSet::qx_2023_66(),
        later: vec![ended],
        announced: Vec::new(),
    };
    let in_force_on = |day| rule_sets.in_force_on(date(day)).id.0.as_str();
    assert_eq!(in_force_on("2026-03-31"), "QX-TRIAL");
    assert_eq!(in_force_on("2026-04-01"), "QX-2023-66");
}

fn value_text(value: ParameterValue) -> String {
    match value {
        ParameterValue::WorkingDays(n) => format!("{n} 个工作日"),
        ParameterValue::Hours(n) => format!("{n} 自然小时"),
        ParameterValue::HoursOnWorkingDays(n) => format!("{n} 小时，剔除非工作日"),
        ParameterValue::OfficeHours(n) => format!("{n} 工作小时"),
        ParameterValue::Minutes(n) => format!("{n} 分钟"),
        ParameterValue::DailyHours(hours) => format!(
            "{:02}:{:02}–{:02}:{:02}",
            hours.opens / 60,
            hours.opens % 60,
            hours.closes / 60,
            hours.closes % 60
        ),
        ParameterValue::Days(n) => format!("{n} 日"),
        ParameterValue::StandardDeviations(n) => {
            format!("{}.{:02} 个标准差", n / 100, n % 100)
        }
        ParameterValue::Months(n) => format!("{n} 个月"),
        ParameterValue::Seconds(n) => format!("{n} 秒"),
        ParameterValue::Times(n) => format!("{n} 次"),
        ParameterValue::TimeOfDay(time) => time.format("%H:%M").to_string(),
        ParameterValue::Choice(name) => name.to_owned(),
    }
}

/// The whole of 渠府办〔2023〕66号 as the program reads it.
#[test]
fn every_parameter_with_its_article() {
    let mut table = String::new();
    for Parameter {
        term,
        value,
        article,
    } in RuleSet::qx_2023_66().parameters()
    {
        writeln!(table, "{term} = {}（{article}）", value_text(value)).unwrap();
    }
    expect![[r#"
        联络员相对固定 = 12 个月（第六条(一)）
        联络员不固定：更换次数 = 2 次（第六条(一)）
        联系诉求人 = 24 自然小时（第六条(二)）
        无法联系前的联系次数 = 3 次（决定 I-17）
        不予受理核实 = 1 个工作日（第八条末款）
        协办先于主办 = 1 个工作日（第十条）
        知识编写 = 5 个工作日（第十三条）
        知识更新 = 3 个工作日（第六条(四)）
        知识复核 = 5 个工作日（第六条(四)）
        知识纠错 = 1 个工作日（第十四条）
        转办 = 1 个工作日（第十一条(一)）
        签收 = 1 个工作日（第十一条(二)）
        办理：咨询 = 2 个工作日（第十一条(二)）
        办理：求助 = 3 个工作日（第十一条(二)）
        办理：意见建议 = 3 个工作日（第十一条(二)）
        办理：投诉 = 5 个工作日（第十一条(二)）
        办理：举报 = 5 个工作日（第十一条(二)）
        退回 = 1 个工作日（第十一条(二)、决定 I-4）
        退回审核内控 = 4 工作小时（第五条(三)、决定 I-7）
        退回被驳后至少 = 1 个工作日（决定 I-7）
        反复退回预警 = 3 次（第二十一条(三)）
        一般延期 = 3 个工作日（第十一条(三)、决定 I-8）
        特别重大复杂，送达起 = 7 个工作日（第十一条(三)、决定 I-8）
        须说明并经市明示同意的延期 = 7 个工作日（第十一条(三)、决定 I-8）
        每单延期 = 1 次（决定 I-9）
        咨询类延期 = 禁用（第十一条(三)、决定 I-9）
        建议提前申请延期 = 1 个工作日（决定 I-9）
        特殊：初步响应 = 3 自然小时（第十一条(四)）
        特殊：进度 = 2 个工作日（第十一条(四)）
        特殊：进度内控 = 48 自然小时（决定 I-5）
        特殊紧急：初步响应 = 2 自然小时（第十一条(四)）
        特殊紧急：进度 = 1 个工作日（第十一条(四)）
        特殊紧急：进度内控 = 24 自然小时（决定 I-5）
        第一时间 = 15 分钟（第十一条(四)、决定 I-5）
        甄别原则期 = 2 个工作日（第十二条(一)、决定 I-11）
        甄别初审 = 1 个工作日（第十二条(一)）
        补证 = 24 小时，剔除非工作日（第十二条(一)、决定 I-12）
        终结办理最少次数 = 3 次（第十二条(二)、决定 I-13）
        突增基线 = 7 日（第十六条）
        突增偏离 = 3.00 个标准差（第十六条）
        突增：24小时内 = 5 次（第十六条）
        约谈考核年度 = 自然年（第十九条(一)、决定 I-14）
        约谈前超期并计 = 是（第十九条(一)、决定 I-14）
        计日方式 = 次日起算（决定 I-1）
        截止钟点 = 24:00（决定 I-1）
        内控目标钟点 = 18:00（决定 I-1）
        预警：内控目标前 = 4 自然小时（内控）
        预警：小时制到期前 = 30 分钟（内控）
        中心工作时间上午 = 09:00–12:00（内控）
        中心工作时间下午 = 14:00–18:00（内控）
        时钟偏差警告 = 60 秒（决定 I-18）
    "#]]
    .assert_eq(&table);
}

/// Of the province's new rules only the limits for handling are known; nobody can pin an order
/// to them, on whatever day it is accepted.
#[test]
fn announced_rules_are_shown_and_never_in_force() {
    let rule_sets = RuleSets::built_in();
    let [announced] = rule_sets.announced() else {
        panic!("one announcement");
    };
    let days = MatterKind::ALL.map(|kind| announced.handle_days(kind));
    assert_eq!(days, [3, 7, 7, 15, 15]);
    assert_eq!(rule_sets.get(&announced.id), None);
    for day in ["2025-12-31", "2026-11-24", "2040-01-01"] {
        assert_eq!(rule_sets.in_force_on(date(day)).id.0, "QX-2023-66");
    }
}
