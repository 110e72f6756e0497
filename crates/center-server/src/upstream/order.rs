//! 上级工单: what a row says becomes a matter with its limit, or a list of what is wrong with it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use domain::clock_face::{at, end_of};
use domain::matter::{
    Caller, Channel, Matter, MatterClass, MatterKind, Origin, Place, Source, TITLE_MAX_CHARS,
};
use domain::upstream::UpstreamLimit;
use wording::reference::{ReferenceTables, wire_name};
use wording::text;

use super::fields::{CellFault, Cells, Field, said};
use super::superior;

/// An order as it is to be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamOrder {
    pub number: String,
    pub matter: Matter,
    /// 上级期限, with the document that sets it.
    pub limit: Option<(UpstreamLimit, String)>,
}

/// Reads what a row says; all that is wrong at once.
pub fn read(
    cells: &Cells,
    source: Source,
    tables: &ReferenceTables,
) -> Result<UpstreamOrder, Vec<CellFault>> {
    let mut faults = Vec::new();
    let number = said(cells, Field::Number).to_owned();
    if number.is_empty() {
        faults.push(CellFault::of(Field::Number, "没有填写"));
    } else if number.chars().count() > TITLE_MAX_CHARS {
        let message = format!("超过 {TITLE_MAX_CHARS} 字");
        faults.push(CellFault::of(Field::Number, message));
    }
    if said(cells, Field::Text).is_empty() {
        faults.push(CellFault::of(Field::Text, "没有填写"));
    }
    let kind = one_of(
        cells,
        Field::Kind,
        &MatterKind::ALL,
        text::kind,
        MatterKind::Help,
    );
    let kind = or_fault(kind, &mut faults);
    let class = one_of(
        cells,
        Field::Class,
        &MatterClass::ALL,
        text::class,
        MatterClass::Ordinary,
    );
    let class = or_fault(class, &mut faults);
    let channel = one_of(
        cells,
        Field::Channel,
        &Channel::ALL,
        text::channel,
        Channel::Phone,
    );
    let channel = or_fault(channel, &mut faults);
    let is_confidential = or_fault(yes_or_no(cells, Field::IsConfidential), &mut faults);
    let wants_call_back = or_fault(yes_or_no(cells, Field::WantsCallBack), &mut faults);
    let limit = or_fault(limit(cells, source, &number), &mut faults);
    let matter = Matter {
        caller: Caller {
            phone: said(cells, Field::CallerPhone).to_owned(),
            contact_phone: said(cells, Field::ContactPhone).to_owned(),
            name: said(cells, Field::CallerName).to_owned(),
            address: said(cells, Field::CallerAddress).to_owned(),
        },
        channel: channel.unwrap_or(Channel::Phone),
        kind: kind.unwrap_or(MatterKind::Help),
        class: class.unwrap_or(MatterClass::Ordinary),
        category_id: category(said(cells, Field::Category), tables),
        title: said(cells, Field::Title).to_owned(),
        text: said(cells, Field::Text).to_owned(),
        place: place(said(cells, Field::Place), tables),
        happened: said(cells, Field::Happened).to_owned(),
        about: said(cells, Field::About).to_owned(),
        wants: said(cells, Field::Wants).to_owned(),
        is_confidential: is_confidential.unwrap_or(true),
        wants_call_back: wants_call_back.unwrap_or(false),
        origin: Origin {
            source,
            upstream_number: number.clone(),
            other_province_number: said(cells, Field::OtherProvinceNumber).to_owned(),
        },
    };
    let matter = matter.tidied();
    if faults.is_empty()
        && let Err(refusal) = matter.check()
    {
        faults.push(CellFault {
            field: None,
            message: text::refusal(&refusal),
        });
    }
    if faults.is_empty() {
        Ok(UpstreamOrder {
            number,
            matter,
            limit: limit.flatten(),
        })
    } else {
        Err(faults)
    }
}

/// The value, or its fault among the others.
pub(super) fn or_fault<T>(found: Result<T, CellFault>, faults: &mut Vec<CellFault>) -> Option<T> {
    found.map_err(|fault| faults.push(fault)).ok()
}

/// A value by its Chinese or its name on the wire; `unsaid` where nothing is said.
pub(super) fn one_of<T: Copy + serde::Serialize>(
    cells: &Cells,
    field: Field,
    all: &[T],
    name: fn(T) -> &'static str,
    unsaid: T,
) -> Result<T, CellFault> {
    let word = said(cells, field);
    if word.is_empty() {
        return Ok(unsaid);
    }
    let plain = ["事项", "件", "类"]
        .iter()
        .find_map(|suffix| word.strip_suffix(suffix))
        .unwrap_or(word);
    // 建议 is called so as often as 意见建议.
    let plain = if plain == "建议" {
        "意见建议"
    } else {
        plain
    };
    let is_called = |value: &&T| {
        let name = name(**value);
        wire_name(*value) == word || name == word || name == plain
    };
    let exact = all.iter().find(is_called);
    // A beginning of one name and of no other. What might be two things is asked, not guessed.
    let mut begun = all.iter().filter(|value| name(**value).starts_with(plain));
    let near = begun.next().filter(|_| begun.next().is_none());
    exact.or(near).copied().ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|value| name(*value)).collect();
        CellFault::of(field, format!("“{word}”不是{}之一", names.join("、")))
    })
}

fn yes_or_no(cells: &Cells, field: Field) -> Result<bool, CellFault> {
    match said(cells, field) {
        "" | "否" | "不" | "无" | "0" | "false" | "no" => Ok(false),
        "是" | "有" | "1" | "true" | "yes" | "保密" => Ok(true),
        other => Err(CellFault::of(field, format!("“{other}”应为“是”或“否”"))),
    }
}

fn limit(
    cells: &Cells,
    source: Source,
    number: &str,
) -> Result<Option<(UpstreamLimit, String)>, CellFault> {
    let word = said(cells, Field::DueAt);
    if word.is_empty() {
        return Ok(None);
    }
    let Some(superior) = superior(source) else {
        return Err(CellFault::of(Field::DueAt, "该来源不设上级期限"));
    };
    let due_at = moment(word, end_of)
        .ok_or_else(|| CellFault::of(Field::DueAt, format!("“{word}”不是日期或时间")))?;
    let document = match said(cells, Field::Document) {
        "" => format!("上级工单 {number}"),
        document => document.to_owned(),
    };
    Ok(Some((UpstreamLimit { superior, due_at }, document)))
}

/// An instant as tables have it, in the county's time; a date alone is what `day` makes of it.
pub(super) fn moment(
    word: &str,
    day: impl Fn(NaiveDate) -> DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(word) {
        return Some(instant.to_utc());
    }
    let plain = word
        .replace(['年', '月', '/', '.'], "-")
        .replace('日', " ")
        .replace('：', ":")
        .replace('T', " ");
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    for form in ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"] {
        if let Ok(read) = NaiveDateTime::parse_from_str(&plain, form) {
            return Some(at(read.date(), read.time()));
        }
    }
    let date = NaiveDate::parse_from_str(&plain, "%Y-%m-%d").ok();
    if date.is_some() {
        return date.map(day);
    }
    // 24:00 is how a day's end is written, and no program reads it.
    let whole_day = plain
        .strip_suffix(" 24:00:00")
        .or(plain.strip_suffix(" 24:00"))?;
    let date = NaiveDate::parse_from_str(whole_day, "%Y-%m-%d").ok()?;
    Some(end_of(date))
}

/// The first instant of a day.
pub(super) fn start_of(date: NaiveDate) -> DateTime<Utc> {
    at(date, NaiveTime::MIN)
}

/// A category by its number or by its name; what is not known stays open.
fn category(word: &str, tables: &ReferenceTables) -> String {
    let mut categories = tables.view.categories.iter();
    let found = categories.find(|it| {
        !word.is_empty()
            && (it.id == word || it.level3 == word || word.ends_with(it.level3.as_str()))
    });
    found.map_or_else(String::new, |it| it.id.clone())
}

fn place(word: &str, tables: &ReferenceTables) -> Place {
    let mut place = crate::reference::located(word, tables);
    word.clone_into(&mut place.detail);
    place
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::tables;

    fn cells(words: &str) -> Cells {
        let pairs = words.split('；').filter(|it| !it.is_empty());
        let pair = |pair: &str| {
            let (name, text) = pair.split_once('=').unwrap();
            let field = Field::named(name, Field::OF_ORDER).unwrap();
            (field, text.to_owned())
        };
        pairs.map(pair).collect()
    }

    #[test]
    fn an_order_of_the_city() {
        let cells = cells(
            "上级编号=SD20261126001；诉求内容=三汇镇停水。两天了；诉求类型=建议；等级=特殊事项；渠道=微信；来电号码=13800001234；\
             事发地点=三汇镇大桥头；发生时间=11月24日夜；涉事主体=三汇供水站；是否保密=否；办理期限=2026-11-30",
        );
        let order = read(&cells, Source::City, tables()).unwrap();
        assert_eq!(order.matter.kind, MatterKind::Suggestion);
        assert_eq!(order.matter.class, MatterClass::Special);
        assert_eq!(order.matter.channel, Channel::Wechat);
        assert_eq!(order.matter.origin.upstream_number, "SD20261126001");
        assert!(!order.matter.place.township_code.is_empty());
        assert_eq!(order.matter.happened, "11月24日夜");
        assert_eq!(order.matter.about, "三汇供水站");
        let (limit, document) = order.limit.unwrap();
        assert_eq!(limit.due_at.to_rfc3339(), "2026-11-30T16:00:00+00:00");
        assert_eq!(document, "上级工单 SD20261126001");
    }

    #[test]
    fn what_may_be_two_things_is_asked() {
        use domain::work_order::{Satisfaction, Solved};
        let word = |field, word: &str| Cells::from([(field, word.to_owned())]);
        for (said, kind) in [
            ("建议", Some(MatterKind::Suggestion)),
            ("投诉类", Some(MatterKind::Complaint)),
            ("complaint", Some(MatterKind::Complaint)),
            // Both would be: 就高 is for a person to say (决定 I-16).
            ("咨询投诉", None),
            ("诉", None),
        ] {
            let cells = word(Field::Kind, said);
            let read = one_of(
                &cells,
                Field::Kind,
                &MatterKind::ALL,
                text::kind,
                MatterKind::Help,
            );
            assert_eq!(read.ok(), kind, "{said}");
        }
        for (said, class) in [
            ("特殊事项", Some(MatterClass::Special)),
            ("特殊紧急事项", Some(MatterClass::SpecialEmergency)),
            ("紧急", None),
        ] {
            let cells = word(Field::Class, said);
            let read = one_of(
                &cells,
                Field::Class,
                &MatterClass::ALL,
                text::class,
                MatterClass::Ordinary,
            );
            assert_eq!(read.ok(), class, "{said}");
        }
        let cells = word(Field::Solved, "解决");
        assert!(
            one_of(
                &cells,
                Field::Solved,
                &Solved::ALL,
                text::solved,
                Solved::Yes
            )
            .is_err()
        );
        let cells = word(Field::Satisfaction, "不满");
        let read = one_of(
            &cells,
            Field::Satisfaction,
            &Satisfaction::ALL,
            text::satisfaction,
            Satisfaction::Satisfied,
        );
        assert_eq!(read.ok(), Some(Satisfaction::Dissatisfied));
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let cells = cells("标题=无；诉求类型=天气；是否保密=也许；办理期限=明天");
        let faults = read(&cells, Source::City, tables()).unwrap_err();
        let fields: Vec<Field> = faults.iter().filter_map(|fault| fault.field).collect();
        assert_eq!(
            fields,
            [
                Field::Number,
                Field::Text,
                Field::Kind,
                Field::IsConfidential,
                Field::DueAt
            ]
        );
        let cells = self::cells("上级编号=1；诉求内容=x；来电号码=打不通");
        let faults = read(&cells, Source::City, tables()).unwrap_err();
        assert!(faults[0].message.contains("号码"), "{faults:?}");
        let cells = self::cells("上级编号=1；诉求内容=x；办理期限=2026-11-30");
        assert!(read(&cells, Source::Police110, tables()).is_err());
    }

    #[test]
    fn moments_as_tables_have_them() {
        for (word, instant) in [
            ("2026-11-30 18:00:00", "2026-11-30T10:00:00+00:00"),
            ("2026/11/30 18:00", "2026-11-30T10:00:00+00:00"),
            ("2026年11月30日 18：00", "2026-11-30T10:00:00+00:00"),
            ("2026-11-30", "2026-11-30T16:00:00+00:00"),
            ("2026-11-30 24:00", "2026-11-30T16:00:00+00:00"),
            ("2026-11-30T18:00:00+08:00", "2026-11-30T10:00:00+00:00"),
        ] {
            let read = moment(word, end_of).map(|it| it.to_rfc3339());
            assert_eq!(read.as_deref(), Some(instant), "{word}");
        }
        for word in ["", "2026-13-01", "周一", "99999999"] {
            assert_eq!(moment(word, end_of), None, "{word}");
        }
    }
}
