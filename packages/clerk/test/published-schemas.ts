/** Validates documents against the schemas in `schemas/`. */
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";

const OPTIONS = { allErrors: true, strict: false };
const draft7 = new Ajv(OPTIONS);
const draft2020 = new Ajv2020(OPTIONS);
for (const ajv of [draft7, draft2020]) formats.default(ajv).addFormat("uri-template", true);

export type PublishedSchema = "server-card" | "server-json" | "ai-catalog" | "ard-0.9" | "ard-0.91";

const validators = new Map(
  (["server-card", "server-json", "ai-catalog", "ard-0.9", "ard-0.91"] as const).map((name) => {
    const text = readFileSync(new URL(`schemas/${name}.schema.json`, import.meta.url), "utf8");
    return [name, (name === "server-json" ? draft7 : draft2020).compile(JSON.parse(text))];
  }),
);

/** What is wrong with the document; empty if it is valid. */
export function schemaProblems(name: PublishedSchema, document: unknown): string[] {
  const validate = validators.get(name);
  if (validate === undefined) throw new Error(`There is no schema ${name}`);
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
