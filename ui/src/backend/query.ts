// Queries of the desk's window: shown at once as they were known, asked again when a tag changes.
import { desk, type CallName, type Request } from "./backend";

export type { Query } from "./connection";
/** The request `"skip"` means: nothing to ask, show nothing. */
export type Ask<N extends CallName> = Request<N> | "skip";

export const { useQuery, forgetAnswers } = desk;
