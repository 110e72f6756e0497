//! 调用 and links: what a page or a telephone system hands to an open desk.

use std::sync::Arc;

use anyhow::{Result, anyhow, ensure};
use chrono::{DateTime, Utc};
use desk::sync::{CenterAccess, Line, Network, NotMet};
use desk::{Clock, DeskHost, ErrorCode};
use desk_store::NoKeyring;
use serde_json::{Value, json};
use tempfile::TempDir;
use wire::EnrolmentCode;

use super::{Taken, Target};

/// 2026-11-23 09:15 in Beijing.
const NOW_MS: i64 = 1_795_396_500_000;
/// How often it is looked at whether refusals left everything as it was.
const LOOK_EVERY: u64 = 40;
/// Not given: they write where the request says, close the desk, or do the same work each time.
const NOT_GIVEN: [&str; 14] = [
    "choose_backup_folder",
    "back_up",
    "try_backup",
    "lock",
    "sign_out",
    "change_operator",
    "set_damaged_aside",
    "retry_open",
    "load_samples",
    "remove_samples",
    "learn_now",
    "run_twin_report",
    "verify_audit",
    "export_audit",
];

struct Standing;

impl Clock for Standing {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(NOW_MS).unwrap_or_default()
    }
}

struct Nowhere;

impl Network for Nowhere {
    fn meet(&self, _address: &str, _code: &EnrolmentCode) -> Result<String, NotMet> {
        Err(NotMet::Unreachable)
    }

    fn line(&self, _access: &CenterAccess) -> Result<Arc<dyn Line>> {
        Err(anyhow!("There is no network"))
    }
}

fn intake(text: &str) -> Value {
    json!({
        "caller": { "phone": "13800001234", "contact_phone": "", "name": "王建国", "address": "" },
        "channel": "phone", "kind": "help", "class": "ordinary", "category_id": "", "title": "",
        "text": text,
        "place": { "township_code": "511725001", "village_code": "511725001001", "detail": "桥头" },
        "wants": "尽快恢复", "is_confidential": false, "wants_call_back": true,
    })
}

/// An open desk with an order, a draft and an article in writing.
struct OpenDesk {
    host: DeskHost,
    /// What refusals must leave as it is.
    before: Value,
    n_taken: u64,
    was_changed: bool,
    _folder: TempDir,
}

const ORDER: &str = "00000000-0000-7000-8000-000000000001";

impl OpenDesk {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let host = DeskHost::start_in(
            folder.path(),
            Arc::new(Standing),
            Arc::new(NoKeyring),
            Arc::new(Nowhere),
        );
        let mut desk = Self {
            host,
            before: Value::Null,
            n_taken: 0,
            was_changed: false,
            _folder: folder,
        };
        desk.done(
            "set_up",
            json!({
                "passphrase": "濛濛细雨，巴山夜里 2026", "operator_name": "陈晓梅",
                "operator_number": "1001", "with_samples": false,
            }),
        )?;
        desk.done(
            "submit",
            json!({
                "draft_id": ORDER, "intake": intake("路灯坏了"), "outcome": { "type": "register" },
            }),
        )?;
        desk.done(
            "save_draft",
            json!({
                "id": "00000000-0000-7000-8000-000000000002", "body": intake("停水"),
            }),
        )?;
        desk.before = desk.all_of_it();
        Ok(desk)
    }

    fn done(&mut self, name: &str, request: Value) -> Result<Value> {
        let reply = self.host.call(name, request);
        Ok(reply.map_err(|error| anyhow!("{name}: {error:?}"))?.value)
    }

    /// What a person would see has changed.
    fn all_of_it(&self) -> Value {
        let list = json!({ "queue": "all", "search": "", "after": null, "limit": 50 });
        let asked = [
            ("work_orders", list),
            ("work_order", json!({ "id": ORDER })),
            ("drafts", Value::Null),
            ("kb_lists", Value::Null),
            ("gap_lists", Value::Null),
            ("incoming_calls", Value::Null),
            ("hand_overs", Value::Null),
            ("dossiers", Value::Null),
        ];
        let answers = asked.map(|(name, request)| {
            let reply = self.host.call(name, request);
            // What is not for the person is not for the person before and after.
            reply.map_or_else(|error| json!(error.message), |reply| reply.value)
        });
        json!(answers)
    }

    /// Gives the call; a refusal after which something is otherwise is told.
    fn take(&mut self, call: impl FnOnce(&DeskHost) -> Result<bool, ErrorCode>) -> Taken {
        self.n_taken += 1;
        let (taken, may_change) = match call(&self.host) {
            Ok(changes) => (Taken::Accepted, changes),
            Err(ErrorCode::Bug) => return Taken::Wrong("a bug was caught".to_owned()),
            Err(_) => (Taken::Refused, false),
        };
        self.was_changed |= may_change;
        if self.n_taken.is_multiple_of(LOOK_EVERY)
            && let Err(what) = self.look()
        {
            return Taken::Wrong(what);
        }
        taken
    }

    fn look(&mut self) -> Result<(), String> {
        let after = self.all_of_it();
        let is_same = after == self.before;
        self.before = after;
        if !is_same && !self.was_changed {
            return Err("everything was refused, and something is otherwise".to_owned());
        }
        self.was_changed = false;
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        self.look()?;
        let verified = self.done("verify_audit", Value::Null);
        let verified = verified.map_err(|error| format!("{error:#}"))?;
        match verified.get("is_sound") {
            Some(Value::Bool(true)) => Ok(()),
            _ => Err(format!("the record is not whole: {verified}")),
        }
    }
}

/// Calls: a line with the name, then the request as JSON.
pub(super) struct Calls(OpenDesk);

impl Calls {
    pub(super) fn new() -> Result<Self> {
        Ok(Self(OpenDesk::new()?))
    }
}

impl Target for Calls {
    fn name(&self) -> &'static str {
        "call"
    }

    fn share(&self) -> u64 {
        8
    }

    fn seeds(&self) -> Result<Vec<Vec<u8>>> {
        let id = json!({ "id": ORDER });
        let known = json!({
            "submit": { "draft_id": "00000000-0000-7000-8000-000000000003", "intake": intake("停水"),
                "outcome": { "type": "dispatch", "unit_id": "unit-housing", "opinion": "请核实" } },
            "act_on_order": { "work_order_id": ORDER, "version": 1,
                "outcome": { "type": "answer_on_the_spot", "answer": "好", "article_id": null } },
            "work_orders": { "queue": "all", "search": "路灯", "after": null, "limit": 50 },
            "listen": { "revision": 1, "draft_id": ORDER, "intake": intake("路灯"),
                "chosen": { "kind": false, "category": false, "place": false, "class": false } },
            "check_order": { "intake": intake("我叫王建国，路灯坏了") },
            "save_draft": { "id": "00000000-0000-7000-8000-000000000004", "body": intake("x") },
            "reveal_phone": { "id": ORDER, "purpose": "call_back" },
            "caller_card": { "phone": "13800001234" },
            "export_ledger": { "queue": "all", "search": "", "output": "csv", "purpose": "核对" },
            "audit_entries": { "person": "", "act": "", "object": "", "from": "2026-11-23", "until": "", "before": null },
            "search_knowledge": { "text": "社保卡", "limit": 10 },
            "upload_part": { "upload_id": "", "file_name": "a.csv", "offset": 0, "content": "5qCH6aKYLOetlOahiAox" },
            "kb_import_preview": { "upload_id": "x", "sources": [] },
            "preview_limits": { "class": "ordinary", "kind": "help" },
            "open_link": { "url": "hotline://call?number=13800001234" },
        });
        let calls = desk::api::CALLS.iter().filter(|it| !NOT_GIVEN.contains(it));
        let seeds = calls.flat_map(|name| {
            let request = known.get(name).unwrap_or(&id);
            [request.clone(), Value::Null].map(|it| format!("{name}\n{it}").into_bytes())
        });
        Ok(seeds.collect())
    }

    fn take(&mut self, input: &[u8]) -> Taken {
        let text = String::from_utf8_lossy(input);
        let (name, request) = text.split_once('\n').unwrap_or((&text, "null"));
        if NOT_GIVEN.contains(&name) {
            return Taken::Refused;
        }
        let Ok(request) = serde_json::from_str::<Value>(request) else {
            return Taken::Refused;
        };
        let may_change = !desk::api::shows(name);
        self.0.take(|host| match host.call(name, request) {
            Ok(_) => Ok(may_change),
            Err(error) => Err(error.code),
        })
    }

    fn end(&mut self) -> Result<(), String> {
        self.0.end()
    }
}

/// Links, as another program on the computer opens them.
pub(super) struct Links(OpenDesk);

impl Links {
    pub(super) fn new() -> Result<Self> {
        let desk = OpenDesk::new()?;
        ensure!(desk.before != Value::Null, "The desk shows nothing");
        Ok(Self(desk))
    }
}

impl Target for Links {
    fn name(&self) -> &'static str {
        "link"
    }

    fn share(&self) -> u64 {
        4
    }

    fn seeds(&self) -> Result<Vec<Vec<u8>>> {
        let seeds = [
            "hotline://call?number=13800001234",
            "hotline://call?number=0818-7212345&id=a1",
            "hotline://call?number=%2B8613800001234",
        ];
        Ok(seeds.map(|it| it.as_bytes().to_vec()).to_vec())
    }

    fn take(&mut self, input: &[u8]) -> Taken {
        let link = String::from_utf8_lossy(input).into_owned();
        self.0.take(
            |host| match host.call("open_link", json!({ "url": link })) {
                Ok(_) => Ok(true),
                Err(error) => Err(error.code),
            },
        )
    }

    fn end(&mut self) -> Result<(), String> {
        self.0.end()
    }
}
