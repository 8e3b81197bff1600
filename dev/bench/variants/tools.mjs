// The template's four tools, and fillers up to BENCH_TOOLS, for servers that xmcp does not build.
import { createClerkClient } from "@clerk/backend";
import { z } from "zod";

const client = createClerkClient({
  secretKey: process.env.CLERK_SECRET_KEY,
  apiUrl: process.env.CLERK_API_URL,
  telemetry: { disabled: true },
});

/**
 * @typedef {{ userId: string, scopes: readonly string[], clientId: string, issuedAt: Date, expiresAt: Date }} Caller
 * @typedef {{ name: string, title: string, description: string, input: z.ZodObject, output: z.ZodObject,
 *   run: (input: Record<string, unknown>, caller: Caller) => Promise<{ text?: string, data: object }> }} Tool
 */

const text = z.string();
const optional = z.string().nullable();
const NO_ORGANIZATION = { sessionId: null, organizationId: null, organizationRole: null };

/** @type {readonly Tool[]} */
const fromTemplate = [
  {
    name: "greet",
    title: "Greet",
    description: "Greets a person by name, on behalf of the signed-in user",
    input: z.object({ name: z.string().min(1).max(100).describe("The name to greet") }),
    output: z.object({ greeting: text, userId: text }),
    async run({ name }, { userId }) {
      const greeting = `Hello, ${name}! You are signed in as ${userId}.`;
      return { text: greeting, data: { greeting, userId } };
    },
  },
  {
    name: "whoami",
    title: "Who am I?",
    description: "Shows who is calling, from the access token of this session",
    input: z.object({}),
    output: z.object({
      userId: text,
      sessionId: optional,
      organizationId: optional,
      organizationRole: optional,
      scopes: z.array(text),
      clientId: text,
      tokenIssuedAt: z.iso.datetime(),
      tokenExpiresAt: z.iso.datetime(),
    }),
    async run(_input, { issuedAt, expiresAt, ...caller }) {
      const times = { tokenIssuedAt: issuedAt.toISOString(), tokenExpiresAt: expiresAt.toISOString() };
      return { data: { ...NO_ORGANIZATION, ...caller, ...times } };
    },
  },
  {
    name: "get-user-info",
    title: "Get user info",
    description: "Reads the signed-in user's profile from Clerk",
    input: z.object({}),
    output: z.object({
      userId: text,
      sessionId: optional,
      organizationId: optional,
      organizationRole: optional,
      email: optional,
      firstName: optional,
      lastName: optional,
      username: optional,
      imageUrl: text,
    }),
    async run(_input, { userId }) {
      const { primaryEmailAddress, firstName, lastName, username, imageUrl } =
        await client.users.getUser(userId);
      const email = primaryEmailAddress?.emailAddress ?? null;
      return { data: { userId, ...NO_ORGANIZATION, email, firstName, lastName, username, imageUrl } };
    },
  },
  {
    name: "get-my-organizations",
    title: "My organizations",
    description: "Lists every organization of the signed-in user, and which one is active in this session",
    input: z.object({}),
    output: z.object({
      organizations: z.array(
        z.object({
          id: text,
          name: text,
          slug: optional,
          role: text,
          permissions: z.array(text),
          active: z.boolean(),
        }),
      ),
      totalCount: z.number(),
    }),
    async run(_input, { userId }) {
      const { data, totalCount } = await client.users.getOrganizationMembershipList({ userId, limit: 100 });
      const organizations = data.map(({ organization: { id, name, slug }, role, permissions }) => {
        return { id, name, slug, role, permissions, active: false };
      });
      return { data: { organizations, totalCount } };
    },
  },
];

/** @param {number} number @returns {Tool} */
const filler = (number) => ({
  name: `filler-${number}`,
  title: `Filler ${number}`,
  description: "Fills the list",
  input: z.object({ name: text.describe("A name") }),
  output: z.object({ greeting: text }),
  async run({ name }, { userId }) {
    const greeting = `${name} ${userId}`;
    return { text: greeting, data: { greeting } };
  },
});

const count = Number(process.env.BENCH_TOOLS);

export const tools = [
  ...fromTemplate,
  ...Array.from({ length: count - fromTemplate.length }, (_, index) =>
    filler(index + fromTemplate.length + 1),
  ),
];

export const annotations = { readOnlyHint: true, idempotentHint: true, openWorldHint: false };

/**
 * A tool's result in MCP's format.
 *
 * @param {{ text?: string, data: object }} answer
 */
export function toolResult({ data, text: written = JSON.stringify(data, null, 2) }) {
  return { content: [{ type: /** @type {const} */ ("text"), text: written }], structuredContent: data };
}
