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
        with(form(), "/wants", long.as_str()),
        with(form(), "/caller/name", long.as_str()),
        with(form(), "/caller/address", long.as_str()),
        with(form(), "/place/detail", long.as_str()),
        with(form(), "/caller/phone", "不晓得"),
        with(form(), "/caller/phone", "12"),
        with(form(), "/caller/contact_phone", "1380000123x"),
    ]
    .map(|form| (form, register()));
    expect![[""]].assert_eq(&refused(&Workstation::ready(), &tries));
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
    expect![[""]].assert_eq(&refused(&Workstation::ready(), &tries));
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
    expect![[""]].assert_eq(&shown);
    assert_eq!(workstation.n_orders(), 7);
}

#[test]
fn a_text_at_its_limit_is_kept_whole() {
    let workstation = Workstation::ready();
    let text = "长".repeat(10_000);
    workstation.submitted(1, &intake(&text), &register());
    assert_eq!(workstation.order(1)["text"], text);
}
