//! What the window and the pages may load and do, and which versions are too old to ship.

use std::fs;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::repo::Repo;

const CONFIG: &str = "src-tauri/tauri.conf.json";
const CAPABILITIES: &str = "src-tauri/capabilities";
const SHELL: &str = "src-tauri/src/main.rs";
const SHELL_CARGO: &str = "src-tauri/Cargo.toml";
/// Every permission that a window has, in full: whatever else a plugin brings is not ours to give.
const PERMISSIONS: [&str; 3] = [
    "allow-call",
    "core:event:allow-listen",
    "core:event:allow-unlisten",
];
/// The commands that a page may invoke.
const COMMANDS: &str = "generate_handler![call]";
/// Who answers a page besides its own files.
const IPC: [&str; 2] = ["ipc:", "http://ipc.localhost"];
/// CVE-2026-42184: before it a foreign page could be taken for a local one.
const TAURI_AT_LEAST: [u32; 3] = [2, 11, 1];
/// Where the pages say what they may load.
const POLICIES: [&str; 3] = [
    "crates/desk/src/http_host.rs",
    "crates/center-server/src/portal/door.rs",
    "crates/center-server/src/public.rs",
];

pub(super) fn check(repo: &Repo) -> Result<Vec<String>> {
    let read =
        |name: &str| fs::read_to_string(repo.path(name)).with_context(|| format!("Reading {name}"));
    let mut found = config(&read(CONFIG)?)?;
    let files = repo.files(CAPABILITIES)?;
    for path in &files {
        let name = repo.relative(path);
        found.extend(capability(&name, &read(&name)?)?);
    }
    if files.len() != 1 {
        found.push(format!(
            "{CAPABILITIES}: {} files for one window",
            files.len()
        ));
    }
    found.extend(shell(&read(SHELL)?, &read(SHELL_CARGO)?));
    found.extend(locked(&read("Cargo.lock")?));
    for name in POLICIES {
        let text = read(name)?;
        if !text.contains("default-src") {
            found.push(format!("{name}: says nothing of what its page may load"));
        }
        found.extend(policy(name, &text));
    }
    Ok(found)
}

/// The window's configuration.
pub(super) fn config(text: &str) -> Result<Vec<String>> {
    let config: Value = serde_json::from_str(text).context("Reading the window's configuration")?;
    let security = config.pointer("/app/security").unwrap_or(&Value::Null);
    let csp = security
        .get("csp")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let mut found = policy(CONFIG, csp);
    for source in csp.split([';', ' ']).filter(|it| it.contains(':')) {
        if !IPC.contains(&source) && source != "data:" {
            found.push(format!("{CONFIG}: loads from {source}"));
        }
    }
    for needed in ["default-src 'self'", "object-src 'none'", "base-uri 'none'"] {
        if !csp.contains(needed) {
            found.push(format!("{CONFIG}: the policy does not say {needed}"));
        }
    }
    if security.get("freezePrototype") != Some(&Value::Bool(true)) {
        found.push(format!("{CONFIG}: freezePrototype is off"));
    }
    if config.pointer("/app/withGlobalTauri") != Some(&Value::Bool(false)) {
        found.push(format!("{CONFIG}: every script gets Tauri"));
    }
    for open in ["assetProtocol", "dangerousDisableAssetCspModification"] {
        if security.get(open).is_some_and(|it| !it.is_null()) {
            found.push(format!("{CONFIG}: {open} is there"));
        }
    }
    Ok(found)
}

pub(super) fn capability(name: &str, text: &str) -> Result<Vec<String>> {
    let capability: Value =
        serde_json::from_str(text).with_context(|| format!("Reading {name}"))?;
    let mut found = Vec::new();
    let windows = capability.get("windows").and_then(Value::as_array);
    if windows.is_none_or(|it| it.len() != 1 || it.iter().any(|it| it == "*")) {
        found.push(format!("{name}: is not for one window"));
    }
    if capability.get("remote").is_some_and(|it| !it.is_null()) {
        found.push(format!("{name}: lets pages from elsewhere in"));
    }
    let permissions = capability.get("permissions").and_then(Value::as_array);
    for permission in permissions.into_iter().flatten() {
        let is_known = permission
            .as_str()
            .is_some_and(|it| PERMISSIONS.contains(&it));
        if !is_known {
            found.push(format!("{name}: {permission} is not among the permissions"));
        }
    }
    Ok(found)
}

pub(super) fn shell(main: &str, cargo: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !main.contains(COMMANDS) || main.matches("generate_handler!").count() != 1 {
        found.push(format!("{SHELL}: a command besides `call`"));
    }
    // Tauri opens the tools of a release for nobody unless this feature asks for it.
    if cargo.contains("devtools") || main.contains("open_devtools") {
        found.push(format!(
            "{SHELL_CARGO}: the developer's tools are in the release"
        ));
    }
    found
}

/// The versions that are shipped.
pub(super) fn locked(lock: &str) -> Vec<String> {
    let mut lines = lock.lines();
    let mut found = Vec::new();
    let mut is_there = false;
    while let Some(line) = lines.next() {
        if line == "name = \"tauri\"" {
            is_there = true;
            let version = lines.next().and_then(|it| it.split('"').nth(1));
            let version = version.unwrap_or_default();
            let parts: Vec<u32> = version
                .split('.')
                .filter_map(|it| it.parse().ok())
                .collect();
            if parts.as_slice() < TAURI_AT_LEAST.as_slice() {
                found.push(format!("Cargo.lock: tauri {version} is too old to ship"));
            }
        }
    }
    if !is_there {
        found.push("Cargo.lock: no tauri".to_owned());
    }
    found
}

/// No script that is not a file of ours.
fn policy(name: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if text.contains("unsafe-eval") {
        found.push(format!("{name}: scripts may be made of text"));
    }
    for directive in text.split(';') {
        let is_of_scripts = ["script-src", "default-src"]
            .iter()
            .any(|it| directive.contains(it));
        if is_of_scripts && directive.contains("unsafe-inline") {
            found.push(format!("{name}: scripts may stand in the page"));
        }
    }
    found
}
