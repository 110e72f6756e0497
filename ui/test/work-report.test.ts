import axe from "axe-core";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { mode } from "../src/features/analysis/modes";
import { opened, typed } from "../src/features/work-report/opened";
import { allByTestId, byTestId, has, openWindow, press, settle, type, until } from "./window";

beforeAll(() => import("../src/features/analysis/Analysis.vue"));
beforeEach(() => {
  mode.value = "figures";
  opened.value = null;
  typed.clear();
});

async function openReports(prepare?: Parameters<typeof openWindow>[1]): Promise<Awaited<ReturnType<typeof openWindow>>> {
  const window = await openWindow({}, prepare);
  press("Ctrl+5");
  await until(() => expect(has("analysis-mode")).toBe(true));
  press("Alt+2");
  await until(() => expect(allByTestId("report-row")).toHaveLength(1));
  return window;
}

async function openReport(): Promise<Awaited<ReturnType<typeof openWindow>>> {
  const window = await openReports();
  press("j");
  await until(() => expect(has("report-paper")).toBe(true));
  await settle();
  return window;
}

const isPlain = async (): Promise<void> => {
  const { violations } = await axe.run(document.querySelector<HTMLElement>(".house") ?? document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
};

const paper = (): string => byTestId("report-paper").textContent ?? "";

describe("专报", () => {
  it("is drafted, written, finished and handed out with the keyboard", async () => {
    const { backend } = await openReports();
    press("n");
    await until(() => expect(has("report-form")).toBe(true));
    await isPlain();
    press("Ctrl+Enter");
    await until(() => expect(byTestId("report-stage").textContent).toBe("草稿"));
    expect(backend.callsOf("draft_work_report")).toEqual([{ type: "daily", day: "2026-09-29" }]);
    press("Escape");
    byTestId("report-finish").click();
    await settle();
    press("Ctrl+Enter", byTestId("report-note"));
    await until(() => expect(byTestId("refusal").textContent).toContain("还有“待撰写”的内容"));
    press("Escape");
    await settle();
    expect(has("report-note")).toBe(false);

    type(byTestId("report-body"), "## 总体情况\n共受理诉求 24 件。\n图：事项分类\n折线图：走势\n表：单位\n");
    await until(() => expect(paper()).toContain("县水务局16"));
    expect(allByTestId("report-chart")).toHaveLength(2);
    expect(has("report-pdf")).toBe(false);
    await isPlain();
    press("Ctrl+Enter", byTestId("report-body"));
    await until(() => expect(has("report-finish")).toBe(true));
    expect(typed.size).toBe(0);
    byTestId("report-finish").click();
    await settle();
    type(byTestId("report-note"), "18");
    press("Ctrl+Enter", byTestId("report-note"));
    await until(() => expect(byTestId("report-stage").textContent).toBe("已定稿"));
    expect(has("report-body")).toBe(false);
    byTestId("report-pdf").click();
    await until(() => expect(has("handed")).toBe(true));
    expect(backend.callsOf("export_work_report")).toEqual([{ id: "report-2", version: 3, output: "pdf", reported_to: "", copied_to: "" }]);
    await isPlain();
  });

  it("keeps what was typed while the person looks elsewhere", async () => {
    await openReport();
    type(byTestId("report-body"), "改了一半");
    await until(() => expect(paper()).toContain("改了一半"));
    press("Alt+1");
    await until(() => expect(has("report-body")).toBe(false));
    press("Alt+2");
    await until(() => expect(byTestId<HTMLTextAreaElement>("report-body").value).toBe("改了一半"));
    expect(byTestId("report-row").textContent).toContain("有未保存的修改");
    byTestId("report-forget").click();
    await until(() => expect(byTestId<HTMLTextAreaElement>("report-body").value).toContain("核对过"));
  });

  it("shows what a version changed and takes an older one up again", async () => {
    const { backend } = await openReport();
    byTestId("report-versions").click();
    await until(() => expect(document.querySelector("ins")?.textContent).toBe("核对过。"));
    await isPlain();
    allByTestId("report-version")[1]?.click();
    await until(() => expect(has("report-take-up")).toBe(true));
    byTestId("report-take-up").click();
    await until(() => expect(byTestId<HTMLTextAreaElement>("report-body").value).not.toContain("核对过"));
    expect(backend.callsOf("act_on_work_report")).toEqual([{ id: "report-1", version: 2, act: { type: "take_up", version: 1 } }]);
  });

  it("says that another version came in between", async () => {
    const { backend } = await openReport();
    type(byTestId("report-body"), "我的一版");
    await settle();
    backend.workReport.reports[0]?.versions.push({ title: "12345热线周报", body: "别人的一版", act: "修改" });
    press("Ctrl+Enter", byTestId("report-body"));
    await until(() => expect(byTestId("refusal").textContent).toContain("刚刚有变化"));
    backend.announce(["work_reports"]);
    await until(() => expect(byTestId("report-detail").textContent).toContain("在此期间已有第 3 版"));
    press("Ctrl+Enter", byTestId("report-body"));
    await until(() => expect(byTestId("report-detail").textContent).toContain("第 4 版"));
  });

  it("is drafted of a topic, which is chosen", async () => {
    const { backend } = await openReports();
    press("n");
    await until(() => expect(has("report-form")).toBe(true));
    byTestId("report-kind").querySelector<HTMLInputElement>('input[value="topic"]')?.click();
    await settle();
    byTestId("report-draft").click();
    await until(() => expect(byTestId("refusal").textContent).toBe("请选择专题的内容。"));
    byTestId("report-topic").querySelector<HTMLInputElement>('input[value="hot_issue"]')?.click();
    await until(() => expect(has("report-issue")).toBe(true));
    await isPlain();
    const issue = byTestId<HTMLSelectElement>("report-issue");
    issue.value = issue.options[1]?.value ?? "";
    issue.dispatchEvent(new Event("change", { bubbles: true }));
    byTestId("report-draft").click();
    await until(() => expect(has("report-detail")).toBe(true));
    expect(backend.callsOf("draft_work_report").at(-1)).toEqual({ type: "hot_issue", order_id: issue.value });
  });

  it("is read, not written, by whom it is not for", async () => {
    await openReports((backend) => {
      backend.workReport.mayWrite = false;
    });
    expect(has("report-new")).toBe(false);
    press("j");
    await until(() => expect(has("report-paper")).toBe(true));
    expect([has("report-body"), has("report-finish"), has("report-pdf")]).toEqual([false, false, true]);
  });
});
