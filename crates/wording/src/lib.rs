//! What people read: Chinese for every value of the domain, limits that explain themselves, the
//! story of an order, and the tables that forms choose from. The workstation and the portal say the
//! same because both say it from here.

pub mod api_error;
pub mod attachment;
pub mod limit;
pub mod mask;
pub mod reference;
pub mod story;
pub mod task_limit;
pub mod text;
pub mod time_text;
pub mod typescript;
