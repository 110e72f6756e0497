import axe from "axe-core";
import { beforeAll, describe, expect, it } from "vitest";
import { hasAmendments } from "../src/app/navigation";
import { allByTestId, byTestId, has, openWindow, press, settle, type, until } from "./window";

beforeAll(() => import("../src/features/dispatch-catalogue/Amendments.vue"));

describe("the dispatch catalogue", () => {
  it("what returns teach is put forward by one person and ruled on by another", async () => {
    const { backend } = await openWindow();
    hasAmendments.value = true;
    await until(() => expect(has("amendment-suggested")).toBe(true));
    expect(byTestId("amendments").textContent).toContain("县住房城乡建设局 → 县综合行政执法局");
    byTestId("amendment-propose").click();
    await until(() => expect(has("amendment-open")).toBe(true));
    expect(has("amendment-suggested")).toBe(false);
    byTestId("amendment-adopt").click();
    await until(() => expect(byTestId("refusal").textContent).toBe("须由提出人以外的人审核。"));

    Object.assign(backend.listening.amendments[0] ?? {}, { proposed_text: "王敏 1001，09-28 16:00" });
    byTestId("amendment-decline").click();
    await until(() => expect(byTestId("refusal").textContent).toBe("不采纳的，请填写理由。"));
    type(byTestId("amendment-reason"), "两件都属市政设施");
    byTestId("amendment-decline").click();
    await until(() => expect(allByTestId("amendment-open")).toHaveLength(0));
    expect(byTestId("amendments").textContent).toContain("未采纳");
    const { violations } = await axe.run(byTestId("amendments"), { rules: { "color-contrast": { enabled: false } } });
    expect(violations.map(({ id }) => id)).toEqual([]);
    press("Escape", byTestId("amendments"));
    await settle();
    expect(has("amendments")).toBe(false);
  });
});
