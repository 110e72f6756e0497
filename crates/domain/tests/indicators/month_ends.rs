//! 月末: 24:00 of the last day is 00:00 of the 1st, and an item belongs to one of the months only.

use domain::indicators::Indicator;
use expect_test::expect;

use crate::table::check;

const TURN_OF_THE_MONTH: &str = "
    刻 11-26 09:00 登记 咨询
    刻 11-26 09:30 派单 县水务局
    刻 11-26 09:31 送达
    刻 11-26 10:00 签收
    刻 11-26 10:10 联系
    刻 11-30 24:00 办结             // 恰在到期一刻：按时，属12月
    超 11-26 09:00 登记 咨询
    超 11-26 09:30 派单 县水务局
    超 11-26 09:31 送达
    超 11-26 10:00 签收
    超 11-26 10:10 联系
    超 12-01 00:00:01 办结          // 到期后一秒：超期，到期日属11月
    前 11-26 09:00 登记 咨询
    前 11-26 09:30 派单 县水务局
    前 11-26 09:31 送达
    前 11-26 10:00 签收
    前 11-26 10:10 联系
    前 11-30 23:59:59 办结
    跨 11-27 09:00 登记 投诉
    跨 11-27 09:30 派单 县水务局
    跨 12-01 00:00 送达             // 12月第一刻送达";

const INDICATORS: &[Indicator] = &[
    Indicator::TimelyDispatch,
    Indicator::TimelyCompletion,
    Indicator::Overdue,
    Indicator::SendBack,
];

#[test]
fn november() {
    check(
        TURN_OF_THE_MONTH,
        (11, "12-31 24:00"),
        INDICATORS,
        &expect![[r#"
            转办及时率 全县 3/3 = 100.00%
              县中心 3/3 = 100.00%｜分子 刻转1、前转1、超转1
            按时办结率 全县 1/2 = 50.00%
              县水务局 1/2 = 50.00%｜分子 前#1｜其余分母 超#1
            超期率 全县 1/2 = 50.00%
              县水务局 1/2 = 50.00%｜分子 超#1｜其余分母 前#1
            退单率 全县 0/3 = 0.00%
              县水务局 0/3 = 0.00%｜其余分母 刻#1、前#1、超#1
        "#]],
    );
}

#[test]
fn december() {
    check(
        TURN_OF_THE_MONTH,
        (12, "12-31 24:00"),
        INDICATORS,
        &expect![[r#"
            转办及时率 全县 1/1 = 100.00%
              县中心 1/1 = 100.00%｜分子 跨转1
            按时办结率 全县 1/2 = 50.00%
              县水务局 1/2 = 50.00%｜分子 刻#1｜其余分母 跨#1
            超期率 全县 1/2 = 50.00%
              县水务局 1/2 = 50.00%｜分子 跨#1｜其余分母 刻#1
            退单率 全县 0/1 = 0.00%
              县水务局 0/1 = 0.00%｜其余分母 跨#1
        "#]],
    );
}

/// At the instant itself nothing is late yet.
#[test]
fn at_midnight_nothing_is_late_yet() {
    check(
        "甲 11-26 09:00 登记 咨询
         甲 11-26 09:30 派单 县水务局
         甲 11-26 09:31 送达
         甲 11-26 10:00 签收",
        (11, "11-30 24:00"),
        &[Indicator::TimelyCompletion],
        &expect![[r#"
            按时办结率 全县 未发生
        "#]],
    );
}
