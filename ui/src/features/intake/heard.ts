// What the core heard, as the cockpit shows it: which value each field follows, which 要素 stand beside
// the form, which candidates have which key. Nothing is found here and nothing is decided.
import type { Chosen, EmergencyLine, Heard, HeardAlert, HeardDispatch, HeardKind, HeardPlace, HeardUnit, HeardWord, Intake, MatterKind } from "../../backend/generated";
import type { Span } from "../../shared/segments";
import { NOTHING_SUGGESTED, valueOf, type Choices, type Field, type Suggested } from "./choices";
import { newIntake } from "./intake";

/** What is sent of the form: what was said, and what a person chose. What filled itself would only come back. */
export function question(body: Intake, { own }: Choices): { intake: Intake; chosen: Chosen } {
  const blank = newIntake();
  const told = (field: Field): string => valueOf(own[field] ? body : blank, field);
  const intake: Intake = {
    ...blank,
    caller: { ...body.caller },
    channel: body.channel,
    class: body.class,
    title: body.title,
    text: body.text,
    kind: told("kind") as MatterKind,
    category_id: told("category"),
    place: { township_code: told("township"), village_code: told("village"), detail: told("detail") },
    happened: told("happened"),
    about: told("about"),
    wants: told("wants"),
    is_confidential: body.is_confidential,
  };
  const isPlaceChosen = own.township || own.village;
  return { intake, chosen: { kind: own.kind, category: own.category, place: isPlaceChosen, happened: own.happened, about: own.about, class: body.class !== blank.class } };
}

export const groundText = (unit: HeardUnit): string => unit.grounds.map(({ text }) => text).join("；");

/** Who has to do with it besides the lead, and as what; each once. */
export function besidesOf({ leads, assisting, territorial, regulator }: HeardDispatch): { part: string; unitId: string; unit: string; ground: string }[] {
  const named = [...assisting.map((unit) => ({ part: "协办", unit })), ...(territorial ? [{ part: "属地", unit: territorial }] : []), ...(regulator ? [{ part: "行业主管", unit: regulator }] : [])];
  const told = new Set(leads.map((lead) => lead.unit_id));
  return named.flatMap(({ part, unit }) => {
    if (told.has(unit.unit_id)) return [];
    told.add(unit.unit_id);
    return [{ part, unitId: unit.unit_id, unit: unit.unit, ground: groundText(unit) }];
  });
}

/** One wish a line would hold; a caller has seldom more. */
const MAX_WISHES = 3;
/** As many as the core goes by. */
const MAX_OBJECTS = 3;

/** The kinds that something speaks for. Of the others the core only says that they are as likely as ever. */
export const kindsOf = (heard: Heard | null): HeardKind[] => (heard?.kinds ?? []).filter(({ ground, spans }) => ground === "learnt" || spans.length > 0);

export function suggestedBy(heard: Heard | null): Suggested {
  if (heard === null) return NOTHING_SUGGESTED;
  const place = heard.fields.places[0]?.place;
  return {
    kind: kindsOf(heard)[0]?.kind ?? null,
    // The likeliest, or none where none is likely enough to go by.
    category: heard.dispatch.category_id,
    township: place?.township_code ?? "",
    village: place?.village_code ?? "",
    detail: place?.detail ?? "",
    happened: heard.fields.times[0]?.text ?? "",
    about: heard.fields.objects
      .slice(0, MAX_OBJECTS)
      .map(({ value }) => value)
      .join("、"),
    wants: heard.fields.wants
      .slice(0, MAX_WISHES)
      .map(({ value }) => value)
      .join("；"),
  };
}

/** Where the words stand that a field follows. */
export function spansOf(heard: Heard | null, field: Field): Span[] {
  if (heard === null) return [];
  const [kind, place] = [kindsOf(heard)[0], heard.fields.places[0]];
  switch (field) {
    case "kind":
      return kind?.spans ?? [];
    case "category":
      return heard.categories.find(({ category_id }) => category_id === heard.dispatch.category_id)?.spans ?? [];
    case "township":
    case "village":
    case "detail":
      return place ? [place.span] : [];
    case "happened":
      return heard.fields.times.slice(0, 1).map(({ span }) => span);
    case "about":
      return heard.fields.objects.slice(0, MAX_OBJECTS).map(({ span }) => span);
    case "wants":
      return heard.fields.wants.slice(0, MAX_WISHES).map(({ span }) => span);
  }
}

export type FactUse = { type: "place"; place: HeardPlace["place"] } | { type: "detail" | "happened" | "about" | "contact_phone"; value: string };
export type Fact = { key: string; label: string; text: string; spans: Span[]; use: FactUse | null; useText: string };

const USE_TEXTS: Record<FactUse["type"], string> = { place: "填入地点", detail: "填入详细地址", happened: "填入时间", about: "填入对象", contact_phone: "设为联系电话" };

/** 要素 that have no field of their own, or more of them than the field holds. */
export function factsOf(heard: Heard | null, body: Intake, dropped: readonly string[]): Fact[] {
  if (heard === null) return [];
  const { fields } = heard;
  const facts = new Map<string, Fact>();
  const add = (label: string, text: string, span: Span, use: FactUse | null = null): void => {
    const key = `${label} ${text}`;
    if (dropped.includes(key)) return;
    const known = facts.get(key);
    if (known) known.spans.push(span);
    else facts.set(key, { key, label, text, spans: [span], use, useText: use === null ? "" : USE_TEXTS[use.type] });
  };
  const words = (label: string, found: readonly HeardWord[], use?: (value: string) => FactUse | null): void => {
    for (const { value, kind_text, span } of found) add(kind_text || label, value, span, use?.(value));
  };
  for (const { text, span, place, is_ambiguous } of fields.places.slice(1)) add(is_ambiguous ? "或指" : "又说到", text, span, { type: "place", place });
  // What stands in its field says nothing new beside it.
  for (const { text, span } of fields.times) if (text !== body.happened) add("时间", text, span, { type: "happened", value: text });
  words("对象", fields.objects.filter(({ value }) => !body.about.includes(value)), (value) => ({ type: "about", value }));
  words("名称", fields.names.filter(({ value }) => !body.place.detail.includes(value) && !fields.objects.some((object) => object.value === value)), (value) => ({ type: "detail", value }));
  words("电话", fields.phones, (value) => ({ type: "contact_phone", value }));
  words("车牌", fields.plates);
  words("金额", fields.amounts);
  return [...facts.values()];
}

export function useFact(body: Intake, choices: Choices, use: FactUse): void {
  switch (use.type) {
    case "place":
      Object.assign(body.place, use.place);
      choices.own.township = choices.own.village = choices.own.detail = true;
      return;
    case "detail":
      body.place.detail = use.value;
      choices.own.detail = true;
      return;
    case "happened":
    case "about":
      body[use.type] = use.value;
      choices.own[use.type] = true;
      return;
    case "contact_phone":
      body.caller.contact_phone = use.value;
  }
}

/** One key for each kind: its initial, so that it never moves. 投诉 is S, since T leads back to the text. */
export const KIND_CHORDS: Record<MatterKind, string> = { consultation: "Alt+Z", help: "Alt+Q", suggestion: "Alt+Y", complaint: "Alt+S", report: "Alt+J" };
/** Alt+1 to Alt+5 open answers. */
export const CATEGORY_CHORDS = ["Alt+6", "Alt+7", "Alt+8"] as const;

/** An alert that was seen stays away until something else of its kind is said. */
export const alertKey = ({ kind, is_certain, spans }: HeardAlert, text: string): string => `${kind} ${is_certain} ${spans.map(({ start, end }) => text.slice(start, end)).join(" ")}`;

export const openAlerts = (heard: Heard | null, text: string, setAside: readonly string[]): HeardAlert[] => (heard?.alerts ?? []).filter((alert) => !setAside.includes(alertKey(alert, text)));

/** The first line that a certain alert goes to. */
export const lineOf = (alerts: readonly HeardAlert[]): EmergencyLine | null => alerts.find(({ is_certain, lines }) => is_certain && lines.length > 0)?.lines[0]?.line ?? null;

export const isFollowed = (choices: Choices, body: Intake, field: Field): boolean => !choices.own[field] && valueOf(body, field) !== valueOf(newIntake(), field);
