/** A person's actions on the local Clerk's pages. */
import type { Page } from "playwright-core";
import { expect } from "vitest";

export async function signInAs(page: Page, name: string): Promise<void> {
  await expect(textOf(page, "h1")).resolves.toBe("Sign in");
  await page.getByRole("button", { name }).click();
  await page.getByRole("button", { name: "Allow" }).waitFor();
}

export function press(page: Page, name: string): Promise<void> {
  return page.getByRole("button", { name, exact: true }).click();
}

export async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).textContent()) ?? "";
}
