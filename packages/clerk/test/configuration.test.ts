import { ClerkConfigError, type ClerkProviderOptions } from "@xmcp-dev/clerk";
import { describe, expect, it, vi } from "vitest";
import { readSettings, type Settings } from "../src/options/settings.js";
import type { Environment } from "../src/runtime/platform.js";

const SECRET = "sk_test_aVerySecretValue0123456789";
const DOMAIN = "verb-noun-00.clerk.accounts.dev";
const publishableKey = (host: string, mode = "test") => `pk_${mode}_${btoa(`${host}$`)}`;

const ENVIRONMENT: Environment = {
  CLERK_SECRET_KEY: SECRET,
  CLERK_DOMAIN: DOMAIN,
  BASE_URL: "https://mcp.example.com",
};

const read = (options: ClerkProviderOptions = {}, environment: Environment = {}): Settings =>
  readSettings(options, { ...ENVIRONMENT, ...environment });

function problem(options: ClerkProviderOptions, environment: Environment = {}): ClerkConfigError {
  try {
    read(options, environment);
  } catch (error) {
    if (error instanceof ClerkConfigError) return error;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

describe("a missing value", () => {
  it.each([
    ["CLERK_SECRET_KEY", "secretKey", "Clerk Dashboard → Configure → API keys → Secret keys"],
    ["CLERK_DOMAIN", "clerkDomain", "Clerk Dashboard → Configure → API keys → Frontend API URL"],
    ["BASE_URL", "baseURL", "http://127.0.0.1:3001"],
  ])("of %s is named, with where to find it", (name, option, where) => {
    for (const absent of [undefined, "", "   "]) {
      const { message } = problem({}, { [name]: absent });
      expect(message).toMatch(/^\[Clerk\] Missing required config:\n/);
      expect(message).toContain(`${name} (option ${option})`);
      expect(message).toContain(where);
      expect(message).not.toContain("Invalid config");
    }
  });

  it("is also an empty string in code", () => {
    expect(() =>
      readSettings({ secretKey: "", clerkDomain: DOMAIN, baseURL: "https://a.example" }, {}),
    ).toThrow("[Clerk] Missing required config:\n  - CLERK_SECRET_KEY");
  });

  it("is reported with all others in one message", () => {
    const { message, problems } = problem({}, { CLERK_SECRET_KEY: "", CLERK_DOMAIN: "", BASE_URL: "" });
    expect(problems.map(({ environment }) => environment)).toEqual([
      "CLERK_SECRET_KEY",
      "CLERK_DOMAIN",
      "BASE_URL",
    ]);
    expect(message.match(/^ {2}- /gm)).toHaveLength(3);
  });
});

describe("an invalid value is named, with the expected form", () => {
  const cases: [string, ClerkProviderOptions, string][] = [
    [
      "a publishable key as the secret key",
      { secretKey: publishableKey(DOMAIN) },
      "this is a publishable key",
    ],
    ["a key of another service", { secretKey: "sk-proj-123" }, "this is not a secret key"],
    ["a placeholder as the secret key", { secretKey: "sk_test_..." }, "this is not a secret key"],
    ["a domain with a path", { clerkDomain: `${DOMAIN}/v1` }, "without a path"],
    ["a domain with a query", { clerkDomain: `${DOMAIN}?x` }, "without a path"],
    ["a domain over http", { clerkDomain: `http://${DOMAIN}` }, "http: is for loopback only"],
    ["a domain with a user", { clerkDomain: `https://me@${DOMAIN}` }, "without a path"],
    ["a base URL with a path", { baseURL: "https://mcp.example.com/mcp" }, "an origin without a path"],
    ["a base URL with a query", { baseURL: "https://mcp.example.com?a=b" }, "an origin without a path"],
    ["a base URL with a fragment", { baseURL: "https://mcp.example.com/#a" }, "an origin without a path"],
    ["a base URL without a scheme", { baseURL: "mcp.example.com" }, "an origin without a path"],
    ["a base URL with another scheme", { baseURL: "ftp://mcp.example.com" }, "an origin without a path"],
    ["a base URL over http", { baseURL: "http://mcp.example.com" }, "http: is for loopback only"],
    [
      "a base URL that begins like loopback",
      { baseURL: "http://127.0.0.1.example.com" },
      "http: is for loopback",
    ],
    ["a Backend API over http", { apiUrl: "http://api.example.com" }, "http: is for loopback only"],
    ["an endpoint without a slash", { endpoint: "mcp" }, "a path that starts with /"],
    ["an endpoint with a query", { endpoint: "/mcp?a" }, "a path that starts with /"],
    ["an empty list of scopes", { scopes: [] }, "at least one scope"],
    ["two scopes in one", { scopes: ["profile email"] }, "each scope is one word"],
    ["a scope with a quote", { requiredScopes: ['a"b'] }, "each scope is one word"],
    ["a documentation URL without a scheme", { docsURL: "docs" }, "an absolute URL"],
    ["a key that is not PEM", { jwtKey: "MIIB" }, "a PEM public key"],
    [
      "a private key",
      { jwtKey: "-----BEGIN PRIVATE KEY-----\nQQ==\n-----END PRIVATE KEY-----" },
      "a PEM public key",
    ],
    [
      "an audience policy that does not exist",
      { audience: "never" as "required" },
      '"when-present" or "required"',
    ],
    ["a clock tolerance below zero", { clockTolerance: -1 }, "0 to 300 seconds"],
    ["a clock tolerance of an hour", { clockTolerance: 3600 }, "0 to 300 seconds"],
    ["a clock tolerance that is not a number", { clockTolerance: Number.NaN }, "a number of seconds"],
    ["an origin with a path", { allowedOrigins: ["https://a.example/"] }, "an origin, e.g."],
    ["any origin", { allowedOrigins: ["*"] }, "an origin, e.g."],
    ["the origin null", { allowedOrigins: ["null"] }, "an origin, e.g."],
    ["a public path without a slash", { publicPaths: ["status"] }, "a path that starts with /"],
    ["the endpoint as a public path", { publicPaths: ["/mcp"] }, "would open the MCP endpoint"],
    ["the endpoint in capitals as a public path", { publicPaths: ["/MCP/"] }, "would open the MCP endpoint"],
    ["a public path below the endpoint", { publicPaths: ["/mcp/status"] }, "would open the MCP endpoint"],
    [
      "a public path when the endpoint is the root",
      { endpoint: "/", publicPaths: ["/status"] },
      "would open",
    ],
    ["Clerk's dashboard as the domain", { clerkDomain: "https://dashboard.clerk.com" }, "a page of Clerk."],
    ["Clerk's API as the domain", { clerkDomain: "api.clerk.com" }, "a page of Clerk."],
    ["the Account Portal as the domain", { clerkDomain: "verb-noun-00.accounts.dev" }, "the Account Portal"],
    ["an event hook that is not a function", { onEvent: "log" as never }, "a function or false"],
    ["an unknown option", { secretkey: SECRET } as ClerkProviderOptions, "there is no such option"],
  ];

  it.each(cases)("%s", (_, options, expected) => {
    const { message } = problem(options);
    expect(message).toMatch(/^\[Clerk\] Invalid config:\n/);
    expect(message).toContain(`option ${Object.keys(options).at(-1)}`);
    expect(message).toContain(expected);
  });

  it("an invalid publishable key, when the domain comes from it", () => {
    const { message } = problem({}, { CLERK_DOMAIN: "", CLERK_PUBLISHABLE_KEY: "pk_test_!!" });
    expect(message).toMatch(
      /^\[Clerk\] Invalid config:\n {2}- CLERK_DOMAIN .*CLERK_PUBLISHABLE_KEY is not a publish/,
    );
  });

  it.each<[string, ClerkProviderOptions, Record<string, string>, string]>([
    ["by CLERK_DOMAIN", { clerkDomain: "http://127.0.0.1:4400" }, {}, "CLERK_DOMAIN"],
    ["by CLERK_DOMAIN, in other words", { clerkDomain: "http://localhost" }, {}, "CLERK_DOMAIN"],
    ["by CLERK_DOMAIN, over IPv6", { clerkDomain: "https://[::1]" }, {}, "CLERK_DOMAIN"],
    ["by CLERK_DOMAIN, elsewhere on loopback", { clerkDomain: "http://127.0.0.2" }, {}, "CLERK_DOMAIN"],
    [
      "by a publishable key",
      {},
      { CLERK_DOMAIN: "", CLERK_PUBLISHABLE_KEY: publishableKey("127.0.0.1:4400") },
      "CLERK_DOMAIN",
    ],
    ["by CLERK_API_URL", { apiUrl: "http://127.0.0.1:4400" }, {}, "CLERK_API_URL"],
    [
      "by CLERK_API_URL, on Vercel",
      { apiUrl: "http://127.0.0.1:4400" },
      { BASE_URL: "", VERCEL: "1", VERCEL_ENV: "preview", VERCEL_URL: "mcp-1.vercel.app" },
      "CLERK_API_URL",
    ],
  ])("a local Clerk behind a public address: %s", (_, options, environment, name) => {
    const { message } = problem(options, environment);
    expect(message).toContain(`- ${name} (option `);
    expect(message).toContain("is a local Clerk on this machine");
  });

  const DEVELOPMENT_DOMAINS = [
    DOMAIN,
    DOMAIN.toUpperCase(),
    "clerk.verb.noun-00.lcl.dev",
    "verb.noun-00.lcl.dev",
    "clerk.verb.noun-00.stg.lcl.dev",
  ];
  /** Either key goes with them. */
  const STAGING_DOMAINS = [
    "clerk.verb.noun-00.stg.dev",
    "clerk.verb.noun-00.lclstage.dev",
    "clerk.verb.noun-00.stgstage.dev",
    "verb-noun-00.clerk.accountsstage.dev",
    "verb-noun-00.clerk.accounts.lclclerk.com",
  ];
  const LIVE_DOMAINS = [
    "clerk.example.com",
    // Anybody can have a domain that looks like Clerk's.
    "clerk.lcl.dev.example.com",
    "clerk.mylcl.dev",
    "clerk.myaccounts.dev",
  ];
  const LIVE_KEY = "sk_live_aVerySecretValue";

  it.each([
    ...[...DEVELOPMENT_DOMAINS, ...STAGING_DOMAINS].map((domain) => [SECRET, domain] as const),
    ...[...LIVE_DOMAINS, ...STAGING_DOMAINS].map((domain) => [LIVE_KEY, domain] as const),
  ])("a secret key goes with a domain of its own kind (%s, %s)", (secretKey, clerkDomain) => {
    const options = { secretKey, clerkDomain, baseURL: "https://a.example" };
    expect(readSettings(options, {}).issuer).toBe(`https://${clerkDomain.toLowerCase()}`);
  });

  it.each([
    ...LIVE_DOMAINS.map(
      (domain) => [SECRET, domain, "a test key (sk_test_) does not match the live"] as const,
    ),
    ...DEVELOPMENT_DOMAINS.map(
      (domain) => [LIVE_KEY, domain, "a live key (sk_live_) does not match the development"] as const,
    ),
  ])("a secret key and a domain of different instances (%s, %s)", (secretKey, clerkDomain, expected) => {
    const { message } = problem({ secretKey, clerkDomain });
    expect(message).toContain(
      `CLERK_SECRET_KEY (option secretKey): ${expected} domain ${clerkDomain.toLowerCase()}`,
    );
  });

  it("together with missing values, in one message", () => {
    const { message } = problem({ apiUrl: "nowhere", audience: "x" as "required" }, { BASE_URL: "" });
    expect(message).toMatch(/^\[Clerk\] Missing required config:\n.*BASE_URL[\s\S]*\nInvalid config:\n/);
    expect(message).toContain("CLERK_API_URL (option apiUrl)");
    expect(message).toContain("CLERK_AUDIENCE (option audience)");
    expect(message.match(/\[Clerk\]/g)).toHaveLength(1);
  });

  it.each<[string, ClerkProviderOptions, Record<string, string>, string]>([
    [
      "in development, in code",
      { apiUrl: "nowhere" },
      { NODE_ENV: "development" },
      "Correct src/middleware.ts; the server reloads when you save.",
    ],
    [
      "in development, in the environment",
      {},
      { NODE_ENV: "development", CLERK_API_URL: "nowhere" },
      "Set the values in .env",
    ],
    ["in code", { apiUrl: "nowhere" }, {}, "Correct it in src/middleware.ts"],
    ["in the environment", {}, { CLERK_API_URL: "nowhere" }, "Set the values in .env"],
    [
      "in the environment, which code has read",
      { apiUrl: "nowhere" },
      { CLERK_API_URL: "nowhere" },
      "Set the values in .env",
    ],
  ])("and where to correct it: %s", (_, options, { NODE_ENV = "", ...environment }, expected) => {
    vi.stubEnv("NODE_ENV", NODE_ENV);
    const { message } = problem(options, environment);
    expect(message.split("\n").at(-1)).toContain(expected);
    expect(message.includes(".env")).toBe(expected.includes(".env"));
  });

  it("without repeating the value, because it may be a secret", () => {
    const hidden = "s3cr3t-value";
    const text: ClerkProviderOptions = {
      secretKey: hidden,
      clerkDomain: `https://${hidden}@${DOMAIN}`,
      baseURL: `https://mcp.example.com/${hidden}`,
      endpoint: hidden,
      apiUrl: `https://api.example.com/${hidden}`,
      jwtKey: hidden,
      audience: hidden as "required",
      docsURL: hidden,
      scopes: [`${hidden} x`],
      allowedOrigins: [hidden],
      publicPaths: [hidden],
    };
    const { message, problems } = problem(text);
    expect(problems).toHaveLength(Object.keys(text).length);
    expect(message).not.toContain(hidden);
    expect(problem({ secretKey: publishableKey(DOMAIN) }).message).not.toContain(btoa(DOMAIN).slice(0, 12));
  });
});

describe("a valid configuration", () => {
  it("has the documented defaults", () => {
    expect(read()).toMatchObject({
      secretKey: SECRET,
      issuer: `https://${DOMAIN}`,
      resource: "https://mcp.example.com/mcp",
      scopes: ["profile", "email"],
      requiredScopes: [],
      apiUrl: "https://api.clerk.com",
      audience: "required",
      clockToleranceSeconds: 5,
      allowsLoopbackOrigins: false,
    });
  });

  it("prefers an option in code to the environment", () => {
    const environment = { CLERK_AUDIENCE: "required", CLERK_API_URL: "https://api.one.example" };
    expect(read({}, environment)).toMatchObject({ audience: "required", apiUrl: "https://api.one.example" });
    const options: ClerkProviderOptions = { audience: "when-present", apiUrl: "https://api.two.example" };
    expect(read(options, environment)).toMatchObject({
      audience: "when-present",
      apiUrl: "https://api.two.example",
    });
    expect(read({ baseURL: undefined, apiUrl: "" }, environment)).toMatchObject({
      baseURL: "https://mcp.example.com",
      apiUrl: "https://api.one.example",
    });
  });

  it.each([
    [DOMAIN, `https://${DOMAIN}`],
    [`https://${DOMAIN}/`, `https://${DOMAIN}`],
    [` ${DOMAIN.toUpperCase()} `, `https://${DOMAIN}`],
  ])("accepts the domain %s", (clerkDomain, issuer) => {
    expect(read({ clerkDomain }).issuer).toBe(issuer);
  });

  it.each(["http://127.0.0.1:4400", "http://[::1]:4400", "http://localhost:4400"])(
    "accepts the local Clerk %s if the server is on loopback too",
    (url) => {
      const options = { clerkDomain: url, apiUrl: url, baseURL: "http://127.0.0.1:3001" };
      expect(read(options)).toMatchObject({ issuer: url, apiUrl: url });
    },
  );

  it.each([
    [DOMAIN, `https://${DOMAIN}`],
    ["127.0.0.1:4400", "http://127.0.0.1:4400"],
  ])("takes the domain %s from a publishable key", (host, issuer) => {
    const environment = { CLERK_DOMAIN: undefined, CLERK_PUBLISHABLE_KEY: publishableKey(host) };
    const baseURL = issuer.replace(/:4400$/, ":3001");
    expect(read({ baseURL }, environment).issuer).toBe(issuer);
  });

  it("prefers the given domain to the one in a publishable key", () => {
    const environment = { CLERK_PUBLISHABLE_KEY: publishableKey("other-name-11.clerk.accounts.dev") };
    expect(read({}, environment).issuer).toBe(`https://${DOMAIN}`);
  });

  it.each([
    ["the production domain", { VERCEL_ENV: "production" }, "https://shop.example.com"],
    ["the branch's address in a preview", { VERCEL_ENV: "preview" }, "https://shop-git-x.vercel.app"],
    [
      "the deployment's address without a branch",
      { VERCEL_ENV: "preview", VERCEL_BRANCH_URL: "" },
      "https://shop-1a2b.vercel.app",
    ],
    ["the given base URL", { BASE_URL: "https://mcp.example.com" }, "https://mcp.example.com"],
  ])("on Vercel uses %s", (_, environment, baseURL) => {
    const vercel = {
      VERCEL: "1",
      BASE_URL: undefined,
      VERCEL_PROJECT_PRODUCTION_URL: "shop.example.com",
      VERCEL_BRANCH_URL: "shop-git-x.vercel.app",
      VERCEL_URL: "shop-1a2b.vercel.app",
    };
    expect(read({}, { ...vercel, ...environment }).baseURL).toBe(baseURL);
  });

  it("accepts a PEM key with escaped line breaks, as in an .env file", () => {
    const jwtKey = "-----BEGIN PUBLIC KEY-----\\nMIIBIjAN\\n-----END PUBLIC KEY-----\\n";
    expect(read({ jwtKey }).jwtKey).toBe("-----BEGIN PUBLIC KEY-----\nMIIBIjAN\n-----END PUBLIC KEY-----");
  });

  it("accepts a public path beside the endpoint", () => {
    expect([...read({ publicPaths: ["/mcp-status", "/status"] }).publicPaths]).toEqual([
      "/mcp-status",
      "/status",
    ]);
  });

  it("advertises required scopes too, each once", () => {
    expect(read({ requiredScopes: ["email", "documents:read"] }).scopes).toEqual([
      "profile",
      "email",
      "documents:read",
    ]);
  });
});
