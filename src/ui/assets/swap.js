// Links that change little: the page is fetched and put in place, so that nobody loses the place where they read.
export function swap(prepare) {
  const here = () => location.pathname + location.search;
  let shown = here();
  const load = async (address) => {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const focused = document.activeElement?.closest("[id]")?.id;
    const open = [...document.querySelectorAll("details[open]")].map((details) => details.closest("[id]")?.id);
    for (const part of ["main", "header.top"]) {
      document.querySelector(part).replaceWith(document.adoptNode(page.querySelector(part)));
    }
    document.title = page.title;
    prepare(document);
    for (const id of open.filter(Boolean)) {
      document.getElementById(id)?.querySelector("details.why")?.setAttribute("open", "");
    }
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-swap]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const address = new URL(link.href);
    address.hash = "";
    load(address)
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
    load(location.href).catch(() => location.reload());
  });
}
