pub mod keywords;
pub mod learn;
pub mod same;
mod grams;
mod text;
