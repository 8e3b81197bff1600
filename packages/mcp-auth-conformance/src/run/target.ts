/** The server that is judged. */

export interface Target {
  /** URL of its MCP endpoint. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Where a target is to listen and whom it is to trust. */
export interface TargetSettings {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface TargetStarter {
  /** URL for the next target: a free port, or where it already runs. */
  url(): Promise<string>;
  /** Whether every call starts a new server. */
  readonly isFresh: boolean;
  start(settings: TargetSettings): Promise<Target>;
}

/** A server that runs already, and trusts the authority or the token command. */
export function runningTarget(url: string): TargetStarter {
  return {
    url: async () => url,
    isFresh: false,
    start: async () => ({ url, stop: async () => {} }),
  };
}

/** Whether a URL means this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}
