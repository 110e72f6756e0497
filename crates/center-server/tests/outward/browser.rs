//! The citizens' page in the system's Chromium: `ui/browser/public.mjs` drives it, axe looks at it.

use std::path::PathBuf;
use std::process::Command as Program;

use crate::house::{House, content, matter};

#[tokio::test(flavor = "multi_thread")]
async fn citizens_ask_and_follow() {
    let house = House::open_as(|config, _| {
        config.public.questions_per_minute = 10_000;
        config.public.follows_per_minute = 10_000;
    })
    .await;
    let answer = "请先看停水公告；没有公告的，请拨打供水服务热线报修。\n\n\
         | 片区 | 抢修 |\n|---|---|\n| 渠江街道 | 两小时内到场 |";
    let articles = [
        ("kb-1", "停水了找哪个单位", "家里停水怎么办"),
        ("kb-2", "水表坏了谁来修", "水表不走了"),
        ("kb-3", "自来水发黄能喝吗", "水发黄"),
    ];
    for (id, title, question) in articles {
        house.publish(id, content(title, question, answer)).await;
    }
    let subject = "6f1a7c3e-9a51-4f0c-8b7d-9e1101931f6e";
    let number = "20261123-W01-0001";
    let code = house.register(subject, number, matter("停水三天")).await;
    house.dispatch(subject).await;
    house
        .complete(subject, "已恢复供水，如再停水请拨打 0818-7212345。")
        .await;

    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../ui/browser/public.mjs");
    let base = house.url("");
    let driven = move || {
        let mut node = Program::new("node");
        node.arg(script).args([&base, number, &code]);
        node.output().unwrap()
    };
    let output = tokio::task::spawn_blocking(driven).await.unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
