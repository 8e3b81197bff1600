/**
 * IP addresses that a document may be fetched from. The sender of an authorization request chooses the address, so the
 * local Clerk must not be made to reach this machine or its network (SSRF).
 */
import { BlockList, isIPv4, isIPv6 } from "node:net";

/** IPv4 blocks that are not on the public internet: the IANA special-purpose registry (RFC 6890), multicast, reserved. */
const SPECIAL_IPV4: readonly [network: string, prefix: number][] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];

/** Within global unicast: protocol assignments and Teredo, documentation, 6to4, AS112. */
const SPECIAL_IPV6: readonly [network: string, prefix: number][] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["2620:4f:8000::", 48],
  ["3fff::", 20],
];

const specialIPv4 = listOf("ipv4", SPECIAL_IPV4);
const specialIPv6 = listOf("ipv6", SPECIAL_IPV6);
const globalUnicast = listOf("ipv6", [["2000::", 3]]);

/** Whether an address is on the public internet. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !specialIPv4.check(address, "ipv4");
  // All else of IPv6 is local, multicast, or another way to write an IPv4 address.
  return isIPv6(address) && globalUnicast.check(address, "ipv6") && !specialIPv6.check(address, "ipv6");
}

/** Whether an address is of this machine. */
export function isLoopbackAddress(address: string): boolean {
  return address === "::1" || (isIPv4(address) && address.startsWith("127."));
}

function listOf(family: "ipv4" | "ipv6", subnets: readonly [string, number][]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family);
  return list;
}
