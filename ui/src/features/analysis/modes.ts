// What is open under 分析: the figures first, what was written of them and what they warn of beside them.
import { ref } from "vue";

export type Mode = "figures" | "reports" | "warnings";

export const mode = ref<Mode>("figures");
