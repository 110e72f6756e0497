//! 附件: attached at one desk, at the center as soon as it can be, and opened at another.

use serde_json::{Value, json};
use wire::Hash;

use crate::center::{Cut, LocalCenter, enrolled, sign_in, until_quiet};
use crate::files::upload;
use crate::form::{draft_id, intake, register};
use crate::workstation::{Workstation, wait_until};

/// A photograph, as far as anybody looks.
fn photograph() -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8, 0xff];
    bytes.extend(b"\x00\x01\x02\x03\x04\x05\x06".repeat(400_000));
    bytes
}

fn supplement(workstation: &Workstation, text: &str, upload_id: &str) -> Value {
    let order = workstation.call("work_order", json!({ "id": draft_id(1) }));
    json!({
        "work_order_id": draft_id(1),
        "version": order["version"],
        "act": { "type": "supplement", "text": text, "upload_id": upload_id },
    })
}

fn attachments(workstation: &Workstation) -> Value {
    workstation.call("attachments", json!({ "id": draft_id(1) }))
}

fn key(sha256: Hash) -> Value {
    json!({ "work_order_id": draft_id(1), "sha256": sha256 })
}

#[test]
fn what_is_attached_at_one_desk_is_opened_at_another() {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    workstation.submitted(1, &intake("小区停水"), &register());
    until_quiet(&workstation, &center);
    let photograph = photograph();
    let sha256 = Hash::of(&photograph);

    // The line is cut: it is here, and says so.
    center.cut(Cut::Off);
    let upload_id = upload(&workstation, &[("照片/现场.jpg", photograph.clone())]);
    let request = supplement(&workstation, "", &upload_id);
    workstation.call("handle_order", request);
    let here = attachments(&workstation);
    assert_eq!(here[0]["name"], "现场.jpg");
    assert_eq!(
        here[0]["from_text"],
        "陈晓梅 1001 补充，11月23日（周一）09:15"
    );
    assert_eq!(here[0]["state"], "here");
    assert_eq!(here[0]["state_text"], "已保存在本机，未上传");
    let order = workstation.call("work_order", json!({ "id": draft_id(1) }));
    let story = order["story"].as_array().unwrap();
    assert_eq!(story.last().unwrap()["detail"], "附件：现场.jpg");

    // It is there again, and loses answers: the file goes on where it was.
    center.cut(Cut::LosesAnswers);
    wait_until("the file is at the center", || {
        workstation.call("retry_sync", Value::Null);
        workstation.call("sync_state", Value::Null);
        center.file(sha256).is_some()
    });
    center.cut(Cut::No);
    assert_eq!(center.file(sha256).unwrap(), photograph);
    until_quiet(&workstation, &center);
    wait_until("the desk knows", || {
        workstation.call("retry_sync", Value::Null);
        attachments(&workstation)[0]["state_text"] == ""
    });
}

#[test]
fn a_file_is_fetched_when_somebody_wants_it() {
    let center = LocalCenter::new();
    let first = enrolled(&center);
    first.submitted(1, &intake("小区停水"), &register());
    let report = [b"%PDF-".as_slice(), &b"1234567".repeat(300)].concat();
    let upload_id = upload(&first, &[("回执.pdf", report.clone())]);
    let request = supplement(&first, "回执已收", &upload_id);
    first.call("handle_order", request);
    until_quiet(&first, &center);
    let sha256 = Hash::of(&report);

    let mut second = enrolled(&center);
    second.move_into_a_window();
    sign_in(&second, "1001");
    until_quiet(&second, &center);
    assert_eq!(attachments(&second)[0]["state"], "at_center");
    assert_eq!(
        second.error("save_attachment", key(sha256)),
        "invalid: 这个文件还没有取回，请先取回。"
    );
    assert_eq!(
        second.error("fetch_attachment", key(Hash([7; 32]))),
        "invalid: 这件工单没有这个附件。"
    );
    let told = |what: &str| {
        let mut shown = Value::Null;
        wait_until(what, || {
            shown = attachments(&second)[0].clone();
            shown["state"] != "fetching"
        });
        (shown["state"].clone(), shown["state_text"].clone())
    };
    center.cut(Cut::Off);
    second.call("fetch_attachment", key(sha256));
    let failed = told("nobody is there");
    assert_eq!(
        failed,
        (
            json!("at_center"),
            json!("连不上中心，没有取回。连上后请再取一次。")
        )
    );
    center.cut(Cut::No);
    wait_until("the file is at the center", || {
        center.file(sha256).is_some()
    });
    second.call("fetch_attachment", key(sha256));
    assert_eq!(told("it is here"), (json!("here"), json!("")));
    let saved = second.call("save_attachment", key(sha256));
    assert_eq!(saved["message"], "已保存“回执.pdf”。");
    let written = std::fs::read(second.downloads().join("回执.pdf")).unwrap();
    assert_eq!(written, report);
    // It goes out as it came, so it carries no number; the record knows it by what it says.
    center.add("3001", "罗兰", &[domain::Role::Auditor]);
    until_quiet(&second, &center);
    sign_in(&second, "3001");
    let upload_id = upload(&second, &[("捡到的.pdf", written)]);
    let traced = second.call(
        "trace_export",
        json!({ "serial": "", "upload_id": upload_id }),
    );
    assert_eq!(
        (&traced["is_known"], &traced["serial"]),
        (&json!(true), &saved["serial"])
    );
    let told = traced["message"].as_str().unwrap();
    assert!(
        told.starts_with("陈晓梅 1001 于 ") && told.contains("保存附件"),
        "{told}"
    );
}

/// What comes under the name of another file is not kept.
#[test]
fn another_content_is_told_and_thrown_away() {
    let center = LocalCenter::new();
    let workstation = enrolled(&center);
    workstation.submitted(1, &intake("小区停水"), &register());
    until_quiet(&workstation, &center);
    let sha256 = Hash::of(b"the right one");
    center.put_file_as(sha256, b"the wrong one");
    center.supplement(&draft_id(1), "现场.jpg", sha256);
    until_quiet(&workstation, &center);
    workstation.call("fetch_attachment", key(sha256));
    let mut shown = Value::Null;
    wait_until("it is told", || {
        shown = attachments(&workstation)[0].clone();
        shown["state"] != "fetching"
    });
    assert_eq!(shown["state"], "at_center");
    let text = shown["state_text"].as_str().unwrap();
    assert!(
        text.starts_with("取回的内容与登记的不符，没有保留。"),
        "{text}"
    );
}

#[test]
fn what_may_not_be_attached_changes_nothing() {
    let workstation = Workstation::ready();
    workstation.submitted(1, &intake("小区停水"), &register());
    for (name, bytes, message) in [
        ("a.exe", b"MZ".to_vec(), "只收 PDF"),
        ("a.pdf", b"<html>".to_vec(), "内容须与扩展名相符"),
        ("a.jpg", Vec::new(), "里没有内容"),
    ] {
        let upload_id = upload(&workstation, &[(name, bytes)]);
        let request = supplement(&workstation, "见附件", &upload_id);
        let error = workstation.fail("handle_order", request);
        assert!(error.message.contains(message), "{}", error.message);
    }
    let eleven: Vec<(String, Vec<u8>)> = (0..11)
        .map(|n| (format!("{n}.pdf"), format!("%PDF-{n}").into_bytes()))
        .collect();
    let eleven: Vec<(&str, Vec<u8>)> = eleven
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.clone()))
        .collect();
    let upload_id = upload(&workstation, &eleven);
    let request = supplement(&workstation, "见附件", &upload_id);
    let error = workstation.fail("handle_order", request);
    assert_eq!(error.message, "一次最多附 10 个文件，请分几次补充。");
    assert_eq!(attachments(&workstation), json!([]));
}
