/** Where in Clerk's dashboard a thing is set. */
const OAUTH_SETTINGS = "Clerk Dashboard → OAuth applications → Settings";

export const REGISTRATION_ON = `${OAUTH_SETTINGS} → Dynamic client registration: on`;
export const JWT_ON = `${OAUTH_SETTINGS} → Generate access tokens as JWTs: on`;
export const AUDIENCE_ON = `${OAUTH_SETTINGS} → Include audience: on`;

const API_KEYS = "Clerk Dashboard → Configure → API keys";

export const SECRET_KEYS = `${API_KEYS} → Secret keys`;
export const FRONTEND_API_URL = `${API_KEYS} → Frontend API URL`;
export const PUBLISHABLE_KEYS = `${API_KEYS} → Publishable key`;
export const JWKS_PUBLIC_KEY = `${API_KEYS} → JWKS public key (PEM)`;
