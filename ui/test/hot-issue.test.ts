import axe from "axe-core";
import { beforeAll, describe, expect, it } from "vitest";
import { openOrderId, page } from "../src/app/navigation";
import { allByTestId, byTestId, has, openWindow, press, settle, until } from "./window";

beforeAll(() => Promise.all([import("../src/features/hot-issue/HotIssues.vue"), import("../src/features/work-order/WorkOrders.vue")]));

describe("hot issues", () => {
  it("stand in the status line, and the panel leads from the rise to the orders behind it", async () => {
    await openWindow();
    await until(() => expect(byTestId("status-hot-issues").textContent).toBe("突增 1"));
    byTestId("status-hot-issues").click();
    await until(() => expect(has("hot-issues")).toBe(true));
    expect(document.activeElement).toBe(byTestId("hot-issues"));
    expect(byTestId("hot-issues").textContent).toContain("近 24 小时 6 件，此前日均 0.3 件");
    expect(byTestId("hot-issues").querySelector('[role="img"]')?.getAttribute("aria-label")).toContain("09-29 6 件");
    const { violations } = await axe.run(byTestId("hot-issues"), { rules: { "color-contrast": { enabled: false } } });
    expect(violations.map(({ id }) => id)).toEqual([]);
    byTestId("hot-issue").click();
    await settle();
    const orders = allByTestId("hot-issue-order");
    expect(orders.length).toBeGreaterThanOrEqual(3);
    orders[0]?.click();
    await settle();
    expect([page.value, openOrderId.value]).toEqual(["work-orders", "order-0"]);
    expect(has("hot-issues")).toBe(false);
  });

  it("Esc closes the panel, and nothing is notable where nothing rises", async () => {
    await openWindow({ nOrders: 2 });
    await until(() => expect(byTestId("status-hot-issues").textContent).toBe("热点 0"));
    byTestId("status-hot-issues").click();
    await until(() => expect(byTestId("hot-issues").textContent).toContain("近日没有突增"));
    press("Escape", byTestId("hot-issues"));
    await settle();
    expect(has("hot-issues")).toBe(false);
  });
});
