import { expect, it, vi } from "vitest";
import { z } from "zod";
import * as z3 from "zod/v3";
import { withKnownSchemas } from "../src/adapters/xmcp/known-schema.js";

interface Field {
  parse(value: unknown): unknown;
  safeParse(value: unknown): { success: boolean; data?: unknown };
  "~standard": {
    vendor: string;
    version: number;
    validate(value: unknown): unknown;
    jsonSchema: Record<"input" | "output", (options: { target: string }) => unknown>;
  };
}

const FIELDS = {
  text: z.string().min(1).describe("A text"),
  choice: z.enum(["a", "b"]).optional(),
  preset: z.number().default(7),
  nested: z.object({ list: z.array(z.union([z.string(), z.null()])) }),
};
const TARGETS = ["draft-2020-12", "draft-07"];
const knownFields = (fields: object, failed = () => {}) =>
  withKnownSchemas({ schema: fields, outputSchema: fields }, failed) as {
    schema: Record<string, Field>;
    outputSchema: Record<string, Field>;
  };

it.each(Object.entries(FIELDS))(
  "the field %s becomes the same JSON Schema, parses the same, and is converted once",
  (name, field) => {
    const convert = vi.spyOn(field["~standard"].jsonSchema, "input");
    const { schema } = knownFields(FIELDS);
    const known = schema[name] as Field;
    for (const target of TARGETS) {
      const expected = [
        field["~standard"].jsonSchema.input({ target }),
        field["~standard"].jsonSchema.output({ target }),
      ];
      convert.mockClear();
      for (let time = 0; time < 3; time += 1) {
        const { input, output } = known["~standard"].jsonSchema;
        expect([input({ target }), output({ target })]).toEqual(expected);
      }
      expect(convert).toHaveBeenCalledTimes(1);
    }
    for (const value of [undefined, "a", "", 7, null, { list: ["x", null] }, { list: 1 }])
      expect(known.safeParse(value)).toEqual(field.safeParse(value));
    expect(known["~standard"]).toMatchObject({ vendor: "zod", version: 1 });
    expect(known["~standard"].validate("a")).toEqual(field["~standard"].validate("a"));
    expect(known).toBeInstanceOf(Object.getPrototypeOf(field).constructor);
  },
);

it("whether a field is optional is found out once", () => {
  const asked = vi.fn(() => true);
  const known = knownFields({ field: z.any().refine(asked) }).schema.field as Field;
  for (let time = 0; time < 3; time += 1) expect(known.safeParse(undefined).success).toBe(true);
  expect(asked).toHaveBeenCalledTimes(1);
  known.safeParse("value");
  expect(asked).toHaveBeenCalledTimes(2);
});

it("fields of zod 3 and of other libraries stay as they are", () => {
  const other = { "~standard": { vendor: "other", version: 1, validate: () => ({ value: 1 }) } };
  const fields = { three: z3.string(), other, nothing: undefined };
  const { schema } = knownFields(fields);
  expect(schema).toEqual(fields);
  expect(schema.three).toBe(fields.three);
});

it.each([undefined, null, [], z.object({})])("a schema that is no set of fields stays as it is", (schema) => {
  expect(withKnownSchemas({ schema, outputSchema: schema }, () => {})).toMatchObject({ schema });
});

it("a result that does not match the output schema is reported, and one that does is not", () => {
  const failed = vi.fn();
  const { outputSchema, schema } = knownFields(FIELDS, failed);
  expect(outputSchema.text?.parse("a")).toBe("a");
  expect(() => schema.text?.parse(1)).toThrow();
  expect(failed).not.toHaveBeenCalled();
  expect(() => outputSchema.text?.parse(1)).toThrow();
  expect(failed).toHaveBeenCalledTimes(1);
});
