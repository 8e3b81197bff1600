/** Adds a copy button to text to paste, if the browser can copy. Its hash is in the Content-Security-Policy. */
export const SCRIPT = `
if (navigator.clipboard) {
  for (const block of document.querySelectorAll(".paste")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy: " + block.dataset.what);
    button.addEventListener("click", async () => {
      const copied = await navigator.clipboard.writeText(block.querySelector("code").textContent).then(() => true, () => false);
      button.textContent = copied ? "Copied" : "Not copied";
      document.querySelector("[role=status]").textContent = button.textContent + ": " + block.dataset.what;
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    block.append(button);
    block.classList.add("with-copy");
  }
}
`;
