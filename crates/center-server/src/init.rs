//! 建立中心: what a data folder begins with.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, bail};
use domain::{Actor, ActorId, HandlingUnitId, Role};
use wire::{Reference, StaffMember};
use wording::reference::ReferenceTables;

use crate::admin::{AdminReply, AdminRequest, execute, with_center};
use crate::authority::Authority;
use crate::clock::Clock;
use crate::config::{CONFIG_FILE, Config};
use crate::folder::{make_private, new_private};
use crate::server::Core;

/// What the configuration says when nobody has changed it, with what each word means.
const CONFIG: &str = include_str!("../center.toml");

/// What the password of everybody is who comes with the samples.
pub const SAMPLE_PASSWORD: &str = "示例口令-仅供本机体验使用";

/// 示例人员: number, name, roles, unit.
type SamplePerson = (&'static str, &'static str, &'static [Role], &'static str);

/// One for each chair, so that everything can be tried; of supervisors two, since whoever proposes does not
/// confirm.
const SAMPLE_PEOPLE: [SamplePerson; 11] = [
    ("1001", "李明", &[Role::Operator, Role::Dispatcher], ""),
    ("1002", "王芳", &[Role::ShiftLead], ""),
    ("1003", "陈静", &[Role::Reviewer], ""),
    ("1004", "赵磊", &[Role::KbEditor], ""),
    ("1005", "孙丽", &[Role::KbReviewer], ""),
    ("1006", "周敏", &[Role::Admin], ""),
    ("1007", "何伟", &[Role::Supervisor, Role::Analyst], ""),
    ("1008", "罗兰", &[Role::Auditor], ""),
    ("1009", "唐静", &[Role::Supervisor], ""),
    ("2001", "张强", &[Role::Liaison], "unit-water-affairs"),
    ("2002", "刘洋", &[Role::UnitReviewer], "unit-water-affairs"),
];

/// Who works there at the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum People {
    /// The center alone; everybody else is added by the administrator.
    Nobody,
    /// 示例人员 as well, for trying it out on one's own computer.
    Samples,
}

/// Makes the folder, the authority, the database and the tables that come with the program.
pub async fn init(config: Config, clock: Arc<dyn Clock>, people: People) -> Result<Vec<String>> {
    let data = config.data.clone();
    if Authority::exists(&data) {
        bail!("{} 里已经有中心，没有改动", data.display());
    }
    make_private(&data)?;
    Authority::create(&data)?;
    write_config(&data)?;
    let core = Core::open(config, Arc::clone(&clock)).await?;
    let filled = fill(&core, &clock, people).await;
    core.close().await?;
    filled?;
    let mut lines = vec![
        format!("中心已建立在 {}", data.display()),
        format!("配置文件：{}", data.join(CONFIG_FILE).display()),
        "请妥善保管 authority.key：谁持有它，谁就能冒充中心".to_owned(),
    ];
    if people == People::Samples {
        let numbers = SAMPLE_PEOPLE.map(|(number, name, ..)| format!("{number} {name}"));
        lines.push(format!("示例人员：{}", numbers.join("、")));
        lines.push(format!("示例人员的密码都是：{SAMPLE_PASSWORD}"));
    }
    Ok(lines)
}

async fn fill(core: &Core, clock: &Arc<dyn Clock>, people: People) -> Result<()> {
    let samples = match people {
        People::Nobody => &[],
        People::Samples => &SAMPLE_PEOPLE[..],
    };
    let mut staff: Vec<StaffMember> = samples.iter().map(sample).collect();
    with_center(&mut staff);
    let units = ReferenceTables::built_in_units()?;
    for reference in [Reference::Staff(staff), Reference::Units(units)] {
        let writer = &core.office.writer;
        let changing = writer.change_reference(reference, Arc::clone(clock))?;
        changing.done().await?;
    }
    for (number, ..) in samples {
        let number = ActorId((*number).to_owned());
        let password = SAMPLE_PASSWORD.to_owned();
        core.office.give_password(&number, password).await?;
    }
    Ok(())
}

fn sample((number, name, roles, unit): &SamplePerson) -> StaffMember {
    StaffMember {
        actor: Actor {
            id: ActorId((*number).to_owned()),
            name: (*name).to_owned(),
            roles: roles.to_vec(),
            unit: (!unit.is_empty()).then(|| HandlingUnitId((*unit).to_owned())),
        },
        is_disabled: false,
        former_roles: Vec::new(),
    }
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
