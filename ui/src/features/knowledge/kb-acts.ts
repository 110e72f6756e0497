// What an editor or a reviewer does with an article, besides writing it: the words on the button and
// what has to be said with it. Which of them are allowed now, and why not, comes from the core.
import type { KbAct } from "../../backend/generated";

export type KbActInput = { reason: string; name: string; evidence: string; nextReviewOn: string; other: string };
export const emptyInput = (): KbActInput => ({ reason: "", name: "", evidence: "", nextReviewOn: "", other: "" });

export type KbActField = { name: keyof KbActInput; label: string; placeholder: string; kind: "line" | "text" | "day" | "article" };
export type KbActKind = { command: string; tone?: "primary"; fields: readonly KbActField[]; act: (input: KbActInput, revision: number) => KbAct };

const reason: KbActField = { name: "reason", label: "理由", placeholder: "写给被退改或以后查看的人", kind: "text" };
const confirmation: readonly KbActField[] = [
  { name: "name", label: "确认人", placeholder: "责任单位的人，姓名", kind: "line" },
  { name: "evidence", label: "依据", placeholder: "来函文号，或接听的电话", kind: "line" },
];
const other = (label: string): KbActField => ({ name: "other", label, placeholder: "", kind: "article" });

/** What publishing asks for where an article in use says otherwise. */
export const PUBLISH_REASON: KbActField = { name: "reason", label: "理由", placeholder: "为什么仍要发布，另一条何时怎样处理", kind: "text" };

export const KB_ACTS: readonly KbActKind[] = [
  { command: "submit", tone: "primary", fields: [], act: (_, base_revision) => ({ type: "submit", base_revision }) },
  { command: "confirm", tone: "primary", fields: confirmation, act: ({ name, evidence }) => ({ type: "record_confirmation", name, evidence }) },
  { command: "publish", tone: "primary", fields: [], act: (input) => ({ type: "publish", reason: input.reason }) },
  { command: "reject_by_unit", fields: [reason], act: (input) => ({ type: "reject_by_unit", reason: input.reason }) },
  { command: "reject_by_center", fields: [reason], act: (input) => ({ type: "reject_by_center", reason: input.reason }) },
  { command: "recheck", fields: [...confirmation, { name: "nextReviewOn", label: "下次复核日", placeholder: "", kind: "day" }], act: ({ name, evidence, nextReviewOn }) => ({ type: "record_recheck", name, evidence, next_review_on: nextReviewOn }) },
  { command: "suspend", fields: [reason], act: (input) => ({ type: "suspend", reason: input.reason }) },
  { command: "resume", fields: [reason], act: (input) => ({ type: "resume", reason: input.reason }) },
  { command: "supersede", fields: [other("由哪一条替代"), reason], act: (input) => ({ type: "supersede", by: input.other, reason: input.reason }) },
  { command: "merge_into", fields: [other("并入哪一条"), reason], act: (input) => ({ type: "merge_into", into: input.other, reason: input.reason }) },
  { command: "withdraw", fields: [reason], act: (input) => ({ type: "withdraw", reason: input.reason }) },
  { command: "discard_draft", fields: [reason], act: (input) => ({ type: "discard_draft", reason: input.reason }) },
];
