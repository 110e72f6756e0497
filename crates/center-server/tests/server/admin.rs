//! The administrator at work: people, units, desks, the calendar, backups.

use std::path::Path;
use std::sync::Arc;

use center_server::account::TriedAt;
use center_server::admin::{AdminReply, AdminRequest, backup, execute};
use center_server::init::{self, People, SAMPLE_PASSWORD};
use center_server::{Clock, Config, Core};
use domain::calendar::{HolidayRun, YearNotice};
use domain::time_limit::LimitKind;
use domain::{ActorId, HandlingUnit, HandlingUnitId, Role};
use wire::{Answer, Cursor, DeskId, SignIn, Subject};

use crate::desk::dispatch;
use crate::house::{HERE, House, TestClock};

impl House {
    pub(crate) async fn told(&self, request: AdminRequest) -> AdminReply {
        execute(self.office(), request).await
    }

    pub(crate) async fn done(&self, request: AdminRequest) -> Vec<String> {
        let reply = self.told(request).await;
        assert!(reply.is_done, "{:?}", reply.lines);
        reply.lines
    }

    pub(crate) async fn refused(&self, request: AdminRequest) -> String {
        let reply = self.told(request).await;
        assert!(!reply.is_done, "{:?}", reply.lines);
        reply.lines.concat()
    }
}

fn number(number: &str) -> ActorId {
    ActorId(number.to_owned())
}

fn add(id: &str, name: &str, roles: &[Role], unit: Option<&str>) -> AdminRequest {
    AdminRequest::AddUser {
        number: number(id),
        name: name.to_owned(),
        roles: roles.to_vec(),
        unit: unit.map(|unit| HandlingUnitId(unit.to_owned())),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_come_change_and_go() {
    let house = House::open().await;
    let lines = house.done(add("9001", "周敏", &[Role::Admin], None)).await;
    let password = lines.concat();
    let password = password.split('：').nth(1).unwrap();
    let password: String = password.chars().take_while(|it| *it != '（').collect();
    let who = SignIn {
        person: "9001".to_owned(),
        password,
    };
    let signed_in = house
        .office()
        .sign_in(who.clone(), HERE, TriedAt::Desk)
        .await
        .unwrap();
    assert!(signed_in.unwrap().must_change);

    for (request, because) in [
        (
            add("9001", "周敏", &[Role::Admin], None),
            "工号 9001 已有人使用",
        ),
        (add("?", "周敏", &[Role::Admin], None), "不可用"),
        (add("9002", " ", &[Role::Admin], None), "姓名"),
        (add("9002", "李", &[], None), "至少要有一个角色"),
        (add("9002", "李", &[Role::Center], None), "中心自身"),
        (add("9002", "李", &[Role::Liaison], None), "--unit"),
        (add("9002", "李", &[Role::Operator], Some("水务")), "--unit"),
        (
            add("9002", "李", &[Role::Liaison], Some("无")),
            "没有编号为 无",
        ),
        (
            AdminRequest::DisableUser {
                number: number("9001"),
            },
            "最后一名系统管理员",
        ),
        (
            AdminRequest::DisableUser {
                number: number("center"),
            },
            "没有工号",
        ),
        (
            AdminRequest::ResetPassword {
                number: number("7"),
            },
            "没有工号",
        ),
    ] {
        let told = house.refused(request).await;
        assert!(told.contains(because), "{told}");
    }

    house
        .done(AdminRequest::ChangeRoles {
            number: number("1001"),
            roles: vec![Role::Dispatcher],
            unit: None,
        })
        .await;
    let references = house.office().references();
    let member = references.staff().iter().find(|it| it.actor.id.0 == "1001");
    let member = member.unwrap();
    assert_eq!(member.actor.roles, [Role::Dispatcher]);
    assert_eq!(member.former_roles, [Role::Operator]);

    let (one, other) = (number("1001"), number("1002"));
    let disabling = AdminRequest::DisableUser {
        number: one.clone(),
    };
    house.done(disabling).await;
    let list = house.done(AdminRequest::ListUsers).await;
    assert!(
        list.iter().any(|line| line == "1001\t李明\t停用\t调度员\t"),
        "{list:?}"
    );
    house.done(AdminRequest::EnableUser { number: one }).await;
    house
        .done(AdminRequest::ResetPassword { number: other })
        .await;
    assert_eq!(house.done(AdminRequest::ListUsers).await.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn units_come_whole_and_nobody_is_left_behind() {
    let house = House::open().await;
    let unit = |id: &str| HandlingUnit {
        id: HandlingUnitId(id.to_owned()),
        name: format!("县{id}局"),
        aliases: vec![format!("{id}局")],
        group: "县级部门".to_owned(),
    };
    for (units, because) in [
        (vec![], "为空"),
        (vec![unit("水务"), unit("水务")], "出现了两次"),
        (vec![unit("教育")], "1 名在用人员"),
    ] {
        let told = house.refused(AdminRequest::ImportUnits { units }).await;
        assert!(told.contains(because), "{told}");
    }
    let units = vec![unit("水务"), unit("交通")];
    house.done(AdminRequest::ImportUnits { units }).await;
    let list = house.done(AdminRequest::ListUnits).await;
    assert_eq!(
        list,
        [
            "交通\t县交通局\t县级部门\t交通局",
            "水务\t县水务局\t县级部门\t水务局"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_is_announced_once() {
    let house = House::open().await;
    let date = |day| chrono::NaiveDate::from_ymd_opt(2027, 1, day).unwrap();
    let notice = YearNotice {
        year: 2027,
        document: "国办发明电〔2026〕7号".to_owned(),
        holidays: vec![HolidayRun {
            name: "元旦".to_owned(),
            first: date(1),
            last: date(3),
        }],
        make_up_workdays: Vec::new(),
    };
    let announcing = AdminRequest::Announce { notice };
    house.done(announcing.clone()).await;
    let told = house.refused(announcing).await;
    assert!(told.contains("2027 年已按"), "{told}");
    let house = house.again().await;
    let years = house.done(AdminRequest::ListCalendar).await;
    assert_eq!(years.last().unwrap(), "2027\t国办发明电〔2026〕7号");
    let references = house.office().references();
    let calendar = house.office().ground(&references).calendar;
    assert!(!calendar.is_working_day(date(1)));
    let rules = house.done(AdminRequest::ListRuleSets).await;
    assert!(rules.len() > 20, "{rules:?}");
}

/// 边界㉔: what runs over days that were announced off meanwhile is counted anew, in the order's own story.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_over_is_counted_anew_when_days_are_announced() {
    let house = House::open().await;
    // Wednesday, 30 December.
    house.clock.seconds_later(37 * 24 * 3_600);
    let mut desk = house.desk().await;
    let register = desk.register(1);
    let subject = register.subject.clone();
    let dispatch = desk.intent(&subject, 1, dispatch("水务"));
    let push = desk.push(vec![register, dispatch]);
    let pushed = house.line(&desk).await.ask(&push).await;
    assert!(matches!(pushed, Answer::Pushed(_)));
    let due_at = async || {
        let order = house.office().subject(&subject).await.unwrap();
        let order = order.as_ref().and_then(Subject::order).unwrap();
        let mut assignments = order.assignments.iter();
        let handle = assignments.find_map(|it| it.running_limit(LimitKind::Handle));
        handle.map(|limit| limit.due_at.to_rfc3339())
    };
    let mut head = house.office().head();
    while due_at().await.is_none() {
        head.changed().await.unwrap();
    }
    // Five working days, as if Friday, the first of January, were one.
    assert_eq!(due_at().await.unwrap(), "2027-01-06T16:00:00+00:00");

    let date = |day| chrono::NaiveDate::from_ymd_opt(2027, 1, day).unwrap();
    let notice = YearNotice {
        year: 2027,
        document: "国办发明电〔2026〕7号".to_owned(),
        holidays: vec![HolidayRun {
            name: "元旦".to_owned(),
            first: date(1),
            last: date(3),
        }],
        make_up_workdays: Vec::new(),
    };
    house.done(AdminRequest::Announce { notice }).await;
    while due_at().await.unwrap() != "2027-01-07T16:00:00+00:00" {
        head.changed().await.unwrap();
    }
    // Once: not again when the rows are drawn anew.
    let n_entries = house.entries().await.len();
    let house = house
        .again_after(|folder| {
            let database = rusqlite::Connection::open(folder.join("center.db")).unwrap();
            let sql = "DELETE FROM record WHERE kind = 'follower'";
            assert_eq!(database.execute(sql, []).unwrap(), 1);
        })
        .await;
    house.office().drawn_to(n_entries as u64).await;
    assert_eq!(house.entries().await.len(), n_entries);
}

#[tokio::test(flavor = "multi_thread")]
async fn desks_are_listed_and_struck_off() {
    let house = House::open().await;
    let code = house.done(AdminRequest::AllowEnrolment).await;
    assert!(code[0].starts_with("登记码："));
    let desk = house.desk().await;
    let revoking = AdminRequest::RevokeDesk {
        desk: desk.id.clone(),
    };
    house.done(revoking).await;
    let list = house.done(AdminRequest::ListDesks).await;
    assert!(
        list[0].starts_with(&format!("{}\t已注销\t一号机", desk.id.0)),
        "{list:?}"
    );
    let nobody = DeskId("W99".to_owned());
    house
        .refused(AdminRequest::RevokeDesk { desk: nobody })
        .await;
    let status = house.done(AdminRequest::Status).await;
    assert!(status.contains(&"在用工作站\t0".to_owned()), "{status:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_exported_is_the_feed_and_damage_is_found() {
    let house = House::open().await;
    let to = house.folder.path().join("feed.jsonl");
    let exporting = AdminRequest::Export { to: to.clone() };
    house.done(exporting.clone()).await;
    house.refused(exporting).await;
    let text = std::fs::read_to_string(&to).unwrap();
    let entries = house.entries().await;
    let lines: Vec<wire::Entry> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines, entries);
    house.done(AdminRequest::Verify).await;
    let house = house
        .again_after(|folder| {
            let database = rusqlite::Connection::open(folder.join("center.db")).unwrap();
            let sql = "UPDATE entry SET recorded_at = recorded_at + 1 WHERE seq = 2";
            assert_eq!(database.execute(sql, []).unwrap(), 1);
        })
        .await;
    let told = house.refused(AdminRequest::Verify).await;
    assert!(told.contains("2 was changed"), "{told}");
}

fn only_backup(folder: &Path) -> std::path::PathBuf {
    let found = std::fs::read_dir(folder).unwrap();
    let mut found = found
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap() != "blobs");
    let one = found.next().unwrap();
    assert_eq!(found.next(), None);
    one
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_comes_back_as_a_new_epoch_and_desks_send_the_rest() {
    let house = House::open().await;
    let backups = tempfile::tempdir().unwrap();
    let mut desk = house.desk().await;
    let first = vec![desk.register(1)];
    let first = desk.push(first);
    let mut line = house.line(&desk).await;
    let Answer::Pushed(pushed) = line.ask(&first).await else {
        panic!("not pushed");
    };
    assert_eq!(pushed.durable_seq, 0);
    let to = backups.path().to_owned();
    let missing = AdminRequest::Backup {
        to: to.join("missing"),
        is_off_machine: true,
    };
    house.refused(missing).await;
    let backing_up = AdminRequest::Backup {
        to,
        is_off_machine: true,
    };
    house.done(backing_up).await;
    let n_backed_up = pushed.feed.seq;
    let after = vec![desk.register(2)];
    let after = desk.push(after);
    let Answer::Pushed(pushed) = line.ask(&after).await else {
        panic!("not pushed");
    };
    assert_eq!(pushed.durable_seq, n_backed_up);
    let (epoch, cursor) = (pushed.epoch, pushed.feed);

    let backup = only_backup(backups.path());
    let told = backup::restore(
        &backup,
        None,
        &Config::of(house.folder.path().to_owned()),
        &*house.clock,
    );
    assert!(told.unwrap_err().to_string().contains("正在运行"));
    house.clock.seconds_later(60);
    let clock = std::sync::Arc::clone(&house.clock);
    let house = house
        .again_after(move |data| {
            let config = Config::of(data.to_owned());
            let lines = backup::restore(&backup, None, &config, &*clock).unwrap();
            assert!(lines[1].contains("set-aside-"), "{lines:?}");
        })
        .await;

    let mut line = house.line(&desk).await;
    let Answer::Rewind(rewind) = line.ask(&desk.pull(epoch, cursor)).await else {
        panic!("the epoch is another");
    };
    assert_eq!(rewind.to.seq, n_backed_up);
    let n_before = house.entries().await.len();
    for push in [&first, &after] {
        assert!(matches!(line.ask(push).await, Answer::Pushed(_)));
    }
    assert_eq!(house.entries().await.len(), n_before + 1);
    assert!(matches!(
        line.ask(&desk.pull(rewind.epoch, Cursor::START)).await,
        Answer::Page(_)
    ));
    house.done(AdminRequest::Verify).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_changes_nothing() {
    let house = House::open().await;
    let backups = tempfile::tempdir().unwrap();
    let backing_up = AdminRequest::Backup {
        to: backups.path().to_owned(),
        is_off_machine: false,
    };
    house.done(backing_up).await;
    let backup = only_backup(backups.path());
    let key = house.folder.path().join("backup.key");
    let n_entries = house.entries().await.len();
    for name in ["center.db", "authority.key", "manifest.json"] {
        let path = backup.join(name);
        let whole = std::fs::read(&path).unwrap();
        let mut damaged = whole.clone();
        let middle = damaged.len() / 2;
        damaged[middle] ^= 1;
        std::fs::write(&path, damaged).unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let told = backup::restore(
            &backup,
            Some(&key),
            &Config::of(elsewhere.path().to_owned()),
            &*house.clock,
        );
        assert!(told.is_err(), "{name}");
        assert!(!elsewhere.path().join("center.db").exists(), "{name}");
        let told = backup::drill(
            &backup,
            Some(&key),
            &Config::of(elsewhere.path().to_owned()),
        );
        assert!(told.is_err(), "{name}");
        std::fs::write(&path, whole).unwrap();
    }
    let elsewhere = tempfile::tempdir().unwrap();
    backup::restore(
        &backup,
        Some(&key),
        &Config::of(elsewhere.path().to_owned()),
        &*house.clock,
    )
    .unwrap();
    assert!(elsewhere.path().join("authority.key").exists());
    // The next backup there is sealed under the key that somebody keeps already.
    let kept = std::fs::read(elsewhere.path().join("backup.key")).unwrap();
    assert_eq!(kept, std::fs::read(&key).unwrap());
    assert_eq!(house.entries().await.len(), n_entries);
}

/// Every file under a folder.
fn files_under(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_under(&path));
        } else {
            files.push(path);
        }
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_read_by_nobody_who_has_not_its_key() {
    let house = House::open().await;
    let mut desk = house.desk().await;
    let first = vec![desk.register(1)];
    let first = desk.push(first);
    let mut line = house.line(&desk).await;
    assert!(matches!(line.ask(&first).await, Answer::Pushed(_)));
    let attachment = "王建国家门口的照片".repeat(9_000);
    let name = wire::Hash::of(attachment.as_bytes()).to_string();
    let beside: String = name.chars().take(2).collect();
    let blobs = house.folder.path().join("blobs").join(&beside);
    std::fs::create_dir_all(&blobs).unwrap();
    std::fs::write(blobs.join(&name), &attachment).unwrap();
    let backups = tempfile::tempdir().unwrap();
    let backing_up = AdminRequest::Backup {
        to: backups.path().to_owned(),
        is_off_machine: false,
    };
    let told = house.done(backing_up.clone()).await;
    assert!(told[1].contains("没有密钥，备份打不开"), "{told:?}");
    let files = files_under(backups.path());
    assert!(files.len() >= 5, "{files:?}");
    let own = |it: &Path| it.file_name().unwrap() == "manifest.json";
    let authority = std::fs::read(house.folder.path().join("authority.key")).unwrap();
    for file in files.iter().filter(|it| !own(it)) {
        let bytes = std::fs::read(file).unwrap();
        assert!(bytes.starts_with(b"hotline sealed 1"), "{}", file.display());
        for plain in [
            &b"SQLite format 3"[..],
            b"PRIVATE KEY",
            "王建国".as_bytes(),
            &authority[40..80],
        ] {
            let is_there = bytes.windows(plain.len()).any(|it| it == plain);
            assert!(!is_there, "{}", file.display());
        }
    }
    // Nothing of what was copied to be sealed is left in the data folder.
    assert!(!house.folder.path().join("backing-up").exists());

    let backup = only_backup(backups.path());
    let own = Config::of(house.folder.path().to_owned());
    let told = backup::drill(&backup, None, &own).unwrap().concat();
    assert!(
        told.contains("备份可以恢复") && told.contains("附件 1 个"),
        "{told}"
    );
    // On a computer that has nothing: only with the key, copied from paper.
    let elsewhere = tempfile::tempdir().unwrap();
    let there = Config::of(elsewhere.path().join("center"));
    let told = backup::drill(&backup, None, &there)
        .unwrap_err()
        .to_string();
    assert!(told.contains("请用 --key 给出密钥文件"), "{told}");
    let other = tempfile::tempdir().unwrap();
    center_server::sealed_file::BackupKey::of(other.path()).unwrap();
    let wrong = other.path().join("backup.key");
    let told = backup::restore(&backup, Some(&wrong), &there, &*house.clock);
    assert!(told.unwrap_err().to_string().contains("给出的密钥编号是"));
    let shown = backup::show_key(&own).unwrap();
    let paper = elsewhere.path().join("抄下的密钥.txt");
    std::fs::write(&paper, shown[1].to_uppercase().replace('-', " ")).unwrap();
    backup::restore(&backup, Some(&paper), &there, &*house.clock).unwrap();
    let restored = there.data.join("blobs").join(&beside).join(&name);
    assert_eq!(std::fs::read_to_string(restored).unwrap(), attachment);
    // An attachment is sealed once for all backups; one that was lost is missed.
    house.clock.seconds_later(60);
    house.done(backing_up).await;
    let sealed: Vec<_> = files_under(&backups.path().join("blobs"));
    assert_eq!(sealed.len(), 1, "{sealed:?}");
    std::fs::remove_file(&sealed[0]).unwrap();
    let told = backup::drill(&backup, None, &own).unwrap_err().to_string();
    assert!(told.contains("只有 0 个读得出"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_samples_can_sign_in_and_a_center_is_made_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("center");
    let clock: Arc<dyn Clock> = Arc::new(TestClock::default());
    let config = Config::of(data.clone());
    let made = init::init(config.clone(), Arc::clone(&clock), People::Samples);
    assert!(made.await.unwrap().concat().contains(SAMPLE_PASSWORD));
    let again = init::init(config.clone(), Arc::clone(&clock), People::Nobody);
    assert!(again.await.is_err());

    let core = Core::open(config.clone(), Arc::clone(&clock))
        .await
        .unwrap();
    assert!(Core::open(config, clock).await.is_err());
    let units = core.office.references();
    for member in units.staff().iter().filter(|it| it.actor.id.0 != "center") {
        if let Some(unit) = &member.actor.unit {
            assert!(units.units().get(unit).is_some(), "{unit:?}");
        }
    }
    let who = SignIn {
        person: "2001".to_owned(),
        password: SAMPLE_PASSWORD.to_owned(),
    };
    let signed_in = core
        .office
        .sign_in(who, HERE, TriedAt::Desk)
        .await
        .unwrap()
        .unwrap();
    assert!(!signed_in.must_change);
    core.close().await.unwrap();
}
