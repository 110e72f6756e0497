//! A desk with the person at it and the line to the center.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use end_to_end::county::{CallFault, CenterProcess, DeskProcess, Line, wait_until};
use serde_json::{Value, json};

/// Orders that are taken between two mishaps.
const ORDERS_A_ROUND: u32 = 4;

pub(crate) struct Post {
    pub(crate) desk: DeskProcess,
    pub(crate) line: Line,
    pub(crate) number: String,
    pub(crate) nth: usize,
    password: String,
    n_orders: u32,
    /// Orders of which the person was told that they are saved.
    pub(crate) told: BTreeSet<String>,
    /// What nobody knows of: the program was ended before it said anything.
    unknown: BTreeMap<String, Value>,
}

impl Post {
    /// A new desk that is enrolled, with a new person signed in.
    pub(crate) fn begin(center: &CenterProcess, nth: usize) -> Result<Self> {
        let number = format!("{}", 1001 + nth);
        let password = center.add_person(&number, "受理员", "受理员、调度员")?;
        let mut post = Self {
            desk: DeskProcess::start(&format!("county-{nth}"), "受理员", &number)?,
            line: Line::to(center.address())?,
            number,
            nth,
            password,
            n_orders: 0,
            told: BTreeSet::new(),
            unknown: BTreeMap::new(),
        };
        let address = format!("127.0.0.1:{}", post.line.port());
        let code = center.enrolment_code()?;
        post.desk
            .call("enrol", json!({ "address": address, "code": code }))?;
        wait_until("the desk is enrolled", || {
            let state = post.desk.call("app_state", json!(null))?;
            ensure!(state["signs_in"] == true, "{state}");
            Ok(true)
        })?;
        post.sign_in()?;
        Ok(post)
    }

    /// The first time with the initial password, which is changed.
    fn sign_in(&mut self) -> Result<()> {
        let form = json!({ "number": self.number, "password": self.password });
        self.desk.call("sign_in", form)?;
        if self.phase_after_attempt()? == "password_due" {
            let new = format!("濛濛细雨 Bashan-{}", self.number);
            let form = json!({ "old": self.password, "new": new });
            self.desk.call("change_password", form)?;
            self.password = new;
            let phase = self.phase_after_attempt()?;
            ensure!(phase == "ready", "the password was not changed: {phase}");
        }
        Ok(())
    }

    fn phase_after_attempt(&self) -> Result<String> {
        let mut phase = String::new();
        wait_until("the attempt ends", || {
            let state = self.desk.call("app_state", json!(null))?;
            ensure!(state["attempt"] != "under", "under way");
            state["phase"]
                .as_str()
                .unwrap_or_default()
                .clone_into(&mut phase);
            ensure!(phase != "signed_out", "{state}");
            Ok(true)
        })?;
        Ok(phase)
    }

    /// Started again after whatever happened, and signed in.
    pub(crate) fn come_back(&mut self) -> Result<()> {
        self.desk.restart()?;
        self.sign_in()
    }

    /// What nobody knows of, and then new ones, until all are taken or the desk is silent.
    pub(crate) fn take_orders(&mut self) -> Result<()> {
        self.take_unknown()?;
        for _ in 0..ORDERS_A_ROUND {
            self.n_orders += 1;
            let order = format!("00000000-0000-7000-8{:03}-{:012}", self.nth, self.n_orders);
            let form = form(&order, self.n_orders.is_multiple_of(3));
            if !self.take(order, form)? {
                break;
            }
        }
        Ok(())
    }

    /// Asks again for what was not answered: it is done once, whichever was the first.
    pub(crate) fn take_unknown(&mut self) -> Result<()> {
        for (order, form) in std::mem::take(&mut self.unknown) {
            self.take(order, form)?;
        }
        Ok(())
    }

    /// Whether the desk answered.
    fn take(&mut self, order: String, form: Value) -> Result<bool> {
        match self.desk.call("submit", &form) {
            Ok(_saved) => {
                self.told.insert(order);
                Ok(true)
            }
            Err(CallFault::Silent(_)) => {
                self.unknown.insert(order, form);
                Ok(false)
            }
            Err(answered @ CallFault::Answered { .. }) => Err(answered.into()),
        }
    }

    /// The person is still there: a desk that nobody touches for five minutes locks itself.
    pub(crate) fn stay(&self) -> Result<()> {
        self.desk.call("still_here", json!(null))?;
        Ok(())
    }

    /// What people see of an order, without what belongs to the moment or the desk.
    pub(crate) fn shown(&self, order: &str) -> Result<String> {
        let shown = self.desk.call("work_order", json!({ "id": order }))?;
        let limits = shown["limits"].as_array().into_iter().flatten();
        let due: Vec<&Value> = limits.map(|limit| &limit["due_at"]).collect();
        let (row, version) = (&shown["row"], &shown["version"]);
        Ok(format!(
            "{version} {} {} {due:?}",
            row["number"], row["stage"]
        ))
    }
}

fn form(order: &str, is_dispatched: bool) -> Value {
    let outcome = if is_dispatched {
        json!({ "type": "dispatch", "unit_id": "unit-water-affairs", "opinion": "请核实处理" })
    } else {
        json!({ "type": "register" })
    };
    json!({
        "draft_id": order,
        "intake": {
            "caller": { "phone": "13800001234", "contact_phone": "", "name": "王建国", "address": "" },
            "channel": "phone",
            "kind": "help",
            "class": "ordinary",
            "category_id": "",
            "title": "",
            "text": format!("{order} 家里没有水"),
            "place": {
                "township_code": "511725001",
                "village_code": "511725001001",
                "detail": "桥头",
            },
            "wants": "尽快恢复",
            "is_confidential": false,
            "wants_call_back": true,
        },
        "outcome": outcome,
    })
}
