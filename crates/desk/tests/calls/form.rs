//! What a window sends: the form, and what becomes of it.

use serde_json::{Value, json};

use crate::workstation::Workstation;

/// The id of the `n`-th draft; the order that comes of it keeps it.
pub(crate) fn draft_id(n: u32) -> String {
    format!("00000000-0000-7000-8000-{n:012}")
}

/// A caller who asks for help.
pub(crate) fn intake(text: &str) -> Value {
    json!({
        "caller": {
            "phone": "13800001234",
            "contact_phone": "",
            "name": "王建国",
            "address": "",
        },
        "channel": "phone",
        "kind": "help",
        "class": "ordinary",
        "category_id": "",
        "title": "",
        "text": text,
        "place": { "township_code": "511725001", "village_code": "511725001001", "detail": "桥头" },
        "happened": "",
        "about": "",
        "wants": "尽快恢复",
        "is_confidential": false,
        "wants_call_back": true,
    })
}

/// The form with one field changed; `path` is a JSON pointer.
pub(crate) fn with(mut form: Value, path: &str, value: impl Into<Value>) -> Value {
    let field = form.pointer_mut(path);
    *field.unwrap_or_else(|| panic!("no {path}")) = value.into();
    form
}

pub(crate) fn special(text: &str) -> Value {
    with(intake(text), "/class", "special")
}

pub(crate) fn submit(draft: u32, intake: &Value, outcome: &Value) -> Value {
    json!({ "draft_id": draft_id(draft), "intake": intake, "outcome": outcome })
}

pub(crate) fn register() -> Value {
    json!({ "type": "register" })
}

pub(crate) fn answer(text: &str) -> Value {
    json!({ "type": "answer_on_the_spot", "answer": text, "article_id": null })
}

pub(crate) fn dispatch(unit: &str) -> Value {
    json!({ "type": "dispatch", "unit_id": unit, "opinion": "请核实处理" })
}

/// 派单 of a special matter, with the report to the township just now.
pub(crate) fn dispatch_special(unit: &str) -> Value {
    json!({
        "type": "dispatch",
        "unit_id": unit,
        "opinion": "请核实处理",
        "report": township_report(),
    })
}

pub(crate) fn township_report() -> Value {
    json!({
        "unit_id": "town-511725001",
        "answered_by": "赵值守",
        "reported_time": "",
        "method": "电话",
    })
}

pub(crate) fn refuse(class: &str, legal_basis: &str) -> Value {
    json!({
        "type": "refuse_out_of_scope",
        "class_id": class,
        "guidance": "请向有权处理的机关提出",
        "legal_basis": legal_basis,
    })
}

pub(crate) fn transfer(line: &str) -> Value {
    json!({ "type": "transfer_to_emergency", "hotline": line, "note": "已三方通话" })
}

impl Workstation {
    /// Submits the `draft`-th draft and tells the order's number.
    pub(crate) fn submitted(&self, draft: u32, intake: &Value, outcome: &Value) -> String {
        let answer = self.call("submit", submit(draft, intake, outcome));
        answer["number"].as_str().unwrap().to_owned()
    }

    pub(crate) fn order(&self, draft: u32) -> Value {
        self.call("work_order", json!({ "id": draft_id(draft) }))
    }

    /// What the window sends to act on an order as it is now.
    pub(crate) fn act(&self, draft: u32, outcome: &Value) -> Value {
        json!({
            "work_order_id": draft_id(draft),
            "version": self.order(draft)["version"],
            "outcome": outcome,
        })
    }

    pub(crate) fn delivery(&self, draft: u32) -> Value {
        json!({
            "work_order_id": draft_id(draft),
            "version": self.order(draft)["version"],
            "answered_by": "李值班",
            "phone": "0818-7212345",
        })
    }

    pub(crate) fn n_orders(&self) -> u64 {
        let request = json!({ "queue": "all", "search": "", "after": null, "limit": 1 });
        self.call("work_orders", request)["total"].as_u64().unwrap()
    }

    pub(crate) fn save_draft(&self, draft: u32, body: &Value) {
        let request = json!({ "id": draft_id(draft), "body": body });
        self.call("save_draft", request);
    }

    /// The ids of the drafts, the one touched last first.
    pub(crate) fn draft_ids(&self) -> Vec<String> {
        let drafts = self.call("drafts", Value::Null);
        let ids = drafts.as_array().unwrap().iter();
        ids.map(|draft| draft["id"].as_str().unwrap().to_owned())
            .collect()
    }
}
