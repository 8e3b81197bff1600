// An additional tool, for servers with more than the template's four tools.

/** The source of the tool in an xmcp app. @param {number} number */
export const filler = (number) => `import { getSession } from "@xmcp-dev/clerk";
import type { ToolMetadata } from "xmcp";
import { z } from "zod";

export const schema = { name: z.string().describe("A name") };
export const outputSchema = { greeting: z.string() };
export const metadata: ToolMetadata = {
  name: "filler-${number}",
  description: "Fills the list",
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
};

export default function filler({ name }: { name: string }) {
  const greeting = \`\${name} \${getSession().userId}\`;
  return { content: [{ type: "text", text: greeting }], structuredContent: { greeting } };
}
`;
