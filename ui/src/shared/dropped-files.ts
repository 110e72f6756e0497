// The files that a person dropped or chose, those inside folders included.
import type { NamedFile } from "../backend/upload";

/** What is dropped may be a whole disk; the core takes fewer and says so. */
const FILES_MAX = 500;

type Entry = FileSystemEntry & Partial<Pick<FileSystemFileEntry, "file">> & Partial<Pick<FileSystemDirectoryEntry, "createReader">>;

const inTheOrderOfNames = (files: NamedFile[]): NamedFile[] => files.sort((a, b) => a.name.localeCompare(b.name, "zh-Hans-CN", { numeric: true }));

/** Of a file input; one for folders tells where in the folder each stood. */
export function chosenFiles(list: FileList | null): NamedFile[] {
  return inTheOrderOfNames([...(list ?? [])].slice(0, FILES_MAX).map((file) => ({ name: file.webkitRelativePath || file.name, file })));
}

async function gather(entry: Entry, into: NamedFile[]): Promise<void> {
  if (into.length >= FILES_MAX) return;
  if (entry.isFile && entry.file) {
    const file = await new Promise<File>((done, failed) => entry.file!(done, failed));
    into.push({ name: entry.fullPath.replace(/^\//, ""), file });
  } else if (entry.isDirectory && entry.createReader) {
    const reader = entry.createReader();
    // A reader gives some entries at a time, and none when there are no more.
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
      if (some.length === 0 || into.length >= FILES_MAX) return;
      for (const inside of some) await gather(inside, into);
    }
  }
}

export async function droppedFiles(transfer: DataTransfer | null): Promise<NamedFile[]> {
  if (transfer === null) return [];
  // The list is empty as soon as the event is over: everything is taken out of it first.
  const entries = [...(transfer.items ?? [])].map((item) => item.webkitGetAsEntry?.() ?? null).filter((entry) => entry !== null);
  if (!entries.some(({ isDirectory }) => isDirectory)) return chosenFiles(transfer.files);
  const files: NamedFile[] = [];
  for (const entry of entries) await gather(entry, files);
  return inTheOrderOfNames(files);
}

/** A file that is dropped beside its place must not take the page's place in the window. */
export function refuseStrayDrops(target: Document = document): void {
  for (const name of ["dragover", "drop"] as const) {
    target.addEventListener(name, (event) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    });
  }
}
