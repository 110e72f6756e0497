// What fills itself from the text, and what a person said of it. A person's word holds: what they
// chose stays, what they took away stays away, and only what nobody touched follows the text.
import type { Intake, MatterKind } from "../../backend/generated";
import { newIntake } from "./intake";

export const FIELDS = ["kind", "category", "township", "village", "detail", "happened", "about", "wants"] as const;
export type Field = (typeof FIELDS)[number];

/** What the text says of each field; empty where it says nothing. */
export type Suggested = {
  kind: MatterKind | null;
  category: string;
  township: string;
  village: string;
  detail: string;
  happened: string;
  about: string;
  wants: string;
};

export const NOTHING_SUGGESTED: Suggested = { kind: null, category: "", township: "", village: "", detail: "", happened: "", about: "", wants: "" };

export type Choices = {
  /** What is the person's own: chosen, or taken away. */
  own: Record<Field, boolean>;
  /** 要素 that were taken away, by their keys. */
  dropped: string[];
  /** 追问 that were put, by their words. */
  asked: string[];
  /** 提示 that were seen and set aside, by their keys. */
  setAside: string[];
};

export function valueOf(body: Intake, field: Field): string {
  switch (field) {
    case "kind":
      return body.kind;
    case "category":
      return body.category_id;
    case "township":
      return body.place.township_code;
    case "village":
      return body.place.village_code;
    case "detail":
      return body.place.detail;
    case "happened":
      return body.happened;
    case "about":
      return body.about;
    case "wants":
      return body.wants;
  }
}

function put(body: Intake, field: Field, value: string): void {
  // Written only where it differs: every write of a draft is a write to the disk.
  if (valueOf(body, field) === value) return;
  switch (field) {
    case "kind":
      body.kind = value as MatterKind;
      return;
    case "category":
      body.category_id = value;
      return;
    case "township":
      body.place.township_code = value;
      return;
    case "village":
      body.place.village_code = value;
      return;
    case "detail":
      body.place.detail = value;
      return;
    case "happened":
      body.happened = value;
      return;
    case "about":
      body.about = value;
      return;
    case "wants":
      body.wants = value;
      return;
  }
}

/** Of a draft that was kept nobody knows any more who filled it: what is filled counts as chosen. */
export function choicesOf(body: Intake): Choices {
  const blank = newIntake();
  const own = Object.fromEntries(FIELDS.map((field) => [field, valueOf(body, field) !== valueOf(blank, field)])) as Record<Field, boolean>;
  return { own, dropped: [], asked: [], setAside: [] };
}

/** A person's own value; empty takes it away for good. */
export function choose(body: Intake, choices: Choices, field: Field, value: string): void {
  if (field === "township" && value !== body.place.township_code) {
    // A village of the other township would contradict it.
    put(body, "village", "");
    choices.own.village = false;
  }
  put(body, field, value);
  choices.own[field] = true;
}

/** Gives a field back to the text. */
export function follow(body: Intake, choices: Choices, field: Field, suggested: Suggested): void {
  choices.own[field] = false;
  fill(body, choices, suggested, null);
}

/**
 * Fills what nobody touched. The field that has the focus is `held`: nothing moves under the caret.
 */
export function fill(body: Intake, choices: Choices, suggested: Suggested, held: Field | null): void {
  const blank = newIntake();
  for (const field of FIELDS) {
    if (choices.own[field] || field === held) continue;
    put(body, field, (field === "village" ? villageOf(body, suggested) : suggested[field]) || valueOf(blank, field));
  }
}

/** A village fills itself only into its own township. */
function villageOf(body: Intake, suggested: Suggested): string {
  return body.place.township_code === suggested.township ? suggested.village : "";
}
