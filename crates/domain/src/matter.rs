//! What a caller brings: the matter, who brings it, and where it is.

use serde::{Deserialize, Serialize};

use crate::refusal::{Field, Refusal};

/// The longest text of a matter, in characters. A call-taker writes some hundred in a call; a
/// letter pasted from the mailbox may have some thousand.
pub const TEXT_MAX_CHARS: usize = 10_000;
/// The longest title, in characters.
pub const TITLE_MAX_CHARS: usize = 100;
/// The longest name, address, wish, opinion or other single field, in characters.
pub const FIELD_MAX_CHARS: usize = 500;
/// The longest answer, guidance or note, in characters.
pub const ANSWER_MAX_CHARS: usize = 5_000;
/// The longest telephone number, in characters: 20 digits with a sign between each two.
const PHONE_MAX_CHARS: usize = 40;
/// A derived title ends after at most this many characters.
const DERIVED_TITLE_CHARS: usize = 30;

/// 诉求类型 (第七条(一)); it decides the time limit for handling (第十一条(二)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatterKind {
    /// 咨询.
    Consultation,
    /// 求助.
    Help,
    /// 意见建议.
    Suggestion,
    /// 投诉.
    Complaint,
    /// 举报.
    Report,
}

impl MatterKind {
    pub const ALL: [Self; 5] = [
        Self::Consultation,
        Self::Help,
        Self::Suggestion,
        Self::Complaint,
        Self::Report,
    ];
}

/// 事项等级 (第十一条(四)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatterClass {
    /// 一般事项.
    Ordinary,
    /// 特殊事项: 大面积停水、停电、停气及环境污染等.
    Special,
    /// 特殊紧急事项: 自然灾害、事故灾难、公共卫生、社会安全事件等.
    SpecialEmergency,
}

impl MatterClass {
    pub const ALL: [Self; 3] = [Self::Ordinary, Self::Special, Self::SpecialEmergency];

    /// Whether 第十一条(四) applies.
    pub fn is_special(self) -> bool {
        match self {
            Self::Special | Self::SpecialEmergency => true,
            Self::Ordinary => false,
        }
    }
}

/// 受理渠道 (第二条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 电话.
    Phone,
    /// 网站.
    Website,
    /// 微信.
    Wechat,
    /// 移动客户端.
    App,
    /// 信箱.
    Mailbox,
    /// 政务服务大厅.
    ServiceHall,
    /// 110 平台非警务转接.
    #[serde(rename = "transfer_110")]
    Transfer110,
}

impl Channel {
    pub const ALL: [Self; 7] = [
        Self::Phone,
        Self::Website,
        Self::Wechat,
        Self::App,
        Self::Mailbox,
        Self::ServiceHall,
        Self::Transfer110,
    ];
}

/// 诉求人: the person who calls. Personal data (第十七条).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// 来电号码; empty when it was not shown.
    pub phone: String,
    /// 联系电话, where it differs from the number that called.
    pub contact_phone: String,
    pub name: String,
    pub address: String,
}

/// 更正: what of a caller is put right; what is `None` stays as it is, what is empty goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallerCorrection {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl CallerCorrection {
    /// The caller as it is from now on.
    pub fn on(&self, caller: &Caller) -> Caller {
        let of = |new: &Option<String>, old: &String| new.as_ref().unwrap_or(old).clone();
        Caller {
            phone: of(&self.phone, &caller.phone),
            contact_phone: of(&self.contact_phone, &caller.contact_phone),
            name: of(&self.name, &caller.name),
            address: of(&self.address, &caller.address),
        }
    }
}

/// 事发地点: down to the village where it is known; codes of the national statistics bureau.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub township_code: String,
    pub village_code: String,
    pub detail: String,
}

/// 诉求: what was said, and what the call-taker made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    pub caller: Caller,
    pub channel: Channel,
    pub kind: MatterKind,
    pub class: MatterClass,
    /// 三级分类的编号; empty when not classified yet.
    pub category_id: String,
    pub title: String,
    /// 诉求内容, as told.
    pub text: String,
    pub place: Place,
    /// 事发时间 as it was told or as a person wrote it: 11月23日（周一）20时许起. At most
    /// [`FIELD_MAX_CHARS`]; empty where nobody said when.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub happened: String,
    /// 诉求对象: who or what it is about, such as whom the caller complains of. At most
    /// [`FIELD_MAX_CHARS`]; empty where nobody said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// 诉求目标: what the caller hopes for.
    pub wants: String,
    /// 是否保密.
    pub is_confidential: bool,
    /// 是否要求回访.
    pub wants_call_back: bool,
    /// 工单来源 (第二条).
    #[serde(default, skip_serializing_if = "Origin::is_own")]
    pub origin: Origin,
}

/// 工单来源: who passed the matter on to the county, and under which number (第二条、第七条(二)(三)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub source: Source,
    /// 上级编号, as it came; empty for the county's own.
    pub upstream_number: String,
    /// 外省单号 of a 川渝联动 order.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub other_province_number: String,
}

/// 来源 (第二条、第七条).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// 县自接.
    #[default]
    County,
    /// 市中心转办.
    City,
    /// 省交办.
    Province,
    /// 川渝联动.
    SichuanChongqing,
    /// 110 非警务转接.
    #[serde(rename = "police_110")]
    Police110,
}

impl Source {
    pub const ALL: [Self; 5] = [
        Self::County,
        Self::City,
        Self::Province,
        Self::SichuanChongqing,
        Self::Police110,
    ];
}

impl Origin {
    /// Whether the county took the matter itself.
    pub fn is_own(&self) -> bool {
        *self == Self::default()
    }

    /// 重复推送: whether both are one order of a superior, which is taken once (第二条).
    pub fn is_same_delivery(&self, other: &Self) -> bool {
        !self.upstream_number.is_empty()
            && self.source == other.source
            && self.upstream_number == other.upstream_number
    }
}

impl Caller {
    /// Trims every text.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        for text in [
            &mut self.phone,
            &mut self.contact_phone,
            &mut self.name,
            &mut self.address,
        ] {
            trim(text);
        }
        self
    }

    /// Refuses an over-long text, and a number that is none.
    pub fn check(&self) -> Result<(), Refusal> {
        check_length(Field::CallerName, &self.name, FIELD_MAX_CHARS)?;
        check_length(Field::CallerAddress, &self.address, FIELD_MAX_CHARS)?;
        check_phone(Field::CallerPhone, &self.phone)?;
        check_phone(Field::ContactPhone, &self.contact_phone)
    }
}

fn trim(text: &mut String) {
    let trimmed = text.trim();
    if trimmed.len() != text.len() {
        *text = trimmed.to_owned();
    }
}

impl Matter {
    /// Trims every text, and derives the title from the text where none was given.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        self.caller = self.caller.tidied();
        for text in [
            &mut self.title,
            &mut self.text,
            &mut self.place.detail,
            &mut self.happened,
            &mut self.about,
            &mut self.wants,
            &mut self.origin.upstream_number,
            &mut self.origin.other_province_number,
        ] {
            trim(text);
        }
        if self.title.is_empty() {
            self.title = derived_title(&self.text);
        }
        self
    }

    /// Refuses what could not be stored or read: an empty or over-long text, a number that is none.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.text.trim().is_empty() {
            return Err(Refusal::TextMissing { field: Field::Text });
        }
        check_length(Field::Text, &self.text, TEXT_MAX_CHARS)?;
        check_length(Field::Title, &self.title, TITLE_MAX_CHARS)?;
        check_length(Field::Happened, &self.happened, FIELD_MAX_CHARS)?;
        check_length(Field::About, &self.about, FIELD_MAX_CHARS)?;
        check_length(Field::Wants, &self.wants, FIELD_MAX_CHARS)?;
        check_length(Field::PlaceDetail, &self.place.detail, FIELD_MAX_CHARS)?;
        check_length(
            Field::UpstreamNumber,
            &self.origin.upstream_number,
            TITLE_MAX_CHARS,
        )?;
        check_length(
            Field::UpstreamNumber,
            &self.origin.other_province_number,
            TITLE_MAX_CHARS,
        )?;
        self.caller.check()
    }
}

/// The beginning of `text` up to its first stop, at most 30 characters; a text of nothing but stops
/// is its own title.
pub fn derived_title(text: &str) -> String {
    let is_stop = |c: char| "。！？!?；;\n\r".contains(c);
    let first = text
        .trim_start()
        .split(is_stop)
        .find(|part| !part.trim().is_empty());
    first
        .unwrap_or(text)
        .trim()
        .chars()
        .take(DERIVED_TITLE_CHARS)
        .collect()
}

/// Refuses a text of more than `max_chars` characters.
pub(crate) fn check_length(field: Field, text: &str, max_chars: usize) -> Result<(), Refusal> {
    let n_chars = text.chars().count();
    if n_chars > max_chars {
        Err(Refusal::TextTooLong {
            field,
            max_chars,
            n_chars,
        })
    } else {
        Ok(())
    }
}

/// A number may be empty (not shown).
fn check_phone(field: Field, phone: &str) -> Result<(), Refusal> {
    if phone.is_empty() || is_phone(phone) {
        Ok(())
    } else {
        Err(Refusal::PhoneInvalid { field })
    }
}

/// 电话号码: 3 to 20 digits, with `+`, `-` and spaces between.
pub fn is_phone(phone: &str) -> bool {
    let n_chars = phone.chars().count();
    let n_digits = phone.chars().filter(char::is_ascii_digit).count();
    let only_phone_characters = phone
        .chars()
        .all(|c| c.is_ascii_digit() || "+- ".contains(c));
    only_phone_characters && (3..=20).contains(&n_digits) && n_chars <= PHONE_MAX_CHARS
}

/// A number as it is compared: digits only, without the country's code.
pub fn phone_digits(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("86") {
        Some(mobile) if mobile.len() == 11 && mobile.starts_with('1') => mobile.to_owned(),
        Some(_) | None => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_is_the_first_sentence() {
        assert_eq!(
            derived_title("  小区停水两天了。物业不管。"),
            "小区停水两天了"
        );
        assert_eq!(derived_title("\n\n路灯坏了\n没人修"), "路灯坏了");
        assert_eq!(derived_title(&"水".repeat(90)).chars().count(), 30);
        assert_eq!(derived_title("𠮷野家门口"), "𠮷野家门口");
        assert_eq!(derived_title("？？？"), "？？？");
        assert_eq!(derived_title(""), "");
    }

    #[test]
    fn phone_numbers() {
        for good in [
            "",
            "13800001234",
            "0818-7212345",
            "+86 138 0000 1234",
            "110",
        ] {
            assert_eq!(check_phone(Field::CallerPhone, good), Ok(()), "{good}");
        }
        for bad in ["12", "１３８", "abc", "1380000123412345678901"] {
            assert!(check_phone(Field::CallerPhone, bad).is_err(), "{bad}");
        }
        let mostly_signs = format!("110{}", "-".repeat(38));
        assert!(check_phone(Field::CallerPhone, &mostly_signs).is_err());
    }
}
