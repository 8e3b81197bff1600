import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Ask, add } from "../src/commands/add/add.js";
import { run } from "./doctor-scene/doctor-run.js";

/** The files of create-xmcp-app 0.2.1, with a newer zod. The scaffold tests run the real command. */
const FRESH = {
  "package.json": `{
    "name": "app",
    "scripts": { "dev": "xmcp dev" },
    "dependencies": { "xmcp": "latest", "zod": "4.6.7" }
}
`,
  "xmcp.config.ts": `import { type XmcpConfig } from "xmcp";

const config: XmcpConfig = {
  http: true,
};

export default config;
`,
  ".gitignore": "node_modules/\nxmcp-env.d.ts",
};
const MIDDLEWARE = "export default function mine() {}\n";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function project(files: Readonly<Record<string, string>> = FRESH): string {
  const folder = mkdtempSync(join(tmpdir(), "add-"));
  folders.push(folder);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

/** The contents of a folder's files, by path. Does not follow links, as the option `recursive` does from Node 24 on. */
function contents(folder: string, within = ""): Record<string, string> {
  const entries = readdirSync(join(folder, within), { withFileTypes: true });
  const found = entries.map((entry): Record<string, string> => {
    const path = join(within, entry.name);
    if (entry.isDirectory()) return contents(folder, path);
    return entry.isFile() ? { [path]: readFileSync(join(folder, path), "utf8") } : {};
  });
  return Object.assign({}, ...found) as Record<string, string>;
}

const added = (folder: string, ...options: string[]) => run(["add", ...options], {}, folder);

describe("in a fresh project", () => {
  it("adds the middleware, the setting, the dependencies and the keys, and keeps .env out of git", async () => {
    const folder = project();
    const { code, stdout, stderr } = await added(folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("Now run npm install.");
    const files = contents(folder);
    expect(Object.keys(files)).toEqual(
      [".env.example", ".gitignore", "package.json", "src/middleware.ts", "xmcp.config.ts"].sort(),
    );
    expect(files["src/middleware.ts"]).toContain("export default clerkProvider(");
    expect(files["xmcp.config.ts"]).toContain(
      "= {\n  bundler: (config: object) => serveOnWorkers(serveOnNode(config)),\n  http: true,\n};",
    );
    expect(files[".gitignore"]).toBe("node_modules/\nxmcp-env.d.ts\n.env\n");
    expect(files[".env.example"]?.match(/^# [A-Z_]+(?==)/gm)).toEqual([
      "# CLERK_SECRET_KEY",
      "# CLERK_DOMAIN",
      "# BASE_URL",
    ]);
    expect(files["package.json"]).toMatch(/^ {4}"name"/m);
    expect(JSON.parse(files["package.json"] ?? "")).toMatchObject({
      scripts: { dev: "xmcp dev", "dev:local": expect.stringContaining("-- xmcp dev") },
      dependencies: { "@xmcp-dev/clerk": expect.stringMatching(/^\^\d/), zod: "4.6.7" },
    });
  });

  it("changes nothing on a second run", async () => {
    const folder = project();
    await added(folder);
    const before = contents(folder);
    const { code, stdout } = await added(folder);
    expect(code).toBe(0);
    expect(stdout).toBe("The project already has everything.\n");
    expect(contents(folder)).toEqual(before);
  });

  it("--dry-run lists each file and changes none", async () => {
    const folder = project({ ...FRESH, "src/middleware.ts": MIDDLEWARE });
    const before = contents(folder);
    const { code, stdout } = await added(folder, "--dry-run");
    expect(code).toBe(0);
    for (const file of ["xmcp.config.ts", "src/middleware.ts", "package.json", ".env.example", ".gitignore"])
      expect(stdout).toMatch(new RegExp(`^\\+ ${file} `, "m"));
    expect(stdout).toContain('    export default clerkProvider({ scopes: ["profile", "email"] });\n');
    expect(stdout).toContain('        "dev:local": "clerk-local ');
    expect(stdout).not.toContain('"name": "app"');
    expect(stdout).toMatch(/^ {2}src\/middleware\.ts\.old +your previous file/m);
    expect(contents(folder)).toEqual(before);
  });
});

describe("what the user has written", () => {
  it("keeps the values in .env, and adds only the missing keys, as comments", async () => {
    const folder = project({
      ...FRESH,
      ".env": "CLERK_SECRET_KEY=sk_test_mine\nOTHER=1",
      ".env.example": "#CLERK_DOMAIN=\n",
    });
    await added(folder);
    const files = contents(folder);
    expect(files[".env"]).toMatch(/^CLERK_SECRET_KEY=sk_test_mine\nOTHER=1\n\n/);
    expect(files[".env"]?.match(/^[A-Z_]+=/gm)).toEqual(["CLERK_SECRET_KEY=", "OTHER="]);
    expect(files[".env"]?.match(/CLERK_SECRET_KEY/g)).toHaveLength(1);
    expect(files[".env.example"]?.match(/CLERK_DOMAIN/g)).toHaveLength(1);
  });

  it("keeps a declared version and a declared script", async () => {
    const own = {
      scripts: { "dev:local": "mine" },
      dependencies: { xmcp: "^1.1.3", "@xmcp-dev/clerk": "file:../clerk" },
      devDependencies: { "@xmcp-dev/clerk-local": "0.0.9" },
    };
    const folder = project({ ...FRESH, "package.json": JSON.stringify(own) });
    await added(folder);
    expect(JSON.parse(contents(folder)["package.json"] ?? "")).toEqual(own);
  });

  it.each([
    ["a bundler of its own", FRESH["xmcp.config.ts"].replace("http", "bundler: (c) => c,\n  http")],
    ["another shape", "export default make({ http: true });\n"],
  ])("leaves a configuration with %s unchanged, and prints what to add", async (_, text) => {
    const folder = project({ ...FRESH, "xmcp.config.ts": text });
    const { code, stdout } = await added(folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^! xmcp\.config\.ts +Add import \{ serveOnNode, serveOnWorkers \}/m);
    expect(contents(folder)["xmcp.config.ts"]).toBe(text);
  });

  const WITH_MIDDLEWARE = { ...FRESH, "src/middleware.ts": MIDDLEWARE };

  it("without a terminal to ask, keeps an existing middleware and changes no file", async () => {
    const folder = project(WITH_MIDDLEWARE);
    const { code, stderr } = await added(folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^src\/middleware\.ts exists.*--yes \(or --force\).*\n$/);
    expect(contents(folder)).toEqual(WITH_MIDDLEWARE);
  });

  it.each(["--yes", "--force"])("with %s replaces it and keeps each old version", async (option) => {
    const folder = project({ ...WITH_MIDDLEWARE, "src/middleware.ts.old": "older" });
    expect((await added(folder, option)).code).toBe(0);
    expect(contents(folder)).toMatchObject({
      "src/middleware.ts": expect.stringContaining("clerkProvider"),
      "src/middleware.ts.old": "older",
      "src/middleware.ts.old2": MIDDLEWARE,
    });
  });

  it.each([
    ["y", 0],
    ["Yes", 0],
    ["", 1],
    ["no", 1],
  ])("at a terminal, asks before it replaces the middleware: %j", async (answer, code) => {
    const write = [vi.spyOn(process.stdout, "write"), vi.spyOn(process.stderr, "write")];
    for (const stream of write) stream.mockReturnValue(true);
    const folder = project(WITH_MIDDLEWARE);
    const ask = vi.fn<NonNullable<Ask>>(async () => answer);
    expect(await add([], folder, ask)).toBe(code);
    expect(ask.mock.calls).toEqual([[expect.stringContaining("src/middleware.ts exists. Replace it")]]);
    if (code !== 0) expect(contents(folder)).toEqual(WITH_MIDDLEWARE);
  });
});

describe("with --tarballs", () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  const PLUGIN = `xmcp-dev-clerk-${version}.tgz`;
  const STAND_IN = `xmcp-dev-clerk-local-${version}.tgz`;
  const TARBALLS = { [PLUGIN]: "the plugin", [STAND_IN]: "the local Clerk" };

  it("the project gets both packages as files, and a second run changes nothing", async () => {
    const folder = project();
    const tarballs = project(TARBALLS);
    expect((await added(folder, "--tarballs", tarballs)).code).toBe(0);
    const files = contents(folder);
    expect(files).toMatchObject({
      [join("vendor", PLUGIN)]: "the plugin",
      [join("vendor", STAND_IN)]: "the local Clerk",
    });
    expect(JSON.parse(files["package.json"] ?? "")).toMatchObject({
      dependencies: { "@xmcp-dev/clerk": `file:vendor/${PLUGIN}` },
      devDependencies: { "@xmcp-dev/clerk-local": `file:vendor/${STAND_IN}` },
    });
    writeFileSync(join(tarballs, PLUGIN), "a newer plugin");
    const { stdout } = await added(folder, "--tarballs", tarballs);
    expect(stdout).toBe("The project already has everything.\n");
    expect(contents(folder)).toEqual(files);
  });

  it("a package that is missing is a refusal, and nothing changes", async () => {
    const folder = project();
    const { code, stderr } = await added(folder, "--tarballs", project({ [PLUGIN]: "the plugin" }));
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^There is no .*${STAND_IN}\\. Nothing was changed\\.\n$`));
    expect(contents(folder)).toEqual(FRESH);
  });
});

describe("a symbolic link", () => {
  /** A folder next to the project, and a link to it or to a file in it. */
  function linked(link: string, target: string, files: Readonly<Record<string, string>> = FRESH) {
    const outside = project({ "middleware.ts": MIDDLEWARE, ".env.example": "A=1\n" });
    const folder = project(files);
    mkdirSync(dirname(join(folder, link)), { recursive: true });
    symlinkSync(join(outside, target), join(folder, link));
    return { folder, outside };
  }

  it.each([
    ["a folder", "src", ""],
    ["a file", "src/middleware.ts", "middleware.ts"],
    ["a file of keys", ".env.example", ".env.example"],
    ["a file that does not exist", ".env.example", "new"],
    ["a folder that does not exist", "src", "new"],
  ])("out of the project is not followed: %s", async (_, link, target) => {
    const { folder, outside } = linked(link, target);
    const before = contents(outside);
    const { code, stderr } = await added(folder, "--yes");
    expect(code).toBe(1);
    expect(stderr).toContain("outside this folder, through a symbolic link. Nothing was changed.");
    expect(contents(outside)).toEqual(before);
    expect(contents(folder)).toEqual(FRESH);
  });

  it("within the project is followed", async () => {
    const folder = project({ ...FRESH, "source/keep": "" });
    symlinkSync(join(folder, "source"), join(folder, "src"));
    expect((await added(folder, "--yes")).code).toBe(0);
    expect(contents(folder)["source/middleware.ts"]).toContain("@xmcp-dev/clerk");
  });

  it("to the project itself is followed", async () => {
    const folder = project();
    const link = `${folder}-link`;
    folders.push(link);
    symlinkSync(folder, link);
    expect((await added(link, "--yes")).code).toBe(0);
    expect(contents(folder)["src/middleware.ts"]).toContain("@xmcp-dev/clerk");
  });
});

describe("refuses with one message, and changes nothing, in", () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ["a folder without package.json", {}, /There is no package\.json here/],
    ["a broken package.json", { "package.json": "{" }, /not valid JSON/],
    [
      "another kind of project",
      { "package.json": '{"dependencies":{"express":"5"}}' },
      /not an xmcp project/,
    ],
    [
      "an old xmcp",
      { ...FRESH, "package.json": '{"dependencies":{"xmcp":"^0.2.1"}}' },
      /uses xmcp \^0\.2\.1, and .* npm install xmcp@latest zod@latest @xmcp-dev\/compiler@latest && mkdir -p src\/resources\n$/,
    ],
    [
      "an old zod, as create-xmcp-app 0.2.1 declares it",
      { ...FRESH, "package.json": FRESH["package.json"].replace("4.6.7", "3.24.4") },
      /uses zod 3\.24\.4, and .* zod 3\.25\.76 or newer/,
    ],
    ["a project without configuration", { "package.json": FRESH["package.json"] }, /no xmcp\.config\.ts/],
    [
      "a project without HTTP",
      { ...FRESH, "xmcp.config.ts": FRESH["xmcp.config.ts"].replace("http", "stdio") },
      /has no HTTP server/,
    ],
  ])("%s", async (_, files, message) => {
    const folder = project(files);
    const { code, stdout, stderr } = await added(folder);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(contents(folder)).toEqual(files);
  });

  it("an unknown option ends with exit code 2 and the usage", async () => {
    const { code, stderr } = await added(project(), "--overwrite");
    expect(code).toBe(2);
    expect(stderr).toContain("Usage: npx @xmcp-dev/clerk add");
  });
});

describe("the package manager", () => {
  it.each([
    ["package-lock.json", "npm"],
    ["pnpm-lock.yaml", "pnpm"],
    ["yarn.lock", "yarn"],
    ["bun.lock", "bun"],
    ["../bun.lockb", "bun"],
  ])("%s: %s", async (lockFile, manager) => {
    const files = Object.entries({ ...FRESH, [lockFile]: "" });
    const folder = project(Object.fromEntries(files.map(([file, text]) => [join("app", file), text])));
    const { stdout } = await added(join(folder, "app"));
    expect(stdout).toContain(`Now run ${manager} install.`);
    expect(stdout).toContain(`${manager} run dev:local`);
  });
});
