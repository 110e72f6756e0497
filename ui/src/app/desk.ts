// What every part of a ready window needs: the status, the reference tables, the desk's own time.
import { computed, inject, onScopeDispose, provide, ref, watch, type ComputedRef, type InjectionKey, type Ref } from "vue";
import type { Category, Reference, Status } from "../backend/generated";
import { useQuery, type Query } from "../backend/query";
import type { Findable } from "../shared/match";

/** Limits run on while nobody acts: the counts are asked again this often. */
const STATUS_EVERY_MS = 20_000;

export type Desk = {
  status: Query<Status>;
  reference: Query<Reference>;
  /** UTC milliseconds by the desk's clock, to the second. */
  now: Ref<number>;
  units: ComputedRef<Findable[]>;
  categories: ComputedRef<Findable[]>;
  /** The first level of the categories, each by its name. */
  categoryFields: ComputedRef<Findable[]>;
  /** Townships and streets, each by its code. */
  townships: ComputedRef<Findable[]>;
  categoryById: (id: string) => Category | null;
  /** The id of a unit named by id or by name: categories name their lead unit either way. */
  unitIdOf: (idOrName: string) => string;
  unitName: (id: string) => string;
  /** The townships and streets, as the units that are told of a special matter. */
  townshipUnits: ComputedRef<Findable[]>;
  townshipUnitOf: (townshipCode: string) => string;
};

const DESK: InjectionKey<Desk> = Symbol("desk");

export const categoryPath = (c: Category): string => [c.level1, c.level2].filter((level) => level !== "").join(" › ");

export function provideDesk(): Desk {
  const status = useQuery("status", null);
  const reference = useQuery("reference", null);

  const now = ref(Date.now());
  let told = { at: Date.now(), heard: performance.now() };
  watch(status.value, (value) => {
    if (value) told = { at: value.now, heard: performance.now() };
  });
  const tick = setInterval(() => {
    now.value = told.at + (performance.now() - told.heard);
  }, 500);
  const poll = setInterval(() => void status.refetch(), STATUS_EVERY_MS);
  onScopeDispose(() => {
    clearInterval(tick);
    clearInterval(poll);
  });

  const units = computed(() =>
    (reference.value.value?.units ?? []).map((u) => ({ id: u.id, text: u.name, note: u.group, pinyin: u.pinyin, initials: u.initials })),
  );
  const categories = computed(() =>
    (reference.value.value?.categories ?? []).map((c) => ({
      id: c.id,
      text: c.level3 === "" ? c.level2 : c.level3,
      note: categoryPath(c),
      pinyin: c.pinyin,
      initials: c.initials,
    })),
  );
  const categoryFields = computed(() => (reference.value.value?.category_fields ?? []).map(({ name, pinyin, initials }) => ({ id: name, text: name, note: "", pinyin, initials })));
  const townshipRows = computed(() => reference.value.value?.townships ?? []);
  const townships = computed(() => townshipRows.value.map(({ code, name, pinyin, initials }) => ({ id: code, text: name, note: "", pinyin, initials })));
  const townshipUnits = computed(() => {
    const ids = new Set(townshipRows.value.map((township) => township.unit_id));
    return units.value.filter(({ id }) => ids.has(id));
  });
  const desk: Desk = {
    status,
    reference,
    now,
    units,
    categories,
    categoryFields,
    townships,
    categoryById: (id) => reference.value.value?.categories.find((c) => c.id === id) ?? null,
    unitIdOf: (idOrName) => units.value.find((u) => u.id === idOrName || u.text === idOrName)?.id ?? "",
    unitName: (id) => units.value.find((u) => u.id === id)?.text ?? id,
    townshipUnits,
    townshipUnitOf: (townshipCode) => townshipRows.value.find(({ code }) => code === townshipCode)?.unit_id ?? "",
  };
  provide(DESK, desk);
  return desk;
}

export function useDesk(): Desk {
  const desk = inject(DESK);
  if (!desk) throw new Error("useDesk outside a ready window: the shell provides it");
  return desk;
}
