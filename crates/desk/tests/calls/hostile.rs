//! 攻击文字: five hundred of them in every field that takes a text, and out by every file and list. Each
//! stays text, says what it said, and changes nothing else.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};
use std::path::Path;

use documents::table::{Table, clean};
use documents::word::{self, Block};
use serde_json::{Value, json};
use testkit::{hostile, links, tags};

use crate::files::{EDITOR, editors_desk, handed, preview, publish, sit, upload};
use crate::form::{draft_id, intake, register, submit, with};
use crate::workstation::Workstation;

/// As many as an article or an order takes in one field.
const AT_ONCE: usize = 20;

/// Every text of an answer, whatever it is called there.
fn texts_of(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|it| texts_of(it, found)),
        Value::Object(all) => all.values().for_each(|it| texts_of(it, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The parts of an office file that are XML.
fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        parts.push((file.name().unwrap().into_owned(), text));
    }
    parts
}

/// The names of the parts and of all tags in them: the shape of a file, without what it says.
fn shape(bytes: &[u8]) -> BTreeSet<String> {
    let all = parts(bytes);
    let mut shape: BTreeSet<String> = all.iter().map(|(name, _)| name.clone()).collect();
    shape.extend(all.iter().flat_map(|(_, text)| tags(text)));
    // A line that ends within a text, and a tab.
    for blank in ["w:br/", "w:tab/", "/w:tabs", "w:tabs"] {
        shape.remove(blank);
    }
    shape
}

/// All that a docx says, without blanks.
fn all_of(docx: &[u8]) -> String {
    let blocks = word::read(docx).unwrap().into_iter();
    let texts = blocks.map(|block| match block {
        Block::Heading { text, .. } | Block::Paragraph { text } | Block::Item { text } => text,
        Block::Table { rows } => rows.concat().concat(),
    });
    bare(&texts.collect::<String>())
}

/// What is left of a text on paper and in tables, where blanks and what nobody sees do not count.
fn bare(text: &str) -> String {
    let is_seen = |c: &char| {
        !c.is_control() && !c.is_whitespace() && !"\u{FEFF}\u{200B}\u{FFFE}\u{FFFF}".contains(*c)
    };
    text.chars().filter(is_seen).collect()
}

/// Numbers of persons are masked in what leaves the house; these texts have one.
fn has_number(text: &str) -> bool {
    text.contains("１３８") || text.contains("138")
}

fn order_with(text: &str) -> Value {
    let mut form = intake(text);
    for field in [
        "/caller/name",
        "/caller/address",
        "/title",
        "/place/detail",
        "/happened",
        "/about",
        "/wants",
    ] {
        form = with(form, field, text);
    }
    form
}

fn dispatched(text: &str) -> Value {
    json!({ "type": "dispatch", "unit_id": "unit-housing", "opinion": text })
}

fn ledger(workstation: &Workstation, output: &str) -> Vec<u8> {
    let request =
        json!({ "queue": "all", "search": "", "output": output, "purpose": "=核对{{编号}}<b>" });
    let made = workstation.call("export_ledger", request);
    handed(workstation, &made)
}

fn print(n: u32, output: &str) -> Value {
    json!({
        "work_order_id": draft_id(n), "form": "dispatch", "assignment": null,
        "output": output, "with_caller": true, "template_upload_id": null,
    })
}

/// A PDF that does something when it is opened says so in its own words.
fn does_nothing(pdf: &[u8]) -> bool {
    let has = |word: &str| pdf.windows(word.len()).any(|it| it == word.as_bytes());
    let words = [
        "/JavaScript",
        "/Launch",
        "/OpenAction",
        "/SubmitForm",
        "/EmbeddedFile",
    ];
    !words.iter().any(|word| has(word))
}

/// One order for each text, which stands in every field of it.
#[test]
fn whatever_a_caller_says_stays_text_in_every_list_and_ledger() {
    let workstation = Workstation::in_a_window();
    let texts = hostile();
    workstation.submitted(1, &intake("路灯坏了\n没人修"), &dispatched("请核实\n处理"));
    let plain = ["xlsx", "docx"].map(|output| shape(&ledger(&workstation, output)));
    let before = workstation.order(1);
    let reference = workstation.call("reference", Value::Null);
    for (n, text) in (2..).zip(&texts) {
        workstation.submitted(n, &order_with(text), &dispatched(text));
        let mut shown = Vec::new();
        texts_of(&workstation.order(n), &mut shown);
        let said = text.trim();
        let n_same = shown.iter().filter(|it| it.trim() == said).count();
        // Name, title, text, time, object and wants; the place and the story say it among other words.
        assert!(n_same >= 6, "{text:?} {n_same} {shown:?}");
        let n_within = shown.iter().filter(|it| it.contains(said)).count();
        assert!(n_within > n_same, "{text:?} {shown:?}");
    }
    assert_eq!(workstation.n_orders(), texts.len() as u64 + 1);
    assert_eq!(workstation.order(1), before);
    assert_eq!(workstation.call("reference", Value::Null), reference);

    // Asked for, each is a text to be found and no question to the database.
    for text in &texts {
        let list = json!({ "queue": "all", "search": text, "after": null, "limit": 50 });
        let found = workstation.call("work_orders", list);
        assert!(found["rows"].is_array(), "{text:?}");
    }

    let book = ledger(&workstation, "xlsx");
    assert_eq!(
        shape(&book),
        plain[0],
        "no formula, no link, no part of its own"
    );
    let table = Table::read(&book).unwrap().remove(0);
    let titles: BTreeSet<String> = table.rows.iter().map(|row| bare(&row.cells[5])).collect();
    let separated = Table::read(&ledger(&workstation, "csv")).unwrap().remove(0);
    for row in &separated.rows {
        for cell in &row.cells {
            let is_calculated = cell.starts_with(['=', '+', '@', '＝', '＋']);
            assert!(!is_calculated, "{cell:?}");
        }
    }
    let csv_titles: BTreeSet<String> = separated
        .rows
        .iter()
        .map(|row| bare(row.cells[5].trim_start_matches('\'')))
        .collect();
    let docx = ledger(&workstation, "docx");
    assert_eq!(shape(&docx), plain[1]);
    let on_paper = all_of(&docx);
    for text in texts.iter().filter(|text| !has_number(text)) {
        let said = bare(text);
        assert!(titles.contains(&said), "xlsx: {text:?}");
        let guarded = said.trim_start_matches('\'');
        assert!(csv_titles.contains(guarded), "csv: {text:?}");
        assert!(on_paper.contains(&said), "docx: {text:?}");
    }
    assert!(does_nothing(&ledger(&workstation, "pdf")));

    // Of all that, the record says who did what, and not a word of what was said.
    let everything =
        json!({ "person": "", "act": "", "object": "", "from": "", "until": "", "before": null });
    let entries = workstation
        .call("audit_entries", everything.clone())
        .to_string();
    let export = workstation.call("export_audit", everything);
    let export = shown(&handed(&workstation, &export));
    for said in [&entries, &export] {
        assert!(!said.contains("门口") && !said.contains("alert("), "{said}");
    }
    assert_eq!(
        workstation.call("verify_audit", Value::Null)["is_sound"],
        true
    );
    workstation.set_clock("2027-01-23 09:15");
    let notices = workstation.host().take_notices();
    assert!(!notices.is_empty());
}

fn shown(book: &[u8]) -> String {
    crate::files::shown_tables(book)
}

/// As many as go into one order, on its own papers, and in the fields of an office's own template.
#[test]
fn whatever_a_caller_says_stays_text_on_every_paper() {
    let workstation = Workstation::in_a_window();
    let texts = hostile();
    workstation.submitted(1, &intake("路灯坏了\n没人修"), &dispatched("请核实\n处理"));
    let printed = |n: u32, output: &str| {
        let made = workstation.call("print_order_form", print(n, output));
        handed(&workstation, &made)
    };
    let plain = shape(&printed(1, "docx"));
    let template = workstation.call("order_form_template", json!({ "form": "dispatch" }));
    let template = handed(&workstation, &template);
    let filled_in = |n: u32| {
        let upload_id = upload(&workstation, &[("交办单.docx", template.clone())]);
        let request = with(print(n, "docx"), "/template_upload_id", upload_id);
        handed(&workstation, &workstation.call("print_order_form", request))
    };
    let plain_filled = shape(&filled_in(1));
    for (n, some) in (2..).zip(texts.chunks(AT_ONCE)) {
        let together = some.join("\n");
        let form = with(order_with(&some[0]), "/text", together.clone());
        workstation.submitted(n, &form, &dispatched(&some[1]));
        let docx = printed(n, "docx");
        let filled = filled_in(n);
        for (name, bytes, plain) in [("own", &docx, &plain), ("template", &filled, &plain_filled)] {
            let more: Vec<String> = shape(bytes).difference(plain).cloned().collect();
            assert_eq!(more, [""; 0], "{name}: {together}");
            let said = all_of(bytes);
            for text in some.iter().filter(|text| !has_number(text)) {
                assert!(said.contains(&bare(text)), "{name}: {text:?} {said}");
            }
        }
        assert!(does_nothing(&printed(n, "pdf")), "{together}");
    }
}

/// Everything that an answer may be set with, so that any other tag is a stranger.
const SET: &str = "# 题\n\n**粗** *斜* `码`\n\n- 一\n- 二\n\n1. 一\n\n> 引\n\n```\n码\n```\n\n|甲|乙|\n|-|-|\n|一|二|\n\n---\n\n[站](https://x.test)\n行\\\n行";

fn article(title: &str, some: &[String]) -> Value {
    let together = some.join("\n\n");
    json!({
        "template": "standard_answer", "title": title,
        "questions": some[1..], "answer": together,
        "sections": [{ "label": clean(&some[1]), "text": together }],
        "internal_note": together, "unit": some[1], "unit_id": "",
        "responsible_person": some[2], "source": some[3],
        "valid_from": "", "valid_until": "2027-12-31", "next_review_on": "2027-06-01",
    })
}

fn drafted(desk: &Workstation, form: &Value) -> String {
    sit(desk, EDITOR);
    let request = json!({ "id": null, "version": 0, "act": { "type": "draft", "form": form } });
    let done = desk.call("act_on_kb_record", request);
    done["id"].as_str().unwrap().to_owned()
}

/// Whatever an article says is text in every form that knowledge leaves the house in.
#[test]
fn whatever_an_article_says_stays_text_in_every_export() {
    let desk = editors_desk();
    let plain = [SET, "县人社局", "陈静", "来函"].map(str::to_owned);
    publish(&desk, &drafted(&desk, &article("普通", &plain)));
    let export = |form: &str| {
        let request = json!({ "form": form, "list": null, "with_internal": true });
        handed(&desk, &desk.call("kb_export", request))
    };
    let plain = ["table", "document"].map(|form| shape(&export(form)));
    let texts = hostile();
    let mut titles = Vec::new();
    for (n, some) in texts.chunks(AT_ONCE).enumerate() {
        let title = format!("第{n}条{}", clean(&some[n % some.len()]));
        let id = drafted(&desk, &article(&title, some));
        let record = desk.call("kb_record", json!({ "id": id }));
        let answer = record["draft"]["form"]["answer"].as_str().unwrap();
        assert_eq!(answer.trim(), some.join("\n\n").trim());
        publish(&desk, &id);
        titles.push(title);
    }

    let table = export("table");
    let more: Vec<String> = shape(&table).difference(&plain[0]).cloned().collect();
    assert_eq!(more, [""; 0], "the table");
    let again = preview(&desk, &upload(&desk, &[("导出.xlsx", table)]));
    let counts = again["counts"].as_array().unwrap().iter();
    let n_rows: u64 = counts.map(|it| it["n"].as_u64().unwrap()).sum();
    assert_eq!(n_rows, titles.len() as u64 + 1, "no row is cut in two");
    let document = export("document");
    let more: Vec<String> = shape(&document).difference(&plain[1]).cloned().collect();
    assert_eq!(more, [""; 0], "the document");

    let public = parts(&export("public"));
    let knowledge: Value = serde_json::from_str(&public[1].1).unwrap();
    assert_eq!(knowledge["n_articles"], titles.len() + 1);
    // What an answer may be set with, and nothing that runs, loads or leads elsewhere by itself.
    let html = &public[0].1;
    let found = tags(html);
    let strange: Vec<&String> = found
        .iter()
        .filter(|tag| !PAGE_TAGS.contains(&tag.trim_start_matches('/')))
        .collect();
    assert_eq!(strange, [""; 0]);
    assert_eq!(html.matches("<script").count(), 1, "ours alone");
    for article in knowledge["articles"].as_array().unwrap() {
        let html = article["answer_html"].as_str().unwrap();
        assert!(
            !html.contains("<script") && !html.contains("<img"),
            "{html}"
        );
        for link in links(html) {
            let is_plain = !link.contains("javascript:") && !link.contains("data:");
            assert!(is_plain && !link.contains(" on"), "{link}");
        }
    }

    // Each file has a name of its own and stays in its folder.
    for (name, _) in parts(&export("markdown")) {
        let leads_out = name.split('/').any(|part| ["", ".", ".."].contains(&part));
        let is_inside = !leads_out && !name.contains(['\\', ':']);
        let is_article = Path::new(&name).extension().is_some_and(|it| it == "md");
        assert!(is_inside && is_article, "{name}");
    }
    // Asked, none is more than a question.
    for text in &texts {
        let request = json!({ "text": text, "limit": 10 });
        let heard = desk.host().call("search_knowledge", request);
        assert!(heard.is_ok(), "{text:?}");
    }
}

/// What the public page is made of, and what an answer may be set with.
const PAGE_TAGS: [&str; 42] = [
    "",
    "!doctype",
    "html",
    "head",
    "meta",
    "title",
    "style",
    "script",
    "body",
    "header",
    "main",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "span",
    "div",
    "details",
    "summary",
    "input",
    "label",
    "br",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "code",
    "pre",
    "blockquote",
    "hr",
    "table",
    "tbody",
    "td",
    "thead",
    "tr",
    "th",
    "a",
];

/// A draft is kept as it was typed, and listening to it changes nothing.
#[test]
fn whatever_is_typed_is_kept_as_a_draft_and_listened_to() {
    let workstation = Workstation::ready();
    workstation.submitted(1, &intake("路灯坏了"), &register());
    let before = workstation.order(1);
    for text in hostile() {
        workstation.save_draft(2, &order_with(&text));
        let drafts = workstation.call("drafts", Value::Null);
        assert_eq!(drafts[0]["body"]["text"], *text);
        let request = json!({
            "revision": 1, "draft_id": draft_id(2), "intake": order_with(&text),
            "chosen": { "kind": false, "category": false, "place": false, "class": false },
        });
        workstation.call("listen", request);
        workstation.call("check_order", json!({ "intake": order_with(&text) }));
    }
    assert_eq!((workstation.n_orders(), workstation.order(1)), (1, before));
}

/// A number, an id or a choice that is none is told, and nothing is done.
#[test]
fn where_no_text_belongs_it_is_refused() {
    let workstation = Workstation::ready();
    workstation.submitted(1, &intake("路灯坏了"), &register());
    workstation.save_draft(7, &intake("停水"));
    let before = workstation.order(1);
    for text in hostile() {
        for field in ["/caller/phone", "/kind", "/class", "/channel"] {
            let form = with(intake("停水"), field, text.clone());
            let refused = workstation
                .host()
                .call("submit", submit(2, &form, &register()));
            assert!(refused.is_err(), "{field} {text:?}");
        }
        let asked = json!({ "id": text });
        for name in [
            "work_order",
            "order_forms",
            "knowledge_article",
            "kb_record",
        ] {
            assert!(
                workstation.host().call(name, asked.clone()).is_err(),
                "{name} {text:?}"
            );
        }
        // Whatever it is called, it is not the draft that is there.
        drop(workstation.host().call("discard_draft", asked));
        assert_eq!(workstation.draft_ids(), [draft_id(7)], "{text:?}");
        let missing = workstation.host().call(&text, Value::Null);
        assert!(missing.is_err(), "{text:?}");
    }
    assert_eq!((workstation.n_orders(), workstation.order(1)), (1, before));
}
