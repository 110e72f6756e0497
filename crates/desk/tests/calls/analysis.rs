//! 分析: what a person at the desk counts, and the orders behind each number.

use domain::Role;
use expect_test::expect;
use serde_json::{Value, json};

use crate::center::{LocalCenter, enrolled, sign_in, until_quiet};
use crate::files::{handed, shown_tables};
use crate::form::{answer, dispatch, draft_id, intake, refuse, register, submit, with};
use crate::workstation::Workstation;

const WATER: &str = "unit-water-affairs";

/// Three days of calls: 停水 at two places, a question answered at once, one that is out of scope.
fn office() -> (Workstation, std::sync::Arc<LocalCenter>) {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    center.add("2001", "罗兰", &[Role::Analyst]);
    let at = |form: Value, township: &str| {
        let form = with(form, "/place/village_code", "");
        with(form, "/place/township_code", township)
    };
    let consultation = || with(intake("医保怎么缴费"), "/kind", "consultation");
    let given = [
        (
            "2026-11-23 09:15",
            at(intake("停水"), "511725001"),
            dispatch(WATER),
        ),
        (
            "2026-11-26 09:20",
            at(intake("又停水"), "511725001"),
            dispatch(WATER),
        ),
        (
            "2026-11-26 10:00",
            at(intake("还没来水"), "511725002"),
            dispatch(WATER),
        ),
        (
            "2026-11-26 10:30",
            at(consultation(), "511725001"),
            answer("可在线缴费"),
        ),
        (
            "2026-11-26 11:00",
            at(consultation(), ""),
            refuse("military", ""),
        ),
    ];
    for (n, (time, form, outcome)) in (1_u32..).zip(given) {
        center.set_clock(time);
        workstation.set_clock(time);
        sign_in(&workstation, "1001");
        workstation.call("submit", submit(n, &form, &outcome));
    }
    until_quiet(&workstation, &center);
    sign_in(&workstation, "2001");
    (workstation, center)
}

fn ask(days: &Value, filters: &[(&str, &str)]) -> Value {
    let filter =
        |(dimension, value): &(&str, &str)| json!({ "dimension": dimension, "value": value });
    let filters: Vec<Value> = filters.iter().map(filter).collect();
    json!({ "days": days, "filters": filters })
}

fn span(span: &str) -> Value {
    json!({ "type": "span", "span": span })
}

/// The tiles, and the lists that are asked for.
fn told(analysis: &Value, dimensions: &[&str]) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut lines = vec![format!(
        "{}，环比 {}，同比 {}",
        text(&analysis["period_text"]),
        text(&analysis["before_text"]),
        text(&analysis["year_ago_text"]),
    )];
    for tile in list(&analysis["tiles"]) {
        lines.push(format!(
            "{} {} {} 环比 {} 同比 {}",
            text(&tile["title"]),
            text(&tile["value_text"]),
            text(&tile["detail_text"]),
            text(&tile["before_text"]),
            text(&tile["year_ago_text"]),
        ));
    }
    for group in list(&analysis["groups"]) {
        if dimensions.contains(&text(&group["dimension"]).as_str()) {
            let rows = list(&group["rows"]);
            let rows = rows.iter().map(|row| {
                let mark = if row["is_chosen"] == true { "*" } else { "" };
                format!(
                    "{mark}{} {} {}",
                    text(&row["text"]),
                    row["n_orders"],
                    text(&row["share_text"])
                )
            });
            let rows: Vec<String> = rows.collect();
            lines.push(format!("[{}] {}", text(&group["title"]), rows.join("；")));
        }
    }
    lines.join("\n")
}

#[test]
fn the_day_beside_the_day_before() {
    let (workstation, _center) = office();
    let analysis = workstation.call("analysis", ask(&span("today"), &[]));
    expect![[r#"
        2026年11月26日，环比 2026年11月25日，同比 2025年11月26日
        受理 4  环比 — 同比 —
        当场答复率 25.0% 1 / 4 环比 — 同比 —
        派单办理 2  环比 — 同比 —
        超期率 0.0% 0 / 2 环比 — 同比 —
        满意率 —  环比 — 同比 —
        不满意 0  环比 持平 同比 持平
        [乡镇街道] 渠江街道 2 50.0%；未填地点 1 25.0%；渠南街道 1 25.0%
        [主办单位] 未派单 2 50.0%；县水务局 2 50.0%
        [诉求类型] 咨询 2 50.0%；求助 2 50.0%
        [处理方式] 派单办理 2 50.0%；当场答复 1 25.0%；不予受理 1 25.0%"#]]
    .assert_eq(&told(&analysis, &["township", "kind", "treatment", "unit"]));
    let narrowed = ask(&span("week"), &[("township", "511725001")]);
    let analysis = workstation.call("analysis", narrowed);
    expect![[r#"
        2026年11月20日至11月26日，环比 2026年11月13日至11月19日，同比 2025年11月20日至11月26日
        受理 3  环比 — 同比 —
        当场答复率 33.3% 1 / 3 环比 — 同比 —
        派单办理 2  环比 — 同比 —
        超期率 0.0% 0 / 2 环比 — 同比 —
        满意率 —  环比 — 同比 —
        不满意 0  环比 持平 同比 持平
        [乡镇街道] *渠江街道 3 60.0%；未填地点 1 20.0%；渠南街道 1 20.0%
        [处理方式] 派单办理 2 66.7%；当场答复 1 33.3%"#]]
    .assert_eq(&told(&analysis, &["township", "treatment"]));
    let trend = analysis["trend"].as_array().unwrap();
    let n_orders: Vec<u64> = trend
        .iter()
        .map(|it| it["n_orders"].as_u64().unwrap())
        .collect();
    assert_eq!(n_orders, [0, 0, 0, 1, 0, 0, 2]);
}

#[test]
fn every_number_opens_its_orders() {
    let (workstation, _center) = office();
    let filters = [("township", "511725001")];
    let analysis = workstation.call("analysis", ask(&span("week"), &filters));
    for tile in analysis["tiles"].as_array().unwrap() {
        let request = json!({
            "ask": ask(&span("week"), &filters), "figure": tile["figure"], "after": null,
        });
        let orders = workstation.call("analysis_orders", request);
        assert_eq!(orders["total"], tile["n_orders"], "{tile}");
        let n_rows = orders["rows"].as_array().unwrap().len();
        assert_eq!(json!(n_rows), tile["n_orders"], "{tile}");
    }
    let request = json!({
        "ask": ask(&span("week"), &filters), "figure": "answered_on_the_spot", "after": null,
    });
    let orders = workstation.call("analysis_orders", request);
    assert_eq!(orders["rows"][0]["id"], draft_id(4));
    expect![["2026年11月20日至11月26日，渠江街道，当场答复"]]
        .assert_eq(orders["title"].as_str().unwrap());
}

/// What became of an order counts at once, on the day on which it came.
#[test]
fn an_order_that_was_dispatched_meanwhile_counts_as_dispatched() {
    let (workstation, center) = office();
    let n_of = |workstation: &Workstation, treatment: &str| {
        let days = json!({ "type": "days", "first": "2026-11-26", "last": "2026-11-26" });
        let analysis = workstation.call("analysis", ask(&days, &[("treatment", treatment)]));
        analysis["tiles"][0]["n_orders"].as_u64().unwrap()
    };
    sign_in(&workstation, "1001");
    let register = json!({ "type": "register" });
    workstation.call("submit", submit(9, &intake("路灯不亮"), &register));
    until_quiet(&workstation, &center);
    sign_in(&workstation, "2001");
    assert_eq!(
        (
            n_of(&workstation, "pending"),
            n_of(&workstation, "dispatched")
        ),
        (1, 2)
    );
    center.set_clock("2026-11-27 09:00");
    workstation.set_clock("2026-11-27 09:00");
    sign_in(&workstation, "1001");
    let act = workstation.act(9, &dispatch(WATER));
    workstation.call("act_on_order", act);
    sign_in(&workstation, "2001");
    assert_eq!(
        (
            n_of(&workstation, "pending"),
            n_of(&workstation, "dispatched")
        ),
        (0, 3)
    );
}

#[test]
fn what_is_no_question_is_told() {
    let (workstation, _center) = office();
    let days = |first: &str, last: &str| json!({ "type": "days", "first": first, "last": last });
    let error = |days: Value| workstation.error("analysis", ask(&days, &[]));
    let told = [
        error(days("2026-11-24", "2026-11-23")),
        error(days("1900-01-01", "2026-11-23")),
        error(days("", "2026-11-23")),
        error(days("2026-13-01", "2026-11-23")),
        error(days("-9999-01-01", "2026-11-23")),
        workstation.error(
            "analysis",
            ask(&span("today"), &[("unit", &"水".repeat(101))]),
        ),
        workstation.error("analysis", ask(&span("today"), &[("unit", "x"); 51])),
    ];
    expect![[r#"
        invalid: 截止日期要在起始日期之后，最长 30 年。
        invalid: 截止日期要在起始日期之后，最长 30 年。
        invalid: 请填写起止日期。
        invalid: 请填写起止日期。
        invalid: 请填写起止日期。
        invalid: 筛选条件最多 50 个，每个最多 100 字。
        invalid: 筛选条件最多 50 个，每个最多 100 字。"#]]
    .assert_eq(&told.join("\n"));
    let request = json!({ "ask": ask(&span("today"), &[]), "figure": "orders", "after": "水" });
    expect!["invalid: 翻页位置不对，请重新打开列表。"]
        .assert_eq(&workstation.error("analysis_orders", request));
    // A value that nothing has is one that no order has.
    let analysis = workstation.call("analysis", ask(&span("year"), &[("unit", "never")]));
    assert_eq!(analysis["tiles"][0]["n_orders"], 0);
    assert_eq!(analysis["tiles"][1]["value_text"], "—");
}

/// 第十五条: those of a unit or of a field go out as a table, by who may see them and with what for.
#[test]
fn article_15_the_orders_behind_a_number_as_a_table() {
    let (mut workstation, center) = office();
    workstation.move_into_a_window();
    sign_in(&workstation, "1001");
    let street = with(intake("渠江路的路灯坏了"), "/category_id", "c-049");
    workstation.call("submit", submit(6, &street, &register()));
    until_quiet(&workstation, &center);
    sign_in(&workstation, "2001");
    // Of a field, by its name, whoever has them.
    let of_field = json!({
        "ask": ask(&span("week"), &[("category", "住房城乡建设")]), "figure": "orders",
        "output": "csv", "purpose": "行业主管核对",
    });
    let made = workstation.call("export_figure", of_field);
    assert_eq!(made["message"], "已导出 1 件。");
    let separated = String::from_utf8(handed(&workstation, &made)).unwrap();
    assert!(separated.contains("市政设施 · 路灯") && !separated.contains("停水"));
    let request = |output: &str, purpose: &str, unit: &str| {
        json!({
            "ask": ask(&span("week"), &[("unit", unit)]), "figure": "dispatched",
            "output": output, "purpose": purpose,
        })
    };
    let made = workstation.call("export_figure", request("xlsx", "行业主管核对", WATER));
    let shown = shown_tables(&handed(&workstation, &made));
    assert_eq!(shown.matches("县水务局").count(), 3, "{shown}");
    let made = workstation.call("export_figure", request("csv", "行业主管核对", WATER));
    let separated = String::from_utf8(handed(&workstation, &made)).unwrap();
    assert_eq!(separated.matches("县水务局").count(), 3, "{separated}");
    assert!(separated.contains(made["serial"].as_str().unwrap()));
    for personal in ["13800001234", "王建国"] {
        assert!(!shown.contains(personal) && !separated.contains(personal));
    }
    expect!["invalid: 请写明用途，台账的每一页都会印上。"]
        .assert_eq(&workstation.error("export_figure", request("csv", " ", WATER)));
    expect!["invalid: 这个清单里没有工单。"]
        .assert_eq(&workstation.error("export_figure", request("csv", "核对", "unit-housing")));
}
