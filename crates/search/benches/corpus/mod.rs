//! 50,000 made-up articles, and questions whose right article is known.
//!
//! Everything comes from the word lists below and a fixed seed, so that every run on every machine
//! measures the same thing. Each article is one matter, one act and one place, as a county's
//! standard answers are; the bodies share most of their words.

use search::Document;

pub(crate) const ARTICLES: usize = 50_000;

const MATTERS: [&str; 50] = [
    "医保卡",
    "社保卡",
    "身份证",
    "居住证",
    "户口迁移",
    "结婚登记",
    "离婚登记",
    "出生证明",
    "残疾人证",
    "老年优待证",
    "最低生活保障",
    "特困供养",
    "临时救助",
    "高龄津贴",
    "孤儿生活费",
    "养老保险",
    "失业保险",
    "工伤认定",
    "生育津贴",
    "住院报销",
    "门诊慢病",
    "异地就医",
    "公租房",
    "住房公积金",
    "不动产登记",
    "宅基地审批",
    "危房改造",
    "物业维修资金",
    "房屋产权证",
    "自来水开户",
    "燃气安装",
    "用电报装",
    "路灯维修",
    "垃圾清运",
    "污水管网",
    "噪声扰民",
    "营业执照",
    "食品经营许可",
    "卫生许可证",
    "烟草专卖证",
    "道路运输证",
    "驾驶证",
    "机动车年检",
    "小学入学",
    "学籍转接",
    "助学贷款",
    "农机补贴",
    "耕地地力补贴",
    "生猪保险",
    "林木采伐证",
];
const ACTS: [&str; 20] = [
    "首次申请",
    "补办",
    "换领",
    "注销",
    "变更",
    "延期",
    "续签",
    "查询进度",
    "预约办理",
    "委托代办",
    "材料清单",
    "收费标准",
    "办理时限",
    "资格认定",
    "年度审核",
    "异议申诉",
    "投诉举报",
    "跨区转移",
    "补贴发放",
    "网上办理",
];
const PLACE_STARTS: [&str; 10] = [
    "青龙", "白鹤", "石梯", "双河", "桂花", "望江", "铁炉", "清溪", "马鞍", "大坪",
];
const PLACE_ENDS: [&str; 5] = ["镇", "乡", "街道", "社区", "片区"];
const SENTENCES: [&str; 24] = [
    "申请人应当先到窗口取号，由工作人员核对材料后受理",
    "符合条件的，自受理之日起五个工作日内作出决定",
    "材料不齐的，一次性告知需要补正的全部内容",
    "本事项不收取任何费用，谨防以代办名义收费的行为",
    "可以通过政务服务网或者手机客户端提交，审核结果以短信告知",
    "委托他人办理的，应当提供委托书和双方的有效证件",
    "对结果有异议的，可以在六十日内申请行政复议",
    "办理地点在政务服务中心一楼综合窗口，周末实行预约服务",
    "所需材料包括申请表一份、证件原件及复印件各一份、近期免冠照片两张",
    "遗失的，应当先登记声明作废，再按规定程序办理",
    "乡镇便民服务中心可以代收材料，统一送县级部门审核",
    "资金由县财政按月拨付，通过银行卡直接发放到个人账户",
    "经核查不再符合条件的，从次月起停止发放并说明理由",
    "现场勘查由两名以上工作人员进行，并当场制作笔录",
    "紧急情况请先拨打值班电话，抢修人员四十分钟内到场",
    "施工期间给附近居民带来不便，请大家谅解并注意安全",
    "收到反映后转承办单位核实，三个工作日内与来电人联系",
    "年满六十周岁、户籍在本县的居民均可享受",
    "在外务工人员可以由直系亲属代为提交，不必返乡",
    "法律法规另有规定的，从其规定；政策调整的，以最新文件为准",
    "逾期未申报的，视为自动放弃，下一年度可以重新提出",
    "村民委员会公示七天无异议后，报乡镇人民政府审核",
    "企业申请的，另需提供营业执照副本和法定代表人证明",
    "已经办理过的，系统会自动调取电子证照，不再重复提交",
];
const OPENINGS: [&str; 5] = [
    "你好，我想问一下",
    "我是外地打工回来的，不太懂这些",
    "上个月我去窗口问过一次，说法不一样，所以再打个电话",
    "家里老人年纪大了走不动，想麻烦你们给说清楚",
    "我们这边的情况是这样的，邻居让我打这个电话问问",
];
const CLOSINGS: [&str; 5] = [
    "请问要带哪些东西，去哪里办，多久能办好，谢谢你们",
    "希望有关部门尽快给个答复，不要让老百姓来回跑了",
    "我已经跑了两趟，工作人员每次说得都不一样，到底怎么回事",
    "能不能在网上弄，我人不在家里，回去一趟路费也不便宜",
    "有没有什么补助，标准是多少，什么时候到账，麻烦查一下",
];

/// A question and the id of the article that answers it.
pub(crate) struct Asked {
    pub(crate) text: String,
    pub(crate) right: String,
}

/// Makes the articles.
pub(crate) fn articles() -> Vec<Document> {
    let mut dice = Dice(0x5DEE_CE66);
    (0..ARTICLES)
        .map(|number| {
            let (matter, act, place) = parts(number);
            let mut body = format!("{place}居民办理{matter}{act}的说明：");
            for _ in 0..8 + dice.below(10) {
                body.push_str(dice.choose(&SENTENCES));
                body.push('。');
                if dice.below(4) == 0 {
                    body.push_str(dice.choose(&MATTERS));
                    body.push_str("另见相关条目。");
                }
            }
            Document {
                id: number.to_string(),
                title: format!("{place}{matter}{act}"),
                body,
                ..Document::default()
            }
        })
        .collect()
}

/// Makes questions of a few words: two or three of the title's, in any order.
pub(crate) fn short_questions(n: usize) -> Vec<Asked> {
    let mut dice = Dice(0x1234_5678);
    (0..n)
        .map(|_| {
            let number = dice.below(ARTICLES);
            let (matter, act, place) = parts(number);
            let text = if dice.below(2) == 0 {
                format!("{matter}{act} {place}")
            } else {
                format!("{place} {act} {matter}")
            };
            Asked {
                text,
                right: number.to_string(),
            }
        })
        .collect()
}

/// Makes messages of some hundred characters that name the matter, the act and the place.
pub(crate) fn long_questions(n: usize) -> Vec<Asked> {
    let mut dice = Dice(0x8765_4321);
    (0..n)
        .map(|_| {
            let number = dice.below(ARTICLES);
            let (matter, act, place) = parts(number);
            let (opening, closing) = (dice.choose(&OPENINGS), dice.choose(&CLOSINGS));
            let aside = dice.choose(&SENTENCES);
            let text = format!(
                "{opening}，我住在{place}这里，关于{matter}的事情，听别人说{aside}，\
                 现在我要{act}，不知道怎么弄，{closing}。"
            );
            Asked {
                text,
                right: number.to_string(),
            }
        })
        .collect()
}

fn parts(number: usize) -> (&'static str, &'static str, String) {
    let matter = MATTERS[number % MATTERS.len()];
    let act = ACTS[number / MATTERS.len() % ACTS.len()];
    let place = number / MATTERS.len() / ACTS.len();
    let start = PLACE_STARTS[place % PLACE_STARTS.len()];
    let end = PLACE_ENDS[place / PLACE_STARTS.len() % PLACE_ENDS.len()];
    (matter, act, format!("{start}{end}"))
}

/// A small generator of the same numbers everywhere (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n as u64).expect("smaller than n")
    }

    fn choose(&mut self, from: &[&'static str]) -> &'static str {
        from[self.below(from.len())]
    }
}
