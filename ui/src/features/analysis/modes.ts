// What is open under 分析: the figures first, what was written of them beside them.
import { ref } from "vue";

export type Mode = "figures" | "reports";

export const mode = ref<Mode>("figures");
