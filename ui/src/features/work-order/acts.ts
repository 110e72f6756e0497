// The forms of what is done with an order after its dispatch: what each asks for, in the order of
// the keyboard, and the request that comes of it. Whether an act is allowed the core says.
import { reactive } from "vue";
import type { OrderAct } from "../../backend/generated";
import type { NamedFile } from "../../backend/upload";
import type { Choice } from "../../shared/choice";
import type { IconName } from "../../shared/Icon.vue";
import { newForms, toReport, type ReportForm } from "../outcome/outcome";

export type ActType = OrderAct["type"];
type FieldName = "reason" | "method" | "text" | "phone" | "note" | "basis" | "suggestion" | "statement" | "days" | "choice";
export type ActField =
  | { kind: "text" | "line" | "phone" | "number"; name: FieldName; label: string; placeholder: string }
  | { kind: "choice"; name: "choice"; label: string; choices: readonly Choice<"yes" | "no">[] }
  | { kind: "report" }
  | { kind: "files"; label: string };
export type ActKind = { type: ActType; icon: IconName; submitText: string; fields: readonly ActField[] };

/** One form for all acts of an order: what two of them ask alike is typed once. */
export type ActForm = Record<FieldName, string> & { assignment: string | null; report: ReportForm; files: NamedFile[] };

export const newActForm = (): ActForm =>
  reactive({ reason: "", method: "电话", text: "", phone: "", note: "", basis: "", suggestion: "", statement: "", days: "", choice: "", assignment: null, report: newForms().report, files: [] });

const text = (name: FieldName, label: string, placeholder = ""): ActField => ({ kind: "text", name, label, placeholder });
const line = (name: FieldName, label: string, placeholder = ""): ActField => ({ kind: "line", name, label, placeholder });
const yesNo = (label: string, yes: string, no: string): ActField => ({
  kind: "choice",
  name: "choice",
  label,
  choices: [
    { id: "yes", text: yes, note: "" },
    { id: "no", text: no, note: "" },
  ],
});

export const ACTS: readonly ActKind[] = [
  { type: "record_township_report", icon: "phone", submitText: "记录属地报告", fields: [{ kind: "report" }] },
  { type: "urge", icon: "clock", submitText: "催办", fields: [text("reason", "理由", "为何催办，诉求人怎么说"), line("method", "方式", "电话")] },
  { type: "supplement", icon: "plus", submitText: "补充", fields: [text("text", "补充内容", "诉求人后来说的；只有附件时可不填"), { kind: "files", label: "附件" }] },
  { type: "withdraw", icon: "close", submitText: "撤回", fields: [text("reason", "理由", "诉求人为何撤回")] },
  { type: "sign_for", icon: "check", submitText: "签收", fields: [] },
  {
    type: "record_contact",
    icon: "phone",
    submitText: "记录联系",
    fields: [yesNo("结果", "联系上", "未联系上"), { kind: "phone", name: "phone", label: "号码", placeholder: "拨打的号码" }, text("note", "情况", "说了什么")],
  },
  { type: "respond_first", icon: "answer", submitText: "响应", fields: [text("text", "响应内容", "已派何人到场，初步情况")] },
  { type: "report_progress", icon: "answer", submitText: "反馈", fields: [text("text", "进度", "做到哪一步，预计何时完成")] },
  {
    type: "send_back",
    icon: "refuse",
    submitText: "退回",
    fields: [text("reason", "理由", "为何不属本单位"), line("basis", "依据", "法律、法规、三定方案的条款"), line("suggestion", "转送建议", "建议转给哪个单位")],
  },
  { type: "rule_on_send_back", icon: "check", submitText: "裁定", fields: [yesNo("裁定", "同意退回", "驳回，继续办理"), text("reason", "理由", "给承办单位看的理由")] },
  {
    type: "request_extension",
    icon: "clock",
    submitText: "申请延期",
    fields: [
      yesNo("情形", "特别重大、复杂", "一般复杂"),
      { kind: "number", name: "days", label: "工作日", placeholder: "延几个工作日" },
      text("reason", "理由", "为何到期办不完"),
      line("statement", "说明", "监督员说明，超过规定天数时必填"),
    ],
  },
  { type: "review_extension", icon: "check", submitText: "提交县审意见", fields: [yesNo("县审意见", "同意，报市", "不予上报"), text("reason", "理由")] },
  { type: "sign_reply", icon: "check", submitText: "签发答复", fields: [] },
  { type: "reject_reply", icon: "refuse", submitText: "退改", fields: [text("reason", "理由", "哪里要改")] },
  { type: "record_own_call_back", icon: "phone", submitText: "记录回访", fields: [text("note", "回访结果", "诉求人怎么说；自查回访不计入考核")] },
];

function decided(form: ActForm): boolean | null {
  return form.choice === "" ? null : form.choice === "yes";
}

/** What a person wrote as a number of days; what is none is left open, and the core asks for it. */
function days(form: ActForm): number | null {
  return /^\d{1,3}$/.test(form.days.trim()) ? Number(form.days.trim()) : null;
}

/** `uploadId` names the files that were sent for it. */
export function toAct(type: ActType, form: ActForm, uploadId: string | null = null): OrderAct {
  const assignment = form.assignment === null ? null : Number(form.assignment);
  const reason = form.reason.trim();
  switch (type) {
    case "record_township_report":
      return { type, report: toReport(form.report) };
    case "urge":
      return { type, assignment, reason, method: form.method.trim() };
    case "supplement":
      return { type, text: form.text.trim(), upload_id: uploadId };
    case "withdraw":
      return { type, reason };
    case "sign_for":
    case "sign_reply":
      return { type, assignment };
    case "record_contact":
      return { type, assignment, phone: form.phone.trim(), is_reached: decided(form), note: form.note.trim() };
    case "respond_first":
    case "report_progress":
      return { type, assignment, text: form.text.trim() };
    case "send_back":
      return { type, assignment, reason, basis: form.basis.trim(), suggestion: form.suggestion.trim() };
    case "rule_on_send_back":
      return { type, assignment, is_accepted: decided(form), reason };
    case "request_extension":
      return { type, assignment, is_grave: decided(form), days: days(form), supervisor_statement: form.statement.trim(), reason };
    case "review_extension":
      return { type, assignment, is_forwarded: decided(form), reason };
    case "reject_reply":
      return { type, assignment, reason };
    case "record_own_call_back":
      return { type, note: form.note.trim() };
  }
}
