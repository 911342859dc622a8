// anywidget takes a view's own listeners away when it renders, so classes set later would not show.
function wear(model, el) {
  let worn = model.get("_dom_classes") ?? [];
  const change = () => {
    const now = model.get("_dom_classes") ?? [];
    el.classList.remove(...worn.filter((name) => !now.includes(name)));
    el.classList.add(...now);
    worn = now;
  };
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
