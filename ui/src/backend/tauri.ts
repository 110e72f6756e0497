// The way through the Tauri window: one command `call`, one event `changed`.
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { BackendError, type Transport } from "./backend";
import type { Reply } from "./generated";

export const isInTauri = (): boolean => "__TAURI_INTERNALS__" in window;

export function tauriTransport(): Transport {
  return {
    call: (name, payload) => invoke<Reply<unknown>>("call", { name, payload }),
    // The file dialog of WebKitGTK knows files only, whatever the page asks for.
    choosesFolders: !navigator.userAgent.includes("Linux"),
    // The core writes files itself: the window drops what a page wants to download.
    fetchFile: () => Promise.reject(new BackendError("bug", "文件已由程序写入下载文件夹。", "")),
    listen(onChanged) {
      let isStopped = false;
      let unlisten: (() => void) | null = null;
      listen<{ tags?: string[] }>("changed", (event) => onChanged(event.payload.tags ?? ["*"])).then(
        (stop) => {
          if (isStopped) stop();
          else unlisten = stop;
        },
        // Without the event the window still works: its own replies name what changed.
        () => undefined,
      );
      return () => {
        isStopped = true;
        unlisten?.();
      };
    },
  };
}
