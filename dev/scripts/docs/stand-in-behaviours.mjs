import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { plainValue } from "./declarations.mjs";

/**
 * @typedef {object} Behaviour
 * @property {string} id
 * @property {string} says
 * @property {string[]} from
 * @property {string} [option]
 */

const TESTS = "packages/clerk-local/test";
const TEST_FUNCTIONS = new Set(["it", "test", "describe"]);

/**
 * The behaviours that the local Clerk's tests declare, in the order of the files' names.
 *
 * @returns {Behaviour[]}
 */
export function standInBehaviours() {
  const files = readdirSync(TESTS).filter((name) => name.endsWith(".test.ts"));
  return declaredIn(files.sort().map((name) => [name, readFileSync(`${TESTS}/${name}`, "utf8")]));
}

/**
 * @param {[name: string, text: string][]} files
 * @returns {Behaviour[]}
 * @throws if a behaviour is declared twice or at no test, or if a guess says nothing about a switch
 */
export function declaredIn(files) {
  const found = files.flatMap(([name, text]) => behavioursIn(name, text));
  const ids = found.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`The behaviour ${twice} is declared twice.`);
  return found;
}

/**
 * Updates the README's table, between `<!-- from the tests -->` and `<!-- end -->`.
 *
 * @param {string} readme
 */
export function withBehaviours(readme) {
  const [, before, after] =
    /^([\s\S]*<!-- from the tests -->\n)[\s\S]*?(<!-- end -->[\s\S]*)$/.exec(readme) ?? [];
  if (before === undefined) throw new Error("The README has no place for the behaviours.");
  return `${before}\n${table(standInBehaviours())}\n\n${after}`;
}

/** @param {readonly Behaviour[]} behaviours */
function table(behaviours) {
  const rows = behaviours.map(({ says, from, option }) => [
    says,
    from.join(", "),
    option === undefined ? "" : option === "no switch" ? "none" : `\`${option}\``,
  ]);
  const all = [["behaviour", "known from", "switch"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  /** @param {readonly string[]} row */
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = all;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

/**
 * @param {string} file
 * @param {string} text
 */
function behavioursIn(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  /** @type {Behaviour[]} */
  const found = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isCallExpression(node) && node.expression.getText() === "proves")
      found.push(behaviourOf(node, file));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/**
 * @param {ts.CallExpression} call
 * @param {string} file
 * @returns {Behaviour}
 */
function behaviourOf(call, file) {
  const [id, says, from, option] = call.arguments.map(plainValue);
  const name = `${file}: the behaviour ${id}`;
  if (!isArgumentOfTest(call)) throw new Error(`${name} is not the second argument of a test.`);
  if (typeof id !== "string" || typeof says !== "string")
    throw new Error(`${name} needs an id and a sentence.`);
  const sources = [from ?? []].flat().map(String);
  if (sources.length === 0) throw new Error(`${name} does not say where it is known from.`);
  if (sources.includes("guess") && option === undefined) {
    throw new Error(`${name} is a guess and needs the option that turns it, or "no switch".`);
  }
  return { id, says, from: sources, ...(typeof option === "string" && { option }) };
}

/** @param {ts.CallExpression} call */
function isArgumentOfTest({ parent }) {
  if (!ts.isCallExpression(parent)) return false;
  const [first = ""] = parent.expression.getText().split(/[.(]/);
  return TEST_FUNCTIONS.has(first) && parent.arguments.length === 3;
}
