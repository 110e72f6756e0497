/** One of a few values to choose from, with its own type of id. */
export type Choice<T extends string = string> = { id: T; text: string; note: string };
