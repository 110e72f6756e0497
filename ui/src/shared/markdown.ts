// The answers are written in a small part of Markdown: paragraphs, lists, emphasis, tables, links.
// HTML inside is shown as text, so nothing that somebody pasted can run; headings stay below those
// of the page.
import MarkdownIt from "markdown-it";
import { markWords } from "./segments";

const LOWEST_HEADING = 6;

function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** Text with the words marked, as HTML. */
function marked(text: string, words: readonly string[]): string {
  return markWords(text, words)
    .map((segment) => (segment.is_hit ? `<mark>${escape(segment.text)}</mark>` : escape(segment.text)))
    .join("");
}

const markdown = new MarkdownIt({ html: false, linkify: false, breaks: true, typographer: false }).disable(["image", "code", "fence", "html_block", "html_inline", "autolink"]);
// A telephone number or an address of a page may be followed; nothing else.
markdown.validateLink = (url) => /^(https?:\/\/|tel:)/i.test(url.trim());
markdown.renderer.rules["text"] = (tokens, index, _options, env) => marked(tokens[index]?.content ?? "", (env as { words: readonly string[] }).words);
markdown.renderer.rules["link_open"] = (tokens, index, options, _env, self) => {
  tokens[index]?.attrSet("rel", "noreferrer noopener");
  tokens[index]?.attrSet("target", "_blank");
  return self.renderToken(tokens, index, options);
};

/**
 * Renders an answer as HTML that is safe to put in, with `words` marked.
 * @param below the level of the heading above it; 1 to 5
 */
export function renderMarkdown(text: string, words: readonly string[] = [], below = 3): string {
  const env = { words };
  const tokens = markdown.parse(text, env);
  for (const token of tokens) {
    if (token.type === "heading_open" || token.type === "heading_close") {
      token.tag = `h${Math.min(Number(token.tag.slice(1)) + below, LOWEST_HEADING)}`;
    }
  }
  return markdown.renderer.render(tokens, markdown.options, env);
}

/** What is read aloud or copied: the text without its marks. */
export function plainMarkdown(text: string): string {
  const holder = document.createElement("div");
  holder.innerHTML = renderMarkdown(text);
  for (const cell of holder.querySelectorAll("td, th")) cell.append(" ");
  for (const item of holder.querySelectorAll("ol > li")) {
    const list = item.parentElement;
    if (list) item.prepend(`${[...list.children].indexOf(item) + Number(list.getAttribute("start") ?? 1)}. `);
  }
  return (holder.textContent ?? "").replace(/[ \t]+\n/g, "\n").replace(/\n{2,}/g, "\n").trim();
}
