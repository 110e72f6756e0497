//! The main job in the real window, with real input. Each file is one story.

mod a_shift;
mod call_taker;
mod copying;
mod files;
mod listening;
mod nobody_else;
mod notices;
mod pictures;
mod ten_calls;
mod trouble;
