/** Finds users by what identifies them, without a search. Only external ids tell capitals apart. */
import type { LocalUser } from "./entries.js";

export type IdentifierKind = "username" | "email_address" | "phone_number" | "external_id";

type Identified = Pick<LocalUser, "username" | "email" | "otherEmails" | "phoneNumbers" | "externalId">;

type IdentifierChanges = { readonly [Name in keyof Identified]?: Identified[Name] | undefined };

export class Identifiers {
  readonly #users = new Map<string, LocalUser>();

  find(kind: IdentifierKind, value: string): LocalUser | undefined {
    return this.#users.get(keyOf(kind, value));
  }

  /** The kind of the first identifier that another user has already. @param self whose own do not count */
  taken(changes: IdentifierChanges, self?: LocalUser): [IdentifierKind, string] | undefined {
    return identifiersOf(changes).find(([kind, value]) => {
      const owner = this.find(kind, value);
      return owner !== undefined && owner !== self;
    });
  }

  add(user: LocalUser): void {
    for (const [kind, value] of identifiersOf(user)) this.#users.set(keyOf(kind, value), user);
  }

  remove(user: LocalUser): void {
    for (const [kind, value] of identifiersOf(user)) this.#users.delete(keyOf(kind, value));
  }
}

function identifiersOf(user: IdentifierChanges): [IdentifierKind, string][] {
  const { username, email, otherEmails = [], phoneNumbers = [], externalId } = user;
  const all: [IdentifierKind, string | null | undefined][] = [
    ["username", username],
    ...[email, ...otherEmails].map((address): [IdentifierKind, string | undefined] => [
      "email_address",
      address,
    ]),
    ...phoneNumbers.map((number): [IdentifierKind, string] => ["phone_number", number]),
    ["external_id", externalId],
  ];
  return all.filter((entry): entry is [IdentifierKind, string] => typeof entry[1] === "string");
}

function keyOf(kind: IdentifierKind, value: string): string {
  return `${kind} ${kind === "external_id" ? value : value.toLowerCase()}`;
}
