import type { CompileError, Stats } from "./compiler.js";

/** More are seldom independent of the first. */
const SHOWN = 3;

/** The output for a failed compilation, instead of the compiler's statistics. */
export function compileErrors(stats: Stats, isServing: boolean): string {
  const { errors = [] } = stats.toJson({ all: false, errors: true });
  // xmcp evaluates its configuration where `import` finds no built-in module.
  const { stripVTControlCharacters } = process.getBuiltinModule("util");
  const plain = errors.map((error) => ({ ...error, message: stripVTControlCharacters(error.message ?? "") }));
  const lines = plain.slice(0, SHOWN).map((error) => `✖ ${placeOf(error)}${reasonOf(error)}`);
  const more = plain.length - SHOWN;
  if (more > 0) lines.push(`  and ${more} more`);
  lines.push(
    isServing
      ? "The server still runs the previous code. It reloads when this compiles."
      : "The server does not run. It starts when this compiles.",
  );
  return lines.join("\n");
}

/** The line in a message of the compiler of TypeScript, e.g. `,-[/app/src/tools/greet.ts:3:1]`; on a terminal `╭─[`. */
const LINE = /[-─]\[.*:(\d+):\d+\]/;

function placeOf({ moduleName, loc = "", message = "" }: CompileError): string {
  if (moduleName === undefined) return "";
  const line = LINE.exec(message)?.[1] ?? /^\d+/.exec(loc)?.[0];
  return `${moduleName.replace(/^.*!|^\.\//g, "")}${line === undefined ? "" : `:${line}`} `;
}

/** The first line that says what is wrong: not a headline, and not part of the picture of the code. */
function reasonOf({ message = "" }: CompileError): string {
  const lines = message.split("\n").map((line) => line.replace(/^(?:[\s×│├╰─▶]|x )+/, ""));
  return lines.find((line) => line !== "" && !HEADLINE.test(line)) ?? "cannot be compiled.";
}

const HEADLINE = /^(?:Module (?:build|parse) failed\b.*:|Syntax Error)$/;
