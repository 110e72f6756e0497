// `npm run dev`, then /dev/: the whole window over the fake backend. Not part of the build.
// ?phase=first_start|locked|damaged|signed_out|screen_locked|password_due  ?orders=5000  ?online  ?latency=400
// ?fail=save_draft  ?dossier=13808120001  ?ring=13900001111  ?enrolled  ?page=conflicts|hand-over  ?sync  ?theme=dark
import type { AppState } from "../src/backend/generated";
import { theme, type Theme } from "../src/app/appearance";
import { go, hasSyncPanel, openConflict, type Page } from "../src/app/navigation";
import { start } from "../src/app/start";
import { FakeBackend, refusal } from "../test/fake-backend";

const query = new URLSearchParams(location.search);
const backend = new FakeBackend({
  phase: (query.get("phase") ?? "ready") as AppState["phase"],
  nOrders: Number(query.get("orders") ?? 60),
  isOnline: query.has("online"),
  latencyMs: Number(query.get("latency") ?? 0),
});
const failing = query.get("fail");
if (failing !== null) backend.failures.set(failing, refusal("磁盘已满，未能写入。", "storage_full"));
backend.center.isEnrolled = query.has("enrolled");
if (query.has("enrolled")) {
  backend.center.addConflicts();
  openConflict.value = 12;
  backend.center.alerts = [{ title: "时钟偏差", text: "本机时钟比中心快 3 分 5 秒。", advice: "请校准本机时钟（Windows：设置—时间；麒麟、统信：控制中心—时间）。相差超过两分钟时，时限按中心的时间计。", at_text: "9月29日（周二）09:00", is_problem: true }];
}
if (query.get("phase") === "signed_out") backend.center.handOverFrom = "陈丽 1024";
const dossier = query.get("dossier");
if (dossier !== null) backend.caller.dossiers.set(dossier, { version: 2, kinds: ["骚扰、侮辱、威胁热线工作人员"], evidence: [], is_taken_over: false, restriction_text: "", referred: "", is_closed: false, story: [{ at_text: "09-21 10:02", title: "建档", detail: "录音 20260921-1002", actor: "王敏（1001）" }, { at_text: "09-28 16:40", title: "留证", detail: "录音 20260928-1640", actor: "陈丽（1024）" }] });
const ringing = query.get("ring");
// A second later, when somebody is at work.
if (ringing !== null) setTimeout(() => backend.caller.ring(ringing), 1500);
const shown = query.get("page");
if (shown !== null) go(shown as Page);
hasSyncPanel.value = query.has("sync");
const wanted = query.get("theme");
if (wanted !== null) theme.value = wanted as Theme;
start(backend, "#app");
