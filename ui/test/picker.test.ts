import { mount } from "@vue/test-utils";
import { afterAll, expect, it } from "vitest";
import { nextTick } from "vue";
import { watchCompositions } from "../src/shared/ime";
import Picker from "../src/shared/Picker.vue";
import { REFERENCE } from "./fake-reference";
import { press, type } from "./window";

const options = REFERENCE.units.map((u) => ({ id: u.id, text: u.name, note: u.group, pinyin: u.pinyin, initials: u.initials }));
const stop = watchCompositions();
afterAll(stop);

async function open(chosen = "") {
  const wrapper = mount(Picker, { attachTo: document.body, props: { label: "承办单位", options, modelValue: chosen, "onUpdate:modelValue": (id: string) => wrapper.setProps({ modelValue: id }) } });
  const input = wrapper.get("input").element;
  input.focus();
  await nextTick();
  return { wrapper, input, shown: () => wrapper.findAll("[role=option] .text").map((option) => option.text()), chosen: () => wrapper.props("modelValue") };
}

it("finds by initials and takes the first with Enter", async () => {
  const { input, shown, chosen } = await open();
  type(input, "xswj");
  await nextTick();
  expect(shown()).toEqual(["县水务局"]);
  expect(press("Enter", input).defaultPrevented).toBe(true);
  await nextTick();
  expect(chosen()).toBe("swj");
  expect(input.value).toBe("县水务局");
});

it("takes the best match on Tab, so that typing on is enough", async () => {
  const { input, chosen } = await open();
  type(input, "shz");
  await nextTick();
  press("Tab", input);
  await nextTick();
  expect(chosen()).toBe("shz");
});

it("Enter that confirms a candidate chooses nothing", async () => {
  const { input, chosen } = await open();
  type(input, "水务");
  input.dispatchEvent(new Event("compositionend", { bubbles: true }));
  await nextTick();
  press("Enter", input);
  expect(chosen()).toBe("");
});

it("the first Esc closes the list and puts the chosen name back", async () => {
  const { input, wrapper, chosen } = await open("ybj");
  type(input, "sw");
  await nextTick();
  const escape = press("Escape", input);
  await nextTick();
  expect(escape.defaultPrevented).toBe(true);
  expect(wrapper.find("[role=option]").exists()).toBe(false);
  expect(input.value).toBe("县医疗保障局");
  expect(chosen()).toBe("ybj");
});

it("a suggestion that comes while the field has the focus is replaced by what is typed next", async () => {
  const { input, wrapper, shown } = await open();
  await wrapper.setProps({ modelValue: "ybj" });
  await nextTick();
  expect(input.value).toBe("县医疗保障局");
  expect([input.selectionStart, input.selectionEnd]).toEqual([0, input.value.length]);
  // One that comes later leaves alone what is being typed.
  type(input, "xswj");
  await wrapper.setProps({ modelValue: "shz" });
  await nextTick();
  expect(input.value).toBe("xswj");
  expect(shown()).toEqual(["县水务局"]);
});

it("an emptied field means none", async () => {
  const { input, chosen } = await open("ybj");
  type(input, "");
  await nextTick();
  input.blur();
  await nextTick();
  expect(chosen()).toBe("");
});

it("keeps what is being typed while the window is away", async () => {
  const { input, shown } = await open("ybj");
  type(input, "xswj");
  // The window loses the focus, and gets it back; the field is the active one all the time.
  input.dispatchEvent(new FocusEvent("blur"));
  input.dispatchEvent(new FocusEvent("focus"));
  await nextTick();
  expect(input.value).toBe("xswj");
  expect(shown()).toEqual(["县水务局"]);
});

it("shows a name that no option has, and keeps it when nothing else is chosen", async () => {
  const wrapper = mount(Picker, { attachTo: document.body, props: { label: "责任单位", options, modelValue: "", fallbackText: "渠县供水企业", "onUpdate:modelValue": (id: string) => wrapper.setProps({ modelValue: id }) } });
  const input = wrapper.get("input").element;
  expect(input.value).toBe("渠县供水企业");
  input.focus();
  await nextTick();
  press("Escape", input);
  expect(wrapper.props("modelValue")).toBe("");
  expect(input.value).toBe("渠县供水企业");
});
