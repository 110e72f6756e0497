//! What a person is told when something is broken, and that nothing is lost by it.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use end_to_end::Desk;

use crate::call_taker::{
    PASSPHRASE, folder_without_keyring, listen, own_messages, register, set_up, wait_for_knowledge,
};

#[tokio::test]
async fn a_damaged_database_is_kept_and_work_goes_on() -> Result<()> {
    let mut desk = Desk::open(folder_without_keyring("damaged-database")?).await?;
    set_up(&mut desk).await?;
    desk.close().await?;

    let database = desk.folder().data().join("desk.db");
    let mut bytes = fs::read(&database)?;
    bytes.iter_mut().take(4096).for_each(|byte| *byte ^= 0x5a);
    fs::write(&database, &bytes)?;

    desk.restart().await?;
    desk.fill("unlock-passphrase", PASSPHRASE).await?;
    desk.press("Enter").await?;
    desk.wait_for("damaged-set-aside").await?;
    let page = desk
        .script("return document.body.innerText", Vec::new())
        .await?;
    let page = page.as_str().unwrap_or_default();
    ensure!(
        page.contains("数据库已损坏") && page.contains("未作任何改动"),
        "{page}"
    );
    ensure!(
        fs::read(&database)? == bytes,
        "the damaged file was changed"
    );

    desk.click("damaged-set-aside").await?;
    desk.click("damaged-confirm").await?;
    set_up(&mut desk).await?;
    let aside = fs::read_dir(desk.folder().data())?
        .filter_map(std::result::Result::ok)
        .find(|entry| {
            entry
                .file_name()
                .to_string_lossy()
                .starts_with("set-aside-")
        })
        .context("The damaged file was not set aside")?;
    ensure!(
        fs::read(aside.path().join("desk.db"))? == bytes,
        "set aside, but not as it was"
    );
    desk.close().await
}

#[tokio::test]
async fn a_damaged_index_is_built_again() -> Result<()> {
    let mut desk = Desk::open(folder_without_keyring("damaged-index")?).await?;
    set_up(&mut desk).await?;
    let message = own_messages()?.remove(0);
    listen(&mut desk, &message.text).await?;
    let before = desk.texts("answer-hit").await?;
    register(&mut desk).await?;
    desk.close().await?;

    let index = desk.folder().data().join("index");
    let mut n_damaged = 0;
    damage_files(&index, &mut n_damaged)?;
    ensure!(n_damaged > 3, "only {n_damaged} files in the index");

    desk.restart().await?;
    desk.fill("unlock-passphrase", PASSPHRASE).await?;
    desk.press("Enter").await?;
    desk.wait_for("intake-text").await?;
    wait_for_knowledge(&mut desk).await?;
    listen(&mut desk, &message.text).await?;
    desk.wait_until("the same answers as before", async |client| {
        let script = "return Array.from(document.querySelectorAll('[data-testid=answer-hit]'))
            .map(hit => hit.innerText)";
        let hits: Vec<String> = serde_json::from_value(client.execute(script, Vec::new()).await?)?;
        Ok((hits == before).then_some(()))
    })
    .await?;
    desk.close().await
}

#[tokio::test]
async fn an_over_long_text_is_refused_and_stays() -> Result<()> {
    let mut desk = Desk::open(folder_without_keyring("over-long")?).await?;
    set_up(&mut desk).await?;
    // 20001 characters, two of them outside the basic plane; put in as pasting would.
    let text = format!(
        "𠮷{}𠮷",
        "水管漏水".repeat(5_000).chars().skip(1).collect::<String>()
    );
    desk.type_text("intake-text", &text).await?;
    desk.press("Ctrl+S").await?;
    desk.wait_for("strip-submit").await?;
    desk.press("Ctrl+Enter").await?;
    desk.wait_text("refusal", "最多 10000 字，现有 20001 字")
        .await?;
    desk.wait_value("intake-text", &text).await?;
    desk.close().await
}

/// Flips bytes in the middle of every file.
fn damage_files(folder: &std::path::Path, n_damaged: &mut u32) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("Reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            damage_files(&path, n_damaged)?;
            continue;
        }
        let mut bytes = fs::read(&path)?;
        let middle = bytes.len() / 2;
        if let Some(byte) = bytes.get_mut(middle) {
            *byte ^= 0xff;
            fs::write(&path, bytes)?;
            *n_damaged += 1;
        }
    }
    Ok(())
}
