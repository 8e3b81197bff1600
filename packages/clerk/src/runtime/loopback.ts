const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/** Whether a host name (no port) means this machine, so that plain `http:` is safe. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}
