// The only door to the core. Features call `call(name, request)` and never learn whether the
// window hangs in Tauri or in a browser on the loopback host.
import type { Api, ApiError, ErrorCode, Handed, Reply } from "./generated";

export type CallName = keyof Api;
export type Request<N extends CallName> = Api[N]["request"];
export type Response<N extends CallName> = Api[N]["response"];

/** Carries one call to the core and brings the core's own news back. */
export interface Transport {
  /** Resolves with the reply; rejects with an `ApiError`, or anything else if the way itself failed. */
  call(name: string, payload: unknown): Promise<Reply<unknown>>;
  /** Reports tags that changed without a call from this window. Returns the way to stop. */
  listen(onChanged: (tags: string[]) => void): () => void;
  /** Whether a file box can choose a folder here. */
  choosesFolders: boolean;
  /** Brings a file that the core made and could not write into the person's folder itself. */
  fetchFile(ticket: string): Promise<Blob>;
}

const ERROR_CODES: readonly ErrorCode[] = ["refused", "stale", "locked", "invalid", "storage_full", "fault", "bug"];

/** What the core refused or could not do. `message` is ready-made Chinese. */
export class BackendError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly requestId: string,
  ) {
    super(message);
    this.name = "BackendError";
  }
}

function isApiError(value: unknown): value is ApiError {
  if (typeof value !== "object" || value === null) return false;
  const { code, message } = value as Partial<ApiError>;
  return typeof message === "string" && ERROR_CODES.includes(code as ErrorCode);
}

/** Turns whatever a transport threw into one kind of error. */
export function toBackendError(thrown: unknown): BackendError {
  if (thrown instanceof BackendError) return thrown;
  if (isApiError(thrown)) return new BackendError(thrown.code, thrown.message, thrown.request_id ?? "");
  return new BackendError("fault", "与本机程序的连接中断，请稍候再试。已录入的内容仍在窗口里。", "");
}

type TagListener = (tags: readonly string[]) => void;

let transport: Transport | null = null;
let stopListening: (() => void) | null = null;
const tagListeners = new Set<TagListener>();
const errorListeners = new Set<(error: BackendError) => void>();

/** Puts the transport in place; called once at the start, and by tests. */
export function useTransport(next: Transport): void {
  stopListening?.();
  transport = next;
  stopListening = next.listen(announce);
}

/** Tells every query that these tags changed. */
export function announce(tags: readonly string[]): void {
  if (tags.length === 0) return;
  for (const listener of [...tagListeners]) listener(tags);
}

export function onTags(listener: TagListener): () => void {
  tagListeners.add(listener);
  return () => tagListeners.delete(listener);
}

/** Reports every failed call; the shell uses it to notice that the desk was locked. */
export function onError(listener: (error: BackendError) => void): () => void {
  errorListeners.add(listener);
  return () => errorListeners.delete(listener);
}

/** Asks the core. Tags named in the reply are announced before the promise resolves. */
export async function call<N extends CallName>(name: N, request: Request<N>): Promise<Response<N>> {
  if (transport === null) throw new BackendError("bug", "程序尚未接通，请重新打开。", "");
  let reply: Reply<unknown>;
  try {
    reply = await transport.call(name, request);
  } catch (thrown) {
    const error = toBackendError(thrown);
    for (const listener of [...errorListeners]) listener(error);
    throw error;
  }
  announce(reply.changed ?? []);
  return reply.value as Response<N>;
}

/** "*" names every tag. */
export function tagsMeet(changed: readonly string[], provided: readonly string[]): boolean {
  if (provided.length === 0) return false;
  return changed.some((tag) => tag === "*" || provided.includes(tag));
}

export const choosesFolders = (): boolean => transport?.choosesFolders === true && "webkitdirectory" in HTMLInputElement.prototype;

/** Ends what began with a call that hands a file out: in a browser the page must still download it. */
export async function receive(handed: Handed): Promise<void> {
  if (handed.path !== null) return;
  if (transport === null) throw new BackendError("bug", "程序尚未接通，请重新打开。", "");
  let file: Blob;
  try {
    file = await transport.fetchFile(handed.ticket);
  } catch (thrown) {
    throw toBackendError(thrown);
  }
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = handed.file_name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has its own hold on what it downloads.
  setTimeout(() => URL.revokeObjectURL(url));
}
