// 说法与同义词, as an editor at the keyboard meets them.
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { writings } from "../src/features/knowledge/kb-forms";
import { refusal, type FakeBackend } from "./fake-backend";
import { group, saying } from "./fake-words";
import { expectNoViolations, openEditing } from "./kb-desk";
import { allByTestId, byTestId, has, settle, type, until } from "./window";

beforeAll(async () => {
  await import("../src/features/knowledge/Knowledge.vue");
});
beforeEach(() => writings.clear());

async function openWords(prepare: (backend: FakeBackend) => void = () => undefined): Promise<FakeBackend> {
  const { backend } = await openEditing(prepare);
  byTestId("kb-words").click();
  await until(() => expect(has("words-group")).toBe(true));
  return backend;
}

const shown = (): string[] => allByTestId("words-group").map((row) => row.querySelector(".said")?.textContent ?? "");

/** A key in a line; a line hears it before the window does. */
function pressIn(testId: string, key: string, more: KeyboardEventInit = {}): void {
  byTestId(testId).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
}

describe("groups of words", () => {
  it("are found by any of their words, and a new one is added with Enter", async () => {
    const backend = await openWords();
    expect(shown()).toEqual(["户口 · 户籍", "丢了 · 遗失 · 挂失"]);
    await expectNoViolations();
    type(byTestId("words-search"), "遗");
    await until(() => expect(shown()).toEqual(["丢了 · 遗失 · 挂失"]));
    type(byTestId("words-search"), "没有的");
    await until(() => expect(byTestId("words-none").textContent).toContain("没有的"));
    type(byTestId("words-add"), "娃儿 小孩");
    pressIn("words-add", "Enter");
    await until(() => expect(byTestId("words-message").textContent).toBe("已增加，下一次检索起生效。"));
    // The search is let go of, so that what was added is seen; the next can be typed at once.
    await until(() => expect(shown()[0]).toBe("娃儿 · 小孩"));
    expect(byTestId<HTMLInputElement>("words-add").value).toBe("");
    expect(document.activeElement).toBe(byTestId("words-add"));
    expect(backend.callsOf("act_on_kb_words")).toEqual([{ act: { type: "add_group", words: "娃儿 小孩" } }]);
  });

  it("an Enter of the input method adds nothing", async () => {
    const backend = await openWords();
    type(byTestId("words-add"), "娃儿 小孩");
    pressIn("words-add", "Enter", { isComposing: true });
    await settle();
    expect(backend.callsOf("act_on_kb_words")).toEqual([]);
  });

  it("a refusal stands beside the line and the text stays", async () => {
    await openWords();
    type(byTestId("words-add"), "娃儿");
    byTestId("words-add-go").click();
    await until(() => expect(byTestId("refusal").textContent).toContain("一组至少 2 个词"));
    expect(byTestId<HTMLInputElement>("words-add").value).toBe("娃儿");
    await expectNoViolations();
  });

  it("one is changed in its place, set aside and taken up again", async () => {
    const backend = await openWords((it) => (it.words.groups = [group("户口 户籍")]));
    byTestId("words-begin-change").click();
    await until(() => expect(document.activeElement).toBe(byTestId("words-change")));
    expect(byTestId<HTMLInputElement>("words-change").value).toBe("户口 户籍");
    await expectNoViolations();
    pressIn("words-change", "Escape");
    await until(() => expect(has("words-change")).toBe(false));
    byTestId("words-begin-change").click();
    await until(() => expect(has("words-change")).toBe(true));
    type(byTestId("words-change"), "户口 户籍 户头");
    pressIn("words-change", "Enter");
    await until(() => expect(shown()).toEqual(["户口 · 户籍 · 户头"]));
    expect(backend.callsOf("act_on_kb_words")).toEqual([{ act: { type: "change_group", id: "户口 户籍", n_changes: 0, words: "户口 户籍 户头" } }]);
    byTestId("words-aside").click();
    await until(() => expect(byTestId("words-group").textContent).toContain("已停用"));
    await expectNoViolations();
    byTestId("words-restore").click();
    await until(() => expect(byTestId("words-group").textContent).not.toContain("已停用"));
  });
});

describe("what people typed", () => {
  it("is taken in, and who is no editor is told so", async () => {
    const backend = await openWords((it) => (it.words.sayings = [saying("屋头没得水")]));
    expect(byTestId("saying").textContent).toContain("用过 2 次");
    await expectNoViolations();
    backend.failures.set("act_on_kb_words", refusal("学到的说法须由知识编辑采纳。"));
    byTestId("saying-approve").click();
    await until(() => expect(byTestId("refusal").textContent).toBe("学到的说法须由知识编辑采纳。"));
    backend.failures.clear();
    byTestId("saying-approve").click();
    await until(() => expect(has("sayings-empty")).toBe(true));
    expect(byTestId("words-message").textContent).toContain("下次修改《小区停水怎么办》时可加为群众的说法");
    byTestId("sayings-decided").click();
    await until(() => expect(byTestId("saying-done").textContent).toContain("已采纳"));
    await expectNoViolations();
  });

  it("is set aside with a reason and can be thought over", async () => {
    const backend = await openWords((it) => (it.words.sayings = [saying("阿巴阿巴"), saying("屋头没得水")]));
    allByTestId("saying-aside")[0]!.click();
    await until(() => expect(document.activeElement).toBe(byTestId("saying-reason")));
    pressIn("saying-reason", "Enter");
    await until(() => expect(byTestId("refusal").textContent).toBe("请填写理由。"));
    type(byTestId("saying-reason"), "误输");
    await expectNoViolations();
    pressIn("saying-reason", "Enter");
    await until(() => expect(allByTestId("saying")).toHaveLength(1));
    expect(backend.callsOf("act_on_kb_words").at(-1)).toEqual({ act: { type: "set_saying_aside", article_id: "kb-water-stop", text: "阿巴阿巴", reason: "误输" } });
    byTestId("sayings-decided").click();
    await until(() => expect(byTestId("saying-done").textContent).toContain("不采纳：误输"));
    byTestId("saying-reopen").click();
    await until(() => expect(allByTestId("saying")).toHaveLength(2));
  });

  it("leads to its article", async () => {
    await openWords((it) => (it.words.sayings = [saying("屋头没得水")]));
    byTestId("saying").querySelector<HTMLElement>(".link")!.click();
    await until(() => expect(has("kb-record")).toBe(true));
    expect(has("words")).toBe(false);
  });
});
