// The widgets of the session as models, kept in step with the kernel by Jupyter's comm messages.
import { channel } from "./channel.js";

const CONTROL = "jupyter.widget.control";
const TARGET = "jupyter.widget";
const [AGAIN, REFUSED] = [1000, 100];

function put(state, path, value) {
  const last = path.at(-1);
  path.slice(0, -1).reduce((part, key) => part[key], state)[last] = value;
}

function filled(state, paths = [], buffers = []) {
  paths.forEach((path, n) => put(state, path, buffers[n]));
  return state;
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// What anywidget hands to a module: the same names, the same meaning.
export class Model {
  state = {};
  #heard = new Map();
  #changed = new Set();
  #awaited = null;

  constructor(id, kernel) {
    this.id = id;
    this.kernel = kernel;
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    if (this.state[name] === value) return;
    this.#changed.add(name);
    this.take({ [name]: value });
  }

  // One change is on its way at a time: those of a slider that is drawn go as its latest value.
  save_changes() {
    if (this.#awaited || !this.#changed.size) return;
    const state = Object.fromEntries([...this.#changed].map((name) => [name, this.state[name]]));
    this.#changed.clear();
    this.#awaited = this.kernel.tell(this.id, { method: "update", state, buffer_paths: [] });
  }

  send(content, _callbacks, buffers) {
    this.kernel.tell(this.id, { method: "custom", content }, buffers);
  }

  on(event, listener) {
    if (!this.#heard.has(event)) this.#heard.set(event, new Set());
    this.#heard.get(event).add(listener);
  }

  off(event, listener) {
    if (listener) this.#heard.get(event)?.delete(listener);
    else if (event) this.#heard.delete(event);
    else this.#heard.clear();
  }

  trigger(event, ...details) {
    for (const listener of [...(this.#heard.get(event) ?? [])]) listener(...details);
  }

  take(state) {
    const changed = Object.entries(state).filter(([name, value]) => this.state[name] !== value);
    Object.assign(this.state, state);
    for (const [name, value] of changed) this.trigger(`change:${name}`, this, value);
    if (changed.length) this.trigger("change", this);
  }

  // The kernel has done with a message.
  done(message) {
    if (message === this.#awaited) this.release();
  }

  // Whether it has done with the last message or not, the next may go.
  release() {
    this.#awaited = null;
    this.save_changes();
  }
}

// Calls `ready` with the models once the kernel has told all that it has.
export function models(url, ready) {
  const known = new Map();
  const control = `control-${Date.now()}-`;
  let begun = false, awaited = true, asked = 0, again = null;
  const lists = ({ state }) => ("children" in state ? 1 : 0);

  const add = (id, state) => {
    if (!known.has(id)) known.set(id, new Model(id, kernel));
    known.get(id).take(state);
  };
  const all = ({ states, buffer_paths: paths }, buffers) => {
    const binary = new Set(paths.map(([id, name]) => `${id} ${name}`));
    paths.forEach(([id, ...path], n) => put(states[id].state, path, buffers[n]));
    const news = (id, state) =>
      Object.entries(state).filter(([name, value]) =>
        binary.has(`${id} ${name}`) || !same(value, known.get(id)?.get(name))
      );
    // Parts before those that list them: what is drawn at a change of a list is known then.
    const parts = Object.entries(states).sort(([, a], [, b]) => lists(a) - lists(b));
    for (const [id, { state, model_module, model_name }] of parts) {
      const whole = { _model_module: model_module, _model_name: model_name, ...state };
      add(id, Object.fromEntries(news(id, whole)));
    }
    awaited = false;
    if (begun) return;
    begun = true;
    ready(known);
  };
  const acts = {
    comm_open({ comm_id: id, target_name: target, data }, buffers) {
      if (target === TARGET) add(id, filled(data.state, data.buffer_paths, buffers));
    },
    comm_msg({ comm_id: id, data }, buffers) {
      if (data.method === "update") {
        known.get(id)?.take(filled(data.state, data.buffer_paths, buffers));
      }
      if (data.method === "custom") known.get(id)?.trigger("msg:custom", data.content, buffers);
    },
    comm_close({ comm_id: id }) {
      known.get(id)?.trigger("destroy");
      known.delete(id);
    },
    status({ execution_state: state }, _buffers, parent) {
      if (state === "idle") { for (const model of known.values()) model.done(parent); }
    },
  };
  const hear = ({ type, content, buffers, parent }) => {
    // What comes before the kernel's first account is in that account.
    if (begun) acts[type]?.(content, buffers, parent);
    if (!awaited || !content.comm_id?.startsWith(control)) return;
    if (type === "comm_close") wait(REFUSED);
    if (type === "comm_msg" && content.data.method === "update_states") all(content.data, buffers);
  };
  // What was under way may be lost: the kernel gives another account, with what is sent before it.
  const way = channel(url, hear, () => {
    for (const model of known.values()) model.release();
    awaited = true;
    ask();
  });
  const kernel = {
    tell: (id, data, buffers) => way.send("comm_msg", { comm_id: id, data }, {}, buffers),
  };
  // Asked until told: a kernel that is just starting does not know the question, and of one that
  // was just busy the server may not hear the answer.
  const wait = (time) => {
    clearTimeout(again);
    again = setTimeout(ask, time);
  };
  const ask = () => {
    if (!awaited) return;
    asked += 1;
    way.send("comm_open", { comm_id: control + asked, target_name: CONTROL, data: {} }, {
      version: "1.0.0",
    });
    kernel.tell(control + asked, { method: "request_states" });
    wait(AGAIN);
  };
  ask();
  return way;
}
