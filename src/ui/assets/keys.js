// From the box to the shortlist without a mouse: / j k s g ? and Enter.
const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

export function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape" && !event.defaultPrevented) event.target.blur();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    const cards = [...document.querySelectorAll("[data-card]")];
    const at = cards.findIndex((card) => card.contains(document.activeElement));
    const card = cards[at];
    const move = (to) => {
      const next = cards[Math.max(0, Math.min(cards.length - 1, to))];
      next?.focus();
      next?.scrollIntoView({ block: "nearest" });
    };
    const actions = {
      "/": () => document.querySelector("#q, textarea")?.focus(),
      j: () => move(at + 1),
      k: () => move(at < 0 ? 0 : at - 1),
      s: () => card?.querySelector("[data-pick]")?.click(),
      g: () => document.querySelector('[data-part="/shortlist"]')?.click(),
      "?": () => document.querySelector("#keys")?.showModal(),
      Enter: () => (document.activeElement === card ? card.querySelector("[data-open]")?.click() : null),
    };
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : null;
    if (!action || (event.key === "Enter" && document.activeElement !== card)) return;
    event.preventDefault();
    action();
  });
}
