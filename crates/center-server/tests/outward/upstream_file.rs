//! Orders and results by file, as the administrator's commands do it.

use std::path::Path;

use center_server::admin::{AdminReply, AdminRequest, UpstreamFile, UpstreamImport, execute};
use center_server::upstream::table::Sheet;
use documents::table::Table;
use domain::matter::Source;
use domain::work_order::ResultReturn;

use crate::house::House;

const TABLE: &str = "市中心转办工单,,,,\n\
     转办单号,反映内容,诉求类型,来电号码,办理期限\n\
     SD1,\"三汇镇停水，两天了\",投诉,13900009999,2026-11-26\n\
     SD2,路灯不亮,建议,,\n";

fn asked(folder: &Path, table: &str, columns: &[&str], is_preview: bool) -> AdminRequest {
    let file = UpstreamFile::Orders;
    AdminRequest::ImportUpstream(Box::new(UpstreamImport {
        file,
        source: Source::City,
        sheet: Sheet::read(table.as_bytes(), file.fields()).unwrap(),
        mapping: Some("市平台".to_owned()),
        columns: columns.iter().map(|&it| it.to_owned()).collect(),
        is_preview,
        faults_to: folder.join("差错表.xlsx"),
    }))
}

async fn told(house: &House, request: AdminRequest) -> AdminReply {
    execute(house.office(), request).await
}

#[tokio::test]
async fn previewed_put_right_taken_and_remembered() {
    let house = House::open().await;
    let folder = house.folder.path().to_owned();
    let head = *house.office().head().borrow();
    let column = ["转办单号=上级编号"];
    // A preview writes nothing.
    let preview = told(&house, asked(&folder, TABLE, &column, true)).await;
    assert!(preview.is_done, "{preview:?}");
    assert!(
        preview.lines.last().unwrap().contains("新的 2 件"),
        "{preview:?}"
    );
    assert_eq!(*house.office().head().borrow(), head);

    // One bad row and none is taken; what was wrong is marked in a table that does not calculate.
    let bad = format!("{TABLE}SD3,,天气,=HYPERLINK(\"http://x\"),明天\n");
    let refused = told(&house, asked(&folder, &bad, &column, false)).await;
    assert!(!refused.is_done);
    assert!(
        refused.lines[0].contains("有 1 行有差错，全部没有导入"),
        "{refused:?}"
    );
    assert_eq!(*house.office().head().borrow(), head);
    let bytes = std::fs::read(folder.join("差错表.xlsx")).unwrap();
    let faults = &Table::read(&bytes).unwrap()[0];
    assert_eq!(faults.rows.len(), 1);
    assert!(
        faults.rows[0].cells[0].contains("第5行") && faults.rows[0].cells[0].contains("诉求类型")
    );
    assert_eq!(faults.rows[0].cells[4], "=HYPERLINK(\"http://x\")");

    let taken = told(&house, asked(&folder, TABLE, &column, false)).await;
    assert!(taken.is_done, "{taken:?}");
    // The mapping is remembered under its name: no column has to be named again.
    let again = told(&house, asked(&folder, TABLE, &[], false)).await;
    assert!(
        again.is_done && again.lines[0].contains("沿用上次"),
        "{again:?}"
    );
    assert!(
        again
            .lines
            .last()
            .unwrap()
            .contains("新的 0 件，已有的 2 件"),
        "{again:?}"
    );
    let no_such = told(&house, asked(&folder, TABLE, &["转办单号=天气"], true)).await;
    assert!(!no_such.is_done && no_such.lines[0].contains("列对应有误"));
}

#[tokio::test]
async fn results_go_out_by_file_and_are_acknowledged() {
    let house = House::open().await;
    let folder = house.folder.path().to_owned();
    let column = ["转办单号=上级编号"];
    assert!(
        told(&house, asked(&folder, TABLE, &column, false))
            .await
            .is_done
    );
    let read = house.office().readers.read(|it| {
        let mut found = it.ledger.orders_numbered("20261123-Z00-0001")?;
        Ok(found.pop().unwrap())
    });
    let subject = read.await.unwrap();
    house.dispatch(&subject).await;
    house.complete(&subject, "=1+1 已恢复供水").await;
    let source = Source::City;
    let export = |name: &str, is_all: bool| AdminRequest::ExportResults {
        source,
        to: folder.join(name),
        is_all,
    };
    let exported = told(&house, export("结果.xlsx", false)).await;
    assert!(exported.lines[0].contains("已导出 1 件"), "{exported:?}");
    assert!(!told(&house, export("结果.xlsx", false)).await.is_done);
    let bytes = std::fs::read(folder.join("结果.xlsx")).unwrap();
    let table = &Table::read(&bytes).unwrap()[0];
    assert_eq!(table.rows[0].cells[1], "SD1");
    assert_eq!(table.rows[0].cells[5], "=1+1 已恢复供水");
    let is =
        |state: ResultReturn| move |order: &domain::WorkOrder| order.result_return == Some(state);
    house.until_order(&subject, is(ResultReturn::Sent)).await;
    assert!(told(&house, export("又.xlsx", false)).await.lines[0].contains("没有待回传"));
    let ids = vec![table.rows[0].cells[0].clone()];
    let acknowledge = AdminRequest::AcknowledgeResults { source, ids };
    assert!(told(&house, acknowledge).await.lines[0].contains("1 件"));
    house
        .until_order(&subject, is(ResultReturn::Received))
        .await;
    assert!(told(&house, export("全部.json", true)).await.is_done);
    let json = std::fs::read_to_string(folder.join("全部.json")).unwrap();
    assert!(json.contains("SD1") && !json.contains(&subject));
}

#[tokio::test]
async fn keys_telephones_and_messages() {
    use center_server::api_key::KeyUse;
    use domain::HandlingUnitId;

    let house = House::open().await;
    let usage = KeyUse::Upstream {
        source: Source::City,
    };
    let new = |name: &str| AdminRequest::NewKey {
        name: name.to_owned(),
        usage,
    };
    let made = told(&house, new("市平台")).await;
    assert!(made.is_done && made.lines[0].starts_with("hk_"));
    assert!(!told(&house, new("市平台")).await.is_done);
    let list = told(&house, AdminRequest::ListKeys).await;
    assert!(list.lines[0].contains("市平台") && !list.lines[0].contains(&made.lines[0]));
    let digits = list.lines[0].split('\t').next().unwrap().to_owned();
    let short = AdminRequest::RevokeKey {
        digits: digits.chars().take(2).collect(),
    };
    assert!(!told(&house, short).await.is_done);
    let bearer = format!("Bearer {}", made.lines[0]);
    let ask = async || {
        let headers = [("authorization", bearer.as_str())];
        let got = house.ask("GET", "/upstream/v1/results", &headers, Vec::new());
        got.await.status
    };
    assert_eq!(ask().await, 200);
    assert!(
        told(&house, AdminRequest::RevokeKey { digits })
            .await
            .is_done
    );
    assert_eq!(ask().await, 401);

    let contact = |unit: &str, phone: &str| AdminRequest::SetUnitContact {
        unit: HandlingUnitId(unit.to_owned()),
        phones: vec![phone.to_owned()],
    };
    assert!(told(&house, contact("水务", "13700007777")).await.is_done);
    for (unit, phone) in [("无此单位", "13700007777"), ("水务", "<script>")] {
        assert!(!told(&house, contact(unit, phone)).await.is_done);
    }
    assert!(told(&house, AdminRequest::ListDead).await.is_done);
    let id = Some("none".to_owned());
    assert!(!told(&house, AdminRequest::SendAgain { id }).await.is_done);
}
