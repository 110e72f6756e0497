//! 安装程序的配置 for systems that nobody here has: tauri reads them, and nothing updates itself.

use serde_json::Value;
use tauri::utils::config::{BundleType, Config, NSISInstallerMode, Updater, WebviewInstallMode};

const ALL: &str = include_str!("../tauri.conf.json");
const WINDOWS: &str = include_str!("../tauri.windows.conf.json");
const UPDATER: &str = include_str!("../tauri.updater.conf.json");

/// As tauri does it (RFC 7396): objects are merged, all else is replaced.
fn merge(into: &mut Value, other: Value) {
    match (into, other) {
        (Value::Object(into), Value::Object(other)) => {
            for (name, value) in other {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, other) => *into = other,
    }
}

fn read(files: &[&str]) -> Config {
    let mut merged = Value::Null;
    for file in files {
        merge(&mut merged, serde_json::from_str(file).unwrap());
    }
    serde_json::from_value(merged).unwrap()
}

#[test]
fn windows_gets_an_installer_that_needs_no_network() {
    let config = read(&[ALL, WINDOWS]);
    let bundle = &config.bundle;
    assert!(bundle.active);
    assert_eq!(
        serde_json::to_value(&bundle.targets).unwrap(),
        serde_json::to_value([BundleType::Nsis]).unwrap()
    );
    assert!(matches!(
        bundle.windows.webview_install_mode,
        WebviewInstallMode::OfflineInstaller { .. }
    ));
    assert!(!bundle.windows.allow_downgrades);
    let nsis = bundle.windows.nsis.as_ref().unwrap();
    assert!(matches!(nsis.install_mode, NSISInstallerMode::PerMachine));
    assert_eq!(
        nsis.languages.as_deref(),
        Some(&["SimpChinese".to_owned()][..])
    );
    assert_eq!(config.identifier, "cn.quxian.hotline-desk");
}

#[test]
fn nothing_updates_itself_unless_somebody_adds_it() {
    for files in [&[ALL][..], &[ALL, WINDOWS]] {
        let config = read(files);
        assert!(!config.plugins.0.contains_key("updater"));
        assert!(matches!(
            config.bundle.create_updater_artifacts,
            Updater::Bool(false)
        ));
    }
    let config = read(&[ALL, WINDOWS, UPDATER]);
    assert!(matches!(
        config.bundle.create_updater_artifacts,
        Updater::Bool(true)
    ));
    let endpoints = config.plugins.0["updater"]["endpoints"].as_array().unwrap();
    assert!(
        endpoints
            .iter()
            .all(|it| it.as_str().unwrap().starts_with("https://"))
    );
}
