/**
 * Holds every answer of a local Clerk's Backend API against Clerk's published description, whichever client asked. An
 * answer that differs fails the test that started the local Clerk.
 */
import { channel } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

interface Operation {
  /** The names of its query parameters. */
  query: string[];
  /** Schemas by status. `null`: no body. */
  answers: Record<string, object | null>;
}

export const backendApi = JSON.parse(
  readFileSync(new URL("../clerk-backend-api.json", import.meta.url), "utf8"),
) as { paths: Record<string, Record<string, Operation>>; components: object };

// OpenAPI has additional keywords, such as `nullable`.
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addFormat("int64", true);
const validators = new Map<string, ValidateFunction>();

/** Operations with a placeholder come last: "/users/count" before "/users/{user_id}". */
const operations = Object.entries(backendApi.paths)
  .map(([path, methods]) => ({
    path,
    methods,
    pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
  }))
  .sort((a, b) => Number(a.path.includes("{")) - Number(b.path.includes("{")));

/** Members that Clerk's SDK reads and the description does not have yet. */
const NEWER = new Map([["POST /oauth_applications/access_tokens/verify", ["aud"]]]);

/** What was wrong with the answers of each local Clerk that is watched, by its port. */
const problems = new Map<number, string[]>();

/**
 * Watches the answers of the local Clerk from now on, until a test injects faults, whose answers are the test's own.
 *
 * @returns ends it, and returns what was wrong
 */
export function watchAnswers({ issuer }: { issuer: string }): () => string[] {
  const port = Number(new URL(issuer).port);
  problems.set(port, []);
  return () => {
    const found = problems.get(port) ?? [];
    problems.delete(port);
    return found;
  };
}

/** The local Clerk's answers are no longer Clerk's. */
export function stopWatching({ issuer }: { issuer: string }): void {
  problems.delete(Number(new URL(issuer).port));
}

channel("http.server.request.start").subscribe((message) => {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
  const port = request.socket.localPort ?? 0;
  if (!problems.has(port)) return;
  const url = new URL(request.url ?? "/", "http://localhost");
  if (url.pathname === "/__local/faults") problems.delete(port);
  const path = /^\/v1(\/.*)$/.exec(url.pathname)?.[1] ?? url.pathname;
  const call = `${request.method} ${path}`;
  if (path === url.pathname && !/^\/(oauth_applications\/|api_keys|m2m_tokens)/.test(path)) return;
  const { end } = response;
  response.end = (body?: unknown, ...others: unknown[]) => {
    const isPage = url.searchParams.get("paginated") === "true";
    const problem = problemOrError(request.method ?? "GET", path, response.statusCode, body, isPage);
    if (problem) problems.get(port)?.push(`${call} ${response.statusCode}: ${problem}`);
    return Reflect.apply(end, response, [body, ...others]) as ServerResponse;
  };
});

/** An error here must not become the server's. */
function problemOrError(...answer: Parameters<typeof problemWith>): string | undefined {
  try {
    return problemWith(...answer);
  } catch (error) {
    return String(error);
  }
}

/** @param isPage whether the request asked for a page with a count in place of a list */
function problemWith(
  method: string,
  path: string,
  status: number,
  body: unknown,
  isPage: boolean,
): string | undefined {
  const found = operations.find(({ pattern, methods }) => pattern.test(path) && methods[method]);
  const operation = found?.methods[method];
  if (!found || !operation) {
    return status < 400
      ? "dev/scripts/clerk-openapi.mjs does not have this operation"
      : faults("ClerkErrors", body);
  }
  const { [status]: schema } = operation.answers;
  if (schema === null) return body === "" ? undefined : "has a body";
  if (schema !== undefined) {
    const shape = isPage && operation.query.includes("paginated") ? pageOf(schema) : schema;
    return faultsOf(validatorOf(shape), without(NEWER.get(`${method} ${found.path}`) ?? [], parsed(body)));
  }
  return status < 400 ? "is a status that Clerk does not answer with" : faults("ClerkErrors", body);
}

/** The description tells of the parameter, and leaves the shape to the SDK. */
function pageOf(list: object): object {
  return {
    type: "object",
    properties: { data: list, total_count: { type: "integer" } },
    required: ["data", "total_count"],
    additionalProperties: false,
  };
}

function faults(schema: string, body: unknown): string | undefined {
  return faultsOf(validatorOf({ $ref: `#/components/schemas/${schema}` }), parsed(body));
}

/** Compiled at its first use. */
function validatorOf(schema: object): ValidateFunction {
  const key = JSON.stringify(schema);
  const validate = validators.get(key) ?? ajv.compile({ ...schema, components: backendApi.components });
  validators.set(key, validate);
  return validate;
}

function faultsOf(validate: ValidateFunction, value: unknown): string | undefined {
  if (validate(value)) return undefined;
  return ajv.errorsText(validate.errors, { dataVar: "" });
}

function parsed(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
}

function without(names: string[], value: unknown): unknown {
  if (typeof value !== "object" || value === null || names.length === 0) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}
