// People at their browsers: the system's Chromium, each with a session of its own. Whatever comes over
// the wire is kept, so that a test can look for what must not be in it.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { FIRST_PASSWORD } from "./center.mjs";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** For what a page shows after an act of the center's. */
const WAIT_MS = 15_000;
export const OWN_PASSWORD = "渠江边的老码头很热闹早上六点";

export async function openBrowser() {
  assert.ok(existsSync(CHROMIUM), `No Chromium at ${CHROMIUM}: set CHROMIUM`);
  // As root in a container there is nothing that Chromium's own sandbox could stand on.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: CHROMIUM, args });
}

export class Person {
  /** Bodies of all answers, and what the browser complained of. */
  bodies = [];
  complaints = [];

  static async at(browser, url, { width = 1366, height = 768, scheme = "light" } = {}) {
    const person = new Person();
    person.url = url;
    person.context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, locale: "zh-CN", timezoneId: "Asia/Shanghai" });
    person.page = await person.context.newPage();
    person.page.setDefaultTimeout(WAIT_MS);
    person.page.on("pageerror", (error) => person.complaints.push(String(error)));
    person.page.on("console", (message) => {
      // A refusal is an answer; that the browser lists it as a failed load is no complaint of ours.
      if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) person.complaints.push(message.text());
    });
    person.page.on("response", (response) => {
      const isStream = (response.headers()["content-type"] ?? "").startsWith("text/event-stream");
      if (!isStream) person.bodies.push(response.text().catch(() => ""));
    });
    await person.page.goto(`${url}/portal`);
    return person;
  }

  /** Signs in; whoever comes for the first time gets a password of its own. */
  static async signedIn(browser, url, number, how = {}) {
    const person = await Person.at(browser, url, how);
    await person.signIn(number, how.password ?? FIRST_PASSWORD);
    if (how.password === undefined) await person.changePassword();
    await person.see("unit");
    return person;
  }

  async signIn(number, password) {
    await this.the("sign-in-person").fill(number);
    await this.the("sign-in-password").fill(password);
    await this.page.keyboard.press("Enter");
  }

  async changePassword() {
    await this.the("password-old").fill(FIRST_PASSWORD);
    await this.the("password-new").fill(OWN_PASSWORD);
    await this.the("password-again").fill(OWN_PASSWORD);
    await this.page.keyboard.press("Enter");
  }

  the(id) {
    return this.page.getByTestId(id);
  }

  async see(id) {
    await this.the(id).first().waitFor();
  }

  async reads(id, text) {
    await this.the(id).filter({ hasText: text }).first().waitFor();
  }

  async queue(name) {
    await this.the(`queue-${name}`).click();
  }

  /** How many a queue has, once it has as many. */
  async counts(name, n) {
    await this.the(`queue-${name}`).locator(".count", { hasText: new RegExp(`^${n}$`) }).waitFor();
  }

  async openOrder(number) {
    await this.page.locator(`[data-number="${number}"]`).click();
    await this.the("order-detail").getByText(number).first().waitFor();
  }

  /** Fills the form of an act and hands it in by keyboard. */
  async act(name, fill = {}) {
    await this.the(`act-${name}`).click();
    await this.see("strip");
    for (const [field, value] of Object.entries(fill)) {
      const place = this.the(`strip-${field}`);
      if (value.choose !== undefined) await place.getByRole("radio", { name: value.choose, exact: true }).check();
      else await place.fill(value);
    }
    await this.page.keyboard.press("Control+Enter");
  }

  async done(name, fill) {
    await this.act(name, fill);
    await this.the("strip").waitFor({ state: "detached" });
    await this.see("confirmation");
  }

  /** Asks a call as the page does, with its cookie and its token. */
  async call(name, request) {
    return this.page.evaluate(
      async ([call, body]) => {
        const ask = (which, what, token) => fetch(`/portal/call/${which}`, { method: "POST", headers: { "Content-Type": "application/json", "X-Portal-Token": token }, body: JSON.stringify(what) });
        const me = await (await ask("who_am_i", null, "")).json();
        const answer = await ask(call, body, me.value.token);
        return { status: answer.status, text: await answer.text() };
      },
      [name, request],
    );
  }

  async isAccessible(where) {
    const { violations } = await this.page.evaluate(`${AXE}; axe.run(document, { resultTypes: ["violations"] })`);
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
    assert.deepEqual(told, [], where);
  }

  /** Nothing hangs over the edge of a narrow window. */
  async fits(where) {
    const over = await this.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assert.ok(over <= 0, `${where} is ${over} px too wide`);
  }

  async heard() {
    return Promise.all(this.bodies);
  }

  async leave() {
    await this.context.close();
    assert.deepEqual(this.complaints, []);
  }
}
