/**
 * Commands in the documentation that no test runs, and what each would need. The pages themselves do not say so.
 */
export const NOT_RUN: Readonly<Record<string, string>> = {
  "claude mcp add --transport http clerk-account https://mcp.clerk.com/mcp": "an account at Clerk",
  "codex mcp add clerk-account --url https://mcp.clerk.com/mcp": "an account at Clerk",
  "cp .env.example .env": "an account at Clerk, for the values",
  "npx @xmcp-dev/clerk doctor --url https://mcp.example.com/mcp": "a public address, and another machine",
  "npx create-xmcp-app --example clerk": "a newer create-xmcp-app",
  "npm install xmcp@latest zod@latest @xmcp-dev/compiler@latest && mkdir -p src/resources": "the registry",
  "npm install express": "the registry",
  "npm install fastify": "the registry",
  "npx @modelcontextprotocol/inspector --transport http --server-url http://127.0.0.1:3001/mcp":
    "the registry",
  "npm run --prefix dev conformance": "the registry, for another Node",
  "npx wrangler dev --ip 127.0.0.1": "the registry",
  "npx wrangler secret put CLERK_SECRET_KEY": "an account at Cloudflare",
  "npm run build:cf && npx wrangler deploy": "an account at Cloudflare",
  "npx wrangler tail": "an account at Cloudflare",
  "docker build -t mcp .": "Docker",
  "docker run --rm -p 3001:3001 --env-file .env -e BASE_URL=… mcp": "Docker",
};
