import type { FileModule } from "./registry.js";

interface Field {
  parse?: (value: unknown) => unknown;
}

/**
 * The module with an output schema that reports a mismatch. xmcp parses what a tool returned field by field, after the
 * handler, and the caller then gets an error.
 */
export function observedOutput(module: FileModule, failed: () => void): FileModule {
  const { outputSchema } = module;
  if (typeof outputSchema !== "object" || outputSchema === null || Array.isArray(outputSchema)) return module;
  const fields = Object.entries(outputSchema as Readonly<Record<string, Field>>).map(
    ([name, field]) => [name, observed(field, failed)] as const,
  );
  return { ...module, outputSchema: Object.fromEntries(fields) };
}

function observed(field: Field, failed: () => void): Field {
  const { parse } = field ?? {};
  if (typeof parse !== "function") return field;
  return Object.create(field, {
    parse: {
      value(value: unknown): unknown {
        try {
          return parse.call(field, value);
        } catch (error) {
          failed();
          throw error;
        }
      },
    },
  }) as Field;
}
