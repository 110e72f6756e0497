//! 安装程序的配置 for systems that nobody here has: tauri reads them, and nothing updates itself.

use std::path::Path;

use serde_json::Value;
use tauri::utils::config::parse::read_from;
use tauri::utils::config::{
    BundleConfig, BundleType, Config, NSISInstallerMode, Updater, WebviewInstallMode,
};
use tauri::utils::platform::Target;

const UPDATER: &str = include_str!("../tauri.updater.conf.json");

/// As tauri reads it for a system.
fn read(target: Target) -> Config {
    let (merged, _files) = read_from(target, Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    serde_json::from_value(merged).unwrap()
}

#[test]
fn windows_gets_an_installer_that_needs_no_network() {
    let config = read(Target::Windows);
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
    for target in [Target::Linux, Target::Windows] {
        let config = read(target);
        assert!(!config.plugins.0.contains_key("updater"));
        assert!(matches!(
            config.bundle.create_updater_artifacts,
            Updater::Bool(false)
        ));
    }
    let added: Value = serde_json::from_str(UPDATER).unwrap();
    let bundle: BundleConfig = serde_json::from_value(added["bundle"].clone()).unwrap();
    assert!(matches!(
        bundle.create_updater_artifacts,
        Updater::Bool(true)
    ));
    let endpoints = added["plugins"]["updater"]["endpoints"].as_array().unwrap();
    assert!(
        endpoints
            .iter()
            .all(|it| it.as_str().unwrap().starts_with("https://"))
    );
}
