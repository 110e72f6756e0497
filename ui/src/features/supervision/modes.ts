// What is open on the page: the boards first; the cases and who is missing beside them.
import { ref } from "vue";
import type { Board, BoardPart, ClueView } from "../../backend/generated";

export type Mode = "boards" | "cases" | "liaisons" | "dossiers" | "assessment";

export const mode = ref<Mode>("boards");
export const openBoard = ref<Board>("limit");
export const openPart = ref<BoardPart>("all");
export const openCase = ref<string | null>(null);

/** A proposal as it is being written. */
export type ProposalForm = { ground: ClueView["ground"]; unitId: string; body: ClueView["body"]; facts: string; numbers: string };
export const proposal = ref<ProposalForm | null>(null);

export function begin(clue: ClueView | null): void {
  proposal.value = clue === null ? { ground: "other_admonition", unitId: "", body: "approval_bureau", facts: "", numbers: "" } : { ground: clue.ground, unitId: clue.unit_id, body: clue.body, facts: clue.facts, numbers: clue.numbers.join("\n") };
}
