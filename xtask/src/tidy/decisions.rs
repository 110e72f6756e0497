//! Every decision in docs/decisions stands in its list, so that it is found.

use std::fs;

use anyhow::Result;

use crate::repo::Repo;

const FOLDER: &str = "docs/decisions";
const LIST: &str = "docs/decisions/README.md";

pub(super) fn check(repo: &Repo) -> Result<Vec<String>> {
    let Ok(list) = fs::read_to_string(repo.path(LIST)) else {
        return Ok(Vec::new());
    };
    let files = repo.files(FOLDER)?;
    let pages = files
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "md"));
    let names = pages.filter_map(|path| path.file_name()?.to_str());
    Ok(names
        .filter(|name| *name != "README.md" && !list.contains(name))
        .map(|name| format!("{FOLDER}/{name}: not listed in {LIST}"))
        .collect())
}
