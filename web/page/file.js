// Files that leave the page, by the only way there is: a link that is pressed.

import { el } from "./dom.js";

export function download(name, type, data) {
  const address = URL.createObjectURL(new Blob([data], { type }));
  const link = el("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  // Some browsers read it only after a while.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
