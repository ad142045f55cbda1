// Pages that are fetched and put in place, so that nobody loses the place where they read.
const POLL_MS = 1000;

const load = async (address, prepare) => {
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = document.activeElement?.closest("[id]")?.id;
  const open = [...document.querySelectorAll("details[id][open], details.why[open]")].map((details) => details.closest("[id]")?.id);
  for (const part of ["main", "header.top"]) {
    document.querySelector(part).replaceWith(document.adoptNode(page.querySelector(part)));
  }
  document.title = page.title;
  prepare(document);
  for (const id of open.filter(Boolean)) {
    const holder = document.getElementById(id);
    (holder?.matches("details") ? holder : holder?.querySelector("details.why"))?.setAttribute("open", "");
  }
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
};

// Links that change little.
export function swap(prepare) {
  const here = () => location.pathname + location.search;
  let shown = here();
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-swap]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const address = new URL(link.href);
    address.hash = "";
    load(address, prepare)
      .then(() => {
        history.pushState(null, "", address);
        shown = here();
      })
      .catch(() => location.assign(link.href));
  });
  addEventListener("popstate", () => {
    // A jump within the page changes nothing of it.
    if (here() === shown) return;
    shown = here();
    load(location.href, prepare).catch(() => location.reload());
  });
}

// What is under way is looked at again until it is done.
export function poll(prepare) {
  const look = async () => {
    if (document.querySelector("[data-poll]") && !document.hidden) {
      await load(location.href, prepare).catch(() => {});
    }
    if (document.querySelector("[data-poll]")) setTimeout(look, POLL_MS);
  };
  setTimeout(look, POLL_MS);
}
