// 公开版的查询页: what the page of the public version finds, with its own script.
import { beforeEach, describe, expect, it } from "vitest";
import script from "../../crates/desk/public/page.js?raw";
import { until } from "./window";

const ARTICLES: [string, string, string][] = [
  ["小区停水怎么办", "家里没水；停水了找谁", "请打供水企业电话。"],
  ["社保卡丢了怎么办", "卡丢了", "先拨打12333挂失，再到窗口补办。"],
  ["居住证怎么办理", "暂住证", "带身份证到派出所。"],
];

beforeEach(() => {
  const articles = ARTICLES.map(([title, asked, answer]) => `<details><summary><span class="title">${title}</span></summary><p class="asked">${asked}</p><p>${answer}</p></details>`);
  document.body.innerHTML = `<input id="box"><p id="found"></p><main id="articles">${articles.join("")}</main>`;
  new Function(script)();
});

async function ask(text: string): Promise<string[]> {
  const box = document.querySelector<HTMLInputElement>("#box")!;
  box.value = text;
  box.dispatchEvent(new CompositionEvent("compositionend"));
  return shown();
}

const shown = (): string[] => [...document.querySelectorAll<HTMLElement>("details")].filter(({ hidden }) => !hidden).map((it) => it.querySelector(".title")?.textContent ?? "");
const said = (): string => document.querySelector("#found")?.textContent ?? "";

describe("查询页", () => {
  it.each([
    ["停水", ["小区停水怎么办"]],
    ["家里没有水，停水了怎么办", ["小区停水怎么办"]],
    ["社保卡掉了", ["社保卡丢了怎么办"]],
    ["暂住证", ["居住证怎么办理"]],
    ["１２３３３", ["社保卡丢了怎么办"]],
  ])("%s", async (text, first) => {
    expect((await ask(text)).slice(0, 1)).toEqual(first);
    expect(said()).toMatch(/^找到 \d 条$/);
  });

  it("says when nothing is found, and shows all again", async () => {
    expect(await ask("宇航员")).toEqual([]);
    expect(said()).toContain("没有找到");
    expect(await ask("")).toHaveLength(3);
    expect(said()).toBe("");
  });

  it("waits for the input method", async () => {
    const box = document.querySelector<HTMLInputElement>("#box")!;
    box.value = "tingshui";
    box.dispatchEvent(new InputEvent("input", { isComposing: true }));
    expect(shown()).toHaveLength(3);
    box.value = "停水";
    box.dispatchEvent(new InputEvent("input"));
    await until(() => expect(shown()).toEqual(["小区停水怎么办"]));
  });
});
