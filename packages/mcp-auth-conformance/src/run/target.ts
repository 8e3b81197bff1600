/** The server under test. */

export interface Target {
  /** URL of its MCP endpoint. */
  readonly url: string;
  /** What it has printed so far, at least the last 64 KiB. Absent if that is not seen. */
  output?(): string;
  stop(): Promise<void>;
}

/** The URL to listen on, and the environment that makes the target trust the authority. */
export interface TargetSettings {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface TargetStarter {
  /** URL for the next target: with a free port, or of the running server. */
  url(): Promise<string>;
  /** Whether every call starts a new server. */
  readonly isFresh: boolean;
  start(settings: TargetSettings): Promise<Target>;
}

/** A server that is already running and already trusts the authority or the token command. */
export function runningTarget(url: string): TargetStarter {
  return {
    url: async () => url,
    isFresh: false,
    start: async () => ({ url, stop: async () => {} }),
  };
}

/** Whether a URL points to this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}
