// Light or dark: the page's own choice where the page is ours, Jupyter's where it is Jupyter's.
const hk = (globalThis.hkMetrics ??= {});
const KEY = "hk-theme";
const system = matchMedia("(prefers-color-scheme: dark)");

function chosen() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage may be shut
  }
}

function show(theme) {
  if (document.documentElement.dataset.theme === theme) return;
  document.documentElement.dataset.theme = theme;
  dispatchEvent(new CustomEvent("hk-theme"));
}

const ofSystem = () => show(chosen() ?? (system.matches ? "dark" : "light"));
const ofJupyter = () => show(document.body.dataset.jpThemeLight === "false" ? "dark" : "light");

hk.theme = () => document.documentElement.dataset.theme ?? "light";
hk.setTheme = (theme) => {
  try {
    localStorage.setItem(KEY, theme);
  } catch { /* storage may be shut */ }
  show(theme);
};

if ("voila" in document.body.dataset) {
  ofSystem();
  system.addEventListener("change", ofSystem);
} else {
  ofJupyter();
  const themed = new MutationObserver(ofJupyter);
  themed.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
}
