//! The same center with PostgreSQL under it: it serves, stops, and goes on where it was.

use center::Database;
use testkit::PrivatePostgres;
use wire::{Answer, Cursor, verify_page};

use crate::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn a_center_on_postgres_serves_and_goes_on_after_a_restart() {
    let (cluster, database) = tokio::task::spawn_blocking(|| {
        let cluster = PrivatePostgres::start().unwrap();
        let address = cluster.new_database().unwrap();
        (cluster, Database::parse(&address).unwrap())
    })
    .await
    .unwrap();
    let house = House::open_on(Some(database)).await;
    let mut desk = house.desk().await;
    let first = desk.register(1);
    let push = desk.push(vec![first.clone()]);
    let mut line = house.line(&desk).await;
    assert!(matches!(line.ask(&push).await, Answer::Pushed(_)));

    let house = house.again().await;
    let mut line = house.line(&desk).await;
    let second = desk.register(2);
    let push = desk.push(vec![first, second]);
    let Answer::Pushed(pushed) = line.ask(&push).await else {
        panic!("not pushed");
    };
    assert_eq!(pushed.head, desk.head);
    let Answer::Greeting(greeting) = line.ask(&desk.hello()).await else {
        panic!("not greeted");
    };
    let pull = desk.pull(greeting.epoch, Cursor::START);
    let Answer::Page(page) = line.ask(&pull).await else {
        panic!("no page");
    };
    verify_page(Cursor::START, page.epoch, &page.entries).unwrap();
    let answers = page.entries.iter().filter(|entry| entry.origin.is_some());
    assert_eq!(answers.count(), 2, "each intent once");
    house.server.stop().await.unwrap();
    drop(cluster);
}
