// What is pasted from Word, WPS or a page becomes clean Markdown: its words, lists, tables and
// emphasis, without fonts, colours, comments and what the programs leave in between.
import TurndownService from "turndown";

/** Elements of which nothing is kept; `o:p` is Word's end of a paragraph. */
const DROPPED = new Set(["STYLE", "SCRIPT", "META", "LINK", "TITLE", "XML", "O:P", "IMG", "SVG", "OBJECT", "IFRAME", "INPUT", "BUTTON", "DEL"]);
/** What Word hides, and its comments. */
const HIDDEN = /display:\s*none|mso-element:\s*comment/;

function isDropped(element: Element): boolean {
  return DROPPED.has(element.nodeName.toUpperCase()) || HIDDEN.test(element.getAttribute("style") ?? "");
}

/** How Word numbers the items of a list that it does not mark up as one. */
const BULLET = /^[\s\u00a0]*([·•●○◆◇■□▪–—-]|\u006f(?=[\s\u00a0]{2}))[\s\u00a0]*/;
const NUMBER = /^[\s\u00a0]*[(（]?(\d{1,3})[.)）、．][\s\u00a0]*/;

function isListParagraph(paragraph: Element): boolean {
  return /MsoListParagraph/.test(paragraph.className) || /mso-list:\s*l\d/.test(paragraph.getAttribute("style") ?? "");
}

/** Word's paragraphs that look like items become items. */
function gatherLists(body: HTMLElement): void {
  for (const paragraph of [...body.querySelectorAll("p")].filter(isListParagraph)) {
    const mark = paragraph.textContent ?? "";
    const isNumbered = NUMBER.test(mark);
    if (!isNumbered && !BULLET.test(mark)) continue;
    for (const span of [...paragraph.querySelectorAll("span")].filter((it) => /mso-list:\s*Ignore/.test(it.getAttribute("style") ?? ""))) span.remove();
    const item = document.createElement("li");
    item.append(...paragraph.childNodes);
    const text = firstText(item);
    if (text) text.data = text.data.replace(isNumbered ? NUMBER : BULLET, "");
    const name = isNumbered ? "OL" : "UL";
    const before = paragraph.previousElementSibling;
    if (before?.tagName === name && before.hasAttribute("data-gathered")) {
      before.append(item);
      paragraph.remove();
    } else {
      const list = document.createElement(name);
      list.setAttribute("data-gathered", "");
      list.append(item);
      paragraph.replaceWith(list);
    }
  }
}

function firstText(node: Node): Text | null {
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE && (child as Text).data.trim() !== "") return child as Text;
    const inside = firstText(child);
    if (inside) return inside;
  }
  return null;
}

const cellText = (cell: Element): string =>
  (cell.textContent ?? "")
    .replace(/[\s\u00a0]+/g, " ")
    .replace(/\|/g, "\\|")
    .trim();

function tableToMarkdown(table: Element): string {
  const rows = [...table.querySelectorAll("tr")].map((row) => [...row.querySelectorAll("th, td")].map(cellText)).filter((row) => row.some((cell) => cell !== ""));
  const width = Math.max(0, ...rows.map((row) => row.length));
  if (width === 0) return "";
  // One column is a frame around text, as Word likes to draw it.
  if (width === 1) return `\n\n${rows.map((row) => row[0]).join("\n\n")}\n\n`;
  const line = (cells: string[]): string => `| ${Array.from({ length: width }, (_, at) => cells[at] ?? "").join(" | ")} |`;
  const [head, ...rest] = rows;
  return `\n\n${[line(head ?? []), line(Array.from({ length: width }, () => "---")), ...rest.map(line)].join("\n")}\n\n`;
}

const turndown = new TurndownService({ headingStyle: "atx", bulletListMarker: "-", emDelimiter: "*", strongDelimiter: "**", hr: "" });
turndown.addRule("table", { filter: "table", replacement: (_content, node) => tableToMarkdown(node as Element) });
turndown.addRule("anchor without an address", { filter: (node) => node.nodeName === "A" && !/^(https?:|tel:)/i.test(node.getAttribute("href") ?? ""), replacement: (content) => content });
turndown.addRule("item", {
  filter: "li",
  replacement: (content, node) => {
    const list = node.parentElement;
    const mark = list?.nodeName === "OL" ? `${[...list.children].indexOf(node as Element) + 1}. ` : "- ";
    return `${mark}${content.trim().replace(/\n+/g, `\n${" ".repeat(mark.length)}`)}\n`;
  },
});

/** Turns pasted HTML into Markdown. */
export function cleanPaste(html: string): string {
  // Word hides what is meant for other programs in conditional comments.
  const body = new DOMParser().parseFromString(html.replace(/<!--[\s\S]*?-->/g, "").replace(/<!\[(?:if|endif)[^>]*>/gi, ""), "text/html").body;
  for (const element of [...body.querySelectorAll("*")].filter(isDropped)) element.remove();
  gatherLists(body);
  return turndown
    .turndown(body)
    .replace(/\u00a0/g, " ")
    .replace(/[\u200b\ufeff]/g, "")
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
