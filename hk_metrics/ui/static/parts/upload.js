import { follow, h } from "../client/dom.js";

const CHUNK = 2 * 1024 * 1024;
const MB = 1e6;

export default {
  render({ model, el }) {
    el.classList.add("hk-panel", "hk-upload");
    const say = h("p", { className: "hk-upload-say", role: "status" });
    const meter = h("progress", { max: 1, value: 0, hidden: true, "aria-label": "Upload" });
    const input = h("input", {
      type: "file",
      multiple: true,
      className: "hk-offscreen",
      id: "hk-files",
      accept: model.get("accept"),
      onchange: () => take([...input.files]),
    });
    const zone = h(
      "label",
      { className: "hk-zone", htmlFor: "hk-files" },
      h("b", {}, "Choose files"),
      " or drop them here",
    );
    zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      zone.classList.add("hk-over");
    });
    zone.addEventListener("dragleave", () => zone.classList.remove("hk-over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("hk-over");
      take([...event.dataTransfer.files]);
    });
    let acknowledge = null;
    const answer = (message) => {
      if (message.event === "got") acknowledge?.(message.refused);
      if (message.event !== "step") return;
      meter.value = message.share;
      say.textContent = `${message.step[0].toUpperCase()}${message.step.slice(1)} …`;
    };
    model.on("msg:custom", answer);
    const send = (message, buffers) =>
      new Promise((resolve) => {
        acknowledge = resolve;
        model.send(message, undefined, buffers);
      });

    async function take(files) {
      const limit = model.get("limit_mb");
      const total = files.reduce((sum, file) => sum + file.size, 0);
      if (!files.length) return;
      if (total > limit * MB) {
        const size = (total / MB).toFixed(0);
        say.textContent = `${size} MB is more than the ${limit} MB that a browser may send here. ` +
          "Larger data comes by path or URL: hk-metrics import PATH --into STORE.";
        return;
      }
      meter.hidden = false;
      globalThis.hkMetrics.busy?.();
      let sent = 0;
      let refused = await send({ event: "begin" });
      const close = () => {
        meter.hidden = true;
        input.value = "";
        say.textContent = refused || "";
      };
      for (const file of files) {
        for (let at = 0; at === 0 || at < file.size; at += CHUNK) {
          const piece = await file.slice(at, at + CHUNK).arrayBuffer();
          refused = await send({ event: "piece", name: file.name }, [piece]);
          if (refused) return close();
          sent += piece.byteLength;
          meter.value = total ? sent / total : 1;
          say.textContent = `Sending ${file.name}, ${(sent / MB).toFixed(0)} of ${
            (total / MB).toFixed(0)
          } MB`;
        }
      }
      say.textContent = "Reading";
      refused = await send({ event: "end" });
      close();
    }

    el.append(
      h(
        "div",
        { className: "hk-panel-head" },
        h("h2", { className: "hk-panel-title" }, "Bring data", h("small", {}, "")),
      ),
      input,
      zone,
      meter,
      say,
    );
    const words = () => {
      el.querySelector("small").textContent = `${model.get("hint")} At most ${
        model.get("limit_mb")
      } MB at once; larger data comes by path: hk-metrics import.`;
    };
    const stop = follow(model, ["hint", "limit_mb"], words);
    return () => {
      stop();
      model.off("msg:custom", answer);
    };
  },
};
