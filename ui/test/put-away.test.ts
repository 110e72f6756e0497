// 移出本机: an order whose words are at the center alone says so, and one key has them back.
import axe from "axe-core";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { allByTestId, byTestId, has, openWindow, press, settle, until, type Window } from "./window";

const AWAY = "办结已久，谁反映的、说了什么已移出本机，中心有全文。";

beforeAll(() => import("../src/features/work-order/WorkOrders.vue"));

beforeEach(() => {
  // happy-dom lays nothing out; a virtual list needs a height to show rows in.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(700);
});

async function openAway(): Promise<Window> {
  const opened = await openWindow();
  byTestId("rail-work-orders").click();
  await until(() => expect(allByTestId("order-row").length).toBeGreaterThan(0));
  allByTestId("order-row")[0]?.click();
  await until(() => expect(has("order-detail")).toBe(true));
  const { id } = opened.backend.callsOf("work_order").at(-1) as { id: string };
  opened.backend.putAway.set(id, AWAY);
  opened.backend.announce(["work_orders"]);
  await until(() => expect(byTestId("put-away").textContent).toContain(AWAY));
  return opened;
}

describe("an order that was put away", () => {
  it("says where its words are, and one key has them back", async () => {
    const opened = await openAway();
    press("b", byTestId("order-detail"));
    await until(() => expect(has("put-away")).toBe(false));
    expect(opened.backend.callsOf("bring_back")).toHaveLength(1);
    await settle();
    expect(byTestId("order-detail").querySelector(".text")?.textContent).not.toBe("");
  });

  it("says beside the button why it does not come", async () => {
    const opened = await openAway();
    opened.backend.failures.set("bring_back", { code: "invalid", message: "现在连不上中心，联网后再调阅。", request_id: "" });
    byTestId("bring-back").click();
    await until(() => expect(byTestId("order-detail").textContent).toContain("现在连不上中心"));
    expect(has("put-away")).toBe(true);
    const found = await axe.run(byTestId("order-detail"));
    expect(found.violations).toEqual([]);
  });
});
