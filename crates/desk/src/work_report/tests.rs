//! What a draft says of given figures, word by word.

use chrono::NaiveDate;
use domain::analysis::{AnalysisPeriod, Dimension, OrderFigures};
use domain::work_report::{UNWRITTEN, WorkReportKind, check_text};
use expect_test::expect;

use super::draft::{of_days, of_issue};
use super::figures::{CitedOrder, Figures, Issue, List, Row, TrendPoint};

fn figures_of(n_orders: u32, n_late: u32, n_rated: u32, n_satisfied: u32) -> OrderFigures {
    OrderFigures {
        n_orders,
        n_own_matters: n_orders,
        n_answered: n_orders / 2,
        n_from_knowledge: 0,
        n_dispatched: n_orders - n_orders / 2,
        n_late,
        n_rated,
        n_satisfied,
    }
}

fn list(dimension: Dimension, rows: &[(&str, u32, u32)]) -> List {
    let row = |&(name, n, n_before): &(&str, u32, u32)| Row {
        name: name.to_owned(),
        figures: figures_of(n, n / 10, n / 4, n / 5),
        n_before,
        n_year_ago: 0,
    };
    List {
        dimension,
        rows: rows.iter().map(row).collect(),
        n_other_values: 0,
        n_other_orders: 0,
    }
}

fn cited(number: &str) -> CitedOrder {
    CitedOrder {
        number: number.to_owned(),
        category: "供水供气 / 停水".to_owned(),
        unit: "县水务局".to_owned(),
        stage: "办理中".to_owned(),
    }
}

fn nothing() -> Figures {
    let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
    Figures {
        kind: WorkReportKind::Weekly,
        period: AnalysisPeriod::days(day(16), day(22)).unwrap(),
        subject: String::new(),
        period_text: "2026年11月16日至11月22日".to_owned(),
        before_text: "2026年11月9日至11月15日".to_owned(),
        year_ago_text: "2025年11月16日至11月22日".to_owned(),
        as_of_text: "2026年11月23日 08:00".to_owned(),
        now: OrderFigures::default(),
        before: OrderFigures::default(),
        year_ago: OrderFigures::default(),
        trend: Vec::new(),
        lists: Vec::new(),
        late: Vec::new(),
        dissatisfied: Vec::new(),
        issues: None,
    }
}

#[test]
fn a_week_beside_the_week_before() {
    let point = |text: &str, n_orders| TrendPoint {
        text: text.to_owned(),
        n_orders,
        n_late: n_orders / 10,
    };
    let figures = Figures {
        now: figures_of(1_236, 12, 200, 187),
        before: figures_of(1_172, 20, 180, 172),
        trend: vec![point("11月16日", 600), point("11月17日", 636)],
        lists: vec![
            list(
                Dimension::Category,
                &[("供水供气", 700, 410), ("城乡|建设", 536, 762)],
            ),
            list(
                Dimension::Township,
                &[("渠江街道", 800, 800), ("三汇镇", 436, 0)],
            ),
            list(
                Dimension::Unit,
                &[("县水务局", 700, 410), ("县住建局", 536, 762)],
            ),
            List {
                n_other_values: 1,
                n_other_orders: 6,
                ..list(Dimension::Kind, &[("求助", 1_000, 900), ("咨询", 230, 272)])
            },
        ],
        late: vec![cited("20261116-W01-0003")],
        issues: Some(vec![Issue {
            what: "三汇镇供水供气 / 停水".to_owned(),
            is_surge: true,
            growth_text: "近 24 小时 6 件，此前日均 0.3 件".to_owned(),
            n_orders: 9,
            days: Vec::new(),
            n_looked_at: 9,
            stages: Vec::new(),
            cited: vec![cited("20261122-W01-0001"), cited("20261122-W02-0004")],
        }]),
        ..nothing()
    };
    let drafted = of_days(&figures);
    assert_eq!(check_text(&drafted.title, &drafted.body), Ok(()));
    expect![[r#"
        12345热线周报（2026年11月16日至11月22日）

        ## 总体情况

        2026年11月16日至11月22日，共受理诉求 1,236 件。比上期（2026年11月9日至11月15日，1,172 件）增加 64 件（+5.5%）。上年同期（2025年11月16日至11月22日）没有数据，不作比较。

        按诉求类型：求助 1,000 件，咨询 230 件，其他 6 件。

        当场答复 618 件，当场答复率 50.0%；派单办理 618 件。

        折线图：受理走势（件）

        | 日期 | 受理 | 其中超期 |
        |---|---|---|
        | 11月16日 | 600 | 60 |
        | 11月17日 | 636 | 63 |

        ## 诉求分布

        图：事项分类（件）

        | 分类 | 本期 | 上期 |
        |---|---|---|
        | 供水供气 | 700 | 410 |
        | 城乡\|建设 | 536 | 762 |

        表：乡镇街道

        | 乡镇街道 | 件数 | 占比 | 环比 | 同比 |
        |---|---|---|---|---|
        | 渠江街道 | 800 | 64.7% | 持平 | — |
        | 三汇镇 | 436 | 35.3% | — | — |

        ## 办理情况

        截至2026年11月23日 08:00，派单办理 618 件，其中超期 12 件，超期率 1.9%，其余 606 件没有超期。上期受理的超期率 3.4%，相差 −1.5 个百分点。

        表：主办单位

        | 主办单位 | 派单 | 超期 | 超期率 | 满意率 |
        |---|---|---|---|---|
        | 县水务局 | 350 | 70 | 20.0% | 80.0% |
        | 县住建局 | 268 | 53 | 19.8% | 79.9% |

        ## 群众评价

        已评价 200 件，满意 187 件，满意率 93.5%，不满意 13 件。上期受理的满意率 95.6%，相差 −2.1 个百分点。

        ## 热点

        截至2026年11月23日 08:00：

        - 三汇镇供水供气 / 停水突增，共 9 件，近 24 小时 6 件，此前日均 0.3 件（工单 20261122-W01-0001、20261122-W02-0004）

        ## 需要关注的工单

        每类列出最近的几件；举报件、保密件不列。

        表：超期工单

        | 工单编号 | 事项分类 | 承办单位 | 状态 |
        |---|---|---|---|
        | 20261116-W01-0003 | 供水供气 / 停水 | 县水务局 | 办理中 |

        ## 工作建议

        （待撰写）"#]].assert_eq(&format!("{}\n\n{}", drafted.title, drafted.body));
}

#[test]
fn where_nothing_came_nothing_is_said() {
    let figures = Figures {
        before: figures_of(3, 0, 0, 0),
        issues: Some(Vec::new()),
        ..nothing()
    };
    let drafted = of_days(&figures);
    expect![[r#"
        ## 总体情况

        2026年11月16日至11月22日，没有受理诉求。比上期（2026年11月9日至11月15日，3 件）减少 3 件（−100.0%）。上年同期（2025年11月16日至11月22日）没有数据，不作比较。

        ## 热点

        截至2026年11月23日 08:00，没有发现突增，也没有多人反映同一件事。

        ## 工作建议

        （待撰写）"#]].assert_eq(&drafted.body);
}

#[test]
fn a_topic_that_was_not_rated_and_not_dispatched() {
    let figures = Figures {
        kind: WorkReportKind::Topic,
        subject: "供水供气".to_owned(),
        now: OrderFigures {
            n_orders: 2,
            n_own_matters: 2,
            n_answered: 2,
            ..OrderFigures::default()
        },
        before: figures_of(2, 0, 0, 0),
        year_ago: figures_of(4, 0, 0, 0),
        lists: vec![list(Dimension::Township, &[("渠江街道", 2, 1)])],
        ..nothing()
    };
    let drafted = of_days(&figures);
    expect![[r#"
        关于供水供气诉求情况的分析

        ## 总体情况

        2026年11月16日至11月22日，共受理涉及供水供气的诉求 2 件。比上期（2026年11月9日至11月15日，2 件）持平。比上年同期（2025年11月16日至11月22日，4 件）减少 2 件（−50.0%）。

        当场答复 2 件，当场答复率 100.0%；派单办理 0 件。

        ## 办理情况

        没有派单办理的诉求。

        ## 群众评价

        本期受理的诉求还没有评价。

        ## 工作建议

        （待撰写）"#]].assert_eq(&format!("{}\n\n{}", drafted.title, drafted.body));
}

#[test]
fn a_hot_issue_by_its_orders() {
    let issue = Issue {
        what: "三汇镇停水".to_owned(),
        is_surge: false,
        growth_text: "近 24 小时 4 件，前 24 小时 1 件".to_owned(),
        n_orders: 61,
        days: vec![
            ("11月25日（周三）".to_owned(), 1),
            ("11月26日（周四）".to_owned(), 4),
        ],
        n_looked_at: 50,
        stages: vec![("办理中".to_owned(), 40), ("已办结".to_owned(), 10)],
        cited: vec![cited("20261126-W01-0001")],
    };
    let drafted = of_issue(&issue, "2026年11月26日 09:15");
    assert!(drafted.body.ends_with(UNWRITTEN));
    expect![[r#"
        关于三汇镇停水诉求集中情况的专报

        ## 基本情况

        截至2026年11月26日 09:15，三汇镇停水多人反映同一件事，共 61 件，近 24 小时 4 件，前 24 小时 1 件。

        折线图：近 7 日受理（件）

        | 日期 | 受理 |
        |---|---|
        | 11月25日（周三） | 1 |
        | 11月26日（周四） | 4 |

        ## 办理情况

        按最近 50 件统计。

        办理中 40 件，已办结 10 件。

        表：相关工单

        | 工单编号 | 事项分类 | 承办单位 | 状态 |
        |---|---|---|---|
        | 20261126-W01-0001 | 供水供气 / 停水 | 县水务局 | 办理中 |

        ## 工作建议

        （待撰写）"#]].assert_eq(&format!("{}\n\n{}", drafted.title, drafted.body));
}
