// The way to the center: POST /portal/call/<name>, server-sent events from /portal/changes, files by
// themselves. The session is a cookie that no script sees; the token says that our page is asking.
import { BackendError } from "../backend/connection";
import type { PortalTransport } from "./backend";
import type { EvidenceFile, Reply } from "./generated";

const TOO_LARGE = 413;

async function failed(reply: Response): Promise<never> {
  if (reply.status === TOO_LARGE) throw new BackendError("invalid", "文件过大，请压缩或分成几个文件。", "");
  const error: unknown = await reply.json().catch(() => null);
  throw error ?? new BackendError("fault", `县中心没有正常应答（${reply.status}）。`, "");
}

export function portalTransport(): PortalTransport {
  let token = "";
  let source: EventSource | null = null;
  let tell: (tags: string[]) => void = () => undefined;

  function listenAgain(hearsNews: boolean): void {
    source?.close();
    source = null;
    if (!hearsNews) return;
    const next = new EventSource("/portal/changes");
    let wasLost = false;
    next.onmessage = (event: MessageEvent<string>) => tell((JSON.parse(event.data) as { tags: string[] }).tags);
    next.onerror = () => {
      wasLost = true;
      // Closed for good: whoever is here may be let in no more.
      if (next.readyState === EventSource.CLOSED) tell(["session"]);
    };
    next.onopen = () => {
      // What changed while the line was down is unknown: ask everything again.
      if (wasLost) tell(["*"]);
      wasLost = false;
    };
    source = next;
  }

  return {
    async call(name, payload) {
      const reply = await fetch(`/portal/call/${name}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Portal-Token": token },
        body: JSON.stringify(payload ?? null),
      });
      if (!reply.ok) return failed(reply);
      return (await reply.json()) as Reply<unknown>;
    },
    listen(onChanged) {
      tell = onChanged;
      return () => {
        source?.close();
        source = null;
      };
    },
    setToken(next, hearsNews) {
      if (next === token && hearsNews === (source !== null)) return;
      token = next;
      listenAgain(hearsNews);
    },
    async upload(orderId, file) {
      const address = `/portal/evidence/${encodeURIComponent(orderId)}?name=${encodeURIComponent(file.name)}`;
      const reply = await fetch(address, { method: "POST", headers: { "Content-Type": "application/octet-stream", "X-Portal-Token": token }, body: file });
      if (!reply.ok) return failed(reply);
      return (await reply.json()) as EvidenceFile;
    },
    fileAddress: (orderId, sha256) => `/portal/evidence/${encodeURIComponent(orderId)}/${sha256}`,
  };
}
