//! 评价与甄别.

use std::fmt::Write as _;

use domain::indicators::{Composite, Holder, Indicator, IndicatorParameters, composite_of, tally};
use expect_test::expect;

use crate::case_file::{instant, play, unit_id};
use crate::table::{Case, basis, check};

const RATINGS: &str = "
    甲 11-02 09:00 登记 咨询
    甲 11-02 09:30 派单 县水务局
    甲 11-02 09:31 送达
    甲 11-02 10:00 签收
    甲 11-02 10:10 联系
    甲 11-03 10:00 办结
    甲 11-05 10:00 评价 基本满意 部分解决
    乙 11-02 09:00 登记 咨询
    乙 11-02 09:30 派单 县水务局
    乙 11-02 09:31 送达
    乙 11-02 10:00 签收
    乙 11-02 10:10 联系
    乙 11-03 10:00 办结
    乙 11-05 10:00 评价 不满意 未解决
    乙 11-06 10:00 申请甄别
    乙 11-06 11:00 甄别报市
    乙 11-10 11:00 甄别剔除
    丙 11-02 09:00 登记 咨询
    丙 11-02 09:30 派单 县水务局
    丙 11-02 09:31 送达
    丙 11-02 10:00 签收
    丙 11-02 10:10 联系
    丙 11-03 10:00 办结
    丙 11-05 10:00 评价 非常不满意 未解决
    丙 11-06 10:00 申请甄别
    丙 11-06 11:00 甄别报市
    丙 11-10 11:00 甄别维持
    丁 11-02 09:00 登记 咨询
    丁 11-02 09:30 派单 县教育局
    丁 11-02 09:31 送达
    丁 11-02 10:00 签收
    丁 11-02 10:10 联系
    丁 11-03 10:00 办结
    丁 11-05 10:00 评价 不满意 已解决
    丁 11-06 10:00 申请甄别
    丁 11-06 11:00 甄别要求补证     // 24小时内未补
    戊 11-02 09:00 登记 咨询
    戊 11-02 09:30 派单 县教育局
    戊 11-02 09:31 送达
    戊 11-02 10:00 签收
    戊 11-02 10:10 联系
    戊 11-03 10:00 办结
    戊 11-27 10:00 评价 不满意 已解决
    戊 11-30 10:00 申请甄别         // 未裁定
    己 11-02 09:00 登记 咨询
    己 11-02 09:01 当场答复
    己 11-05 10:00 评价 非常满意 已解决
    庚 11-02 09:00 登记 咨询
    庚 11-02 09:30 派单 县住建局
    庚 11-02 09:31 送达
    庚 11-02 10:00 签收
    庚 11-02 10:10 联系
    庚 11-03 10:00 办结
    庚 12-01 00:00 评价 满意 已解决 // 属12月";

#[test]
fn ratings_and_screenings() {
    check(
        RATINGS,
        (11, "12-01 09:00"),
        &[
            Indicator::Solved,
            Indicator::Satisfaction,
            Indicator::WeightedSatisfaction,
            Indicator::SuccessfulScreening,
        ],
        &expect![[r#"
            解决率 全县 300分/600分 = 50.00%
              县中心 100分/100分 = 100.00%｜分子 己
              县教育局 200分/200分 = 100.00%｜分子 丁#1、戊#1
              县水务局 0分/300分 = 0.00%｜其余分母 丙#1、乙#1、甲#1
            满意率 全县 2/5 = 40.00%
              县中心 1/1 = 100.00%｜分子 己
              县教育局 0/2 = 0.00%｜其余分母 丁#1、戊#1
              县水务局 1/2 = 50.00%｜分子 甲#1｜其余分母 丙#1｜剔除 乙#1（甄别剔除）
            加权满意率 全县 180分/500分 = 36.00%
              县中心 100分/100分 = 100.00%｜分子 己
              县教育局 0分/200分 = 0.00%｜其余分母 丁#1、戊#1
              县水务局 80分/200分 = 40.00%｜分子 甲#1｜其余分母 丙#1｜剔除 乙#1（甄别剔除）
            甄别成功率 全县 1/3 = 33.33%
              县教育局 0/1 = 0.00%｜其余分母 丁#1｜剔除 戊#1（待裁定）
              县水务局 1/2 = 50.00%｜分子 乙#1｜其余分母 丙#1
        "#]],
    );
}

/// What is solved in part counts as much as the county says.
#[test]
fn partly_solved() {
    let case = Case {
        orders: play(RATINGS),
        ..Case::default()
    };
    let mut basis = basis(11, instant("12-01", "09:00"));
    basis.parameters = IndicatorParameters {
        partly_solved_points: 50,
        ..basis.parameters
    };
    let table = crate::table::table(Indicator::Solved, &case, &basis);
    expect![[r#"
        解决率 全县 350分/600分 = 58.33%
          县中心 100分/100分 = 100.00%｜分子 己
          县教育局 200分/200分 = 100.00%｜分子 丁#1、戊#1
          县水务局 50分/300分 = 16.67%｜分子 甲#1｜其余分母 丙#1、乙#1
    "#]]
    .assert_eq(&table);
}

#[test]
fn three_rates_together() {
    let case = Case {
        orders: play(RATINGS),
        ..Case::default()
    };
    let basis = basis(11, instant("12-01", "09:00"));
    let mut text = String::new();
    for unit in ["县水务局", "县教育局", "县住建局"] {
        let holder = Holder::Unit(unit_id(unit));
        let figure = |it| tally(it, case.sources(), &basis).figure_of(&holder);
        let [contact, solved, satisfaction] = [
            figure(Indicator::Contact),
            figure(Indicator::Solved),
            figure(Indicator::Satisfaction),
        ];
        let composite = composite_of(&contact, &solved, &satisfaction, basis.parameters.weights);
        let composite = match composite {
            Composite::Scored(ratio) => ratio.percent_text(2),
            Composite::NotOccurred(missing) => {
                let missing: Vec<_> = missing.into_iter().map(crate::table::name).collect();
                format!("未发生：{}", missing.join("、"))
            }
            Composite::NotComputable => panic!("a county's figures fit"),
        };
        writeln!(text, "{unit} {composite}").unwrap();
    }
    expect![[r#"
        县水务局 40.00%
        县教育局 60.00%
        县住建局 未发生：解决率、满意率
    "#]]
    .assert_eq(&text);
}
