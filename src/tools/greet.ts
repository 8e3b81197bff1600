import { getSession } from "@xmcp-dev/clerk";
import type { InferSchema, ToolMetadata } from "xmcp";
import { z } from "zod";

export const schema = {
  name: z.string().min(1).max(100).describe("The name to greet"),
};

export const outputSchema = {
  greeting: z.string(),
  userId: z.string(),
};

export const metadata: ToolMetadata = {
  name: "greet",
  description: "Greets a person by name, on behalf of the signed-in user",
  annotations: { title: "Greet", readOnlyHint: true, idempotentHint: true, openWorldHint: false },
};

export default function greet({ name }: InferSchema<typeof schema>) {
  const { userId } = getSession();
  const greeting = `Hello, ${name}! You are signed in as ${userId}.`;
  return { content: [{ type: "text", text: greeting }], structuredContent: { greeting, userId } };
}
