import { describe, expect, it } from "vitest";
import { cleanPaste } from "../src/features/knowledge/paste";
import { plainMarkdown, renderMarkdown } from "../src/shared/markdown";

describe("answers in Markdown", () => {
  it("are paragraphs, lists and tables with the words marked", () => {
    expect(renderMarkdown("请带**身份证**。\n到窗口办理", ["身份证", "窗口"])).toBe("<p>请带<strong><mark>身份证</mark></strong>。<br>\n到<mark>窗口</mark>办理</p>\n");
    expect(renderMarkdown("- 一\n- 二")).toContain("<li>一</li>");
    expect(renderMarkdown("| 项 | 费 |\n| --- | --- |\n| 补卡 | 20元 |")).toContain("<td>20元</td>");
    expect(renderMarkdown("# 材料")).toBe("<h4>材料</h4>\n");
    expect(renderMarkdown("##### 材料")).toBe("<h6>材料</h6>\n");
  });

  it("run nothing that somebody wrote into them", () => {
    const hostile = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[点这里](javascript:alert(1))", "![图](https://example.org/x.png)", "[x](data:text/html;base64,AAAA)", '[x](https://e.org "onclick=alert(1)")', "<svg/onload=alert(1)>"];
    const holder = document.createElement("div");
    for (const text of hostile) {
      holder.innerHTML = renderMarkdown(text, ["alert"]);
      expect(holder.querySelector("script, img, svg, iframe"), text).toBeNull();
      for (const link of holder.querySelectorAll("a")) expect(link.protocol, text).toMatch(/^https?:$/);
      for (const element of holder.querySelectorAll("*")) for (const { name } of element.attributes) expect(name, text).not.toMatch(/^on/);
    }
  });

  it("are read aloud without their marks", () => {
    expect(plainMarkdown("**先**挂失：\n\n1. 打12333\n2. 到窗口\n\n| 项 | 费 |\n|---|---|\n| 补卡 | 20元 |")).toBe("先挂失：\n1. 打12333\n2. 到窗口\n项 \n费 \n补卡 \n20元".replace(/ \n/g, "\n"));
  });
});

describe("what is pasted from Word", () => {
  it("keeps words, lists, tables and emphasis and loses the rest", () => {
    const html = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{font:宋体}</style><!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]--></head><body>
      <p class=MsoNormal style='mso-char-indent-count:2'><b><span style='font-family:宋体;color:red'>社保卡</span></b><span lang=EN-US>&nbsp;</span>挂失<o:p></o:p></p>
      <p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.<span>&nbsp;&nbsp;</span></span>拨打<span lang=EN-US>12333</span></p>
      <p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>2.<span>&nbsp;&nbsp;</span></span>带身份证到窗口</p>
      <p class=MsoListParagraph style='mso-list:l1 level1 lfo2'>·<span>&nbsp;&nbsp;</span>代办带委托书</p>
      <table class=MsoTableGrid><tr><td><p>项目</p></td><td><p>费用</p></td></tr><tr><td><p>补卡</p></td><td><p>20<span>元</span>|次</p></td></tr></table>
      <p style="display:none">看不见</p><img src="file:///c:/1.png"><a href="#_Toc1">目录</a> <a href="https://www.gov.cn/">官网</a>
      <script>alert(1)</script></body></html>`;
    expect(cleanPaste(html)).toBe(
      ["**社保卡** 挂失", "1. 拨打12333\n2. 带身份证到窗口", "- 代办带委托书", "| 项目 | 费用 |\n| --- | --- |\n| 补卡 | 20元\\|次 |", "目录 [官网](https://www.gov.cn/)"].join("\n\n"),
    );
  });

  it("a frame of one cell is text, and nothing is nothing", () => {
    expect(cleanPaste("<table><tr><td>温馨提示</td></tr></table>")).toBe("温馨提示");
    expect(cleanPaste("<!--StartFragment--><!--EndFragment-->")).toBe("");
  });
});
