// The forms of what is done with an order after its dispatch: what each asks for, in the order of
// the keyboard, and the request that comes of it. Whether an act is allowed the core says.
import { reactive } from "vue";
import type { OrderAct } from "../../backend/generated";
import type { NamedFile } from "../../backend/upload";
import type { Choice } from "../../shared/choice";
import type { IconName } from "../../shared/Icon.vue";
import { newForms, toReport, type ReportForm } from "../outcome/outcome";

export type ActType = OrderAct["type"];
type FieldName =
  | "reason" | "method" | "text" | "phone" | "note" | "basis" | "suggestion" | "statement" | "days" | "choice"
  | "asked" | "question" | "answeredBy" | "finding" | "opinion" | "document" | "number" | "lastDay" | "callerName" | "contactPhone" | "address" | "unitId" | "kind" | "class" | "review" | "limit" | "ground";
export type ActField = { if?: (form: ActForm) => boolean } & (
  | { kind: "text" | "line" | "phone" | "number" | "date"; name: FieldName; label: string; placeholder: string }
  | { kind: "choice"; name: FieldName; label: string; choices: readonly Choice[] }
  /** 诉求类型 and 事项等级, as the reference tables have them. */
  | { kind: "kinds"; name: "kind"; label: string }
  | { kind: "classes"; name: "class"; label: string }
  | { kind: "unit"; name: "unitId"; label: string; placeholder: string }
  | { kind: "units"; label: string; placeholder: string }
  | { kind: "report" }
  | { kind: "files"; label: string }
);
export type ActKind = {
  type: ActType;
  icon: IconName;
  submitText: string;
  fields: readonly ActField[];
  /** Given now and then: it stands behind what is done every day. */
  isRare: boolean;
};

/** One form for all acts of an order: what two of them ask alike is typed once. */
export type ActForm = Record<FieldName, string> & { assignment: string | null; report: ReportForm; unitIds: string[]; files: NamedFile[] };

export const newActForm = (): ActForm =>
  reactive({
    reason: "", method: "电话", text: "", phone: "", note: "", basis: "", suggestion: "", statement: "", days: "", choice: "",
    asked: "", question: "", answeredBy: "", finding: "", opinion: "", document: "", number: "", lastDay: "", callerName: "", contactPhone: "", address: "", unitId: "", kind: "", class: "", review: "", limit: "", ground: "",
    assignment: null, report: newForms().report, unitIds: [], files: [],
  });

const text = (name: FieldName, label: string, placeholder = ""): ActField => ({ kind: "text", name, label, placeholder });
const line = (name: FieldName, label: string, placeholder = ""): ActField => ({ kind: "line", name, label, placeholder });
const choice = (name: FieldName, label: string, ...choices: readonly (readonly [id: string, text: string, note?: string])[]): ActField => ({
  kind: "choice",
  name,
  label,
  choices: choices.map(([id, text, note = ""]) => ({ id, text, note })),
});
const yesNo = (label: string, yes: string, no: string): ActField => choice("choice", label, ["yes", yes], ["no", no]);
const DOCUMENT = line("document", "文号", "批复、会议纪要或通知的文号");

/** What each act asks for; an act without a form does not compile. */
type Form = Omit<ActKind, "type" | "isRare"> & { isRare?: true };
const FORMS: Record<ActType, Form> = {
  record_township_report: { icon: "phone", submitText: "记录属地报告", fields: [{ kind: "report" }] },
  urge: { icon: "clock", submitText: "催办", fields: [text("reason", "理由", "为何催办，诉求人怎么说"), line("method", "方式", "电话")] },
  supplement: { icon: "plus", submitText: "补充", fields: [text("text", "补充内容", "诉求人后来说的；只有附件时可不填"), { kind: "files", label: "附件" }] },
  correct_caller: {
    isRare: true,
    icon: "user",
    submitText: "更正",
    fields: [
      line("callerName", "姓名", "不改的不填；要删去的填“无”"),
      { kind: "phone", name: "phone", label: "来电号码", placeholder: "不改的不填" },
      line("contactPhone", "联系电话", "不改的不填；要删去的填“无”"),
      line("address", "住址", "不改的不填；要删去的填“无”"),
      text("reason", "理由", "谁要求更正，依据什么；原来的内容留在记录里"),
    ],
  },
  withdraw: { isRare: true, icon: "close", submitText: "撤回", fields: [text("reason", "理由", "诉求人为何撤回")] },
  sign_for: { icon: "check", submitText: "签收", fields: [] },
  record_contact: {
    icon: "phone",
    submitText: "记录联系",
    fields: [yesNo("结果", "联系上", "未联系上"), { kind: "phone", name: "phone", label: "号码", placeholder: "拨打的号码" }, text("note", "情况", "说了什么")],
  },
  respond_first: { icon: "answer", submitText: "响应", fields: [text("text", "响应内容", "已派何人到场，初步情况")] },
  report_progress: { icon: "answer", submitText: "反馈", fields: [text("text", "进度", "做到哪一步，预计何时完成")] },
  send_back: {
    icon: "refuse",
    submitText: "退回",
    fields: [text("reason", "理由", "为何不属本单位"), line("basis", "依据", "法律、法规、三定方案的条款"), line("suggestion", "转送建议", "建议转给哪个单位")],
  },
  rule_on_send_back: { icon: "check", submitText: "裁定", fields: [yesNo("裁定", "同意退回", "驳回，继续办理"), text("reason", "理由", "给承办单位看的理由")] },
  request_extension: {
    icon: "clock",
    submitText: "申请延期",
    fields: [
      yesNo("情形", "特别重大、复杂", "一般复杂"),
      { kind: "number", name: "days", label: "工作日", placeholder: "延几个工作日" },
      text("reason", "理由", "为何到期办不完"),
      line("statement", "说明", "监督员说明，超过规定天数时必填"),
    ],
  },
  review_extension: { icon: "check", submitText: "提交县审意见", fields: [yesNo("县审意见", "同意，报市", "不予上报"), text("reason", "理由")] },
  sign_reply: { icon: "check", submitText: "内审签发", fields: [] },
  reject_reply: { icon: "refuse", submitText: "退改", fields: [text("reason", "理由", "哪里要改")] },
  record_own_call_back: { icon: "phone", submitText: "记录回访", fields: [text("note", "回访结果", "诉求人怎么说；自查回访不计入考核")] },
  record_city_ruling: {
    icon: "check",
    submitText: "登记市批复",
    fields: [
      yesNo("市批复", "同意延期", "不同意"),
      { kind: "date", name: "lastDay", label: "延至", placeholder: "市里批准的最后一日", if: (form) => form.choice === "yes" },
      DOCUMENT,
    ],
  },
  review_final_closure: { icon: "check", submitText: "提交审查意见", fields: [yesNo("审查", "要件齐备，终结", "要件不齐，继续办理"), text("reason", "理由", "给承办单位看的理由")] },
  review_screening: {
    icon: "check",
    submitText: "提交初审意见",
    fields: [choice("review", "初审", ["forward", "报市"], ["deny", "不予上报"], ["ask_evidence", "需补证", "24 小时内，非工作日顺延"]), text("reason", "理由", "给承办单位看的理由；须补什么材料")],
  },
  record_screening_ruling: { icon: "check", submitText: "登记市裁定", fields: [yesNo("市裁定", "甄别成功，评价剔除", "不成立，评价有效"), DOCUMENT] },
  record_verification: { icon: "check", submitText: "记录结论", fields: [line("answeredBy", "答复人", "答复的人员"), text("finding", "结论", "是否属受理范围，依据是什么")] },
  rule_on_kind_change: { icon: "check", submitText: "提交审核", fields: [yesNo("审核", "同意变更", "不同意"), text("reason", "理由")] },
  designate: {
    icon: "send",
    submitText: "指定承办",
    fields: [
      { kind: "unit", name: "unitId", label: "主办", placeholder: "名称或拼音首字母" },
      { kind: "units", label: "协办", placeholder: "没有可不选" },
      DOCUMENT,
      text("opinion", "意见", "请主办单位做什么；同类事项此后参照，不得退回"),
    ],
  },
  order_rework: { isRare: true, icon: "refuse", submitText: "退回重办", fields: [text("reason", "理由", "哪里没有办好，要补办什么")] },
  archive: { icon: "folder", submitText: "归档", fields: [] },
  begin_verification: { isRare: true, icon: "search", submitText: "发起核实", fields: [line("asked", "向谁核实", "单位或人员"), text("question", "核实事项", "要弄清什么，才能认定是否受理")] },
  request_coordination: {
    isRare: true,
    icon: "user",
    submitText: "提请专题协调",
    fields: [text("reason", "事由", "为何依法无法明确承办单位"), { kind: "units", label: "涉及单位", placeholder: "名称或拼音首字母" }],
  },
  request_kind_change: { isRare: true, icon: "answer", submitText: "申请变更", fields: [{ kind: "kinds", name: "kind", label: "改为" }, text("reason", "理由", "依据哪些内容；须另一人审核")] },
  escalate_class: { isRare: true, icon: "siren", submitText: "升级", fields: [{ kind: "classes", name: "class", label: "升为" }, text("reason", "理由", "出现了什么情况"), { kind: "report" }] },
  merge_into: { isRare: true, icon: "copy", submitText: "并入", fields: [line("number", "前一件", "同一诉求人未办结的工单编号")] },
  absorb_repeat: { isRare: true, icon: "copy", submitText: "接收并入", fields: [line("number", "后一件", "同一诉求人后来登记的工单编号")] },
  link_to: { isRare: true, icon: "copy", submitText: "关联", fields: [line("number", "另一件", "他人同一事项，或已办结的工单编号")] },
  release_binding: { isRare: true, icon: "lock", submitText: "放行退回", fields: [text("reason", "理由", "机构职能如何调整，或事实有何不同")] },
  write_off_delay: {
    isRare: true,
    icon: "check",
    submitText: "核销",
    fields: [
      choice("limit", "超期事项", ["sign_for", "签收"], ["first_response", "初步响应"], ["progress", "进度反馈"], ["handle", "办理"], ["send_back", "退回"], ["assist", "协办"]),
      choice("ground", "核销理由", ["late_extension", "溯及延期"], ["superior_system_fault", "上级系统故障"], ["force_majeure", "不可抗力"]),
      text("note", "说明", "情况和依据"),
    ],
  },
  recount_limits: { isRare: true, icon: "calendar", submitText: "重算时限", fields: [line("document", "放假通知", "通知的文号；只重算未到期的")] },
};

export const ACTS: readonly ActKind[] = (Object.entries(FORMS) as [ActType, Form][]).map(([type, form]) => ({ isRare: false, ...form, type }));

function decided(form: ActForm): boolean | null {
  return form.choice === "" ? null : form.choice === "yes";
}

/** One of the core's own names, which the form's choices are made of; null while none is chosen. */
const picked = <T extends string>(chosen: string): T | null => (chosen === "" ? null : (chosen as T));

/** What of a caller is put right: null where nothing was written, empty where it is to go. */
function corrected(written: string): string | null {
  const tidy = written.trim();
  if (tidy === "") {
    return null;
  }
  return tidy === "无" ? "" : tidy;
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
    case "correct_caller":
      return {
        type,
        phone: corrected(form.phone),
        contact_phone: corrected(form.contactPhone),
        name: corrected(form.callerName),
        address: corrected(form.address),
        reason,
      };
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
    case "order_rework":
    case "release_binding":
      return { type, assignment, reason };
    case "record_own_call_back":
      return { type, note: form.note.trim() };
    case "record_city_ruling":
      return { type, assignment, is_granted: decided(form), last_day: form.choice === "yes" ? form.lastDay : "", document: form.document.trim() };
    case "review_final_closure":
      return { type, assignment, is_accepted: decided(form), reason };
    case "review_screening":
      return { type, assignment, review: picked(form.review), reason };
    case "record_screening_ruling":
      return { type, assignment, is_removed: decided(form), document: form.document.trim() };
    case "begin_verification":
      return { type, asked: form.asked.trim(), question: form.question.trim() };
    case "record_verification":
      return { type, answered_by: form.answeredBy.trim(), finding: form.finding.trim() };
    case "request_coordination":
      return { type, reason, unit_ids: [...form.unitIds] };
    case "designate":
      return { type, unit_id: form.unitId, assisting_ids: [...form.unitIds], opinion: form.opinion.trim(), document: form.document.trim() };
    case "request_kind_change":
      return { type, kind: picked(form.kind), reason };
    case "rule_on_kind_change":
      return { type, is_approved: decided(form), reason };
    case "escalate_class":
      return { type, class: picked(form.class), reason, report: form.report.unitId === "" ? null : toReport(form.report) };
    case "merge_into":
    case "absorb_repeat":
    case "link_to":
      return { type, number: form.number.trim() };
    case "archive":
      return { type };
    case "write_off_delay":
      return { type, assignment, limit: picked(form.limit), ground: picked(form.ground), note: form.note.trim() };
    case "recount_limits":
      return { type, notice: form.document.trim() };
  }
}
