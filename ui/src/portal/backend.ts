// The only door of the units' pages to the center.
import { BackendError, Connection, type Transport } from "../backend/connection";
import { PROVIDES, type Api, type EvidenceFile } from "./generated";

export { BackendError } from "../backend/connection";

export interface PortalTransport extends Transport {
  /** What every call carries from now on; empty for nobody. News come for whoever may hear them. */
  setToken(token: string, hearsNews: boolean): void;
  /** Hands a file in for an order. */
  upload(orderId: string, file: File): Promise<EvidenceFile>;
  /** Where a file that was handed in can be fetched. */
  fileAddress(orderId: string, sha256: string): string;
}

export const portal = new Connection<Api, PortalTransport>(PROVIDES, "与县中心的连接中断，请稍候再试。已填写的内容仍在页面里。");
export const { call, onError, onTags, announce, useTransport, useQuery, forgetAnswers, toBackendError } = portal;

const transport = (): PortalTransport => {
  if (portal.transport === null) throw new BackendError("bug", "页面尚未接通，请刷新。", "");
  return portal.transport;
};
export const setToken = (token: string, hearsNews: boolean): void => transport().setToken(token, hearsNews);
export const fileAddress = (orderId: string, sha256: string): string => transport().fileAddress(orderId, sha256);

export async function upload(orderId: string, file: File): Promise<EvidenceFile> {
  try {
    return await transport().upload(orderId, file);
  } catch (thrown) {
    throw toBackendError(thrown);
  }
}

/** Names one act: the same again, after an answer that was lost, is done once. */
export function newActId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The name of what is being asked: the same for the same content, another as soon as it differs. */
export class ActName {
  private id = newActId();
  private content = "";

  of(content: unknown): string {
    const text = JSON.stringify(content);
    if (this.content !== "" && this.content !== text) this.id = newActId();
    this.content = text;
    return this.id;
  }

  /** It was done: what comes next is another. */
  renew(): void {
    this.id = newActId();
    this.content = "";
  }
}
