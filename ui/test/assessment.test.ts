import axe from "axe-core";
import { beforeAll, describe, expect, it } from "vitest";
import { openOrderId, page } from "../src/app/navigation";
import { opened } from "../src/features/assessment/opened";
import { allByTestId, byTestId, has, openWindow, press, settle, type, until } from "./window";

beforeAll(() => Promise.all([import("../src/features/supervision/Supervision.vue"), import("../src/features/work-order/WorkOrders.vue")]));

async function openAssessment(): Promise<Awaited<ReturnType<typeof openWindow>>> {
  opened.value = null;
  const window = await openWindow();
  press("Ctrl+4");
  await until(() => expect(has("supervision-mode")).toBe(true));
  press("Alt+5");
  await until(() => expect(allByTestId("scheme-row")).toHaveLength(1));
  return window;
}

async function openRound(): Promise<Awaited<ReturnType<typeof openWindow>>> {
  const window = await openAssessment();
  byTestId("scheme-row").click();
  await until(() => expect(has("round-open")).toBe(true));
  byTestId("round-open").click();
  await until(() => expect(has("round-detail")).toBe(true));
  return window;
}

async function click(id: string): Promise<void> {
  byTestId(id).click();
  await settle();
}

const isPlain = async (): Promise<void> => {
  const { violations } = await axe.run(document.querySelector<HTMLElement>(".supervision") ?? document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id }) => id)).toEqual([]);
};

describe("考核", () => {
  it("opens the orders behind every number, and from there an order", async () => {
    await openAssessment();
    byTestId("scheme-row").click();
    await until(() => expect(has("scheme-trial")).toBe(true));
    byTestId("scheme-trial").click();
    await until(() => expect(has("score-table")).toBe(true));
    expect(byTestId("trial").textContent).toContain("试算，不作考核结果");
    await click("score-unit-water-affairs-timely_signing");
    await until(() => expect(allByTestId("figure-item")).toHaveLength(1));
    expect(has("appeal-20261012-W01-0001#1")).toBe(false);
    await isPlain();
    byTestId("figure-item").querySelector<HTMLButtonElement>("button.link")?.click();
    await settle();
    expect([page.value, openOrderId.value]).toEqual(["work-orders", "order-0"]);
  });

  it("carries a month from the count over an appeal to the bulletin", async () => {
    const { backend } = await openRound();
    await click("round-act-count");
    await until(() => expect(byTestId("round-stage").textContent).toBe("待公示"));
    await click("round-act-publish");
    press("Ctrl+Enter", byTestId("round-text"));
    await until(() => expect(byTestId("refusal").textContent).toContain("申诉截止日期"));
    type(byTestId("round-text"), "2026-11-09");
    press("Ctrl+Enter", byTestId("round-text"));
    await until(() => expect(byTestId("round-stage").textContent).toBe("公示中"));
    await click("score-unit-water-affairs-timely_signing");
    await until(() => expect(has("appeal-20261012-W01-0001#1")).toBe(true));
    await click("appeal-20261012-W01-0001#1");
    type(byTestId("appeal-reason"), "平台故障");
    press("Ctrl+Enter", byTestId("appeal-reason"));
    await until(() => expect(allByTestId("appeal-row")).toHaveLength(1));
    await isPlain();
    await click("uphold-1");
    type(byTestId("round-text"), "日志证实");
    await click("round-go");
    await until(() => expect(byTestId("appeal-row").textContent).toContain("采纳，按达标计"));
    await click("round-recount");
    await until(() => expect(byTestId("recount").textContent).toContain("100.0%（20/20）"));
    expect(has("round-pdf")).toBe(false);
    await click("round-act-finalise");
    await until(() => expect(has("round-pdf")).toBe(true));
    type(byTestId("round-demands"), "逐件整改");
    await click("round-docx");
    await until(() => expect(has("handed")).toBe(true));
    expect(backend.assessment.exported).toEqual(["docx 逐件整改"]);
    expect(backend.assessment.given.map(({ type: it }) => it)).toEqual(["count", "publish", "appeal", "uphold", "finalise"]);
  });

  it("says what is missing while a scheme is written, and keeps it from the keyboard", async () => {
    const { backend } = await openAssessment();
    press("n");
    await until(() => expect(allByTestId("scheme-line")).toHaveLength(1));
    await click("line-add");
    type(byTestId("line-weight-1"), "20");
    await until(() => expect(byTestId("scheme-missing").textContent).toContain("分值合计应为 100 分"));
    await until(() => expect(byTestId("scheme-sum").textContent).toBe("100+20"));
    await isPlain();
    press("Ctrl+Enter", byTestId("line-weight-1"));
    await until(() => expect(backend.assessment.given).toHaveLength(1));
    expect(backend.assessment.given[0]?.type).toBe("draft");
  });

  it("shows a year month by month, and no average of its own; a number opens its month, and all of it is exported", async () => {
    const { backend } = await openAssessment();
    await click("year-open");
    await until(() => expect(byTestId("year-table").textContent).toContain("75.00"));
    expect(byTestId("year-table").textContent).toContain("不由各月平均得出");
    await click("year-export");
    await until(() => expect(backend.assessment.exported).toEqual(["year 2026"]));
    await isPlain();
    byTestId("year-table").querySelector<HTMLElement>("td button")?.click();
    await until(() => expect(backend.callsOf("assessment_round").at(-1)).toEqual({ number: "KH-1", period: "2026-10" }));
  });
});
