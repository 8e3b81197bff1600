/** How the commands of the package read their options. */
import { type ParseArgsConfig, parseArgs } from "node:util";

/** The command line is invalid. The message has the reason. */
export class UsageError extends Error {}

export const text = { type: "string" } as const;
export const flag = { type: "boolean" } as const;
export const help = { type: "boolean", short: "h" } as const;

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ args: string[]; options: T }>>["values"];

/** @throws {UsageError} */
export function parsedOptions<T extends Options>(argv: readonly string[], options: T): Values<T> {
  try {
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    // The first sentence of parseArgs is the reason; the rest is general advice.
    throw new UsageError(
      (error as Error).message.split(". ")[0]?.concat(".") ?? "The options cannot be read.",
    );
  }
}
