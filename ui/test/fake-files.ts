// Files in and out, as far as the window needs it: a csv of titles and answers is read, nothing else.
import type { Handed, KbExport, KbImportAsk, KbImportDone, KbImportPreview, KbImportRow, KbImportRun, UploadPart, Uploaded } from "../src/backend/generated";
import type { FakeKnowledge } from "./fake-knowledge";

type Refuse = (message: string) => unknown;

const COLUMNS = [
  { id: "", text: "不导入", note: "" },
  { id: "title", text: "标题", note: "" },
  { id: "answer", text: "标准答案", note: "" },
  { id: "unit", text: "责任单位", note: "" },
];
const KEYS = new Map([
  ["标题", "title"],
  ["答案", "answer"],
  ["责任单位", "unit"],
]);
const TEXTS = { new: "新条目", change: "改已有条目", alike: "疑似已有", same: "没有变化", imported: "已导入过", faulty: "有差错" } as const;

/** 导出编号 of whatever is handed out. */
export const SERIAL = "W01-K7Q4M-X9P2T";

export class FakeFiles {
  readonly uploads = new Map<string, Map<string, string>>();
  readonly fetched: string[] = [];
  /** Where the window writes files; null in a browser. */
  folder: string | null = "/home/quxian/下载";
  private nPreviews = 0;
  private nHanded = 0;
  private preview: KbImportPreview | null = null;

  constructor(
    private readonly knowledge: FakeKnowledge,
    private readonly refuse: Refuse,
  ) {}

  take({ upload_id, file_name, offset, content }: UploadPart): Uploaded {
    const id = upload_id === "" ? `upload-${this.uploads.size + 1}` : upload_id;
    const files = this.uploads.get(id) ?? new Map<string, string>();
    const before = files.get(file_name) ?? "";
    if (before.length !== offset) throw this.refuse("文件内容在传送中断开，请重新选择文件。");
    files.set(file_name, before + atob(content));
    this.uploads.set(id, files);
    return { upload_id: id, n_files: files.size, n_bytes: offset + atob(content).length };
  }

  look({ upload_id, sources: chosen }: KbImportAsk): KbImportPreview {
    const files = this.uploads.get(upload_id);
    if (!files) throw this.refuse("所选文件已不在，请重新选择。");
    const preview: KbImportPreview = { preview_no: ++this.nPreviews, sources: [], broken: [], columns: COLUMNS, rows: [], counts: [], refusal: null, message: "" };
    for (const [file, bytes] of files) {
      if (!file.endsWith(".csv")) {
        preview.broken.push({ file, reason: "文件已损坏，或不是这种格式，请用办公软件打开后另存一份再导入" });
        continue;
      }
      const text = new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
      const [head = "", ...lines] = text.trim().split("\n");
      const names = head.split(",");
      const keys = chosen.find((choice) => choice.file === file)?.keys ?? names.map((name) => KEYS.get(name) ?? "");
      preview.sources.push({ file, sheet: "", is_document: false, names, keys, samples: (lines[0] ?? "").split(","), template: "standard_answer", levels: [], level: 0, n_rows: lines.length, is_remembered: false, notes: [] });
      for (const [at, line] of lines.entries()) preview.rows.push(this.row(preview.rows.length, `第 ${at + 2} 行`, keys, line.split(",")));
    }
    const count = (state: KbImportRow["state"]): void => {
      const n = preview.rows.filter((row) => row.state === state).length;
      if (n > 0) preview.counts.push({ state, text: TEXTS[state], n });
    };
    for (const state of ["new", "change", "alike", "faulty", "same", "imported"] as const) count(state);
    if (preview.rows.length > 0 && preview.rows.every(({ state }) => state === "same")) preview.message = "这些内容都已在知识库中，或已导入过，再导入不会有任何改动。";
    this.preview = preview;
    return preview;
  }

  run({ preview_no, choices }: KbImportRun): KbImportDone {
    if (this.preview?.preview_no !== preview_no) throw this.refuse("预览已变，请重新核对后再导入。");
    const rows = this.preview.rows.filter((row) => (choices.find((it) => it.row === row.row)?.choice ?? row.choices[0]) === "new");
    for (const { title } of rows) this.knowledge.act({ id: null, version: 0, act: { type: "draft", form: { template: "standard_answer", title, questions: [], answer: "", sections: [], internal_note: "", unit: "", unit_id: "", responsible_person: "", source: "", category_id: "", township_code: "", valid_from: "", valid_until: "", next_review_on: "" } } });
    return { n_new: rows.length, n_changed: 0, n_beside: 0, message: rows.length === 0 ? "没有改动任何内容。" : `已导入新草稿 ${rows.length} 条，都在“编写中”等待送单位确认。` };
  }

  hand(file_name: string, message: string): Handed {
    return { ticket: `ticket-${++this.nHanded}`, file_name, n_bytes: 3, path: this.folder && `${this.folder}/${file_name}`, message, serial: SERIAL };
  }

  export({ form, with_internal }: KbExport): Handed {
    if (this.knowledge.records.size === 0 && form !== "public") throw this.refuse("没有可以导出的条目。");
    return this.hand(form === "public" ? "知识库公开版.zip" : "知识表（全部）.xlsx", with_internal ? "已导出 1 条，含内部口径和责任人，请勿外传。" : "已导出 1 条。");
  }

  fetch(ticket: string): Blob {
    this.fetched.push(ticket);
    return new Blob(["abc"]);
  }

  private row(at: number, place: string, keys: readonly string[], cells: readonly string[]): KbImportRow {
    const said = (key: string): string => cells[keys.indexOf(key)] ?? "";
    const title = said("title");
    const isThere = [...this.knowledge.records.values()].some((record) => (record.draft?.form ?? record.versions[0]?.form)?.title === title);
    const state = title === "" ? "faulty" : isThere ? "same" : title.endsWith("？") ? "alike" : "new";
    const choices: KbImportRow["choices"] = state === "new" ? ["new", "skip"] : state === "alike" ? ["skip", "new"] : ["skip"];
    return { row: at, place, title, unit: said("unit"), template_text: "标准答案", state, state_text: TEXTS[state], existing_title: state === "alike" ? "停水找谁" : "", changes_text: "", faults: title === "" ? ["没有标题"] : [], missing: said("answer") === "" ? ["标准答案"] : [], notes: [], choices };
  }
}
