/** Where a setting is in Clerk's dashboard, for messages to people. */
const DASHBOARD = "Clerk Dashboard";
const API_KEYS = `${DASHBOARD} → Configure → API keys`;

export const SECRET_KEYS = `${API_KEYS} → Secret keys`;
export const FRONTEND_API_URL = `${API_KEYS} → Frontend API URL`;
export const PUBLISHABLE_KEYS = `${API_KEYS} → Publishable key`;
export const JWKS_PUBLIC_KEY = `${API_KEYS} → JWKS public key (PEM)`;

export const OAUTH_APPLICATIONS = `${DASHBOARD} → OAuth applications`;

/** Switches, with the position that clients need. */
export const CLIENT_DOCUMENTS_ON = `${OAUTH_APPLICATIONS} → Settings → Publish CIMD support: on`;
export const REGISTRATION_ON = `${OAUTH_APPLICATIONS} → Settings → Publish DCR support: on (in older dashboards: Dynamic client registration)`;
export const JWT_ON = `${OAUTH_APPLICATIONS} → Settings → Generate access tokens as JWTs: on`;
export const AUDIENCE_ON = `${DASHBOARD} → Agents → MCP servers → Add MCP server, with the address of this server; in older dashboards ${OAUTH_APPLICATIONS} → Settings → Include audience: on`;

export const DEFAULT_SCOPES = `${OAUTH_APPLICATIONS} → Settings → Default scopes`;
export const ONLY_PRE_REGISTERED_OFF = `${OAUTH_APPLICATIONS} → Settings → Only allow pre-registered clients to connect: off`;
