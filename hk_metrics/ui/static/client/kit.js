// Brings our modules into a page that is not ours: JupyterLab's, Notebook's, Voilà's own.
// This file is a widget by itself and imports nothing.
const hk = (globalThis.hkMetrics ??= {});
const IMPORT = /((?:from|import)\s*)"(\.{1,2}\/[^"]+)"/g;
const PATIENCE = 30_000;

// A module's own imports are addresses in a folder that is not there: each becomes a blob's.
function loader(sources) {
  const made = new Map();
  const address = (name) => {
    if (!made.has(name)) {
      const resolved = (near) => new URL(near, `https://kit/${name}`).pathname.slice(1);
      const text = sources[name].replace(
        IMPORT,
        (_, from, near) => `${from}"${address(resolved(near))}"`,
      );
      made.set(name, URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
    }
    return made.get(name);
  };
  return address;
}

// Any kernel with a kit can hand a library over; one that has ended does not answer.
const kits = (hk.kits ??= new Set());
function library(name) {
  return new Promise((resolve, reject) => {
    const asked = [...kits];
    const late = setTimeout(() => reject(new Error(`${name} did not come`)), PATIENCE);
    const take = (message, buffers) => {
      if (message.library !== name) return;
      clearTimeout(late);
      asked.forEach((model) => model.off("msg:custom", take));
      resolve(URL.createObjectURL(new Blob([buffers[0]], { type: "text/javascript" })));
    };
    asked.forEach((model) => {
      model.on("msg:custom", take);
      model.send({ library: name });
    });
  });
}

function dress(style) {
  const id = "hk-style";
  const element = document.getElementById(id) ??
    document.head.appendChild(Object.assign(document.createElement("style"), { id }));
  element.textContent = style;
}

export default {
  async initialize({ model }) {
    kits.add(model);
    dress(model.get("style"));
    if (!hk.load) {
      const sources = model.get("sources");
      const address = loader(sources);
      const fetched = new Map();
      hk.address = (name) => {
        if (name in sources) return Promise.resolve(address(name));
        if (!fetched.has(name)) fetched.set(name, library(name));
        return fetched.get(name);
      };
      hk.load = async (name) => import(await hk.address(name));
      await hk.load("client/session.js");
    }
    return () => kits.delete(model);
  },
  render({ el }) {
    el.style.display = "none";
  },
};
