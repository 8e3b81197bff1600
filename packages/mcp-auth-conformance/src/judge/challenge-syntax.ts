/** Parses `WWW-Authenticate` (RFC 9110 §11.6.1): a list of challenges, each with a list of parameters. */

export interface Challenge {
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The field does not follow the grammar. */
export class MalformedChallenge extends Error {}

const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const TOKEN68 = /[A-Za-z0-9\-._~+/]+=*(?=[\t ]*(?:,|$))/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
const BLANKS = /[\t ]*/y;
const COMMAS = /[\t ,]*/y;

/** @throws {MalformedChallenge} */
export function parseChallenges(text: string): Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text) ?? undefined;
    if (found !== undefined) at = pattern.lastIndex;
    return found;
  };
  const isNext = (character: string): boolean => {
    take(BLANKS);
    return text[at] === character;
  };

  take(COMMAS);
  while (at < text.length) {
    const name = take(TOKEN)?.[0];
    if (name === undefined) throw new MalformedChallenge(`no token at position ${at}`);
    const current = challenges.at(-1);
    if (current !== undefined && isNext("=")) {
      at += 1;
      take(BLANKS);
      const value = take(QUOTED)?.[1]?.replace(/\\(.)/g, "$1") ?? take(TOKEN)?.[0];
      if (value === undefined) throw new MalformedChallenge(`parameter ${name} has no value`);
      if (Object.hasOwn(current.parameters, name.toLowerCase()))
        throw new MalformedChallenge(`duplicate parameter ${name}`);
      current.parameters[name.toLowerCase()] = value;
      if (!isNext(",") && at < text.length) throw new MalformedChallenge(`no comma at position ${at}`);
    } else {
      challenges.push({ scheme: name, parameters: {} });
      take(BLANKS);
      if (take(TOKEN68) !== undefined) take(BLANKS);
    }
    take(COMMAS);
  }
  return challenges;
}
