import { flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it } from "vitest";
import { effectScope, ref, type EffectScope } from "vue";
import { useTransport } from "../src/backend/backend";
import type { Queue, WorkOrderList } from "../src/backend/generated";
import { PAGE_ROWS, useOrderList, type OrderList } from "../src/features/work-order/order-list";
import { FakeBackend, refusal } from "./fake-backend";

const N_ORDERS = 250;
let backend: FakeBackend;
let scope: EffectScope;
let list: OrderList;
const queue = ref<Queue>("all");
const search = ref("");

beforeEach(async () => {
  queue.value = "all";
  search.value = "";
  backend = new FakeBackend({ nOrders: N_ORDERS });
  useTransport(backend);
  scope = effectScope();
  scope.run(() => {
    list = useOrderList(
      () => queue.value,
      () => search.value,
    );
  });
  await flushPromises();
});
afterEach(() => scope.stop());

const asked = (): WorkOrderList[] => backend.callsOf("work_orders") as WorkOrderList[];

it("reads page after page through the cursor until the end", async () => {
  expect(list.rows.value).toHaveLength(PAGE_ROWS);
  expect(list.total.value).toBe(N_ORDERS);
  await list.loadMore();
  await list.loadMore();
  await list.loadMore();
  expect(list.rows.value).toHaveLength(N_ORDERS);
  expect(asked().map(({ after }) => after)).toEqual([null, `order-${PAGE_ROWS - 1}`, `order-${2 * PAGE_ROWS - 1}`]);
  expect(new Set(list.rows.value.map(({ id }) => id)).size).toBe(N_ORDERS);
});

it("does not ask twice for the same page", async () => {
  await Promise.all([list.loadMore(), list.loadMore()]);
  expect(asked()).toHaveLength(2);
});

it("asks again for all that was loaded when orders changed", async () => {
  await list.loadMore();
  backend.announce(["work_orders"]);
  await flushPromises();
  expect(list.rows.value).toHaveLength(2 * PAGE_ROWS);
});

it("starts over for another queue and drops the late answer for the old one", async () => {
  let open = (): void => undefined;
  backend.gates.set("work_orders", new Promise((done) => (open = done)));
  queue.value = "overdue";
  await flushPromises();
  queue.value = "to_dispatch";
  await flushPromises();
  open();
  await flushPromises();
  expect(list.rows.value.every(({ stage }) => stage === "registered")).toBe(true);
});

it("says why when reading fails and keeps the rows", async () => {
  backend.failures.set("work_orders", refusal("读取失败。", "fault"));
  await list.loadMore();
  expect(list.error.value?.message).toBe("读取失败。");
  expect(list.rows.value).toHaveLength(PAGE_ROWS);
});
