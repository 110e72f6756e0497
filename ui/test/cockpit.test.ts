import { describe, expect, it } from "vitest";
import type { Submit } from "../src/backend/generated";
import { newIntake } from "../src/features/intake/intake";
import { refusal } from "./fake-backend";
import { allByTestId, byTestId, has, openWindow, press, settle, type, until, type Window } from "./window";

const SAID = "和平社区三栋从昨天下午开始停水，到现在还没来";

async function takeCall(prepare?: Parameters<typeof openWindow>[1]): Promise<Window> {
  const opened = await openWindow({}, prepare);
  type(byTestId("intake-text"), SAID);
  await until(() => expect(has("opened-answer")).toBe(true));
  return opened;
}

const submitted = ({ backend }: Window): Submit => backend.callsOf("submit").at(-1) as Submit;

describe("answers while typing", () => {
  it("open the best article with the matched words marked", async () => {
    await takeCall();
    expect(byTestId("opened-answer").textContent).toContain("停水分计划停水和突发停水");
    expect(byTestId("opened-answer").querySelector("mark")?.textContent).toBe("停水");
    expect(allByTestId("answer-hit").length).toBeGreaterThan(1);
  });

  it("Alt+2 opens the second and keeps it open while the text goes on", async () => {
    await takeCall();
    const second = allByTestId("answer-hit")[1]?.dataset["id"];
    expect(press("Alt+2").defaultPrevented).toBe(true);
    await until(() => expect(byTestId("opened-answer").dataset["id"]).toBe(second));
    type(byTestId("intake-text"), `${SAID}，家里有老人`);
    await until(() => expect(document.body.textContent).toContain("已固定此条"));
    expect(byTestId("opened-answer").dataset["id"]).toBe(second);
  });

  it("the knowledge box takes precedence, and Esc there gives the text back its place", async () => {
    const { backend } = await takeCall();
    press("F3");
    expect(document.activeElement).toBe(byTestId("knowledge-box"));
    type(byTestId("knowledge-box"), "居住证");
    await until(() => expect(byTestId("opened-answer").dataset["id"]).toBe("kb-permit"));
    press("Escape", byTestId("knowledge-box"));
    await until(() => expect(byTestId("opened-answer").dataset["id"]).toBe("kb-water-stop"));
    expect((backend.callsOf("search_knowledge").at(-1) as { text: string }).text).toBe(SAID);
  });

  it("do not ask with half a composition, and ask at once when it ends", async () => {
    const { backend } = await openWindow();
    const field = byTestId<HTMLTextAreaElement>("intake-text");
    field.dispatchEvent(new Event("compositionstart", { bubbles: true }));
    type(field, "ting shui");
    await settle();
    field.value = "停水";
    field.dispatchEvent(new Event("compositionend", { bubbles: true }));
    await settle();
    expect(backend.callsOf("search_knowledge")).toEqual([{ text: "停水", limit: 5 }]);
  });
});

describe("outcomes by keyboard", () => {
  it("F5 prefills the opened answer, Ctrl+Enter submits, and a fresh draft stands ready", async () => {
    const opened = await takeCall();
    expect(press("F5").defaultPrevented).toBe(true);
    await settle();
    const answer = byTestId<HTMLTextAreaElement>("strip-answer");
    expect(document.activeElement).toBe(answer);
    expect(answer.value).toContain("突发停水");
    press("Ctrl+Enter", answer);
    await until(() => expect(has("confirmation")).toBe(true));
    expect(submitted(opened).outcome).toMatchObject({ type: "answer_on_the_spot", article_id: "kb-water-stop" });
    expect(submitted(opened).intake.text).toBe(SAID);
    expect(byTestId("confirmation").textContent).toContain("QX20260929-1001");
    expect(has("strip")).toBe(false);
    expect(byTestId<HTMLTextAreaElement>("intake-text").value).toBe("");
    expect(document.activeElement).toBe(byTestId("intake-text"));
  });

  it("F5 holds the answer that stands open, and another that is chosen takes its place", async () => {
    const { backend } = await takeCall();
    press("F5");
    await settle();
    const before = byTestId<HTMLTextAreaElement>("strip-answer").value;
    type(byTestId("intake-text"), "我想问居住证怎么办");
    await until(() => expect(backend.callsOf("search_knowledge").at(-1)).toMatchObject({ text: "我想问居住证怎么办" }));
    await until(() => expect(allByTestId("answer-hit")[0]?.dataset["id"]).toBe("kb-permit"));
    expect(byTestId("opened-answer").dataset["id"]).toBe("kb-water-stop");
    expect(byTestId<HTMLTextAreaElement>("strip-answer").value).toBe(before);
    press("Alt+1");
    await until(() => expect(byTestId("opened-answer").dataset["id"]).toBe("kb-permit"));
    expect(byTestId<HTMLTextAreaElement>("strip-answer").value).not.toBe(before);
  });

  it("F4 prefills the category's lead unit and says on what ground", async () => {
    const opened = await takeCall();
    const category = byTestId<HTMLInputElement>("intake-category");
    type(category, "ts");
    press("Enter", category);
    press("F4");
    await settle();
    expect(byTestId<HTMLInputElement>("strip-unit").value).toBe("渠县供水企业");
    expect(byTestId("strip").textContent).toContain("派单目录");
    type(byTestId("strip-opinion"), "请核实并回复");
    press("Ctrl+Enter");
    await until(() => expect(has("confirmation")).toBe(true));
    expect(submitted(opened).outcome).toEqual({ type: "dispatch", unit_id: "gsqy", opinion: "请核实并回复", form: "single", other_unit_ids: [], report: null });
    expect(submitted(opened).intake.category_id).toBe("c-stop");
  });

  it("F4 on a special matter asks for the report to the township, which it knows from the place", async () => {
    const opened = await takeCall();
    document.querySelector<HTMLInputElement>('input[value="special"]')?.click();
    const township = byTestId<HTMLInputElement>("intake-township");
    type(township, "qjjd");
    press("Enter", township);
    press("F4");
    await settle();
    expect(byTestId<HTMLInputElement>("strip-report-unit").value).toBe("渠江街道");
    type(byTestId("strip-unit"), "xswj");
    press("Enter", byTestId("strip-unit"));
    press("Ctrl+Enter", byTestId("strip-unit"));
    await until(() => expect(byTestId("refusal").textContent).toBe("请填写接听人。"));
    type(byTestId("strip-report-answered-by"), "赵值守");
    press("Ctrl+Enter", byTestId("strip-report-answered-by"));
    await until(() => expect(has("confirmation")).toBe(true));
    expect(submitted(opened).outcome).toEqual({
      type: "dispatch",
      unit_id: "swj",
      opinion: "",
      form: "single",
      other_unit_ids: [],
      report: { unit_id: "town-511725001", answered_by: "赵值守", reported_time: "", method: "电话" },
    });
  });

  it("F4 on an ordinary matter asks for no report", async () => {
    await takeCall();
    press("F4");
    await settle();
    expect(has("strip-report")).toBe(false);
  });

  it("F7 takes the class by one digit and shows the script; a refusal stands beside the button", async () => {
    const opened = await takeCall();
    press("F7");
    await settle();
    press("1", document.activeElement as Element);
    await settle();
    expect(byTestId<HTMLTextAreaElement>("strip-guidance").value).toContain("法定程序");
    expect(byTestId("strip").textContent).toContain("12368");
    press("8", byTestId("out-of-scope-1"));
    await settle();
    press("Ctrl+Enter");
    await until(() => expect(byTestId("refusal").textContent).toBe("第八条（八）须写明具体法律依据。"));
    type(byTestId("strip-legal-basis"), "信访工作条例第十七条");
    press("Ctrl+Enter");
    await until(() => expect(has("confirmation")).toBe(true));
    expect(submitted(opened).outcome).toMatchObject({ class_id: "otherwise_excluded", legal_basis: "信访工作条例第十七条" });
  });

  it("F8 and Ctrl+S open theirs", async () => {
    const opened = await takeCall();
    press("F8");
    await settle();
    press("3", byTestId("strip").querySelector("input") as Element);
    await settle();
    press("Ctrl+Enter");
    await until(() => expect(has("confirmation")).toBe(true));
    expect(submitted(opened).outcome).toMatchObject({ type: "transfer_to_emergency", hotline: "120" });
    type(byTestId("intake-text"), "另一件");
    expect(press("Ctrl+s").defaultPrevented).toBe(true);
    await settle();
    press("Ctrl+Enter");
    await until(() => expect(submitted(opened).outcome).toEqual({ type: "register" }));
  });

  it("Esc closes the strip and loses nothing", async () => {
    await takeCall();
    press("F5");
    await settle();
    type(byTestId("strip-answer"), "我自己写的答复");
    press("Escape", byTestId("strip-answer"));
    await settle();
    expect(has("strip")).toBe(false);
    expect(byTestId<HTMLTextAreaElement>("intake-text").value).toBe(SAID);
    press("F5");
    await settle();
    expect(byTestId<HTMLTextAreaElement>("strip-answer").value).toBe("我自己写的答复");
  });

  it("keys of the input method neither submit nor close", async () => {
    const opened = await takeCall();
    press("F5");
    await settle();
    const answer = byTestId("strip-answer");
    answer.dispatchEvent(new Event("compositionstart", { bubbles: true }));
    press("Ctrl+Enter", answer);
    press("Escape", answer);
    await settle();
    expect(has("strip")).toBe(true);
    expect(opened.backend.callsOf("submit")).toHaveLength(0);
  });

  it("F5 and Ctrl+R never reload the page, wherever the focus is", async () => {
    await openWindow();
    byTestId("rail-about").click();
    await settle();
    for (const chord of ["F5", "Ctrl+r", "Ctrl+R"]) expect(press(chord, document.body).defaultPrevented).toBe(true);
  });

  it("F9 marks the matter as confidential", async () => {
    await takeCall();
    press("F9");
    await settle();
    expect(byTestId<HTMLInputElement>("intake-confidential").checked).toBe(true);
  });
});

describe("drafts", () => {
  it("come back after a power cut, and F2 opens another beside them", async () => {
    await openWindow({}, (backend) => backend.drafts.set("d1", { id: "d1", body: { ...newIntake(), text: "断电前打的字" }, created_at: 1, updated_at: 1, summary: "" }));
    expect(byTestId<HTMLTextAreaElement>("intake-text").value).toBe("断电前打的字");
    press("F2");
    await settle();
    expect(allByTestId("draft-tab")).toHaveLength(2);
    expect(byTestId<HTMLTextAreaElement>("intake-text").value).toBe("");
    type(byTestId("intake-text"), "第二件");
    press("Alt+ArrowLeft");
    await settle();
    expect(byTestId<HTMLTextAreaElement>("intake-text").value).toBe("断电前打的字");
  });

  it("that cannot be saved say so while the text still stands", async () => {
    await takeCall((backend) => backend.failures.set("save_draft", refusal("磁盘已满，未能写入。", "storage_full")));
    await until(() => expect(byTestId("save-banner").textContent).toContain("磁盘已满"));
    expect(byTestId<HTMLTextAreaElement>("intake-text").value).toBe(SAID);
  });
});

describe("who is calling", () => {
  it("shows the caller's last orders from seven digits on", async () => {
    const { backend } = await openWindow();
    type(byTestId("intake-phone"), "138081");
    await settle();
    expect(has("caller-history")).toBe(false);
    type(byTestId("intake-phone"), "138-0812-0001");
    await until(() => expect(has("caller-history")).toBe(true));
    expect(backend.callsOf("caller_card")).toEqual([{ phone: "13808120001" }]);
  });
});
