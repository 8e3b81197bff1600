import type { AuthRequest } from "./request.js";

/**
 * The address of the caller, in a form in which equal addresses are equal texts: without a port, an IPv4-mapped address as
 * IPv4, an IPv6 address as its network of 64 bits, which is what one caller has.
 *
 * Each trusted proxy appends one entry to `X-Forwarded-For`; earlier entries come from the caller and are not trusted.
 *
 * @returns `undefined` if there is no valid address.
 */
export function clientAddress(
  { remoteAddress, forwardedFor }: Pick<AuthRequest, "remoteAddress" | "forwardedFor">,
  trustedProxies = 0,
): string | undefined {
  const entries = (forwardedFor ?? "").split(",");
  const forwarded = trustedProxies === 0 ? undefined : parsed(entries.at(-trustedProxies) ?? "");
  return forwarded ?? parsed(remoteAddress ?? "");
}

const IPV4 = /^(\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?$/;
const BRACKETED = /^\[([^\]]+)\](?::\d{1,5})?$/;

function parsed(entry: string): string | undefined {
  const written = entry.trim().replace(/^"(.*)"$/, "$1");
  const v4 = IPV4.exec(written)?.[1];
  if (v4 !== undefined) return URL.canParse(`http://${v4}`) ? new URL(`http://${v4}`).hostname : undefined;
  const v6 = (BRACKETED.exec(written)?.[1] ?? written).replace(/%.*$/, "");
  if (!v6.includes(":") || !URL.canParse(`http://[${v6}]`)) return undefined;
  return network(new URL(`http://[${v6}]`).hostname.slice(1, -1));
}

/** @param serialized an IPv6 address in its shortest form (RFC 5952) */
function network(serialized: string): string {
  const [start = "", end] = serialized.split("::");
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const [before, after] = [groups(start), groups(end ?? "")];
  const zeros = end === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => "0");
  const all = [...before, ...zeros, ...after];
  const isMapped = all.slice(0, 5).every((group) => group === "0") && all[5] === "ffff";
  if (!isMapped) return `${all.slice(0, 4).join(":")}::/64`;
  const bytes = all
    .slice(6)
    .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
  return bytes.join(".");
}
