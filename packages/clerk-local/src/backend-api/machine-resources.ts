/** API keys, machines and their tokens in the format of Clerk's Backend API. */
import type { ApiKeyRecord } from "../machines/api-keys.js";
import type { M2MTokenRecord } from "../machines/m2m-tokens.js";
import type { MachineRecord, Machines } from "../machines/machines.js";

/** Without the secret: only the response that creates the key contains it. */
export function apiKeyResource(key: ApiKeyRecord, expired: boolean) {
  return {
    object: "api_key",
    id: key.id,
    type: "api_key",
    subject: key.subject,
    name: key.name,
    description: key.description,
    claims: key.claims,
    scopes: key.scopes,
    revoked: key.revoked,
    revocation_reason: key.revocationReason,
    expired,
    expiration: key.expiration,
    created_by: key.createdBy,
    last_used_at: key.lastUsedAt,
    created_at: key.createdAt,
    updated_at: key.updatedAt,
  };
}

/** Without the secret key: only the response that creates the machine contains it. */
export function machineResource(instanceId: string, machines: Machines, machine: MachineRecord) {
  const flat = ({ id, name, defaultTokenTtlSeconds, createdAt, updatedAt }: MachineRecord) => ({
    object: "machine",
    id,
    name,
    instance_id: instanceId,
    default_token_ttl: defaultTokenTtlSeconds,
    created_at: createdAt,
    updated_at: updatedAt,
  });
  return {
    ...flat(machine),
    scoped_machines: machine.scopedMachines.flatMap((id) => {
      const other = machines.byId(id);
      return other ? [flat(other)] : [];
    }),
  };
}

/** Without the token itself: only the response that creates it contains it. */
export function m2mTokenResource(token: M2MTokenRecord, expired: boolean) {
  return {
    object: "machine_to_machine_token",
    id: token.id,
    subject: token.subject,
    claims: token.claims,
    scopes: token.scopes,
    revoked: token.revoked,
    revocation_reason: token.revocationReason,
    expired,
    expiration: token.expiration,
    last_used_at: token.lastUsedAt,
    created_at: token.createdAt,
    updated_at: token.updatedAt,
  };
}
