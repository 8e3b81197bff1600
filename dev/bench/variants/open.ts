/** No authentication: the upper limit. The plugin's server entry requires a middleware. */
export default function letEverybodyIn(_request: unknown, _response: unknown, next: () => void): void {
  next();
}
