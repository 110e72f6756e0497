//! 建立中心: what a data folder begins with.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, bail};
use wire::Reference;
use wording::reference::ReferenceTables;

use crate::admin::{AdminReply, AdminRequest, execute, with_center};
use crate::authority::Authority;
use crate::clock::Clock;
use crate::config::{CONFIG_FILE, Config};
use crate::folder::{make_private, new_private};
use crate::server::Core;

/// What the configuration says when nobody has changed it, with what each word means.
const CONFIG: &str = include_str!("../center.toml");

/// Makes the folder, the authority, the database and the tables that come with the program.
pub async fn init(config: Config, clock: Arc<dyn Clock>) -> Result<Vec<String>> {
    let data = config.data.clone();
    if Authority::exists(&data) {
        bail!("{} 里已经有中心，没有改动", data.display());
    }
    make_private(&data)?;
    Authority::create(&data)?;
    write_config(&data)?;
    let core = Core::open(config, Arc::clone(&clock)).await?;
    let filled = fill(&core, &clock).await;
    core.close().await?;
    filled?;
    Ok(vec![
        format!("中心已建立在 {}", data.display()),
        format!("配置文件：{}", data.join(CONFIG_FILE).display()),
        "请妥善保管 authority.key：谁持有它，谁就能冒充中心".to_owned(),
    ])
}

async fn fill(core: &Core, clock: &Arc<dyn Clock>) -> Result<()> {
    let mut staff = Vec::new();
    with_center(&mut staff);
    let units = ReferenceTables::built_in_units()?;
    for reference in [Reference::Staff(staff), Reference::Units(units)] {
        let writer = &core.office.writer;
        let changing = writer.change_reference(reference, Arc::clone(clock))?;
        changing.done().await?;
    }
    Ok(())
}

fn write_config(data: &Path) -> Result<()> {
    use std::io::Write as _;
    let path = data.join(CONFIG_FILE);
    if !path.exists() {
        let mut file = new_private(&path)?;
        file.write_all(CONFIG.as_bytes())?;
        file.sync_all()?;
    }
    Ok(())
}

/// Does a command without a center that runs.
pub async fn execute_alone(
    config: Config,
    clock: Arc<dyn Clock>,
    request: AdminRequest,
) -> Result<AdminReply> {
    let core = Core::open(config, clock).await?;
    let reply = execute(&core.office, request).await;
    core.close().await?;
    Ok(reply)
}
