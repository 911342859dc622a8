// anywidget takes a view's own listeners away when it renders, so classes set later would not show.
export function wear(model, el) {
  let worn = [];
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

export const component = (part) => ({
  initialize: part.initialize,
  async render(context) {
    const undress = wear(context.model, context.el);
    const stop = await part.render(context);
    return () => { undress(); stop?.(); };
  },
});
