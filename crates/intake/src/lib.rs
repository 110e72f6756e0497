//! 受理时的倾听: what a matter is, while it is being typed.
//!
//! Every function here takes the text as it stands and answers at once, from the same text the same;
//! whoever types calls again with more, and the answer before is forgotten. Nothing is decided:
//! whatever is found points at its words and can be overruled.
//!
//! - [`kind`] and [`category`]: 诉求类型 and 三级分类, by keywords until there is something to learn,
//!   then by models learnt from this center's confirmed orders ([`learn`]);
//! - [`fields`]: place, time, numbers, sums, names, wishes;
//! - [`special`]: words that must not be overheard, with the line to put through to;
//! - [`identity`]: words that tell who speaks, before a report is given away;
//! - [`same`]: whether it was brought before, among all orders;
//! - [`dispatch`]: who leads, whose territory it is, who regulates;
//! - [`follow_up`] and [`quality`]: what must still be asked, what a written order lacks, and what
//!   points to 第八条.
//!
//! No clock, no files, no network: the time of the call, the tables and the orders come in. The
//! figures stand in `docs/decisions/0016-intake.md`.

pub mod category;
pub mod dispatch;
pub mod fields;
pub mod follow_up;
mod grams;
pub mod identity;
pub mod keywords;
pub mod kind;
pub mod learn;
pub mod quality;
pub mod same;
pub mod special;
mod text;
