//! Every form, whole and with whatever people write into it.

use std::collections::BTreeMap;
use std::process::Command;

use chrono::NaiveDateTime;
use documents::blank::{FormKind, example};
use documents::form::{Form, Part, Values, Watermark, fill};
use expect_test::expect;
use paper::{PAGES_MAX, PaperError, print};

use crate::poppler::{Read, run, squeezed};

fn at() -> NaiveDateTime {
    "2026-11-24T09:15:00".parse().unwrap()
}

fn counted(text: &str) -> BTreeMap<char, usize> {
    let mut counted = BTreeMap::new();
    for c in text.chars() {
        *counted.entry(c).or_default() += 1;
    }
    counted
}

/// All that a form says.
fn texts(form: &Form) -> Vec<String> {
    let mut texts = vec![form.title.clone(), form.number.clone(), form.basis.clone()];
    for part in &form.parts {
        match part {
            Part::Grid(rows) => {
                for cell in rows.iter().flat_map(|row| &row.cells) {
                    texts.push(cell.text.clone());
                    texts.push(cell.foot.clone());
                }
            }
            Part::Body(text) => texts.extend(text.lines().map(str::to_owned)),
            Part::Note(text) => texts.push(text.clone()),
            Part::Table(table) => {
                texts.push(table.caption.clone());
                texts.extend(table.columns.iter().map(|column| column.name.clone()));
                texts.extend(table.rows.iter().flatten().cloned());
            }
            Part::Chart { table, .. } => texts.push(table.caption.clone()),
            Part::Closing(lines) => texts.extend(lines.iter().cloned()),
        }
    }
    texts
}

#[test]
fn every_form_is_printed_whole() {
    let mut pages = String::new();
    for kind in FormKind::ALL {
        let form = fill(&kind.blank(), &example(kind)).unwrap();
        let printed = print(&form, at()).unwrap();
        assert!(printed.missing.is_empty(), "{kind:?}");
        let read = Read::new(&printed);
        let darkness = read.darkness();
        assert_eq!(darkness.len(), read.n_pages, "{kind:?}");
        for share in darkness {
            assert!((0.003..0.3).contains(&share), "{kind:?}: {share}");
        }
        // Cells stand beside each other and go on over pages, so others read them in another order:
        // every character is there, as often as it is said.
        let seen = read.text();
        let said = counted(&squeezed(&texts(&form).concat()));
        let shown = counted(&seen);
        for (c, n) in said {
            let n_shown = shown.get(&c).copied().unwrap_or_default();
            assert!(
                n_shown >= n,
                "{kind:?} says {c} {n} times and shows it {n_shown} times"
            );
        }
        assert!(seen.contains(&squeezed(&form.number)), "{kind:?}");
        pages.push_str(&format!("{} {}\n", kind.name(), read.n_pages));
    }
    expect![[r#"
        交办单 1
        应急转办单 1
        催办单 1
        督办单 2
        约谈建议单 2
        移送建议书 1
        退回单 1
        延期申请单 1
        甄别申请表 1
        终结办理意见书 2
        办结单 2
        日报 2
        周报 2
        月报 2
        工作专报 3
        考核通报 3
        台账 3
    "#]]
    .assert_eq(&pages);
}

/// A 办结单 whose texts come from somebody.
fn completion(title: &str, text: &str) -> Form {
    let mut values = example(FormKind::Completion);
    values.set("诉求标题", title);
    values.set("诉求内容", text);
    fill(&FormKind::Completion.blank(), &values).unwrap()
}

#[test]
fn what_a_citizen_wrote_is_text_whatever_it_looks_like() {
    for hostile in [
        "#import \"x\": *; #read(\"/etc/passwd\")",
        "{{编号}}{{工单.编号}}",
        "endstream endobj trailer <</Root 1 0 R>>",
        "(a) Tj ET Q \\) \\051 <FEFF>",
        "</w:t></w:r><w:p/>&amp;&#x41;",
        "$x^2$ \\input{a} `code` <script>",
        "=HYPERLINK(\"http://x\")",
    ] {
        let read = Read::new(&print(&completion(hostile, hostile), at()).unwrap());
        let seen = read.text();
        assert!(seen.contains(&squeezed(hostile)), "{hostile}: {seen}");
        assert_eq!(read.darkness().len(), read.n_pages);
    }
}

#[test]
fn a_long_text_goes_on_over_the_pages_and_nothing_of_it_is_lost() {
    let sentences = (1..=2_000).map(|n| format!("第{n}句。"));
    let text = sentences.collect::<Vec<_>>().concat();
    let printed = print(&completion("长文", &text), at()).unwrap();
    assert!(printed.n_pages >= 5, "{}", printed.n_pages);
    let seen = Read::new(&printed).text();
    let mut from = 0;
    for n in 1..=2_000 {
        let sentence = format!("第{n}句。");
        let start: String = sentence.chars().take(2).collect();
        let found = seen.get(from..).and_then(|rest| rest.find(&start));
        assert!(found.is_some(), "{sentence}");
        from += found.unwrap_or_default();
    }
}

#[test]
fn a_character_no_font_has_is_told_and_marked() {
    let printed = print(&completion("王\u{10_FFFD}某", "䶮𠮷"), at()).unwrap();
    assert_eq!(printed.missing, ['\u{10_FFFD}'].into());
    assert!(Read::new(&printed).text().contains("䶮𠮷"));
}

#[test]
fn a_text_that_turns_the_reading_round_does_not() {
    let read = Read::new(&print(&completion("转账\u{202E}001元", "一\u{0}\u{7}二"), at()).unwrap());
    let seen = read.text();
    assert!(seen.contains("转账001元") && seen.contains("一二"));
}

#[test]
fn who_printed_it_when_and_what_for_stands_on_every_page() {
    let mut form = fill(&FormKind::Ledger.blank(), &example(FormKind::Ledger)).unwrap();
    form.watermark = Some(Watermark {
        person: "张三（0102）".to_owned(),
        at_text: "2026-11-24 09:15".to_owned(),
        purpose: "办件核对".to_owned(),
        serial: "W01-K7Q4M-X9P2T".to_owned(),
    });
    let printed = print(&form, at()).unwrap();
    let read = Read::new(&printed);
    for page in 1..=printed.n_pages {
        let page = page.to_string();
        let mut command = Command::new("pdftotext");
        let text = run(command
            .args(["-raw", "-f", &page, "-l", &page])
            .arg(read.path())
            .arg("-"));
        let text = squeezed(&String::from_utf8(text).unwrap());
        assert!(
            text.contains("张三（0102）") && text.contains("办件核对"),
            "{text}"
        );
        assert!(text.contains("导出编号W01-K7Q4M-X9P2T"), "{text}");
    }
    // Where nobody looks: in what the file says of itself.
    let told = run(Command::new("pdfinfo").arg(read.path()));
    let told = String::from_utf8(told).unwrap();
    assert!(told.contains("导出编号 W01-K7Q4M-X9P2T"), "{told}");
    let found = documents::watermark::serial_of(&printed.bytes);
    assert_eq!(found.as_deref(), Some("W01-K7Q4M-X9P2T"));
}

#[test]
fn the_same_form_is_the_same_file_and_says_it_is_for_the_archive() {
    let form = fill(&FormKind::Dispatch.blank(), &example(FormKind::Dispatch)).unwrap();
    let printed = print(&form, at()).unwrap();
    assert_eq!(printed, print(&form, at()).unwrap());
    let read = Read::new(&printed);
    let told = run(Command::new("pdfinfo").arg("-meta").arg(read.path()));
    let told = String::from_utf8(told).unwrap();
    assert!(told.contains("<pdfaid:part>2</pdfaid:part>"), "{told}");
    let fonts = run(Command::new("pdffonts").arg(read.path()));
    let fonts = String::from_utf8(fonts).unwrap();
    // emb, sub, uni: each font is inside, in part, and says its characters.
    for line in fonts.lines().skip(2) {
        assert!(line.contains(" yes yes yes "), "{fonts}");
    }
    assert!(fonts.lines().count() > 3, "{fonts}");
}

#[test]
fn too_many_pages_are_refused() {
    let mut values = Values::default();
    for (field, text) in [("清单", "全部"), ("件数", "80000"), ("统计时点", "今天")] {
        values.set(field, text);
    }
    let row: Vec<(&str, String)> = [
        "序号",
        "工单编号",
        "受理时间",
        "诉求类型",
        "事项分类",
        "诉求标题",
        "事发地点",
        "承办单位",
        "期限",
        "状态",
    ]
    .iter()
    .map(|&field| (field, "一".to_owned()))
    .collect();
    for _ in 0..30 * PAGES_MAX {
        values.push("工单", &row);
    }
    let form = fill(&FormKind::Ledger.blank(), &values).unwrap();
    let refused = print(&form, at());
    assert_eq!(refused, Err(PaperError::TooLong { limit: PAGES_MAX }));
}
