// Whoever has to answer: the queue, both sides of what was asked, the answer with what it comes to.
import axe from "axe-core";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { HandleOrder } from "../src/backend/generated";
import { ACTS, newActForm, toAct } from "../src/features/work-order/acts";
import { allByTestId, byTestId, has, openWindow, press, settle, type, until, type Window } from "./window";

beforeAll(() => import("../src/features/work-order/WorkOrders.vue"));

beforeEach(() => {
  // happy-dom lays nothing out; a virtual list needs a height to show rows in.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(700);
});

const handled = ({ backend }: Window): HandleOrder["act"][] => (backend.callsOf("handle_order") as HandleOrder[]).map(({ act }) => act);

async function openWaiting(): Promise<Window> {
  const opened = await openWindow();
  byTestId("rail-work-orders").click();
  await until(() => expect(has("queue-screening_review")).toBe(true));
  byTestId("queue-screening_review").click();
  await until(() => expect(allByTestId("order-row").length).toBe(1));
  expect(byTestId("row-waits").textContent).toContain("甄别待初审 2 小时前");
  allByTestId("order-row")[0]?.click();
  await until(() => expect(has("wait-screening_review")).toBe(true));
  return opened;
}

describe("what waits for somebody's word", () => {
  it("stands in a queue only while somebody waits", async () => {
    await openWaiting();
    expect(has("queue-extension_review")).toBe(false);
    expect(byTestId("queue-screening_review").textContent).toContain("1");
  });

  it("is shown with what was asked beside what it is weighed against, and since when", async () => {
    await openWaiting();
    const wait = byTestId("wait-screening_review");
    expect(wait.textContent).toContain("2 小时前；应在 09-30 24:00前答复");
    const sides = [...wait.querySelectorAll("dl")].map((side) => `${side.getAttribute("aria-label")} ${side.textContent}`);
    expect(sides[0]).toContain("申请");
    expect(sides[0]).toContain("现场照片.jpg");
    expect(sides[1]).toContain("对照");
    expect(wait.querySelectorAll(".doubtful").length).toBe(1);
    const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
  });

  it("is answered by keyboard, and what the answer comes to is shown before", async () => {
    const opened = await openWaiting();
    expect(allByTestId("act-review_screening").length).toBe(1);
    byTestId("act-review_screening").click();
    await settle();
    press("3", byTestId("strip-review"));
    type(byTestId("strip-reason"), "需水压记录");
    await until(() => expect(byTestId("strip-preview").textContent).toContain("补证 09-30 24:00"));
    press("Ctrl+Enter", byTestId("strip-reason"));
    await until(() => expect(handled(opened)).toEqual([{ type: "review_screening", assignment: 1, review: "ask_evidence", reason: "需水压记录" }]));
  });
});

describe("acts that are given now and then", () => {
  it("name the order they are about, and it is shown which one", async () => {
    const opened = await openWindow();
    byTestId("rail-work-orders").click();
    await until(() => expect(allByTestId("order-row").length).toBeGreaterThan(5));
    byTestId("queue-to_dispatch").click();
    await until(() => expect(allByTestId("order-row").length).toBeGreaterThan(0));
    allByTestId("order-row")[0]?.click();
    await until(() => expect(has("act-merge_into")).toBe(true));
    byTestId("act-merge_into").click();
    await settle();
    expect(document.activeElement).toBe(byTestId("strip-number"));
    type(byTestId("strip-number"), "QX20260929-0998");
    await until(() => expect(byTestId("strip-preview").textContent).toContain("QX20260929-0998 小区停水"));
    press("Ctrl+Enter", byTestId("strip-number"));
    await until(() => expect(handled(opened).at(-1)).toEqual({ type: "merge_into", number: "QX20260929-0998" }));
  });

  it("send what was chosen and nothing that was not", () => {
    const form = Object.assign(newActForm(), { assignment: "2", choice: "no", lastDay: "2026-11-30", document: "〔2026〕9号", unitIds: ["a", "b"], unitId: "c", opinion: " 请主办 " });
    expect(toAct("record_city_ruling", form)).toEqual({ type: "record_city_ruling", assignment: 2, is_granted: false, last_day: "", document: "〔2026〕9号" });
    expect(toAct("record_city_ruling", Object.assign(form, { choice: "yes" }))).toMatchObject({ is_granted: true, last_day: "2026-11-30" });
    expect(toAct("designate", form)).toEqual({ type: "designate", unit_id: "c", assisting_ids: ["a", "b"], opinion: "请主办", document: "〔2026〕9号" });
    expect(toAct("write_off_delay", form)).toMatchObject({ limit: null, ground: null });
    expect(toAct("escalate_class", form)).toMatchObject({ class: null, report: null });
  });

  it("put right what was written, keep what was not, and take out what is to go", () => {
    const form = Object.assign(newActForm(), { callerName: " 李女士 ", contactPhone: "无", reason: "来电更正" });
    expect(toAct("correct_caller", form)).toEqual({ type: "correct_caller", phone: null, contact_phone: "", name: "李女士", address: null, reason: "来电更正" });
  });

  it("all have a form, and each field a place in it", () => {
    const form = newActForm();
    for (const { fields } of ACTS) for (const field of fields) if ("name" in field) expect(form).toHaveProperty(field.name);
    expect(new Set(ACTS.map(({ type: name }) => name)).size).toBe(ACTS.length);
  });
});
