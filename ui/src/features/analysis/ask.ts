// What is asked: the days and the filters, kept while the person looks elsewhere.
import { computed, ref } from "vue";
import type { AnalysisAsk, AnalysisDays, AnalysisFilter, AnalysisSpan, Dimension, Figure } from "../../backend/generated";

/** Of these days, until somebody chooses others. */
export const FIRST_SPAN: AnalysisSpan = "month";

export const days = ref<AnalysisDays>({ type: "span", span: FIRST_SPAN });
export const filters = ref<AnalysisFilter[]>([]);
export const ask = computed<AnalysisAsk>(() => ({ days: days.value, filters: filters.value }));

/** A number whose orders are open. */
export type OpenFigure = { figure: Figure; filters: AnalysisFilter[] };
export const openFigure = ref<OpenFigure | null>(null);

/** One value of a dimension at a time; the same again takes it back. */
export function filterBy(dimension: Dimension, value: string): void {
  const isSame = filters.value.some((it) => it.dimension === dimension && it.value === value);
  const others = filters.value.filter((it) => it.dimension !== dimension);
  filters.value = isSame ? others : [...others, { dimension, value }];
  openFigure.value = null;
}

/** One step less narrow, or gone. */
export function widen(dimension: Dimension, wider: string): void {
  const others = filters.value.filter((it) => it.dimension !== dimension);
  filters.value = wider === "" ? others : [...others, { dimension, value: wider }];
  openFigure.value = null;
}

export function forgetFilters(): void {
  filters.value = [];
  openFigure.value = null;
}

/** The orders behind a number; with a value, only those of it. */
export function open(figure: Figure, of?: AnalysisFilter): void {
  const others = filters.value.filter((it) => it.dimension !== of?.dimension);
  openFigure.value = { figure, filters: of === undefined ? filters.value : [...others, of] };
}
