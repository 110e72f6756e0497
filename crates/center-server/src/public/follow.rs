//! 查办理进度: a number and a code against an order.

use anyhow::Result;
use center::Ledger;
use domain::HandlingUnitId;
use wire::{QueryCode, Subject};

use super::attempts::{self, Asked};
use super::progress::Progress;
use crate::office::Office;
use crate::writer::NotWritten;
use wording::time_text;

/// The longest number there is.
const NUMBER_MAX_CHARS: usize = 40;
/// The longest code as people type it.
const CODE_MAX_CHARS: usize = 40;

/// What somebody who follows an order is told.
pub(super) enum Followed {
    Told(Box<Progress>),
    Wrong { because: String },
}

/// One text, whether there is no such number or the code is another: nobody learns which.
fn wrong() -> Followed {
    Followed::Wrong {
        because: "工单编号或查询码不正确，请核对后再试。".to_owned(),
    }
}

fn later() -> Followed {
    Followed::Wrong {
        because: "现在查询的人较多，请稍后再试，或拨打 12345。".to_owned(),
    }
}

/// Looks, counting the attempt first.
pub(super) async fn follow(
    office: &Office,
    number: &str,
    code: &str,
    address: String,
) -> Result<Followed> {
    let number = narrow(number);
    if !is_number(&number) || code.chars().count() > CODE_MAX_CHARS {
        return Ok(wrong());
    }
    let now = office.clock.now();
    let (asked_number, asked_address) = (number.clone(), address.clone());
    let asked = office
        .writer
        .alone(move |desk| attempts::ask(&mut *desk.records, &asked_number, &asked_address, now));
    let asked = match asked {
        Ok(pending) => pending.done().await,
        Err(why) => Err(why),
    };
    match asked {
        Ok(Asked::May) => {}
        Ok(Asked::Wait { until }) => {
            return Ok(Followed::Wrong {
                because: format!(
                    "查询次数过多，请在{}后再试，或拨打 12345。",
                    time_text::moment(until + chrono::TimeDelta::minutes(1))
                ),
            });
        }
        Err(NotWritten::Busy | NotWritten::Stopping | NotWritten::Fault) => return Ok(later()),
    }
    let (asked_number, code) = (number.clone(), code.to_owned());
    let found = office
        .readers
        .read(move |it| find(&*it.ledger, &asked_number, &code))
        .await?;
    let Some(subject) = found else {
        return Ok(wrong());
    };
    let forgiven = office
        .writer
        .alone(move |desk| attempts::forgive(&mut *desk.records, &number, &address));
    match forgiven {
        Ok(pending) => {
            if let Err(why) = pending.done().await {
                tracing::warn!(%why, "A right attempt still counts");
            }
        }
        Err(why) => tracing::warn!(%why, "A right attempt still counts"),
    }
    let Some(order) = subject.order() else {
        return Ok(wrong());
    };
    let references = office.references();
    let name = |id: &HandlingUnitId| {
        let unit = references.units().get(id);
        unit.map_or_else(
            || crate::reference::tables().unit_name(id).to_owned(),
            |unit| unit.name.clone(),
        )
    };
    Ok(Followed::Told(Box::new(Progress::of(order, &name, now))))
}

/// The order that bears the number and has the code. Two desks may have given one number.
fn find(ledger: &dyn Ledger, number: &str, code: &str) -> Result<Option<Subject>> {
    let mut found = None;
    for subject in ledger.orders_numbered(number)? {
        if QueryCode::of(&subject, number).is(code) {
            found = Some(subject);
        }
    }
    match found {
        Some(id) => center::subject(ledger, &id),
        None => Ok(None),
    }
}

/// As the house writes numbers: narrow, without spaces, in capitals.
fn narrow(typed: &str) -> String {
    let narrowed = typed.chars().filter(|c| !c.is_whitespace()).map(|c| {
        let code = u32::from(c);
        match code {
            0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
            0x2014 | 0x2013 => '-',
            _ => c,
        }
    });
    narrowed
        .map(|c| c.to_ascii_uppercase())
        .take(NUMBER_MAX_CHARS + 1)
        .collect()
}

fn is_number(text: &str) -> bool {
    (1..=NUMBER_MAX_CHARS).contains(&text.chars().count())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_type_them() {
        assert_eq!(narrow(" 20261126-w01-0001 "), "20261126-W01-0001");
        assert_eq!(
            narrow("２０２６１１２６—Ｗ０１－０００１"),
            "20261126-W01-0001"
        );
        assert!(!is_number(&narrow("' or 1=1")) && !is_number(""));
        assert!(!is_number(&narrow(&"1".repeat(100))));
    }
}
