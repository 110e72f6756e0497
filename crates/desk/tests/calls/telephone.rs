//! 来电弹屏: a number that rings becomes a draft, whoever tells of it, and nobody else may.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use desk::telephone_door::{TelephoneAccess, TelephoneDoor, hand_over_link};
use expect_test::expect;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::form::{intake, register, submit, with};
use crate::shown::lines;
use crate::workstation::{PASSPHRASE, Workstation};

const PATH: &str = "POST /telephone/v1/calls";

/// A door that is open as long as this lives.
struct Exchange {
    workstation: Workstation,
    access: TelephoneAccess,
    runtime: Runtime,
}

impl Exchange {
    fn beside(workstation: Workstation) -> Self {
        let runtime = Runtime::new().unwrap();
        let desk = Arc::clone(workstation.host());
        let door = TelephoneDoor::bind(desk, workstation.folder());
        let door = runtime.block_on(door).unwrap();
        let access = door.access.clone();
        runtime.spawn(door.serve(std::future::pending()));
        Self {
            workstation,
            access,
            runtime,
        }
    }

    fn address(&self) -> String {
        format!("127.0.0.1:{}", self.access.port)
    }

    /// The status and the answer.
    fn ask(&self, request_line: &str, headers: &[&str], body: &str) -> String {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        let patience = Some(Duration::from_secs(60));
        stream.set_read_timeout(patience).unwrap();
        let mut request = format!("{request_line} HTTP/1.1\r\nConnection: close\r\n");
        for header in headers {
            request.push_str(&format!("{header}\r\n"));
        }
        request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        stream.write_all(request.as_bytes()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        format!("{} {body}", head.split(' ').nth(1).unwrap())
    }

    fn ring(&self, body: &Value) -> String {
        let host = format!("Host: {}", self.address());
        let token = format!("Authorization: Bearer {}", self.access.token);
        self.ask(PATH, &[&host, &token], &body.to_string())
    }
}

fn drafts(workstation: &Workstation) -> Vec<String> {
    let drafts = workstation.call("drafts", Value::Null);
    let drafts = drafts.as_array().unwrap().iter();
    drafts
        .map(|it| it["body"]["caller"]["phone"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_number_that_rings_opens_a_draft_once() {
    let exchange = Exchange::beside(Workstation::ready());
    let mut changes = exchange.workstation.host().changes();
    let call = json!({ "number": "13800001234", "call_id": "c-1" });
    let answer = exchange.ring(&call);
    assert!(answer.starts_with("201 "), "{answer}");
    // What the desk reads ahead may be told before it.
    let mut told = std::iter::from_fn(|| changes.try_recv().ok());
    assert!(told.any(|tags| tags.contains(&"incoming_calls")));
    assert_eq!(exchange.ring(&call), answer, "told twice, it is one call");
    exchange.ring(&json!({ "number": "08187212345" }));
    let workstation = &exchange.workstation;
    let mut shown = drafts(workstation);
    shown.sort();
    assert_eq!(shown, ["08187212345", "13800001234"]);
    let calls = workstation.call("incoming_calls", Value::Null);
    expect![[r#"
        13800001234 | 11月23日（周一）09:15
        08187212345 | 11月23日（周一）09:15
    "#]]
    .assert_eq(&lines(&calls, &["number", "rang_text"]));
    let answered = workstation.call("answer_call", json!({ "call_id": "c-1" }));
    assert_eq!(answered["draft_id"], calls[0]["draft_id"]);
    let left = workstation.call("incoming_calls", Value::Null);
    assert_eq!(lines(&left, &["number"]), "08187212345\n");
    assert_eq!(drafts(workstation).len(), 2);
}

#[test]
fn nobody_else_may_say_that_it_rings() {
    let exchange = Exchange::beside(Workstation::ready());
    let host = format!("Host: {}", exchange.address());
    let token = format!("Authorization: Bearer {}", exchange.access.token);
    let origin = "Origin: http://evil.example";
    let own_origin = format!("Origin: http://{}", exchange.address());
    let call = r#"{"number":"13800001234"}"#;
    let mut shown = String::new();
    for (line, headers, body) in [
        (PATH, vec![host.as_str()], call),
        (PATH, vec![&host, "Authorization: Bearer x"], call),
        (PATH, vec![&host, &token, origin], call),
        (PATH, vec![&host, &token, &own_origin], call),
        (PATH, vec!["Host: desk.example:80", &token], call),
        (PATH, vec![&host, &token], "{}"),
        (
            PATH,
            vec![&host, &token],
            r#"{"number":"13800001234","run":1}"#,
        ),
        (PATH, vec![&host, &token], r#"{"number":"１３８"}"#),
        (
            PATH,
            vec![&host, &token],
            r#"{"number":"138","call_id":"<b>"}"#,
        ),
        ("GET /telephone/v1/calls", vec![&host, &token], ""),
    ] {
        shown.push_str(&exchange.ask(line, &headers, body));
        shown.push('\n');
    }
    expect![[r#"
        401 {"message":"令牌不对。"}
        401 {"message":"令牌不对。"}
        403 {"message":"只接受本机话务系统的请求。"}
        403 {"message":"只接受本机话务系统的请求。"}
        403 {"message":"只接受本机话务系统的请求。"}
        400 {"message":"请求应为 {\"number\":\"来电号码\",\"call_id\":\"通话编号\"}。"}
        400 {"message":"请求应为 {\"number\":\"来电号码\",\"call_id\":\"通话编号\"}。"}
        400 {"message":"来电号码应为 3 至 20 位数字。"}
        400 {"message":"通话编号最多 64 个字符，只能有字母、数字和 . _ : -。"}
        405 
    "#]]
    .assert_eq(&shown);
    assert!(drafts(&exchange.workstation).is_empty());
}

#[test]
fn a_call_waits_for_whoever_unlocks() {
    let mut workstation = Workstation::ready();
    workstation.close();
    workstation.start();
    let exchange = Exchange::beside(workstation);
    let answer = exchange.ring(&json!({ "number": "13800001234", "call_id": "c-1" }));
    assert_eq!(answer, r#"202 {"call_id":"c-1","draft_id":null}"#);
    let workstation = &exchange.workstation;
    workstation.call("unlock", json!({ "passphrase": PASSPHRASE }));
    let calls = workstation.call("incoming_calls", Value::Null);
    assert_eq!(
        lines(&calls, &["number", "draft_id"]),
        "13800001234 | null\n"
    );
    workstation.call("answer_call", json!({ "call_id": "c-1" }));
    assert_eq!(drafts(workstation), ["13800001234"]);
}

#[test]
fn port_and_token_stay_the_same_and_a_link_is_handed_over() {
    let exchange = Exchange::beside(Workstation::ready());
    let folder = exchange.workstation.folder().to_owned();
    let link = "hotline://call?number=13800001234&id=c-9";
    assert!(hand_over_link(&folder, link).unwrap());
    assert_eq!(drafts(&exchange.workstation), ["13800001234"]);
    assert!(!hand_over_link(&folder, "hotline://erase?all=1").unwrap());

    let Exchange {
        mut workstation,
        access,
        runtime,
    } = exchange;
    drop(runtime);
    workstation.restart();
    assert!(!hand_over_link(&folder, link).unwrap(), "nobody answers");
    let again = Exchange::beside(workstation);
    assert_eq!(again.access, access);
}

#[test]
fn a_link_opens_a_draft_and_a_wrong_one_is_told() {
    let workstation = Workstation::ready();
    workstation.call("open_link", json!({ "url": "hotline://call?number=110" }));
    assert_eq!(drafts(&workstation), ["110"]);
    let error = workstation.error("open_link", json!({ "url": "hotline://call?number=a" }));
    assert_eq!(error, "invalid: 来电号码应为 3 至 20 位数字。");
}

fn open_dossier(workstation: &Workstation, recording: &str) -> Result<Value, String> {
    let act = json!({
        "type": "open", "kinds": ["harassment"],
        "evidence": { "duration_s": 320, "recording": recording, "note": "辱骂话务员" },
    });
    let request = json!({ "phone": "138 0000 1234", "version": 0, "act": act });
    let answer = workstation.host().call("act_on_dossier", request);
    answer
        .map(|reply| reply.value)
        .map_err(|error| error.message)
}

#[test]
fn a_card_tells_what_is_known_of_the_number() {
    let workstation = Workstation::ready();
    for n in 1..4 {
        let form = with(intake("路灯坏了"), "/is_confidential", n == 1);
        workstation.call("submit", submit(n, &form, &register()));
    }
    assert_eq!(
        open_dossier(&workstation, ""),
        Err("请填写录音引用。".to_owned())
    );
    open_dossier(&workstation, "R-1").unwrap();
    assert_eq!(
        open_dossier(&workstation, "R-2"),
        Err("内容刚刚有变化，已重新显示，请核对后再操作。".to_owned())
    );
    let taken_over = json!({
        "phone": "13800001234", "version": 1, "act": { "type": "take_over", "reason": "辱骂" },
    });
    assert_eq!(
        workstation.error("act_on_dossier", taken_over),
        "refused: 须由值班长操作。"
    );
    let card = workstation.call("caller_card", json!({ "phone": "13800001234" }));
    expect![[r#"
        dossier | 异常来电，已留证 1 次
        open_orders | 未办结 3 件
        repeated | 已来电反映 3 件
        confidential | 曾要求保密
    "#]]
    .assert_eq(&lines(&card["flags"], &["kind", "text"]));
    expect!["此号码有异常来电档案，请照常接听，注意留证。"]
        .assert_eq(card["handling_text"].as_str().unwrap());
    let dossier = &card["dossier"];
    expect![[r#"
        11月23日（周一）09:15 | 5 分 20 秒 | R-1 | 辱骂话务员
    "#]]
    .assert_eq(&lines(
        &dossier["evidence"],
        &["called_text", "duration_text", "recording", "note"],
    ));
    expect![[r#"
        11月23日（周一）09:15 | 建档 | 录音 R-1 | 陈晓梅 1001
    "#]]
    .assert_eq(&lines(
        &dossier["story"],
        &["at_text", "title", "detail", "actor"],
    ));
    let rows = workstation.call("dossiers", Value::Null);
    assert_eq!(
        lines(&rows, &["phone", "n_evidence"]),
        "138 0000 1234 | 1\n"
    );
}

#[test]
fn the_door_opens_before_the_first_start_has_made_the_folder() {
    let workstation = Workstation::new();
    let folder = workstation.folder().join("not yet");
    let desk = Arc::clone(workstation.host());
    let door = Runtime::new()
        .unwrap()
        .block_on(TelephoneDoor::bind(desk, &folder));
    assert!(door.is_ok());
    assert!(folder.join("telephone.json").exists());
}
