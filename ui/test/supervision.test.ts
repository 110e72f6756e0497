import axe from "axe-core";
import { beforeAll, describe, expect, it } from "vitest";
import { openOrderId, page } from "../src/app/navigation";
import { allByTestId, byTestId, has, openWindow, press, settle, type, until } from "./window";

beforeAll(() => Promise.all([import("../src/features/supervision/Supervision.vue"), import("../src/features/work-order/WorkOrders.vue")]));

async function openBoards(prepare: Parameters<typeof openWindow>[1] = () => undefined): Promise<Awaited<ReturnType<typeof openWindow>>> {
  const window = await openWindow({}, prepare);
  press("Ctrl+4");
  await until(() => expect(has("supervision-mode")).toBe(true));
  await settle();
  return window;
}

async function show(mode: string): Promise<void> {
  byTestId("supervision-mode").querySelector<HTMLInputElement>(`input[value="${mode}"]`)?.click();
  await settle();
}

const isPlain = async (element: HTMLElement): Promise<void> => {
  const { violations } = await axe.run(element, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id }) => id)).toEqual([]);
};

describe("督办", () => {
  it("shows the boards first; a number opens its list, a row its order", async () => {
    await openBoards();
    await until(() => expect(allByTestId("board-row")).toHaveLength(2));
    byTestId("board-limit-late").click();
    await until(() => expect(allByTestId("board-row")).toHaveLength(1));
    expect(byTestId("board-row").textContent).toContain("已超 9 小时");
    await isPlain(document.querySelector<HTMLElement>(".supervision") ?? document.body);
    byTestId("board-row").querySelector<HTMLButtonElement>("button.title")?.click();
    await settle();
    expect([page.value, openOrderId.value]).toEqual(["work-orders", "order-0"]);
  });

  it("urges several at once, with a reason and from the keyboard", async () => {
    const { backend } = await openBoards();
    byTestId("board-limit").click();
    await until(() => expect(allByTestId("board-row")).toHaveLength(2));
    expect(has("urge-reason")).toBe(false);
    byTestId("board-mark-all").click();
    await settle();
    press("Ctrl+Enter", byTestId("urge-reason"));
    await until(() => expect(byTestId("refusal").textContent).toBe("请填写理由。"));
    type(byTestId("urge-reason"), "请抓紧办理");
    press("Ctrl+Enter", byTestId("urge-reason"));
    await until(() => expect(byTestId("board-message").textContent).toBe("已催办 2 件，等待单位回执。"));
    expect(backend.supervision.urged).toEqual(["order-0", "order-1"]);
    expect(has("urge-reason")).toBe(false);
  });

  it("makes a proposal of a clue, and another step of it each time", async () => {
    const { backend } = await openBoards();
    await show("cases");
    byTestId("clue").click();
    await settle();
    expect(byTestId<HTMLTextAreaElement>("proposal-facts").value).toBe("县水务局超期 1 件。");
    await isPlain(byTestId("proposal-form"));
    type(byTestId("proposal-evidence"), "");
    press("Ctrl+Enter", byTestId("proposal-evidence"));
    await until(() => expect(byTestId("refusal").textContent).toBe("请至少列出一项证据。"));
    type(byTestId("proposal-evidence"), "20260930-W01-0001、20260930-W01-0001\n舆情-7");
    press("Ctrl+Enter", byTestId("proposal-evidence"));
    await until(() => expect(has("case-detail")).toBe(true));
    expect(backend.supervision.cases.get("JD20260930-W01-0001")?.evidence.map(({ number }) => number)).toEqual(["20260930-W01-0001", "舆情-7"]);
    expect(byTestId("case-evidence").textContent).toContain("封存后有变化");
    byTestId("case-act-confirm").click();
    await until(() => expect(byTestId("case-stage").textContent).toBe("待发出"));
    byTestId("case-act-issue").click();
    await settle();
    press("Ctrl+Enter", byTestId("case-document"));
    await until(() => expect(byTestId("refusal").textContent).toBe("请填写文号。"));
    type(byTestId("case-document"), "约〔2026〕1号");
    press("Ctrl+Enter", byTestId("case-document"));
    await until(() => expect(byTestId("case-stage").textContent).toBe("待结果"));
    press("p");
    await until(() => expect(byTestId("case-detail").textContent).toContain("约谈建议单已生成，共 1 页。"));
    byTestId("case-word").click();
    await until(() => expect(byTestId("case-detail").textContent).toContain("约谈建议单 JD20260930-W01-0001.docx"));
    await isPlain(byTestId("case-detail"));
  });

  it("says who may look, where the person may not, and which units lack a liaison", async () => {
    await openBoards((backend) => void (backend.supervision.barred = "须由监督员查看。"));
    expect(document.body.textContent).toContain("须由监督员查看。");
    await show("liaisons");
    await until(() => expect(byTestId("liaison-gap").textContent).toContain("无联络员"));
  });
});
