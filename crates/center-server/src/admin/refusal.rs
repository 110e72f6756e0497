//! Why a command is refused, as the administrator reads it.

use domain::calendar::CalendarRefusal;
use domain::data_sharing::ShareRefusal;
use domain::liaison::LiaisonRefusal;
use domain::local_name::LocalNameRefusal;
use thiserror::Error;
use wording::text;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AdminRefusal {
    #[error("工号“{number}”不可用：只能由汉字、字母、数字和 - _ . 组成，最多 64 个字")]
    BadNumber { number: String },
    #[error("姓名不能为空，最多 {max_chars} 个字")]
    BadName { max_chars: usize },
    #[error("工号 {number} 已有人使用")]
    NumberTaken { number: String },
    #[error("没有工号为 {number} 的人员")]
    NoSuchPerson { number: String },
    #[error("至少要有一个角色")]
    NoRole,
    #[error("“中心系统”是中心自身的角色，不能给人员")]
    CenterRole,
    #[error("审计员不能兼任其他角色")]
    AuditorAlone,
    #[error("承办联络员和单位审核人必须用 --unit 注明所属单位")]
    UnitMissing,
    #[error("--unit 只用于承办联络员和单位审核人")]
    UnitNotWanted,
    #[error("没有编号为 {unit} 的承办单位，请先用 unit import 导入")]
    NoSuchUnit { unit: String },
    #[error("不能停用最后一名系统管理员")]
    LastAdmin,
    #[error("单位名录为空，没有导入")]
    NoUnits,
    #[error("单位编号 {unit} 出现了两次")]
    UnitTwice { unit: String },
    #[error("第 {row} 行缺少单位编号或名称")]
    UnitUnnamed { row: u32 },
    #[error("名录里没有 {unit}，但仍有 {n} 名在用人员属于该单位；请先调整这些人员")]
    UnitInUse { unit: String, n: usize },
    #[error("联络员台账为空，没有导入")]
    NoLiaisons,
    #[error(
        "第 {row} 行的{what}读不懂；岗位写热线管理专人、联络员或专职（兼职）人员，日期写 2026-01-05"
    )]
    LiaisonUnread { row: u32, what: &'static str },
    #[error("{name}：{}", text::liaison_refusal(.refusal))]
    Liaison {
        name: String,
        refusal: LiaisonRefusal,
    },
    #[error("“{name}”：{}，全部没有导入", text::local_name_refusal(*.refusal))]
    LocalName {
        name: String,
        refusal: LocalNameRefusal,
    },
    #[error("“{phone}”不是电话号码")]
    BadPhone { phone: String },
    #[error("提出人和批准人必须是两个人")]
    GrantedByHimself,
    #[error("工号 {number} 不是中心人员，不能提出涂销")]
    NotOfCenter { number: String },
    #[error("工号 {number} 不能批准涂销：由值班长或监督员批准")]
    MayNotGrant { number: String },
    #[error("工号 {number}：{because}")]
    NotProven { number: String, because: String },
    #[error("还在办理，办结后才能涂销：{numbers}")]
    StillHandled { numbers: String },
    #[error("没有这个号码的工单和来电记录")]
    NothingOfPerson,
    #[error("一个单位最多 {max} 个值守电话")]
    TooManyPhones { max: usize },
    #[error("已有名为 {name} 的密钥在使用")]
    KeyNameTaken { name: String },
    #[error("没有以 {digits} 开头的密钥；请写 key list 里的那 12 位")]
    NoSuchKey { digits: String },
    #[error("{}", text::share_refusal(*.0))]
    Share(ShareRefusal),
    #[error("没有编号或一级分类为 {category} 的事项分类")]
    NoSuchCategory { category: String },
    #[error("已有名为 {name} 的共享令牌在使用")]
    ShareNameTaken { name: String },
    #[error("没有以 {digits} 开头的共享令牌；请写 share-token list 里的那 12 位")]
    NoSuchShareToken { digits: String },
    #[error("没有编号为 {id} 的未送达消息")]
    NoSuchMessage { id: String },
    #[error("列对应有误：{0}")]
    BadMapping(String),
    #[error("有 {n_rows} 行有差错，全部没有导入。{first}。差错表已写到 {file}")]
    UpstreamFaults {
        n_rows: usize,
        first: String,
        file: String,
    },
    #[error("没有编号为 {desk} 的工作站")]
    NoSuchDesk { desk: String },
    #[error("放假通知有误：{}", notice_refusal(.0))]
    Notice(CalendarRefusal),
    #[error("{folder} 不是文件夹或不能写入")]
    NoFolder { folder: String },
    #[error("{file} 已经存在，没有覆盖")]
    FileThere { file: String },
    #[error("中心使用 PostgreSQL，请用 pg_dump 备份；本命令只备份 SQLite 数据库")]
    OtherDatabase,
    #[error("核对发现问题：{finding}")]
    NotSound { finding: String },
}

fn notice_refusal(refusal: &CalendarRefusal) -> String {
    match refusal {
        CalendarRefusal::YearAnnounced { year, document } => {
            format!("{year} 年已按“{document}”公布")
        }
        CalendarRefusal::DocumentMissing => "缺少文号".to_owned(),
        CalendarRefusal::NoHolidays => "没有放假日".to_owned(),
        CalendarRefusal::NameMissing { date } => format!("{date} 缺少节日名称"),
        CalendarRefusal::EndsBeforeItBegins { first, last } => {
            format!("放假从 {first} 到 {last}，首尾颠倒")
        }
        CalendarRefusal::OutsideYear { date, year } => format!("{date} 不在 {year} 年"),
        CalendarRefusal::OffTwice { date } => format!("{date} 放假两次"),
        CalendarRefusal::MadeUpTwice { date } => format!("{date} 调休两次"),
        CalendarRefusal::MakeUpOnWeekday { date } => format!("{date} 本来就是工作日，不用调休"),
        CalendarRefusal::MakeUpDuringHoliday { date } => format!("{date} 既放假又上班"),
        CalendarRefusal::FixedByAnotherYear { date } => format!("{date} 已由另一年的通知确定"),
    }
}
