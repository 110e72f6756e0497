// `npm run dev`, then /dev/: the whole window over the fake backend. Not part of the build.
// ?phase=first_start|locked|damaged  ?orders=5000  ?online  ?latency=400  ?fail=save_draft
import type { AppState } from "../src/backend/generated";
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
start(backend, "#app");
