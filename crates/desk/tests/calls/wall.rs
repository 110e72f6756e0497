//! 大屏: what hangs on the wall, and until when.

use domain::Role;
use expect_test::expect;
use serde_json::Value;

use crate::center::{LocalCenter, enrolled, sign_in, until_quiet};
use crate::form::{answer, dispatch_special, intake, special, submit, with};
use crate::workstation::Workstation;

const NAME: &str = "欧阳金雀";

fn office() -> (Workstation, std::sync::Arc<LocalCenter>) {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    center.add("2001", "罗兰", &[Role::Analyst]);
    center.add("3001", "田编", &[Role::KbEditor]);
    sign_in(&workstation, "1001");
    let named = |form: Value| {
        let form = with(form, "/caller/name", NAME);
        with(form, "/title", format!("{NAME}家停水"))
    };
    let outage = special(&format!("我是{NAME}，电话13987650001，整条街停水"));
    workstation.call(
        "submit",
        submit(1, &named(outage), &dispatch_special("unit-water-affairs")),
    );
    let question = named(intake("几点上班"));
    workstation.call("submit", submit(2, &question, &answer("九点")));
    until_quiet(&workstation, &center);
    (workstation, center)
}

#[test]
fn the_day_in_figures_without_anybody_in_it() {
    let (workstation, _center) = office();
    sign_in(&workstation, "2001");
    let wall = workstation.call("wall", Value::Null);
    let figures = wall["figures"].as_array().unwrap().iter();
    let figures = figures.map(|it| {
        let text = |name: &str| it[name].as_str().unwrap().to_owned();
        format!(
            "{} {}（{}）",
            text("title"),
            text("value_text"),
            text("note")
        )
    });
    let figures: Vec<String> = figures.collect();
    expect![[r#"
        今日受理 2（昨日全天 0）
        当场答复率 50.0%（当场答复 1 件）
        今日派单 1（承办单位在办 0 件）
        今日到期 0（此刻起到 24:00）
        已超期 0（尚未办结）
        本月满意率 —（已评价 0 件）"#]]
    .assert_eq(&figures.join("\n"));
    assert_eq!(wall["townships"].as_array().unwrap().len(), 37);
    let shown = wall.to_string();
    for personal in [NAME, "13987650001", "桥头", "整条街", "13800001234"] {
        assert!(!shown.contains(personal), "{personal}: {shown}");
    }
}

/// It stays on the wall while the desk is locked, and goes with whoever signed in.
#[test]
fn it_stays_behind_the_lock_and_goes_with_the_person() {
    let (workstation, _center) = office();
    sign_in(&workstation, "2001");
    workstation.call("lock", Value::Null);
    assert_eq!(
        workstation.call("app_state", Value::Null)["phase"],
        "screen_locked"
    );
    assert!(workstation.call("wall", Value::Null)["figures"].is_array());
    sign_in(&workstation, "2001");
    workstation.call("sign_out", Value::Null);
    let told = workstation.error("wall", Value::Null);
    sign_in(&workstation, "3001");
    let of_editor = workstation.error("wall", Value::Null);
    expect![[r#"
        refused: 您的岗位不能使用这项功能，须由受理员、调度员、值班长、审核员、统计分析、监督员、县政府办、县纪委监委操作。
        refused: 您的岗位不能使用这项功能，须由受理员、调度员、值班长、审核员、统计分析、监督员、县政府办、县纪委监委操作。"#]]
    .assert_eq(&format!("{told}\n{of_editor}"));
}
