/** What the reference server is told. */

/**
 * @typedef {object} Configuration
 * @property {(mistake: string) => boolean} makes whether the server makes this mistake
 * @property {(line: string) => void} print
 * @property {URL} resource
 * @property {string} metadataPath
 * @property {string} issuer
 * @property {URL} jwksUri
 * @property {readonly string[]} scopes
 * @property {readonly string[]} requiredScopes
 */

/** @param {{ mistakes: readonly string[], environment: Readonly<Record<string, string | undefined>>, print: (line: string) => void }} options @returns {Configuration} */
export function configuration({ mistakes, environment, print }) {
  const {
    MCP_AUTH_ISSUER = "",
    MCP_AUTH_JWKS_URI = "",
    MCP_AUTH_RESOURCE = "http://127.0.0.1/mcp",
    MCP_AUTH_SCOPES = "",
    MCP_AUTH_REQUIRED_SCOPES = "",
  } = environment;
  const resource = new URL(MCP_AUTH_RESOURCE);
  return {
    makes: (mistake) => mistakes.includes(mistake),
    print,
    resource,
    metadataPath: `/.well-known/oauth-protected-resource${resource.pathname}`,
    issuer: MCP_AUTH_ISSUER,
    jwksUri: new URL(MCP_AUTH_JWKS_URI),
    scopes: MCP_AUTH_SCOPES.split(" "),
    requiredScopes: MCP_AUTH_REQUIRED_SCOPES.split(" ").filter(Boolean),
  };
}
