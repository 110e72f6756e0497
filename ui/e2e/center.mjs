// A real center for the tests of its pages: a folder of its own, the demonstration in it, a clock that
// the test sets, and the built pages.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM = process.env.HOTLINE_CENTER ?? "../target/debug/hotline-center";
const UI = new URL("../dist", import.meta.url).pathname;
/** 2026-11-24 10:00 in Beijing, a Tuesday. */
const MORNING = Date.UTC(2026, 10, 24, 2, 0, 0);

/** What everybody of the demonstration begins with. */
export const FIRST_PASSWORD = "Mendian-8273-Qiao";

export async function startCenter() {
  const folder = mkdtempSync(join(tmpdir(), "hotline-center-"));
  const clock = join(folder, "clock");
  const setClock = (at) => writeFileSync(clock, String(Math.round((at - Date.now()) / 1000)));
  setClock(MORNING);
  const data = ["--data", join(folder, "data")];
  const env = { ...process.env, HOTLINE_CENTER_CLOCK: clock };
  const run = (...words) => execFileSync(PROGRAM, [...data, ...words], { env, encoding: "utf8" });
  run("init");
  run("demo");
  const words = ["serve", "--web", "127.0.0.1:0", "--desks", "127.0.0.1:0", "--ui", UI];
  const child = spawn(PROGRAM, [...data, ...words], { env, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (text) => (log += text));
  const ended = new Promise((done) => child.once("exit", done));
  const url = await new Promise((found, failed) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const web = /^网页：(http:\S+)/.exec(line);
      if (web) found(web[1]);
    });
    void ended.then(() => failed(new Error(`The center ended: ${log}`)));
  });
  return {
    url,
    run,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
      return log;
    },
  };
}
