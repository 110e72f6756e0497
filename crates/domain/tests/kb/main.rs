//! The life of an article of the knowledge base, told in lines that an editor can check
//! (第十三条, 第十四条, 第六条(四), 第十九条(四)).

#[cfg(test)]
mod gaps;
#[cfg(test)]
mod life;
#[cfg(test)]
mod merge;
#[cfg(test)]
mod offers;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod story;
#[cfg(test)]
mod synonyms;
#[cfg(test)]
mod tasks;
#[cfg(test)]
mod words;
