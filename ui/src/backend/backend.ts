// The only door to the desk's core. Features call `call(name, request)` and never learn whether the
// window hangs in Tauri or in a browser on the loopback host.
import { BackendError, Connection, type Transport as AnyTransport } from "./connection";
import { PROVIDES, type Api, type Handed } from "./generated";

export { BackendError, tagsMeet } from "./connection";

export type CallName = keyof Api;
export type Request<N extends CallName> = Api[N]["request"];
export type Response<N extends CallName> = Api[N]["response"];

export interface Transport extends AnyTransport {
  /** Whether a file box can choose a folder here. */
  choosesFolders: boolean;
  /** Brings a file that the core made and could not write into the person's folder itself. */
  fetchFile(ticket: string): Promise<Blob>;
}

/** The desk's; queries stand in `query.ts`. */
export const desk = new Connection<Api, Transport>(PROVIDES, "与本机程序的连接中断，请稍候再试。已录入的内容仍在窗口里。");
export const { call, announce, onTags, onError, useTransport, toBackendError } = desk;

export const choosesFolders = (): boolean => desk.transport?.choosesFolders === true && "webkitdirectory" in HTMLInputElement.prototype;

/** Ends what began with a call that hands a file out: in a browser the page must still download it. */
export async function receive(handed: Handed): Promise<void> {
  if (handed.path !== null) return;
  if (desk.transport === null) throw new BackendError("bug", "程序尚未接通，请重新打开。", "");
  let file: Blob;
  try {
    file = await desk.transport.fetchFile(handed.ticket);
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
