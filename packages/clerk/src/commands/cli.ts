/** The package's command: `npx @xmcp-dev/clerk <subcommand>`. Subcommands are loaded on demand. */

type Subcommand = (argv: readonly string[]) => Promise<number>;

const SUBCOMMANDS: Readonly<Record<string, () => Promise<Subcommand>>> = {
  add: async () => (await import("./add/add.js")).add,
  doctor: async () => (await import("./doctor/doctor.js")).doctor,
  start: async () => (await import("./start.js")).start,
  "server-json": async () => (await import("./server-json/server-json.js")).serverJson,
};

const USAGE = `Usage: npx @xmcp-dev/clerk <command> [options]

Commands:
  add           adds the plugin to an xmcp project
  doctor        checks every step of a sign-in, and prints how to fix it
  start         runs the built server
  server-json   describes the server for the MCP registry

npx @xmcp-dev/clerk <command> --help prints its options.
`;

// The reader of the output, such as `head`, may close it early.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});
process.exitCode = await main(process.argv.slice(2));

/** @returns the exit code. */
async function main([name = "", ...argv]: readonly string[]): Promise<number> {
  if (name === "--help" || name === "-h") {
    process.stdout.write(USAGE);
    return 0;
  }
  if (Object.hasOwn(SUBCOMMANDS, name)) {
    const subcommand = await SUBCOMMANDS[name]?.();
    if (subcommand !== undefined) return subcommand(argv);
  }
  process.stderr.write(name === "" ? USAGE : `Unknown command: ${name}.\n\n${USAGE}`);
  return 2;
}
