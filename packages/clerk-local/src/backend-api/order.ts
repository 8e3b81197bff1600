/** `order_by`: the name of a member, with `-` before it for the other direction. */
import { z } from "zod";

/** A value to sort by. Entries without one come last. */
type Sortable = string | number | null;

export interface Order<Key extends string> {
  key: Key;
  isDescending: boolean;
}

/** The parameter, one of `keys`. @param fallback as in the query: `-created_at` */
export function orderBy<const Key extends string>(
  keys: readonly Key[],
  fallback: NoInfer<`${"+" | "-"}${Key}`>,
) {
  return z
    .array(z.string())
    .max(1)
    .default([fallback])
    .transform(([value = ""], context): Order<Key> => {
      // In a query, a plus sign that is not encoded is a space.
      const [, sign, name] = /^([+ -]?)(.*)$/s.exec(value) ?? [];
      const key = keys.find((candidate) => candidate === name);
      if (key !== undefined) return { key, isDescending: sign === "-" };
      context.addIssue({
        code: "custom",
        message: `${value} does not match the allowed values for parameter order_by. Allowed values: ${keys.join(", ")}`,
      });
      return z.NEVER;
    });
}

/**
 * @param entries oldest first, which decides where values are equal
 * @param values how to read the value of each key
 */
export function ordered<Entry, Key extends string>(
  entries: Entry[],
  { key, isDescending }: Order<Key>,
  values: Record<NoInfer<Key>, (entry: Entry) => Sortable>,
): Entry[] {
  const value = (entry: Entry) => comparable(values[key](entry));
  const sorted = [...entries].sort((a, b) => compared(value(a), value(b)));
  return isDescending ? sorted.reverse() : sorted;
}

function comparable(value: Sortable): Sortable {
  return typeof value === "string" ? value.toLowerCase() : value;
}

function compared(a: Sortable, b: Sortable): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}
