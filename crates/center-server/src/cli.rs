//! 命令行: words become one command. clap would do more than is needed here.

mod retention;
mod words;

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use domain::calendar::YearNotice;
use domain::data_sharing::ShareScope;
use domain::matter::Source;
use domain::{ActorId, HandlingUnit, HandlingUnitId, Role};
use wire::DeskId;
use wording::text;

use self::words::{Words, absolute, read_file};
use crate::admin::{
    AdminRefusal, AdminRequest, UpstreamFile, UpstreamImport, channel_named, source_named,
};
use crate::api_key::KeyUse;
use crate::config::Overrides;
use crate::init::People;
use crate::upstream::table::Sheet;

pub const USAGE: &str = "\
渠县12345热线中心

  hotline-center [--data 目录] 命令 …

  init [--sample]                         建立中心（数据目录、证书、数据库）；--sample 带示例人员
  demo                                    装入演示数据（只对刚建立的中心）
  serve [--desks 地址] [--web 地址] [--ui 目录] [--database 库] [--log text|json]
                                          运行中心，Ctrl+C 或 SIGTERM 停止

  user add 工号 姓名 --roles 角色、角色 [--unit 单位编号]
  user list
  user roles 工号 --roles 角色、角色 [--unit 单位编号]
  user disable 工号 | user enable 工号
  user reset-password 工号                给出新的初始密码
  unit list | unit import 文件            xlsx、xls、ods 或 csv，列：编号、名称、别名、类别
  unit liaisons 文件                      联络员台账，列：单位编号、岗位、姓名、电话、任职日期、离任日期
  unit contact 单位编号 电话、电话        值守电话，紧急短信发到这里
  place list | place import 文件          本地名称（道路、小区、地标、俗称），列：名称、乡镇街道、村社区
  desk enrol-code                         发放登记码
  desk list | desk revoke 编号
  calendar list | calendar announce 文件  公布一年的放假安排（JSON）
  rule-set                                现行规则集的各项参数

  key list | key revoke 编号
  key new 名称 --for open311 --channel website|app|wechat
  key new 名称 --for upstream --source city|province
                                          接口密钥，只显示一次
  share-token list | share-token revoke 编号
  share-token create 名称 --as 角色 --until 2027-12-31
                 (--all | [--units 编号、编号] [--categories 编号或一级分类、…])
                                          数据共享令牌，只显示一次；按角色脱敏，只读
  outbox dead | outbox resend [编号]      未送达的短信和回传，重新发送
  upstream import 文件 --source city|province [--dry-run] [--mapping 名称]
                 [--column 列名=字段]… [--faults 差错表.xlsx]
                                          导入上级工单（xlsx、xls、ods、csv、json）
  upstream ratings 文件 --source …        导入上级评价，选项同上
  upstream results --source … --to 文件 [--all]
                                          导出办理结果（xlsx 或 json），登记为已发出
  upstream acknowledge 回执编号… --source …
                                          登记上级已接收

  status                                  运行情况
  verify                                  核对全部记录
  audit verify                            核对审计链和各工作站的留存
  audit export --to 文件 [--desk 编号]    导出中心的审计，或留在中心的工作站审计副本（JSON 行）
  audit forget 编号                       工作站已知原因重装或恢复后，重新留存其审计记录
  retention due [--on 2027-12-31]         到期待涂销的工单
  retention redact --by 工号 --granted-by 工号
                                          涂销全部到期工单的个人信息，由另一人批准，逐一问密码
  person export 电话 --to 文件            导出一个号码的全部工单和来电记录，交给本人
  person redact 电话 --by 工号 --granted-by 工号
                                          应本人要求涂销，办理中的除外
  export --to 文件                        导出全部记录（JSON 行）
  backup --to 目录 [--off-machine]        备份；--off-machine 表示目录在另一台机器上
  restore --from 备份 [--key 密钥文件]    恢复（须先停止中心）
  drill --from 备份 [--key 密钥文件]      演练恢复：读出全部内容逐一核对，不改动任何东西
  backup-key                              显示备份密钥，供抄写存放

  --data 不填时取 HOTLINE_CENTER_DATA，再没有则为当前目录下的 center-data。
  --config 文件 指定配置文件；不填时为数据目录里的 center.toml。
  角色：受理员、调度员、值班长、审核员、知识编辑、知识审核、统计分析、监督员、系统管理员、
        审计员、承办联络员、单位审核人、市中心、县政府办、县纪委监委
";

const DATA_VARIABLE: &str = "HOTLINE_CENTER_DATA";
const DATA_FOLDER: &str = "center-data";

/// What was typed.
#[derive(Debug)]
pub struct Line {
    pub data: PathBuf,
    pub overrides: Overrides,
    pub command: Command,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    Help,
    Init { people: People },
    Demo,
    Serve,
    Restore { from: PathBuf, key: Option<PathBuf> },
    Drill { from: PathBuf, key: Option<PathBuf> },
    BackupKey,
    Admin(AdminRequest),
}

/// Reads the words after the program's name. Files that they name are read here, from where the
/// person stands.
pub fn read(words: Vec<String>, variable: impl Fn(&str) -> Option<String>) -> Result<Line> {
    let mut words = Words::new(words);
    let data = words.value("--data")?.or_else(|| variable(DATA_VARIABLE));
    let data = PathBuf::from(data.unwrap_or_else(|| DATA_FOLDER.to_owned()));
    let flags = Overrides {
        file: words.value("--config")?.map(PathBuf::from),
        database: words.value("--database")?,
        desks: words.value("--desks")?,
        web: words.value("--web")?,
        ui: words.value("--ui")?.map(PathBuf::from),
        log: words.value("--log")?,
    };
    let command = command(&mut words)?;
    words.finish()?;
    Ok(Line {
        data,
        overrides: Overrides::of_environment(variable).under(flags),
        command,
    })
}

fn command(words: &mut Words) -> Result<Command> {
    let admin = match words.next().as_deref() {
        None | Some("help" | "--help" | "-h" | "帮助") => return Ok(Command::Help),
        Some("init") => {
            let people = if words.flag("--sample") {
                People::Samples
            } else {
                People::Nobody
            };
            return Ok(Command::Init { people });
        }
        Some("demo") => return Ok(Command::Demo),
        Some("serve") => return Ok(Command::Serve),
        Some("restore") => {
            let (from, key) = backup_and_key(words)?;
            return Ok(Command::Restore { from, key });
        }
        Some("drill") => {
            let (from, key) = backup_and_key(words)?;
            return Ok(Command::Drill { from, key });
        }
        Some("backup-key") => return Ok(Command::BackupKey),
        Some("user") => user(words)?,
        Some("unit") => unit(words)?,
        Some("place") => place(words)?,
        Some("desk") => desk(words)?,
        Some("key") => key(words)?,
        Some("share-token") => share_token(words)?,
        Some("outbox") => outbox(words)?,
        Some("upstream") => upstream(words)?,
        Some("calendar") => calendar(words)?,
        Some("rule-set") => AdminRequest::ListRuleSets,
        Some("status") => AdminRequest::Status,
        Some("verify") => AdminRequest::Verify,
        Some("audit") => audit(words)?,
        Some("retention") => retention::retention(words)?,
        Some("person") => retention::person(words)?,
        Some("export") => AdminRequest::Export {
            to: absolute(&words.needed("--to")?)?,
        },
        Some("backup") => AdminRequest::Backup {
            to: absolute(&words.needed("--to")?)?,
            is_off_machine: words.flag("--off-machine"),
        },
        Some(other) => bail!("没有命令 {other}，用 hotline-center help 查看全部命令"),
    };
    Ok(Command::Admin(admin))
}

fn backup_and_key(words: &mut Words) -> Result<(PathBuf, Option<PathBuf>)> {
    let key = words.value("--key")?.map(|it| absolute(&it)).transpose()?;
    Ok((absolute(&words.needed("--from")?)?, key))
}

fn audit(words: &mut Words) -> Result<AdminRequest> {
    Ok(match words.word("audit 后面的动作")?.as_str() {
        "verify" => AdminRequest::VerifyAudit,
        "export" => AdminRequest::ExportAudit {
            desk: words.value("--desk")?.map(wire::DeskId),
            to: absolute(&words.needed("--to")?)?,
        },
        "forget" => AdminRequest::ForgetDeskAudit {
            desk: wire::DeskId(words.word("编号")?),
        },
        other => bail!("没有命令 audit {other}"),
    })
}

fn user(words: &mut Words) -> Result<AdminRequest> {
    let what = words.word("user 后面的动作")?;
    if what == "list" {
        return Ok(AdminRequest::ListUsers);
    }
    let roles = words.value("--roles")?;
    let unit = words.value("--unit")?.map(HandlingUnitId);
    let number = ActorId(words.word("工号")?);
    Ok(match what.as_str() {
        "add" => AdminRequest::AddUser {
            number,
            name: words.word("姓名")?,
            roles: roles_of(&roles.context("缺少 --roles")?)?,
            unit,
        },
        "roles" => AdminRequest::ChangeRoles {
            number,
            roles: roles_of(&roles.context("缺少 --roles")?)?,
            unit,
        },
        "disable" => AdminRequest::DisableUser { number },
        "enable" => AdminRequest::EnableUser { number },
        "reset-password" => AdminRequest::ResetPassword { number },
        other => bail!("没有命令 user {other}"),
    })
}

/// By their names, or as they cross the network.
fn roles_of(text: &str) -> Result<Vec<Role>> {
    let names = text.split(['、', ',', '，', ' ']).map(str::trim);
    let roles = names.filter(|name| !name.is_empty()).map(|name| {
        let by_name = Role::ALL.into_iter().find(|role| text::role(*role) == name);
        let by_word = || serde_json::from_value(serde_json::Value::String(name.to_owned())).ok();
        by_name
            .or_else(by_word)
            .with_context(|| format!("没有角色“{name}”"))
    });
    let mut roles: Vec<Role> = roles.collect::<Result<_>>()?;
    roles.sort_unstable();
    roles.dedup();
    Ok(roles)
}

fn unit(words: &mut Words) -> Result<AdminRequest> {
    match words.word("unit 后面的动作")?.as_str() {
        "list" => Ok(AdminRequest::ListUnits),
        "import" => {
            let path = PathBuf::from(words.word("文件")?);
            let bytes = read_file(&path)?;
            let units = units_of(&bytes)?;
            Ok(AdminRequest::ImportUnits { units })
        }
        "liaisons" => {
            let path = PathBuf::from(words.word("文件")?);
            let terms = crate::admin::liaisons::terms_of(&read_file(&path)?)?;
            Ok(AdminRequest::ImportLiaisons { terms })
        }
        "contact" => {
            let unit = HandlingUnitId(words.word("单位编号")?);
            let phones = words.word("电话")?;
            let phones = phones.split(['、', ',', '，']).map(str::trim);
            let phones = phones.filter(|phone| !phone.is_empty());
            Ok(AdminRequest::SetUnitContact {
                unit,
                phones: phones.map(str::to_owned).collect(),
            })
        }
        other => bail!("没有命令 unit {other}"),
    }
}

fn place(words: &mut Words) -> Result<AdminRequest> {
    match words.word("place 后面的动作")?.as_str() {
        "list" => Ok(AdminRequest::ListLocalNames),
        "import" => {
            let path = PathBuf::from(words.word("文件")?);
            let names = crate::admin::local_names::names_of(&read_file(&path)?)?;
            Ok(AdminRequest::ImportLocalNames { names })
        }
        other => bail!("没有命令 place {other}"),
    }
}

fn units_of(bytes: &[u8]) -> Result<Vec<HandlingUnit>> {
    const NUMBER: [&str; 3] = ["编号", "单位编号", "id"];
    const NAME: [&str; 3] = ["名称", "单位名称", "name"];
    const ALIASES: [&str; 2] = ["别名", "aliases"];
    const GROUP: [&str; 3] = ["类别", "单位类别", "group"];
    let table = crate::admin::first_table(bytes, &[&NUMBER, &NAME, &ALIASES, &GROUP])?;
    let (number, name) = (table.column(&NUMBER), table.column(&NAME));
    if number.is_none() || name.is_none() {
        bail!("文件里没有“编号”和“名称”两列");
    }
    let (aliases, group) = (table.column(&ALIASES), table.column(&GROUP));
    let units = table.rows.iter().map(|row| {
        let (id, title) = (row.cell(number).trim(), row.cell(name).trim());
        if id.is_empty() || title.is_empty() {
            return Err(AdminRefusal::UnitUnnamed { row: row.number }.into());
        }
        let aliases = row.cell(aliases).split(['、', ',', '，', ';', '；']);
        let aliases = aliases.map(str::trim).filter(|alias| !alias.is_empty());
        Ok(HandlingUnit {
            id: HandlingUnitId(id.to_owned()),
            name: title.to_owned(),
            aliases: aliases.map(str::to_owned).collect(),
            group: row.cell(group).trim().to_owned(),
        })
    });
    units.collect()
}

fn desk(words: &mut Words) -> Result<AdminRequest> {
    match words.word("desk 后面的动作")?.as_str() {
        "enrol-code" => Ok(AdminRequest::AllowEnrolment),
        "list" => Ok(AdminRequest::ListDesks),
        "revoke" => Ok(AdminRequest::RevokeDesk {
            desk: DeskId(words.word("工作站编号")?),
        }),
        other => bail!("没有命令 desk {other}"),
    }
}

fn key(words: &mut Words) -> Result<AdminRequest> {
    match words.word("key 后面的动作")?.as_str() {
        "list" => Ok(AdminRequest::ListKeys),
        "revoke" => Ok(AdminRequest::RevokeKey {
            digits: words.word("密钥编号")?,
        }),
        "new" => {
            let usage = match words.needed("--for")?.as_str() {
                "open311" => {
                    let word = words.needed("--channel")?;
                    let channel = channel_named(&word);
                    let channel = channel.with_context(|| format!("没有受理渠道“{word}”"))?;
                    KeyUse::Open311 { channel }
                }
                "upstream" => KeyUse::Upstream {
                    source: source(words)?,
                },
                other => bail!("--for 应为 open311 或 upstream，不是 {other}"),
            };
            let name = words.word("名称")?;
            Ok(AdminRequest::NewKey { name, usage })
        }
        other => bail!("没有命令 key {other}"),
    }
}

fn share_token(words: &mut Words) -> Result<AdminRequest> {
    match words.word("share-token 后面的动作")?.as_str() {
        "list" => Ok(AdminRequest::ListShareTokens),
        "revoke" => Ok(AdminRequest::RevokeShareToken {
            digits: words.word("令牌编号")?,
        }),
        "create" => {
            let role = words.needed("--as")?;
            let roles = roles_of(&role)?;
            let [role] = roles.as_slice() else {
                bail!("--as 应为一个角色，不是“{role}”");
            };
            let until = words.needed("--until")?;
            let expires_on = until.parse();
            let expires_on = expires_on.with_context(|| format!("“{until}”不是日期"))?;
            let is_all = words.flag("--all");
            let units = names_in(words.value("--units")?);
            let categories = names_in(words.value("--categories")?);
            if is_all && !(units.is_empty() && categories.is_empty()) {
                bail!("--all 不能和 --units、--categories 一起写");
            }
            let scope = if is_all {
                ShareScope::All
            } else {
                ShareScope::Of {
                    units: units.into_iter().map(HandlingUnitId).collect(),
                    categories: categories.into_iter().collect(),
                }
            };
            Ok(AdminRequest::NewShareToken {
                name: words.word("名称")?,
                role: *role,
                scope,
                expires_on,
            })
        }
        other => bail!("没有命令 share-token {other}"),
    }
}

/// Names that are parted by 、 or commas.
fn names_in(text: Option<String>) -> Vec<String> {
    let text = text.unwrap_or_default();
    let names = text.split(['、', ',', '，']).map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

fn outbox(words: &mut Words) -> Result<AdminRequest> {
    match words.word("outbox 后面的动作")?.as_str() {
        "dead" => Ok(AdminRequest::ListDead),
        "resend" => Ok(AdminRequest::SendAgain { id: words.next() }),
        other => bail!("没有命令 outbox {other}"),
    }
}

fn source(words: &mut Words) -> Result<Source> {
    let word = words.needed("--source")?;
    source_named(&word).with_context(|| format!("“{word}”不是上级；应为 city 或 province"))
}

fn upstream(words: &mut Words) -> Result<AdminRequest> {
    let what = words.word("upstream 后面的动作")?;
    let source = source(words)?;
    let file = match what.as_str() {
        "results" => {
            return Ok(AdminRequest::ExportResults {
                source,
                to: absolute(&words.needed("--to")?)?,
                is_all: words.flag("--all"),
            });
        }
        "acknowledge" => {
            let mut ids = vec![words.word("回执编号")?];
            ids.extend(std::iter::from_fn(|| words.next()));
            return Ok(AdminRequest::AcknowledgeResults { source, ids });
        }
        "import" => UpstreamFile::Orders,
        "ratings" => UpstreamFile::Ratings,
        other => bail!("没有命令 upstream {other}"),
    };
    let mut columns = Vec::new();
    while let Some(column) = words.value("--column")? {
        columns.push(column);
    }
    let mapping = words.value("--mapping")?;
    let is_preview = words.flag("--dry-run");
    let faults = words.value("--faults")?;
    let path = PathBuf::from(words.word("文件")?);
    let sheet = Sheet::read(&read_file(&path)?, file.fields())?;
    let faults_to = match faults {
        Some(faults) => absolute(&faults)?,
        None => std::path::absolute(path.with_extension("差错表.xlsx"))?,
    };
    Ok(AdminRequest::ImportUpstream(Box::new(UpstreamImport {
        file,
        source,
        sheet,
        mapping,
        columns,
        is_preview,
        faults_to,
    })))
}

fn calendar(words: &mut Words) -> Result<AdminRequest> {
    match words.word("calendar 后面的动作")?.as_str() {
        "list" => Ok(AdminRequest::ListCalendar),
        "announce" => {
            let path = PathBuf::from(words.word("文件")?);
            let notice: YearNotice = serde_json::from_slice(&read_file(&path)?)
                .context("文件不是放假通知；应有 year、document、holidays、make_up_workdays")?;
            Ok(AdminRequest::Announce { notice })
        }
        other => bail!("没有命令 calendar {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &str) -> Result<Line> {
        read(line.split(' ').map(str::to_owned).collect(), |_| None)
    }

    #[test]
    fn commands_as_they_are_typed() {
        let number = || ActorId("2001".to_owned());
        let unit = || Some(HandlingUnitId("shuiwu".to_owned()));
        let cases = [
            (
                "user add 2001 张强 --roles 承办联络员、unit_reviewer --unit shuiwu",
                AdminRequest::AddUser {
                    number: number(),
                    name: "张强".to_owned(),
                    roles: vec![Role::Liaison, Role::UnitReviewer],
                    unit: unit(),
                },
            ),
            (
                "--data d user roles --roles 受理员 2001",
                AdminRequest::ChangeRoles {
                    number: number(),
                    roles: vec![Role::Operator],
                    unit: None,
                },
            ),
            (
                "share-token create 县住建局系统 --as 承办联络员 --until 2027-12-31 --units zhujian、shuiwu --categories 住房城乡建设",
                AdminRequest::NewShareToken {
                    name: "县住建局系统".to_owned(),
                    role: Role::Liaison,
                    scope: ShareScope::Of {
                        units: ["shuiwu", "zhujian"]
                            .map(|it| HandlingUnitId(it.to_owned()))
                            .into(),
                        categories: ["住房城乡建设".to_owned()].into(),
                    },
                    expires_on: chrono::NaiveDate::from_ymd_opt(2027, 12, 31).unwrap(),
                },
            ),
            (
                "user disable 2001",
                AdminRequest::DisableUser { number: number() },
            ),
            (
                "desk revoke W01-7",
                AdminRequest::RevokeDesk {
                    desk: DeskId("W01-7".to_owned()),
                },
            ),
            (
                "backup --off-machine --to /b",
                AdminRequest::Backup {
                    to: PathBuf::from("/b"),
                    is_off_machine: true,
                },
            ),
        ];
        for (line, request) in cases {
            assert_eq!(
                typed(line).unwrap().command,
                Command::Admin(request),
                "{line}"
            );
        }
        assert_eq!(typed("help").unwrap().command, Command::Help);
        assert_eq!(
            typed("drill --key /k --from /b").unwrap().command,
            Command::Drill {
                from: PathBuf::from("/b"),
                key: Some(PathBuf::from("/k")),
            }
        );
        assert_eq!(typed("--data x serve").unwrap().data, PathBuf::from("x"));
        for line in [
            "dance",
            "user",
            "user add 2001",
            "user add 2001 张强",
            "user add 2001 张强 --roles 县长",
            "user list all",
            "backup",
            "serve --web",
            "unit import missing.csv",
            "place",
            "place import missing.csv",
            "share-token create 甲 --as 监督员 --until 2027-12-31 --all --units a",
            "share-token create 甲 --as 监督员、统计分析 --until 2027-12-31 --all",
            "share-token create 甲 --as 监督员 --until 明年 --all",
            "share-token create --as 监督员 --until 2027-12-31 --all",
            "share-token",
        ] {
            assert!(typed(line).is_err(), "{line}");
        }
    }

    #[test]
    fn units_from_a_table() {
        let csv = "渠县承办单位名录\n编号,名称,别名,类别\nshuiwu,县水务局,水务局、水利局,县级部门\njiaoyu,县教育局,,\n";
        let units = units_of(csv.as_bytes()).unwrap();
        assert_eq!(units.len(), 2);
        assert_eq!(units[0].aliases, ["水务局", "水利局"]);
        for bad in ["", "名称\n县水务局\n", "编号,名称\nshuiwu,\n"] {
            assert!(units_of(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
