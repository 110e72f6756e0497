// The portal's way to the center.
import { afterEach, describe, expect, it, vi } from "vitest";
import { toBackendError } from "../src/portal/backend";
import { portalTransport } from "../src/portal/http";

class FakeSource {
  static readonly CLOSED = 2;
  static opened: FakeSource[] = [];
  readyState = 1;
  onmessage: ((event: MessageEvent<string>) => void) | null = null;
  onerror: (() => void) | null = null;
  onopen: (() => void) | null = null;
  constructor(readonly url: string) {
    FakeSource.opened.push(this);
  }
  close(): void {
    this.readyState = FakeSource.CLOSED;
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
  FakeSource.opened = [];
});

describe("the portal over HTTP", () => {
  it("sends what its page was told, and nothing before", async () => {
    const fetch = vi.fn(async (_url: string, _init?: RequestInit) => new Response(JSON.stringify({ value: 1, changed: [] })));
    vi.stubGlobal("fetch", fetch);
    vi.stubGlobal("EventSource", FakeSource);
    const transport = portalTransport();
    await transport.call("who_am_i", null);
    transport.setToken("told", true);
    await transport.call("overview", null);
    expect(fetch.mock.calls.map(([url]) => url)).toEqual(["/portal/call/who_am_i", "/portal/call/overview"]);
    expect(fetch.mock.calls.map(([, init]) => (init?.headers as Record<string, string>)["X-Portal-Token"])).toEqual(["", "told"]);
  });

  it("listens while somebody is in, and asks everything again after a gap", () => {
    vi.stubGlobal("EventSource", FakeSource);
    const transport = portalTransport();
    const heard: string[][] = [];
    transport.listen((tags) => heard.push(tags));
    transport.setToken("first password", false);
    expect(FakeSource.opened).toHaveLength(0);
    transport.setToken("told", true);
    transport.setToken("told", true);
    expect(FakeSource.opened).toHaveLength(1);
    const source = FakeSource.opened[0]!;
    source.onmessage?.(new MessageEvent("message", { data: '{"tags":["work_orders"]}' }));
    source.onerror?.();
    source.onopen?.();
    source.readyState = FakeSource.CLOSED;
    source.onerror?.();
    expect(heard).toEqual([["work_orders"], ["*"], ["session"]]);
    transport.setToken("", false);
    expect(source.readyState).toBe(FakeSource.CLOSED);
  });

  it("tells what the center said, and what it could not say", async () => {
    const answers = [new Response('{"code":"refused","message":"请填写依据。","request_id":"A1"}', { status: 409 }), new Response("", { status: 413 }), new Response("", { status: 502 })];
    vi.stubGlobal("fetch", async () => answers.shift()!);
    const transport = portalTransport();
    const told = async (asked: Promise<unknown>): Promise<string> => asked.then(() => "", (thrown: unknown) => toBackendError(thrown).message);
    expect(await told(transport.call("handle_order", {}))).toBe("请填写依据。");
    expect(await told(transport.upload("x", new File(["x"], "a.pdf")))).toBe("文件过大，请压缩或分成几个文件。");
    expect(await told(transport.call("overview", null))).toBe("县中心没有正常应答（502）。");
  });
});
