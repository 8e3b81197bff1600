/** Stores the organization that a user picked on the consent page, per grant. */
import type { RecordStore } from "../state/records.js";

const KIND = "OrganizationChoice";

export function chooseOrganization(store: RecordStore, grantId: string, organizationId: string): void {
  store.put(KIND, grantId, { payload: { organizationId } });
}

export function forgetOrganization(store: RecordStore, grantId: string): void {
  store.delete(KIND, grantId);
}

export function organizationOfGrant(store: RecordStore, grantId: string | undefined): string | undefined {
  const payload = grantId === undefined ? undefined : store.get(KIND, grantId);
  return payload?.organizationId as string | undefined;
}
