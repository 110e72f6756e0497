//! What the columns are called, by us and by offices.

use super::KbColumn;

/// How a section that no template asks for is named, so that a section called 来源 is no source.
pub(super) const SECTION_PREFIX: &str = "段落：";

/// The columns that every article has, each with its name and what else people call it.
pub(super) const NAMES: [(KbColumn, &str, &[&str]); 15] = [
    (
        KbColumn::Id,
        "条目编号",
        &["知识编号", "知识条目编号", "条目id"],
    ),
    (
        KbColumn::Template,
        "模板",
        &["知识模板", "知识类型", "条目类型", "知识类别"],
    ),
    (
        KbColumn::Title,
        "标题",
        &[
            "知识标题",
            "条目标题",
            "条目名称",
            "事项名称",
            "事项",
            "问题",
            "题目",
            "名称",
            "主题",
        ],
    ),
    (
        KbColumn::Questions,
        "群众的说法",
        &[
            "群众说法",
            "问法",
            "相似问法",
            "常见问法",
            "群众常问",
            "群众怎么问",
            "相似问题",
            "扩展问",
            "别名",
        ],
    ),
    (
        KbColumn::Answer,
        "标准答案",
        &[
            "答案",
            "答复",
            "答复口径",
            "标准答复",
            "标准口径",
            "答复内容",
            "解答",
            "回答",
            "正文",
            "内容",
        ],
    ),
    (KbColumn::OtherSections, "其他段落", &[]),
    (
        KbColumn::InternalNote,
        "内部口径",
        &["内部说明", "内部备注", "内部参考"],
    ),
    (
        KbColumn::Unit,
        "责任单位",
        &[
            "提供单位",
            "填报单位",
            "承办单位",
            "主管部门",
            "主管单位",
            "牵头单位",
            "单位",
            "部门",
        ],
    ),
    (
        KbColumn::ResponsiblePerson,
        "责任人",
        &["联系人", "责任人员", "单位责任人", "提供人"],
    ),
    (
        KbColumn::Source,
        "来源",
        &["信息来源", "知识来源", "政策依据", "出处"],
    ),
    (
        KbColumn::Category,
        "事项分类",
        &["分类", "三级分类", "诉求分类", "业务分类", "所属分类"],
    ),
    (
        KbColumn::Township,
        "适用地点",
        &["适用地区", "适用范围", "乡镇街道", "适用乡镇", "所属乡镇"],
    ),
    (
        KbColumn::ValidFrom,
        "有效期自",
        &[
            "生效日期",
            "生效日",
            "有效自",
            "起始日期",
            "开始日期",
            "有效期起",
            "生效时间",
        ],
    ),
    (
        KbColumn::ValidUntil,
        "有效期至",
        &[
            "有效期",
            "失效日期",
            "失效日",
            "有效至",
            "截止日期",
            "到期日",
            "有效期止",
            "失效时间",
            "有效期限",
        ],
    ),
    (
        KbColumn::NextReview,
        "下次复核日",
        &[
            "复核日期",
            "复核日",
            "下次复核",
            "下次复核日期",
            "下次复核时间",
        ],
    ),
];

/// What sheets of offices have besides, and no article says.
pub(super) const NOT_OURS: [&str; 13] = [
    "序号",
    "编号",
    "备注",
    "原因",
    "状态",
    "填报人",
    "填表人",
    "审核人",
    "填报时间",
    "填表日期",
    "填报日期",
    "更新时间",
    "修改时间",
];

/// What people call the sections of the templates.
pub(super) const SECTION_ALIASES: [(&str, &[&str]); 10] = [
    ("受理条件", &["办理条件", "申请条件", "申办条件"]),
    (
        "申请材料",
        &["所需材料", "办理材料", "申报材料", "提交材料", "材料"],
    ),
    ("办理流程", &["流程", "办事流程", "办理程序", "办理步骤"]),
    (
        "办理地点",
        &["地点", "办事地点", "受理地点", "办理地址", "地址"],
    ),
    (
        "办理时间",
        &["工作时间", "上班时间", "受理时间", "办公时间"],
    ),
    ("咨询电话", &["电话", "联系电话", "服务电话", "咨询方式"]),
    ("文号", &["发文字号", "文件号", "发文文号"]),
    (
        "发布机关",
        &["发文机关", "发布单位", "发文单位", "制定机关"],
    ),
    ("施行日期", &["实施日期", "执行日期", "施行时间"]),
    ("解读依据", &["解读文件", "解读的文件"]),
];
