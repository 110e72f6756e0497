//! 导出批准: what nobody takes out of the house alone (第十七条). Whoever wants it says what for, another person
//! decides, and then it goes out once.

use chrono::TimeDelta;

/// So many rows of orders or of internal knowledge go out without asking.
pub const ROWS_WITHOUT_APPROVAL: usize = 500;
/// A request that nobody has decided by then is none any more.
pub const APPROVAL_ASKED_FOR: TimeDelta = TimeDelta::hours(12);
/// How long what was granted may go out, once.
pub const APPROVED_FOR: TimeDelta = TimeDelta::minutes(30);

/// 须批准事由: why an export takes a second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApprovalGround {
    /// 写明诉求人: name and number are not masked.
    NamesCaller,
    /// 超过 500 行.
    ManyRows,
}

/// Why an export takes a second person; none where it does not.
pub fn approval_ground(n_rows: usize, names_caller: bool) -> Option<ApprovalGround> {
    if names_caller {
        Some(ApprovalGround::NamesCaller)
    } else if n_rows > ROWS_WITHOUT_APPROVAL {
        Some(ApprovalGround::ManyRows)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_a_second_person() {
        for (n_rows, names_caller, ground) in [
            (0, false, None),
            (500, false, None),
            (501, false, Some(ApprovalGround::ManyRows)),
            (1, true, Some(ApprovalGround::NamesCaller)),
            (501, true, Some(ApprovalGround::NamesCaller)),
        ] {
            assert_eq!(approval_ground(n_rows, names_caller), ground, "{n_rows}");
        }
    }
}
