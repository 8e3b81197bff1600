import type { InferSchema, ToolMetadata } from "xmcp";
import { z } from "zod";

export const schema = { a: z.number(), b: z.number() };

export const outputSchema = { sum: z.number() };

export const metadata: ToolMetadata = {
  name: "add",
  description: "Adds two numbers, for every caller with a valid credential",
  annotations: { title: "Add", readOnlyHint: true, idempotentHint: true, openWorldHint: false },
};

export default function add({ a, b }: InferSchema<typeof schema>) {
  const sum = a + b;
  return { content: [{ type: "text", text: String(sum) }], structuredContent: { sum } };
}
