// The life of an article after it is published, and what is said of it: every path, as people see it.
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { KbRecordDetail } from "../src/backend/generated";
import { writings } from "../src/features/knowledge/kb-forms";
import { act, expectNoViolations, openEditing, publish, stage, standing, write } from "./kb-desk";
import { allByTestId, byTestId, has, press, settle, type, until, type Window } from "./window";

beforeAll(async () => {
  await import("../src/features/knowledge/Knowledge.vue");
});
beforeEach(() => writings.clear());

const recordOf = ({ backend }: Window): KbRecordDetail => [...backend.knowledge.records.values()][0]!;

/** A call-taker at another desk reports an error. */
function report(window: Window, passage = "12333"): void {
  const { id, version } = recordOf(window);
  window.backend.knowledge.act({ id, version, act: { type: "report_error", kind: "dead_phone", read_version: 1, passage, note: "空号" } });
  window.backend.announce(["knowledge"]);
}

/** An act that names another article: looked for by its words, told apart by unit and validity. */
async function actOnTwo(command: string, words: string, title: string, reason: string): Promise<void> {
  await act(command, {});
  const box = byTestId("kb-input-other");
  await until(() => expect(document.activeElement).toBe(box));
  type(box, words);
  const option = (): Element | undefined => [...document.querySelectorAll(".strip [role=option]")].find((it) => it.querySelector(".text")?.textContent === title);
  await until(() => expect(option()?.querySelector(".note")?.textContent).toMatch(/^县.*局 · 有效至 2026-12-31$/));
  await expectNoViolations();
  press("Enter", box);
  await settle();
  expect((box as HTMLInputElement).value).toBe(title);
  type(byTestId("kb-input-reason"), reason);
  byTestId("kb-act-go").click();
  await settle();
}

describe("after it is published", () => {
  it("is taken out of use at once and put back", async () => {
    await openEditing();
    await publish("社保卡挂失");
    await act("suspend", { reason: "电话有误" });
    await until(() => expect(standing()).toBe("停用待核"));
    expect(byTestId("kb-record").textContent).toContain("停用待核：电话有误");
    await act("resume", { reason: "已核对" });
    await until(() => expect(standing()).toBe("使用中"));
  });

  it("is withdrawn, and asks why", async () => {
    const window = await openEditing();
    await publish("社保卡挂失");
    byTestId("kb-act-withdraw").click();
    await settle();
    byTestId("kb-act-go").click();
    await until(() => expect(byTestId("refusal").textContent).toContain("请填写理由"));
    type(byTestId("kb-input-reason"), "政策终止");
    press("Ctrl+Enter", byTestId("kb-input-reason"));
    await until(() => expect(standing()).toBe("已废止"));
    byTestId("kb-list-retired").click();
    await until(() => expect(allByTestId("kb-row")).toHaveLength(1));
    expect(recordOf(window).holding_text).toBe("已废止：政策终止");
  });

  it("gives its place to another article", async () => {
    const window = await openEditing();
    await publish("社保卡挂失");
    await actOnTwo("supersede", "居住证", "居住证怎么办理", "已有新办法");
    await until(() => expect(standing()).toBe("已被替代"));
    expect(window.backend.callsOf("act_on_kb_record").at(-1)).toMatchObject({ act: { type: "supersede", by: "kb-permit", reason: "已有新办法" } });
  });

  it("is merged into another article: one question, one answer", async () => {
    const window = await openEditing();
    await publish("社保卡挂失");
    await actOnTwo("merge_into", "拖欠工资", "被拖欠工资怎么投诉", "同一件事");
    await until(() => expect(standing()).toBe("已并入他条"));
    expect(window.backend.callsOf("act_on_kb_record").at(-1)).toMatchObject({ act: { type: "merge_into", into: "kb-wage" } });
  });

  it("is checked by the unit and found right", async () => {
    const window = await openEditing();
    await publish("社保卡挂失");
    await act("recheck", { name: "陈静", evidence: "电话 7300000", nextReviewOn: "2027-06-01" });
    await until(() => expect(byTestId("kb-record").textContent).toContain("下次复核日 2027-06-01"));
    expect(window.backend.callsOf("act_on_kb_record").at(-1)).toMatchObject({ act: { type: "record_recheck", next_review_on: "2027-06-01" } });
  });

  it("gets a next version beside the one in force, set against it, and drops it again", async () => {
    await openEditing();
    await publish("社保卡挂失");
    expect(has("kb-compare-toggle")).toBe(false);
    type(byTestId("kb-answer"), "先打 12345 挂失。");
    await settle();
    press("Ctrl+S");
    await until(() => expect(stage()).toContain("编写中"));
    byTestId("kb-compare-toggle").click();
    await until(() => expect(allByTestId("kb-compare-field")).toHaveLength(1));
    const [field] = allByTestId("kb-compare-field");
    expect(field?.querySelector("del")?.textContent).toBe("先打**12333**挂失。");
    expect(field?.querySelector("ins")?.textContent).toBe("先打 12345 挂失。");
    await expectNoViolations();
    await act("discard_draft", { reason: "写错了" });
    await until(() => expect(has("kb-stage")).toBe(false));
    expect(standing()).toBe("使用中");
    expect((byTestId("kb-answer") as HTMLTextAreaElement).value).toBe("先打**12333**挂失。");
  });

  it("shows any two of its versions side by side", async () => {
    await openEditing();
    await publish("社保卡挂失");
    type(byTestId("kb-answer"), "新的答案。");
    await settle();
    press("Ctrl+S");
    await act("submit");
    await act("confirm", { name: "陈静", evidence: "来函" });
    await act("publish");
    await until(() => expect(has("kb-stage")).toBe(false));
    byTestId("kb-compare-toggle").click();
    await until(() => expect(allByTestId("kb-compare-field")).toHaveLength(1));
    const [before, after] = [byTestId<HTMLSelectElement>("kb-compare-before"), byTestId<HTMLSelectElement>("kb-compare-after")];
    expect([before.value, after.value]).toEqual(["v1", "v2"]);
    before.value = "v2";
    before.dispatchEvent(new Event("change"));
    await until(() => expect(byTestId("kb-compare").textContent).toContain("请选两份不同的文本"));
  });
});

describe("error reports", () => {
  it("are taken up, corrected, and told so", async () => {
    const window = await openEditing();
    await publish("社保卡挂失");
    report(window);
    await until(() => expect(has("kb-accept-1")).toBe(true));
    byTestId("kb-list-reports").click();
    await until(() => expect(allByTestId("kb-row")).toHaveLength(1));
    byTestId("kb-accept-1").click();
    await until(() => expect(byTestId("kb-report").textContent).toContain("已受理，修改中"));
    type(byTestId("kb-answer"), "先打 12345 挂失。");
    await settle();
    press("Ctrl+S");
    await act("submit");
    await act("confirm", { name: "陈静", evidence: "来函" });
    await act("publish");
    await until(() => expect(has("kb-reports-settled")).toBe(true));
    expect(has("kb-report")).toBe(false);
    byTestId("kb-reports-settled").click();
    await until(() => expect(byTestId("kb-report").textContent).toContain("第 2 版已更正"));
  });

  it("are answered with a reason when they are not taken up", async () => {
    const window = await openEditing();
    await publish("社保卡挂失");
    report(window);
    await until(() => expect(has("kb-reject-1")).toBe(true));
    byTestId("kb-reject-1").click();
    await settle();
    byTestId("kb-reject-go").click();
    await until(() => expect(byTestId("refusal").textContent).toContain("请填写理由"));
    byTestId("kb-reject-1").click();
    await settle();
    type(byTestId("kb-reject-reason"), "号码是对的");
    byTestId("kb-reject-go").click();
    await until(() => expect(has("kb-reports-settled")).toBe(true));
    byTestId("kb-reports-settled").click();
    await until(() => expect(byTestId("kb-report").textContent).toContain("不采纳：号码是对的"));
  });

  it("that are taken up can be made a task of the unit", async () => {
    const window = await openEditing();
    await publish("社保卡挂失");
    report(window);
    await until(() => expect(has("kb-accept-1")).toBe(true));
    byTestId("kb-accept-1").click();
    await until(() => expect(has("kb-report-task-1")).toBe(true));
    byTestId("kb-report-task-1").click();
    await until(() => expect(has("task-form")).toBe(true));
    expect((byTestId("task-subject") as HTMLInputElement).value).toBe("社保卡挂失");
    expect((byTestId("task-note") as HTMLTextAreaElement).value).toBe("电话打不通：12333：空号");
    expect(byTestId("task-kind").querySelector<HTMLInputElement>("input:checked")?.value).toBe("correct");
  });
});

describe("what a second editor wrote", () => {
  /** The draft of a published article, and a proposal beside it. */
  async function propose(): Promise<Window> {
    const window = await openEditing();
    await publish("社保卡挂失");
    type(byTestId("kb-title"), "社保卡挂失与补办");
    await settle();
    press("Ctrl+S");
    await until(() => expect(stage()).toContain("第 1 稿"));
    const record = recordOf(window);
    const form = { ...record.versions[0]!.form, answer: "乙写的", source: "新来函" };
    window.backend.knowledge.act({ id: record.id, version: record.version, act: { type: "propose_beside", form, base_version: 1 } });
    window.backend.announce(["knowledge"]);
    await until(() => expect(has("kb-proposal")).toBe(true));
    return window;
  }

  it("is put together with the draft field by field, with what only one side changed chosen already", async () => {
    const window = await propose();
    byTestId("kb-proposal").querySelector<HTMLElement>("[data-testid^='kb-take-']")!.click();
    await until(() => expect(has("kb-merge-answer")).toBe(true));
    expect(byTestId("kb-merge-answer").querySelector<HTMLInputElement>("input:checked")?.value).toBe("proposal");
    expect(byTestId("kb-merge-title").querySelector<HTMLInputElement>("input:checked")?.value).toBe("draft");
    byTestId("kb-merge-source").querySelector<HTMLInputElement>('input[value="draft"]')!.click();
    await settle();
    expect(byTestId("kb-merge-go").textContent).toContain("取修改稿 1 项");
    press("Ctrl+Enter", byTestId("kb-merge"));
    await until(() => expect(recordOf(window).proposals).toHaveLength(0));
    expect(recordOf(window).draft?.form).toMatchObject({ title: "社保卡挂失与补办", answer: "乙写的", source: "县人社局来函" });
    await until(() => expect((byTestId("kb-answer") as HTMLTextAreaElement).value).toBe("乙写的"));
  });

  it("is closed with Esc and nothing is decided", async () => {
    const window = await propose();
    byTestId("kb-proposal").querySelector<HTMLElement>("[data-testid^='kb-take-']")!.click();
    await until(() => expect(has("kb-merge-answer")).toBe(true));
    press("Escape", document.body);
    await until(() => expect(has("kb-merge")).toBe(false));
    expect(recordOf(window).proposals).toHaveLength(1);
  });

  it("is dropped with a reason", async () => {
    const window = await propose();
    byTestId("kb-proposal").querySelector<HTMLElement>("[data-testid^='kb-drop-']")!.click();
    await settle();
    type(byTestId("kb-drop-reason"), "与来函不符");
    byTestId("kb-drop-go").click();
    await until(() => expect(has("kb-proposal")).toBe(false));
    expect(window.backend.callsOf("act_on_kb_record").at(-1)).toMatchObject({ act: { type: "drop_proposal", reason: "与来函不符" } });
  });
});

describe("what people ask besides", () => {
  it("is offered as one more way of asking", async () => {
    const window = await openEditing();
    await write("社保卡挂失");
    recordOf(window).further_questions = ["社保卡掉了咋办"];
    window.backend.announce(["knowledge"]);
    await until(() => expect(has("kb-further")).toBe(true));
    byTestId("kb-add-question").click();
    await settle();
    expect((byTestId("kb-questions") as HTMLTextAreaElement).value).toBe("社保卡掉了咋办");
    expect(has("kb-further")).toBe(false);
    press("Ctrl+S");
    await until(() => expect(recordOf(window).draft?.form.questions).toEqual(["社保卡掉了咋办"]));
  });
});
