import { describe, expect, it } from "vitest";
import { find, type Findable } from "../src/shared/match";
import { hitWords, markWords } from "../src/shared/segments";

const option = (text: string, pinyin: string, initials: string, note = ""): Findable => ({ id: text, text, note, pinyin, initials });
const UNITS = [
  option("县水务局", "xianshuiwuju", "xswj", "县级部门"),
  option("县审计局", "xianshenjiju", "xsjj", "县级部门"),
  option("渠县供水企业", "quxiangongshuiqiye", "qxgsqy", "公共服务企业"),
  option("三汇镇", "sanhuizhen", "shz", "乡镇街道"),
];
const names = (query: string): string[] => find(UNITS, query, 10).map(({ text }) => text);

describe("find", () => {
  it.each([
    ["水务", ["县水务局"]],
    ["xswj", ["县水务局"]],
    ["ＳＨＺ", ["三汇镇"]],
    ["shuiwu", ["县水务局"]],
    ["swj", ["县水务局"]],
    ["xs", ["县水务局", "县审计局"]],
    ["水", ["县水务局", "渠县供水企业"]],
    ["乡镇", ["三汇镇"]],
    ["没有这个", []],
  ])("%s", (query, expected) => {
    expect(names(query)).toEqual(expected);
  });

  it("gives all for an empty query, up to the limit", () => {
    expect(find(UNITS, " ", 3)).toHaveLength(3);
  });
});

describe("marks", () => {
  it("takes words of two characters and more, longest first", () => {
    expect(hitWords([{ text: "水", is_hit: true }, { text: "停水", is_hit: true }, { text: "停水抢修", is_hit: true }, { text: "的", is_hit: false }])).toEqual(["停水抢修", "停水"]);
  });

  it("marks them in a text without losing a character", () => {
    const segments = markWords("突发停水由企业抢修（停水）", ["停水", "（"]);
    expect(segments.map(({ text }) => text).join("")).toBe("突发停水由企业抢修（停水）");
    expect(segments.filter(({ is_hit }) => is_hit).map(({ text }) => text)).toEqual(["停水", "（", "停水"]);
  });
});
