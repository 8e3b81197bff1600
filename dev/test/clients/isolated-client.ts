/** A real client with an empty home, no environment of the developer's, and a browser that the test plays. */
import { dirname } from "node:path";
import { type DefaultBrowser, defaultBrowser } from "../support/default-browser.js";
import { type Program, start } from "../support/program.js";
import { installed, type RegistryProgram } from "../support/registry-program.js";

export interface IsolatedClient extends DefaultBrowser {
  readonly cwd: string;
  /** The words that run a command in the client's environment. */
  isolated(command: readonly string[]): readonly string[];
  start(command: readonly string[]): Program;
  /** @returns the output of a command that must succeed */
  run(command: readonly string[]): Promise<string>;
  /** Runs a command that waits for a sign-in, and signs in. @returns the page that the browser ends at */
  signIn(command: readonly string[]): Promise<Response>;
}

export async function isolatedClient(program: RegistryProgram): Promise<IsolatedClient> {
  const folder = dirname(await installed(program));
  const browser = await defaultBrowser();
  const { PATH, ...rest } = browser.env;
  const environment = { ...rest, PATH: `${folder}:${PATH}`, TERM: "dumb", LANG: "C.UTF-8" };
  const cwd = browser.env.HOME;
  const isolated = (command: readonly string[]) => [
    "env",
    "-i",
    ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    ...command,
  ];
  const begin = (command: readonly string[]): Program => {
    const [first = "", ...args] = isolated(command);
    return start(first, args, { cwd });
  };
  const finish = async (running: Program, command: readonly string[]): Promise<string> => {
    const code = await running.exited;
    if (code !== 0) throw new Error(`${command.join(" ")} exited with ${code}.\n${running.output()}`);
    return running.output();
  };
  return {
    ...browser,
    cwd,
    isolated,
    start: begin,
    run: (command) => finish(begin(command), command),
    async signIn(command) {
      const running = begin(command);
      const failed = running.exited.then(() => Promise.reject(new Error(running.output())));
      const address = await Promise.race([browser.opened(), failed]);
      // A browser that keeps its connection would keep a client from ending.
      const page = await fetch(address, { headers: { connection: "close" } });
      await finish(running, command);
      return page;
    },
  };
}
