import axe from "axe-core";
import { describe, expect, it } from "vitest";
import type { ActOnDossier, HandleOrder } from "../src/backend/generated";
import { go } from "../src/app/navigation";
import { allByTestId, byTestId, has, openWindow, press, settle, type, until } from "./window";

const text = (): HTMLTextAreaElement => byTestId<HTMLTextAreaElement>("intake-text");
const phone = (): string => byTestId<HTMLInputElement>("intake-phone").value;

async function expectNoViolations(): Promise<void> {
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}

describe("the telephone rings", () => {
  it("opens the draft at once where nothing is being written, with what is known of the number", async () => {
    const { backend } = await openWindow();
    backend.caller.ring("13808120001");
    await until(() => expect(phone()).toBe("13808120001"));
    await until(() => expect(byTestId("caller-flags").textContent).toContain("未办结"));
    expect(has("incoming-call")).toBe(false);
    expect(document.activeElement).toBe(text());
    expect(byTestId("call-timer").textContent).toContain("0:00");
    expect(allByTestId("draft-tab")).toHaveLength(1);
  });

  it("waits while somebody writes: announced, without the focus, until F2 takes it", async () => {
    const { backend } = await openWindow();
    type(text(), "停水了");
    backend.caller.ring("13900001111");
    await until(() => expect(has("incoming-call")).toBe(true));
    expect(byTestId("incoming-call").closest('[role="alert"]')).not.toBeNull();
    expect(document.activeElement).toBe(text());
    expect(text().value).toBe("停水了");
    await expectNoViolations();
    press("F2");
    await until(() => expect(phone()).toBe("13900001111"));
    expect(allByTestId("draft-tab")).toHaveLength(2);
    press("Alt+ArrowLeft");
    await settle();
    expect(text().value).toBe("停水了");
  });

  it("two at once are two drafts, the one that rang first first", async () => {
    const { backend } = await openWindow();
    type(text(), "停水了");
    backend.caller.ring("13900001111");
    backend.caller.ring("13900002222");
    await until(() => expect(allByTestId("incoming-call")).toHaveLength(2));
    press("F2");
    await until(() => expect(phone()).toBe("13900001111"));
    await until(() => expect(allByTestId("incoming-call")).toHaveLength(1));
    byTestId("answer-call").click();
    await until(() => expect(phone()).toBe("13900002222"));
    expect(allByTestId("draft-tab")).toHaveLength(3);
  });

  it("is taken from another page with F2", async () => {
    const { backend } = await openWindow();
    go("about");
    await settle();
    backend.caller.ring("13900001111");
    await until(() => expect(has("incoming-call")).toBe(true));
    press("F2");
    await until(() => expect(phone()).toBe("13900001111"));
    await until(() => expect(document.activeElement).toBe(text()));
  });
});

describe("what they called about before", () => {
  it("Alt+H leads there, and U urges one", async () => {
    const { backend } = await openWindow();
    type(byTestId("intake-phone"), "13808120001");
    await until(() => expect(has("caller-history")).toBe(true));
    press("Alt+h");
    expect(document.activeElement).toBe(allByTestId("caller-order")[0]);
    press("ArrowDown");
    press("u");
    await settle();
    press("Enter");
    await until(() => expect(has("confirmation")).toBe(true));
    expect((backend.callsOf("handle_order").at(-1) as HandleOrder).act).toMatchObject({ type: "urge", reason: "诉求人再次来电催问" });
  });
});

describe("an abusive caller", () => {
  it("F10 lays the call by: kinds by digits, the recording, and never a word of turning away", async () => {
    const { backend } = await openWindow();
    type(byTestId("intake-phone"), "13900001111");
    press("F10");
    await settle();
    expect(byTestId("strip").textContent).toContain("照常接听，有诉求照常登记");
    expect(document.activeElement).toBe(byTestId("dossier-recording"));
    press("4", byTestId("abuse-harassment"));
    await settle();
    expect(byTestId<HTMLInputElement>("abuse-harassment").checked).toBe(true);
    press("Ctrl+Enter");
    await until(() => expect(byTestId("refusal").textContent).toBe("请填写录音引用。"));
    type(byTestId("dossier-recording"), "录音 20260929-0912");
    type(byTestId("dossier-note"), "辱骂，已劝导");
    await expectNoViolations();
    press("Ctrl+Enter");
    await until(() => expect(byTestId("dossier-done").textContent).toBe("建档并留证已记录。"));
    expect((backend.callsOf("act_on_dossier").at(-1) as ActOnDossier).act).toMatchObject({ type: "open", kinds: ["harassment"], evidence: { recording: "录音 20260929-0912", note: "辱骂，已劝导" } });
    await until(() => expect(byTestId("caller-flags").textContent).toContain("异常来电，已留证 1 次"));
  });

  it("the shift lead takes the number over, and whoever answers is told", async () => {
    const { backend } = await openWindow();
    backend.caller.dossiers.set("13900001111", { version: 1, kinds: ["骚扰、侮辱、威胁热线工作人员"], evidence: [], is_taken_over: false, restriction_text: "", referred: "", is_closed: false, story: [{ at_text: "09-28 10:00", title: "建档", detail: "录音 1", actor: "王敏（1001）" }] });
    type(byTestId("intake-phone"), "13900001111");
    await until(() => expect(byTestId("caller-handling").textContent).toContain("请照常接听"));
    press("F10");
    await until(() => expect(has("dossier-step")).toBe(true));
    byTestId("dossier-step").querySelector<HTMLInputElement>('input[value="take_over"]')?.click();
    await settle();
    type(byTestId("dossier-reason"), "连续辱骂");
    press("Ctrl+Enter");
    await until(() => expect(byTestId("caller-handling").textContent).toContain("由值班长接听"));
    expect((backend.callsOf("act_on_dossier").at(-1) as ActOnDossier)).toEqual({ phone: "13900001111", version: 1, act: { type: "take_over", reason: "连续辱骂" } });
    press("Escape");
    await settle();
    expect(has("strip")).toBe(false);
  });
});
