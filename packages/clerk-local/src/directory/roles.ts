/** The roles of organizations, and the permissions of each. */
import type { Clock } from "../clock.js";
import type { LocalRole } from "./entries.js";

/** Clerk keeps at least one member with it in an organization. */
const ELEVATED = "org:sys_memberships:manage";

export class Roles {
  readonly #clock: Clock;
  readonly #roles = new Map<string, LocalRole>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** In the order of their creation. */
  list(): LocalRole[] {
    return [...this.#roles.values()];
  }

  has(key: string): boolean {
    return this.#roles.has(key);
  }

  permissions(key: string): readonly string[] {
    const role = this.#roles.get(key);
    if (role) return role.permissions;
    throw new Error(
      `There is no role "${key}". There are: ${[...this.#roles.keys()].join(", ")}. ` +
        "Add it to the seed's roles, or call organizations.defineRole().",
    );
  }

  /** Whether members with this role may manage the others. */
  isElevated(key: string): boolean {
    return this.permissions(key).includes(ELEVATED);
  }

  define(key: string, permissions: readonly string[]): void {
    const now = this.#clock.now();
    const role = this.#roles.get(key) ?? { key, permissions: [], createdAt: now, updatedAt: now };
    this.#roles.set(key, Object.assign(role, { permissions: [...permissions], updatedAt: now }));
  }
}
