use super::edges::{Dependency, Package};
use super::sources::violations_of;
use super::*;

/// The check that CI relies on: this very checkout.
#[test]
fn the_checkout_is_tidy() {
    let violations = check(&Repo::find()).unwrap();
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}

fn package(name: &str, edges: &[(&str, Option<&str>)]) -> Package {
    let edge = |(name, kind): &(&str, Option<&str>)| Dependency {
        name: (*name).to_owned(),
        kind: kind.map(str::to_owned),
    };
    Package {
        name: name.to_owned(),
        dependencies: edges.iter().map(edge).collect(),
        targets: Vec::new(),
    }
}

#[test]
fn forbidden_edges_are_found_through_other_packages() {
    let packages = [
        package(
            "domain",
            &[("chrono", None), ("proptest", Some("dev")), ("rand", None)],
        ),
        package("desk", &[("desk-store", None), ("domain", None)]),
        package("desk-store", &[("tauri", None), ("testkit", Some("dev"))]),
        package(
            "search",
            &[("rusqlite", Some("dev")), ("testkit", Some("build"))],
        ),
    ];
    assert_eq!(
        edges::check(&packages),
        [
            "Cargo.toml of domain: depends on rand; domain is pure: chrono, serde and thiserror are all it may know",
            "Cargo.toml of desk: depends on tauri; only the shell (src-tauri) knows Tauri",
            "Cargo.toml of desk-store: depends on tauri; only the shell (src-tauri) knows Tauri",
            "Cargo.toml of search: depends on testkit; testkit and fault-disk are for tests: dev-dependencies only",
        ]
    );
}

#[test]
fn the_glossary_and_the_code_are_held_together() {
    let glossary = "\
# 术语
| 术语 | identifier | meaning | avoid |
|---|---|---|---|
| 工单 | `WorkOrder` | an order | ticket |
| 派单 | `dispatch`, `Dispatched` | | |
| 诉求类型 | `MatterKind::{Help, Report}` (enum) | | |
";
    let code = "
pub struct WorkOrder;
pub enum MatterKind { Help }
pub(crate) struct Inner;
    pub trait Facts {}
pub fn dispatch() {}
";
    assert_eq!(
        glossary::differences(glossary, code),
        [
            "docs/GLOSSARY.md: `Dispatched` is not in crates/domain/src; remove it or use it there",
            "docs/GLOSSARY.md: `Report` is not in crates/domain/src; remove it or use it there",
            "crates/domain/src: `Facts` is public and has no row in docs/GLOSSARY.md",
        ]
    );
}

#[test]
fn single_files_keep_the_rules() {
    let long = "x\n".repeat(601);
    assert_eq!(
        violations_of("crates/desk/src/lib.rs", &long),
        ["crates/desk/src/lib.rs: 601 lines; split it, 600 is the most"]
    );
    for generated in ["ui/src/backend/generated.ts", "ui/src/portal/generated.ts"] {
        assert!(violations_of(generated, &long).is_empty());
    }
    assert!(violations_of("ui/package-lock.json", &long).is_empty());

    let import = "import { invoke } from '@tauri-apps/api/core'";
    assert_eq!(
        violations_of("ui/src/app/App.vue", import),
        ["ui/src/app/App.vue:1: only ui/src/backend/ may import @tauri-apps"]
    );
    assert!(violations_of("ui/src/backend/tauri.ts", import).is_empty());

    let folder = concat!("/wo", "rk/");
    assert_eq!(
        violations_of("README.md", &format!("see `{folder}main`")).len(),
        1
    );
    assert!(
        violations_of(
            "README.md",
            &format!("https://example.gov.cn{folder}1.html")
        )
        .is_empty()
    );

    let data = concat!("appeals_", "stream.jsonl");
    assert_eq!(violations_of("crates/search/src/lib.rs", data).len(), 1);
    assert!(violations_of("tests/tests/window.rs", data).is_empty());
}

const WINDOW: &str = r#"{ "app": { "withGlobalTauri": false, "security": {
    "csp": "default-src 'self'; connect-src 'self' ipc: http://ipc.localhost; object-src 'none'; base-uri 'none'",
    "freezePrototype": true } } }"#;

#[test]
fn a_window_that_loads_more_than_its_own_files_is_found() {
    assert_eq!(hardening::config(WINDOW).unwrap(), [""; 0]);
    for (from, to, found) in [
        (
            "default-src 'self'",
            "default-src 'self' 'unsafe-eval'",
            "scripts may be made of text",
        ),
        (
            "default-src 'self'",
            "default-src 'self' 'unsafe-inline'",
            "scripts may stand in the page",
        ),
        (
            "ipc: ",
            "ipc: https://cdn.example ",
            "loads from https://cdn.example",
        ),
        (
            "base-uri 'none'",
            "",
            "the policy does not say base-uri 'none'",
        ),
        (
            "\"freezePrototype\": true",
            "\"freezePrototype\": false",
            "freezePrototype is off",
        ),
        (
            "\"freezePrototype\": true",
            "\"freezePrototype\": true, \"assetProtocol\": {}",
            "assetProtocol is there",
        ),
        (
            "\"withGlobalTauri\": false",
            "\"withGlobalTauri\": true",
            "every script gets Tauri",
        ),
    ] {
        let changed = WINDOW.replace(from, to);
        assert_ne!(changed, WINDOW);
        let all = hardening::config(&changed).unwrap();
        assert_eq!(all, [format!("src-tauri/tauri.conf.json: {found}")], "{to}");
    }
}

#[test]
fn a_window_with_more_permissions_than_it_needs_is_found() {
    let sound = r#"{ "windows": ["main"], "permissions": ["allow-call"] }"#;
    assert_eq!(hardening::capability("c", sound).unwrap(), [""; 0]);
    for (text, found) in [
        (
            r#"{ "windows": ["*"], "permissions": [] }"#,
            "c: is not for one window",
        ),
        (
            r#"{ "windows": ["main"], "remote": { "urls": ["https://a.example"] }, "permissions": [] }"#,
            "c: lets pages from elsewhere in",
        ),
        (
            r#"{ "windows": ["main"], "permissions": ["fs:default"] }"#,
            "c: \"fs:default\" is not among the permissions",
        ),
    ] {
        assert_eq!(hardening::capability("c", text).unwrap(), [found]);
    }
    let main = "tauri::generate_handler![call]";
    assert_eq!(hardening::shell(main, "tauri.workspace = true"), [""; 0]);
    assert_eq!(
        hardening::shell("tauri::generate_handler![call, open]", "").len(),
        1
    );
    assert_eq!(hardening::shell(main, "features = [\"devtools\"]").len(), 1);
    let lock = |version: &str| format!("name = \"tauri\"\nversion = \"{version}\"\n");
    assert_eq!(hardening::locked(&lock("2.12.5")), [""; 0]);
    assert_eq!(hardening::locked(&lock("2.11.0")).len(), 1);
    assert_eq!(hardening::locked("").len(), 1);
}

#[test]
fn a_statement_without_its_test_is_found() {
    let names = ["a_test".to_owned()].into();
    let rows = (1..=50).map(|n| format!("| {n} | x | 有 | `a_test` |\n"));
    let rows = rows.collect::<Vec<String>>().concat();
    assert_eq!(protection::differences(&rows, &names), [""; 0]);
    let row = "| 9 | x | 有 | `a_test` |";
    for (changed, exceptions, found) in [
        (
            "| 9 S | x | 有 | `no_test` |",
            "",
            "9 names `no_test`, which is no test",
        ),
        (
            "| 9 S | x | 未做 | |",
            "",
            "9 must hold in CI and has no test",
        ),
        (
            "| 9 S | x | 有 | `a_test` |",
            "未达到的 S 项：9。",
            "9 is no exception any more",
        ),
        ("| 59 | x | 有 | |", "", "statement 9 stands there 0 times"),
    ] {
        let page = rows.replace(row, changed) + exceptions;
        let all = protection::differences(&page, &names);
        assert_eq!(all, [format!("docs/安全核对.md: {found}")]);
    }
    let excepted = rows.replace(row, "| 9 S | x | 未做 | |") + "未达到的 S 项：9、12。";
    // 12 is not marked S here.
    assert_eq!(protection::differences(&excepted, &names).len(), 1);
    let text = "#[test]\nfn one() {}\nfn helper() {}\n    #[tokio::test]\n    async fn two() {}";
    assert_eq!(protection::test_names(text), ["one", "two"]);
}

#[test]
fn an_item_of_the_asvs_that_nobody_holds_is_found() {
    let names = ["a_test".to_owned()].into();
    let sound =
        "| V1.1.1 | x | 有：y | `a_test` |\n| V1.1.2 | x | 文档：y | |\n| V1.1.3 | x | 未做 | |";
    assert_eq!(asvs::differences(sound, &names), [""; 0]);
    for (line, found) in [
        ("| V2.1.1 | x | 有 | |", "V2.1.1 is claimed without a test"),
        (
            "| V2.1.1 | x | 部分：y | `no_test` |",
            "V2.1.1 names `no_test`, which is no test",
        ),
        ("| V2.1.1 | x | 好 | |", "V2.1.1 does not say how it stands"),
        ("| V1.1.3 | x | 未做 | |", "V1.1.3 stands there twice"),
        (
            "| V2.1.1 | x |",
            "a line without four cells: | V2.1.1 | x |",
        ),
    ] {
        let page = format!("{sound}\n{line}");
        assert_eq!(
            asvs::differences(&page, &names),
            [format!("docs/ASVS核对.md: {found}")]
        );
    }
    assert_eq!(
        asvs::differences("", &names),
        ["docs/ASVS核对.md: says nothing"]
    );
}
