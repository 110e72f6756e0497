// The citizens' page: with and without scripts, from a telephone to a wall, light and dark, large.
// node public.mjs BASE NUMBER CODE
import { assert, check, drive, open } from "./harness.mjs";

const [base, number, code] = process.argv.slice(2);
const SIZES = [
  ["390", { width: 390, height: 844 }],
  ["1366", { width: 1366, height: 768 }],
  ["1920", { width: 1920, height: 1080 }],
];

async function textOf(page) {
  return page.locator("main").innerText();
}

async function ask(page, question) {
  await page.getByLabel("您想问什么").fill(question);
  await page.getByRole("button", { name: "查询" }).click();
  await page.waitForURL(/\?q=/);
}

async function follow(page, typedNumber, typedCode) {
  await page.getByLabel("工单编号").fill(typedNumber);
  await page.getByLabel("查询码").fill(typedCode);
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "查看进度" }).click()]);
}

async function walk(browser, size, viewport, colorScheme, javaScriptEnabled) {
  const { page, context, wrong } = await open(browser, base, { viewport, colorScheme, javaScriptEnabled });
  const name = (part) => `public-${part}-${size}-${colorScheme}${javaScriptEnabled ? "" : "-no-script"}`;
  // axe is a script; where pages may run none it has been there with scripts.
  const look = async (part) => (javaScriptEnabled ? check(page, name(part)) : undefined);
  await page.goto(base);
  await look("home");

  await ask(page, "家里停水怎么办");
  assert((await textOf(page)).includes("请先看停水公告"), `${name("answer")}: no answer`);
  await look("answer");
  await page.getByRole("link", { name: "停水了找哪个单位" }).first().click();
  await page.waitForURL(/\/article\//);
  assert((await textOf(page)).includes("0818-7212345"), `${name("article")}: not the article`);
  await look("article");
  await page.getByRole("link", { name: "返回查询" }).click();
  await page.waitForURL(`${base}/`);

  await ask(page, "沼气池");
  assert((await textOf(page)).includes("没有找到相关内容"), `${name("nothing")}: something was found`);
  await look("nothing");

  await page.goto(base);
  // Five wrong codes for one number and there is to be waited.
  if (colorScheme === "light") {
    await follow(page, number, "0000 0000");
    assert((await textOf(page)).includes("工单编号或查询码不正确"), `${name("wrong")}: not refused`);
    assert((await page.getByLabel("工单编号").inputValue()) === number, `${name("wrong")}: what was typed is gone`);
    await look("wrong");
  }
  await follow(page, number.toLowerCase(), code);
  const told = await textOf(page);
  assert(told.includes("已办结") && told.includes("已恢复供水"), `${name("progress")}: ${told}`);
  await look("progress");

  if (javaScriptEnabled) {
    const larger = page.getByRole("button", { name: "大字" });
    const size = () => page.locator("h1").evaluate((it) => parseFloat(getComputedStyle(it).fontSize));
    const before = await size();
    await larger.click();
    const after = await size();
    assert(after > before * 1.25, `${name("large")}: ${before} → ${after}`);
    assert((await larger.getAttribute("aria-pressed")) === "true", `${name("large")}: not pressed`);
    await look("large");
    await page.goto(base);
    await look("large-home");
    const kept = await page.evaluate(() => document.documentElement.dataset["large"]);
    assert(kept === "yes", `${name("large")}: forgotten with the page`);
  } else {
    assert(!(await page.getByRole("button", { name: "大字" }).isVisible()), "a button that does nothing is shown");
  }
  assert((await context.cookies()).length === 0, `${name("cookies")}: a cookie was set`);
  assert(wrong.length === 0, wrong.join("\n"));
  await context.close();
}

async function byKeyboard(browser) {
  const { page, context } = await open(browser, base, { viewport: { width: 1366, height: 768 } });
  await page.goto(base);
  await page.keyboard.press("Tab");
  const skip = await page.evaluate(() => document.activeElement?.textContent);
  assert(skip === "跳到正文", "the first key does not lead to the text");
  const isAt = () => page.evaluate(() => document.activeElement?.id);
  for (let n = 0; n < 12 && (await isAt()) !== "question"; n += 1) await page.keyboard.press("Tab");
  assert((await isAt()) === "question", "the keyboard does not come to the question");
  await page.keyboard.type("停水");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\?q=/);
  await context.close();
}

await drive(async (browser) => {
  for (const [size, viewport] of SIZES) {
    await walk(browser, size, viewport, "light", true);
  }
  await walk(browser, "390", SIZES[0][1], "dark", true);
  await walk(browser, "1366", SIZES[1][1], "dark", true);
  await walk(browser, "390", SIZES[0][1], "light", false);
  await byKeyboard(browser);
});
console.log("the public page holds");
