import { readFileSync } from "fs";
import { LRUCache } from "lru-cache";
import { fileURLToPath } from "url";

/** The members of a source map (ECMA-426) that this module uses. */
interface SourceMap {
  readonly sources: readonly string[];
  readonly mappings: string;
}

/** Cached positions: errors come from few places, and the map itself is not kept in memory. */
const positions = new LRUCache<string, { readonly position: string | undefined }>({ max: 1_000 });

/** The last map, for the other frames of the same stack; released by the next garbage collection. */
let lastRead: WeakRef<{ readonly file: string; readonly map: SourceMap | undefined }> | undefined;

/**
 * The original position of code in a bundle: `file:line:column`. `undefined` if no source map next to the bundle
 * contains it. Node's own `--enable-source-maps` would read the map at the start, keep it, and slow down every
 * `Error.stack`.
 *
 * @param line counted from 1, as is `column`.
 */
export function originalPosition(file: string, line: number, column: number): string | undefined {
  const key = `${file}:${line}:${column}`;
  const known = positions.get(key);
  if (known !== undefined) return known.position;
  const map = sourceMapOf(file);
  const position = map === undefined ? undefined : find(map, line - 1, column - 1);
  positions.set(key, { position });
  return position;
}

function sourceMapOf(file: string): SourceMap | undefined {
  const last = lastRead?.deref();
  if (last?.file === file) return last.map;
  const map = readSourceMap(file);
  lastRead = new WeakRef({ file, map });
  return map;
}

function readSourceMap(file: string): SourceMap | undefined {
  try {
    const path = file.startsWith("file:") ? fileURLToPath(file) : file;
    return JSON.parse(readFileSync(`${path}.map`, "utf8")) as SourceMap;
  } catch {
    return undefined;
  }
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** By character code, since a map has a million characters. */
const DIGITS: (number | undefined)[] = new Array(128).fill(undefined);
for (const [digit, character] of [...BASE64].entries()) DIGITS[character.charCodeAt(0)] = digit;

/**
 * The original position of the last segment that starts at or before a position, all counted from 0. Reads the
 * mappings up to there and keeps nothing: Node's `SourceMap` first creates 30 MB of objects, which blocks the process.
 */
function find({ sources, mappings }: SourceMap, line: number, column: number): string | undefined {
  // Column in the bundle; index of the source, line and column there. A segment contains differences to the previous
  // one.
  const state = [0, 0, 0, 0, 0];
  let found: readonly number[] | undefined;
  let [row, field, value, shift] = [0, 0, 0, 0];
  for (let index = 0; index <= mappings.length; index += 1) {
    const digit = DIGITS[mappings.charCodeAt(index)];
    if (digit === undefined) {
      if (row > line || (row === line && (state[0] ?? 0) > column)) break;
      if (row === line && field > 0) found = [...state];
      if (mappings[index] === ";") [row, state[0]] = [row + 1, 0];
      field = 0;
    } else {
      // Base64 VLQ: five bits a digit, lowest first; the sixth bit marks a continuation, the lowest of all is the
      // sign.
      value |= (digit & 31) << shift;
      shift += 5;
      if (digit & 32) continue;
      state[field] = (state[field] ?? 0) + (value & 1 ? -(value >> 1) : value >> 1);
      field += 1;
      value = 0;
      shift = 0;
    }
  }
  const [, source = 0, sourceLine = 0, sourceColumn = 0] = found ?? [];
  return found && `${sources[source]?.replace(/^\.\//, "")}:${sourceLine + 1}:${sourceColumn + 1}`;
}
