// What the tests of the knowledge base have in common: the way there, writing, and an act with its form.
import axe from "axe-core";
import { expect } from "vitest";
import type { KnowledgeMode } from "../src/features/knowledge/modes";
import { byTestId, has, openWindow, press, settle, type, until, type Window } from "./window";

export async function expectNoViolations(): Promise<void> {
  // Contrast needs a real engine; it is measured with the screenshots.
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}

export function show(mode: KnowledgeMode): void {
  byTestId("knowledge-mode").querySelector<HTMLInputElement>(`input[value="${mode}"]`)!.click();
}

export async function openKnowledge(mode: KnowledgeMode, prepare?: Parameters<typeof openWindow>[1]): Promise<Window> {
  const window = await openWindow({}, prepare);
  press("Ctrl+3");
  await until(() => expect(has("knowledge-search")).toBe(true));
  show(mode);
  await settle();
  return window;
}

export async function openEditing(prepare?: Parameters<typeof openWindow>[1]): Promise<Window> {
  const window = await openKnowledge("editing", prepare);
  await until(() => expect(has("kb-new-standard_answer")).toBe(true));
  return window;
}

export async function write(title: string, source = "县人社局来函"): Promise<void> {
  byTestId("kb-new-standard_answer").click();
  await until(() => expect(has("kb-title")).toBe(true));
  type(byTestId("kb-title"), title);
  type(byTestId("kb-answer"), "先打**12333**挂失。");
  type(byTestId("kb-source"), source);
  await settle();
  press("Ctrl+S");
  await until(() => expect(has("kb-stage")).toBe(true));
}

export async function act(command: string, inputs: Record<string, string> = {}): Promise<void> {
  await until(() => expect(byTestId(`kb-act-${command}`).getAttribute("aria-disabled")).toBe("false"));
  byTestId(`kb-act-${command}`).click();
  await settle();
  for (const [name, text] of Object.entries(inputs)) type(byTestId(`kb-input-${name}`), text);
  if (Object.keys(inputs).length > 0) byTestId("kb-act-go").click();
  await settle();
}

export const stage = (): string => byTestId("kb-stage").textContent ?? "";
export const standing = (): string => byTestId("kb-standing").textContent ?? "";

/** Written, confirmed and published. */
export async function publish(title: string): Promise<void> {
  await write(title);
  await act("submit");
  await act("confirm", { name: "陈静", evidence: "来函" });
  await act("publish");
  await until(() => expect(standing()).toBe("使用中"));
}
