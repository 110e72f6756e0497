//! What a model looks at and how it is fitted, as values: a measurement leaves out a part and sees what it
//! is worth. A program trains by [`Recipe::PRODUCT`] alone, and a model's file is read by it.

/// 训练配方.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// The longest run of characters that is a feature.
    pub max_gram: usize,
    /// How heavy the title is beside the text.
    pub title_weight: f32,
    /// How heavy what only a title says is beside it; 0: a title is read like any text.
    pub own_title_weight: f32,
    /// How heavy all keywords together are beside all characters.
    pub keywords_weight: f32,
    /// How much a beginning, or the title alone, counts beside the whole order; 0: it is not learnt.
    pub part_weight: f32,
    /// How much a mistake costs in the plain fit; 0: there is none.
    pub cost: f32,
    /// How much it costs in the fit by log-ratios; 0: there is none.
    pub ratio_cost: f32,
    /// The exponent by which mistakes about rare classes cost more.
    pub balance: f32,
}

impl Recipe {
    pub const PRODUCT: Self = Self {
        max_gram: 2,
        title_weight: 0.5,
        own_title_weight: 0.1,
        keywords_weight: 0.3,
        part_weight: 0.3,
        cost: 1.0,
        ratio_cost: 0.7,
        balance: 0.5,
    };
}
