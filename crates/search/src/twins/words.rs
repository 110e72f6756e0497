//! The words that headings are read with: ways of saying the same, what is asked of a matter, what
//! is done with it, and what makes two matters different. All of it can be read and argued with.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// What a word does in a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Another way of saying this.
    Said(&'static str),
    /// Asks for one thing of the matter: its place in [`ASPECTS`].
    Aspect(usize),
    /// Is done with the matter: its place in [`ACTIONS`].
    Action(usize),
    /// Says nothing of the matter.
    Nothing,
    /// Is a word of its own, though one that says nothing stands in it.
    Itself,
}

/// The name by which things are compared, and everyday or long names for it.
const SAME: &[(&str, &str)] = &[
    ("社保卡", "社会保障卡"),
    ("疫苗接种", "预防接种 打疫苗 打预防针 接种疫苗"),
    ("断网", "网断了 没网 没网络 网络故障"),
    ("身份证明", "居民身份证明"),
    ("人社", "人力资源和社会保障 人力资源社会保障"),
    ("医保局", "医疗保障局"),
    ("政务中心", "政务服务中心 政务服务大厅 政务大厅"),
    ("便民服务中心", "便民中心"),
    ("特困", "特困人员 五保户 五保老人"),
    ("夜间", "晚上 半夜 夜里 深夜"),
    ("施工", "工地"),
    ("噪声", "噪音"),
    ("电子社保卡", "电子社会保障卡"),
    ("身份证", "居民身份证 二代身份证"),
    ("驾驶证", "机动车驾驶证 驾照 驾驶执照"),
    ("医保", "基本医疗保险 医疗保险"),
    (
        "居民医保",
        "城乡居民基本医疗保险 城乡居民医疗保险 城乡居民医保 新农合 合作医疗",
    ),
    (
        "职工医保",
        "职工基本医疗保险 城镇职工医保 城镇职工基本医疗保险 职工医疗保险",
    ),
    ("养老保险", "基本养老保险"),
    ("居民养老保险", "城乡居民养老保险 城乡居民基本养老保险"),
    ("养老金", "养老待遇 退休金"),
    ("低保", "最低生活保障金 最低生活保障 城乡低保"),
    ("公积金", "住房公积金"),
    ("居住证", "暂住证"),
    ("房产证", "不动产权证书 不动产权证 不动产证 房产证书"),
    ("户口", "户籍"),
    ("上户口", "落户 入户 户口登记 报户口"),
    ("营业执照", "营业执照正副本"),
    ("个体户", "个体工商户"),
    ("公租房", "公共租赁住房 廉租房"),
    ("失业金", "失业保险金 失业保险待遇"),
    ("残疾证", "残疾人证"),
    ("独生子女证", "独生子女父母光荣证"),
    ("结婚证", "婚姻登记证 结婚证件"),
    ("车辆", "机动车 汽车 小车"),
    ("电动自行车", "电瓶车 电动车"),
    ("燃气", "天然气 煤气"),
    ("水", "自来水"),
    ("高龄补贴", "高龄津贴 高龄老人补贴 高龄老人津贴 老龄补贴"),
    ("老年证", "老年人优待证 老年优待证"),
    ("孩子", "娃儿 小孩"),
    ("新生儿", "婴儿"),
    ("家里", "屋头"),
    ("没有", "没得"),
    ("拖欠工资", "欠薪 欠工资 不发工资"),
    ("工资", "农民工工资"),
    ("停水", "没有水 没水"),
    ("停电", "没有电 没电"),
    ("停气", "没气"),
    ("垃圾", "生活垃圾"),
    ("危房", "危旧房"),
    ("异地就医", "异地医保 外地看病 跨省就医 跨省异地就医"),
    ("水价", "生活用水价格"),
    ("法律援助", "法律援助中心 公益律师"),
    ("创业担保贷款", "小额担保贷款 创业贷款"),
    ("学区", "学区划分 招生范围"),
    ("无犯罪记录证明", "无犯罪证明"),
    ("食品经营许可证", "食品许可证"),
];

/// What is asked of a matter: 费用, 地点, 材料, 时间, 电话, 条件. A question without any asks for all.
const ASPECTS: &[&str] = &[
    "多少钱 好多钱 收费标准 收费 费用 工本费 要钱吗 要不要钱 花钱 要交钱 价格 缴费标准 \
     交多少钱 缴多少 交好多 交多少 几块钱 免费 缴费金额",
    "在哪里 在哪儿 在哪 哪里 哪儿 什么地方 地点 地址 哪点 哪个窗口 位置",
    "需要什么材料 什么材料 要带什么 带什么 要什么手续 什么手续 手续 材料 资料 要啥子 带啥子 \
     什么证件 需要带 准备什么",
    "多久 好久 几天 多长时间 办理时限 时限 什么时候 时间 几点 上班时间 期限 何时 哪天 截止",
    "电话 联系方式 号码 热线",
    "什么条件 条件 资格 哪些人 谁可以 能不能 可不可以 可以不 标准 要求 多大 几岁",
];

/// What is done with a matter. Two headings that name different ones are about different matters.
const ACTIONS: &[&str] = &[
    "补办 补领 补卡 补证 补换 丢失 遗失 丢了 掉了 不见了 弄丢 搞丢 遭偷",
    "挂失",
    "换领 换证 换发 到期换 期满换 更换 换新 过期",
    "首次申领 首次 初次 新办 新申请 第一次 申领 初领",
    "注销 销户 吊销 撤销",
    "变更 更改 修改 改名 更正 更名 改姓",
    "查询 怎么查 查账",
    "缴费 交费 缴纳 续缴 交钱",
    "报销 结算",
    "迁入 转入",
    "迁出 转出",
    "转移 接续",
    "年审 年检 审验 检验",
    "资格认证 认证",
    "预约 挂号",
    "投诉 举报",
    "退费 退款 退保 退还",
    "延期 延续 续期 续办 续签",
    "转让 过户 转移登记",
    "抵押",
    "激活 开通",
    "解绑 解除",
    "提取 取出",
    "贷款",
    "设立 开办 新设",
    "处罚",
    "停水 停电 停气",
    "初审",
    "审定",
    "复查 复审 复核",
];

/// Words of one line exclude each other: a matter for the one is not that for the other.
const CONTRASTS: &[&str] = &[
    "职工 居民 灵活就业",
    "个人 企业 单位 个体户",
    "城镇 农村",
    "幼儿园 小学 初中 高中 大学",
    "结婚 离婚",
    "出生 死亡",
    "本地 外地 异地",
    "新房 二手房",
    "成人 儿童",
    "男 女",
    "门诊 住院",
    "省内 跨省 市内",
    "水 电 气",
    "普通 公务",
    "购买 租赁",
    "生产 经营 使用 运输 购置 制造 进口",
    "养老 医保 失业 工伤 生育",
    "港澳 台湾 护照",
    "摩托车 小型 大型",
    "一级 二级 三级 四级",
    "甲级 乙级 丙级",
    "国内 国外 境外 涉外",
    "发电 供电",
];

/// Words that say nothing of the matter.
const NOTHING: &str = "家里 渠道 城区 网上 故障 怎么办理 怎么办 咋个办 咋办 啷个办 如何办理 怎么申请 如何申请 如何 怎么 怎样 咋个 咋 \
     啷个 为什么 为啥 为啥子 办理流程 流程 指南 办事指南 须知 说明 问答 事项 服务 请问 我想 \
     想问 咨询 一下 办理 申请 申报 申办 领取 登记办理 可以 是否 需要 什么 哪些 多少 好多 \
     有没有 是不是 渠县 我县 本县 全县 县里 我们 关于 有关 问题 情况 处理 解决 规定 政策 最新 \
     现在 今年 要求 以及 还有 或者 吗 呢 么 啊 哦 嘛 不 要 的 了 和 与 及 办 领 找谁 找哪个 \
     找哪 哪个 谁 去 到 在 给 被 把 我 您 怎 啥子 啥 后 时 吧 是 有 能 想 出入境 发放 发 县 \
     局 来 报修 反映";

/// Words that one of those stands in.
const ITSELF: &str = "不动产 发票 有线 能源 时效 领养 发电 发热 办公 后溪 残疾人 有效期 发展 发明 发现 发生 \
     开发 县城 邮局 往来 来电 不良 不孕 不合格 不予 领证 领导 能力 智能 功能 有限 有害 要素 \
     时装 去世 出口 发射 发行 发布 研发 核发 颁发 审批 办学 中和 和平 与会 想象 被告 被子 给排水 到岸 \
     在校 在职 存在 后勤 是非 吧台 我省 自来水 外来";

/// Every word by its first character, the longest first.
pub(super) struct Words(FxHashMap<char, Vec<(&'static str, Meaning)>>);

impl Words {
    /// The longest word that a text begins with.
    pub(super) fn at_start_of(&self, text: &str) -> Option<(&'static str, Meaning)> {
        let words = self.0.get(&text.chars().next()?)?;
        words
            .iter()
            .find(|(word, _)| text.starts_with(word))
            .copied()
    }

    fn new(words: impl Iterator<Item = (&'static str, Meaning)>) -> Self {
        let mut by_first: FxHashMap<char, Vec<(&'static str, Meaning)>> = FxHashMap::default();
        for (word, meaning) in words {
            if let Some(first) = word.chars().next() {
                by_first.entry(first).or_default().push((word, meaning));
            }
        }
        for words in by_first.values_mut() {
            words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        }
        Self(by_first)
    }
}

/// Ways of saying the same.
pub(super) static SYNONYMS: LazyLock<Words> = LazyLock::new(|| {
    Words::new(SAME.iter().flat_map(|(name, said)| {
        let said = said
            .split_whitespace()
            .map(move |word| (word, Meaning::Said(name)));
        said.chain(std::iter::once((*name, Meaning::Itself)))
    }))
});

/// What is asked, what is done and what says nothing.
pub(super) static MEANINGS: LazyLock<Words> = LazyLock::new(|| {
    let group = |groups: &'static [&'static str], meaning: fn(usize) -> Meaning| {
        let words = groups.iter().enumerate();
        words.flat_map(move |(at, words)| {
            words
                .split_whitespace()
                .map(move |word| (word, meaning(at)))
        })
    };
    let plain = |words: &'static str, meaning: Meaning| {
        words.split_whitespace().map(move |word| (word, meaning))
    };
    Words::new(
        group(ASPECTS, Meaning::Aspect)
            .chain(group(ACTIONS, Meaning::Action))
            .chain(plain(ITSELF, Meaning::Itself))
            .chain(plain(NOTHING, Meaning::Nothing)),
    )
});

/// For each line of contrasts the words of it that stand in a text, a bit each.
pub(super) fn contrasts(text: &str) -> Vec<u8> {
    let bits = |line: &&str| {
        let words = line.split_whitespace().take(8).enumerate();
        words
            .filter(|(_, word)| text.contains(word))
            .fold(0, |bits, (at, _)| bits | 1 << at)
    };
    CONTRASTS.iter().map(bits).collect()
}
