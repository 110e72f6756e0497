// 知识编辑: every path of the review, as the editor, the unit's confirmation and the reviewer see it.
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { writings } from "../src/features/knowledge/kb-forms";
import { act, expectNoViolations, openEditing, stage, write } from "./kb-desk";
import { allByTestId, byTestId, has, press, settle, type, until } from "./window";

beforeAll(async () => {
  await import("../src/features/knowledge/Knowledge.vue");
});
beforeEach(() => writings.clear());

describe("编辑", () => {
  it("goes from the draft through the unit and the reviewer into use", async () => {
    const { backend } = await openEditing();
    await write("社保卡挂失");
    expect(byTestId("kb-preview").innerHTML).toContain("<strong>12333</strong>");
    expect(stage()).toContain("第 1 稿 编写中");
    await expectNoViolations();
    await act("submit");
    await until(() => expect(stage()).toContain("待单位确认"));
    // What waits for somebody else cannot be written in meanwhile, and says why.
    expect(byTestId("kb-title").closest("fieldset")?.disabled).toBe(true);
    await act("confirm", { name: "陈静", evidence: "来函" });
    await until(() => expect(stage()).toContain("待中心审核"));
    expect(backend.callsOf("act_on_kb_record").at(-1)).toMatchObject({ act: { type: "record_confirmation", name: "陈静", evidence: "来函" } });
    await act("publish");
    await until(() => expect(byTestId("kb-standing").textContent).toBe("使用中"));
    expect(has("kb-stage")).toBe(false);
    byTestId("kb-list-all").click();
    await until(() => expect(allByTestId("kb-row").map((row) => row.textContent)).toEqual([expect.stringContaining("社保卡挂失")]));
  });

  it("is handed back by the unit and by the reviewer with a reason", async () => {
    await openEditing();
    await write("社保卡挂失");
    await act("submit");
    await until(() => expect(has("kb-act-reject_by_unit")).toBe(true));
    byTestId("kb-act-reject_by_unit").click();
    await settle();
    byTestId("kb-act-go").click();
    await until(() => expect(byTestId("refusal").textContent).toContain("请填写理由"));
    type(byTestId("kb-input-reason"), "电话已换");
    press("Ctrl+Enter", byTestId("kb-input-reason"));
    await until(() => expect(stage()).toContain("编写中"));
    await act("submit");
    await act("confirm", { name: "陈静", evidence: "来电" });
    await act("reject_by_center", { reason: "缺地址" });
    await until(() => expect(document.body.textContent).toContain("退改：缺地址"));
    type(byTestId("kb-answer"), "到万兴广场窗口。");
    await settle();
    // What is not saved is not handed on.
    expect(byTestId("kb-act-submit").getAttribute("aria-disabled")).toBe("true");
    press("Ctrl+S");
    await until(() => expect(stage()).toContain("第 2 稿"));
  });

  it("says what is missing before anything is handed on", async () => {
    await openEditing();
    await write("社保卡挂失", "");
    await act("submit");
    await until(() => expect(byTestId("refusal").textContent).toContain("请填写来源"));
    expect(byTestId("kb-source").closest("label")?.className).toContain("missing");
  });

  it("keeps what the second editor wrote beside the draft", async () => {
    const { backend } = await openEditing();
    await write("社保卡挂失");
    const id = [...backend.knowledge.records.keys()][0]!;
    // Meanwhile another editor, at another desk.
    const record = backend.knowledge.records.get(id)!;
    type(byTestId("kb-answer"), "乙写的");
    await settle();
    backend.knowledge.act({ id, version: record.version, act: { type: "edit", form: { ...record.draft!.form, answer: "甲写的" }, base_revision: 1 } });
    press("Ctrl+S");
    await until(() => expect(byTestId("refusal").textContent).toContain("已把草稿改到第 2 稿"));
    expect((byTestId("kb-answer") as HTMLTextAreaElement).value).toBe("乙写的");
    backend.announce(["knowledge"]);
    await settle();
    press("Ctrl+S");
    await until(() => expect(has("kb-keep-beside")).toBe(true));
    byTestId("kb-keep-beside").click();
    await until(() => expect(backend.knowledge.records.get(id)!.proposals.map(({ form }) => form.answer)).toEqual(["乙写的"]));
    await until(() => expect((byTestId("kb-answer") as HTMLTextAreaElement).value).toBe("甲写的"));
    const [proposal] = backend.knowledge.records.get(id)!.proposals;
    byTestId(`kb-take-${proposal!.number}`).click();
    await until(() => expect(has("kb-merge-answer")).toBe(true));
    // Both wrote an answer: the editor says whose.
    expect(byTestId("kb-merge-answer").textContent).toContain("两边都改了");
    await expectNoViolations();
    byTestId("kb-merge-answer").querySelector<HTMLInputElement>('input[value="proposal"]')!.click();
    await settle();
    byTestId("kb-merge-go").click();
    await until(() => expect(stage()).toContain("第 3 稿"));
    expect(backend.callsOf("act_on_kb_record").at(-1)).toMatchObject({ act: { type: "merge_proposal", base_revision: 2, fields: ["answer"] } });
    await until(() => expect((byTestId("kb-answer") as HTMLTextAreaElement).value).toBe("乙写的"));
  });

  it("loses nothing when somebody looks at something else", async () => {
    await openEditing();
    await write("社保卡挂失");
    type(byTestId("kb-answer"), "还没写完");
    await settle();
    press("Ctrl+1");
    await settle();
    press("Ctrl+3");
    await until(() => expect((byTestId("kb-answer") as HTMLTextAreaElement).value).toBe("还没写完"));
    byTestId("kb-new-policy").click();
    await until(() => expect(has("kb-section-文号")).toBe(true));
    byTestId("kb-list-all").click();
    await until(() => expect(allByTestId("kb-row")).toHaveLength(1));
    allByTestId("kb-row")[0]!.click();
    await until(() => expect((byTestId("kb-answer") as HTMLTextAreaElement).value).toBe("还没写完"));
  });

  it("another person takes the desk over", async () => {
    const { backend } = await openEditing();
    byTestId("status-operator").click();
    await until(() => expect(has("change-name")).toBe(true));
    byTestId("change-submit").click();
    await until(() => expect(byTestId("refusal").textContent).toContain("请填写姓名"));
    type(byTestId("change-name"), "吴敏");
    type(byTestId("change-number"), "2003");
    byTestId("change-intake").click();
    await settle();
    byTestId("change-knowledge_review").click();
    await settle();
    byTestId("change-submit").click();
    await until(() => expect(has("change-operator")).toBe(false));
    expect(backend.callsOf("change_operator").at(-1)).toEqual({ operator_name: "吴敏", operator_number: "2003", duties: ["knowledge_review"] });
  });
});
