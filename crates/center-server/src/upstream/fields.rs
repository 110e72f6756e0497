//! 字段: what a superior may say of an order or of a rating. One list of names for the columns of a
//! table and the fields of a message.

use std::collections::BTreeMap;

/// Writes the list once: the field, its key, its name, and how columns are called besides.
macro_rules! fields {
    ($($(#[$doc:meta])* $field:ident $key:literal $name:literal [$($alias:literal),*])*) => {
        /// 字段.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Field { $($(#[$doc])* $field),* }

        impl Field {
            pub const ALL: &'static [Self] = &[$(Self::$field),*];

            /// Its name in a message.
            pub fn key(self) -> &'static str {
                match self { $(Self::$field => $key),* }
            }

            /// Its name in a table.
            pub fn name(self) -> &'static str {
                match self { $(Self::$field => $name),* }
            }

            fn aliases(self) -> &'static [&'static str] {
                match self { $(Self::$field => &[$($alias),*]),* }
            }
        }
    };
}

fields! {
    /// 上级编号.
    Number "number" "上级编号" ["市级工单号", "省级工单号", "工单编号", "工单号", "受理编号", "编号", "上级工单号"]
    Title "title" "标题" ["工单标题", "主题", "诉求标题"]
    Text "text" "诉求内容" ["内容", "反映内容", "工单内容", "诉求描述", "问题描述", "主要内容"]
    Kind "kind" "诉求类型" ["类型", "工单类型", "业务类型", "诉求类别"]
    Class "class" "事项等级" ["紧急程度", "等级"]
    Channel "channel" "受理渠道" ["渠道", "来源渠道", "受理方式"]
    Category "category" "诉求分类" ["分类", "三级分类", "归口分类"]
    CallerName "caller_name" "诉求人" ["姓名", "来电人", "诉求人姓名", "联系人", "市民姓名"]
    CallerPhone "caller_phone" "来电号码" ["来电电话", "电话", "主叫号码", "联系方式"]
    ContactPhone "contact_phone" "联系电话" ["联系号码", "手机号码"]
    CallerAddress "caller_address" "诉求人地址" ["住址", "联系地址"]
    Place "place" "事发地点" ["事发地址", "地址", "地点", "发生地点", "事发位置"]
    /// 事发时间, as it is written there.
    Happened "happened" "事发时间" ["发生时间", "事件时间", "事发日期", "发生日期"]
    About "about" "诉求对象" ["被诉对象", "被反映对象", "涉事主体", "被投诉对象", "被诉主体", "投诉对象"]
    Wants "wants" "诉求目标" ["诉求目的", "诉求要求", "希望"]
    IsConfidential "is_confidential" "是否保密" ["保密"]
    WantsCallBack "wants_call_back" "是否回访" ["要求回访", "是否要求回访"]
    DueAt "due_at" "办理期限" ["截止时间", "到期时间", "办结期限", "要求办结时间", "处理时限", "办理时限"]
    Document "document" "交办文号" ["文号", "转办单号"]
    OtherProvinceNumber "other_province_number" "外省单号" ["重庆工单号"]
    Satisfaction "satisfaction" "满意度" ["评价", "评价结果", "回访结果"]
    Solved "solved" "解决情况" ["是否解决"]
    Reason "reason" "不满意原因" ["原因"]
    Note "note" "评价说明" ["备注", "说明", "回访备注"]
    RatedAt "rated_at" "评价时间" ["回访时间"]
}

impl Field {
    /// What an order may say.
    pub const OF_ORDER: &'static [Self] = &[
        Self::Number,
        Self::Title,
        Self::Text,
        Self::Kind,
        Self::Class,
        Self::Channel,
        Self::Category,
        Self::CallerName,
        Self::CallerPhone,
        Self::ContactPhone,
        Self::CallerAddress,
        Self::Place,
        Self::Happened,
        Self::About,
        Self::Wants,
        Self::IsConfidential,
        Self::WantsCallBack,
        Self::DueAt,
        Self::Document,
        Self::OtherProvinceNumber,
    ];
    /// What a rating may say.
    pub const OF_RATING: &'static [Self] = &[
        Self::Number,
        Self::Satisfaction,
        Self::Solved,
        Self::Reason,
        Self::Note,
        Self::RatedAt,
    ];

    /// By its name in a message, in a table, or another that columns have.
    pub fn named(name: &str, among: &[Self]) -> Option<Self> {
        let plain = |text: &str| -> String {
            text.chars()
                .filter(|c| !c.is_whitespace() && !"：:*＊（）()".contains(*c))
                .collect()
        };
        let name = plain(name);
        let is_called = |field: &&Self| field.key() == name || field.name() == name;
        let is_also_called = |field: &&Self| field.aliases().contains(&name.as_str());
        let mut fields = among.iter();
        fields
            .clone()
            .find(is_called)
            .or_else(|| fields.find(is_also_called))
            .copied()
    }
}

/// What one row or one message says, field by field. An empty text is not said.
pub type Cells = BTreeMap<Field, String>;

/// What is wrong with a row, for who has to put it right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    /// `None` for what is wrong with the row as a whole.
    pub field: Option<Field>,
    pub message: String,
}

impl CellFault {
    pub fn of(field: Field, message: impl Into<String>) -> Self {
        Self {
            field: Some(field),
            message: message.into(),
        }
    }

    /// With the name of the field before it.
    pub fn text(&self) -> String {
        match self.field {
            Some(field) => format!("{}：{}", field.name(), self.message),
            None => self.message.clone(),
        }
    }
}

pub(super) fn said(cells: &Cells, field: Field) -> &str {
    cells.get(&field).map_or("", |text| text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_things() {
        for among in [Field::OF_ORDER, Field::OF_RATING] {
            let mut names: Vec<&str> = Vec::new();
            for field in among {
                names.extend([field.key(), field.name()]);
                names.extend(field.aliases());
            }
            let n = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), n);
        }
    }

    #[test]
    fn columns_as_offices_call_them() {
        let of = |name: &str| Field::named(name, Field::OF_ORDER);
        assert_eq!(of("*市级工单号"), Some(Field::Number));
        assert_eq!(of("反映 内容："), Some(Field::Text));
        assert_eq!(of("due_at"), Some(Field::DueAt));
        assert_eq!(of("满意度"), None);
    }
}
