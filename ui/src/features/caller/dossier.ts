// 异常来电档案: what each act about a number asks for. Whether it is allowed, and to whom, the core says.
import { reactive } from "vue";
import type { AbuseKind, DossierAct } from "../../backend/generated";
import type { Choice } from "../../shared/choice";

export type DossierActType = DossierAct["type"];
/** 建档 and 留证 are one wish of whoever answers: the call is laid by. */
export type DossierStep = Exclude<DossierActType, "open" | "add_evidence"> | "evidence";

export const STEPS: readonly Choice<DossierStep>[] = [
  { id: "evidence", text: "留证", note: "" },
  { id: "take_over", text: "值班长接管", note: "" },
  { id: "request_restriction", text: "申请限制", note: "" },
  { id: "rule_on_restriction", text: "审批限制", note: "" },
  { id: "refer", text: "移送", note: "" },
  { id: "close", text: "撤档", note: "" },
];

export const ABUSE_KINDS: readonly Choice<AbuseKind>[] = [
  { id: "reasonless_calls", text: "无理反复拨打", note: "" },
  { id: "holds_the_line", text: "长时间占线", note: "" },
  { id: "fabrication", text: "捏造诬告", note: "" },
  { id: "harassment", text: "骚扰辱骂威胁", note: "" },
];

export type DossierForm = {
  step: DossierStep;
  kinds: AbuseKind[];
  recording: string;
  note: string;
  reason: string;
  until: string;
  ruling: "yes" | "no" | null;
  document: string;
  authority: string;
};

export const newDossierForm = (): DossierForm => reactive({ step: "evidence", kinds: [], recording: "", note: "", reason: "", until: "", ruling: null, document: "", authority: "" });

/** @param isOpen whether there is a dossier that is not closed */
export function toDossierAct(form: DossierForm, isOpen: boolean, seconds: number): DossierAct | null {
  const reason = form.reason.trim();
  switch (form.step) {
    case "evidence": {
      const evidence = { duration_s: seconds, recording: form.recording.trim(), note: form.note.trim() };
      return isOpen ? { type: "add_evidence", evidence } : { type: "open", kinds: form.kinds, evidence };
    }
    case "take_over":
    case "close":
      return { type: form.step, reason };
    case "request_restriction":
      return { type: "request_restriction", until: form.until.trim(), reason };
    case "rule_on_restriction":
      return form.ruling === null ? null : { type: "rule_on_restriction", is_approved: form.ruling === "yes", reason };
    case "refer":
      return { type: "refer", document: form.document.trim(), authority: form.authority.trim() };
  }
}
