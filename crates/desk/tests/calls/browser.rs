//! The loopback host: the same calls for a browser, and for nobody else.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use desk::http_host::HttpHost;
use expect_test::expect;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::form::{intake, register, submit};
use crate::workstation::Workstation;

/// A host that listens on a free port, as long as this lives.
struct Browser {
    workstation: Workstation,
    address: String,
    token: String,
    _runtime: Runtime,
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Browser {
    fn open() -> Self {
        let workstation = Workstation::ready();
        workstation.wait_for_index();
        let ui = workstation.folder().join("ui");
        std::fs::create_dir(&ui).unwrap();
        std::fs::write(
            ui.join("index.html"),
            "<!doctype html><title>工作台</title>",
        )
        .unwrap();
        let runtime = Runtime::new().unwrap();
        let desk = Arc::clone(workstation.host());
        let host = runtime.block_on(HttpHost::bind(desk, &ui, 0)).unwrap();
        let url = host.url.clone();
        let (address, token) = url
            .strip_prefix("http://")
            .and_then(|url| url.split_once("/?token="))
            .unwrap();
        runtime.spawn(host.serve(std::future::pending()));
        Self {
            workstation,
            address: address.to_owned(),
            token: token.to_owned(),
            _runtime: runtime,
        }
    }

    fn send(&self, request_line: &str, headers: &[&str], body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        let mut request = format!("{request_line} HTTP/1.1\r\nConnection: close\r\n");
        for header in headers {
            request.push_str(&format!("{header}\r\n"));
        }
        request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    fn ask(&self, request_line: &str, headers: &[&str], body: &str) -> Answer {
        let mut text = String::new();
        let mut stream = self.send(request_line, headers, body);
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer {
            status,
            head: head.to_lowercase(),
            body: body.to_owned(),
        }
    }

    /// The whole answer to fetching a file, as it comes.
    fn fetch(&self, ticket: &str) -> Vec<u8> {
        let host = format!("Host: {}", self.address);
        let token = format!("X-Desk-Token: {}", self.token);
        let line = format!("POST /handed/{ticket}");
        let mut bytes = Vec::new();
        let mut stream = self.send(&line, &[&host, &token], "");
        stream.read_to_end(&mut bytes).unwrap();
        bytes
    }

    /// A call with the token, as the page makes it.
    fn call(&self, name: &str, body: &str) -> Answer {
        let host = format!("Host: {}", self.address);
        let origin = format!("Origin: http://{}", self.address);
        let token = format!("X-Desk-Token: {}", self.token);
        self.ask(
            &format!("POST /call/{name}"),
            &[&host, &origin, &token],
            body,
        )
    }
}

fn message(answer: &Answer) -> String {
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    format!(
        "{} {} {}",
        answer.status,
        body["code"],
        body["message"].as_str().unwrap()
    )
}

#[test]
fn a_call_from_the_page_is_done() {
    let browser = Browser::open();
    let request = submit(1, &intake("路灯坏了"), &register());
    let answer = browser.call("submit", &request.to_string());
    assert_eq!(answer.status, 200);
    let reply: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(
        reply["changed"],
        json!(["work_orders", "drafts", "status", "kb_care"])
    );
    assert_eq!(reply["value"]["message"], "已登记，待派。");
    assert_eq!(browser.workstation.n_orders(), 1);
}

#[test]
fn errors_keep_their_code_and_their_sentence() {
    let browser = Browser::open();
    let refused = submit(1, &intake(""), &register()).to_string();
    let mut shown = String::new();
    for (name, body) in [
        ("submit", refused.as_str()),
        ("submit", "{}"),
        ("submit", "不是 JSON"),
        ("submit", ""),
        ("nothing", "null"),
    ] {
        shown.push_str(&(message(&browser.call(name, body)) + "\n"));
    }
    expect![[r#"
        409 "refused" 请填写诉求内容。
        400 "invalid" 请求的内容不符合格式：missing field `draft_id`。
        400 "invalid" 请求的内容不是 JSON。
        400 "invalid" 请求的内容不是 JSON。
        400 "invalid" 没有名为“nothing”的调用。
    "#]]
    .assert_eq(&shown);
    assert_eq!(browser.workstation.n_orders(), 0);
}

#[test]
fn without_the_token_nothing_is_told() {
    let browser = Browser::open();
    let host = format!("Host: {}", browser.address);
    for token in [
        "X-Nothing: 1",
        "X-Desk-Token:",
        "X-Desk-Token: 00000000000000000000000000000000",
    ] {
        let answer = browser.ask("POST /call/app_state", &[&host, token], "null");
        assert_eq!(answer.status, 401, "{token}");
        assert!(!answer.body.contains("phase"), "{}", answer.body);
    }
    let answer = browser.ask("GET /changes?token=wrong", &[&host], "");
    assert_eq!(answer.status, 401);
}

#[test]
fn a_foreign_page_or_name_is_refused_even_with_the_token() {
    let browser = Browser::open();
    let own = format!("Host: {}", browser.address);
    let token = format!("X-Desk-Token: {}", browser.token);
    let call = "POST /call/app_state";
    for origin in [
        "http://example.com",
        "null",
        "https://127.0.0.1",
        "http://127.0.0.1:1",
    ] {
        let origin = format!("Origin: {origin}");
        let answer = browser.ask(call, &[&own, &origin, &token], "null");
        assert_eq!(answer.status, 403, "{origin}");
    }
    let port = browser.address.split(':').nth(1).unwrap();
    for host in ["evil.example", "127.0.0.1", &format!("evil.example:{port}")] {
        let host = format!("Host: {host}");
        let answer = browser.ask(call, &[&host, &token], "null");
        assert_eq!(answer.status, 403, "{host}");
        assert_eq!(browser.ask("GET /", &[&host], "").status, 403, "{host}");
    }
    let localhost = format!("Host: localhost:{port}");
    assert_eq!(browser.ask(call, &[&localhost, &token], "null").status, 200);
}

#[test]
fn a_request_that_is_too_long_is_refused() {
    let browser = Browser::open();
    let longest = format!("\"{}\"", "x".repeat(1024 * 1024 - 2));
    assert_eq!(
        browser.call("app_state", &longest).status,
        400,
        "read, and wrong"
    );
    assert_eq!(browser.call("app_state", &(longest + " ")).status, 413);
}

#[test]
fn every_answer_says_what_the_page_may_do() {
    let browser = Browser::open();
    let host = format!("Host: {}", browser.address);
    let page = browser.ask("GET /", &[&host], "");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("工作台"));
    let refused = browser.ask("GET /", &["Host: evil.example"], "");
    let missing = browser.ask("GET /nothing", &[&host], "");
    for answer in [page, refused, missing, browser.call("app_state", "null")] {
        for header in [
            "content-security-policy: default-src 'self';",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
        ] {
            assert!(answer.head.contains(header), "{header}\n{}", answer.head);
        }
    }
}

#[test]
fn changes_are_told_as_they_happen() {
    let browser = Browser::open();
    let host = format!("Host: {}", browser.address);
    let line = format!("GET /changes?token={}", browser.token);
    let mut lines = BufReader::new(browser.send(&line, &[&host], "")).lines();
    let mut next = |start: &str| loop {
        let line = lines.next().unwrap().unwrap();
        if line.starts_with(start) {
            break line;
        }
    };
    // The stream listens from its head on.
    assert!(next("HTTP/1.1").contains("200"));
    browser
        .workstation
        .submitted(1, &intake("路灯坏了"), &register());
    assert_eq!(
        next("data:"),
        r#"data: {"tags":["work_orders","drafts","status","kb_care"]}"#
    );
}

#[test]
fn a_file_that_was_made_is_fetched_once() {
    let browser = Browser::open();
    let answer = browser.call("kb_import_template", r#"{"template":"policy"}"#);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let reply: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(reply["value"]["path"], Value::Null);
    assert_eq!(reply["value"]["file_name"], "知识采集表（政策法规）.xlsx");
    let ticket = reply["value"]["ticket"].as_str().unwrap();
    let line = format!("POST /handed/{ticket}");
    let host = format!("Host: {}", browser.address);
    assert_eq!(browser.ask(&line, &[&host], "").status, 401);
    let foreign = [
        "Origin: http://example.com",
        &format!("X-Desk-Token: {}", browser.token),
    ];
    assert_eq!(
        browser
            .ask(&line, &[&host, foreign[0], foreign[1]], "")
            .status,
        403
    );
    let fetched = browser.fetch(ticket);
    assert!(fetched.starts_with(b"HTTP/1.1 200"));
    let bytes = fetched
        .windows(4)
        .position(|it| it == b"PK\x03\x04")
        .unwrap();
    let tables = documents::table::Table::read(&fetched[bytes..]).unwrap();
    assert_eq!(tables[0].sheet, "政策法规");
    assert!(browser.fetch(ticket).starts_with(b"HTTP/1.1 404"));
    let show = browser.call("show_handed", &json!({ "ticket": ticket }).to_string());
    assert_eq!(
        message(&show),
        r#"400 "invalid" 找不到这个文件，请重新导出。"#
    );
}
