/** Reads what a source file states literally, without running it. */
import { createRequire } from "node:module";
import { join } from "node:path";
import type ts from "typescript";

/** Stands for a value that only the running program knows. */
const COMPUTED = Symbol("computed");
/** The member of an object that stands for what is spread into it. */
const SPREAD = "...";

/** The members of an object in a source file. */
export type Members = Readonly<Record<string, unknown>>;

export interface Source {
  /** The value of the first property with this name; `undefined` if there is none. */
  property(name: string): unknown;
  /** The first argument of the first call of this function; `undefined` if there is none. */
  argument(callee: string): unknown;
}

/** Reads with the project's TypeScript; `undefined` if it has none. */
export function sourceReader(folder: string): ((text: string) => Source) | undefined {
  try {
    const compiler = createRequire(join(folder, "package.json"))("typescript") as typeof ts;
    return (text) => sourceOf(compiler, text);
  } catch {
    return undefined;
  }
}

/** Whether a value, or one within it, is known to the running program alone. */
export function isComputed(value: unknown): boolean {
  if (value === COMPUTED) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(isComputed);
}

/** The members of an object; `undefined` if the value is not an object, or may have members that are not in the file. */
export function membersOf(value: unknown): Members | undefined {
  const isObject = typeof value === "object" && value !== null && !Object.hasOwn(value, SPREAD);
  return isObject ? (value as Members) : undefined;
}

function sourceOf(compiler: typeof ts, text: string): Source {
  const file = compiler.createSourceFile("source.ts", text, compiler.ScriptTarget.Latest, true);
  const first = (
    node: ts.Node,
    match: (node: ts.Node) => ts.Expression | undefined,
  ): ts.Expression | undefined => match(node) ?? compiler.forEachChild(node, (child) => first(child, match));
  const known = (found: ts.Expression | undefined): unknown =>
    found === undefined ? undefined : literal(compiler, found);
  return {
    property: (name) =>
      known(
        first(file, (node) =>
          compiler.isPropertyAssignment(node) && node.name.getText(file) === name
            ? node.initializer
            : undefined,
        ),
      ),
    argument: (callee) =>
      known(
        first(file, (node) =>
          compiler.isCallExpression(node) && node.expression.getText(file) === callee
            ? node.arguments[0]
            : undefined,
        ),
      ),
  };
}

function literal(compiler: typeof ts, node: ts.Expression): unknown {
  if (compiler.isStringLiteralLike(node)) return node.text;
  if (node.kind === compiler.SyntaxKind.TrueKeyword) return true;
  if (node.kind === compiler.SyntaxKind.FalseKeyword) return false;
  if (compiler.isArrayLiteralExpression(node))
    return node.elements.map((element) => literal(compiler, element));
  if (
    compiler.isParenthesizedExpression(node) ||
    compiler.isAsExpression(node) ||
    compiler.isSatisfiesExpression(node)
  ) {
    return literal(compiler, node.expression);
  }
  if (!compiler.isObjectLiteralExpression(node)) return COMPUTED;
  return Object.fromEntries(
    node.properties.map((property) => {
      const { name } = property;
      const key = name !== undefined && "text" in name ? name.text : SPREAD;
      const value = compiler.isPropertyAssignment(property)
        ? literal(compiler, property.initializer)
        : COMPUTED;
      return [key, value];
    }),
  );
}
