import { chromium } from "playwright-core";
const [url, pass, person, password] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, locale: "zh-CN" });
const errors = []; page.on("pageerror", (e) => errors.push(String(e)));
await page.goto(url);
await page.waitForTimeout(1500);
await page.screenshot({ path: "/tmp/shots6/start.png" });
// From the act until what it led to stands painted: two frames after the test of the page is true.
async function timed(name, act, done, n = 1) {
  const took = [];
  for (let i = 0; i < n; i++) {
    const t = await page.evaluate(async ([act, done]) => {
      const before = performance.now();
      new Function("state", act)(window.__m ??= {});
      const test = new Function("state", `return ${done}`);
      while (!test(window.__m)) { await new Promise((r) => requestAnimationFrame(r)); if (performance.now() - before > 60000) return -1; }
      await new Promise((r) => requestAnimationFrame(() => setTimeout(r)));
      return performance.now() - before;
    }, [act(i), done(i)]);
    took.push(Math.round(t));
  }
  took.sort((a, b) => a - b);
  console.log(name, "n", n, "median", took[Math.floor(n / 2)], "max", took[n - 1]);
}
globalThis.page = page; globalThis.timed = timed;
const body = () => page.evaluate(() => document.body.innerText.slice(0, 1500));
console.log(await body());
export { page, timed, browser, body, pass, person, password, errors };
if (process.env.STEPS) { await (await import(process.env.STEPS)).default({ page, timed, browser, body, pass, person, password }); }
console.log("errors", errors);
await browser.close();
