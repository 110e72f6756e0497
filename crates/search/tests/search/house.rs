//! A small knowledge base in a folder of its own, and how its answers are shown.

use std::path::PathBuf;

use search::{Document, Hit, KbIndex, NeedsRebuild, Query, Segment, Via};

/// The change number of the store that [`House::with`] stands beside.
pub(crate) const POSITION: u64 = 7;

pub(crate) struct House {
    pub(crate) index: KbIndex,
    folder: tempfile::TempDir,
}

impl House {
    /// Builds an index of these articles at [`POSITION`].
    pub(crate) fn with(articles: Vec<Document>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let opened = KbIndex::open(&folder.path().join("kb"), POSITION).expect("opens");
        assert_eq!(opened.needs_rebuild, Some(NeedsRebuild::Missing));
        opened.index.rebuild(articles, POSITION).expect("builds");
        Self {
            index: opened.index,
            folder,
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("kb")
    }

    /// The titles that a search with more than a text finds.
    pub(crate) fn found(&self, query: &Query) -> Vec<String> {
        let hits = self.index.search(query).expect("searches");
        hits.iter().map(|hit| hit.id.clone()).collect()
    }

    pub(crate) fn hits(&self, text: &str, limit: usize) -> Vec<Hit> {
        self.index
            .search(&Query::new(text, limit))
            .expect("searches")
    }

    pub(crate) fn titles(&self, text: &str) -> Vec<String> {
        self.hits(text, 10)
            .iter()
            .map(|hit| plain(&hit.title))
            .collect()
    }

    pub(crate) fn shown(&self, text: &str, limit: usize) -> String {
        shown(&self.hits(text, limit))
    }
}

/// Shows the hits with the marks in 【】 and why each was found.
pub(crate) fn shown(hits: &[Hit]) -> String {
    if hits.is_empty() {
        return "(nothing)".to_owned();
    }
    let mut lines = Vec::new();
    for hit in hits {
        lines.push(format!("{} {}", hit.id, marked(&hit.title)));
        lines.push(format!("   {}", marked(&hit.snippet)));
        let ground = &hit.ground;
        let mut told = Vec::new();
        for (place, stretches) in [
            ("title", &ground.title),
            ("characters", &ground.title_characters),
            ("body", &ground.body),
        ] {
            if !stretches.is_empty() {
                told.push(format!("{place}: {}", stretches.join(" ")));
            }
        }
        if let Some(via) = &ground.via {
            told.push(match via {
                Via::Synonyms(said) => said
                    .iter()
                    .map(|(typed, other)| format!("{typed} is {other}"))
                    .collect::<Vec<_>>()
                    .join(", "),
                Via::Correction(text) => format!("meant {text}"),
                Via::Pinyin => "pinyin".to_owned(),
            });
        }
        if let Some(name) = &ground.name {
            told.push(format!("name {}: {}", name.name, name.stretches.join(" ")));
        }
        lines.push(format!("   ({})", told.join("; ")));
    }
    lines.push(String::new());
    lines.join("\n")
}

pub(crate) fn plain(segments: &[Segment]) -> String {
    segments
        .iter()
        .map(|segment| segment.text.as_str())
        .collect()
}

fn marked(segments: &[Segment]) -> String {
    segments
        .iter()
        .map(|segment| {
            let text = segment.text.replace('\n', "⏎");
            if segment.is_hit {
                format!("【{text}】")
            } else {
                text
            }
        })
        .collect()
}

/// A few standard answers, written for these tests.
pub(crate) fn articles() -> Vec<Document> {
    let article = |id: &str, title: &str, names: &[&str], body: &str| Document {
        id: id.to_owned(),
        title: title.to_owned(),
        names: names.iter().map(|&name| name.to_owned()).collect(),
        body: body.to_owned(),
        ..Document::default()
    };
    vec![
        article(
            "water",
            "城区自来水停水报修",
            &["家里没水了", "什么时候来水"],
            "计划停水会提前一天在供水公司公众号通知。突然停水时，先看楼栋总阀是否关闭；\
             邻居家也没有水的，拨打供水公司二十四小时抢修电话，说明小区和楼栋。\
             抢修人员接报后四十分钟内到场，影响较大的由社区安排送水车。",
        ),
        article(
            "bill",
            "水费缴纳和阶梯水价",
            &[],
            "居民用水按年度分三级计价，每户每月的水费可以在网上缴。对水量有疑问的，可以申请校表。",
        ),
        article(
            "card",
            "社会保障卡（医保卡）挂失与补办",
            &["医保卡丢了", "社保卡掉了"],
            "卡片遗失先打电话口头挂失，再带身份证到合作银行网点补办。补办当场领取，工本费十六元。\
             补办期间可以使用医保电子凭证就医购药。",
        ),
        article(
            "allowance",
            "最低生活保障申请",
            &["吃低保", "低保"],
            "共同生活的家庭成员人均收入低于当地保障标准的，向户籍所在地乡镇人民政府申请。\
             收到申请后三十个工作日内作出决定。",
        ),
        article(
            "lawyer",
            "律师事务所基本信息查询",
            &[],
            "在司法局网站可以查到本县执业机构的名称、地址、负责人。",
        ),
        article(
            "station",
            "5G基站选址和电磁辐射投诉",
            &["基站辐射"],
            "对5G基站有疑问的，由通信管理部门答复；环境监测按ＧＢ８７０２标准执行。",
        ),
        article(
            "hotline",
            "12345热线受理范围",
            &[],
            "12345热线受理咨询、求助、投诉、举报和意见建议，110、119、120受理的紧急事项除外。",
        ),
        article(
            "name",
            "姓名中生僻字的户籍登记",
            &[],
            "姓名用字不在常用字库中的，例如𠮷野、㛃，带出生证明到派出所人工录入。",
        ),
    ]
}
