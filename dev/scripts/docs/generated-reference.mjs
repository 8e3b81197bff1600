import { constantOf, interfaceOf } from "./declarations.mjs";

/** @import { Member } from "./declarations.mjs" */

const OPTIONS = "options/options.ts";
const EVENTS = ["GrantEvent", "DenyEvent", "ToolEvent", "ClerkHealthEvent"];

/** @type {Record<string, () => string>} */
const PARTS = {
  options: () =>
    table(
      ["option", "environment", "default", "meaning"],
      interfaceOf(OPTIONS, "ClerkProviderOptions").members.map(optionRow),
    ),
  failedAttempts: () => membersTable(interfaceOf(OPTIONS, "FailedAttemptsLimit").members),
  anonymousRequests: () => membersTable(interfaceOf(OPTIONS, "AnonymousRequestsLimit").members),
  serverCard: () => membersTable(interfaceOf("options/server-card.ts", "ServerCardOptions").members),
  serverRepository: () => membersTable(interfaceOf("options/server-card.ts", "ServerRepository").members),
  answers,
  events: () => [membersOf("EventCaller"), ...EVENTS.map(membersOf)].join("\n\n"),
  session: () => membersTable(interfaceOf("session/session.ts", "Session").members),
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

/** @param {Member} option */
function optionRow({ name, doc }) {
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
  return [
    `\`${name.replace("?", "")}\``,
    environment ?? "–",
    isRequired ? "required" : (standard ?? "–"),
    meaning,
  ];
}

function answers() {
  const codes = constantOf("errors/refusal.ts", "CODE_OF_REASON");
  const rows = Object.entries(constantOf("response/refusal-response.ts", "WIRE")).map(([code, wire]) => {
    const { status, description, challenge, error } =
      /** @type {{ status: number, description: string, challenge?: string | null, error?: string }} */ (
        wire
      );
    const reasons = Object.keys(codes).filter((reason) => codes[reason] === code);
    return [
      String(status),
      `\`${error ?? code}\``,
      description,
      challenge === null ? "–" : challenge === undefined ? "yes" : `with \`error="${challenge}"\``,
      reasons.map((reason) => `\`${reason}\``).join(", "),
    ];
  });
  return table(
    ["status", "`error`", "`error_description`", "`WWW-Authenticate`", "`reason` of the event"],
    rows,
  );
}

/** @param {string} name */
function membersOf(name) {
  const { doc, members } = interfaceOf("events/events.ts", name);
  const type = members.find((member) => member.name === "type")?.type.replaceAll('"', "");
  const own = members.filter(({ name: member }) => member !== "type" && member !== "time");
  return `${type === undefined ? "" : `**\`${type}\`** – `}${doc}\n\n${membersTable(own)}`;
}

/** @param {readonly Member[]} members */
function membersTable(members) {
  return table(
    ["member", "type", "meaning"],
    members.map(({ name, type, doc }) => [`\`${name}\``, `\`${type}\``, doc]),
  );
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
