import type { User } from "@clerk/backend";

/** Any part of a value: of an object some members, of a function one that returns a part of its result. */
export type Given<T> = T extends (...args: infer Arguments) => infer Result
  ? (...args: Arguments) => Given<Awaited<Result>> | Promise<Given<Awaited<Result>>>
  : T extends Date
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Given<Item>[]
      : T extends object
        ? { readonly [Name in keyof T]?: Given<T[Name]> | undefined }
        : T;

/** A user: the id, `user_…`, and the members that the tool reads. */
export type UserDescription = Given<User> & { readonly id: string };

/** `await`, `JSON.stringify` and assertions ask any object for these. */
const ASKED_OF_ANYTHING: ReadonlySet<string> = new Set([
  "asymmetricMatch",
  "constructor",
  "nodeType",
  "tagName",
  "then",
  "toJSON",
  ...Object.getOwnPropertyNames(Object.prototype),
]);

/** How a test gives a member that it does not give yet. */
interface Place {
  /** How a tool reaches the object, e.g. `getClient()`. */
  readonly path: string;
  /** Writes the option of `withSession`, e.g. around `users: { getUser: … }`. */
  readonly option: (members: string) => string;
}

/** An object that throws when a tool reads a member that the test does not give. */
export function onlyGiven<T extends object>(value: T, place: Place, isDeep: boolean): T {
  const { path, option } = place;
  return new Proxy(value, {
    get(target, member) {
      const found: unknown = Reflect.get(target, member);
      if (typeof member === "symbol") return found;
      if (found !== undefined) {
        if (!isDeep || typeof found !== "object" || found === null) return found;
        const inner = {
          path: `${path}.${member}`,
          option: (more: string) => option(`${member}: { ${more} }`),
        };
        return onlyGiven(found, inner, true);
      }
      if (member in target || ASKED_OF_ANYTHING.has(member) || !/^[a-z]\w*$/i.test(member)) return undefined;
      throw new Error(
        `[Clerk] The test does not give ${path}.${member}. Give it: withSession({ ${option(`${member}: …`)} }, …)`,
      );
    },
  });
}
