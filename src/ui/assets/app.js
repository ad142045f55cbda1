// Everything works without this: it only makes what is there quicker to reach.
import { suggest } from "./suggest.js";
import { files } from "./files.js";
import { keys } from "./keys.js";
import { poll, swap } from "./swap.js";

const prepare = (root) => {
  root.querySelectorAll("[data-suggest]").forEach(suggest);
  root.querySelectorAll("[data-drop]").forEach(files);
  // On a narrow screen the filters start folded: the people come first.
  if (window.matchMedia("(max-width: 52rem)").matches) {
    root.querySelectorAll("[data-panel]").forEach((panel) => panel.removeAttribute("open"));
  }
};

prepare(document);
keys();
swap(prepare);
poll(prepare);

// Only one menu of the chips is open, and none after a click elsewhere.
const closeMenus = (but) =>
  document.querySelectorAll("details.chip[open]").forEach((open) => {
    if (open !== but) open.removeAttribute("open");
  });
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.chip")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.chip[open]");
  closeMenus(null);
  open?.querySelector("summary").focus();
});
