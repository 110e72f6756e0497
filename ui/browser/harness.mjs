// Drives a page of the center in the system's Chromium, with axe looking at each state of it.
//
// A test starts the center and runs a script with `node`; the script ends well or says what was
// wrong. HOTLINE_PICTURES names a folder for pictures of what was seen.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const pictures = process.env["HOTLINE_PICTURES"];

/** Opens the browser, hands it to `work`, closes it whatever happens. */
export async function drive(work) {
  const browser = await chromium.launch({
    executablePath: process.env["HOTLINE_CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-proxy-server",
    ],
  });
  try {
    await work(browser);
  } finally {
    await browser.close();
  }
}

/** A page that notes when a script of it fails, and when it asks for anything elsewhere. */
export async function open(browser, base, options = {}) {
  const context = await browser.newContext({ locale: "zh-CN", timezoneId: "Asia/Shanghai", ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(`script: ${error.message}`));
  page.on("console", (message) => {
    const isAnswer = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !isAnswer) wrong.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(base)) wrong.push(`asks for ${request.url()}`);
  });
  return { page, context, wrong };
}

/** Looks with axe; the page may forbid foreign scripts, so axe comes by the debugger. */
export async function check(page, name) {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axeSource });
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression:
      "axe.run(document, { resultTypes: ['violations'] }).then((found) => JSON.stringify(found.violations.map((it) => `${it.id}: ${it.help} ${it.nodes.map((node) => node.target).join(' ')}`)))",
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  assert(exceptionDetails === undefined, `${name}: axe failed: ${JSON.stringify(exceptionDetails)}`);
  const violations = JSON.parse(result.value);
  assert(violations.length === 0, `${name}: ${violations.join("\n")}`);
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert(tooWide <= 0, `${name}: ${tooWide} px too wide`);
  if (pictures !== undefined) {
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  }
}

export function assert(isSo, otherwise) {
  if (!isSo) throw new Error(otherwise);
}
