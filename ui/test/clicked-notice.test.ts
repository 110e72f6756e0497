// 点开提醒: from a click on the desktop to the page it is about.
import { beforeAll, expect, it } from "vitest";
import type { NoticeTarget } from "../src/backend/generated";
import { hasHotIssues, hasWall, openConflict, openOrderId, openQueue, page } from "../src/app/navigation";
import { mode } from "../src/features/analysis/modes";
import { opened, showsClosed } from "../src/features/early-warning/opened";
import { byTestId, openWindow, press, settle, until, type Window } from "./window";

beforeAll(() => Promise.all([import("../src/features/analysis/Analysis.vue"), import("../src/features/work-order/WorkOrders.vue"), import("../src/features/conflict/Conflicts.vue")]));

async function click({ backend }: Window, target: NoticeTarget): Promise<void> {
  const before = backend.callsOf("follow_notice").length;
  backend.caller.clickNotice(target);
  await until(() => expect(backend.callsOf("follow_notice").length).toBeGreaterThan(before));
  await settle();
}

it("each kind opens what it is about, over whatever is open", async () => {
  const window = await openWindow();
  hasHotIssues.value = true;
  hasWall.value = true;
  await click(window, { type: "work_order", id: "order-1" });
  expect([page.value, openOrderId.value, hasHotIssues.value, hasWall.value]).toEqual(["work-orders", "order-1", false, false]);
  await until(() => expect(byTestId("order-detail").textContent).toContain("QX20260929-0999"));
  await click(window, { type: "early_warning", id: "w-1" });
  expect([page.value, mode.value, opened.value]).toEqual(["analysis", "warnings", { kind: "warning", id: "w-1" }]);
  showsClosed.value = true;
  await click(window, { type: "early_warning", id: null });
  expect([showsClosed.value, opened.value]).toEqual([false, null]);
  await click(window, { type: "queue", queue: "overdue" });
  expect([page.value, openQueue.value]).toEqual(["work-orders", "overdue"]);
  await click(window, { type: "conflict", seq: 41 });
  expect([page.value, openConflict.value]).toEqual(["conflicts", 41]);
  await click(window, { type: "export_requests" });
  expect(page.value).toBe("work-orders");
  openConflict.value = null;
});

it("is followed once: what a person opens afterwards stays", async () => {
  const window = await openWindow();
  await click(window, { type: "work_order", id: "order-1" });
  press("Ctrl+1");
  await settle();
  window.backend.announce(["*"]);
  await settle();
  expect(page.value).toBe("intake");
  // The same notice once more is another click.
  await click(window, { type: "work_order", id: "order-1" });
  expect(page.value).toBe("work-orders");
});

it("what is not for the person who sits here stays closed", async () => {
  const window = await openWindow({}, (backend) => void (backend.may = backend.may.filter((name) => name !== "analysis")));
  const before = page.value;
  await click(window, { type: "early_warning", id: "w-1" });
  expect(page.value).toBe(before);
});
