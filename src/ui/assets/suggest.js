// Suggestions as one types: a combobox as the ARIA Authoring Practices describe it (list autocomplete, manual selection).
const DELAY_MS = 120;
let made = 0;

export function suggest(input) {
  const field = input.dataset.suggest;
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `suggestions-${made++}`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() || input.name);
  input.parentElement.classList.add("holds-suggestions");
  input.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) {
    input.setAttribute(name, value);
  }

  let at = -1;
  let timer = 0;
  let asked = 0;

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  // The words that are being typed: in the search box those after the last operator, quote or bracket.
  const typed = () => {
    const before = input.value.slice(0, input.selectionStart ?? input.value.length);
    if (field) return { from: 0, text: before };
    const from = Math.max(...['"', "(", ")", ":", " AND ", " OR ", " NOT ", ","].map((cut) => {
      const found = before.lastIndexOf(cut);
      return found < 0 ? 0 : found + cut.length;
    }));
    return { from, text: before.slice(from).replace(/^[\s+-]+/, "") };
  };

  const take = (option) => {
    const { text } = typed();
    const end = input.selectionStart ?? input.value.length;
    const from = end - text.length;
    input.value = input.value.slice(0, from) + option.dataset.value + input.value.slice(end);
    const caret = from + option.dataset.value.length;
    input.setSelectionRange?.(caret, caret);
    close();
    input.focus();
  };

  const show = (suggestions) => {
    list.replaceChildren(...suggestions.map((suggestion, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.value = suggestion.text;
      const name = document.createElement("span");
      name.textContent = suggestion.text;
      const kind = document.createElement("span");
      kind.className = "quiet";
      kind.textContent = suggestion.people > 0 ? String(suggestion.people) : "";
      option.append(name, kind);
      option.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(option);
      });
      return option;
    }));
    at = -1;
    list.hidden = suggestions.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };

  const ask = async () => {
    const { text } = typed();
    const number = ++asked;
    if (text.trim().length < 2) return close();
    const query = new URLSearchParams({ q: text, limit: "8" });
    if (field) query.set("field", field);
    try {
      const answer = await fetch(`/v1/suggest?${query}`);
      if (!answer.ok || number !== asked || document.activeElement !== input) return;
      show((await answer.json()).suggestions);
    } catch {
      close();
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, DELAY_MS);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const options = [...list.children];
    if (list.hidden || options.length === 0) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      at = (at + step + options.length + (at < 0 && step < 0 ? 1 : 0)) % options.length;
      options.forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
      options[at].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[at].id);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      take(options[at]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
}
