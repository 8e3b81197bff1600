/** The command line of `add`. */
import { flag, help, parsedOptions } from "../command-line.js";

export interface CliArguments {
  readonly isHelp: boolean;
  /** Whatever it would ask is answered with yes. */
  readonly isAgreed: boolean;
  readonly isDryRun: boolean;
  readonly installs: boolean;
}

export const usage = `Usage: npx @xmcp-dev/clerk add [options]

Adds Clerk to the xmcp project in this folder: the middleware, the names of the environment variables, the dependencies, and
the piece of xmcp.config.ts that lets the built server read PORT and HOST. It asks before it replaces anything of yours.

Options:
  --yes, --force   replace without asking; what was there is kept beside it
  --dry-run        say what would be done, and do nothing
  --install        install the dependencies afterwards
  --help           print this

Exit code: 0 it is there, 1 it was refused, 2 the command line is wrong.
`;

export function parseArguments(argv: readonly string[]): CliArguments {
  const values = parsedOptions(argv, { yes: flag, force: flag, "dry-run": flag, install: flag, help });
  return {
    isHelp: values.help ?? false,
    isAgreed: (values.yes ?? false) || (values.force ?? false),
    isDryRun: values["dry-run"] ?? false,
    installs: values.install ?? false,
  };
}
