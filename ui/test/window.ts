// The whole window over the fake backend, as a person at the keyboard sees it.
import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, vi } from "vitest";
import App from "../src/app/App.vue";
import { startKeys } from "../src/app/keys";
import { useTransport } from "../src/backend/backend";
import { watchCompositions } from "../src/shared/ime";
import { FakeBackend, type FakeOptions } from "./fake-backend";

let close: (() => void) | null = null;
afterEach(() => {
  close?.();
  close = null;
});

export type Window = { backend: FakeBackend; wrapper: VueWrapper };

export async function openWindow(options: FakeOptions = {}, prepare: (backend: FakeBackend) => void = () => undefined): Promise<Window> {
  const backend = new FakeBackend(options);
  prepare(backend);
  useTransport(backend);
  const stopKeys = startKeys();
  const stopCompositions = watchCompositions();
  const host = document.createElement("div");
  document.body.append(host);
  const wrapper = mount(App, { attachTo: host });
  close = () => {
    wrapper.unmount();
    stopKeys();
    stopCompositions();
  };
  await settle();
  return { backend, wrapper };
}

export async function settle(): Promise<void> {
  for (let i = 0; i < 4; i++) await flushPromises();
}

export function byTestId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.querySelector<T>(`[data-testid="${id}"]`);
  if (!element) throw new Error(`Nothing on the screen is called ${id}`);
  return element;
}

export const allByTestId = (id: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(`[data-testid="${id}"]`)];
export const has = (id: string): boolean => document.querySelector(`[data-testid="${id}"]`) !== null;

/** Waits for a condition, never for a time. */
export const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 4000, interval: 10 });

export function type(element: HTMLElement, text: string): void {
  const field = element as HTMLInputElement | HTMLTextAreaElement;
  field.focus();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export function press(chord: string, target: Element = document.activeElement ?? document.body): KeyboardEvent {
  const parts = chord.split("+");
  const key = parts[parts.length - 1] ?? "";
  const code = /^\d$/.test(key) ? `Digit${key}` : /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key;
  const event = new KeyboardEvent("keydown", { key, code, ctrlKey: parts.includes("Ctrl"), altKey: parts.includes("Alt"), shiftKey: parts.includes("Shift"), bubbles: true, cancelable: true });
  target.dispatchEvent(event);
  return event;
}
