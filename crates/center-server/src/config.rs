//! 配置: what the administrator sets. A file (TOML), over it the environment, over it the flags.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use domain::matter::Source;
use domain::retention::{
    DESKS_KEEP_DAYS, DESKS_KEEP_MIN_DAYS, RETENTION_MAX_YEARS, RetentionYears,
};
use serde::Deserialize;

use crate::database::Database;
use crate::public::Limits;
use crate::upstream::{self, Push, Token};
use crate::webhook::{Endpoint, Secret, Topic};

/// The file in the data folder that is read when no other is named.
pub const CONFIG_FILE: &str = "center.toml";
const DATABASE_FILE: &str = "center.db";
/// Every name in the environment begins so.
const ENVIRONMENT: &str = "HOTLINE_CENTER_";

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where everything stands that is not in another database.
    pub data: PathBuf,
    pub database: Database,
    pub desks: Desks,
    pub web: Web,
    /// How often citizens may ask.
    pub public: Limits,
    /// Who is told at once what units and citizens must know.
    pub webhooks: Vec<Endpoint>,
    /// Superiors to which results are pushed.
    pub upstream: Vec<Push>,
    /// How long what says who a citizen is is kept.
    pub retention: RetentionYears,
    /// Days for which desks keep what was said in orders that are over; `None`: for ever.
    pub desks_keep_days: Option<u32>,
    pub log: Log,
}

/// The door for desks.
#[derive(Debug, Clone)]
pub struct Desks {
    pub address: SocketAddr,
}

/// The door for browsers.
#[derive(Debug, Clone)]
pub struct Web {
    pub address: SocketAddr,
    /// What browsers trust; without it the door is open on loopback only.
    pub certificate: Option<WebCertificate>,
    /// Whether requests come by a proxy of the office's own, which names who asks.
    pub is_behind_proxy: bool,
    /// The folder of the built pages.
    pub ui: Option<PathBuf>,
}

/// Files in PEM.
#[derive(Debug, Clone)]
pub struct WebCertificate {
    pub chain: PathBuf,
    pub key: PathBuf,
}

/// What is written of what happens.
#[derive(Debug, Clone)]
pub struct Log {
    pub form: LogForm,
    /// As `tracing` reads it: `info`, `center_server=debug`…
    pub filter: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogForm {
    /// A line for people.
    Text,
    /// A line of JSON for programs.
    Json,
}

/// What a command line or the environment says instead of the file.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    pub file: Option<PathBuf>,
    pub database: Option<String>,
    pub desks: Option<String>,
    pub web: Option<String>,
    pub ui: Option<PathBuf>,
    pub log: Option<String>,
}

/// The file. A word that is not known is a mistake, not a wish.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    database: Option<String>,
    desks: WrittenDesks,
    web: WrittenWeb,
    public: WrittenPublic,
    webhook: Vec<WrittenWebhook>,
    upstream: Vec<WrittenUpstream>,
    retention: WrittenRetention,
    log: WrittenLog,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenDesks {
    address: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenWeb {
    address: Option<String>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    behind_proxy: bool,
    ui: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(
    clippy::struct_field_names,
    reason = "the file says what each number is of"
)]
struct WrittenPublic {
    questions_per_minute: Option<u32>,
    follows_per_minute: Option<u32>,
    open311_reads_per_minute: Option<u32>,
    open311_filings_per_minute: Option<u32>,
    data_reads_per_minute: Option<u32>,
}

/// In years.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenRetention {
    consultation: Option<u32>,
    ordinary: Option<u32>,
    sensitive: Option<u32>,
    desk_days: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenWebhook {
    name: String,
    url: String,
    secret_file: PathBuf,
    topics: Vec<Topic>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenUpstream {
    source: Source,
    url: String,
    token_file: PathBuf,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenLog {
    form: Option<LogForm>,
    filter: Option<String>,
}

impl Config {
    /// For a data folder, with everything else as it is when nobody set it.
    pub fn of(data: PathBuf) -> Self {
        Self {
            database: Database::Sqlite(data.join(DATABASE_FILE)),
            desks: Desks {
                address: SocketAddr::from(([0, 0, 0, 0], 8443)),
            },
            web: Web {
                address: SocketAddr::from(([127, 0, 0, 1], 8080)),
                certificate: None,
                is_behind_proxy: false,
                ui: None,
            },
            log: Log {
                form: LogForm::Text,
                filter: "info".to_owned(),
            },
            public: Limits::USUAL,
            webhooks: Vec::new(),
            upstream: Vec::new(),
            retention: RetentionYears::default(),
            desks_keep_days: Some(DESKS_KEEP_DAYS),
            data,
        }
    }

    /// Reads the file of the data folder, if there is one, and what stands over it.
    pub fn read(data: PathBuf, overrides: Overrides) -> Result<Self> {
        let named = overrides.file.clone();
        let path = named.clone().unwrap_or_else(|| data.join(CONFIG_FILE));
        let written = match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text)
                .with_context(|| format!("配置文件 {} 有误", path.display()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => {
                Written::default()
            }
            Err(error) => {
                return Err(error).with_context(|| format!("读取配置文件 {}", path.display()));
            }
        };
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        Self::of(data)
            .with(written, &folder)?
            .over(overrides)?
            .sound()
    }

    /// The same with what the file says; its paths are seen from where it stands.
    fn with(mut self, written: Written, folder: &Path) -> Result<Self> {
        if let Some(database) = written.database {
            self.database = Database::parse(&database)?;
        }
        if let Some(address) = written.desks.address {
            self.desks.address = address_of(&address)?;
        }
        if let Some(address) = written.web.address {
            self.web.address = address_of(&address)?;
        }
        let from = |path: PathBuf| folder.join(path);
        self.web.certificate = match (written.web.certificate, written.web.key) {
            (Some(chain), Some(key)) => Some(WebCertificate {
                chain: from(chain),
                key: from(key),
            }),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => {
                bail!("[web] 的 certificate 和 key 要么都填，要么都不填")
            }
        };
        self.web.is_behind_proxy = written.web.behind_proxy;
        self.web.ui = written.web.ui.map(from);
        self.public = written.public.limits()?;
        self.retention = written.retention.years()?;
        self.desks_keep_days = written.retention.days_at_desks()?;
        self.webhooks = written
            .webhook
            .into_iter()
            .map(|webhook| webhook.read(folder))
            .collect::<Result<_>>()?;
        let mut names: Vec<&str> = self.webhooks.iter().map(|it| it.name.as_str()).collect();
        names.sort_unstable();
        ensure!(
            names.windows(2).all(|two| two.first() != two.last()),
            "两个 [[webhook]] 的 name 相同"
        );
        self.upstream = written
            .upstream
            .into_iter()
            .map(|upstream| upstream.read(folder))
            .collect::<Result<_>>()?;
        if let Some(form) = written.log.form {
            self.log.form = form;
        }
        if let Some(filter) = written.log.filter {
            self.log.filter = filter;
        }
        Ok(self)
    }

    fn over(mut self, overrides: Overrides) -> Result<Self> {
        if let Some(database) = overrides.database {
            self.database = Database::parse(&database)?;
        }
        if let Some(address) = overrides.desks {
            self.desks.address = address_of(&address)?;
        }
        if let Some(address) = overrides.web {
            self.web.address = address_of(&address)?;
        }
        if let Some(ui) = overrides.ui {
            self.web.ui = Some(ui);
        }
        match overrides.log.as_deref() {
            None => {}
            Some("json") => self.log.form = LogForm::Json,
            Some("text") => self.log.form = LogForm::Text,
            Some(other) => bail!("日志格式应为 text 或 json，不是 {other}"),
        }
        Ok(self)
    }

    /// Nobody's password crosses a network in the open.
    fn sound(self) -> Result<Self> {
        ensure!(
            self.web.certificate.is_some() || self.web.address.ip().is_loopback(),
            "网页服务没有证书时只能监听本机地址（127.0.0.1），不能是 {}",
            self.web.address
        );
        Ok(self)
    }
}

impl Overrides {
    /// What the environment says, as `variable` reads it.
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let read = |name: &str| variable(&format!("{ENVIRONMENT}{name}"));
        Self {
            file: read("CONFIG").map(PathBuf::from),
            database: read("DATABASE"),
            desks: read("DESKS"),
            web: read("WEB"),
            ui: read("UI").map(PathBuf::from),
            log: read("LOG"),
        }
    }

    /// The same with what `flags` say instead.
    #[must_use]
    pub fn under(self, flags: Self) -> Self {
        Self {
            file: flags.file.or(self.file),
            database: flags.database.or(self.database),
            desks: flags.desks.or(self.desks),
            web: flags.web.or(self.web),
            ui: flags.ui.or(self.ui),
            log: flags.log.or(self.log),
        }
    }
}

impl WrittenRetention {
    fn years(&self) -> Result<RetentionYears> {
        let usual = RetentionYears::default();
        let years = RetentionYears {
            consultation: self.consultation.unwrap_or(usual.consultation),
            ordinary: self.ordinary.unwrap_or(usual.ordinary),
            sensitive: self.sensitive.unwrap_or(usual.sensitive),
        };
        ensure!(
            years.is_sound(),
            "[retention] 的年限应为 1 至 {RETENTION_MAX_YEARS} 年"
        );
        Ok(years)
    }

    /// 0 is for ever.
    fn days_at_desks(&self) -> Result<Option<u32>> {
        let days = self.desk_days.unwrap_or(DESKS_KEEP_DAYS);
        ensure!(
            days == 0 || days >= DESKS_KEEP_MIN_DAYS,
            "[retention] 的 desk_days 应为 0（不移出）或不少于 {DESKS_KEEP_MIN_DAYS} 天"
        );
        Ok((days > 0).then_some(days))
    }
}

impl WrittenPublic {
    fn limits(&self) -> Result<Limits> {
        let usual = Limits::USUAL;
        let limits = Limits {
            questions_per_minute: self
                .questions_per_minute
                .unwrap_or(usual.questions_per_minute),
            follows_per_minute: self.follows_per_minute.unwrap_or(usual.follows_per_minute),
            open311_reads_per_minute: self
                .open311_reads_per_minute
                .unwrap_or(usual.open311_reads_per_minute),
            open311_filings_per_minute: self
                .open311_filings_per_minute
                .unwrap_or(usual.open311_filings_per_minute),
            data_reads_per_minute: self
                .data_reads_per_minute
                .unwrap_or(usual.data_reads_per_minute),
        };
        ensure!(
            limits.questions_per_minute > 0
                && limits.follows_per_minute > 0
                && limits.open311_reads_per_minute > 0
                && limits.open311_filings_per_minute > 0
                && limits.data_reads_per_minute > 0,
            "[public] 的每分钟次数应大于 0"
        );
        Ok(limits)
    }
}

impl WrittenWebhook {
    fn read(self, folder: &Path) -> Result<Endpoint> {
        let Self { name, url, .. } = self;
        let is_name = name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        ensure!(
            is_name && (1..=32).contains(&name.len()),
            "[[webhook]] 的 name 应为 1 至 32 个字母、数字、- 或 _，不是 {name}"
        );
        let secret = Secret::read(&secret_of(folder, &self.secret_file)?);
        let secret = secret.with_context(|| format!("[[webhook]] {name} 的密钥文件有误"))?;
        Ok(Endpoint {
            url: sound_url(url)?,
            name,
            secret,
            topics: self.topics,
        })
    }
}

impl WrittenUpstream {
    fn read(self, folder: &Path) -> Result<Push> {
        ensure!(
            upstream::superior(self.source).is_some(),
            "[[upstream]] 的 source 应为 city、province 或 sichuan_chongqing"
        );
        let token = secret_of(folder, &self.token_file)?;
        let is_token = token.chars().all(|c| c.is_ascii_graphic());
        ensure!(
            is_token && (1..=500).contains(&token.len()),
            "[[upstream]] 的令牌文件应只有一行令牌"
        );
        Ok(Push {
            source: self.source,
            url: sound_url(self.url)?,
            token: Token(token),
        })
    }
}

/// What stands in a file of its own, so that the configuration can be shown around.
fn secret_of(folder: &Path, file: &Path) -> Result<String> {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path);
    let text = text.with_context(|| format!("读取密钥文件 {}", path.display()))?;
    Ok(text.trim().to_owned())
}

/// What is told there has telephone numbers in it: not in the open, but to this computer.
fn sound_url(url: String) -> Result<String> {
    let is_own = ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"];
    ensure!(
        url.starts_with("https://") || is_own.iter().any(|own| url.starts_with(own)),
        "地址应以 https:// 开头（本机可用 http://127.0.0.1:端口），不是 {url}"
    );
    Ok(url)
}

fn address_of(text: &str) -> Result<SocketAddr> {
    let address = text.parse();
    address.with_context(|| format!("{text} 不是地址；应为“IP:端口”，例如 0.0.0.0:8443"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, overrides: Overrides) -> Result<Config> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(CONFIG_FILE), text).unwrap();
        Config::read(folder.path().to_owned(), overrides)
    }

    #[test]
    fn the_flags_stand_over_the_environment_and_that_over_the_file() {
        let text = "
            [desks]
            address = '10.0.0.1:1'
            [web]
            address = '127.0.0.1:1'
            ui = 'pages'
            [log]
            form = 'json'
        ";
        let environment = Overrides::of_environment(|name| match name {
            "HOTLINE_CENTER_DESKS" => Some("10.0.0.1:2".to_owned()),
            "HOTLINE_CENTER_WEB" => Some("127.0.0.1:2".to_owned()),
            _ => None,
        });
        let flags = Overrides {
            web: Some("127.0.0.1:3".to_owned()),
            ..Overrides::default()
        };
        let config = read(text, environment.under(flags)).unwrap();
        assert_eq!(config.desks.address.port(), 2);
        assert_eq!(config.web.address.port(), 3);
        assert_eq!(config.log.form, LogForm::Json);
        assert_eq!(config.web.ui, Some(config.data.join("pages")));
        assert_eq!(config.log.filter, "info");
    }

    #[test]
    fn how_long_is_kept_is_set_in_years_and_at_desks_in_days() {
        let text = "[retention]\nordinary = 4\ndesk_days = 90";
        let config = read(text, Overrides::default()).unwrap();
        assert_eq!(config.retention.ordinary, 4);
        assert_eq!(config.retention.sensitive, 5);
        assert_eq!(config.desks_keep_days, Some(90));
        let for_ever = read("[retention]\ndesk_days = 0", Overrides::default());
        assert_eq!(for_ever.unwrap().desks_keep_days, None);
    }

    #[test]
    fn mistakes_are_told() {
        for text in [
            "[web]\naddress = '0.0.0.0:80'",
            "[web]\naddress = '8080'",
            "[web]\ncertificate = 'x.pem'",
            "[wep]\n",
            "[log]\nform = 'xml'",
            "database = 'mysql://x'",
            "=",
            "[retention]\nordinary = 0",
            "[retention]\nsensitive = 31",
            "[retention]\ndesk_days = 30",
        ] {
            assert!(read(text, Overrides::default()).is_err(), "{text}");
        }
        let named = Overrides {
            file: Some(PathBuf::from("missing.toml")),
            ..Overrides::default()
        };
        assert!(read("", named).is_err());
    }
}
