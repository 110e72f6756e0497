// The way over the loopback host: POST /call/<name>, server-sent events from /changes.
import { BackendError, type Transport } from "./backend";
import type { Reply } from "./generated";

const TOKEN_KEY = "desk-token";
/** Browsers refuse longer bodies for a request that outlives its page. */
const MAX_KEEPALIVE_BYTES = 60_000;

/** Takes the token out of the address once, so that it stays neither in the bar nor in the history. */
export function takeToken(): string {
  const fromFragment = new URLSearchParams(location.hash.replace(/^#/, "")).get("token");
  const fromQuery = new URLSearchParams(location.search).get("token");
  const token = fromFragment ?? fromQuery;
  if (token !== null) {
    sessionStorage.setItem(TOKEN_KEY, token);
    history.replaceState(null, "", location.pathname);
    return token;
  }
  return sessionStorage.getItem(TOKEN_KEY) ?? "";
}

export function httpTransport(token: string): Transport {
  return {
    async call(name, payload) {
      const body = JSON.stringify(payload ?? null);
      const reply = await fetch(`/call/${name}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Desk-Token": token },
        body,
        // The last draft must still leave when the page is being closed.
        keepalive: name === "save_draft" && body.length * 3 < MAX_KEEPALIVE_BYTES,
      });
      if (reply.ok) return (await reply.json()) as Reply<unknown>;
      const error: unknown = await reply.json().catch(() => null);
      throw error ?? new BackendError("fault", `本机服务没有正常应答（${reply.status}）。`, "");
    },
    choosesFolders: true,
    async fetchFile(ticket) {
      const reply = await fetch(`/handed/${encodeURIComponent(ticket)}`, { method: "POST", headers: { "X-Desk-Token": token } });
      if (reply.ok) return reply.blob();
      throw (await reply.json().catch(() => null)) ?? new BackendError("fault", `本机服务没有正常应答（${reply.status}）。`, "");
    },
    listen(onChanged) {
      const source = new EventSource(`/changes?token=${encodeURIComponent(token)}`);
      let wasLost = false;
      source.onmessage = (event: MessageEvent<string>) => {
        const { tags } = JSON.parse(event.data) as { tags: string[] };
        onChanged(tags);
      };
      source.onerror = () => {
        wasLost = true;
      };
      source.onopen = () => {
        // What changed while the line was down is unknown: ask everything again.
        if (wasLost) onChanged(["*"]);
        wasLost = false;
      };
      return () => source.close();
    },
  };
}
