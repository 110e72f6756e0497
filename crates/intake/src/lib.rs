pub mod fields;
pub mod keywords;
pub mod learn;
pub mod same;
pub mod special;
mod grams;
mod text;
