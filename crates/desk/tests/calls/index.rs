//! The search index is only drawn from the store: it can be lost at any time.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::workstation::Workstation;

const TEXTS: [&str; 4] = ["屋头停水", "老板拖起工资不给", "户口怎么迁", "电梯"];

fn hits(workstation: &Workstation) -> Vec<Value> {
    TEXTS
        .map(|text| {
            let request = json!({ "text": text, "limit": 5 });
            workstation.call("search_knowledge", request)["hits"].clone()
        })
        .to_vec()
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                files_under(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// Closes the desk, does harm to the index, and starts again.
fn check(workstation: &mut Workstation, what: &str, harm: impl FnOnce(&Path)) {
    let before = hits(workstation);
    workstation.close();
    harm(&workstation.folder().join("index"));
    workstation.restart();
    workstation.wait_for_index();
    assert_eq!(hits(workstation), before, "{what}");
}

#[test]
fn an_index_that_is_lost_or_damaged_is_built_again() {
    let mut workstation = Workstation::with_samples();
    assert!(
        hits(&workstation)
            .iter()
            .all(|hits| hits[0]["id"].is_string())
    );
    check(&mut workstation, "nothing happened", |_index| {});
    check(&mut workstation, "the folder is gone", |index| {
        std::fs::remove_dir_all(index).unwrap();
    });
    check(&mut workstation, "bytes are flipped", |index| {
        for file in files_under(index) {
            let mut bytes = std::fs::read(&file).unwrap();
            for byte in bytes.iter_mut().step_by(61) {
                *byte = !*byte;
            }
            std::fs::write(file, bytes).unwrap();
        }
    });
    check(&mut workstation, "files are cut short", |index| {
        for file in files_under(index) {
            let bytes = std::fs::read(&file).unwrap();
            std::fs::write(file, bytes.split_at(bytes.len() / 2).0).unwrap();
        }
    });
}

/// What changed while the index was not there to follow.
#[test]
fn an_index_that_is_behind_catches_up() {
    let mut workstation = Workstation::ready();
    workstation.wait_for_index();
    workstation.close();
    let index = workstation.folder().join("index");
    let empty = workstation.folder().join("index-of-yesterday");
    copy_folder(&index, &empty);
    workstation.restart();
    let n_loaded = workstation.call("load_samples", Value::Null)["n_articles"].clone();
    crate::workstation::wait_until("the samples are found", || {
        workstation.call("status", Value::Null)["n_articles"] == n_loaded
    });
    check(&mut workstation, "an index from a backup", |index| {
        std::fs::remove_dir_all(index).unwrap();
        std::fs::rename(&empty, index).unwrap();
    });
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in files_under(from) {
        let copy = to.join(file.strip_prefix(from).unwrap());
        std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
        std::fs::copy(file, copy).unwrap();
    }
}
