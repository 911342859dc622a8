// Draws the figures whose data stand in the page, each in the place and size made for it.
const draw = async (holder) => {
  const figure = JSON.parse(holder.querySelector("script").textContent);
  const place = holder.querySelector(".plot");
  const layout = { ...figure.layout, autosize: true, width: undefined };
  const words = getComputedStyle(place);
  layout.font = { family: words.fontFamily, color: words.color, size: 12, ...layout.font };
  layout.paper_bgcolor = layout.plot_bgcolor = "#fff";
  layout.margin = { l: 0, r: 0, t: 8, b: 8, ...layout.margin };
  await Plotly.newPlot(place, figure.data, layout, {
    responsive: true,
    displaylogo: false,
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
  });
};
// Plotly's script stands in the page packed; inline scripts are all that its policy lets run.
const unpack = async () => {
  const packed = document.getElementById("plotly");
  if (!packed) return;
  const bytes = Uint8Array.from(atob(packed.textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = document.createElement("script");
  script.textContent = await new Response(stream).text();
  document.head.append(script);
};
const holders = [...document.querySelectorAll("figure.chart")];
window.figuresDrawn = Promise.all([document.fonts.ready, unpack()])
  .then(() => Promise.all(holders.map(draw)));
