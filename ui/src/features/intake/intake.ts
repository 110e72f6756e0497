import type { Intake } from "../../backend/generated";

export function newIntake(): Intake {
  return {
    caller: { phone: "", contact_phone: "", name: "", address: "" },
    channel: "phone",
    kind: "consultation",
    class: "ordinary",
    category_id: "",
    title: "",
    text: "",
    place: { township_code: "", village_code: "", detail: "" },
    happened: "",
    about: "",
    wants: "",
    is_confidential: false,
    wants_call_back: false,
  };
}

const BLANK = JSON.stringify(newIntake());
export const isBlank = (body: Intake): boolean => JSON.stringify(body) === BLANK;

/** As the core cuts a title that nobody wrote. */
const MAX_TITLE_CHARACTERS = 30;
const MAX_TAB_CHARACTERS = 11;

function cut(text: string, limit: number): string {
  const characters = [...text];
  return characters.length > limit ? `${characters.slice(0, limit).join("")}…` : text;
}

/** The first clause of what was said: the title that the order gets where nobody writes one. */
export function titleFrom(text: string): string {
  const clauses = text.split(/[。！？!?；;\n\r]/).map((clause) => clause.trim());
  const first = clauses.find((clause) => clause !== "") ?? text.trim();
  return [...first].slice(0, MAX_TITLE_CHARACTERS).join("");
}

export function tabText(body: Intake): string {
  const text = body.title.trim() || titleFrom(body.text) || body.caller.name.trim() || body.caller.phone.trim();
  return text === "" ? "新单" : cut(text, MAX_TAB_CHARACTERS);
}
