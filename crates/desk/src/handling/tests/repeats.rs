//! 并单与关联: two orders, done on both or on neither.

use super::*;

fn nth(n: u8) -> String {
    format!("00000000-0000-7000-8000-0000000000{n:02}")
}

impl Shift {
    /// Another order, of that caller; what was answered.
    fn register(&mut self, n: u8, phone: &str, outcome: &Value, repeat: &Value) -> String {
        self.desk.operator = operator();
        let request = json!({
            "draft_id": nth(n),
            "intake": {
                "caller": { "phone": phone, "contact_phone": "", "name": "", "address": "" },
                "channel": "phone",
                "kind": "help",
                "class": "ordinary",
                "category_id": "",
                "title": "",
                "text": "小区还是没水",
                "place": { "township_code": "511725001", "village_code": "", "detail": "" },
                "wants": "",
                "is_confidential": false,
                "wants_call_back": true,
            },
            "outcome": outcome,
            "repeat": repeat,
        });
        match submit(&self.desk, serde_json::from_value(request).unwrap()) {
            Ok(done) => format!("{} [{}]", done.number, done.stage_text),
            Err(error) => format!("拒绝：{}", text::error(&error, "1")),
        }
    }

    fn seen(&self, id: &str) -> Value {
        let request = serde_json::from_value(json!({ "id": id })).unwrap();
        serde_json::to_value(work_order(&self.desk, request).unwrap()).unwrap()
    }

    fn ask(&self, id: &str, act: &Value) -> HandleOrder {
        HandleOrder {
            work_order_id: id.to_owned(),
            version: u32::try_from(self.seen(id)["version"].as_u64().unwrap()).unwrap(),
            act: serde_json::from_value(act.clone()).unwrap(),
        }
    }

    fn give(&mut self, id: &str, act: &Value) -> String {
        match handle_order(&self.desk, self.ask(id, act)) {
            Ok(done) => format!("[{}] {}", done.stage_text, done.message),
            Err(error) => format!("拒绝：{}", text::error(&error, "1")),
        }
    }
}

fn last_of(order: &Value) -> String {
    let story = order["story"].as_array().unwrap();
    let last = story.last().unwrap();
    format!(
        "{} {}",
        last["title"].as_str().unwrap(),
        last["detail"].as_str().unwrap()
    )
}

#[test]
fn the_later_order_of_the_same_caller_goes_into_the_open_one() {
    let mut shift = Shift::with_order("ordinary");
    shift.dispatch(&Value::Null);
    shift.deliver();
    shift.at("2026-11-24 09:00");
    let register = json!({ "type": "register" });
    let first = "20261123-W01-0001";
    let second = shift.register(2, "138 0000 1234", &register, &Value::Null);
    assert_eq!(second, "20261124-W01-0001 [待派]");
    let merge = |number: &str| json!({ "type": "merge_into", "number": number });
    // Nothing is done by halves, and each reason is said.
    shift.register(3, "13900005678", &register, &Value::Null);
    let before = [
        shift.seen(ORDER)["version"].clone(),
        shift.seen(&nth(3))["version"].clone(),
    ];
    let said = [
        shift.give(&nth(2), &merge("")),
        shift.give(&nth(2), &merge("20261124-W01-0099")),
        shift.give(&nth(2), &merge("20261124-W01-0001")),
        shift.give(&nth(3), &merge(first)),
        shift.give(
            ORDER,
            &json!({ "type": "absorb_repeat", "number": "20261124-W01-0002" }),
        ),
    ];
    expect![[r#"
        拒绝：请填写工单编号。
        拒绝：没有找到编号为 20261124-W01-0099 的工单。
        拒绝：不能并入自己。
        拒绝：两件的诉求人不同，不能并入，请用“关联”：各自答复，各自评价。
        拒绝：两件的诉求人不同，不能并入，请用“关联”：各自答复，各自评价。"#]]
    .assert_eq(&said.join("\n"));
    let after = [
        shift.seen(ORDER)["version"].clone(),
        shift.seen(&nth(3))["version"].clone(),
    ];
    assert_eq!(before, after);
    // What it comes to is shown before.
    let preview = preview_act(&shift.desk, shift.ask(&nth(2), &merge(first))).unwrap();
    assert_eq!(preview.refusal, None);
    assert_eq!(preview.stage_text, "已并入");
    expect!["20261123-W01-0001 小区停水（已送达，县水务局，11月23日（周一）09:15登记）。前一件记一次催办并补充，时限不变。"]
        .assert_eq(&preview.notes.concat());
    let limits: Vec<_> = preview
        .limits
        .iter()
        .map(|it| format!("{} {}", it.name, it.after_text))
        .collect();
    assert_eq!(limits, ["转办 11月24日（周二）09:00起不再适用"]);

    let due = shift.seen(ORDER)["row"]["due_at"].clone();
    assert_eq!(
        shift.give(&nth(2), &merge(first)),
        "[已并入] 并入已保存在本机。"
    );
    assert_eq!(shift.seen(&nth(2))["linked_text"], format!("并入 {first}"));
    let kept = shift.seen(ORDER);
    assert_eq!(kept["linked_text"], "接收并入 20261124-W01-0001");
    assert_eq!(
        last_of(&kept),
        "20261124-W01-0001 并入本单，作催办和补充 小区还是没水"
    );
    assert_eq!(kept["row"]["due_at"], due, "no limit moves");
}

#[test]
fn a_call_about_an_open_order_is_registered_and_merged_in_one_step() {
    let mut shift = Shift::with_order("ordinary");
    let merge = json!({ "number": "20261123-W01-0001", "relation": "merge" });
    let link = json!({ "number": "20261123-W01-0001", "relation": "link" });
    let register = json!({ "type": "register" });
    assert_eq!(
        shift.register(2, "13800001234", &register, &merge),
        "20261123-W01-0002 [已并入]"
    );
    assert_eq!(
        shift.seen(ORDER)["linked_text"],
        "接收并入 20261123-W01-0002"
    );
    // Another caller's is linked, answered for itself, and not merged.
    let refused = shift.register(3, "13900005678", &register, &merge);
    assert_eq!(
        refused,
        "拒绝：两件的诉求人不同，不能并入，请用“关联”：各自答复，各自评价。"
    );
    assert_eq!(
        shift.register(3, "13900005678", &register, &link),
        "20261123-W01-0003 [待派]"
    );
    assert_eq!(shift.seen(&nth(3))["linked_text"], "关联 20261123-W01-0001");
}
