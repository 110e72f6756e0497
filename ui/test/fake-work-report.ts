// 专报 in the fake core: one report of a week with two versions. Texts are kept, not drafted.
import type { Api, WorkReportDetail, WorkReportKind, WorkReportPart, WorkReportVersionLine } from "../src/backend/generated";
import { refusal } from "./fake-backend";

type Handlers = { [N in "work_reports" | "work_report" | "work_report_version" | "preview_work_report" | "draft_work_report" | "act_on_work_report" | "export_work_report"]: (request: Api[N]["request"]) => Api[N]["response"] };
type Version = { title: string; body: string; act: string };
type Report = { id: string; kind: WorkReportKind; versions: Version[]; issue: string };

const KIND_TEXT: Record<WorkReportKind, string> = { daily: "日报", weekly: "周报", monthly: "月报", topic: "专题" };
const BODY = "## 总体情况\n共受理诉求 24 件。\n\n## 工作建议\n（待撰写）";

/** Headings, lines, and one table and one chart for each that is named. */
function partsOf(body: string): WorkReportPart[] {
  const lines = body.split("\n").filter((line) => line.trim() !== "");
  return lines.flatMap((line): WorkReportPart[] => {
    if (line.startsWith("## ")) return [{ type: "heading", level: 1, text: `一、${line.slice(3)}` }];
    if (line.startsWith("图：")) return [{ type: "chart", chart: "bars", caption: line.slice(2), series: ["本期", "上期"], points: [{ name: "供水供气", values: [16, 10] }, { name: "城乡建设", values: [8, null] }] }];
    if (line.startsWith("折线图：")) return [{ type: "chart", chart: "line", caption: line.slice(4), series: ["受理"], points: [{ name: "9月28日", values: [3] }, { name: "9月29日", values: [5] }] }];
    if (line.startsWith("表：")) return [{ type: "table", caption: line.slice(2), columns: [{ name: "单位", is_figure: false }, { name: "件数", is_figure: true }], rows: [["县水务局", "16"]] }];
    return [{ type: "text", text: line }];
  });
}

export class FakeWorkReport {
  mayWrite = true;
  readonly reports: Report[] = [
    { id: "report-1", kind: "weekly", issue: "", versions: [{ title: "12345热线周报", body: BODY, act: "自动起草" }, { title: "12345热线周报", body: `${BODY}\n核对过。`, act: "修改" }] },
  ];

  private report(id: string): Report {
    const found = this.reports.find((it) => it.id === id);
    if (!found) throw refusal("没有这份专报。", "invalid");
    return found;
  }

  private last(report: Report): Version {
    return report.versions[report.versions.length - 1] ?? { title: "", body: "", act: "" };
  }

  private row(report: Report): WorkReportDetail["row"] {
    const isFinished = this.last(report).act.startsWith("定稿");
    return { id: report.id, kind: report.kind, kind_text: KIND_TEXT[report.kind], title: this.last(report).title, stage: isFinished ? "finished" : "draft", stage_text: isFinished ? "已定稿" : "草稿", period_text: "2026年9月21日至9月27日", n_versions: report.versions.length, changed_text: "罗兰 2001 9月29日（周二）09:12" };
  }

  private add(id: string, version: Version): Api["act_on_work_report"]["response"] {
    const report = this.report(id);
    report.versions.push(version);
    return { id, version: report.versions.length, message: `第 ${report.versions.length} 版：${version.act}。` };
  }

  readonly handlers: Handlers = {
    work_reports: () => ({ rows: this.reports.map((it) => this.row(it)), refusal: this.mayWrite ? null : "专报须由值班长、统计分析、监督员撰写。", today: "2026-09-29" }),
    work_report: ({ id }) => {
      const report = this.report(id);
      const lines = report.versions.map(({ act }, n): WorkReportVersionLine => ({ number: n + 1, act_text: act, by_text: "罗兰 2001", at_text: "9月29日（周二）09:12", n_added: n === 1 ? 4 : 0, n_removed: 0 }));
      return { row: this.row(report), version: report.versions.length, title: this.last(report).title, body: this.last(report).body, issue: report.issue, may_write: this.mayWrite, versions: lines.reverse() };
    },
    work_report_version: ({ id, version }) => {
      const found = this.report(id).versions[version - 1];
      if (!found) throw refusal("没有这份专报。", "invalid");
      return { number: version, title: found.title, parts: partsOf(found.body), changes: version === 1 ? [] : [{ text: "共受理诉求 24 件。", kind: "same" }, { text: "核对过。", kind: "added" }] };
    },
    preview_work_report: ({ title, body }) => ({ parts: partsOf(body), refusal: title === "" ? "请填写标题。" : null }),
    draft_work_report: (request) => {
      if (request.type === "topic" && request.value === "") throw refusal("请选择专题的内容。", "invalid");
      const kind = request.type === "hot_issue" ? "topic" : request.type;
      const id = `report-${this.reports.length + 1}`;
      this.reports.unshift({ id, kind, issue: "", versions: [{ title: `12345热线${KIND_TEXT[kind]}`, body: BODY, act: "自动起草" }] });
      return { id, version: 1, message: "已起草，请核对并补写建议。" };
    },
    act_on_work_report: ({ id, version, act }) => {
      const report = this.report(id);
      const { title, body } = this.last(report);
      if (version !== report.versions.length) throw refusal("内容刚刚有变化，已重新显示，请核对后再操作。", "stale");
      if (act.type === "revise") return this.add(id, { title: act.title, body: act.body, act: "修改" });
      if (act.type === "reopen") return this.add(id, { title, body, act: `撤回定稿，${act.reason}` });
      if (act.type === "take_up") return this.add(id, { title, body: report.versions[act.version - 1]?.body ?? "", act: `恢复第 ${act.version} 版` });
      if (body.includes("（待撰写）")) throw refusal("还有“待撰写”的内容，写好或删去以后再定稿。");
      report.issue = act.issue;
      return this.add(id, { title, body, act: `定稿，第 ${act.issue} 期` });
    },
    export_work_report: ({ output }) => ({ ticket: "t-report", file_name: `专报.${output}`, n_bytes: 10, path: `/home/quxian/下载/专报.${output}`, serial: "W01-YSER9-2XZSB", message: "专报已生成。" }),
  };
}
