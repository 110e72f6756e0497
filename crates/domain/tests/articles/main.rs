//! 条款对照: every numbered item of the regulation, and every edge case, names the code that does it
//! and the test that holds it, and both are there (docs/条款对照.md).

#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// Every item that somebody has to do something about, in the order of the regulation.
fn items() -> Vec<String> {
    let numbered = |article: &str, numbers: &str| {
        let items = numbers.chars().map(|number| format!("{article}({number})"));
        items.collect::<Vec<_>>()
    };
    let single = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
    let edge_cases = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔";
    [
        single(&["第四条"]),
        numbered("第五条", "一二三四五六七八"),
        numbered("第六条", "一二三四五六"),
        numbered("第七条", "一二三"),
        numbered("第八条", "一二三四五六七八"),
        single(&["第八条末款", "第九条"]),
        single(&["第十条会签", "第十条主协办", "第十条指定", "第十条先例"]),
        numbered("第十一条", "一二三四五"),
        single(&["第十一条末款", "第十二条"]),
        numbered("第十二条", "一二"),
        single(&["第十三条", "第十四条", "第十五条"]),
        single(&["第十六条", "第十七条", "第十八条"]),
        numbered("第十九条", "一二三四五"),
        numbered("第二十条", "一二三"),
        numbered("第二十一条", "一二三四五六"),
        single(&["第二十二条", "第二十三条", "第二十四条"]),
        edge_cases.chars().map(String::from).collect(),
    ]
    .concat()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the rules read no file; this test does"
)]
fn read(path: &str) -> Result<String, String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(path)).map_err(|error| format!("{path}: {error}"))
}

/// The references of a cell: what stands between backticks.
fn references(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// Whether `name` stands in the text as a word of its own.
fn has_word(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.split(|c| !is_part(c)).any(|word| word == name)
}

/// Whether the text has a test of that name: `fn name(` under a line that says so.
fn has_test(text: &str, name: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let mut is_marked = false;
    lines.any(|line| {
        let function = line.trim_start_matches("async ");
        let is_it = is_marked && function.starts_with(&format!("fn {name}("));
        if line == "#[test]" || line.starts_with("#[tokio::test") {
            is_marked = true;
        } else if !line.starts_with("#[") && !line.starts_with("//") {
            is_marked = false;
        }
        is_it
    })
}

fn check(reference: &str, is_there: fn(&str, &str) -> bool) -> Result<(), String> {
    let (path, name) = reference
        .split_once("::")
        .ok_or_else(|| format!("{reference}: no `文件::名称`"))?;
    if is_there(&read(path)?, name) {
        Ok(())
    } else {
        Err(format!("{path}: no {name}"))
    }
}

/// What is wrong with the table, one line each.
fn faults(table: &str, items: &[String]) -> Vec<String> {
    let rows: BTreeMap<&str, Vec<&str>> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| "))
        .map(|line| line.split(" | ").collect::<Vec<_>>())
        .filter(|cells| cells.len() == 4)
        .map(|cells| (cells[0], cells))
        .collect();
    let mut faults = Vec::new();
    for item in items {
        let Some(cells) = rows.get(item.as_str()) else {
            faults.push(format!("{item}: no row"));
            continue;
        };
        for (what, cell, is_there) in [
            ("code", cells[2], has_word as fn(&str, &str) -> bool),
            ("test", cells[3], has_test),
        ] {
            let references = references(cell);
            if references.is_empty() {
                faults.push(format!("{item}: no {what}"));
            }
            let wrong = references
                .into_iter()
                .filter_map(|it| check(it, is_there).err());
            faults.extend(wrong.map(|fault| format!("{item}: {fault}")));
        }
    }
    for row in rows.keys() {
        let is_heading = row.starts_with("条款") || row.starts_with("案例");
        if !is_heading && !items.iter().any(|item| item == row) {
            faults.push(format!("{row}: no such item"));
        }
    }
    faults
}

#[test]
fn every_item_has_its_code_and_its_test() {
    let table = read("docs/条款对照.md").unwrap();
    let faults = faults(&table, &items());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The check can fail: each row here is wrong in its own way.
#[test]
fn what_is_missing_is_found() {
    let here = "crates/domain/tests/articles/main.rs";
    let table = format!(
        "| 甲 | 齐全 | `{here}::items` | `{here}::what_is_missing_is_found` |
| 乙 | 缺代码 | 无 | `{here}::items` |
| 丙 | 改了名 | `crates/domain/src/lib.rs::items` | 无 |
| 丁 | 没有文件 | `nowhere.rs::it` | `{here}` |
| 戊 | 没有此项 | `{here}::items` | `{here}::what_is_missing_is_found` |",
    );
    let items = ["甲", "乙", "丙", "丁", "己"].map(str::to_owned);
    let faults: Vec<String> = faults(&table, &items)
        .into_iter()
        .map(|fault| fault.chars().take(60).collect())
        .collect();
    expect_test::expect![[r#"
        乙: no code
        乙: crates/domain/tests/articles/main.rs: no items
        丙: crates/domain/src/lib.rs: no items
        丙: no test
        丁: nowhere.rs: No such file or directory (os error 2)
        丁: crates/domain/tests/articles/main.rs: no `文件::名称`
        己: no row
        戊: no such item"#]]
    .assert_eq(&faults.join("\n"));
}
