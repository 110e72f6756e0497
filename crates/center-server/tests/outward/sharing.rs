//! Units and authorities read what is theirs by programs of their own (第十五条), on both databases.

use std::collections::BTreeSet;

use center::{Database, Records as _};
use center_server::admin::AdminRequest;
use domain::data_sharing::ShareScope;
use domain::matter::MatterKind;
use domain::{Command, Role};
use serde_json::Value;
use testkit::PrivatePostgres;

use crate::house::{House, content};
use crate::readers::{Reader, SECRETS, WATER, admin, check, county, ids_of, scope, told};

async fn on_postgres() -> (House, PrivatePostgres) {
    let (cluster, address) = tokio::task::spawn_blocking(|| {
        let cluster = PrivatePostgres::start().unwrap();
        let address = cluster.new_database().unwrap();
        (cluster, address)
    })
    .await
    .unwrap();
    let database = Database::parse(&address).unwrap();
    let house = House::open_as(|config, _| config.database = database).await;
    (house, cluster)
}

async fn a_reader_has_what_is_shared_and_nothing_else(house: &House) {
    county(house).await;
    let liaison = Role::Liaison;
    let water = Reader::with(house, "县水务局系统", liaison, scope(&[WATER], &[])).await;
    let field = "人力资源社会保障";
    let labour = Reader::with(house, "行业", Role::Analyst, scope(&[], &[field])).await;
    let all = Reader::with(house, "督办", Role::Supervisor, ShareScope::All).await;
    assert_eq!(
        water.ids("orders").await,
        ["o-secret", "o-report", "o-water"]
    );
    assert_eq!(labour.ids("orders").await, ["o-report", "o-town"]);
    assert_eq!(all.ids("orders").await.len(), 5);
    assert_eq!(all.ids("orders?state=completed").await, ["o-water"]);
    assert_eq!(
        all.ids("orders?state=open&unit=%E6%B0%B4%E5%8A%A1")
            .await
            .len(),
        2
    );
    assert_eq!(all.ids("orders?category=c-051,c-113").await.len(), 3);
    assert_eq!(all.ids("orders?township=511725104&limit=2").await.len(), 5);
    assert_eq!(all.ids("orders?township=511725001").await.len(), 0);
    assert_eq!(
        all.ids("orders?from=2026-11-23&until=2026-11-23")
            .await
            .len(),
        5
    );
    assert_eq!(all.ids("orders?from=2026-11-24").await.len(), 0);
    assert_eq!(all.ids("orders?until=2026-11-22").await.len(), 0);
    // Another unit's is like none.
    assert_eq!(
        water
            .ids("orders?unit=%E4%B8%89%E6%B1%87%E9%95%87")
            .await
            .len(),
        0
    );
    let foreign = water.ask("orders/o-town", &[]).await;
    let none = water.ask("orders/o-nothing", &[]).await;
    assert_eq!((foreign.status, none.status), (404, 404));
    assert_eq!(foreign.body, none.body);
    assert_eq!(water.status("orders/o-none").await, 404);
    assert_eq!(labour.status("orders/o-water").await, 404);
    // An article is no order.
    assert_eq!(all.status("orders/kb-1").await, 404);

    let order = water.get("orders/o-water").await;
    let steps: Vec<&str> = (order["steps"].as_array().unwrap().iter())
        .map(|it| it["text"].as_str().unwrap())
        .collect();
    expect_test::expect![[r#"
        登记 求助
        派单 县水务局
        送达
        县水务局签收
        县水务局联系诉求人
        县水务局提交答复
        县水务局内审签发
        办结"#]]
    .assert_eq(&steps.join("\n"));
    assert_eq!(order["caller"]["name"], "张**");
    assert_eq!(order["caller"]["phone"], "138****1234");
    assert_eq!(order["township"]["name"], "三汇镇");
    assert_eq!(order["answers"][0]["by"], "县水务局");
    let count = water.get("statistics?by=unit").await;
    assert_eq!(count["total"]["n_orders"], 3);
    let count = all.get("statistics?by=day&from=2026-11-23").await;
    assert_eq!(count["items"][0]["value"], "2026-11-23");
    assert_eq!(count["total"]["n_orders"], 5);
    assert_eq!(count["total"]["n_dispatched"], 4);
    let count = all.get("statistics?by=township&until=2026-11-22").await;
    assert_eq!(count["total"]["n_orders"], 0);
}

#[tokio::test]
async fn article_15_a_reader_has_what_is_shared_and_nothing_else() {
    a_reader_has_what_is_shared_and_nothing_else(&House::open().await).await;
}

async fn every_order_comes_once(house: &House) {
    let mut there = BTreeSet::new();
    let mut next_number = 1..;
    let mut register = async |subject: String| {
        let n = next_number.next().unwrap_or_default();
        let number = format!("20261123-W01-{n:04}");
        house
            .register(&subject, &number, told(MatterKind::Help, ""))
            .await;
    };
    for n in 0..23 {
        let subject = format!("before-{n}");
        register(subject.clone()).await;
        there.insert(subject);
        // Several in the same millisecond, and then some later.
        house.clock.minutes_later(i64::from(n % 3 == 0));
    }
    let all = Reader::with(house, "督办", Role::Supervisor, ShareScope::All).await;
    let mut seen = Vec::new();
    let mut page = all.get("orders?limit=4").await;
    let mut n_pages = 0;
    loop {
        seen.extend(ids_of(&page));
        let Some(next) = page["next"].as_str().map(str::to_owned) else {
            break;
        };
        n_pages += 1;
        register(format!("after-{n_pages}")).await;
        house.clock.minutes_later(1);
        page = all.get(&format!("orders?limit=4&cursor={next}")).await;
    }
    assert!(n_pages >= 5);
    assert_eq!(seen.len(), 23, "none twice");
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), there);
}

#[tokio::test]
async fn every_order_comes_once_while_others_are_registered() {
    every_order_comes_once(&House::open().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_on_postgres() {
    let (house, cluster) = on_postgres().await;
    a_reader_has_what_is_shared_and_nothing_else(&house).await;
    house.server.stop().await.unwrap();
    drop(cluster);
    let (house, cluster) = on_postgres().await;
    every_order_comes_once(&house).await;
    house.server.stop().await.unwrap();
    drop(cluster);
}

/// Eleven digits in a row that begin like a mobile telephone.
fn mobile_number(text: &str) -> Option<&str> {
    let is_number = |it: &&str| it.len() == 11 && it.starts_with('1') && !it.starts_with("10");
    let runs = text.split(|c: char| !c.is_ascii_digit());
    let mut found = runs.filter(is_number);
    found.next()
}

#[tokio::test]
async fn article_17_no_answer_has_anybodys_name_or_number() {
    let house = House::open().await;
    county(&house).await;
    let article = content("停水找谁", "停水了怎么办", "拨打 0818-7212345");
    house.publish("kb-1", article).await;
    house.settled().await;
    assert_eq!(mobile_number("a13900005678b"), Some("13900005678"));
    let paths = |ids: &[String]| {
        let mut paths = vec![
            "orders".to_owned(),
            "answers".to_owned(),
            "answers/kb-1".to_owned(),
        ];
        for by in ["day", "category", "township", "unit"] {
            paths.push(format!("statistics?by={by}"));
        }
        paths.extend(ids.iter().map(|id| format!("orders/{id}")));
        paths
    };
    let mut n_read = 0;
    for (n, role) in Role::ALL.into_iter().enumerate() {
        if domain::data_sharing::ShareSight::of(role).is_none() {
            continue;
        }
        let reader = Reader::with(&house, &format!("读取方{n}"), role, ShareScope::All).await;
        let ids = reader.ids("orders").await;
        assert_eq!(ids.len(), 5);
        for path in paths(&ids) {
            let got = reader.ask(&path, &[]).await;
            assert_eq!(got.status, 200, "{path}");
            assert_eq!(mobile_number(&got.body), None, "{role:?} {path}");
            for secret in SECRETS {
                assert!(!got.body.contains(secret), "{role:?} {path}: {secret}");
            }
            n_read += 1;
        }
        for sealed in ["o-report", "o-secret"] {
            let order = reader.get(&format!("orders/{sealed}")).await;
            assert_eq!(order["is_sealed"], true);
            for of_it in ["caller", "title", "text"] {
                assert_eq!(order[of_it], Value::Null, "{sealed} {of_it}");
            }
            assert_eq!(order["steps"], serde_json::json!([]));
        }
        let open = reader.get("orders/o-water").await;
        let is_told = !matches!(
            role,
            Role::Analyst | Role::City | Role::CountyOffice | Role::DisciplineCommission
        );
        assert_eq!(open["caller"].is_null(), !is_told, "{role:?}");
        assert_eq!(open["text"].is_null(), !is_told, "{role:?}");
        assert_eq!(open["answers"] == serde_json::json!([]), !is_told);
    }
    assert!(n_read > 100, "{n_read}");
    // Nor has what it is made of.
    let rows = house
        .office()
        .readers
        .read(|it| it.records.range("shared_order", "", "", 100));
    let rows = rows.await.unwrap();
    assert_eq!(rows.len(), 5);
    for row in rows {
        assert!(
            !SECRETS.iter().any(|it| row.body.contains(it)),
            "{}",
            row.body
        );
    }
}

#[tokio::test]
async fn a_token_is_good_until_it_is_revoked_or_over_and_each_use_is_recorded() {
    let house = House::open().await;
    county(&house).await;
    let first = Reader::with(&house, "县水务局系统", Role::Liaison, scope(&[WATER], &[])).await;
    house.clock.minutes_later(1);
    let other = Reader::with(&house, "行业", Role::Analyst, scope(&[], &["c-113"])).await;
    assert_eq!(first.status("orders").await, 200);
    let twice = AdminRequest::NewShareToken {
        name: "行业".to_owned(),
        role: Role::Analyst,
        scope: ShareScope::All,
        expires_on: "2026-12-31".parse().unwrap(),
    };
    let reply = admin(&house, twice).await;
    assert_eq!(reply.lines, ["已有名为 行业 的共享令牌在使用"]);
    let listed = admin(&house, AdminRequest::ListShareTokens).await.lines;
    let shown: Vec<&str> = (listed.iter())
        .map(|line| line.split_once('\t').unwrap().1)
        .collect();
    expect_test::expect![[r#"
        县水务局系统	承办联络员	县水务局	2026年11月23日发放	有效期至 2026-12-31	使用中
        行业	统计分析	拖欠工资 · 工程领域	2026年11月23日发放	有效期至 2026-12-31	使用中"#]]
    .assert_eq(&shown.join("\n"));
    assert!(!listed.concat().contains(&first.token));
    let digits = listed[0].split('\t').next().unwrap().to_owned();
    let revoke = AdminRequest::RevokeShareToken { digits };
    let reply = admin(&house, revoke).await;
    assert_eq!(reply.lines, ["已停用 县水务局系统 的共享令牌"]);
    assert_eq!(first.status("orders").await, 401);
    assert_eq!(other.status("orders").await, 200);
    // The last day is over.
    house.clock.minutes_later(60 * 24 * 39);
    let over = other.ask("orders", &[]).await;
    let wrong = house
        .ask(
            "GET",
            "/data/v1/orders",
            &[("authorization", "Bearer hs_00")],
            Vec::new(),
        )
        .await;
    assert_eq!((over.status, wrong.status), (401, 401));
    assert_eq!(over.body, wrong.body);
    let listed = admin(&house, AdminRequest::ListShareTokens).await.lines;
    assert!(listed[0].ends_with("已停用") && listed[1].ends_with("已过期"));

    let rows = house
        .office()
        .readers
        .read(|it| it.records.range("audit", "", "", 1_000));
    let rows: Vec<String> = rows.await.unwrap().into_iter().map(|it| it.body).collect();
    let n = |words: &[&str]| {
        let has_all = |row: &&String| words.iter().all(|word| row.contains(word));
        rows.iter().filter(has_all).count()
    };
    assert_eq!(n(&["共享 县水务局系统", "data_orders", "shown"]), 1);
    assert_eq!(n(&["共享 县水务局系统", "data_read", "denied"]), 1);
    assert_eq!(n(&["共享 行业", "data_orders", "shown"]), 1);
    assert_eq!(n(&["共享 行业", "data_read", "denied"]), 1);
    assert_eq!(n(&["命令行", "new_share_token"]), 3);
    assert_eq!(n(&["命令行", "revoke_share_token"]), 1);
    assert_eq!(n(&[first.token.as_str()]), 0);
}

#[tokio::test]
async fn nothing_is_granted_that_shares_nothing_or_what_it_must_not() {
    let house = House::open().await;
    let until = "2026-12-31";
    for (name, role, of, expires_on, told) in [
        (
            " ",
            Role::Analyst,
            ShareScope::All,
            until,
            "读取方名称须为 1 至 64 个字",
        ),
        (
            "甲",
            Role::Admin,
            ShareScope::All,
            until,
            "系统管理员不经办也不统计任何诉求，不能按它的可见范围共享",
        ),
        (
            "甲",
            Role::Analyst,
            scope(&[], &[]),
            until,
            "请写明共享哪些单位或行业，或者 --all",
        ),
        (
            "甲",
            Role::Analyst,
            scope(&["水务局"], &[]),
            until,
            "没有编号为 水务局 的承办单位，请先用 unit import 导入",
        ),
        (
            "甲",
            Role::Analyst,
            scope(&[], &["水利"]),
            until,
            "没有编号或一级分类为 水利 的事项分类",
        ),
        (
            "甲",
            Role::Analyst,
            ShareScope::All,
            "2026-11-22",
            "有效期须从今天起，最长 731 天",
        ),
    ] {
        let request = AdminRequest::NewShareToken {
            name: name.to_owned(),
            role,
            scope: of,
            expires_on: expires_on.parse().unwrap(),
        };
        let reply = admin(&house, request).await;
        assert_eq!((reply.is_done, reply.lines), (false, vec![told.to_owned()]));
    }
    let unknown = AdminRequest::RevokeShareToken {
        digits: "0123456789ab".to_owned(),
    };
    assert!(!admin(&house, unknown).await.is_done);
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let house = House::open().await;
    county(&house).await;
    let all = Reader::with(&house, "督办", Role::Supervisor, ShareScope::All).await;
    for path in ["orders", "orders/o-town", "statistics", "answers"] {
        let got = all.ask(path, &[]).await;
        let tag = got.headers["etag"].to_str().unwrap().to_owned();
        assert_eq!(got.headers["cache-control"], "private, no-cache");
        let many = format!("\"0\", W/{tag}");
        for known in [tag.as_str(), "*", many.as_str()] {
            let again = all.ask(path, &[("if-none-match", known)]).await;
            assert_eq!((again.status, again.body.as_str()), (304, ""), "{path}");
            assert_eq!(again.headers["etag"], tag.as_str());
        }
        let other = all.ask(path, &[("if-none-match", "\"0\"")]).await;
        assert_eq!(other.status, 200);
    }
    let tag = all.ask("orders/o-town", &[]).await.headers["etag"].clone();
    let signed = Command::Supplement {
        text: "又来电".to_owned(),
        files: Vec::new(),
    };
    house.order("1001", "o-town", signed).await;
    let again = all
        .ask("orders/o-town", &[("if-none-match", tag.to_str().unwrap())])
        .await;
    assert_eq!(again.status, 200);
}

#[tokio::test]
async fn what_cannot_be_answered_is_told() {
    let house = House::open_as(|config, _| config.public.data_reads_per_minute = 20).await;
    let all = Reader::with(&house, "督办", Role::Supervisor, ShareScope::All).await;
    let mut said = Vec::new();
    for path in [
        "nothing",
        "orders/a/b",
        "orders?page=2",
        "orders?limit=0",
        "orders?cursor=1",
        "orders?state=done",
        "orders?from=2026-13-01",
        "orders?from=%FF",
        "orders/o-1?x=1",
        "statistics?by=name",
        "statistics?from=2024-01-01&until=2025-12-31",
        "answers/none",
    ] {
        let got = all.ask(path, &[]).await;
        assert_eq!(got.headers["content-type"], "application/problem+json");
        let problem = got.json();
        assert_eq!(problem["status"], got.status);
        let text = |name: &str| problem[name].as_str().unwrap().to_owned();
        said.push(format!(
            "{path} {} {} {}",
            got.status,
            text("code"),
            text("detail")
        ));
    }
    expect_test::expect![[r#"
        nothing 404 not_found 没有这项内容，或者不在共享范围内。
        orders/a/b 404 not_found 没有这项内容，或者不在共享范围内。
        orders?page=2 400 malformed 没有这些查询条件：page；可用的是 from、until、unit、category、township、state、limit、cursor。
        orders?limit=0 400 malformed limit 应为 1 至 200。
        orders?cursor=1 400 malformed cursor 应为上一页的 next，原样填写。
        orders?state=done 400 malformed 没有状态 done；应为 open、closed 或 registered、answered_on_the_spot、refused_out_of_scope、transferred_to_emergency、dispatched、delivered、under_verification、under_coordination、completed、merged、withdrawn、finally_closed、archived。
        orders?from=2026-13-01 400 malformed from 应为日期，如 2026-11-01。
        orders?from=%FF 400 malformed 查询条件不是有效的 UTF-8 网址编码。
        orders/o-1?x=1 400 malformed 这里没有查询条件 x。
        statistics?by=name 400 malformed by 应为 day、category、township 或 unit。
        statistics?from=2024-01-01&until=2025-12-31 400 malformed 一次最多统计 366 天。
        answers/none 404 not_found 没有这项内容，或者不在共享范围内。"#]].assert_eq(&said.join("\n"));
    for method in ["POST", "PUT", "DELETE"] {
        let got = house.ask(method, "/data/v1/orders", &[], Vec::new()).await;
        assert_eq!(
            (got.status, got.headers["allow"].to_str().unwrap()),
            (405, "GET, HEAD")
        );
    }
    let nobody = house.get("/data/v1/orders").await;
    assert_eq!(
        (
            nobody.status,
            nobody.headers["www-authenticate"].to_str().unwrap()
        ),
        (401, "Bearer")
    );
    // Twelve were asked before.
    let mut n_answered = 0;
    let late = loop {
        let got = all.ask("answers", &[]).await;
        if got.status != 200 {
            break got;
        }
        n_answered += 1;
    };
    assert_eq!((n_answered, late.status), (8, 429));
    assert!(late.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn published_answers_come_page_by_page() {
    let house = House::open().await;
    for n in 0..5 {
        let article = content(&format!("标题{n}"), "怎么办", "到窗口办理");
        house.publish(&format!("kb-{n}"), article).await;
    }
    house.settled().await;
    let water = Reader::with(&house, "水务", Role::Liaison, scope(&[WATER], &[])).await;
    let ids = water.ids("answers?limit=2").await;
    assert_eq!(ids, ["kb-0", "kb-1", "kb-2", "kb-3", "kb-4"]);
    let one = water.ask("answers/kb-3", &[]).await;
    assert_eq!(one.json()["title"], "标题3");
    for internal in ["内部口径不外传", "孙小红"] {
        assert!(!one.body.contains(internal));
    }
}

/// The fields of every answer are those that the description names.
#[tokio::test]
async fn every_answer_is_as_it_is_described() {
    let house = House::open().await;
    county(&house).await;
    let article = content("停水找谁", "停水了怎么办", "拨打 0818-7212345");
    house.publish("kb-1", article).await;
    house.settled().await;
    let all = Reader::with(&house, "督办", Role::Supervisor, ShareScope::All).await;
    let described = house.get("/data/v1/openapi.json").await.json();
    let paths = described["paths"].as_object().unwrap();
    assert_eq!(paths.len(), 5);
    for (path, of_path) in paths {
        let answers = &of_path["get"]["responses"];
        let schema = &answers["200"]["content"]["application/json"]["schema"];
        let asked = match path.as_str() {
            "/orders/{id}" => "orders/o-water",
            "/answers/{id}" => "answers/kb-1",
            path => path.trim_start_matches('/'),
        };
        check(&described, schema, &all.get(asked).await, asked);
    }
    let problem = &described["components"]["schemas"]["Problem"];
    let refused = all.ask("orders?limit=0", &[]).await.json();
    check(&described, problem, &refused, "problem");
}
