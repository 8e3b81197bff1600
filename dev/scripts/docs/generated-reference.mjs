import { constantOf, interfaceOf } from "./declarations.mjs";

/** @import { Member } from "./declarations.mjs" */

const OPTIONS = "options/options.ts";
const EVENTS = ["GrantEvent", "DenyEvent", "ToolEvent", "ClerkHealthEvent"];

/** @type {Record<string, () => string>} */
const PARTS = {
  options,
  failedAttempts: () => membersList(interfaceOf(OPTIONS, "FailedAttemptsLimit").members),
  anonymousRequests: () => membersList(interfaceOf(OPTIONS, "AnonymousRequestsLimit").members),
  serverCard: () => membersList(interfaceOf("options/server-card.ts", "ServerCardOptions").members),
  serverRepository: () => membersList(interfaceOf("options/server-card.ts", "ServerRepository").members),
  answers,
  reasons,
  events: () => [membersOf("EventCaller"), ...EVENTS.map(membersOf)].join("\n\n"),
  session: () => membersList(interfaceOf("session/session.ts", "Session").members),
};

/**
 * Updates the generated parts of the reference from the source. A part stands between two comments, `<!-- from the
 * source: name -->` and `<!-- end -->`.
 *
 * @param {string} page
 */
export function withGenerated(page) {
  const missing = new Set(Object.keys(PARTS));
  const text = page.replace(
    /(<!-- from the source: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin, name, end) => {
      const part = PARTS[name];
      if (!part) throw new Error(`Nothing generates ${name}.`);
      missing.delete(name);
      return `${begin}\n${part()}\n\n${end}`;
    },
  );
  if (missing.size > 0) throw new Error(`The reference has no place for ${[...missing].join(", ")}.`);
  return text;
}

/** An overview, and a section for each option, because a meaning can be too long for a table. */
function options() {
  const all = interfaceOf(OPTIONS, "ClerkProviderOptions").members.map(option);
  const rows = all.map(({ name, environment, standard }) => [
    `[\`${name}\`](#${name.toLowerCase()})`,
    environment ?? "–",
    standard,
  ]);
  const sections = all.map(({ name, meaning }) => `### \`${name}\`\n\n${meaning}`);
  return [table(["option", "environment", "default"], rows), ...sections].join("\n\n");
}

/** Takes environment and default out of the doc comment. @param {Member} member */
function option({ name, doc }) {
  let meaning = doc;
  /** @param {RegExp} pattern */
  const taken = (pattern) => {
    const found = pattern.exec(meaning)?.[1];
    meaning = meaning.replace(pattern, "").trim();
    return found;
  };
  const environment = taken(/\s*Environment: (`\w+`)\./);
  const isRequired = taken(/\s*(Required)\./) !== undefined;
  const standard = taken(/\s*Default: (.*?)\.(?=\s|$)/);
  return {
    name: name.replace("?", ""),
    environment,
    standard: isRequired ? "required" : (standard ?? "–"),
    meaning,
  };
}

function answers() {
  const rows = refusals().map(({ code, status, description, challenge, error }) => [
    String(status),
    `\`${error ?? code}\``,
    description,
    challenge === null ? "–" : challenge === undefined ? "yes" : `with \`error="${challenge}"\``,
  ]);
  return table(["status", "`error`", "`error_description`", "`WWW-Authenticate`"], rows);
}

function reasons() {
  const codes = constantOf("errors/refusal.ts", "CODE_OF_REASON");
  const lines = refusals().map(({ code, status, error }) => {
    const names = Object.keys(codes).filter((reason) => codes[reason] === code);
    return `- ${status} \`${error ?? code}\`: ${names.map((name) => `\`${name}\``).join(", ")}`;
  });
  return lines.join("\n");
}

/** @returns {{ code: string, status: number, description: string, challenge?: string | null, error?: string }[]} */
function refusals() {
  return Object.entries(constantOf("response/refusal-response.ts", "WIRE")).map(([code, wire]) => ({
    code,
    .../** @type {{ status: number, description: string, challenge?: string | null, error?: string }} */ (
      wire
    ),
  }));
}

/** @param {string} name */
function membersOf(name) {
  const { doc, members } = interfaceOf("events/events.ts", name);
  const type = members.find((member) => member.name === "type")?.type.replaceAll('"', "");
  const own = members.filter(({ name: member }) => member !== "type" && member !== "time");
  return `${type === undefined ? "" : `**\`${type}\`** – `}${doc}\n\n${membersList(own)}`;
}

/** A list, because the meaning of a member can be too long for a table. @param {readonly Member[]} members */
function membersList(members) {
  return members.map(({ name, type, doc }) => `- \`${name}\` (\`${type}\`): ${doc}`).join("\n");
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
function table(head, rows) {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
}
