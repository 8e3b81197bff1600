/** Hosts on this machine, where plain `http:` is safe: no one else can read or change the traffic. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Whether a host name refers to this machine.
 *
 * @param hostname without a port.
 */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

/** Whether a token or a person's browser may be sent to the URL: https, or http on loopback. */
export function isSafeURL(value: unknown): value is string {
  if (typeof value !== "string" || !URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}
