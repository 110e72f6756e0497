// The UI reckons no limit; it only shows a clock. Asia/Shanghai is a fixed +08:00.
const OFFSET_MS = 8 * 3600_000;

const two = (n: number): string => String(n).padStart(2, "0");

/** 09:05 */
export function clockText(at: number): string {
  const local = new Date(at + OFFSET_MS);
  return `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
}

/** 2:05 */
export function spanText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}
