// One side of two articles that are compared, whether it is being written or in use.
import type { KbForm, KnowledgeArticle } from "../../backend/generated";

export type Said = { name: string; title: string; answer: string; sections: readonly { label: string; text: string }[]; note: string };

export const saidByForm = (form: KbForm, name: string): Said => ({ name, title: form.title, answer: form.answer, sections: form.sections, note: form.unit });

export const saidByArticle = (article: KnowledgeArticle, name: string): Said => ({ name, title: article.title, answer: article.answer, sections: article.sections, note: article.source_line });
