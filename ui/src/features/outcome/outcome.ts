// The half-filled outcome of a call. Each kind keeps its own form, so that closing one strip and
// opening another loses nothing.
import { reactive } from "vue";
import type { DispatchForm, EmergencyLine, HeardScope, Outcome, OutOfScopeClass, TownshipReportInput } from "../../backend/generated";
import type { Choice } from "../../shared/choice";
import type { IconName } from "../../shared/Icon.vue";

export type StripType = Outcome["type"] | "record_delivery";

export type ReportForm = { unitId: string; answeredBy: string; time: string; method: string; isChosen: boolean };

export type OutcomeForms = {
  answer: { text: string; articleId: string | null; articleTitle: string; isEdited: boolean };
  /** `place`: the number of the sent-back assignment whose place the unit takes, where there are several. */
  dispatch: { unitId: string; opinion: string; isChosen: boolean; form: DispatchForm; otherUnitIds: string[]; place: string };
  report: ReportForm;
  refuse: { classId: OutOfScopeClass | null; guidance: string; legalBasis: string; isEdited: boolean; isChosen: boolean };
  transfer: { hotline: EmergencyLine | null; note: string; isChosen: boolean };
  delivery: { answeredBy: string; phone: string };
};

export const newDispatch = (): OutcomeForms["dispatch"] => ({ unitId: "", opinion: "", isChosen: false, form: "single", otherUnitIds: [], place: "" });

export function newForms(): OutcomeForms {
  return reactive({
    answer: { text: "", articleId: null, articleTitle: "", isEdited: false },
    dispatch: newDispatch(),
    report: { unitId: "", answeredBy: "", time: "", method: "电话", isChosen: false },
    refuse: { classId: null, guidance: "", legalBasis: "", isEdited: false, isChosen: false },
    transfer: { hotline: null, note: "", isChosen: false },
    delivery: { answeredBy: "", phone: "" },
  });
}

export const DISPATCH_FORMS: readonly Choice<DispatchForm>[] = [
  { id: "single", text: "单派", note: "一个单位承办" },
  { id: "countersigned", text: "会签", note: "几个单位各办各的，分别答复" },
  { id: "lead_and_assisting", text: "主协办", note: "主办单位牵头并答复，协办单位提意见" },
];

export type OutcomeKind = { type: StripType; text: string; chord: string; icon: IconName; testId: string; submitText: string };

export const OUTCOMES: readonly OutcomeKind[] = [
  { type: "answer_on_the_spot", text: "当场答复", chord: "F5", icon: "answer", testId: "outcome-answer", submitText: "答复并办结" },
  { type: "dispatch", text: "派单", chord: "F4", icon: "send", testId: "outcome-dispatch", submitText: "派单" },
  { type: "refuse_out_of_scope", text: "不予受理", chord: "F7", icon: "refuse", testId: "outcome-refuse", submitText: "告知并登记" },
  { type: "transfer_to_emergency", text: "转紧急", chord: "F8", icon: "siren", testId: "outcome-transfer", submitText: "已转接，登记" },
  { type: "register", text: "登记待派", chord: "Ctrl+S", icon: "save", testId: "outcome-register", submitText: "登记" },
];

export const DELIVERY: OutcomeKind = {
  type: "record_delivery",
  text: "记录电话送达",
  chord: "",
  icon: "phone",
  testId: "outcome-delivery",
  submitText: "记录送达",
};

export const kindOf = (type: StripType): OutcomeKind => OUTCOMES.find((outcome) => outcome.type === type) ?? DELIVERY;

export function toReport(report: ReportForm): TownshipReportInput {
  return { unit_id: report.unitId, answered_by: report.answeredBy.trim(), reported_time: report.time, method: report.method.trim() };
}

export function toOutcome(type: Outcome["type"], forms: OutcomeForms, context: StripContext): Outcome {
  switch (type) {
    case "register":
      return { type };
    case "answer_on_the_spot":
      return { type, answer: forms.answer.text.trim(), article_id: forms.answer.articleId };
    case "dispatch": {
      const { unitId, opinion, form, otherUnitIds, place } = forms.dispatch;
      // Who takes a place that was sent back takes it alone.
      const takesPlace = context.places.length > 0;
      return {
        type,
        unit_id: unitId,
        opinion: opinion.trim(),
        form: takesPlace ? "single" : form,
        other_unit_ids: takesPlace || form === "single" ? [] : otherUnitIds,
        ...(takesPlace && place !== "" ? { replaces: Number(place) } : {}),
        report: context.report === null ? null : toReport(forms.report),
      };
    }
    case "refuse_out_of_scope":
      return { type, class_id: forms.refuse.classId, guidance: forms.refuse.guidance.trim(), legal_basis: forms.refuse.legalBasis.trim() };
    case "transfer_to_emergency":
      return { type, hotline: forms.transfer.hotline, note: forms.transfer.note.trim() };
  }
}

/** What the strip starts from: the opened article and the chosen category. */
export type StripContext = {
  article: { id: string; title: string; answer: string; isExpired: boolean } | null;
  leadUnitId: string;
  /** Why this unit: 「分类目录：供水供气 › 停水」 */
  ground: string;
  /** Who has to do with it besides the lead, and as what: 协办, 属地, 行业主管. */
  besides: readonly { part: string; unitId: string; unit: string }[];
  /** 替代: what was sent back and waits for another unit, where the order has been with units before. */
  places: readonly { number: number; text: string }[];
  /** 属地报告 that a special matter still needs: to whom, and whether it may have been made earlier than now. */
  report: { townshipUnitId: string; asksTime: boolean } | null;
  /** Where an alert goes, while the text is heard. */
  hotline: EmergencyLine | null;
  /** 不予受理的线索 in the text, the first first. */
  scope: readonly HeardScope[];
};

/** Fills an answer that nobody has touched from the opened article. */
export function takeArticle(forms: OutcomeForms, article: StripContext["article"]): void {
  if (article === null) return;
  Object.assign(forms.answer, { text: article.answer, articleId: article.id, articleTitle: article.title, isEdited: false });
}

export function prefill(type: StripType, forms: OutcomeForms, context: StripContext): void {
  if (type === "answer_on_the_spot" && !forms.answer.isEdited) takeArticle(forms, context.article);
  if (type === "dispatch" && !forms.dispatch.isChosen) forms.dispatch.unitId = context.leadUnitId;
  if (type === "dispatch" && context.places.length === 1) forms.dispatch.place = String(context.places[0]?.number ?? "");
  if (type === "dispatch" && !forms.report.isChosen) forms.report.unitId = context.report?.townshipUnitId ?? "";
  if (type === "transfer_to_emergency" && !forms.transfer.isChosen) forms.transfer.hotline = context.hotline;
}
