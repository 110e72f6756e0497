//! 受理时的倾听: one call with every pause of the typing, and everything that is found in what was
//! typed, each with its ground and where it stands. Read-only; nothing is decided, and whatever a
//! person has chosen is taken as it is.

pub mod dispatch;
pub mod fields;
pub mod same;
pub mod span;
pub mod special;
mod tables;

use ::intake::category::{self, CategoryGuess, GuessedBy};
use ::intake::dispatch::Known;
use ::intake::fields::Fields;
use ::intake::kind::{self, KindGuess};
use ::intake::quality::{ScopeHint, scope_hints};
use ::intake::special::{Alert, Certainty};
use chrono::{DateTime, NaiveDate, Utc};
use domain::clock_face::{date_of, time_of};
use domain::matter::{
    FIELD_MAX_CHARS, Matter, MatterClass, MatterKind, TEXT_MAX_CHARS, TITLE_MAX_CHARS,
};
use domain::out_of_scope::OutOfScopeClass;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub(crate) use self::tables::ListeningTables;

use self::dispatch::HeardDispatch;
use self::fields::{HeardFields, likeliest_objects, likeliest_place, likeliest_time};
use self::same::{HeardSame, earlier};
use self::span::{Span, Spans, words};
use self::special::{HeardAlert, heard_alert};
use crate::desk::Desk;
use crate::error::CallError;
use crate::intake::Intake;
use crate::text;

/// So many kinds and categories are told.
const GUESSES: usize = 3;
/// A category less likely than this is no ground for a unit or for questions.
const LIKELY_PERCENT: u32 = 30;

/// The form as it stands, asked again with every pause of the typing.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct Listen {
    /// Counts up with every change; the answer brings it back, so that one for an older text is known.
    pub revision: u32,
    pub draft_id: String,
    pub intake: Intake,
    pub chosen: Chosen,
}

/// What a person has chosen; the rest of the form is not looked at.
#[derive(Debug, Clone, Copy, Default, Deserialize, TS)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one for each field of the form"
)]
pub struct Chosen {
    pub kind: bool,
    pub category: bool,
    pub place: bool,
    #[serde(default)]
    pub happened: bool,
    #[serde(default)]
    pub about: bool,
    pub class: bool,
}

/// 依据 of a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GuessGround {
    /// 关键词.
    Keywords,
    /// 本中心已确认的工单.
    Learnt,
}

/// 诉求类型, with how likely it is.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HeardKind {
    #[ts(type = "MatterKind")]
    pub kind: MatterKind,
    pub text: String,
    pub share_percent: u32,
    pub ground: GuessGround,
    /// 原文有“投诉”“乱收费”.
    pub ground_text: String,
    pub spans: Vec<Span>,
}

/// 三级分类, with how likely it is.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HeardCategory {
    pub category_id: String,
    /// 市政设施 · 路灯.
    pub text: String,
    pub share_percent: u32,
    pub ground: GuessGround,
    pub ground_text: String,
    pub spans: Vec<Span>,
}

/// 不予受理的线索: a class of 第八条; its script and its routes stand in the reference.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HeardScope {
    #[ts(type = "OutOfScopeClass")]
    pub class: OutOfScopeClass,
    pub article: String,
    /// 原文有“法院判决”.
    pub ground_text: String,
    pub spans: Vec<Span>,
}

/// Everything that was found. All spans are stretches of `intake.text` in UTF-16 code units.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Heard {
    pub revision: u32,
    pub fields: HeardFields,
    /// The likeliest first, three at most.
    pub kinds: Vec<HeardKind>,
    /// The likeliest first, three at most.
    pub categories: Vec<HeardCategory>,
    pub dispatch: HeardDispatch,
    /// 是不是同一件.
    pub same: Vec<HeardSame>,
    /// Why `same` may be incomplete: 历史工单正在读取… Empty when all are read.
    pub same_note: String,
    /// 特殊事项与紧急情况, the most urgent first.
    pub alerts: Vec<HeardAlert>,
    /// 事项等级: the chosen one, or the gravest of what is certainly heard.
    #[ts(type = "MatterClass")]
    pub class: MatterClass,
    /// 追问: what must still be asked, in the order in which it is asked.
    pub questions: Vec<String>,
    pub scope: Vec<HeardScope>,
}

/// 倾听.
pub(crate) fn listen(desk: &Desk, request: Listen) -> Result<Heard, CallError> {
    let Listen {
        revision,
        draft_id,
        intake,
        chosen,
    } = request;
    check_lengths(&intake)?;
    let now = desk.now();
    let matter = Matter::from(intake);
    let tables = &desk.listening;
    let (title, said) = (matter.title.as_str(), matter.text.as_str());
    let spans = Spans::of(said);
    let fields = read_fields(desk, said, now);
    let models = desk.learning.models();
    let kinds = kind::guesses(title, said, &tables.keywords, models.kind.as_ref());
    let kind_ground = match models.kind {
        Some(_) => GuessGround::Learnt,
        None => GuessGround::Keywords,
    };
    let categories = category::guesses(
        title,
        said,
        &tables.categories,
        &tables.keywords,
        models.category.as_ref(),
        GUESSES,
    );
    let alerts = tables.special.alerts(said);
    let mut assumed = assumed(&matter, chosen, &kinds, &categories, &fields, date_of(now));
    if !chosen.class {
        assumed.class = gravest(&alerts);
    }
    let earlier = earlier(desk, &draft_id, &assumed, &fields, &spans, now)?;
    let suggestion = ::intake::dispatch::suggest(
        &assumed,
        &Known {
            date: date_of(now),
            precedents: desk.tables.references.precedents(),
            catalogue: &desk.catalogue.now(),
            similar: &earlier.similar,
            townships: &tables.townships,
        },
    );
    let level2 = tables.level2(&assumed.category_id);
    Ok(Heard {
        revision,
        fields: HeardFields::of(&fields, said, &spans, &desk.reference, date_of(now)),
        kinds: (kinds.iter().take(GUESSES))
            .map(|guess| heard_kind(guess, kind_ground, said, &spans))
            .collect(),
        categories: (categories.iter())
            .map(|guess| desk.heard_category(guess, said, &spans))
            .collect(),
        dispatch: HeardDispatch::of(&suggestion, &assumed.category_id, &desk.reference),
        same: earlier.same,
        same_note: earlier.note,
        alerts: (alerts.iter())
            .map(|alert| heard_alert(alert, said, &spans))
            .collect(),
        class: assumed.class,
        questions: (tables.follow_ups.open(level2, said, &fields).into_iter())
            .map(str::to_owned)
            .collect(),
        scope: (scope_hints(said).iter())
            .map(|hint| heard_scope(hint, said, &spans))
            .collect(),
    })
}

/// 要素 of a text that is told now.
pub(crate) fn read_fields(desk: &Desk, said: &str, now: DateTime<Utc>) -> Fields {
    let told_at = date_of(now).and_time(time_of(now));
    ::intake::fields::read(said, told_at, &desk.listening.gazetteer)
}

/// Refuses what no order could hold.
pub(crate) fn check_lengths(intake: &Intake) -> Result<(), CallError> {
    for (name, text, max_chars) in [
        ("诉求内容", &intake.text, TEXT_MAX_CHARS),
        ("标题", &intake.title, TITLE_MAX_CHARS),
        ("事发时间", &intake.happened, FIELD_MAX_CHARS),
        ("诉求对象", &intake.about, FIELD_MAX_CHARS),
    ] {
        if text.chars().count() > max_chars {
            return Err(CallError::invalid(format!("{name}最多 {max_chars} 字。")));
        }
    }
    Ok(())
}

/// The matter as a person chose it, and where nobody has, as it most likely is.
fn assumed(
    matter: &Matter,
    chosen: Chosen,
    kinds: &[KindGuess],
    categories: &[CategoryGuess],
    fields: &Fields,
    today: NaiveDate,
) -> Matter {
    let mut assumed = matter.clone();
    if !chosen.kind
        && let Some(first) = kinds.first()
    {
        assumed.kind = first.kind;
    }
    if !chosen.category {
        let likely = categories.first();
        let likely = likely.filter(|it| percent(it.share) >= LIKELY_PERCENT);
        assumed.category_id = likely.map_or_else(String::new, |it| it.id.clone());
    }
    if !chosen.place {
        assumed.place = likeliest_place(fields).unwrap_or_default();
    }
    if !chosen.happened {
        assumed.happened = likeliest_time(fields, today);
    }
    if !chosen.about {
        assumed.about = likeliest_objects(fields);
    }
    assumed
}

fn gravest(alerts: &[Alert]) -> MatterClass {
    let certain = alerts.iter().filter(|it| it.certainty == Certainty::Now);
    let gravest = certain.map(|it| it.class).max();
    gravest.unwrap_or(MatterClass::Ordinary)
}

fn heard_kind(guess: &KindGuess, ground: GuessGround, said: &str, spans: &Spans) -> HeardKind {
    HeardKind {
        kind: guess.kind,
        text: text::kind(guess.kind).to_owned(),
        share_percent: percent(guess.share),
        ground,
        ground_text: text::guess_ground(ground, &words(said, &guess.reasons)),
        spans: spans.all(&guess.reasons),
    }
}

fn heard_scope(hint: &ScopeHint, said: &str, spans: &Spans) -> HeardScope {
    HeardScope {
        class: hint.class,
        article: hint.class.article().to_owned(),
        ground_text: format!("原文有{}", text::quoted(&words(said, &hint.ranges))),
        spans: spans.all(&hint.ranges),
    }
}

impl Desk {
    fn heard_category(&self, guess: &CategoryGuess, said: &str, spans: &Spans) -> HeardCategory {
        let ground = match guess.by {
            GuessedBy::Keywords => GuessGround::Keywords,
            GuessedBy::Orders => GuessGround::Learnt,
        };
        HeardCategory {
            text: self.reference.category_text(&guess.id).to_owned(),
            category_id: guess.id.clone(),
            share_percent: percent(guess.share),
            ground,
            ground_text: text::guess_ground(ground, &words(said, &guess.reasons)),
            spans: spans.all(&guess.reasons),
        }
    }
}

/// A share from 0 to 1 as people read it.
pub(crate) fn percent(share: f32) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 100"
    )]
    let percent = (share.clamp(0.0, 1.0) * 100.0).round() as u32;
    percent
}
