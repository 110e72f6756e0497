import { flushPromises } from "@vue/test-utils";
import { beforeEach, describe, expect, it } from "vitest";
import { effectScope, ref, type EffectScope } from "vue";
import { announce, call, tagsMeet, useTransport } from "../src/backend/backend";
import { useQuery } from "../src/backend/query";
import { FakeBackend, refusal } from "./fake-backend";

let backend: FakeBackend;
beforeEach(() => {
  backend = new FakeBackend({ nOrders: 3 });
  useTransport(backend);
});

const n = (name: Parameters<FakeBackend["callsOf"]>[0]): number => backend.callsOf(name).length;
function inScope<T>(run: () => T): { scope: EffectScope; result: T } {
  const scope = effectScope();
  return { scope, result: scope.run(run) as T };
}

it("tags meet by name, and * names all but nothing that provides nothing", () => {
  expect(tagsMeet(["status"], ["status"])).toBe(true);
  expect(tagsMeet(["drafts"], ["status"])).toBe(false);
  expect(tagsMeet(["*"], ["status"])).toBe(true);
  expect(tagsMeet(["*"], [])).toBe(false);
});

describe("a query", () => {
  it("asks again when the core says that its tag changed, and only then", async () => {
    const { scope } = inScope(() => useQuery("status", null));
    await flushPromises();
    backend.announce(["drafts"]);
    await flushPromises();
    expect(n("status")).toBe(1);
    backend.announce(["status"]);
    backend.announce(["*"]);
    await flushPromises();
    expect(n("status")).toBe(3);
    scope.stop();
    announce(["status"]);
    await flushPromises();
    expect(n("status")).toBe(3);
  });

  it("asks again when the reply to a command names its tag", async () => {
    const { scope, result } = inScope(() => useQuery("queues", null));
    await flushPromises();
    const before = result.value.value?.find(({ queue }) => queue === "to_dispatch")?.n_orders ?? 0;
    await call("act_on_order", { work_order_id: "order-0", version: 1, outcome: { type: "dispatch", unit_id: "swj", opinion: "", form: "single", other_unit_ids: [], report: null } });
    await flushPromises();
    expect(n("queues")).toBe(2);
    expect(result.value.value?.find(({ queue }) => queue === "to_dispatch")?.n_orders).toBe(before - 1);
    scope.stop();
  });

  it("never shows the answer to an older question over a newer one", async () => {
    const id = ref("kb-water-stop");
    let open = (): void => undefined;
    backend.gates.set("knowledge_article", new Promise((done) => (open = done)));
    const { scope, result } = inScope(() => useQuery("knowledge_article", () => ({ id: id.value })));
    id.value = "kb-power";
    await flushPromises();
    open();
    await flushPromises();
    expect(result.value.value?.id).toBe("kb-power");
    scope.stop();
  });

  it("keeps what it knew when asking again fails, and says why", async () => {
    const { scope, result } = inScope(() => useQuery("status", null));
    await flushPromises();
    backend.failures.set("status", refusal("磁盘读取失败。", "fault"));
    backend.announce(["status"]);
    await flushPromises();
    expect(result.value.value?.operator.name).toBe("陈丽");
    expect(result.error.value?.message).toBe("磁盘读取失败。");
    scope.stop();
  });

  it("skips", async () => {
    const { scope, result } = inScope(() => useQuery("caller_history", "skip"));
    await flushPromises();
    expect(n("caller_history")).toBe(0);
    expect(result.value.value).toBeNull();
    scope.stop();
  });
});

it("a way that breaks becomes a fault with words for a person", async () => {
  backend.failures.set("status", new TypeError("Failed to fetch"));
  await expect(call("status", null)).rejects.toMatchObject({ code: "fault", message: expect.stringContaining("连接中断") });
});
