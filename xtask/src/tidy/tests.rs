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
    assert!(violations_of("ui/src/backend/generated.ts", &long).is_empty());
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
