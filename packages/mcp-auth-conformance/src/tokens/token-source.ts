import type { TokenRecipe } from "./recipe.js";

/** Where tokens come from: the suite's own authority, or a command of whoever runs the suite. */
export interface TokenSource {
  /** `undefined`: it cannot make tokens of this kind. */
  token(recipe: TokenRecipe): Promise<string | undefined>;
}
