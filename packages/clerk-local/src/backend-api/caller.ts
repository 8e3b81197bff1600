/** The caller of the Backend API: the instance's own server or one of its machines. */

import { Refused } from "../http/clerk-error.js";
import type { Exchange } from "../http/exchange.js";
import { bearerToken, hasSecretKey } from "../http/exchange.js";
import type { MachineRecord, Machines } from "../machines/machines.js";

export type Caller = { kind: "instance" } | { kind: "machine"; machine: MachineRecord };

/** @throws Refused unless the bearer token is the secret key or, where `machinesMayCall`, a machine's secret key. */
export function callerOf(
  exchange: Exchange,
  { secretKey, machines }: { secretKey: string; machines: Machines },
  machinesMayCall: boolean,
): Caller {
  if (hasSecretKey(exchange, secretKey)) return { kind: "instance" };
  const credential = bearerToken(exchange);
  if (credential === undefined) throw headerInvalid();
  const machine = machinesMayCall ? machines.bySecretKey(credential) : undefined;
  if (machine) return { kind: "machine", machine };
  throw machinesMayCall && credential.startsWith("ak_") ? machineKeyInvalid() : secretKeyInvalid();
}

/** The calling machine. @throws Refused if the instance calls. */
export function callingMachine(caller: Caller): MachineRecord {
  if (caller.kind === "machine") return caller.machine;
  throw machineKeyInvalid();
}

function headerInvalid(): Refused {
  return new Refused({
    status: 401,
    code: "authorization_header_format_invalid",
    message: "Invalid Authorization header format",
    longMessage: "Invalid Authorization header format. Must be 'Bearer <YOUR_API_KEY>'",
  });
}

function secretKeyInvalid(): Refused {
  return new Refused({
    status: 401,
    code: "clerk_key_invalid",
    message: "The provided Clerk Secret Key is invalid. Make sure that your Clerk Secret Key is correct.",
  });
}

function machineKeyInvalid(): Refused {
  return new Refused({
    status: 401,
    code: "machine_secret_key_invalid",
    message: "The provided Machine Secret Key is invalid. Make sure that your Machine Secret Key is correct.",
  });
}
