import { beforeEach, describe, expect, it } from "vitest";
import type { Intake } from "../src/backend/generated";
import { choicesOf, choose, fill, follow, NOTHING_SUGGESTED, type Choices, type Suggested } from "../src/features/intake/choices";
import { newIntake } from "../src/features/intake/intake";
import { markSpans, plainText, quoted } from "../src/shared/segments";

const QUJIANG: Suggested = { ...NOTHING_SUGGESTED, township: "qujiang", village: "qingfeng", detail: "三栋" };
const SANHUI: Suggested = { ...NOTHING_SUGGESTED, township: "sanhui", village: "huidong", detail: "" };

let body: Intake;
let choices: Choices;
beforeEach(() => {
  body = newIntake();
  choices = choicesOf(body);
});
const hear = (suggested: Partial<Suggested>): void => fill(body, choices, { ...NOTHING_SUGGESTED, ...suggested }, null);

describe("a field that nobody touched", () => {
  it("follows the text, and is blank again when the text says nothing of it", () => {
    hear({ kind: "help", category: "c-stop", wants: "尽快来水", happened: "昨晚", about: "水厂" });
    expect([body.kind, body.category_id, body.wants, body.happened, body.about]).toEqual(["help", "c-stop", "尽快来水", "昨晚", "水厂"]);
    hear({ kind: "complaint", category: "c-press" });
    expect([body.kind, body.category_id, body.wants]).toEqual(["complaint", "c-press", ""]);
    hear({});
    expect(body).toEqual(newIntake());
  });

  it("is left alone while the focus is in it", () => {
    hear({ wants: "尽快来水" });
    fill(body, choices, { ...NOTHING_SUGGESTED, wants: "尽快来水并说明原因" }, "wants");
    expect(body.wants).toBe("尽快来水");
    hear({ wants: "尽快来水并说明原因" });
    expect(body.wants).toBe("尽快来水并说明原因");
  });
});

describe("what a person said", () => {
  it("stays, whatever the text says afterwards", () => {
    hear({ category: "c-stop" });
    choose(body, choices, "category", "c-fee");
    hear({ category: "c-stop", kind: "complaint" });
    expect([body.category_id, body.kind]).toEqual(["c-fee", "complaint"]);
  });

  it("stays taken away", () => {
    hear({ wants: "尽快来水" });
    choose(body, choices, "wants", "");
    hear({ wants: "尽快来水" });
    expect(body.wants).toBe("");
  });

  it("holds also where it agrees with the text: the text may change its mind", () => {
    hear({ category: "c-stop" });
    choose(body, choices, "category", "c-stop");
    hear({ category: "c-fee" });
    expect(body.category_id).toBe("c-stop");
  });

  it("can be given back to the text", () => {
    choose(body, choices, "category", "c-fee");
    follow(body, choices, "category", { ...NOTHING_SUGGESTED, category: "c-stop" });
    expect(body.category_id).toBe("c-stop");
    hear({ category: "c-press" });
    expect(body.category_id).toBe("c-press");
  });
});

describe("township and village", () => {
  it("come together", () => {
    hear(QUJIANG);
    expect(body.place).toEqual({ township_code: "qujiang", village_code: "qingfeng", detail: "三栋" });
    hear(SANHUI);
    expect(body.place).toEqual({ township_code: "sanhui", village_code: "huidong", detail: "" });
  });

  it("another township takes its village along, and only its own villages come in", () => {
    hear(QUJIANG);
    choose(body, choices, "township", "sanhui");
    expect(body.place.village_code).toBe("");
    hear(QUJIANG);
    expect(body.place).toEqual({ township_code: "sanhui", village_code: "", detail: "三栋" });
    hear(SANHUI);
    expect(body.place.village_code).toBe("huidong");
  });

  it("the same township chosen again leaves a chosen village", () => {
    choose(body, choices, "township", "qujiang");
    choose(body, choices, "village", "liujiang");
    choose(body, choices, "township", "qujiang");
    hear(QUJIANG);
    expect(body.place.village_code).toBe("liujiang");
  });
});

it("what a kept draft holds counts as chosen", () => {
  const kept = { ...newIntake(), kind: "complaint" as const, category_id: "c-fee" };
  const { own } = choicesOf(kept);
  fill(kept, choicesOf(kept), { ...NOTHING_SUGGESTED, kind: "help", category: "c-stop", wants: "退费" }, null);
  expect([kept.kind, kept.category_id, kept.wants]).toEqual(["complaint", "c-fee", "退费"]);
  expect(own.wants).toBe(false);
});

describe("marks in a text", () => {
  const text = "𠮷祥小区三栋停水";
  const said = (spans: { start: number; end: number }[]): string[] =>
    markSpans(text, spans)
      .filter(({ is_hit }) => is_hit)
      .map((segment) => segment.text);

  it("are cut in UTF-16 units, in order, and overlap once", () => {
    expect(said([{ start: 7, end: 9 }, { start: 0, end: 5 }])).toEqual(["𠮷祥小区", "停水"]);
    expect(said([{ start: 3, end: 7 }, { start: 5, end: 9 }])).toEqual(["小区三栋", "停水"]);
  });

  it("lose nothing of the text, also where a span lies outside of it", () => {
    for (const spans of [[], [{ start: 40, end: 50 }], [{ start: 5, end: 99 }], [{ start: 4, end: 2 }]]) expect(plainText(markSpans(text, spans))).toBe(text);
    expect(markSpans("", [{ start: 0, end: 2 }])).toEqual([{ text: "", is_hit: false }]);
  });

  it("are quoted each once", () => {
    expect(quoted("停水了停水", [{ start: 0, end: 2 }, { start: 3, end: 5 }])).toBe("“停水”");
  });
});
