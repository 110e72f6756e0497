//! 保存期限、个人信息导出 and 涂销 at a center that runs: over real sockets, and down to the bytes of its files.

use std::path::Path;

use center_server::admin::{AdminReply, AdminRequest, Proof, TwoPeople, backup};
use center_server::{Clock, Config};
use chrono::NaiveDate;
use domain::{ActorId, Command};
use wire::{Answer, Entry, EntryBody, Hash, StoryTold};

use crate::desk::{Desk, register};
use crate::house::House;

/// Stands in every text of the story that is taken out, and in no other.
const CANARY: &str = "金丝雀";
const PHONE: &str = "13912345678";
const PASSWORD: &str = "渠江边的老码头一号早上六点钟";
const A_YEAR: i64 = 366 * 24 * 3_600;

fn proof(number: &str, password: &str) -> Proof {
    Proof {
        number: ActorId(number.to_owned()),
        password: password.to_owned(),
    }
}

fn two(asked_by: &str, granted_by: &str) -> TwoPeople {
    TwoPeople {
        asked_by: proof(asked_by, PASSWORD),
        granted_by: proof(granted_by, PASSWORD),
    }
}

fn said(number: &str) -> Command {
    let Command::Register { number, mut matter } = register(number) else {
        unreachable!("it registers");
    };
    matter.caller.phone = PHONE.to_owned();
    matter.caller.name = format!("{CANARY}女士");
    matter.text = format!("{CANARY}停水三天");
    Command::Register { number, matter }
}

fn file(name: &str, bytes: &[u8]) -> String {
    format!("{name}#sha256={}", Hash::of(bytes))
}

impl House {
    async fn with_passwords() -> Self {
        let house = Self::open().await;
        for person in ["1001", "1002", "2001"] {
            house.give_password(person, PASSWORD).await;
        }
        house
    }

    async fn pushed(&self, desk: &mut Desk, intents: Vec<(&str, u32, Command)>) {
        let envelopes = intents
            .into_iter()
            .map(|(subject, version, command)| desk.intent(subject, version, command));
        let envelopes = envelopes.collect();
        let push = desk.push(envelopes);
        let answer = self.line(desk).await.ask(&push).await;
        assert!(matches!(answer, Answer::Pushed(_)), "{answer:?}");
        let end = self.entries().await.len() as u64;
        self.office().drawn_to(end).await;
    }

    fn keep(&self, bytes: &[u8]) -> Hash {
        let (sha256, n) = (Hash::of(bytes), bytes.len() as u64);
        let put = self.office().blobs.put(sha256, 0, n, bytes).unwrap();
        assert!(put.unwrap().is_whole);
        sha256
    }

    fn has(&self, sha256: Hash) -> bool {
        self.office().blobs.state(sha256).unwrap().is_whole
    }

    async fn is_said(&self) -> bool {
        let entries = self.entries().await;
        entries.iter().any(|entry| entry.body.contains(CANARY))
    }
}

/// Whether a text stands in any file of a folder, whatever the file is.
fn stands_in(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(stands_in(&path, text));
        } else if let Ok(bytes) = std::fs::read(&path)
            && bytes.windows(text.len()).any(|it| it == text.as_bytes())
        {
            found.push(path.display().to_string());
        }
    }
    found
}

fn answered() -> Command {
    Command::AnswerOnTheSpot {
        answer: format!("{CANARY}您好，明天来水"),
        article: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_taken_out_of_all_the_center_keeps_and_its_story_stays() {
    let house = House::with_passwords().await;
    let mut desk = house.desk().await;
    let own = house.keep(format!("{CANARY}照片").as_bytes());
    let shared = house.keep("水表".as_bytes());
    let files = vec![
        file("现场.jpg", format!("{CANARY}照片").as_bytes()),
        file("水表.jpg", "水表".as_bytes()),
    ];
    let supplement = |files| Command::Supplement {
        text: format!("{CANARY}补充"),
        files,
    };
    let other = Command::Supplement {
        text: String::new(),
        files: vec![file("水表.jpg", "水表".as_bytes())],
    };
    house
        .pushed(
            &mut desk,
            vec![
                ("order-1", 0, said("QX-1")),
                ("order-1", 2, supplement(files)),
                ("order-1", 3, answered()),
                ("order-2", 0, register("QX-2")),
                ("order-2", 2, other),
            ],
        )
        .await;
    while house.office().make_snapshot_parts().await.unwrap() {}
    let before = house.entries().await;
    let data = house.folder.path().to_owned();
    assert!(!stands_in(&data, CANARY).is_empty());

    // Not yet; and what is open never.
    let due = |day: &str| AdminRequest::RetentionDue {
        on: Some(day.parse::<NaiveDate>().unwrap()),
    };
    let listed = house.done(due("2029-11-22")).await.concat();
    assert!(listed.contains("到期待涂销 0 件"), "{listed}");
    let listed = house.done(due("2029-11-23")).await.concat();
    assert!(
        listed.contains("QX-1\t一般诉求\t2026-11-23 办结\t2029-11-23 到期")
            && !listed.contains("QX-2"),
        "{listed}"
    );
    let redact = |people| AdminRequest::RedactDue { people };
    let told = house.done(redact(two("1001", "1002"))).await.concat();
    assert!(told.contains("没有到期"), "{told}");

    house.clock.seconds_later(3 * A_YEAR);
    for (people, because) in [
        (two("1002", "1002"), "必须是两个人"),
        (two("1001", "1001"), "必须是两个人"),
        (two("1002", "1001"), "不能批准涂销"),
        (two("2001", "1002"), "不是中心人员"),
        (two("9999", "1002"), "工号或密码不正确"),
        (
            TwoPeople {
                granted_by: proof("1002", "渠江边的新码头一号"),
                ..two("1001", "1002")
            },
            "工号或密码不正确",
        ),
    ] {
        let told = house.refused(redact(people)).await;
        assert!(told.contains(because), "{told}");
    }
    let person = ActorId("1002".to_owned());
    let first = house.office().reset_password(&person, PASSWORD.to_owned());
    first.await.unwrap();
    let told = house.refused(redact(two("1001", "1002"))).await;
    assert!(told.contains("初始密码还没有改"), "{told}");
    house.give_password("1002", PASSWORD).await;
    assert!(house.entries().await == before, "a refusal changes nothing");

    let told = house.done(redact(two("1001", "1002"))).await.concat();
    assert!(
        told.contains("已涂销 1 件：变更记录 3 条、操作 3 条"),
        "{told}"
    );
    assert_eq!(stands_in(&data, CANARY), Vec::<String>::new());
    assert_eq!(stands_in(&data, PHONE), Vec::<String>::new());
    assert!(
        !house.has(own) && house.has(shared),
        "another order has that file too"
    );

    let after = house.entries().await;
    assert_eq!(after.len(), before.len() + 1);
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before.hash, after.hash);
        assert!(before.subject == "order-1" || before == after);
    }
    house.done(AdminRequest::Verify).await;
    house.done(AdminRequest::VerifyAudit).await;
    let audited = house.folder.path().join("audit.jsonl");
    let export = AdminRequest::ExportAudit {
        desk: None,
        to: audited.clone(),
    };
    house.done(export).await;
    let audited = std::fs::read_to_string(audited).unwrap();
    let line = audited.lines().find(|line| line.contains("\"redact\""));
    let line = line.unwrap();
    assert!(
        line.contains("QX-1") && line.contains("1001") && line.contains("1002 批准"),
        "{line}"
    );
    assert!(!audited.contains(PASSWORD));

    // It is not due twice, and the rows are the same when all is drawn anew.
    let listed = house.done(due("2039-11-23")).await.concat();
    assert!(listed.contains("到期待涂销 0 件"), "{listed}");
    let house = house.again().await;
    assert_eq!(stands_in(&data, CANARY), Vec::<String>::new());
    while house.office().make_snapshot_parts().await.unwrap() {}
    assert_eq!(stands_in(&data, CANARY), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_given_what_is_kept_and_may_have_it_forgotten() {
    let house = House::with_passwords().await;
    let mut desk = house.desk().await;
    house
        .pushed(
            &mut desk,
            vec![
                ("order-1", 0, said("QX-1")),
                ("order-1", 2, answered()),
                ("order-2", 0, said("QX-2")),
                ("order-3", 0, register("QX-3")),
            ],
        )
        .await;
    let to = house.folder.path().join("本人.jsonl");
    let export = |phone: &str| AdminRequest::ExportPerson {
        phone: phone.to_owned(),
        to: to.clone(),
    };
    for (phone, because) in [("没有", "不是电话号码"), ("", "不是电话号码")] {
        let told = house.refused(export(phone)).await;
        assert!(told.contains(because), "{told}");
    }
    let told = house.done(export("139-1234-5678")).await.concat();
    assert!(told.contains("已导出 2 件工单"), "{told}");
    let given = std::fs::read_to_string(&to).unwrap();
    assert_eq!(given.lines().count(), 2);
    assert!(given.contains("停水三天") && given.contains("明天来水") && !given.contains("QX-3"));
    let again = house.refused(export(PHONE)).await;
    assert!(again.contains("本人.jsonl"), "{again}");

    let redact = |people| AdminRequest::RedactPerson {
        phone: PHONE.to_owned(),
        people,
    };
    let told = house.refused(redact(two("1001", "1002"))).await;
    assert!(told.contains("还在办理") && told.contains("QX-2"), "{told}");
    assert!(house.is_said().await);
    house
        .pushed(&mut desk, vec![("order-2", 2, answered())])
        .await;
    house.done(redact(two("1001", "1002"))).await;
    assert!(!house.is_said().await);
    let last = house.entries().await.last().unwrap().read().unwrap();
    assert!(matches!(last, EntryBody::Redacted(_)), "{last:?}");
    let told = house.refused(redact(two("1001", "1002"))).await;
    assert!(told.contains("没有这个号码"), "{told}");
    house.done(AdminRequest::Verify).await;
}

/// Puts back the only backup that there is.
fn restore_only(backups: &Path, data: &Path, clock: &dyn Clock) {
    let made = std::fs::read_dir(backups).unwrap();
    let mut made = made.map(|it| it.unwrap().path());
    let backup = made.find(|it| it.join("manifest.json").exists()).unwrap();
    let config = Config::of(data.to_owned());
    backup::restore(&backup, None, &config, clock).unwrap();
}

/// Somebody asked to be forgotten the day before the disk broke.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_out_does_not_come_back_with_a_backup() {
    let house = House::with_passwords().await;
    let mut desk = house.desk().await;
    let told = vec![
        ("order-1", 0, said("QX-1")),
        ("order-1", 2, answered()),
        ("order-2", 0, register("QX-2")),
    ];
    house.pushed(&mut desk, told).await;
    let backups = tempfile::tempdir().unwrap();
    let backing_up = AdminRequest::Backup {
        to: backups.path().to_owned(),
        is_off_machine: false,
    };
    house.done(backing_up).await;
    let redact = AdminRequest::RedactPerson {
        phone: PHONE.to_owned(),
        people: two("1001", "1002"),
    };
    house.done(redact).await;
    house.clock.seconds_later(60);
    let clock = std::sync::Arc::clone(&house.clock);
    let house = house
        .again_after(move |data| restore_only(backups.path(), data, &*clock))
        .await;
    assert!(!house.is_said().await);
    let AdminReply { is_done, lines } = house.told(AdminRequest::Verify).await;
    assert!(is_done, "{lines:?}");
    let entries = house.entries().await;
    assert!(entries.iter().any(|entry| entry.body.contains("QX-2")));
    let n_entries = entries.len();
    let house = house.again().await;
    assert_eq!(house.entries().await.len(), n_entries, "once is enough");
}

/// The backup is older than the order, and a desk that was away has it yet.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_out_does_not_come_back_with_a_desk() {
    let house = House::with_passwords().await;
    let mut desk = house.desk().await;
    let backups = tempfile::tempdir().unwrap();
    let backing_up = AdminRequest::Backup {
        to: backups.path().to_owned(),
        is_off_machine: false,
    };
    house.done(backing_up).await;
    let told = [("order-1", 0, said("QX-1")), ("order-1", 2, answered())];
    let told = told.map(|(subject, version, command)| desk.intent(subject, version, command));
    let push = desk.push(told.to_vec());
    let pushed = async |house: &House| {
        let answer = house.line(&desk).await.ask(&push).await;
        assert!(matches!(answer, Answer::Pushed(_)), "{answer:?}");
        let end = house.entries().await.len() as u64;
        house.office().drawn_to(end).await;
    };
    pushed(&house).await;
    house.clock.seconds_later(60);
    let redact = || AdminRequest::RedactPerson {
        phone: PHONE.to_owned(),
        people: two("1001", "1002"),
    };
    house.done(redact()).await;
    assert_eq!(house.office().take_out_again().await.unwrap(), 0);
    house.clock.seconds_later(60);
    let clock = std::sync::Arc::clone(&house.clock);
    let house = house
        .again_after(move |data| restore_only(backups.path(), data, &*clock))
        .await;
    assert!(!house.is_said().await);
    pushed(&house).await;
    assert!(house.is_said().await, "the desk has it yet");
    house.clock.seconds_later(3_600);
    assert_eq!(house.office().take_out_again().await.unwrap(), 1);
    assert!(!house.is_said().await);
    assert_eq!(house.office().take_out_again().await.unwrap(), 0);
    let AdminReply { is_done, lines } = house.told(AdminRequest::Verify).await;
    assert!(is_done, "{lines:?}");
}

/// A desk that was away when it was done has more of it, said before.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_before_and_comes_after_is_taken_out_too() {
    let house = House::with_passwords().await;
    let mut desk = house.desk().await;
    house
        .pushed(
            &mut desk,
            vec![("order-1", 0, said("QX-1")), ("order-1", 2, answered())],
        )
        .await;
    // One that the rules take, and one that came too late for them.
    let note = format!("{CANARY}说不要再打给他");
    let call_back = desk.intent("order-1", 3, Command::RecordOwnCallBack { note });
    let text = format!("{CANARY}水还没有来");
    let files = Vec::new();
    let more = desk.intent("order-1", 3, Command::Supplement { text, files });
    house.clock.seconds_later(3_600);
    let redact = AdminRequest::RedactPerson {
        phone: PHONE.to_owned(),
        people: two("1001", "1002"),
    };
    house.done(redact).await;
    assert!(!house.is_said().await);
    house.clock.seconds_later(3_600);
    let push = desk.push(vec![call_back, more]);
    let answer = house.line(&desk).await.ask(&push).await;
    assert!(matches!(answer, Answer::Pushed(_)), "{answer:?}");
    assert!(house.is_said().await, "it has come with the desk");
    assert_eq!(house.office().take_out_again().await.unwrap(), 1);
    assert!(!house.is_said().await);
    assert_eq!(house.office().take_out_again().await.unwrap(), 0);
    let AdminReply { is_done, lines } = house.told(AdminRequest::Verify).await;
    assert!(is_done, "{lines:?}");
}

/// 移出本机 and 调阅: for how long a desk keeps what was said, and where it has it from after.
#[tokio::test(flavor = "multi_thread")]
async fn a_desk_hears_how_long_to_keep_and_is_told_a_story_again() {
    let house = House::with_passwords().await;
    let mut desk = house.desk().await;
    house
        .pushed(&mut desk, vec![("order-1", 0, said("QX-1"))])
        .await;
    let mut line = house.line(&desk).await;
    let Answer::Greeting(greeting) = line.ask(&desk.hello()).await else {
        panic!("not greeted");
    };
    assert_eq!(greeting.keep_days, Some(730));
    let ask = |subject: &str| serde_json::json!({ "subject": subject }).to_string();
    let reply = line.post("/v1/story", ask("order-1")).await;
    assert_eq!(reply.status, 200);
    let told: StoryTold = serde_json::from_slice(&reply.body).unwrap();
    let entries = house.entries().await;
    let story = entries.into_iter().filter(|it| it.subject == "order-1");
    assert_eq!(told.entries, story.collect::<Vec<Entry>>());
    let reply = line.post("/v1/story", ask("order-9")).await;
    let told: StoryTold = serde_json::from_slice(&reply.body).unwrap();
    assert!(told.entries.is_empty());
    for bad in [ask(""), ask(&"长".repeat(65))] {
        assert_eq!(line.post("/v1/story", bad).await.status, 400);
    }
    let mut stranger = house.stranger().await;
    assert_eq!(stranger.post("/v1/story", ask("order-1")).await.status, 401);
    let audited = house.folder.path().join("audit.jsonl");
    let export = AdminRequest::ExportAudit {
        desk: None,
        to: audited.clone(),
    };
    house.done(export).await;
    let audited = std::fs::read_to_string(audited).unwrap();
    let n_told = audited.lines().filter(|line| line.contains("\"story\""));
    assert_eq!(n_told.count(), 2);
}
