import type { ConfigProblem } from "../errors/config-error.js";
import { ORGANIZATION_SCOPE } from "../identity.js";
import type { SecurityScheme } from "../mcp/mediation.js";
import { normalised, type OperationKind } from "../mcp/operations.js";
import { type Access, type AccessRules, accessRule } from "../options/access-rules.js";
import type { Settings } from "../options/settings.js";
import { type Catalogue, catalogue, type Declaration, type Declarations } from "./catalogue.js";
import { nameClashes } from "./name-clashes.js";
import { connectionsOf, needsMetadata, type Policy } from "./policy.js";
import { requirementsOf } from "./requirements.js";
import { keysAsLookedUp, prefixOf, ruleTable, templatePattern } from "./rule-table.js";
import { compiledRule, isForUsers, isPublic, type Rules } from "./rules.js";
import { securitySchemes } from "./security-schemes.js";

/** The compiled rules of the options and the files, and the problems found in them. */
export interface Compiled {
  readonly policy: Policy;
  /** `undefined` if the server's tools are unknown. */
  readonly known: Catalogue | undefined;
  /** How each tool is called, by name. `undefined` while all tools are called the same way, after signing in. */
  readonly schemes: ReadonlyMap<string, readonly SecurityScheme[]> | undefined;
  /** Invalid rules in tool files, and rules that match nothing. */
  readonly problems: readonly ConfigProblem[];
  /** Names that two files have, or that none can have: xmcp would answer requests with 500. */
  readonly clashes: readonly ConfigProblem[];
  /** Set if there are rules that could not be applied. The server must not serve. */
  readonly fault: ConfigProblem | undefined;
}

/**
 * @param given the server's tools, prompts and resources. `undefined` if the server is not xmcp's: names are then not
 *   checked. `"unguarded"` if it is, and may have rules in its files.
 */
export function compile(settings: Settings, given: Declarations | "unguarded" | undefined): Compiled {
  const { access, scopes, requiredScopes, discovery } = settings;
  const declared = given === "unguarded" ? undefined : given;
  const served = declared === undefined ? undefined : enabled(declared);
  const { default: fallback = "authenticated", scopeHierarchy = {} } = access;
  const problems: ConfigProblem[] = [];
  const known = served === undefined ? undefined : catalogue(served);
  const rulesOf = (kind: OperationKind) => {
    const listed = keysAsLookedUp(kind, access[kind] ?? {});
    const declaredInFiles = rulesInFiles(kind, declared?.[kind] ?? [], problems);
    if (declared !== undefined)
      problems.push(...rulesWithoutTarget(kind, access[kind] ?? {}, namesOf(kind, declared)));
    const declaredRules = [...declaredInFiles.values()].filter((access) => access !== undefined);
    return { listed, declaredInFiles, all: [...Object.values(listed), ...declaredRules] };
  };
  const [tools, prompts, resources] = [rulesOf("tools"), rulesOf("prompts"), rulesOf("resources")];
  const all = [tools, prompts, resources].flatMap((rules) => rules.all);
  const hierarchy = Object.entries(scopeHierarchy).flat(2);
  const hasRules = all.length > 0 || fallback === "deny";
  const differs = hasRules || discovery !== "signed-in";
  const toolRules = rulesTable(tools.listed, tools.declaredInFiles, fallback);
  const pages = pagesOfPublicTools(declared?.tools ?? [], toolRules);
  return {
    known,
    problems,
    clashes: served === undefined ? [] : nameClashes(served),
    schemes: known !== undefined && differs ? securitySchemes(known, toolRules, settings) : undefined,
    fault: known === undefined && (differs || given === "unguarded") ? NO_REGISTRY : undefined,
    policy: {
      tables: {
        tools: toolRules,
        prompts: rulesTable(prompts.listed, prompts.declaredInFiles, fallback),
        resources: rulesTable(resources.listed, new Map([...pages, ...resources.declaredInFiles]), fallback),
      },
      requiredOfUsers: requiredScopes.length === 0 ? [] : requirementsOf({ scopes: requiredScopes }),
      hasRules,
      hasPublicRules: all.includes("public"),
      asksForMetadata: {
        tools: tools.all.some(needsMetadata),
        prompts: prompts.all.some(needsMetadata),
        resources: resources.all.some(needsMetadata),
      },
      providers: {
        tools: tools.all.flatMap(connectionsOf),
        prompts: prompts.all.flatMap(connectionsOf),
        resources: resources.all.flatMap(connectionsOf),
      },
      scopesToAdvertise: [...new Set(all.flatMap(userScopes))],
      knownScopes: new Set([
        ...scopes,
        ...requiredScopes,
        ...hierarchy,
        ...all.flatMap(scopesOf),
        ORGANIZATION_SCOPE,
      ]),
    },
  };
}

const NO_REGISTRY: ConfigProblem = {
  kind: "invalid",
  option: "access",
  fix:
    "rules, those in tools' files too, apply only in a build with @xmcp-dev/clerk/bundler. In an app of another framework, add " +
    "`bundler: declareToApp` to xmcp.config.ts, build again, and load the build before the first request; in any other, " +
    "`bundler: (config) => serveOnWorkers(serveOnNode(config))`. Without xmcp, remove `access`",
};

function rulesTable(
  listed: AccessRules,
  declaredInFiles: ReadonlyMap<string, Access | undefined>,
  fallback: Access,
): Rules {
  const compiled = Object.entries(listed).map(([key, access]) => [key, compiledRule(access, key)] as const);
  const compiledInFiles = [...declaredInFiles].map(
    ([name, access]) => [name, access === undefined ? undefined : compiledRule(access)] as const,
  );
  return ruleTable(Object.fromEntries(compiled), new Map(compiledInFiles), compiledRule(fallback));
}

/** The page of a public tool is public too, unless a rule for resources says otherwise: reading it runs the tool. */
function pagesOfPublicTools(tools: readonly Declaration[], rules: Rules): ReadonlyMap<string, Access> {
  return new Map(
    tools.flatMap(({ name, page }) =>
      page !== undefined && isPublic(rules, name) ? [[page, "public"] as const] : [],
    ),
  );
}

function rulesInFiles(
  kind: OperationKind,
  declarations: readonly Declaration[],
  problems: ConfigProblem[],
): ReadonlyMap<string, Access | undefined> {
  const declaredInFiles = new Map<string, Access | undefined>();
  for (const { name, access } of declarations) {
    if (!declaredInFiles.has(name)) declaredInFiles.set(name, undefined);
    if (access === undefined) continue;
    const { data, error } = accessRule.safeParse(access);
    // An invalid rule closes its tool: it was meant to keep callers out.
    declaredInFiles.set(name, data ?? "deny");
    for (const { path, message } of error?.issues ?? []) {
      const option = [`access of ${name} (${kind})`, ...path].join(" → ");
      problems.push({ kind: "invalid", option, fix: message });
    }
  }
  return declaredInFiles;
}

/** Rules for names that do not exist. Such a name is most likely a misspelling, which leaves the intended tool open. */
function rulesWithoutTarget(
  kind: OperationKind,
  rules: AccessRules,
  names: readonly string[],
): readonly ConfigProblem[] {
  return Object.keys(rules)
    .filter((key) => !names.some((name) => fits(key, name)))
    .map((key) => ({
      kind: "invalid",
      option: `access → ${kind} → ${key}`,
      fix: `this name does not exist. Existing names: ${names.join(", ") || "none"}`,
    }));
}

/** The names that rules can have, sorted. A rule for what is switched off for now is no mistake. */
function namesOf(kind: OperationKind, declared: Declarations): readonly string[] {
  const names = declared[kind].map(({ name }) => name);
  const pages = declared.tools.flatMap(({ page }) => page ?? []);
  return [...names, ...(kind === "resources" ? pages : [])].sort();
}

function enabled({ tools, prompts, resources }: Declarations): Declarations {
  const on = (all: readonly Declaration[]) => all.filter(({ isEnabled = true }) => isEnabled);
  return { tools: on(tools), prompts: on(prompts), resources: on(resources) };
}

function fits(key: string, name: string): boolean {
  const prefix = prefixOf(key);
  if (key === name) return true;
  if (prefix === undefined) return templatePattern(name)?.test(normalised(key)) ?? false;
  return name.startsWith(prefix) || (prefixOf(name) !== undefined && prefix.startsWith(prefixOf(name) ?? ""));
}

function scopesOf(access: Access): readonly string[] {
  return typeof access === "string" ? [] : [...(access.scopes ?? []), ...(access.anyScope ?? [])];
}

/** Scopes that only API keys need are omitted: Clerk's sign-in does not offer them. */
function userScopes(access: Access): readonly string[] {
  return isForUsers(access) ? scopesOf(access) : [];
}
