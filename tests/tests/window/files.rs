//! A file is chosen in the real window and becomes drafts; what is exported lies in the person's
//! download folder, where the window itself would have dropped it without a word.

use anyhow::{Context as _, Result, ensure};
use end_to_end::Desk;

use crate::call_taker::set_up;

const CSV: &str = "标题,群众的说法,答案,责任单位,来源\n停水了找谁,家里没水,打供水企业电话,县水务局,来函\n停电了找谁,没有电,打95598,县经信局,来函\n";

#[tokio::test]
async fn a_file_comes_in_and_another_goes_out() -> Result<()> {
    let mut desk = Desk::start("files").await?;
    set_up(&mut desk).await?;
    become_editor(&mut desk).await?;
    desk.press("Ctrl+3").await?;
    desk.wait_for("knowledge-mode").await?;
    let editing =
        "document.querySelector('[data-testid=knowledge-mode] input[value=editing]').click()";
    desk.script(editing, Vec::new()).await?;
    desk.click("kb-open-import").await?;
    desk.wait_for("kb-import-files").await?;

    let csv = desk.folder().home().join("水务.csv");
    std::fs::write(&csv, CSV)?;
    let input = desk
        .client()?
        .find(fantoccini::Locator::Css("[data-testid=kb-import-input]"));
    let path = csv.to_str().context("A path of text")?;
    input.await?.send_keys(path).await?;
    desk.wait_count("kb-import-row", 2).await?;
    desk.wait_text("kb-import-run", "导入 2 条").await?;
    desk.press("Ctrl+Enter").await?;
    desk.wait_text("kb-import-done", "已导入新草稿 2 条")
        .await?;

    desk.click("kb-open-export").await?;
    desk.click("kb-export-run").await?;
    let said = desk.wait_text("handed", "已存到").await?;
    let downloads = desk.folder().home().join("Downloads");
    let files: Vec<_> = std::fs::read_dir(&downloads)
        .with_context(|| format!("Reading {}: {said}", downloads.display()))?
        .collect::<std::io::Result<_>>()?;
    let names: Vec<_> = files.iter().map(std::fs::DirEntry::file_name).collect();
    let [name] = names.as_slice() else {
        anyhow::bail!("One file, not {names:?}");
    };
    let name = name.to_string_lossy();
    ensure!(said.contains(&*name), "{said} does not name {name}");
    let bytes = std::fs::read(downloads.join(&*name))?;
    ensure!(bytes.starts_with(b"PK"), "{name} is no xlsx");
    desk.close().await
}

/// Another person takes the desk over, as a knowledge editor.
async fn become_editor(desk: &mut Desk) -> Result<()> {
    desk.click("status-operator").await?;
    desk.fill("change-name", "周兰").await?;
    desk.fill("change-number", "2001").await?;
    // The duties that are set at the beginning are those of intake.
    desk.click("change-intake").await?;
    desk.click("change-knowledge_editing").await?;
    desk.click("change-submit").await?;
    desk.wait_text("status-line", "周兰").await.map(drop)
}
