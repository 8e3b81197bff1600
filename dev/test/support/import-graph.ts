import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import ts from "typescript";

/** One floor of a package's `layers.json`, which lists the floors from top to bottom. */
export interface Floor {
  /** Folders of `src`, or files of `src` without `.ts`. Rooms of the same floor do not import each other. */
  rooms: string[];
  /** The content of the rooms, in one line. */
  holds: string;
}

export interface LayerOptions {
  /** Files, relative to `src`, that may have more than 300 lines. */
  longFiles?: RegExp;
}

/** The files that each file imports, relative to `src`. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

const MAX_LOOSE_FILES = 10;
const MIN_LINES = 15;
const MAX_LINES = 300;

/**
 * Checks a package's sources against its `layers.json`: rooms, directions of imports, cycles, and file sizes.
 *
 * @param packageFolder absolute path of the package.
 * @returns one sentence per fault; empty if there is none.
 */
export function layerFaults(packageFolder: string, { longFiles }: LayerOptions = {}): string[] {
  const source = join(packageFolder, "src");
  const { name } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as { name: string };
  const graph = importGraph(source, name);
  const floors = JSON.parse(readFileSync(join(packageFolder, "layers.json"), "utf8")) as Floor[];
  return [
    ...roomFaults([...graph.keys()], floors),
    ...directionFaults(graph, floors),
    ...circlesIn(graph).map((circle) => `a circle of files: ${circle.join(", ")}`),
    ...sizeFaults(source, graph, entriesOf(packageFolder), longFiles),
  ];
}

/** Rooms that are not listed, and listed rooms that do not exist. */
export function roomFaults(files: readonly string[], floors: readonly Floor[]): string[] {
  const rooms = floors.flatMap((floor) => floor.rooms);
  const inhabited = new Set(files.map((file) => roomOf(file, rooms)));
  return [
    ...files
      .filter((file) => roomOf(file, rooms) === undefined)
      .map((file) => `${file} is in no listed room`),
    ...rooms.filter((room) => !inhabited.has(room)).map((room) => `the room ${room} does not exist`),
    ...rooms.filter((room, index) => rooms.indexOf(room) !== index).map((room) => `${room} is listed twice`),
  ];
}

/** Imports from a higher floor, and imports between two rooms of one floor. */
export function directionFaults(graph: ImportGraph, floors: readonly Floor[]): string[] {
  const rooms = floors.flatMap((floor) => floor.rooms);
  const heightOf = new Map(
    floors.flatMap((floor, depth) => floor.rooms.map((room) => [room, -depth] as const)),
  );
  return [...graph].flatMap(([file, imported]) =>
    imported.flatMap((target) => {
      const [from, to] = [roomOf(file, rooms), roomOf(target, rooms)];
      if (from === undefined || to === undefined || from === to) return [];
      const climb = (heightOf.get(to) ?? 0) - (heightOf.get(from) ?? 0);
      if (climb < 0) return [];
      return [`${file} imports ${climb > 0 ? "up" : "sideways"}: ${target}`];
    }),
  );
}

/** Strongly connected files (Tarjan), each cycle in alphabetical order. */
export function circlesIn(graph: ImportGraph): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): number => {
    const index = order.size;
    order.set(file, index);
    low.set(file, index);
    stack.push(file);
    for (const target of graph.get(file) ?? []) {
      const reached = order.has(target)
        ? stack.includes(target)
          ? order.get(target)
          : undefined
        : visit(target);
      if (reached !== undefined) low.set(file, Math.min(low.get(file) ?? index, reached));
    }
    if (low.get(file) === index) {
      const component = stack.splice(stack.indexOf(file));
      if (component.length > 1 || graph.get(file)?.includes(file)) circles.push(component.sort());
    }
    return low.get(file) ?? index;
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return circles;
}

/**
 * The import graph of a folder of TypeScript files. Imports of packages are omitted, except those of the package itself,
 * which count as imports of `index.ts`.
 *
 * @param ownName name of the package.
 */
export function importGraph(source: string, ownName?: string): ImportGraph {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".ts"))
    .sort();
  const known = new Set(files);
  return new Map(
    files.map((file) => {
      const targets = specifiersIn(readFileSync(join(source, file), "utf8"))
        .flatMap((specifier) => {
          if (ownName !== undefined && `${specifier}/`.startsWith(`${ownName}/`)) return ["index.ts"];
          return specifier.startsWith(".") ? [posix.join(posix.dirname(file), specifier)] : [];
        })
        .map((target) => target.replace(/\.js$/, ".ts"))
        .filter((target) => known.has(target));
      return [file, [...new Set(targets)]];
    }),
  );
}

/** The specifiers of a file's imports: values, types, re-exports, `import()` of values and of types. */
export function specifiersIn(text: string): string[] {
  const found: string[] = [];
  const add = (node: ts.Node | undefined): void => {
    if (node !== undefined && ts.isStringLiteralLike(node)) found.push(node.text);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isExternalModuleReference(node)) add(node.expression);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("file.ts", text, ts.ScriptTarget.Latest));
  return found;
}

/** The room with the longest matching name, so that a nested folder may be a separate room. */
function roomOf(file: string, rooms: readonly string[]): string | undefined {
  const name = file.replace(/(\.d)?\.ts$/, "");
  return rooms
    .filter((room) => name === room || name.startsWith(`${room}/`))
    .sort((one, other) => other.length - one.length)[0];
}

function sizeFaults(
  source: string,
  graph: ImportGraph,
  entries: ReadonlySet<string>,
  longFiles: RegExp | undefined,
): string[] {
  const files = [...graph.keys()];
  const loose = files.filter((file) => !file.includes("/"));
  const importedFromOutside = new Set(
    [...graph].flatMap(([file, targets]) =>
      targets.filter((target) => posix.dirname(target) !== posix.dirname(file)),
    ),
  );
  const isEntry = (file: string): boolean =>
    entries.has(file) ||
    file.endsWith(".d.ts") ||
    (posix.basename(file) === "index.ts" && importedFromOutside.has(file));
  const sizes = files.flatMap((file) => {
    const lines = readFileSync(join(source, file), "utf8").trimEnd().split("\n").length;
    if (lines > MAX_LINES && !longFiles?.test(file))
      return [`${file} has ${lines} lines, more than ${MAX_LINES}`];
    return lines < MIN_LINES && !isEntry(file) ? [`${file} has ${lines} lines, fewer than ${MIN_LINES}`] : [];
  });
  const crowd =
    loose.length > MAX_LOOSE_FILES ? [`${loose.length} files are loose in src: ${loose.join(", ")}`] : [];
  return [...crowd, ...sizes];
}

/** The source files of the entries in `exports` and `bin` of `package.json`. */
function entriesOf(packageFolder: string): ReadonlySet<string> {
  const manifest = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as {
    exports?: unknown;
    bin?: unknown;
  };
  const built = (path: string) => /^\.\/dist\/(.+)\.js$/.exec(path)?.[1];
  const named = stringsIn([manifest.exports, manifest.bin]).flatMap((path) => {
    const launched = existsSync(join(packageFolder, path)) && path.startsWith("./bin/");
    const paths = launched
      ? specifiersIn(readFileSync(join(packageFolder, path), "utf8")).map((to) => to.replace(/^\.\./, "."))
      : [path];
    return paths.flatMap((each) => built(each) ?? []);
  });
  return new Set(named.map((name) => `${name}.ts`));
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
