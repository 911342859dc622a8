// What all components do: wear their classes, and carry the id of the state that they show.
import { shows } from "./document.js";

// anywidget takes a view's own listeners away when it renders, so classes set later would not show;
// nor would those go that the view was made with and that the model has lost since.
export function wear(model, el) {
  let worn = [...el.classList].filter((name) => name.startsWith("hk-"));
  const change = () => {
    const now = model.get("_dom_classes") ?? [];
    el.classList.remove(...worn.filter((name) => !now.includes(name)));
    el.classList.add(...now);
    worn = now;
  };
  change();
  model.on("change:_dom_classes", change);
  return () => model.off("change:_dom_classes", change);
}

// After the part's own drawing, which waits for the end of the message.
function carry(model, el) {
  const change = () => queueMicrotask(() => shows(el, model.get("shown")));
  shows(el, model.get("shown"));
  model.on("change:shown", change);
  return () => model.off("change:shown", change);
}

// A part that `shows` numbers is empty while they are of another state; one that is `drawn` later
// than its message says itself when.
export const component = (part) => ({
  initialize: part.initialize,
  async render(context) {
    const { model, el } = context;
    const stops = [wear(model, el), await part.render(context)];
    if (part.shows) stops.push(carry(model, el));
    return () => stops.forEach((stop) => stop?.());
  },
});
