//! 网上提交: a form of GeoReport becomes a matter, and the matter an order like any other.

use axum::http::StatusCode;
use domain::matter::{Caller, FIELD_MAX_CHARS, Matter, MatterClass, MatterKind, Origin, Place};
use domain::{Refusal, matter::Channel};
use wording::reference::ReferenceTables;
use wording::text;

use super::answer::Refused;
use super::services::{self, CONFIDENTIAL, KIND, KIND_UNSAID};
use crate::form::Form;

/// The one jurisdiction: the county's code of the national statistics bureau.
pub(super) const JURISDICTION: &str = "511725";
/// What GeoReport allows.
const DESCRIPTION_MAX_CHARS: usize = 4_000;
const URL_MAX_CHARS: usize = 2_000;
const EMAIL_MAX_CHARS: usize = 254;
const NAME_MAX_CHARS: usize = 100;

/// Refuses another jurisdiction; none is ours.
pub(super) fn check_jurisdiction(form: &Form) -> Result<(), Refused> {
    match form.get("jurisdiction_id") {
        None | Some(JURISDICTION) => Ok(()),
        Some(_) => Err(Refused::not_found("jurisdiction_id was not found")),
    }
}

/// The matter that a form brings.
pub(super) fn matter(
    form: &Form,
    channel: Channel,
    tables: &ReferenceTables,
) -> Result<Matter, Refused> {
    let code = form.get("service_code");
    let code = code.ok_or_else(|| Refused::bad("service_code was not provided"))?;
    let category = services::find(tables, code)?;
    let kind = kind(form)?;
    let is_confidential = is_confidential(form)? || kind == MatterKind::Report;
    let matter = Matter {
        caller: caller(form)?,
        channel,
        kind,
        class: MatterClass::Ordinary,
        category_id: category.id.clone(),
        title: String::new(),
        text: told(form, &services::name(category))?,
        place: place(form, tables)?,
        happened: String::new(),
        about: String::new(),
        wants: String::new(),
        is_confidential,
        wants_call_back: false,
        origin: Origin::default(),
    };
    let matter = matter.tidied();
    matter.check().map_err(|refusal| refused(&refusal))?;
    Ok(matter)
}

/// What the rules of the house say no to.
pub(super) fn refused(refusal: &Refusal) -> Refused {
    Refused::new(StatusCode::BAD_REQUEST, text::refusal(refusal))
}

fn kind(form: &Form) -> Result<MatterKind, Refused> {
    let Some(value) = form.get(&attribute(KIND)) else {
        return Ok(KIND_UNSAID);
    };
    serde_json::from_value(serde_json::Value::String(value.to_owned()))
        .map_err(|_unknown| Refused::bad(format!("{} has no such value", attribute(KIND))))
}

fn is_confidential(form: &Form) -> Result<bool, Refused> {
    match form.get(&attribute(CONFIDENTIAL)) {
        None | Some("no") => Ok(false),
        Some("yes") => Ok(true),
        Some(_) => Err(Refused::bad(format!(
            "{} is yes or no",
            attribute(CONFIDENTIAL)
        ))),
    }
}

fn attribute(code: &str) -> String {
    format!("attribute[{code}]")
}

/// The text of the matter. A picture stays where it is; its address is part of what was told.
fn told(form: &Form, service: &str) -> Result<String, Refused> {
    let description = field(form, "description", DESCRIPTION_MAX_CHARS)?;
    let mut text = if description.is_empty() {
        format!("{service}（未填写说明）")
    } else {
        description
    };
    let media = field(form, "media_url", URL_MAX_CHARS)?;
    if !media.is_empty() {
        let is_web = media.starts_with("https://") || media.starts_with("http://");
        if !is_web || media.chars().any(char::is_whitespace) {
            return Err(Refused::bad("media_url is no http address"));
        }
        text.push_str(&format!("\n附图地址：{media}"));
    }
    Ok(text)
}

/// Who files. The house has no field for an address of electronic mail; it stands where a unit sees
/// it only when it may see who calls.
fn caller(form: &Form) -> Result<Caller, Refused> {
    let last = field(form, "last_name", NAME_MAX_CHARS)?;
    let first = field(form, "first_name", NAME_MAX_CHARS)?;
    let is_latin = last.is_ascii() && first.is_ascii();
    let name = if is_latin {
        format!("{first} {last}")
    } else {
        format!("{last}{first}")
    };
    let email = field(form, "email", EMAIL_MAX_CHARS)?;
    if !email.is_empty() && !is_email(&email) {
        return Err(Refused::bad("email is no address of electronic mail"));
    }
    Ok(Caller {
        phone: field(form, "phone", FIELD_MAX_CHARS)?,
        contact_phone: String::new(),
        name: name.trim().to_owned(),
        address: if email.is_empty() {
            String::new()
        } else {
            format!("电子邮箱 {email}")
        },
    })
}

fn is_email(text: &str) -> bool {
    let halves = text.split_once('@');
    halves.is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
        && !text
            .chars()
            .any(|c| c.is_whitespace() || "<>\"'".contains(c))
}

/// GeoReport wants one of coordinates, an address or the identity of one.
fn place(form: &Form, tables: &ReferenceTables) -> Result<Place, Refused> {
    let address = field(form, "address_string", FIELD_MAX_CHARS / 2)?;
    let id = field(form, "address_id", NAME_MAX_CHARS)?;
    let point = match (degrees(form, "lat", 90.0)?, degrees(form, "long", 180.0)?) {
        (Some(lat), Some(long)) => format!("纬度 {lat}，经度 {long}"),
        (None, None) => String::new(),
        _ => return Err(Refused::bad("lat and long must be given together")),
    };
    let mut parts = vec![address.clone(), point];
    if !id.is_empty() {
        parts.push(format!("地址编号 {id}"));
    }
    parts.retain(|part| !part.is_empty());
    if parts.is_empty() {
        return Err(Refused::bad(
            "A location is required: lat and long, address_string, or address_id",
        ));
    }
    let mut place = crate::reference::located(&address, tables);
    place.detail = parts.join("；");
    Ok(place)
}

fn degrees(form: &Form, name: &str, max: f64) -> Result<Option<f64>, Refused> {
    let Some(text) = form.get(name) else {
        return Ok(None);
    };
    let value = text.parse::<f64>().ok();
    match value.filter(|value| value.is_finite() && value.abs() <= max) {
        Some(value) => Ok(Some(value)),
        None => Err(Refused::bad(format!("{name} is no number up to {max}"))),
    }
}

fn field(form: &Form, name: &str, max_chars: usize) -> Result<String, Refused> {
    let text = form.get(name).unwrap_or_default();
    if text.chars().count() > max_chars {
        return Err(Refused::bad(format!(
            "{name} is longer than {max_chars} characters"
        )));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filed(form: &str) -> Result<Matter, Refused> {
        let tables = ReferenceTables::built_in().unwrap();
        let form = Form::read(form.as_bytes()).unwrap();
        check_jurisdiction(&form)?;
        matter(&form, Channel::App, &tables)
    }

    #[test]
    fn a_matter_as_the_house_knows_it() {
        let matter = filed(
            "service_code=c-001&description=路灯坏了。三天没人修&address_string=渠县三汇镇大桥头&first_name=三&last_name=张\
             &phone=138+0000+1234&email=a@b.cn&media_url=https://x.cn/1.jpg&attribute[kind]=complaint&lat=30.8&long=106.9",
        )
        .unwrap();
        assert_eq!(matter.kind, MatterKind::Complaint);
        assert_eq!(matter.title, "路灯坏了");
        assert_eq!(
            matter.text,
            "路灯坏了。三天没人修\n附图地址：https://x.cn/1.jpg"
        );
        assert_eq!(matter.caller.name, "张三");
        assert_eq!(matter.caller.address, "电子邮箱 a@b.cn");
        assert!(!matter.place.township_code.is_empty());
        assert_eq!(
            matter.place.detail,
            "渠县三汇镇大桥头；纬度 30.8，经度 106.9"
        );
        assert!(!matter.is_confidential);
    }

    #[test]
    fn a_report_is_confidential() {
        let matter = filed("service_code=c-001&address_id=7&attribute[kind]=report").unwrap();
        assert!(matter.is_confidential);
        assert_eq!(matter.text, "农村土地承包 · 承包经营权确权（未填写说明）");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let long = format!(
            "service_code=c-001&address_id=7&description={}",
            "水".repeat(4_001)
        );
        for (form, status, part) in [
            ("address_id=7", 400, "service_code"),
            ("service_code=x&address_id=7", 404, "service_code"),
            (
                "service_code=c-001&jurisdiction_id=boston.gov&address_id=7",
                404,
                "jurisdiction_id",
            ),
            ("service_code=c-001", 400, "location"),
            ("service_code=c-001&lat=30", 400, "together"),
            ("service_code=c-001&lat=NaN&long=1", 400, "lat"),
            ("service_code=c-001&lat=91&long=1", 400, "lat"),
            ("service_code=c-001&address_id=7&email=a@b", 400, "email"),
            (
                "service_code=c-001&address_id=7&email=<a@b.c>",
                400,
                "email",
            ),
            ("service_code=c-001&address_id=7&phone=call+me", 400, "号码"),
            (
                "service_code=c-001&address_id=7&media_url=javascript:alert(1)",
                400,
                "media_url",
            ),
            (
                "service_code=c-001&address_id=7&attribute[kind]=praise",
                400,
                "kind",
            ),
            (
                "service_code=c-001&address_id=7&attribute[confidential]=maybe",
                400,
                "confidential",
            ),
            (long.as_str(), 400, "description"),
        ] {
            let refused = filed(form).unwrap_err();
            assert_eq!(refused.status.as_u16(), status, "{form}");
            assert!(
                refused.description.contains(part),
                "{form}: {}",
                refused.description
            );
        }
    }
}
