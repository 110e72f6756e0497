// The forms of what a unit does with an order: what each asks for, in the order of the keyboard, and
// the request that comes of it. Whether an act is allowed the core says.
import { reactive } from "vue";
import type { Choice } from "../shared/choice";
import type { IconName } from "../shared/Icon.vue";
import type { EvidenceFile, ExtensionGround, MatterClass, MatterKind, UnitAct, UnitOrderDetail } from "./generated";

export type ActType = UnitAct["type"];
type Texts = "text" | "reason" | "basis" | "suggestion" | "note" | "to" | "phone" | "at" | "method" | "days" | "statement" | "lastDay" | "law" | "person" | "lateReason" | "facts" | "legalBasis" | "earlier" | "signedBy" | "explanation" | "townshipId" | "answeredBy";
type Choices = "isReached" | "isTold" | "isExplained" | "ground" | "kind" | "class";
/** One form for all acts of an order: what two of them ask alike is typed once. */
export type ActForm = Record<Texts | Choices, string> & { files: EvidenceFile[] };

type Shown = { if?: (form: ActForm, order: UnitOrderDetail) => boolean };
export type ActField = Shown &
  (
    | { kind: "text" | "line" | "phone" | "number" | "date" | "moment"; name: Texts; label: string; placeholder?: string }
    | { kind: "choice"; name: Choices; label: string; choices: readonly Choice[] }
    /** 诉求类型 and 事项等级, as the reference tables have them. */
    | { kind: "kinds"; name: Choices; label: string }
    | { kind: "classes"; name: Choices; label: string }
    | { kind: "township"; name: Texts; label: string; placeholder: string }
    | { kind: "files"; label: string }
    | { kind: "opinions"; label: string }
    | { kind: "reply"; label: string }
  );
export type ActKind = { type: ActType; icon: IconName; submitText: string; fields: readonly ActField[] };

const newActForm = (): ActForm =>
  reactive({
    text: "", reason: "", basis: "", suggestion: "", note: "", to: "", phone: "", at: "", method: "电话", days: "", statement: "", lastDay: "", law: "", person: "", lateReason: "",
    facts: "", legalBasis: "", earlier: "", signedBy: "", explanation: "", isReached: "", isTold: "", isExplained: "", ground: "", kind: "", class: "", townshipId: "", answeredBy: "", files: [],
  });

/** Forms that were begun; who looks at another order and comes back finds what was typed. */
const MAX_FORMS = 30;
const forms = new Map<string, ActForm>();

export function formOf(orderId: string): ActForm {
  const form = forms.get(orderId) ?? newActForm();
  forms.delete(orderId);
  forms.set(orderId, form);
  const oldest = forms.keys().next();
  if (forms.size > MAX_FORMS && !oldest.done) forms.delete(oldest.value);
  return form;
}

export const dropForm = (orderId: string): void => void forms.delete(orderId);
export const forgetForms = (): void => forms.clear();

const text = (name: Texts, label: string, placeholder = ""): ActField => ({ kind: "text", name, label, placeholder });
const line = (name: Texts, label: string, placeholder = ""): ActField => ({ kind: "line", name, label, placeholder });
const yesNo = (name: Choices, label: string, yes: string, no: string): ActField => ({
  kind: "choice",
  name,
  label,
  choices: [
    { id: "yes", text: yes, note: "" },
    { id: "no", text: no, note: "" },
  ],
});
const when = (show: NonNullable<Shown["if"]>, field: ActField): ActField => ({ ...field, if: show });

const GROUNDS: readonly Choice[] = [
  { id: "complicated", text: "一般复杂", note: "第十一条(三)" },
  { id: "grave", text: "特别重大、复杂", note: "第十一条(三)、决定 I-8" },
  { id: "statutory", text: "法定另有期限", note: "第十一条末款" },
];

export const ACTS: readonly ActKind[] = [
  { type: "sign_for", icon: "check", submitText: "签收", fields: [] },
  { type: "respond_first", icon: "siren", submitText: "响应", fields: [text("text", "响应内容", "已派何人到场，初步情况")] },
  {
    type: "record_contact",
    icon: "phone",
    submitText: "记录联系",
    fields: [
      yesNo("isReached", "结果", "联系上", "未联系上"),
      { kind: "moment", name: "at", label: "时间" },
      when((_form, order) => !order.caller.is_sealed, { kind: "phone", name: "phone", label: "号码", placeholder: "不填即工单上的联系电话" }),
      text("note", "情况", "说了什么"),
    ],
  },
  {
    type: "submit_reply",
    icon: "answer",
    submitText: "提交内审",
    fields: [
      when((_form, order) => order.opinions.length > 0, { kind: "opinions", label: "协办意见" }),
      text("text", "答复", "查明了什么，怎样办的，结果如何"),
      line("person", "负责人", "署名负责人"),
      yesNo("isTold", "反馈", "已反馈诉求人", "多次联系未果"),
      when((form) => form.isTold === "yes", { kind: "moment", name: "at", label: "时间" }),
      when((form) => form.isTold === "yes", line("method", "方式", "电话")),
    ],
  },
  { type: "submit_opinion", icon: "answer", submitText: "提交意见", fields: [text("text", "协办意见", "给主办单位的意见，由主办汇总答复")] },
  { type: "sign_reply", icon: "check", submitText: "内审签发", fields: [{ kind: "reply", label: "答复" }] },
  { type: "reject_reply", icon: "refuse", submitText: "退改", fields: [{ kind: "reply", label: "答复" }, text("reason", "理由", "哪里要改")] },
  { type: "record_urge_receipt", icon: "clock", submitText: "回执，已收到", fields: [] },
  { type: "report_progress", icon: "send", submitText: "反馈", fields: [text("text", "进度", "做到哪一步，预计何时完成")] },
  { type: "pass_down", icon: "user", submitText: "转办", fields: [line("to", "转给", "股室、站所"), text("note", "交代", "主责不变；可不填")] },
  {
    type: "request_extension",
    icon: "calendar",
    submitText: "申请延期",
    fields: [
      { kind: "choice", name: "ground", label: "情形", choices: GROUNDS },
      when((form) => form.ground !== "statutory", { kind: "number", name: "days", label: "工作日", placeholder: "延几个工作日" }),
      when((form) => form.ground === "grave", line("statement", "说明", "监督员说明，超过规定天数时必填")),
      when((form) => form.ground === "statutory", { kind: "date", name: "lastDay", label: "至" }),
      when((form) => form.ground === "statutory", line("law", "法条", "法律、法规的名称和条款")),
      text("reason", "理由", "为何到期办不完"),
    ],
  },
  {
    type: "explain_extension",
    icon: "phone",
    submitText: "记录说明",
    fields: [
      yesNo("isExplained", "说明", "已向诉求人说明", "未能说明"),
      when((form) => form.isExplained === "yes", { kind: "moment", name: "at", label: "时间" }),
      when((form) => form.isExplained === "yes", line("method", "方式", "电话")),
      when((form) => form.isExplained === "no", text("reason", "理由", "为何未能说明")),
    ],
  },
  {
    type: "send_back",
    icon: "refuse",
    submitText: "退回",
    fields: [text("reason", "理由", "为何不属本单位"), line("basis", "依据", "法律、法规、三定方案的条款"), line("suggestion", "转送建议", "建议转给哪个单位")],
  },
  {
    type: "request_screening",
    icon: "alert",
    submitText: "申请甄别",
    fields: [text("reason", "理由", "评价与事实不符之处"), { kind: "files", label: "佐证材料" }, line("lateReason", "迟交原因", "已过原则期限时必填")],
  },
  { type: "supply_evidence", icon: "upload", submitText: "补证", fields: [{ kind: "files", label: "佐证材料" }] },
  {
    type: "request_final_closure",
    icon: "lock",
    submitText: "提请终结审查",
    fields: [
      text("facts", "调查事实", "查明的事实"),
      line("legalBasis", "依据", "法律、法规、政策的条款"),
      line("earlier", "历次工单", "编号，以空格分开"),
      text("explanation", "解释记录", "何时、怎样向诉求人解释"),
      line("signedBy", "签名", "单位负责人签名"),
    ],
  },
  { type: "request_kind_change", icon: "answer", submitText: "申请变更", fields: [{ kind: "kinds", name: "kind", label: "改为" }, text("reason", "理由", "依据哪些内容；由县中心审核")] },
  {
    type: "escalate_class",
    icon: "siren",
    submitText: "升级",
    fields: [
      { kind: "classes", name: "class", label: "升为" },
      text("reason", "理由", "出现了什么情况"),
      { kind: "township", name: "townshipId", label: "已报属地", placeholder: "报告的乡镇（街道）；此前已报的不填" },
      when((form) => form.townshipId !== "", line("answeredBy", "接听人", "属地接报的人员")),
      when((form) => form.townshipId !== "", { kind: "moment", name: "at", label: "时间" }),
      when((form) => form.townshipId !== "", line("method", "方式", "电话")),
    ],
  },
];

const decided = (choice: string): boolean | null => (choice === "" ? null : choice === "yes");
/** What a person wrote as a number of days; what is none is left open, and the core asks for it. */
const days = (typed: string): number | null => (/^\d{1,3}$/.test(typed.trim()) ? Number(typed.trim()) : null);
const numbers = (typed: string): string[] => typed.split(/[\s、，,；;]+/).filter((number) => number !== "");
const hashes = (files: readonly EvidenceFile[]): string[] => files.map(({ sha256 }) => sha256);

export function toAct(type: ActType, form: ActForm): UnitAct {
  const reason = form.reason.trim();
  switch (type) {
    case "sign_for":
    case "sign_reply":
    case "record_urge_receipt":
      return { type };
    case "pass_down":
      return { type, to: form.to.trim(), note: form.note.trim() };
    case "record_contact":
      return { type, is_reached: decided(form.isReached), at: form.at, phone: form.phone.trim(), note: form.note.trim() };
    case "respond_first":
    case "report_progress":
    case "submit_opinion":
      return { type, text: form.text.trim() };
    case "send_back":
      return { type, reason, basis: form.basis.trim(), suggestion: form.suggestion.trim() };
    case "request_extension":
      return { type, ground: form.ground === "" ? null : (form.ground as ExtensionGround), days: days(form.days), supervisor_statement: form.statement.trim(), last_day: form.lastDay, law: form.law.trim(), reason };
    case "explain_extension":
      return { type, is_explained: decided(form.isExplained), at: form.at, method: form.method.trim(), reason };
    case "submit_reply":
      return { type, text: form.text.trim(), responsible_person: form.person.trim(), is_told: decided(form.isTold), at: form.at, method: form.method.trim() };
    case "reject_reply":
      return { type, reason };
    case "request_final_closure":
      return { type, facts: form.facts.trim(), legal_basis: form.legalBasis.trim(), earlier_orders: numbers(form.earlier), signed_by: form.signedBy.trim(), explanation: form.explanation.trim() };
    case "request_screening":
      return { type, reason, late_reason: form.lateReason.trim(), evidence: hashes(form.files) };
    case "supply_evidence":
      return { type, evidence: hashes(form.files) };
    case "request_kind_change":
      return { type, kind: form.kind === "" ? null : (form.kind as MatterKind), reason };
    case "escalate_class":
      return { type, class: form.class === "" ? null : (form.class as MatterClass), reason, township_id: form.townshipId, answered_by: form.answeredBy.trim(), at: form.at, method: form.method.trim() };
  }
}
