// Files on their way into the core: one call takes a part, because a request has a limit and a file
// a larger one.
import { call } from "./backend";

/** Bytes in one part; the core takes 512 KB. A multiple of three, so that parts are whole in base64. */
export const PART_BYTES = 384 * 1024;
/** So many characters are made at a time: an engine takes only so many arguments. */
const CHARACTERS_AT_A_TIME = 0x8000;

/** A file with the folders it stood in. */
export type NamedFile = { name: string; file: Blob };

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHARACTERS_AT_A_TIME) text += String.fromCharCode(...bytes.subarray(at, at + CHARACTERS_AT_A_TIME));
  return btoa(text);
}

/**
 * Sends the files one after the other and tells how far it has come, from 0 to 1.
 * @returns the id of the upload
 */
export async function upload(files: readonly NamedFile[], onProgress: (part: number) => void, signal: AbortSignal): Promise<string> {
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  let uploadId = "";
  let nSent = 0;
  for (const { name, file } of files) {
    let offset = 0;
    // An empty file is sent too: the core says that there is nothing in it.
    do {
      const bytes = new Uint8Array(await file.slice(offset, offset + PART_BYTES).arrayBuffer());
      const taken = await call("upload_part", { upload_id: uploadId, file_name: name, offset, content: toBase64(bytes) });
      uploadId = taken.upload_id;
      offset += bytes.length;
      nSent += bytes.length;
      onProgress(total === 0 ? 1 : nSent / total);
      if (signal.aborted) {
        await call("drop_upload", { upload_id: uploadId });
        signal.throwIfAborted();
      }
    } while (offset < file.size);
  }
  return uploadId;
}
