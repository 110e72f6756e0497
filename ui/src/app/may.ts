// 岗位权限: which calls the person at the desk may make, as the core says. What may not be done is not
// offered; the core refuses it in any case.
import { shallowRef } from "vue";
import type { Api, CommandKind } from "../backend/generated";
import type { Page } from "./navigation";

const permitted = shallowRef<ReadonlySet<string>>(new Set());
const given = shallowRef<ReadonlySet<CommandKind>>(new Set());

export function setPermitted(calls: readonly string[], commands: readonly CommandKind[]): void {
  permitted.value = new Set(calls);
  given.value = new Set(commands);
}

/** Whether the person gives that command on orders at all; whether one order takes it now, the order says. */
export const mayGive = (command: CommandKind): boolean => given.value.has(command);

export const may = (call: keyof Api): boolean => permitted.value.has(call);

/** What a page is there for; whoever may not do that has no use for the page. */
const PURPOSE: Record<Page, keyof Api> = {
  intake: "submit",
  "work-orders": "work_orders",
  knowledge: "kb_lists",
  supervision: "boards",
  analysis: "analysis",
  conflicts: "conflicts",
  "hand-over": "hand_over_form",
  audit: "audit_entries",
  about: "app_state",
};

export const mayOpen = (page: Page): boolean => may(PURPOSE[page]);

/** Where the day begins for whoever sits there. */
export function home(): Page {
  const pages: Page[] = ["intake", "work-orders", "supervision", "analysis", "audit", "knowledge"];
  return pages.find(mayOpen) ?? "about";
}
