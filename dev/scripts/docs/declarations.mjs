import { readFileSync } from "node:fs";
import ts from "typescript";

/** Members that every event has. */
const SELF_EVIDENT = new Set(["type", "time"]);

const SOURCES = "packages/clerk/src";

/**
 * @typedef {{ name: string, type: string, doc: string }} Member
 * @typedef {{ doc: string, members: Member[] }} Interface
 */

/** @param {string} file below the plugin's sources */
function parsed(file) {
  return ts.createSourceFile(file, readFileSync(`${SOURCES}/${file}`, "utf8"), ts.ScriptTarget.ESNext, true);
}

/**
 * Reads an interface with the doc comments of its members.
 *
 * @param {string} file
 * @param {string} name
 * @returns {Interface}
 */
export function interfaceOf(file, name) {
  const { statements } = parsed(file);
  const declaration = statements.find(
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  );
  if (!declaration || !ts.isInterfaceDeclaration(declaration)) throw new Error(`${file} has no ${name}.`);
  const members = declaration.members.map((member) => {
    if (!member.name) throw new Error(`${name} has a member without a name.`);
    const isOptional = member.questionToken !== undefined;
    const doc = docOf(member);
    if (doc === "" && !SELF_EVIDENT.has(member.name.getText()))
      throw new Error(`${name}.${member.name.getText()} has no doc comment.`);
    return {
      name: `${member.name.getText()}${isOptional ? "?" : ""}`,
      type: spelledOut(typeOf(member), statements),
      doc,
    };
  });
  return { doc: docOf(declaration), members };
}

/**
 * Reads a constant that is an object of plain values, without running the file.
 *
 * @param {string} file
 * @param {string} name
 * @returns {Record<string, unknown>}
 */
export function constantOf(file, name) {
  const declarations = parsed(file).statements.flatMap((statement) =>
    ts.isVariableStatement(statement) ? [...statement.declarationList.declarations] : [],
  );
  const initializer = declarations.find((declaration) => declaration.name.getText() === name)?.initializer;
  if (!initializer) throw new Error(`${file} has no ${name}.`);
  return /** @type {Record<string, unknown>} */ (plainValue(initializer));
}

/**
 * @param {ts.Expression} expression
 * @returns {unknown}
 */
export function plainValue(expression) {
  if (ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression))
    return plainValue(expression.expression);
  if (ts.isStringLiteralLike(expression)) return expression.text;
  if (ts.isNumericLiteral(expression)) return Number(expression.text);
  if (ts.isPrefixUnaryExpression(expression)) return Number(expression.getText());
  if (expression.kind === ts.SyntaxKind.NullKeyword) return null;
  if (ts.isIdentifier(expression) && expression.text === "undefined") return undefined;
  if (ts.isArrayLiteralExpression(expression)) return expression.elements.map(plainValue);
  if (!ts.isObjectLiteralExpression(expression))
    throw new Error(`Not a plain value: ${expression.getText()}`);
  return Object.fromEntries(
    expression.properties.map((property) => {
      if (!ts.isPropertyAssignment(property)) throw new Error(`Not a plain value: ${property.getText()}`);
      return [property.name.getText(), plainValue(property.initializer)];
    }),
  );
}

/** @param {ts.TypeElement} member */
function typeOf(member) {
  if (ts.isMethodSignature(member)) return "function";
  const type = ts.isPropertySignature(member) ? member.type?.getText() : undefined;
  return (type ?? "unknown").replace(/ \| undefined$/, "").replace(/\s+/g, " ");
}

/**
 * Replaces the name of a union of strings from the same file by its members, which are more informative.
 *
 * @param {string} type
 * @param {readonly ts.Statement[]} statements
 */
function spelledOut(type, statements) {
  const alias = statements.find(
    (statement) => ts.isTypeAliasDeclaration(statement) && statement.name.text === type,
  );
  const text = alias && ts.isTypeAliasDeclaration(alias) ? alias.type.getText().replace(/\s+/g, " ") : "";
  return /^(\| )?"/.test(text) ? text.replace(/^\| /, "") : type;
}

/** @param {ts.Node} node */
function docOf(node) {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return comments
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "")
    .join(" ")
    .replace(/\s+/g, " ")
    .trim();
}
