//! 报告和台账: what is said of many orders.

use super::{FormKind, ISSUER, REGULATION, list};
use crate::form::{Align, ChartKind, Form, Head, Page, Part};

/// 日报, 周报, 月报 (第十六条).
pub(super) fn period(kind: FormKind) -> Form {
    let parts = vec![
        Part::Body("{{概述}}".to_owned()),
        Part::Table(list(
            "主要数据",
            "数据",
            &[
                ("指标", 7, Align::Left),
                ("本期", 3, Align::Right),
                ("上期", 3, Align::Right),
                ("增减", 3, Align::Right),
                ("说明", 8, Align::Left),
            ],
        )),
        Part::Chart {
            kind: if kind == FormKind::DailyReport {
                ChartKind::Bars
            } else {
                ChartKind::Line
            },
            table: list(
                "受理和办结",
                "走势",
                &[
                    ("时间", 1, Align::Left),
                    ("受理", 1, Align::Right),
                    ("办结", 1, Align::Right),
                ],
            ),
        },
        Part::Table(list(
            "需要关注的工单",
            "关注",
            &[
                ("工单编号", 5, Align::Middle),
                ("诉求标题", 9, Align::Left),
                ("承办单位", 5, Align::Left),
                ("期限", 5, Align::Middle),
                ("情况", 5, Align::Left),
            ],
        )),
        Part::Body("{{正文}}".to_owned()),
        Part::Closing(vec!["{{落款单位}}".to_owned(), "{{成文日期}}".to_owned()]),
    ];
    Form {
        issuer: ISSUER.to_owned(),
        title: kind.name().to_owned(),
        number: "{{统计期间}}".to_owned(),
        head: Head::Plain,
        page: Page::Upright,
        parts,
        basis: format!("{REGULATION}第十六条。数据截至{{{{统计时点}}}}。"),
        watermark: None,
    }
}

/// 工作专报 (第十六条).
pub(super) fn special() -> Form {
    let parts = vec![
        Part::Body("{{正文}}".to_owned()),
        Part::Chart {
            kind: ChartKind::Bars,
            table: list(
                "{{图题}}",
                "图",
                &[("项目", 1, Align::Left), ("件数", 1, Align::Right)],
            ),
        },
        Part::Table(list(
            "典型工单",
            "典型工单",
            &[
                ("工单编号", 5, Align::Middle),
                ("诉求标题", 9, Align::Left),
                ("承办单位", 5, Align::Left),
                ("办理情况", 8, Align::Left),
            ],
        )),
        Part::Body("{{建议}}".to_owned()),
        Part::Closing(vec!["{{落款单位}}".to_owned(), "{{成文日期}}".to_owned()]),
        Part::Note("报送：{{报送}}\n分送：{{分送}}".to_owned()),
    ];
    Form {
        issuer: format!("{ISSUER}工作专报"),
        title: "{{标题}}".to_owned(),
        number: "〔{{年份}}〕第{{期号}}期".to_owned(),
        head: Head::Red,
        page: Page::Upright,
        parts,
        basis: format!("{REGULATION}第十六条。数据截至{{{{统计时点}}}}。"),
        watermark: None,
    }
}

/// 考核通报 (第二十三条).
pub(super) fn bulletin() -> Form {
    let columns = [
        ("名次", 3, Align::Middle),
        ("单位", 8, Align::Left),
        ("派遣", 3, Align::Right),
        ("按时办结率", 5, Align::Right),
        ("超期", 3, Align::Right),
        ("签收及时率", 5, Align::Right),
        ("退回", 3, Align::Right),
        ("延期", 3, Align::Right),
        ("甄别", 3, Align::Right),
        ("满意率", 5, Align::Right),
        ("知识", 3, Align::Right),
        ("得分", 4, Align::Right),
    ];
    let parts = vec![
        Part::Body("{{主送}}：\n{{正文}}".to_owned()),
        Part::Table(list("{{表题}}", "单位", &columns)),
        Part::Chart {
            kind: ChartKind::Bars,
            table: list(
                "各单位得分",
                "得分",
                &[("单位", 1, Align::Left), ("得分", 1, Align::Right)],
            ),
        },
        Part::Body("{{要求}}".to_owned()),
        Part::Closing(vec!["{{落款单位}}".to_owned(), "{{成文日期}}".to_owned()]),
    ];
    Form {
        issuer: "{{发文机关}}文件".to_owned(),
        title: "关于{{统计期间}}\n12345热线办理工作情况的考核通报".to_owned(),
        number: "{{发文字号}}".to_owned(),
        head: Head::Red,
        page: Page::Upright,
        parts,
        basis: format!("{REGULATION}第二十三条。未发生的指标不计入比率，剔除的工单见附表说明。"),
        watermark: None,
    }
}

/// 台账: the orders of a list.
pub(super) fn ledger() -> Form {
    let parts = vec![Part::Table(list(
        "",
        "工单",
        &[
            ("序号", 3, Align::Middle),
            ("工单编号", 8, Align::Middle),
            ("受理时间", 8, Align::Middle),
            ("诉求类型", 4, Align::Middle),
            ("事项分类", 6, Align::Left),
            ("诉求标题", 12, Align::Left),
            ("事发地点", 7, Align::Left),
            ("承办单位", 8, Align::Left),
            ("期限", 7, Align::Middle),
            ("状态", 4, Align::Middle),
        ],
    ))];
    Form {
        issuer: ISSUER.to_owned(),
        title: "工单台账".to_owned(),
        number: "{{清单}}，共 {{件数}} 件，{{统计时点}}".to_owned(),
        head: Head::Plain,
        page: Page::Wide,
        parts,
        basis: format!("{REGULATION}第五条（五）。含诉求人信息的内容按第十七条管理。"),
        watermark: None,
    }
}
