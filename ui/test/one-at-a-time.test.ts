import { describe, expect, it } from "vitest";
import { nextTick, shallowRef } from "vue";
import { oneAtATime } from "../src/shared/one-at-a-time";

describe("asking while a person types", () => {
  it("is done at once, once more when that is answered, and not again", async () => {
    const isUnderWay = shallowRef(false);
    let runs = 0;
    const asking = oneAtATime(() => {
      runs += 1;
      isUnderWay.value = true;
    }, isUnderWay);
    const answer = async (): Promise<void> => {
      isUnderWay.value = false;
      await nextTick();
    };
    asking.soon();
    expect(runs).toBe(1);
    await nextTick();
    asking.soon();
    asking.soon();
    expect(runs).toBe(1);
    await answer();
    expect(runs).toBe(2);
    await answer();
    expect(runs).toBe(2);
  });

  it("is done in any case where it must be, and then nothing is owed", async () => {
    const isUnderWay = shallowRef(true);
    let runs = 0;
    const asking = oneAtATime(() => (runs += 1), isUnderWay);
    asking.soon();
    asking.now();
    expect(runs).toBe(1);
    isUnderWay.value = false;
    await nextTick();
    expect(runs).toBe(1);
  });
});
