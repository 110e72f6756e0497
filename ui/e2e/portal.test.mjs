// The units' portal in a real browser, over a real center.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startCenter } from "./center.mjs";
import { openBrowser, OWN_PASSWORD, Person } from "./people.mjs";

/** Who called on the sealed orders of the demonstration. */
const CANARIES = ["冉小玲", "13800138003", "覃志远", "13800138004"];
const FOREIGN = ["阳光明", "13800138040", "停车费"];

let center;
let browser;
let liaison;
let reviewer;

before(async () => {
  [center, browser] = await Promise.all([startCenter(), openBrowser()]);
  liaison = await Person.signedIn(browser, center.url, "2901");
  reviewer = await Person.signedIn(browser, center.url, "2902");
});

after(async () => {
  await browser?.close();
  await center?.stop();
});

describe("the portal", () => {
  it("an order is signed for, contacted, given more time, answered and countersigned", async () => {
    await reviewer.counts("to_countersign", 1);
    await liaison.counts("to_sign_for", 4);
    await liaison.openOrder("QX20261124-0031");
    await liaison.done("sign_for");
    await liaison.reads("order-stage", "已签收办理中");
    await liaison.counts("to_sign_for", 3);

    await liaison.act("submit_reply", { text: "已恢复供水", person: "何光明", isTold: { choose: "已反馈诉求人" } });
    await liaison.reads("refusal", "还没有联系诉求人的记录，请先联系并记录。");
    await liaison.page.keyboard.press("Escape");
    await liaison.done("record_contact", { isReached: { choose: "联系上" }, note: "今晚恢复，已致歉" });

    await liaison.done("request_extension", { ground: { choose: "一般复杂" }, days: "2", reason: "须更换整段主管" });
    await liaison.reads("waits", "延期申请待批");
    // What was typed for the reply is still there.
    await liaison.the("act-submit_reply").click();
    await liaison.see("strip-text");
    await liaison.the("strip-text").fill("爆管已更换，22 时恢复供水");
    await liaison.the("strip-person").fill("何光明");
    await liaison.the("strip-isTold").getByRole("radio", { name: "已反馈诉求人" }).check();
    await liaison.page.keyboard.press("Control+Enter");
    await liaison.reads("order-stage", "答复待审核");
    await liaison.page.locator("details.not-now summary").click();
    await liaison.page.getByText("须由单位审核人操作").first().waitFor();

    // The other page hears of it by itself.
    await reviewer.counts("to_countersign", 2);
    await reviewer.reads("latest", "答复待内审");
    await reviewer.queue("to_countersign");
    await reviewer.openOrder("QX20261124-0031");
    await reviewer.done("reject_reply", { reason: "写明爆管地点" });
    await liaison.reads("order-stage", "已签收办理中");
    await liaison.done("submit_reply", { text: "三号楼外主管爆裂，已更换，22 时恢复供水", person: "何光明", isTold: { choose: "已反馈诉求人" } });
    await reviewer.reads("order-stage", "答复待审核");
    await reviewer.done("sign_reply");
    await liaison.reads("order-stage", "已办结");
    await liaison.counts("concluded", 3);
    await liaison.reads("order-story", "县水务局内审签发");
  });

  it("what is sent back without its basis is refused with the reason beside the button", async () => {
    await liaison.queue("to_sign_for");
    await liaison.openOrder("QX20261124-0035");
    await liaison.act("send_back", { reason: "管道属供水企业", suggestion: "渠县供水企业" });
    await liaison.reads("refusal", "请填写依据。");
    assert.equal(await liaison.the("strip-reason").inputValue(), "管道属供水企业");
    await liaison.isAccessible("a form that was refused");
    await liaison.page.keyboard.press("Escape");
    // Every limit explains itself: by one key the one that matters most, by a click any other.
    await liaison.page.keyboard.press("d");
    await liaison.reads("order-limits", "当日不计，只数工作日");
    await liaison.the("order-limits").getByRole("button", { name: "初步响应" }).click();
    await liaison.reads("order-limits", "自然小时，节假日不停");
    await liaison.done("respond_first", { text: "抢修队已到场，正在关阀" });
  });

  it("an answer that was lost on its way is not given twice", async () => {
    await liaison.queue("in_handling");
    await liaison.openOrder("QX20261123-0107");
    let nLost = 0;
    await liaison.page.route("**/portal/call/handle_order", async (route) => {
      nLost += 1;
      if (nLost > 1) return route.continue();
      await route.fetch();
      return route.abort();
    });
    await liaison.act("record_contact", { isReached: { choose: "联系上" }, note: "告知水样已送检" });
    await liaison.reads("refusal", "与县中心的连接中断");
    await liaison.page.keyboard.press("Control+Enter");
    await liaison.the("strip").waitFor({ state: "detached" });
    await liaison.page.unroute("**/portal/call/handle_order");
    await liaison.reads("order-story", "告知水样已送检");
    assert.equal(await liaison.the("order-story").getByText("告知水样已送检").count(), 1);
    liaison.complaints.splice(0);
  });

  it("a bad rating is disputed with a file", async () => {
    await liaison.queue("screening");
    await liaison.openOrder("QX20261117-0052");
    await liaison.the("act-request_screening").click();
    await liaison.the("strip-reason").fill("夜间实测合格，诉求人在场签字");
    const file = (name, text) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(text) });
    await liaison.the("strip-files").setInputFiles(file("说明.html", "<script>"));
    await liaison.page.getByText("只收 PDF").first().waitFor();
    await liaison.the("strip-files").setInputFiles(file("实测记录.pdf", "%PDF-1.7 实测"));
    await liaison.page.getByText("实测记录.pdf").first().waitFor();
    await liaison.page.keyboard.press("Control+Enter");
    await liaison.reads("screening", "甄别待县中心初审");
    const download = liaison.page.waitForEvent("download");
    await liaison.page.getByRole("link", { name: "实测记录.pdf" }).click();
    assert.equal((await download).suggestedFilename(), "实测记录.pdf");
  });

  it("an article is written for a task, confirmed by the unit and handed in", async () => {
    await liaison.the("page-knowledge").click();
    await liaison.the("task-row").first().click();
    await liaison.see("task-detail");
    await liaison.isAccessible("a task");
    await liaison.the("new-article").click();
    await liaison.the("kb-title").fill("停水抢修一般要多久，怎样报修");
    await liaison.the("kb-questions").fill("停水找谁\n修水管要多久");
    await liaison.the("kb-answer").fill("主管爆裂一般当日修复；报修请拨供水热线，二十四小时有人接听。");
    await liaison.the("kb-person").fill("何光明");
    await liaison.the("kb-source").fill("渠水函〔2026〕8号");
    await liaison.the("kb-next-review").fill("2027-05-20");
    for (const section of await liaison.page.locator("[data-testid^='kb-section-']").all()) await section.fill("见标准答案");
    await liaison.isAccessible("an article's form");
    await liaison.the("kb-save").click();
    await liaison.the("kb-submit").click();
    await reviewer.the("page-knowledge").click();
    await reviewer.the("article-row").filter({ hasText: "停水抢修" }).filter({ hasText: "请确认" }).click();
    await reviewer.the("kb-confirm").click();
    await reviewer.the("article-row").filter({ hasText: "待中心审核" }).first().waitFor();
    await liaison.the("task-row").first().click();
    await liaison.the("task-article").selectOption({ label: "停水抢修一般要多久，怎样报修" });
    await liaison.page.keyboard.press("Control+Enter");
    await liaison.reads("task-stage", "待验收");
  });

  it("every number of the statistics opens the orders behind it", async () => {
    await liaison.the("page-statistics").click();
    const figure = liaison.the("figure-签收及时率");
    await figure.getByRole("button").first().click();
    await liaison.see("behind");
    await liaison.isAccessible("statistics");
    await liaison.the("behind").getByText("QX20261117-0052").click();
    await liaison.reads("order-detail", "QX20261117-0052");
  });

  it("the order of another unit cannot be reached by any call", async () => {
    const acts = [
      { type: "sign_for" },
      { type: "send_back", reason: "甲", basis: "乙", suggestion: "丙" },
      { type: "submit_reply", text: "甲", responsible_person: "乙", is_told: true, at: "", method: "电话" },
      { type: "sign_reply" },
      { type: "request_screening", reason: "甲", late_reason: "", evidence: [] },
    ];
    const about = (id) => [
      ["work_order", { id }],
      ["reveal_caller", { id }],
      ["kb_task", { number: id }],
      ["kb_record", { id }],
      ...acts.map((act) => ["handle_order", { id, act_id: "a", version: 5, act }]),
    ];
    const missing = about("nowhere");
    for (const [nth, [name, request]] of about("demo-street").entries()) {
      const [foreign, none] = [await liaison.call(name, request), await liaison.call(...missing[nth])];
      const known = ({ status, text }) => ({ status, ...JSON.parse(text), request_id: "" });
      assert.deepEqual(known(foreign), known(none), name);
      assert.notEqual(foreign.status, 200, name);
    }
    for (const queue of ["to_sign_for", "in_handling", "concluded"]) {
      const { text } = await liaison.call("work_orders", { queue, search: "", after: null, limit: 200 });
      assert.ok(!FOREIGN.some((word) => text.includes(word)), queue);
    }
  });

  it("who called on a sealed order is in nothing that came over the wire", async () => {
    for (const person of [liaison, reviewer]) {
      await person.the("page-work-orders").click();
      await person.queue("to_sign_for");
      for (const number of ["QX20261124-0029", "QX20261124-0022"]) {
        await person.openOrder(number);
        await person.reads("caller", "按第十七条对承办单位保密");
      }
      for (const id of ["demo-03", "demo-04"]) {
        const refused = await person.call("reveal_caller", { id });
        assert.notEqual(refused.status, 200);
      }
    }
    await liaison.done("sign_for");
    await liaison.done("record_contact", { isReached: { choose: "联系上" }, note: "经县中心与覃志远通话" });
    await liaison.reads("order-story", "经县中心与＊＊＊通话");
    for (const person of [liaison, reviewer]) {
      const bodies = await person.heard();
      assert.ok(bodies.length > 20, `${bodies.length} answers were looked at`);
      for (const body of bodies) for (const canary of CANARIES) assert.ok(!body.includes(canary), `${canary} in ${body}`);
      assert.deepEqual(person.complaints, []);
    }
    // Of an order that is not sealed the number is shown on request, and only then.
    await liaison.queue("in_handling");
    await liaison.openOrder("QX20261123-0071");
    await liaison.reads("caller", "138****8010");
    await liaison.the("reveal").click();
    await liaison.reads("caller", "13800138010");
  });

  it("is accessible and fits, in light and dark, on a desk and on a telephone", async () => {
    const door = await Person.at(browser, center.url);
    await door.see("sign-in-person");
    await door.isAccessible("the door");
    await door.signIn("2901", "wrong");
    await door.reads("refusal", "工号或密码不正确。");
    await door.leave();
    for (const how of [
      { width: 1366, height: 768, scheme: "light" },
      { width: 1920, height: 1080, scheme: "dark" },
      { width: 390, height: 844, scheme: "light" },
    ]) {
      const person = await Person.signedIn(browser, center.url, "2901", { ...how, password: OWN_PASSWORD });
      const where = `${how.width} ${how.scheme}`;
      await person.see("order-row");
      await person.isAccessible(`the list at ${where}`);
      await person.fits(`The list at ${where}`);
      await person.page.locator("[data-testid='order-row']").first().click();
      await person.see("order-story");
      await person.isAccessible(`an order at ${where}`);
      await person.fits(`An order at ${where}`);
      await person.the("act-record_contact").click();
      await person.see("strip");
      await person.isAccessible(`a form at ${where}`);
      await person.fits(`A form at ${where}`);
      await person.leave();
    }
  });

  it("whoever leaves leaves nothing behind", async () => {
    await liaison.the("sign-out").click();
    await liaison.see("sign-in-person");
    await liaison.page.goBack().catch(() => null);
    await liaison.page.goto(`${center.url}/portal`);
    await liaison.see("sign-in-person");
    assert.equal(await liaison.page.getByText("QX2026").count(), 0);
  });
});
