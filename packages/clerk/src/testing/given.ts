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

/** Metadata is the application's own: what is not in it is absent at Clerk too. */
const OPEN_ENDED = /Metadata$|^(?:raw|claims)$/;

/** An object that throws when a tool reads a member that the test does not give. */
export function onlyGiven<T extends object>(value: T, place: Place): T {
  const { path, option } = place;
  return new Proxy(value, {
    get(target, member) {
      const found: unknown = Reflect.get(target, member);
      if (typeof member === "symbol" || OPEN_ENDED.test(member)) return found;
      if (found !== undefined) {
        const inner = {
          path: `${path}.${member}`,
          option: (more: string) => option(`${member}: { ${more} }`),
        };
        if (typeof found === "function" && Object.hasOwn(target, member)) return called(found, target, inner);
        return isPlain(found) ? onlyGiven(found, inner) : found;
      }
      if (member in target || ASKED_OF_ANYTHING.has(member) || !/^[a-z]\w*$/i.test(member)) return undefined;
      throw new Error(
        `[Clerk] The test does not give ${path}.${member}. Give it: withSession({ ${option(`${member}: …`)} }, …)`,
      );
    },
  });
}

/** A method of Clerk's client: always asynchronous, and its answer has only what the test gives. */
function called(method: unknown, owner: object, { path, option }: Place): unknown {
  return async (...args: unknown[]) => {
    const answer: unknown = await Reflect.apply(method as (...given: unknown[]) => unknown, owner, args);
    const place = {
      path: `(await ${path}())`,
      option: (members: string) => option("…").replace("{ … }", `() => ({ ${members} })`),
    };
    return isPlain(answer) ? onlyGiven(answer, place) : answer;
  };
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
