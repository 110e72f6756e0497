//! An order that is about to miss its dispatch limit is told through the desktop's own daemon.

use anyhow::Result;
use end_to_end::{Desk, DeskFolder, Notifications};

use crate::call_taker::{listen, own_messages, register, set_up};

/// Past the time to warn and before the limit is over would depend on the hour at which the test
/// runs; twenty days later the limit is over whatever the calendar.
const LATER_SECONDS: u32 = 20 * 24 * 3600;

#[tokio::test]
async fn a_missed_dispatch_limit_is_told_once() -> Result<()> {
    let folder = DeskFolder::new("notices")?;
    let shift = folder.data().with_extension("clock-shift");
    std::fs::write(&shift, "0")?;
    let notifications = Notifications::listen().await?;
    let mut desk = Desk::open(folder.with_env("HOTLINE_DESK_CLOCK_SHIFT", &shift)).await?;
    set_up(&mut desk).await?;
    let message = own_messages()?.remove(0);
    listen(&mut desk, &message.text).await?;
    let number = register(&mut desk).await?;

    std::fs::write(&shift, to_daytime(LATER_SECONDS).to_string())?;
    // A click outside of the window opens the order in it.
    notifications.click().await?;
    desk.wait_text("order-detail", &number).await?;
    let told = notifications.wait_for(&number).await?;
    assert!(told.summary.contains("转办已超期"), "{told:?}");
    assert!(told.body.contains("24:00"), "{told:?}");
    desk.wait_text("status-line", "超期").await?;

    desk.restart().await?;
    desk.wait_for("intake-text").await?;
    let n_told = notifications
        .shown()?
        .iter()
        .filter(|told| told.body.contains(&number))
        .count();
    assert_eq!(n_told, 1, "told again after a restart");
    desk.close().await
}

/// The shift that ends at ten in the morning in Beijing: at night nobody is disturbed.
fn to_daytime(shift: u32) -> u64 {
    let now = std::time::SystemTime::now();
    let now = now
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs();
    let at = now + u64::from(shift);
    let since_midnight = (at + 8 * 3600) % (24 * 3600);
    u64::from(shift) + 10 * 3600 + 24 * 3600 - since_midnight
}
