// Light, dark or as the system; text from 100 % to 150 %. Kept on this machine only.
import { ref, watch } from "vue";

export type Theme = "system" | "light" | "dark";
export const TEXT_SCALES = [1, 1.15, 1.3, 1.5] as const;

const THEME_KEY = "desk-theme";
const SCALE_KEY = "desk-text-scale";

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A window without storage simply forgets the choice.
  }
}

const themes: readonly Theme[] = ["system", "light", "dark"];
export const theme = ref<Theme>(themes.find((t) => t === stored(THEME_KEY)) ?? "system");
export const textScale = ref<number>(TEXT_SCALES.find((s) => String(s) === stored(SCALE_KEY)) ?? 1);

export function startAppearance(): void {
  const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = (): void => {
    const isDark = theme.value === "dark" || (theme.value === "system" && systemIsDark.matches);
    document.documentElement.dataset["theme"] = isDark ? "dark" : "light";
    document.documentElement.style.setProperty("--text-scale", String(textScale.value));
  };
  systemIsDark.addEventListener("change", apply);
  watch([theme, textScale], () => {
    store(THEME_KEY, theme.value);
    store(SCALE_KEY, String(textScale.value));
    apply();
  });
  apply();
}
