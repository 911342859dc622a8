"""The page's own front end: Jupyter's messages, lost connections, and widgets of other kinds."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from playwright.sync_api import expect

from tests.browser.conftest import Opener, Visit

MORE = """
addEventListener("DOMContentLoaded", () => {
  const output = { output_type: "display_data", metadata: {}, data: { "text/plain": "A word of mine" } };
  const script = Object.assign(document.createElement("script"), { type: "application/vnd.voila.cell-output+json" });
  const place = Object.assign(document.createElement("div"), { className: "hk-output" });
  script.textContent = JSON.stringify(output);
  place.append(script);
  document.getElementById("rendered_cells").append(place);
});
"""
SOCKETS = """
window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...given) { super(...given); window.sockets.push(this); }
};
"""
# Cuts the way to the session at the message of its that `cut` finds, which is lost with all after.
CUT = """
window.cuts = 0;
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", (event) => {
      const text = new TextDecoder().decode(event.data);
      if (!window.cut || !text.includes(window.cut)) return;
      window.cut = null;
      window.cuts += 1;
      event.stopImmediatePropagation();
      this.close();
    });
  }
};
"""
PACK = """async ([message, buffers]) => {
  const { packed } = await hkMetrics.load("client/channel.js");
  return [...packed("shell", message, buffers.map((b) => Uint8Array.from(b).buffer))];
}"""
UNPACK = """async (bytes) => {
  const { unpacked } = await hkMetrics.load("client/channel.js");
  const { buffers, ...rest } = unpacked(Uint8Array.from(bytes).buffer);
  const read = (b) => [...new Uint8Array(b.buffer, b.byteOffset, b.byteLength)];
  return { ...rest, buffers: buffers.map(read) };
}"""
# Draws a figure that the light bundle cannot, on a stage beside the page, and says its size.
FLOW = """async () => {
  const { inTurn, plot } = await hkMetrics.load("client/plotting.js");
  const stage = document.body.appendChild(document.createElement("div"));
  const data = [{ type: "sankey", node: { label: ["a", "b"] },
                  link: { source: [0], target: [1], value: [2] } }];
  await new Promise((resolve, reject) =>
    inTurn(stage, () =>
      Promise.resolve(plot(stage, { data }, { width: 300, height: 200 })).then(resolve, reject), true));
  const drawn = stage.querySelectorAll(".sankey-link").length;
  stage.remove();
  return drawn;
}"""
# A view that was made when its panel was not drawn yet, and rendered when it was.
WORN = """async () => {
  const { wear } = await hkMetrics.load("client/component.js");
  const el = Object.assign(document.createElement("div"), { className: "lm-Widget hk-unseen hk-span-7" });
  const model = { get: () => ["hk-span-7", "hk-panel"], on: () => {}, off: () => {} };
  wear(model, el);
  return el.className;
}"""
JSON = st.dictionaries(st.text(), st.text() | st.integers(-(2**53), 2**53) | st.none(), max_size=4)
BUFFERS = st.lists(st.binary(max_size=9), max_size=3)


def front_ends(visit: Visit) -> list[str]:
    """Collect the parts of Voilà's front end that a page fetches from now on."""
    fetched: list[str] = []
    visit.page.on("request", lambda r: fetched.append(r.url) if "voila.js" in r.url else None)
    return fetched


def test_message_is_packed_as_the_server_reads_it(tour: Visit) -> None:
    @settings(max_examples=30, deadline=None)
    @given(JSON, BUFFERS)
    def check(content: dict[str, Any], buffers: list[bytes]) -> None:
        message = {
            "header": {"msg_id": "1"},
            "parent_header": {},
            "metadata": {},
            "content": content,
        }
        bytes_ = bytes(tour.page.evaluate(PACK, [message, [list(b) for b in buffers]]))
        channel, parts = deserialize_msg_from_ws_v1(bytes_)
        assert channel == "shell"
        assert [json.loads(p) for p in parts[:4]] == [{"msg_id": "1"}, {}, {}, content]
        assert [bytes(p) for p in parts[4:]] == buffers

    check()


def test_message_of_the_server_is_unpacked(tour: Visit) -> None:
    @settings(max_examples=30, deadline=None)
    @given(JSON, BUFFERS)
    def check(content: dict[str, Any], buffers: list[bytes]) -> None:
        head, parent = {"msg_type": "comm_msg"}, {"msg_id": "7"}
        parts = [json.dumps(part).encode() for part in (head, parent, {}, content)]
        told = serialize_msg_to_ws_v1([*parts, *buffers], "iopub")
        assert tour.page.evaluate(UNPACK, list(told)) == {
            "type": "comm_msg", "parent": "7", "content": content,
            "buffers": [list(b) for b in buffers],
        }  # fmt: skip

    check()


def test_figure_of_a_rare_kind_brings_the_rest_of_plotly(tour: Visit) -> None:
    tour.show()
    assert tour.page.evaluate(FLOW) == 1
    tour.show("page=campaigns")
    tour.show()


def test_view_loses_classes_that_its_model_lost_before_it_was_rendered(tour: Visit) -> None:
    assert tour.page.evaluate(WORN) == "lm-Widget hk-span-7 hk-panel"


def test_page_needs_nothing_of_jupyterlabs_front_end(visit: Opener) -> None:
    opened = visit()
    fetched = front_ends(opened)
    opened.open()
    assert fetched == []


def test_lost_connection_is_taken_up_and_nothing_is_lost(visit: Opener) -> None:
    opened = visit()
    opened.page.add_init_script(SOCKETS)
    page = opened.open()
    before = opened.card("revenue")
    page.evaluate("sockets.at(-1).close()")
    opened.filter("brand", "Gritzo")
    assert opened.card("revenue") != before
    assert page.evaluate("sockets.length") == 2
    page.evaluate("hkMetrics.visit(''); sockets.at(-1).close()")  # now what the kernel answers
    opened.idle()
    assert opened.card("revenue") == before


def test_answer_that_is_cut_off_still_comes(visit: Opener) -> None:
    opened = visit()
    opened.page.add_init_script(CUT)
    page = opened.open()
    whole = opened.card("revenue")
    opened.filter("brand", "Gritzo")
    part = opened.card("revenue")
    assert part != whole
    # The first word of an answer, its cards, and its last word.
    for number, place in enumerate(('"busy"', '"cards"', '"settled"'), 1):
        page.evaluate("place => { window.cut = place }", place)
        opened.filter("brand", "Gritzo")
        assert page.evaluate("cuts") == number
        assert opened.card("revenue") == (whole if number % 2 else part)


def test_lost_network_is_told_and_forgotten_when_it_is_back(visit: Opener) -> None:
    opened = visit(strict=False)
    page = opened.open()
    page.context.set_offline(True)
    lost = page.get_by_text("The server does not answer. Trying again; your view is kept.")
    expect(lost).to_be_visible(timeout=15_000)
    page.context.set_offline(False)
    expect(lost).to_be_hidden(timeout=15_000)
    opened.filter("brand", "Gritzo")
    expect(page.locator(".hk-chip")).to_have_text("Brand: Gritzo×", timeout=30_000)


def test_output_of_another_kind_brings_voilas_front_end(visit: Opener) -> None:
    opened = visit(strict=False)
    fetched = front_ends(opened)

    opened.page.add_init_script(MORE)
    opened.open()
    expect(opened.page.get_by_text("A word of mine")).to_be_visible(timeout=30_000)
    opened.filter("brand", "Gritzo")
    expect(opened.page.locator(".hk-chip")).to_have_text("Brand: Gritzo×", timeout=30_000)
    assert fetched


def test_without_our_front_end_voilas_shows_the_page(visit: Opener) -> None:
    opened = visit(strict=False)
    opened.page.route("**/client.js", lambda route: route.abort())
    opened.open()
    opened.filter("brand", "Gritzo")
    expect(opened.page.locator(".hk-chip")).to_have_text("Brand: Gritzo×", timeout=30_000)
    opened.page.close(run_before_unload=True)
