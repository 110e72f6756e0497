//! Citizens ask and follow.

use domain::Command;
use domain::kb::KbCommand;
use domain::matter::MatterKind;

use crate::house::{House, content, matter};

const NUMBER: &str = "20261123-W01-0001";
const SUBJECT: &str = "6f1a7c3e-9a51-4f0c-8b7d-9e1101931f6e";

fn follow(number: &str, code: &str) -> String {
    format!("number={number}&code={}", code.replace(' ', "+"))
}

#[tokio::test]
async fn published_answers_are_found_and_nothing_else() {
    let house = House::open().await;
    let title = "停水了找哪个单位";
    let answer = "请先看停水公告；没有公告的，请拨打供水服务热线报修。";
    house
        .publish("kb-1", content(title, "家里停水怎么办", answer))
        .await;
    let hostile = "<script>alert(1)</script>水表坏了谁来修";
    house
        .publish(
            "kb-2",
            content(
                hostile,
                "水表坏了",
                "<img src=x onerror=alert(1)>由供水单位免费修。",
            ),
        )
        .await;
    // A draft is not public.
    let draft = Box::new(content("水价要涨了", "水价", "还没有定"));
    house
        .article("3001", "kb-3", KbCommand::Draft { content: draft })
        .await;

    let first = house.get("/").await;
    assert_eq!(first.status, 200);
    assert!(first.body.contains(title) && !first.body.contains("水价要涨了"));

    let found = house
        .get("/?q=%E5%AE%B6%E9%87%8C%E5%81%9C%E6%B0%B4%E6%80%8E%E4%B9%88%E5%8A%9E")
        .await;
    assert_eq!(found.status, 200);
    assert!(found.body.contains("请先看停水公告"), "{}", found.body);
    assert!(found.body.contains("责任单位：县水务局") && found.body.contains("2027年12月31日"));
    for page in [
        &first.body,
        &found.body,
        &house.get("/article/kb-1").await.body,
    ] {
        assert!(
            !page.contains("内部口径") && !page.contains("孙小红"),
            "{page}"
        );
        assert!(
            !page.contains("<script>alert") && !page.contains("<img"),
            "{page}"
        );
    }
    assert!(!house.get("/article/kb-2").await.body.contains("<img"));

    // 水价: the draft is not found, and what is not there is said so, with whom to call.
    let nothing = house.get("/?q=%E6%B2%BC%E6%B0%94%E6%B1%A0").await;
    assert!(nothing.body.contains("没有找到相关内容") && nothing.body.contains("tel:12345"));

    // Withdrawn, it is gone from the page and from the index.
    let reason = "政策调整".to_owned();
    house
        .article("3002", "kb-1", KbCommand::Withdraw { reason })
        .await;
    assert_eq!(house.get("/article/kb-1").await.status, 404);
    assert_eq!(house.get("/article/..%2F..%2Fetc").await.status, 404);
    let house = house.again().await;
    assert_eq!(house.get("/article/kb-2").await.status, 200);
    assert!(!house.get("/").await.body.contains(title));
}

#[tokio::test]
async fn every_page_says_what_a_browser_may_do() {
    let house = House::open().await;
    for path in ["/", "/follow", "/article/none", "/?q=x"] {
        let got = house.get(path).await;
        let header = |name: &str| {
            got.headers
                .get(name)
                .map(|it| it.to_str().unwrap().to_owned())
        };
        let policy = header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert_eq!(header("x-frame-options").as_deref(), Some("DENY"), "{path}");
        assert_eq!(
            header("cache-control").as_deref(),
            Some("no-store"),
            "{path}"
        );
        assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"));
        assert_eq!(header("set-cookie"), None);
    }
    for (path, status) in [
        ("/?q=%FF", 400),
        ("/?q=%", 400),
        ("/assets/public/page.css", 200),
        ("/assets/public/page.js", 200),
    ] {
        assert_eq!(house.get(path).await.status, status, "{path}");
    }
    let large = "a".repeat(9_000);
    assert_eq!(house.post_form("/follow", &large).await.status, 400);
}

#[tokio::test]
async fn an_order_is_followed_in_plain_words_and_without_a_name() {
    let house = House::open().await;
    let code = house
        .register(SUBJECT, NUMBER, matter("张三丰家停水三天，电话13800001234"))
        .await;
    let form = follow(NUMBER, &code);
    let registered = house.post_form("/follow", &form).await;
    assert_eq!(registered.status, 200);
    assert!(
        registered.body.contains("已登记，等待转办"),
        "{}",
        registered.body
    );
    assert!(
        registered.body.contains("11月24日（周二）24:00"),
        "{}",
        registered.body
    );

    house.dispatch(SUBJECT).await;
    let handled = house.post_form("/follow", &form).await;
    assert!(handled.body.contains("承办单位正在办理") && handled.body.contains("转交县水务局"));

    house
        .complete(
            SUBJECT,
            "张三丰先生：已恢复供水。王师傅 13900005678 已到三汇镇大桥头7号上门，身份证51302919900101123X。",
        )
        .await;
    let done = house.post_form("/follow", &form).await;
    assert!(
        done.body.contains("已办结") && done.body.contains("已恢复供水。"),
        "{}",
        done.body
    );
    for page in [&registered.body, &handled.body, &done.body] {
        for private in [
            "张三丰",
            "13800001234",
            "大桥头",
            "13900005678",
            "51302919900101123X",
            "赵主任",
        ] {
            assert!(!page.contains(private), "{private}");
        }
        assert!(!page.contains(SUBJECT));
    }
    // Typed another way.
    let typed = format!("number=+20261123-w01-0001+&code={}", code.replace(' ', ""));
    assert_eq!(house.post_form("/follow", &typed).await.status, 200);
}

#[tokio::test]
async fn of_a_report_only_how_far_it_is() {
    let house = House::open().await;
    let report = domain::matter::Matter {
        kind: MatterKind::Report,
        ..matter("举报某单位")
    };
    let code = house.register(SUBJECT, NUMBER, report).await;
    house.dispatch(SUBJECT).await;
    house.complete(SUBJECT, "经查属实，已处理。").await;
    let told = house.post_form("/follow", &follow(NUMBER, &code)).await;
    assert_eq!(told.status, 200);
    assert!(
        told.body.contains("已办结") && told.body.contains("保密"),
        "{}",
        told.body
    );
    for hidden in ["县水务局", "经查属实", "举报某单位"] {
        assert!(!told.body.contains(hidden), "{hidden}");
    }
}

#[tokio::test]
async fn nobody_learns_which_numbers_there_are_and_guessing_waits() {
    let house = House::open().await;
    let code = house.register(SUBJECT, NUMBER, matter("停水")).await;
    let from = |n: usize| format!("198.51.100.{n}");
    let try_it = async |house: &House, number: &str, code: &str, from: &str| {
        let kind = ("content-type", "application/x-www-form-urlencoded");
        let who = ("x-forwarded-for", from);
        let form = follow(number, code);
        let headers = [kind, who];
        house
            .ask("POST", "/follow", &headers, form.into_bytes())
            .await
    };
    // The same words for a wrong code, for a number that nobody has, and for what is no number.
    let wrong = try_it(&house, NUMBER, "0000 0000", &from(1)).await;
    let unknown = try_it(&house, "20261123-W01-0002", "0000 0000", &from(2)).await;
    let nonsense = try_it(&house, "%3Cscript%3E", "0000 0000", &from(3)).await;
    let without = |got: &crate::house::Got, number: &str| got.body.replace(number, "N");
    assert_eq!(wrong.status, 403);
    assert_eq!(
        without(&wrong, NUMBER),
        without(&unknown, "20261123-W01-0002")
    );
    assert!(nonsense.body.contains("工单编号或查询码不正确"));
    assert!(!nonsense.body.contains("<script>") || nonsense.status == 403);
    // From ever new addresses, too; and it is remembered over a restart.
    for n in 0..4 {
        let got = try_it(&house, NUMBER, "0000 0001", &from(10 + n)).await;
        assert!(got.body.contains("不正确"), "{n}");
    }
    let house = house.again().await;
    let waiting = try_it(&house, NUMBER, &code, &from(30)).await;
    assert_eq!(waiting.status, 403);
    assert!(waiting.body.contains("查询次数过多"), "{}", waiting.body);
    house.clock.minutes_later(2);
    assert_eq!(try_it(&house, NUMBER, &code, &from(31)).await.status, 200);
    // One address that tries many numbers.
    let mut n_tried = 0;
    loop {
        let number = format!("20261123-W09-{n_tried:04}");
        let got = try_it(&house, &number, "1111 1111", "203.0.113.5").await;
        if got.body.contains("查询次数过多") {
            break;
        }
        n_tried += 1;
        assert!(n_tried <= 15);
    }
    assert_eq!(n_tried, 15);
}

#[tokio::test]
async fn too_many_questions_from_one_place_wait_and_others_do_not() {
    let house = House::open_as(|config, _| config.public.questions_per_minute = 3).await;
    let ask = async |from: &str| {
        let headers = [("x-forwarded-for", from)];
        house.ask("GET", "/", &headers, Vec::new()).await.status
    };
    for _ in 0..3 {
        assert_eq!(ask("198.51.100.1").await, 200);
    }
    assert_eq!(ask("198.51.100.1").await, 429);
    // Whoever forges the head of the list is known by its end.
    assert_eq!(ask("1.2.3.4, 198.51.100.1").await, 429);
    assert_eq!(ask("198.51.100.2").await, 200);
    house.clock.minutes_later(1);
    assert_eq!(ask("198.51.100.1").await, 200);
}

#[tokio::test]
async fn an_answer_on_the_spot_is_shown_to_who_has_the_code() {
    let house = House::open().await;
    let code = house.register(SUBJECT, NUMBER, matter("社保卡丢了")).await;
    let command = Command::AnswerOnTheSpot {
        answer: "请带身份证到窗口补办。".to_owned(),
        article: None,
    };
    house.order("1001", SUBJECT, command).await;
    let told = house.post_form("/follow", &follow(NUMBER, &code)).await;
    assert!(told.body.contains("已当场答复") && told.body.contains("请带身份证到窗口补办。"));
}
