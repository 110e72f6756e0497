fn main() {
    // Only the commands named here can be called, and only by a window whose capability says so.
    let commands = tauri_build::AppManifest::new().commands(&["call"]);
    let attributes = tauri_build::Attributes::new().app_manifest(commands);
    if let Err(error) = tauri_build::try_build(attributes) {
        // A build script speaks to cargo by failing.
        panic!("{error:#}");
    }
}
