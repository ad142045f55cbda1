// Files can be dropped where they can be chosen.
export function files(zone) {
  const input = zone.querySelector('input[type="file"]');
  const over = (is) => zone.classList.toggle("is-over", is);
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  zone.addEventListener("dragleave", () => over(false));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    input.files = event.dataTransfer.files;
    input.focus();
  });
}
