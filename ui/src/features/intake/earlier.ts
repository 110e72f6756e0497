// What may be done at once with an earlier order: 催办 and 补充. Whether it may be
// done now, and for which unit, the order itself says.
import { call } from "../../backend/backend";
import type { OrderAct, Submitted } from "../../backend/generated";

export type EarlierAct = "urge" | "supplement";

/** Urges every unit that has the order, or adds to the order; throws the core's refusal. */
export async function actOnEarlier(id: string, act: EarlierAct, text: string): Promise<Submitted> {
  const order = await call("work_order", { id });
  const command = order.commands.find((state) => state.command === act);
  // Refused or not: the core says why in its own words when it is asked.
  const assignment = command?.assignments.length === 1 ? (command.assignments[0]?.number ?? null) : null;
  const given: OrderAct = act === "urge" ? { type: "urge", assignment, reason: text, method: "电话" } : { type: "supplement", text, upload_id: null };
  return call("handle_order", { work_order_id: id, version: order.version, act: given });
}
