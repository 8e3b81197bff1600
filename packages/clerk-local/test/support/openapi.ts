/** Validates responses against Clerk's published schemas. */
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { expect } from "vitest";

const document = JSON.parse(
  readFileSync(new URL("../clerk-openapi.json", import.meta.url), "utf8"),
) as object;

// OpenAPI has additional keywords, such as `nullable`.
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addFormat("int64", true);
ajv.addSchema(document, "clerk");

export function expectClerkShape(schema: string, value: unknown): void {
  const validate = ajv.getSchema(`clerk#/components/schemas/${schema}`);
  if (!validate) throw new Error(`no schema ${schema}`);
  validate(value);
  expect(validate.errors ?? [], schema).toEqual([]);
}
