//! First start, unlocking, and what to do about a store that cannot be read.

use std::sync::Arc;

use desk_store::{DatabaseKey, KeyError, KeySlots, MetaKey, OpenError, Store, StoreFault};
use domain::work_order::{CommandKind, commands_of};
use domain::{Actor, ActorId, Role};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::audit;
use crate::desk::Desk;
use crate::error::CallError;
use crate::host::{Closed, DeskHost, State};
use crate::permission;
use crate::samples;
use crate::sign_in::{Attempt, Post};
use crate::sync_state::{self, StruckOff};
use crate::text;

/// 工作站编号 of a desk that no center has enrolled.
const DESK_CODE: &str = "W01";
/// The longest name or number of a person, in characters.
const NAME_MAX_CHARS: usize = 30;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    FirstStart,
    Locked,
    Damaged,
    Ready,
    /// The desk belongs to a center and nobody is signed in.
    SignedOut,
    /// The person who is signed in has locked it, or did not touch it for long.
    ScreenLocked,
    /// Signed in, but the password must be changed first.
    PasswordDue,
}

/// Where the key came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeySource {
    /// The key ring of the system keeps the key: no question at start.
    Keyring,
    /// The passphrase is asked for at each start.
    Passphrase,
}

/// The person at the desk.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Operator {
    pub number: String,
    pub name: String,
    pub roles: Vec<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct AppState {
    pub phase: Phase,
    /// Why the desk is locked or damaged, for the person.
    pub message: Option<String>,
    pub data_folder: String,
    pub version: String,
    pub operator: Option<Operator>,
    /// The calls that this person may make; what is not among them is not offered.
    pub may: Vec<&'static str>,
    /// 岗位命令: the commands on orders that this person may give at all.
    #[ts(type = "Array<CommandKind>")]
    pub gives: Vec<CommandKind>,
    pub key_holder: KeySource,
    /// Whether people sign in here.
    pub signs_in: bool,
    /// 离线登录: the center has not been asked who this is.
    pub is_offline_sign_in: bool,
    pub attempt: AttemptState,
    /// How the last attempt ended, for the person.
    pub attempt_message: Option<String>,
    /// 待接班: who has written a hand-over that nobody has confirmed.
    pub hand_over_from: Option<String>,
    /// When it is said that the desk will lock itself, and when it will: UTC milliseconds.
    pub idle_warn_at: Option<i64>,
    pub idle_lock_at: Option<i64>,
    /// 登录满时: whether it will lock whatever is touched, since the sign-in has lasted long enough.
    pub is_session_ending: bool,
    /// 未获准: the center does not know this desk any more, and nobody is let in.
    pub struck_off: Option<StruckOff>,
}

/// 登录 or 改密 under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AttemptState {
    None,
    Under,
    Failed,
    Done,
}

#[derive(Clone, Deserialize, TS)]
pub struct SetUp {
    pub passphrase: String,
    pub operator_name: String,
    pub operator_number: String,
    pub with_samples: bool,
}

/// 岗位: what the person at the desk does there; each stands for the roles it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// 受理: takes calls and dispatches.
    Intake,
    /// 知识编辑.
    KnowledgeEditing,
    /// 知识审核.
    KnowledgeReview,
}

impl Duty {
    fn roles(self) -> &'static [Role] {
        match self {
            Self::Intake => &[Role::Operator, Role::Dispatcher],
            Self::KnowledgeEditing => &[Role::KbEditor],
            Self::KnowledgeReview => &[Role::KbReviewer],
        }
    }
}

#[derive(Clone, Deserialize, TS)]
pub struct ChangeOperator {
    pub operator_name: String,
    pub operator_number: String,
    /// At least one.
    pub duties: Vec<Duty>,
}

#[derive(Clone, Deserialize, TS)]
pub struct Unlock {
    pub passphrase: String,
}

impl Operator {
    pub(crate) fn of(actor: &Actor) -> Self {
        Self {
            number: actor.id.0.clone(),
            name: actor.name.clone(),
            roles: actor
                .roles
                .iter()
                .map(|role| text::role(*role).to_owned())
                .collect(),
        }
    }
}

/// Where the program stands: the first question of every window.
pub(crate) fn app_state(host: &DeskHost, (): ()) -> Result<AppState, CallError> {
    let desk = host.desk().ok();
    let signs_in = desk.as_ref().is_some_and(|desk| desk.link.is_enrolled());
    if let Some(desk) = desk.as_ref().filter(|_| signs_in) {
        host.office.lock_if_due(desk, host.clock().now());
    }
    let session = host.office.session();
    let (phase, message) = match host.closed() {
        None if signs_in => (phase_of(session.post), session.message.clone()),
        None => (Phase::Ready, None),
        Some(Closed::FirstStart) => (Phase::FirstStart, None),
        Some(Closed::Locked { message }) => (Phase::Locked, message),
        Some(Closed::Damaged { message }) => (Phase::Damaged, Some(message)),
    };
    let (attempt, attempt_message) = match &session.attempt {
        Attempt::None => (AttemptState::None, None),
        Attempt::Under => (AttemptState::Under, None),
        Attempt::Failed { message } => (AttemptState::Failed, Some(message.clone())),
        Attempt::Done { message } => (AttemptState::Done, Some(message.clone())),
    };
    let person = match (&desk, signs_in) {
        (Some(_), true) => session.person.clone(),
        (Some(desk), false) => Some(desk.operator.clone()),
        (None, _) => None,
    };
    let locking = session.locking().filter(|_| signs_in);
    let is_offline_sign_in = session.is_offline;
    drop(session);
    let open_hand_over = match desk.as_ref().filter(|_| signs_in) {
        Some(desk) => desk.store.read(|reader| Ok(reader.open_hand_over()?))?,
        None => None,
    };
    let struck_off = desk.as_deref().and_then(sync_state::at_the_door);
    Ok(AppState {
        phase,
        message,
        struck_off,
        data_folder: host.folder.display().to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        operator: person.as_ref().map(Operator::of),
        may: permission::permitted(&host.office.roles().unwrap_or_default(), signs_in),
        gives: person
            .as_ref()
            .map_or_else(Vec::new, |person| commands_of(person).collect()),
        key_holder: desk.map_or(KeySource::Passphrase, |desk| desk.key_source),
        signs_in,
        is_offline_sign_in,
        attempt,
        attempt_message,
        hand_over_from: open_hand_over.map(|it| format!("{} {}", it.from_name, it.from.0)),
        idle_warn_at: locking.map(|it| it.warn_at.timestamp_millis()),
        idle_lock_at: locking.map(|it| it.lock_at.timestamp_millis()),
        is_session_ending: locking.is_some_and(|it| it.is_fixed),
    })
}

fn phase_of(post: Post) -> Phase {
    match post {
        Post::Nobody => Phase::SignedOut,
        Post::Locked => Phase::ScreenLocked,
        Post::MustChange => Phase::PasswordDue,
        Post::Present => Phase::Ready,
    }
}

/// 首次启动: makes the key, the store and the person at the desk.
pub(crate) fn set_up(host: &DeskHost, request: SetUp) -> Result<AppState, CallError> {
    if host.closed() != Some(Closed::FirstStart) {
        return Err(CallError::invalid("本机已经设置过了。"));
    }
    let operator = operator(
        &request.operator_name,
        &request.operator_number,
        &[Duty::Intake],
    )?;
    std::fs::create_dir_all(&host.folder).map_err(|error| {
        CallError::invalid(format!(
            "不能建立数据文件夹 {}：{error}。",
            host.folder.display()
        ))
    })?;
    let (slots, key) = KeySlots::create(&host.folder, &request.passphrase).map_err(key_error)?;
    let store =
        Store::open(&host.folder, &key).map_err(|error| CallError::invalid(open_text(&error)))?;
    let operator_json = serde_json::to_string(&operator).map_err(anyhow::Error::from)?;
    store.commit(|writer| -> Result<(), StoreFault> {
        writer.set_meta(MetaKey::DeskCode, DESK_CODE)?;
        writer.set_meta(MetaKey::Operator, &operator_json)
    })?;
    if request.with_samples {
        samples::put_samples(&store)?;
    }
    host.open_desk(store, host.keep_in_keyring(&slots, &key))?;
    app_state(host, ())
}

/// 换人 at a desk without a center: who it is, is as it was said.
pub(crate) fn change_operator(
    host: &DeskHost,
    request: ChangeOperator,
) -> Result<AppState, CallError> {
    if request.duties.is_empty() {
        return Err(CallError::invalid("请至少选择一个岗位。"));
    }
    let desk = host.desk()?;
    if desk.link.is_enrolled() {
        return Err(CallError::invalid("本机已登记到中心，请由接手的人登录。"));
    }
    let operator = operator(
        &request.operator_name,
        &request.operator_number,
        &request.duties,
    )?;
    let operator_json = serde_json::to_string(&operator).map_err(anyhow::Error::from)?;
    desk.store.commit(|writer| -> Result<(), StoreFault> {
        writer.set_meta(MetaKey::Operator, &operator_json)
    })?;
    tracing::info!(
        operator = operator.id.0,
        "another person took the desk over"
    );
    host.office.replace(|desk| desk.with_operator(operator, ""));
    app_state(host, ())
}

/// 解锁 with the passphrase.
pub(crate) fn unlock(host: &DeskHost, request: Unlock) -> Result<AppState, CallError> {
    if !matches!(host.closed(), Some(Closed::Locked { .. })) {
        return app_state(host, ());
    }
    let slots = KeySlots::load(&host.folder).map_err(key_error)?;
    let key = slots
        .unlock_with_passphrase(&request.passphrase)
        .map_err(key_error)?;
    host.open_with(&key, KeySource::Passphrase);
    app_state(host, ())
}

/// 重试 after what was damaged may have been restored.
pub(crate) fn retry_open(host: &DeskHost, (): ()) -> Result<AppState, CallError> {
    if matches!(host.closed(), Some(Closed::Damaged { .. })) {
        host.try_open_without_passphrase();
    }
    app_state(host, ())
}

/// 保留损坏文件，另建新库: moves what cannot be read aside, whole, and starts anew.
pub(crate) fn set_damaged_aside(host: &DeskHost, (): ()) -> Result<AppState, CallError> {
    if !matches!(host.closed(), Some(Closed::Damaged { .. })) {
        return Err(CallError::invalid("数据库没有损坏，不需要另建。"));
    }
    let folder = Store::set_aside(&host.folder, host.clock().now())
        .map_err(|error| CallError::invalid(format!("不能移走原文件：{error}。原文件未改动。")))?;
    tracing::warn!(folder = %folder.display(), "the damaged store was set aside");
    host.set_state(State::Closed(Closed::FirstStart));
    app_state(host, ())
}

impl DeskHost {
    /// Opens the store when the key ring has the key; otherwise says what is wanted.
    pub(crate) fn try_open_without_passphrase(&self) {
        if !KeySlots::exists(&self.folder) {
            self.set_state(State::Closed(self.without_keys()));
            return;
        }
        let key = KeySlots::load(&self.folder)
            .and_then(|slots| slots.unlock_from_keyring(self.keyring.as_ref()));
        match key {
            Ok(Some(key)) => self.open_with(&key, KeySource::Keyring),
            Ok(None) => self.set_state(State::Closed(Closed::Locked { message: None })),
            Err(error) => {
                let message = key_text(&error);
                self.set_state(State::Closed(Closed::Damaged { message }));
            }
        }
    }

    /// No key file: a first start, unless there is a store that has lost its keys.
    fn without_keys(&self) -> Closed {
        if self.folder.join("desk.db").exists() {
            Closed::Damaged {
                message: key_text(&KeyError::SlotsMissing),
            }
        } else {
            Closed::FirstStart
        }
    }

    /// Gives the key to the keyring, where there is one; who holds it from now on.
    fn keep_in_keyring(&self, slots: &KeySlots, key: &DatabaseKey) -> KeySource {
        if slots.put_in_keyring(key, self.keyring.as_ref()) {
            KeySource::Keyring
        } else {
            KeySource::Passphrase
        }
    }

    /// Opens the store with a key that is known to be right.
    fn open_with(&self, key: &DatabaseKey, key_source: KeySource) {
        let opened = Store::open(&self.folder, key)
            .map_err(|error| open_text(&error))
            .and_then(|store| {
                self.open_desk(store, key_source)
                    .map_err(|error| text::error(&error, "—"))
            });
        if let Err(message) = opened {
            tracing::error!(message, "the store could not be opened");
            self.set_state(State::Closed(Closed::Damaged { message }));
        }
    }

    fn open_desk(&self, store: Store, key_source: KeySource) -> Result<(), CallError> {
        let (desk, beginning) =
            Desk::open(&self.folder, store, key_source, &self.office, &self.network)?;
        let link = Arc::clone(&desk.link);
        // A disk that is full refuses what is done and read from here on; it must still open.
        if let Err(error) = audit::open_record(&desk) {
            tracing::error!(%error, "that the store was opened is not recorded");
        }
        // Only then does sync find the desk that it draws for.
        self.set_state(State::Open(Arc::new(desk)));
        link.start(beginning)?;
        Ok(())
    }
}

fn operator(name: &str, number: &str, duties: &[Duty]) -> Result<Actor, CallError> {
    let (name, number) = (name.trim(), number.trim());
    for (label, text) in [("姓名", name), ("工号", number)] {
        if text.is_empty() {
            return Err(CallError::invalid(format!("请填写{label}。")));
        }
        if text.chars().count() > NAME_MAX_CHARS {
            return Err(CallError::invalid(format!(
                "{label}最多 {NAME_MAX_CHARS} 字。"
            )));
        }
    }
    Ok(Actor {
        id: ActorId(number.to_owned()),
        name: name.to_owned(),
        roles: duties
            .iter()
            .flat_map(|duty| duty.roles())
            .copied()
            .collect(),
        unit: None,
    })
}

fn key_error(error: KeyError) -> CallError {
    match error {
        KeyError::WrongPassphrase
        | KeyError::PassphraseTooShort { .. }
        | KeyError::SlotsMissing
        | KeyError::SlotsDamaged { .. } => CallError::invalid(key_text(&error)),
        KeyError::Storage(error) => CallError::Fault(error.into()),
    }
}

fn key_text(error: &KeyError) -> String {
    match error {
        KeyError::WrongPassphrase => "开机口令不对，请重新输入。".to_owned(),
        KeyError::PassphraseTooShort { min_chars } => format!("开机口令至少 {min_chars} 个字符。"),
        KeyError::SlotsMissing => {
            "找不到密钥文件 keys.json，无法打开已有的数据库。请从备份恢复该文件后重试，数据库原文件未改动。"
                .to_owned()
        }
        KeyError::SlotsDamaged { .. } => {
            "密钥文件 keys.json 已损坏，无法打开数据库。请从备份恢复该文件后重试，数据库原文件未改动。"
                .to_owned()
        }
        KeyError::Storage(error) => format!("读写密钥文件时出错：{error}。"),
    }
}

fn open_text(error: &OpenError) -> String {
    match error {
        OpenError::Damaged { .. } => {
            "本机数据库已损坏，打不开。原文件未作任何改动。可从备份恢复后重试，或保留损坏文件、另建新库继续受理。"
                .to_owned()
        }
        OpenError::AnotherProgram { .. } => "程序已在本机运行，请使用已打开的窗口。".to_owned(),
        OpenError::TooNew { .. } => {
            "数据库由更新版本的程序建立，请升级程序后再打开。原文件未改动。".to_owned()
        }
        OpenError::SqliteTooOld { found } => {
            format!("程序内的数据库组件版本过低（{found}），为免丢失数据，不予打开。")
        }
        OpenError::DiskFull => "磁盘已满，数据库打不开。请清理磁盘后重试。".to_owned(),
        OpenError::Storage(error) => format!("数据库打不开：{error:#}。原文件未改动。"),
    }
}
