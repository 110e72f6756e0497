//! A submit that is refused changes nothing, and says why in Chinese.

use expect_test::expect;
use serde_json::{Value, json};

use crate::form::{answer, dispatch, draft_id, intake, refuse, register, submit, transfer, with};
use crate::shown::is_chinese_sentence;
use crate::workstation::Workstation;

/// Submits each of them in vain, and shows why.
fn refused(workstation: &Workstation, tries: &[(Value, Value)]) -> String {
    let mut shown = String::new();
    for (form, outcome) in tries {
        workstation.save_draft(1, form);
        let error = workstation.error("submit", submit(1, form, outcome));
        assert!(is_chinese_sentence(&error), "{error}");
        assert_eq!(workstation.draft_ids(), [draft_id(1)]);
        assert_eq!(workstation.n_orders(), 0);
        shown.push_str(&(error + "\n"));
    }
    // No number was used up.
    let number = workstation.submitted(1, &intake("路灯坏了"), &register());
    shown + &number
}

#[test]
fn what_the_form_may_not_say() {
    let form = || intake("路灯坏了");
    let long = "长".repeat(501);
    let tries = [
        intake(" \n\t"),
        intake(&"长".repeat(10_001)),
        with(form(), "/title", "长".repeat(101)),
        with(form(), "/happened", long.as_str()),
        with(form(), "/about", long.as_str()),
        with(form(), "/wants", long.as_str()),
        with(form(), "/caller/name", long.as_str()),
        with(form(), "/caller/address", long.as_str()),
        with(form(), "/place/detail", long.as_str()),
        with(form(), "/caller/phone", "不晓得"),
        with(form(), "/caller/phone", "12"),
        with(form(), "/caller/contact_phone", "1380000123x"),
    ]
    .map(|form| (form, register()));
    expect![[r#"
        refused: 请填写诉求内容。
        refused: 诉求内容最多 10000 字，现有 10001 字，请删减后再提交。
        refused: 标题最多 100 字，现有 101 字，请删减后再提交。
        refused: 事发时间最多 500 字，现有 501 字，请删减后再提交。
        refused: 诉求对象最多 500 字，现有 501 字，请删减后再提交。
        refused: 诉求目标最多 500 字，现有 501 字，请删减后再提交。
        refused: 姓名最多 500 字，现有 501 字，请删减后再提交。
        refused: 诉求人地址最多 500 字，现有 501 字，请删减后再提交。
        refused: 详细地址最多 500 字，现有 501 字，请删减后再提交。
        refused: 来电号码不是有效的号码，请核对。
        refused: 来电号码不是有效的号码，请核对。
        refused: 联系电话不是有效的号码，请核对。
        20261123-W01-0001"#]]
    .assert_eq(&refused(&Workstation::ready(), &tries));
}

#[test]
fn what_an_outcome_may_not_say() {
    let refuse_without_class = with(refuse("military", ""), "/class_id", Value::Null);
    let unknown_article = with(answer("好"), "/article_id", "kb-none");
    let tries = [
        answer(""),
        answer(&"长".repeat(5_001)),
        unknown_article,
        dispatch(""),
        dispatch("unit-none"),
        with(dispatch("unit-housing"), "/opinion", "长".repeat(501)),
        refuse_without_class,
        with(transfer("119"), "/hotline", Value::Null),
        with(transfer("119"), "/note", "长".repeat(5_001)),
    ]
    .map(|outcome| (intake("路灯坏了"), outcome));
    expect![[r#"
        refused: 请填写答复内容。
        refused: 答复内容最多 5000 字，现有 5001 字，请删减后再提交。
        invalid: 所引用的知识已不存在，请重新选择。
        refused: 请选择承办单位。
        refused: 承办单位名录中没有“unit-none”。
        refused: 转办意见最多 500 字，现有 501 字，请删减后再提交。
        invalid: 请选择不予受理的类别。
        invalid: 请选择要转接的热线。
        refused: 转接情况最多 5000 字，现有 5001 字，请删减后再提交。
        20261123-W01-0001"#]]
    .assert_eq(&refused(&Workstation::ready(), &tries));
}

/// 第八条: (三) is a transfer, (七) and (八) name the law; each needs an explanation.
#[test]
fn the_eight_classes_of_article_8() {
    let workstation = Workstation::ready();
    let reference = workstation.call("reference", Value::Null);
    let classes = reference["out_of_scope"].as_array().unwrap();
    assert_eq!(classes.len(), 8);
    let mut shown = String::new();
    for (class, draft) in classes.iter().zip(1..) {
        let id = class["id"].as_str().unwrap();
        let form = intake("要求处理");
        let mut outcomes = vec![with(refuse(id, ""), "/guidance", " "), refuse(id, " ")];
        if class["needs_legal_basis"] == json!(true) {
            outcomes.push(refuse(id, "《信访工作条例》第十五条"));
        }
        for outcome in outcomes {
            let said = match workstation
                .host()
                .call("submit", submit(draft, &form, &outcome))
            {
                Ok(reply) => reply.value["message"].as_str().unwrap().to_owned(),
                Err(error) => error.message,
            };
            assert!(is_chinese_sentence(&said), "{said}");
            shown.push_str(&format!("{}: {said}\n", class["article"].as_str().unwrap()));
        }
    }
    expect![[r#"
        第八条(一): 请填写解释引导内容。
        第八条(一): 已登记不予受理告知，已保存在本机。
        第八条(二): 请填写解释引导内容。
        第八条(二): 已登记不予受理告知，已保存在本机。
        第八条(三): 属于紧急热线受理范围的，请用“转紧急”：先转接，后记录。
        第八条(三): 属于紧急热线受理范围的，请用“转紧急”：先转接，后记录。
        第八条(四): 请填写解释引导内容。
        第八条(四): 已登记不予受理告知，已保存在本机。
        第八条(五): 请填写解释引导内容。
        第八条(五): 已登记不予受理告知，已保存在本机。
        第八条(六): 请填写解释引导内容。
        第八条(六): 已登记不予受理告知，已保存在本机。
        第八条(七): 请填写解释引导内容。
        第八条(七): 按第八条(七)不予受理，须写明法律依据条款。
        第八条(七): 已登记不予受理告知，已保存在本机。
        第八条(八): 请填写解释引导内容。
        第八条(八): 按第八条(八)不予受理，须写明法律依据条款。
        第八条(八): 已登记不予受理告知，已保存在本机。
    "#]]
    .assert_eq(&shown);
    assert_eq!(workstation.n_orders(), 7);
}

#[test]
fn a_text_at_its_limit_is_kept_whole() {
    let workstation = Workstation::ready();
    let text = "长".repeat(10_000);
    workstation.submitted(1, &intake(&text), &register());
    assert_eq!(workstation.order(1)["text"], text);
}
