//! The index is disposable: whatever happens to its files, it is found out and built again.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::house::{House, POSITION, articles, shown};
use search::{Change, KbIndex, NeedsRebuild, Opened, Query, SearchError};

const QUESTIONS: [&str; 4] = ["医保卡丢了怎么补办", "停水", "水", "12345"];

/// Two segments and a deleted document, so that every kind of file is there.
fn grown() -> House {
    let mut first = articles();
    let later = first.split_off(5);
    let house = House::with(first);
    let id = "bill".to_owned();
    let mut changes: Vec<_> = later.into_iter().map(Change::Put).collect();
    changes.push(Change::Remove { id });
    house.index.update(&changes, POSITION + 1).expect("updates");
    house
}

fn answers(index: &KbIndex) -> Result<String, SearchError> {
    let mut answers = String::new();
    for text in QUESTIONS {
        answers += &shown(&index.search(&Query::new(text, 5))?);
    }
    Ok(answers)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).expect("inside"));
        fs::create_dir_all(target.parent().expect("a parent")).expect("creates");
        fs::copy(&file, &target).expect("copies");
    }
}

/// Damages each file of a good index in turn; the copy must be found out or answer the same.
fn check_damage(what: &str, damage: impl Fn(&[u8]) -> Vec<Option<Vec<u8>>>) {
    let house = grown();
    let right = answers(&house.index).expect("answers");
    let path = house.path();
    let mut n_found_out = 0;
    for file in files(&path) {
        let name = file.strip_prefix(&path).expect("inside").to_owned();
        for damaged in damage(&fs::read(&file).expect("reads")) {
            let folder = tempfile::tempdir().expect("a temporary folder");
            copy(&path, folder.path());
            match damaged {
                Some(bytes) => fs::write(folder.path().join(&name), bytes).expect("writes"),
                None => fs::remove_file(folder.path().join(&name)).expect("removes"),
            }
            let Opened {
                index,
                needs_rebuild,
            } = KbIndex::open(folder.path(), POSITION + 1).expect("opens");
            match needs_rebuild {
                None => {
                    let is = answers(&index).expect("answers");
                    assert_eq!(is, right, "{what} {} is not found out", name.display());
                }
                Some(NeedsRebuild::OtherPosition { .. }) => {
                    panic!("{what} {} looks like an old position", name.display())
                }
                Some(
                    NeedsRebuild::Missing
                    | NeedsRebuild::OtherFormat
                    | NeedsRebuild::Damaged { .. },
                ) => {
                    n_found_out += 1;
                    assert!(matches!(answers(&index), Err(SearchError::NotBuilt)));
                    assert_eq!(index.position(), None);
                }
            }
        }
    }
    assert!(n_found_out > 5, "{what}: only {n_found_out} found out");
}

#[test]
fn a_deleted_file() {
    check_damage("deleting", |_| vec![None]);
}

#[test]
fn a_truncated_file() {
    check_damage("truncating", |bytes| {
        [0, 1, bytes.len() / 2, bytes.len().saturating_sub(1)]
            .into_iter()
            .filter(|&n| n < bytes.len())
            .map(|n| Some(bytes[..n].to_vec()))
            .collect()
    });
}

#[test]
fn a_flipped_byte() {
    check_damage("flipping", |bytes| {
        let step = (bytes.len() / 12).max(1);
        (0..bytes.len())
            .step_by(step)
            .map(|at| {
                let mut bytes = bytes.to_vec();
                bytes[at] ^= 0x04;
                Some(bytes)
            })
            .collect()
    });
}

#[test]
fn a_deleted_index_is_built_again_and_answers_the_same() {
    let House { index, .. } = &House::with(articles());
    let right = answers(index).expect("answers");
    let house = House::with(articles());
    fs::remove_dir_all(house.path()).expect("removes");
    let opened = KbIndex::open(&house.path(), POSITION).expect("opens");
    assert_eq!(opened.needs_rebuild, Some(NeedsRebuild::Missing));
    opened.index.rebuild(articles(), POSITION).expect("builds");
    assert_eq!(answers(&opened.index).expect("answers"), right);
    let again = KbIndex::open(&house.path(), POSITION).expect("opens");
    assert_eq!(again.needs_rebuild, None);
    assert_eq!(answers(&again.index).expect("answers"), right);
}

#[test]
fn an_index_deleted_while_it_runs_goes_on_answering() {
    let house = House::with(articles());
    let right = answers(&house.index).expect("answers");
    fs::remove_dir_all(house.path()).expect("removes");
    assert_eq!(answers(&house.index).expect("answers"), right);
    let failed = house.index.update(&[], POSITION + 1);
    assert!(failed.is_err());
    assert_eq!(answers(&house.index).expect("answers"), right);
}

#[test]
fn another_position_answers_and_says_so() {
    let house = grown();
    let right = answers(&house.index).expect("answers");
    let opened = KbIndex::open(&house.path(), POSITION + 2).expect("opens");
    let position = POSITION + 1;
    assert_eq!(
        opened.needs_rebuild,
        Some(NeedsRebuild::OtherPosition { position })
    );
    assert_eq!(answers(&opened.index).expect("answers"), right);
    opened.index.update(&[], POSITION + 2).expect("updates");
    let opened = KbIndex::open(&house.path(), POSITION + 2).expect("opens");
    assert_eq!(opened.needs_rebuild, None);
    assert_eq!(answers(&opened.index).expect("answers"), right);
}

#[test]
fn the_old_index_answers_until_the_new_one_is_complete() {
    let house = House::with(articles());
    let right = answers(&house.index).expect("answers");
    let rebuild = house.index.begin_rebuild().expect("begins");
    rebuild.put(&articles().remove(0)).expect("takes it");
    assert_eq!(answers(&house.index).expect("answers"), right);
    drop(rebuild);
    assert_eq!(answers(&house.index).expect("answers"), right);
    assert_eq!(
        KbIndex::open(&house.path(), POSITION)
            .expect("opens")
            .needs_rebuild,
        None
    );

    let rebuild = house.index.begin_rebuild().expect("begins");
    rebuild.put(&articles().remove(0)).expect("takes it");
    rebuild.finish(POSITION + 5).expect("builds");
    assert_eq!(house.index.n_documents(), 1);
    assert_eq!(house.index.position(), Some(POSITION + 5));
    let generations = fs::read_dir(house.path()).expect("a folder").count();
    assert_eq!(generations, 2, "current.json and one generation");
}

#[test]
fn an_update_before_the_first_build_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let index = KbIndex::open(folder.path(), 1).expect("opens").index;
    assert!(matches!(index.update(&[], 1), Err(SearchError::NotBuilt)));
    assert!(matches!(answers(&index), Err(SearchError::NotBuilt)));
    index.rebuild(Vec::new(), 1).expect("builds an empty one");
    assert_eq!(
        answers(&index).expect("answers"),
        "(nothing)".repeat(QUESTIONS.len())
    );
}
