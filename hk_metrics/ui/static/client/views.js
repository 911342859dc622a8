// Models drawn: boxes, and whatever brings its own module (anywidget). No other kind is known here.
import { wear } from "./component.js";

const BOXES = ["BoxModel", "VBoxModel", "HBoxModel"];
const REFERENCE = "IPY_MODEL_";
const modules = new Map();
const begun = new WeakMap();

const isModule = ({ state }) => state._model_module === "anywidget";
const isBox = ({ state }) =>
  state._model_module === "@jupyter-widgets/controls" && BOXES.includes(state._model_name);
const isPlainLayout = ({ state }) =>
  state._model_name === "LayoutModel" &&
  Object.entries(state).every(([name, value]) => name.startsWith("_") || value === null);

export const drawable = (model) => isModule(model) || isBox(model) || isPlainLayout(model);

function loaded(text) {
  if (!modules.has(text)) {
    const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    modules.set(text, import(url).finally(() => URL.revokeObjectURL(url)));
  }
  return modules.get(text);
}

// A model begins once, with its first view.
function begin(model) {
  const ending = new AbortController();
  const widget = loaded(model.get("_esm")).then(async ({ default: part }) => {
    const whole = typeof part === "function" ? await part() : part;
    const stop = await whole.initialize?.({ model, signal: ending.signal });
    model.on("destroy", () => {
      ending.abort();
      stop?.();
    });
    return whole;
  });
  begun.set(model, widget);
  return widget;
}

function rendered(model, el) {
  const ending = new AbortController();
  const { signal } = ending;
  const drawn = (begun.get(model) ?? begin(model)).then((
    widget,
  ) => (signal.aborted ? null : widget.render?.({ model, el, signal })));
  drawn.catch((error) => {
    reportError(error);
    el.textContent =
      "This part of the page could not be drawn. Reload the page; if it fails again, " +
      "tell whoever runs it.";
  });
  return () => {
    ending.abort();
    drawn.then((stop) => stop?.(), () => {});
  };
}

function arranged(models, model, el) {
  const views = new Map();
  const arrange = () => {
    // A part that is not there yet, or not any more, is drawn when the list is next told.
    const ids = model.get("children").map((child) => child.slice(REFERENCE.length)).filter((id) =>
      models.has(id)
    );
    for (const [id, { end }] of views) {
      if (!ids.includes(id)) {
        end();
        views.delete(id);
      }
    }
    ids.forEach((id, n) => {
      if (!views.has(id)) views.set(id, view(models, id));
      const part = views.get(id).el;
      if (el.children[n] !== part) el.insertBefore(part, el.children[n] ?? null);
    });
  };
  arrange();
  model.on("change:children", arrange);
  return () => {
    model.off("change:children", arrange);
    views.forEach(({ end }) => end());
  };
}

// Draws a model; `end` takes the drawing away.
export function view(models, id) {
  const model = models.get(id);
  const el = document.createElement("div");
  const undress = wear(model, el);
  const stop = isBox(model) ? arranged(models, model, el) : rendered(model, el);
  return {
    el,
    end() {
      undress();
      stop();
      el.remove();
    },
  };
}
