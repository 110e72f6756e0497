//! Clients that nobody here wrote, against a center that runs: `georeport` reads, `civicbot` files,
//! `schemathesis` tries whatever the description of the interface allows and does not.
//!
//! They stand in an environment of their own, which `cargo xtask setup --for test` makes from
//! `clients/requirements.txt`.

use std::path::PathBuf;
use std::process::Command as Program;

use domain::Role;
use domain::data_sharing::ShareScope;

use crate::house::{House, content};
use crate::readers::{Reader, county};

/// Where the clients are.
fn python(name: &str) -> Program {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || here.join("../../target"),
        |target| here.join("../..").join(target),
    );
    let program = target.join("clients/bin").join(name);
    assert!(
        program.is_file(),
        "{} is missing: run `cargo xtask setup --for test`",
        program.display()
    );
    let mut program = Program::new(program);
    program
        .current_dir(clients())
        // The center is on this computer, whatever the way out of it.
        .env("NO_PROXY", "127.0.0.1")
        .env("PYTHONDONTWRITEBYTECODE", "1");
    program
}

/// The scripts that drive them.
fn clients() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/outward/clients")
}

async fn run(mut program: Program) -> String {
    let output = tokio::task::spawn_blocking(move || program.output().unwrap());
    let output = output.await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn one_files_and_another_reads() {
    let house = House::open().await;
    let key = house.open311_key().await;
    let root = house.url("/open311/v2");
    let mut files = python("python");
    files.args(["civicbot_files.py", &root, &key]);
    let number = run(files).await;
    let number = number.trim();
    assert_eq!(number, "20261123-Z00-0001");
    house.settled().await;
    let mut reads = python("python");
    reads.args(["georeport_reads.py", &root, number]);
    assert_eq!(run(reads).await.trim(), "georeport reads");
}

/// Tries whatever the description at an address allows and does not; `said` goes into its environment or to its
/// command line.
async fn as_described(house: &House, address: &str, said: impl FnOnce(&mut Program)) {
    let mut tries = python("schemathesis");
    tries
        .env("SCHEMATHESIS_HOOKS", "hooks")
        .env("PYTHONPATH", clients())
        // What it remembers of a run goes with the run.
        .current_dir(house.folder.path())
        .args(["run", &house.url(address)])
        .args(["--checks", "all", "--max-examples", "20", "--seed", "12345"])
        .args(["--no-color", "--report-dir"])
        .arg(house.folder.path());
    said(&mut tries);
    run(tries).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_interface_is_as_it_is_described() {
    let house = House::open_as(|config, _| {
        config.public.open311_reads_per_minute = 1_000_000;
        config.public.open311_filings_per_minute = 1_000_000;
    })
    .await;
    let key = house.open311_key().await;
    as_described(&house, "/open311/v2/openapi.json", |tries| {
        tries.env("OPEN311_KEY", &key);
    })
    .await;
    // It has filed, too.
    house.settled().await;
    let listed = house
        .get("/open311/v2/requests.json?page_size=200")
        .await
        .json();
    assert!(!listed.as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn shared_data_is_as_it_is_described() {
    let house = House::open_as(|config, _| config.public.data_reads_per_minute = 1_000_000).await;
    county(&house).await;
    house
        .publish("kb-1", content("停水找谁", "停水了怎么办", "到窗口办理"))
        .await;
    house.settled().await;
    let all = Reader::with(&house, "督办", Role::Supervisor, ShareScope::All).await;
    as_described(&house, "/data/v1/openapi.json", |tries| {
        tries.env("SHARED_IDS", "o-water,o-town,kb-1");
        tries.args(["--header", &format!("Authorization: Bearer {}", all.token)]);
    })
    .await;
}
