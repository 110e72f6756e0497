import axe from "axe-core";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openOrderId, page } from "../src/app/navigation";
import { mode } from "../src/features/analysis/modes";
import { opened, showsClosed } from "../src/features/early-warning/opened";
import { allByTestId, byTestId, has, openWindow, press, settle, type, until } from "./window";

beforeAll(() => Promise.all([import("../src/features/analysis/Analysis.vue"), import("../src/features/work-order/WorkOrders.vue")]));
beforeEach(() => {
  mode.value = "figures";
  opened.value = null;
  showsClosed.value = false;
});

async function openWarnings(prepare?: Parameters<typeof openWindow>[1]): Promise<Awaited<ReturnType<typeof openWindow>>> {
  const window = await openWindow({}, prepare);
  press("Ctrl+5");
  await until(() => expect(has("analysis-mode")).toBe(true));
  press("Alt+3");
  await until(() => expect(allByTestId("warning-row")).toHaveLength(2));
  return window;
}

const isPlain = async (): Promise<void> => {
  const { violations } = await axe.run(document.querySelector<HTMLElement>(".house") ?? document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
};

describe("预警", () => {
  it("is counted on the rail, noted, passed on and closed with the keyboard", async () => {
    const { backend } = await openWarnings();
    expect(byTestId("rail-warnings").textContent).toContain("2");
    press("j");
    await until(() => expect(byTestId("warning-stage").textContent).toBe("待处置"));
    await isPlain();
    press("t");
    await until(() => expect(has("warning-to")).toBe(true));
    type(byTestId("warning-to"), "县人社局");
    press("Ctrl+Enter", byTestId("warning-to"));
    await until(() => expect(byTestId("warning-stage").textContent).toBe("已转交"));
    press("g", document.body);
    await until(() => expect(has("warning-text")).toBe(true));
    press("Ctrl+Enter", byTestId("warning-text"));
    await until(() => expect(byTestId("refusal").textContent).toBe("请填写关闭的理由。"));
    type(byTestId("warning-text"), "已到场调解");
    press("Ctrl+Enter", byTestId("warning-text"));
    await until(() => expect(allByTestId("warning-row")).toHaveLength(1));
    expect(byTestId("rail-warnings").textContent).toContain("1");
    expect(allByTestId("warning-step").map((it) => it.textContent)).toEqual(["已转交县人社局罗兰 2001 9月29日（周二）09:12", "已关闭：已到场调解罗兰 2001 9月29日（周二）09:12"]);
    expect(backend.callsOf("act_on_early_warning").at(-1)).toEqual({ id: "warning-1", version: 1, act: { type: "close", reason: "已到场调解" } });
    byTestId("warning-list").querySelector<HTMLInputElement>('input[value="closed"]')?.click();
    await until(() => expect(byTestId("warning-row").textContent).toContain("群体"));
  });

  it("opens the orders behind it", async () => {
    await openWarnings();
    press("j");
    await until(() => expect(allByTestId("warning-order")).toHaveLength(3));
    allByTestId("warning-order")[0]?.click();
    await settle();
    expect([page.value, openOrderId.value]).toEqual(["work-orders", "order-0"]);
  });

  it("goes by thresholds that are set, version by version", async () => {
    const { backend } = await openWarnings();
    byTestId("thresholds-open").click();
    await until(() => expect(has("thresholds")).toBe(true));
    await isPlain();
    type(byTestId("threshold-repeat"), "1");
    press("Ctrl+Enter", byTestId("threshold-repeat"));
    await until(() => expect(byTestId("refusal").textContent).toContain("2 到 1000"));
    type(byTestId("threshold-repeat"), "");
    press("Ctrl+Enter", byTestId("threshold-repeat"));
    await until(() => expect(backend.callsOf("set_early_warning_thresholds").at(-1)).toMatchObject({ form: { repeat_min: 0 } }));
    type(byTestId("threshold-repeat"), "4");
    type(byTestId("threshold-times"), "2.5");
    // What is typed stays as it is typed, until it is given.
    type(byTestId("threshold-words"), "记者\n\n 堵路\n记者\n");
    await settle();
    expect((byTestId("threshold-words") as HTMLTextAreaElement).value).toBe("记者\n\n 堵路\n记者\n");
    press("Ctrl+Enter", byTestId("threshold-words"));
    await until(() => expect(byTestId("thresholds").textContent).toContain("现在用的是第 1 版"));
    expect(backend.earlyWarning.form).toMatchObject({ repeat_min: 4, surge_z_hundredths: 250, words: ["记者", "堵路"] });
  });

  it("is read, not handled, by whom it is not for", async () => {
    await openWarnings((backend) => {
      backend.earlyWarning.mayAct = false;
    });
    press("j");
    await until(() => expect(has("warning-detail")).toBe(true));
    press("z");
    await settle();
    expect([has("warning-note"), has("warning-text")]).toEqual([false, false]);
    byTestId("thresholds-open").click();
    await until(() => expect(has("thresholds")).toBe(true));
    expect(has("thresholds-save")).toBe(false);
  });
});
