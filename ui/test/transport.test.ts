import { mockIPC, clearMocks } from "@tauri-apps/api/mocks";
import { afterEach, describe, expect, it, vi } from "vitest";
import { toBackendError } from "../src/backend/backend";
import { httpTransport, takeToken } from "../src/backend/http";
import { tauriTransport } from "../src/backend/tauri";

afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

describe("over HTTP", () => {
  it("sends the token and the payload, and takes the reply", async () => {
    const fetch = vi.fn(async (_url: string, _init?: RequestInit) => new Response(JSON.stringify({ value: 1, changed: ["status"] })));
    vi.stubGlobal("fetch", fetch);
    const reply = await httpTransport("secret").call("work_order", { id: "x" });
    expect(reply).toEqual({ value: 1, changed: ["status"] });
    const [url, init] = fetch.mock.calls[0] ?? [];
    expect(url).toBe("/call/work_order");
    expect(init).toMatchObject({ method: "POST", body: '{"id":"x"}', headers: { "X-Desk-Token": "secret" } });
  });

  it("lets the last draft outlive the page", async () => {
    const fetch = vi.fn(async (_url: string, _init?: RequestInit) => new Response(JSON.stringify({ value: null, changed: [] })));
    vi.stubGlobal("fetch", fetch);
    await httpTransport("").call("save_draft", { id: "x" });
    expect(fetch.mock.calls[0]?.[1]?.keepalive).toBe(true);
  });

  it("throws the core's own error", async () => {
    vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ code: "refused", message: "请选择承办单位。", request_id: "7" }), { status: 422 }));
    await expect(httpTransport("").call("submit", null)).rejects.toMatchObject({ code: "refused", message: "请选择承办单位。" });
    vi.stubGlobal("fetch", async () => new Response("<html>", { status: 502 }));
    const thrown = await httpTransport("").call("submit", null).catch((error: unknown) => error);
    expect(toBackendError(thrown).code).toBe("fault");
  });

  it("takes the token out of the address once", () => {
    history.replaceState(null, "", "/?token=abc");
    expect(takeToken()).toBe("abc");
    expect(location.href).not.toContain("abc");
    expect(takeToken()).toBe("abc");
  });
});

describe("over Tauri", () => {
  afterEach(() => clearMocks());

  it("invokes the one command", async () => {
    const seen: unknown[] = [];
    mockIPC((command, payload) => {
      seen.push([command, payload]);
      return { value: "答", changed: [] };
    });
    expect(await tauriTransport().call("status", null)).toEqual({ value: "答", changed: [] });
    expect(seen).toEqual([["call", { name: "status", payload: null }]]);
  });
});
