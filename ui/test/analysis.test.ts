import axe from "axe-core";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hasWall, openOrderId, page } from "../src/app/navigation";
import { days, forgetFilters } from "../src/features/analysis/ask";
import { depthOf, shortName, TILE_COLUMNS, tiledTownships, tileOf, TILE_ROWS } from "../src/shared/township-tiles";
import places from "../../crates/wording/reference/places.json";
import { allByTestId, byTestId, has, openWindow, press, settle, type, until } from "./window";

beforeAll(() => Promise.all([import("../src/features/analysis/Analysis.vue"), import("../src/features/wall/Wall.vue"), import("../src/features/work-order/WorkOrders.vue"), import("../src/features/sign-in/SignIn.vue")]));
beforeEach(() => {
  days.value = { type: "span", span: "month" };
  forgetFilters();
  hasWall.value = false;
});

const isPlain = async (element: HTMLElement): Promise<void> => {
  const { violations } = await axe.run(element, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
};

async function openAnalysis(options: Parameters<typeof openWindow>[0] = {}): Promise<Awaited<ReturnType<typeof openWindow>>> {
  const window = await openWindow(options);
  press("Ctrl+5");
  await until(() => expect(has("analysis-period")).toBe(true));
  await settle();
  return window;
}

const row = (text: string): HTMLElement => {
  const found = allByTestId("analysis-row").find((it) => it.textContent?.includes(text));
  if (!found) throw new Error(`No row says ${text}`);
  return found;
};

describe("分析", () => {
  it("can be read and reached by everybody", async () => {
    await openAnalysis();
    await isPlain(document.querySelector<HTMLElement>(".analysis") ?? document.body);
  });

  it("narrows by what is clicked, and lets go of it by the chip or Esc", async () => {
    const { backend } = await openAnalysis();
    expect(byTestId("tile-orders").textContent).toBe("受理24");
    const sanhui = allByTestId("map-tile").find((tile) => tile.textContent === "三汇8");
    sanhui?.click();
    await until(() => expect(byTestId("tile-orders").textContent).toBe("受理8"));
    row("求助").querySelector<HTMLButtonElement>(".name")?.click();
    await until(() => expect(allByTestId("analysis-chosen").map((it) => it.textContent)).toEqual(["三汇镇", "求助"]));
    expect(backend.callsOf("analysis").at(-1)).toEqual({ days: { type: "span", span: "month" }, filters: [{ dimension: "township", value: "511725104" }, { dimension: "kind", value: "help" }] });
    allByTestId("analysis-chosen")[1]?.click();
    await until(() => expect(allByTestId("analysis-chosen")).toHaveLength(1));
    press("Escape");
    await until(() => expect(has("analysis-chosen")).toBe(false));
  });

  it("opens the orders behind a number, page by page, and one of them", async () => {
    const { backend } = await openAnalysis();
    row("县水务局").querySelector<HTMLButtonElement>('[data-testid="analysis-number"]')?.click();
    await until(() => expect(allByTestId("figure-order")).toHaveLength(10));
    expect(byTestId("figure-orders").textContent).toContain("16 件");
    await isPlain(byTestId("figure-orders"));
    byTestId("figure-more").click();
    await until(() => expect(allByTestId("figure-order")).toHaveLength(16));
    expect(backend.callsOf("analysis_orders").at(-1)).toEqual({ ask: { days: { type: "span", span: "month" }, filters: [{ dimension: "unit", value: "unit-water-affairs" }] }, figure: "orders", after: "10" });
    allByTestId("figure-order")[2]?.click();
    await settle();
    expect([page.value, openOrderId.value]).toEqual(["work-orders", "order-2"]);
  });

  it("hands the orders behind a number out as a ledger, once it is said what for", async () => {
    const { backend } = await openAnalysis();
    row("县水务局").querySelector<HTMLButtonElement>('[data-testid="analysis-number"]')?.click();
    await until(() => expect(has("figure-xlsx")).toBe(true));
    byTestId("figure-csv").click();
    await until(() => expect(byTestId("figure-refusal").textContent).toContain("请写明用途"));
    type(byTestId("figure-purpose"), "行业主管部门核对");
    byTestId("figure-csv").click();
    await until(() => expect(has("handed")).toBe(true));
    await isPlain(byTestId("figure-orders"));
    expect(backend.callsOf("export_figure").at(-1)).toEqual({ ask: { days: { type: "span", span: "month" }, filters: [{ dimension: "unit", value: "unit-water-affairs" }] }, figure: "orders", output: "csv", purpose: "行业主管部门核对" });
  });

  it("looks at other days: by name, by date, by a column of the trend", async () => {
    const { backend } = await openAnalysis();
    byTestId("analysis-span").querySelector<HTMLInputElement>('input[value="year"]')?.click();
    await until(() => expect(backend.callsOf("analysis").at(-1)).toEqual({ days: { type: "span", span: "year" }, filters: [] }));
    type(byTestId("analysis-first"), "2026-08-01");
    type(byTestId("analysis-last"), "2026-08-31");
    byTestId("analysis-days").click();
    await until(() => expect(byTestId("analysis-period").textContent).toBe("2026-08-01至2026-08-31"));
    allByTestId("trend-step")[4]?.click();
    await until(() => expect(byTestId("analysis-period").textContent).toBe("2026-09-05至2026-09-05"));
  });

  it("says what was no question", async () => {
    const { backend } = await openAnalysis();
    backend.failures.set("analysis", { code: "invalid", message: "请填写起止日期。", request_id: "1" });
    type(byTestId("analysis-first"), "");
    byTestId("analysis-days").click();
    await until(() => expect(byTestId("refusal").textContent).toBe("请填写起止日期。"));
  });

  it("is not offered to whom it is not for", async () => {
    await openWindow({ may: ["submit", "drafts", "save_draft", "status", "reference", "app_state"] });
    expect(has("rail-analysis")).toBe(false);
    press("Ctrl+5");
    await settle();
    expect(page.value).toBe("intake");
  });
});

describe("大屏", () => {
  it("covers the window, asks nothing of anybody, and Esc leads back", async () => {
    await openAnalysis();
    byTestId("analysis-wall").click();
    await until(() => expect(allByTestId("wall-figure")).toHaveLength(6));
    expect(byTestId("wall").textContent).toContain("还剩 1 小时 12 分钟");
    await isPlain(byTestId("wall"));
    press("Ctrl+1");
    await settle();
    expect(page.value).toBe("analysis");
    press("Escape");
    await settle();
    expect(has("wall")).toBe(false);
  });

  it("stays while the desk is locked, in front of the lock", async () => {
    const { backend } = await openAnalysis({ isEnrolled: true });
    byTestId("analysis-wall").click();
    await until(() => expect(has("wall")).toBe(true));
    backend.phase = "screen_locked";
    backend.announce(["app"]);
    await settle();
    expect([has("wall"), has("sign-in-password")]).toEqual([true, false]);
    byTestId("wall-leave").click();
    await until(() => expect(has("sign-in-password")).toBe(true));
  });
});

describe("the tile map", () => {
  it("has a tile of its own for every township of the county", () => {
    const codes = places.townships.map(({ code }: { code: string }) => code);
    expect(tiledTownships().sort()).toEqual([...codes].sort());
    const tiles = codes.map((code) => tileOf(code));
    expect(new Set(tiles.map((tile) => `${tile?.column} ${tile?.row}`)).size).toBe(codes.length);
    for (const tile of tiles) expect([(tile?.column ?? 0) <= TILE_COLUMNS, (tile?.row ?? 0) <= TILE_ROWS]).toEqual([true, true]);
    expect(tileOf("510000000")).toBeNull();
  });

  it("shows nothing as nothing and the most as the deepest", () => {
    expect([depthOf(0, 40), depthOf(1, 40), depthOf(10, 40), depthOf(40, 40), depthOf(0, 0)]).toEqual([0, 1, 3, 5, 0]);
    expect([shortName("三汇镇"), shortName("渠江街道"), shortName("清溪场镇")]).toEqual(["三汇", "渠江", "清溪场"]);
  });
});
