import { h } from "../client/dom.js";
import { entry, menu } from "../client/menu.js";

// Signing out changes something, so that it is asked for by a form of this page and not by a link.
function signOut(place) {
  if (place !== "logout") return location.assign(place);
  const token = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? "";
  const form = h(
    "form",
    { method: "post", action: `${globalThis.hkMetrics.base}logout`, hidden: true },
    h("input", { type: "hidden", name: "_xsrf", value: token }),
  );
  document.body.append(form);
  form.submit();
}

// Who has signed in, and the way out; nothing where nobody had to.
export function account({ name, may, out }) {
  if (!name) return [];
  const who = menu(`Signed in as ${name}`, "person", () => [
    h("p", { className: "hk-note hk-tight" }, `${name}: ${may}`),
    out ? entry("Sign out", "Ends the pages that you have open", () => signOut(out)) : "",
  ]);
  who.querySelector("button").append(h("span", { className: "hk-who" }, name));
  return [who];
}
