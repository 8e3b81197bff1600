import type { FileModule } from "./registry.js";

/** A field of a schema, as xmcp uses it. See https://standardschema.dev for the second member. */
interface Field {
  readonly parse?: (value: unknown) => unknown;
  readonly safeParse?: (...args: unknown[]) => unknown;
  readonly "~standard"?: {
    readonly jsonSchema?: Readonly<Record<"input" | "output", (options: JsonSchemaOptions) => unknown>>;
  };
}

interface JsonSchemaOptions {
  readonly target: string;
}

/**
 * The module with schemas whose JSON Schema is made once. xmcp registers the files again for each request, and for that
 * converts each field twice and asks whether it is optional.
 *
 * @param outputFailed is called when a result does not match the output schema: xmcp parses it field by field after the
 *   handler, and the caller then gets an error.
 */
export function withKnownSchemas(module: FileModule, outputFailed: (error: unknown) => void): FileModule {
  const { schema, outputSchema } = module;
  return {
    ...module,
    ...(isShape(schema) && { schema: mapped(schema, known) }),
    ...(isShape(outputSchema) && {
      outputSchema: mapped(outputSchema, (field) => observed(known(field), outputFailed)),
    }),
  };
}

type Shape = Readonly<Record<string, Field>>;

function isShape(value: unknown): value is Shape {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapped(shape: Shape, change: (field: Field) => Field): Shape {
  return Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, change(field)]));
}

/** Fields of other libraries, and of zod 3, do not change. */
function known(field: Field): Field {
  const { safeParse, "~standard": standard } = field ?? {};
  const toJson = standard?.jsonSchema;
  if (toJson === undefined || typeof safeParse !== "function") return field;
  const jsonSchema = {
    input: oncePerTarget((options) => toJson.input(options)),
    output: oncePerTarget((options) => toJson.output(options)),
  };
  let ofNothing: unknown;
  return Object.create(field, {
    "~standard": { value: Object.create(standard as object, { jsonSchema: { value: jsonSchema } }) },
    safeParse: {
      value(...args: unknown[]): unknown {
        // Whether the field is optional.
        if (args.length !== 1 || args[0] !== undefined) return safeParse.apply(field, args);
        ofNothing ??= safeParse.call(field, undefined);
        return ofNothing;
      },
    },
  }) as Field;
}

function oncePerTarget(
  convert: (options: JsonSchemaOptions) => unknown,
): (options: JsonSchemaOptions) => unknown {
  const made = new Map<string, unknown>();
  return (options) => {
    // Other options would be part of the key.
    if (Object.keys(options).length !== 1) return convert(options);
    const { target } = options;
    if (!made.has(target)) made.set(target, convert(options));
    return made.get(target);
  };
}

function observed(field: Field, failed: (error: unknown) => void): Field {
  const { parse } = field ?? {};
  if (typeof parse !== "function") return field;
  return Object.create(field, {
    parse: {
      value(value: unknown): unknown {
        try {
          return parse.call(field, value);
        } catch (error) {
          failed(error);
          throw error;
        }
      },
    },
  }) as Field;
}
