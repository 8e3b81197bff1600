/** What the commands of the package have in common: how they read their options. */
import { type ParseArgsConfig, parseArgs } from "node:util";

/** The command line cannot be understood; the message says why. */
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
    // parseArgs explains what it met in its first sentence; the rest is about its own rules.
    throw new UsageError(
      (error as Error).message.split(". ")[0]?.concat(".") ?? "The options cannot be read.",
    );
  }
}
