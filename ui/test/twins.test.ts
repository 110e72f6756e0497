// 口径核对 and what is copied, as people at the keyboard meet them.
import axe from "axe-core";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { writings } from "../src/features/knowledge/kb-forms";
import { refusal, type FakeBackend } from "./fake-backend";
import { FEE, pair, twin } from "./fake-twins";
import { allByTestId, byTestId, has, openWindow, press, settle, type, until } from "./window";

beforeAll(async () => {
  await import("../src/features/knowledge/Knowledge.vue");
});
beforeEach(() => writings.clear());

async function expectNoViolations(): Promise<void> {
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}

function clipboard(): string[] {
  const copied: string[] = [];
  const writeText = (text: string): Promise<void> => Promise.resolve(void copied.push(text));
  vi.spyOn(navigator, "clipboard", "get").mockReturnValue({ writeText } as Clipboard);
  return copied;
}

describe("copying out of an answer", () => {
  async function openAnswer(): Promise<void> {
    await openWindow();
    type(byTestId("intake-text"), "停水了怎么办");
    await until(() => expect(allByTestId("part").length).toBe(9));
  }

  it("a click copies a part with its source", async () => {
    const copied = clipboard();
    await openAnswer();
    expect(byTestId("part").textContent).toContain("0818-7222222");
    byTestId("part").click();
    await until(() => expect(byTestId("copied").textContent).toBe("已复制 0818-7222222"));
    expect(copied).toEqual(["抢修电话：0818-7222222〔供水企业·第1版〕"]);
    byTestId("parts-more").click();
    await until(() => expect(allByTestId("part").length).toBe(11));
    await expectNoViolations();
  });

  it("Alt+C and a digit copy, 0 copies all of it, and Esc goes back to what was being written", async () => {
    const copied = clipboard();
    await openAnswer();
    byTestId("intake-text").focus();
    press("Alt+c");
    expect(document.activeElement).toBe(byTestId("part"));
    press("2");
    press("ArrowRight");
    expect(document.activeElement).toBe(allByTestId("part")[1]);
    press("0");
    await until(() => expect(copied).toHaveLength(2));
    expect(copied[0]).toBe("计划停水：提前 24 小时〔供水企业·第1版〕");
    expect(copied[1]).toContain("停水分计划停水和突发停水");
    expect(copied[1]).toMatch(/\n〔示例·渠县供水企业·小区停水怎么办、什么时候恢复供水·第1版·有效至2026年12月31日〕$/);
    press("Escape");
    expect(document.activeElement).toBe(byTestId("intake-text"));
  });

  it("says so when nothing could be copied", async () => {
    vi.spyOn(navigator, "clipboard", "get").mockReturnValue(undefined as unknown as Clipboard);
    document.execCommand = () => false;
    await openAnswer();
    byTestId("copy-whole").click();
    await until(() => expect(byTestId("copied").textContent).toContain("没能复制"));
  });
});

async function openEditing(prepare: (backend: FakeBackend) => void): ReturnType<typeof openWindow> {
  const window = await openWindow({}, prepare);
  press("Ctrl+3");
  await until(() => expect(has("knowledge-search")).toBe(true));
  byTestId("knowledge-mode").querySelector<HTMLInputElement>('input[value="editing"]')!.click();
  await until(() => expect(has("kb-new-standard_answer")).toBe(true));
  return window;
}

describe("while an article is written", () => {
  async function write(): Promise<void> {
    byTestId("kb-new-standard_answer").click();
    await until(() => expect(has("kb-title")).toBe(true));
    type(byTestId("kb-title"), "社保卡挂失");
    type(byTestId("kb-answer"), "补办工本费20元，当场领取。");
    type(byTestId("kb-source"), "来函");
    await settle();
  }

  it("nothing is asked of an empty form, and nothing is shown where nothing is like it", async () => {
    const { backend } = await openEditing(() => undefined);
    byTestId("kb-new-standard_answer").click();
    await until(() => expect(has("kb-title")).toBe(true));
    expect(backend.callsOf("kb_twins")).toEqual([]);
    await write();
    await until(() => expect(backend.callsOf("kb_twins").length).toBe(1));
    expect(backend.callsOf("kb_twins")).toMatchObject([{ id: null, form: { title: "社保卡挂失", answer: "补办工本费20元，当场领取。" } }]);
    expect(has("twins")).toBe(false);
  });

  it("what is near is told quietly, and each opens side by side", async () => {
    await openEditing((backend) => (backend.twins.twins = [twin("kb-permit", "居住证怎么办理")]));
    await write();
    await until(() => expect(byTestId("twins-summary").textContent).toContain("与 1 条相近"));
    expect(has("twin")).toBe(false);
    byTestId("twins-summary").click();
    await until(() => expect(has("twin")).toBe(true));
    byTestId("twin").click();
    await until(() => expect(has("twin-compare")).toBe(true));
    expect(byTestId("twin-compare").textContent).toContain("补办工本费20元");
    expect(byTestId("twin-compare").textContent).toContain("受理之日起 15 日内发放");
    await expectNoViolations();
  });

  it("a contradiction stands open, and publishing wants a reason", async () => {
    const { backend } = await openEditing((it) => (it.twins.twins = [twin("kb-permit", "居住证怎么办理", [FEE])]));
    await write();
    await until(() => expect(byTestId("twins").textContent).toContain("费用 20元 / 10元"));
    byTestId("twin").click();
    await until(() => expect(byTestId("twin-compare").querySelectorAll("td mark")).toHaveLength(2));
    press("Ctrl+S");
    await until(() => expect(has("kb-act-submit")).toBe(true));
    for (const command of ["submit", "confirm"]) {
      await until(() => expect(byTestId(`kb-act-${command}`).getAttribute("aria-disabled")).toBe("false"));
      byTestId(`kb-act-${command}`).click();
      await settle();
    }
    type(byTestId("kb-input-name"), "陈静");
    type(byTestId("kb-input-evidence"), "来函");
    byTestId("kb-act-go").click();
    await until(() => expect(has("kb-act-publish")).toBe(true));
    byTestId("kb-act-publish").click();
    await until(() => expect(document.body.textContent).toContain("1 处口径不一致（见下）"));
    byTestId("kb-act-go").click();
    await until(() => expect(byTestId("refusal").textContent).toContain("写明仍要发布的理由"));
    type(byTestId("kb-input-reason"), "旧条目月底废止");
    await expectNoViolations();
    byTestId("kb-act-go").click();
    await until(() => expect(byTestId("kb-standing").textContent).toBe("使用中"));
    expect(backend.callsOf("act_on_kb_record").at(-1)).toMatchObject({ act: { type: "publish", reason: "旧条目月底废止" } });
    expect(byTestId("kb-record").textContent).toContain("理由：旧条目月底废止");
  });
});

describe("口径核对", () => {
  async function openReport(prepare: (backend: FakeBackend) => void = () => undefined): Promise<FakeBackend> {
    const { backend } = await openEditing((it) => {
      it.twins.pairs = [pair(["kb-permit", "居住证怎么办理"], ["kb-wage", "居住证申领"], [FEE]), pair(["kb-water-stop", "停水报修"], ["kb-water-fee", "停水找谁"])];
      prepare(it);
    });
    byTestId("kb-twins").click();
    await until(() => expect(has("twin-report")).toBe(true));
    return backend;
  }

  it("begins by itself, says how far it is, and can be stopped", async () => {
    const backend = await openReport();
    await until(() => expect(byTestId("twin-report-state").textContent).toBe("正在核对，已看 400 / 2070 条"));
    expect(backend.callsOf("run_twin_report")).toEqual([{ runs: true }]);
    await expectNoViolations();
    byTestId("twin-report-stop").click();
    await until(() => expect(byTestId("twin-report-state").textContent).toContain("只看了 400 / 2070 条"));
    backend.twins.state = "done";
    backend.announce(["twin_report"]);
    await until(() => expect(byTestId("twin-report-state").textContent).toContain("核对了 2070 条，2 对问的是同一件事，其中 1 对口径不一致"));
  });

  it("tells two matters apart with a reason", async () => {
    const backend = await openReport((it) => (it.twins.state = "done"));
    await until(() => expect(allByTestId("twin-pair")).toHaveLength(2));
    expect(backend.callsOf("run_twin_report")).toEqual([]);
    allByTestId("twin-pair")[0]!.click();
    await until(() => expect(has("twin-compare")).toBe(true));
    await expectNoViolations();
    byTestId("twin-apart").click();
    await settle();
    byTestId("twin-settle").click();
    await until(() => expect(byTestId("refusal").textContent).toBe("请填写理由。"));
    type(byTestId("twin-reason"), "一个首次办，一个补办");
    byTestId("twin-settle").click();
    await until(() => expect(allByTestId("twin-pair")).toHaveLength(1));
    expect(backend.callsOf("tell_apart").at(-1)).toEqual({ id: "kb-permit", other_id: "kb-wage", reason: "一个首次办，一个补办" });
  });

  it("puts one into the other with the record's version, and says why not", async () => {
    const backend = await openReport((it) => (it.twins.state = "done"));
    await until(() => expect(allByTestId("twin-pair")).toHaveLength(2));
    allByTestId("twin-pair")[0]!.click();
    await until(() => expect(has("twin-first_into_second")).toBe(true));
    byTestId("twin-first_into_second").click();
    await settle();
    type(byTestId("twin-reason"), "以新条目为准");
    backend.failures.set("act_on_kb_record", refusal("“并入另一条”须由知识审核操作。"));
    byTestId("twin-settle").click();
    await until(() => expect(byTestId("refusal").textContent).toBe("“并入另一条”须由知识审核操作。"));
    expect(has("twin-compare")).toBe(true);
    backend.failures.clear();
    byTestId("twin-settle").click();
    await until(() => expect(has("twin-compare")).toBe(false));
    expect(backend.callsOf("act_on_kb_record").at(-1)).toMatchObject({ id: "kb-permit", version: 0, act: { type: "merge_into", into: "kb-wage", reason: "以新条目为准" } });
  });
});
