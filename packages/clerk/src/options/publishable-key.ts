const SHAPE = /^pk_(test|live)_([A-Za-z0-9+/=_-]+)$/;
const HOST = /^[a-z0-9.-]+\.[a-z0-9-]+(:\d{1,5})?$/i;

/**
 * The Frontend API host inside a publishable key (`pk_test_` or `pk_live_`, then base64 of `<host>$`), or
 * `undefined` if it is not such a key.
 */
export function frontendApiHost(publishableKey: string): string | undefined {
  const encoded = SHAPE.exec(publishableKey)?.[2];
  if (encoded === undefined) return undefined;
  let decoded: string;
  try {
    decoded = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return undefined;
  }
  const host = decoded.endsWith("$") ? decoded.slice(0, -1) : "";
  return HOST.test(host) ? host : undefined;
}
