// 重新提交: carries what was written back into the form it came from.
import { ref } from "vue";
import { call } from "../../backend/backend";
import type { AgainField, CommandKind, DispatchForm } from "../../backend/generated";
import { DISPATCH_FORMS, type OutcomeForms } from "../outcome/outcome";
import type { ActForm } from "../work-order/acts";

export type Again = { seq: number; orderId: string; command: CommandKind; fields: readonly AgainField[] };

/** What the open order should be filled with. */
export const again = ref<Again | null>(null);

export const forgetAgain = (): void => {
  again.value = null;
};

/** 已重新提交: it need not be seen to any more. */
export async function settleAgain({ seq }: Again): Promise<void> {
  await call("settle_conflict", { seq, note: "已重新提交" });
}

const dispatchForm = (name: string): DispatchForm => DISPATCH_FORMS.find(({ id }) => id === name)?.id ?? "single";

/** Puts the fields where the forms have them; those that have no place stay in the list. */
export function fill({ command, fields }: Again, forms: OutcomeForms, act: ActForm): void {
  const text = (name: string): string => fields.find((field) => field.name === name)?.text ?? "";
  switch (command) {
    case "dispatch":
      Object.assign(forms.dispatch, { unitId: text("unit"), opinion: text("opinion"), isChosen: true, form: dispatchForm(text("form")), otherUnitIds: fields.filter(({ name }) => name === "others").map((other) => other.text) });
      return;
    case "answer_on_the_spot":
      Object.assign(forms.answer, { text: text("answer"), isEdited: true });
      return;
    case "refuse_out_of_scope":
      Object.assign(forms.refuse, { guidance: text("guidance"), legalBasis: text("legal_basis"), isEdited: true });
      return;
    case "transfer_to_emergency":
      Object.assign(forms.transfer, { note: text("note") });
      return;
    case "record_delivery":
      Object.assign(forms.delivery, { answeredBy: text("answered_by"), phone: text("phone") });
      return;
    default:
      Object.assign(act, {
        reason: text("reason"),
        method: text("method") || act.method,
        text: text("text"),
        phone: text("phone"),
        note: text("note"),
        basis: text("basis"),
        suggestion: text("suggestion"),
        statement: text("supervisor_statement"),
        choice: text("is_accepted") || text("is_forwarded") || text("is_reached") || text("is_approved") || text("is_removed"),
        asked: text("asked"),
        question: text("question"),
        answeredBy: text("answered_by"),
        finding: text("finding"),
        opinion: text("opinion"),
        document: text("document") || text("notice"),
        number: text("number"),
        unitId: text("unit"),
        kind: text("kind"),
        class: text("class"),
        review: text("review"),
        limit: text("limit"),
        ground: text("write_off"),
      });
  }
}
