"""The page's own widgets: what each one shows, as traits; how it looks is in `static/parts/`.

A component holds plain data and draws text as text, so that nothing a file brings is markup.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets
import traitlets as t

from hk_metrics.ui.parts.kit import Kit, kit

if TYPE_CHECKING:
    from hk_metrics.present import Table as Described

# anywidget gives a model two seconds to begin. A slow machine takes longer to fetch the rest, so
# the widget answers at once, and begins when its module is there.
_LOADER = """
const hk = (globalThis.hkMetrics ??= {{}});
let fetched = null;
async function fetchPart(model) {{
  const kit = model.get("kit");
  if (!hk.load && kit) await model.widget_manager?.get_model(kit.slice("IPY_MODEL_".length));
  while (!hk.load) await new Promise((resolve) => setTimeout(resolve, 10));
  const names = ["client/component.js", "parts/{module}"];
  const [{{ component }}, part] = await Promise.all(names.map((name) => hk.load(name)));
  return component(part.default);
}}
export default {{
  initialize(context) {{
    let stop, ended = false;
    (fetched ??= fetchPart(context.model)).then(async (part) => {{
      if (!ended) stop = await part.initialize?.(context);
      if (ended) stop?.();
    }});
    return () => {{ ended = true; stop?.(); }};
  }},
  async render(context) {{
    const part = await (fetched ??= fetchPart(context.model));
    return part.render(context);
  }},
}};
"""


def module(name: str) -> str:
    """Return the front-end code that loads a component's module once for all its instances."""
    return _LOADER.format(module=name)


class Component(anywidget.AnyWidget):
    """A widget with its module in `static/parts/`; all share one (empty) layout and one kit.

    ``shown`` is the id of the state whose numbers it shows; the page hides those of another one.
    ``wish`` counts what its visitor asked for, so that the page knows what has been answered.
    ``trouble`` is told what fails as a message is answered; ipywidgets would put it into the log.
    """

    _plain = None
    trouble: Callable[[Exception], None] | None = None
    shown = t.Unicode().tag(sync=True)
    wish = t.Int(0).tag(sync=True)
    kit = t.Instance(Kit, allow_none=True).tag(sync=True, **ipywidgets.widget_serialization)

    def __init__(self, **traits: Any) -> None:
        if Component._plain is None or Component._plain.comm is None:
            Component._plain = ipywidgets.Layout()
        super().__init__(layout=Component._plain, kit=kit(), **traits)

    def on_msg(self, callback: Callable[..., None]) -> None:
        """Call back with the page's messages; what goes wrong then, the visitor is told."""

        def answer(*message: Any) -> None:
            try:
                callback(*message)
            except Exception as error:
                if self.trouble is None:
                    raise
                self.trouble(error)

        super().on_msg(answer)


class Header(Component):
    """Name, pages, dataset, quality, and the page's actions."""

    _esm = module("header.js")
    pages: t.List[Any] = t.List().tag(sync=True)
    page = t.Unicode("overview").tag(sync=True)
    dataset = t.Dict().tag(sync=True)
    account = t.Dict().tag(sync=True)
    saved = t.Dict({"may": False, "views": []}).tag(sync=True)


class Filters(Component):
    """The rail: period, comparison and one searchable list per dimension."""

    _esm = module("filters.js")
    choices = t.Dict().tag(sync=True)
    facets: t.List[Any] = t.List().tag(sync=True)
    selection = t.Dict().tag(sync=True)
    period = t.Dict().tag(sync=True)
    span: t.List[Any] = t.List().tag(sync=True)
    compare = t.Unicode("previous_period").tag(sync=True)
    followers = t.Dict().tag(sync=True)


class Chips(Component):
    """The filters in force, each removable, and what a reader must know about the view."""

    _esm = module("chips.js")
    lead = t.Unicode().tag(sync=True)
    chips: t.List[Any] = t.List().tag(sync=True)
    notes: t.List[Any] = t.List().tag(sync=True)


class Cards(Component):
    """Key figures: value, band, change and a small line."""

    _esm = module("cards.js")
    cards: t.List[Any] = t.List().tag(sync=True)


Tell = Callable[[str, str], None]


class TableWidget(Component):
    """A table that is sorted and searched here: the browser has the rows in sight alone.

    ``tell`` is called with what its reader sets, by name; the page keeps it in its state. Where
    ``choosing`` says what may be done with them, rows can be ticked.
    """

    _esm = module("table.js")
    table = t.Dict().tag(sync=True)
    wrap = t.Bool(False).tag(sync=True)
    choosing = t.Dict().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.described: Described | None = None
        self.tell: Tell = self._set
        self._how: dict[str, str] = {}
        self.on_msg(self._asked)

    def describe(self, described: Described, set_before: Mapping[str, str]) -> None:
        """Show a table as its reader had set it before, from its first row."""
        self.described, self._how = described, dict(set_before)
        self._turn(0)

    def seen(self) -> Described | None:
        """Return the table as its reader set it, with all its rows."""
        from hk_metrics.present.arranged import Arrangement, arranged

        return self.described and arranged(self.described, Arrangement.of(self._how))

    def _turn(self, at: int) -> None:
        from hk_metrics.present import page
        from hk_metrics.present.arranged import Arrangement

        if self.described is not None:
            self.table = page.table(self.described, Arrangement.of(self._how), at)

    def _set(self, name: str, value: str) -> None:
        self._how = {**self._how, name: value}
        self._turn(0)

    def _asked(self, _: Any, message: Mapping[str, Any], __: Any) -> None:
        if message.get("event") == "turn":
            self._turn(int(message["at"]))
        elif message.get("event") == "arrange" and message["name"] in ("sort", "find", "hide"):
            self.tell(message["name"], str(message["value"]))


class Sentences(Component):
    """A titled list of sentences, each with a tone and a link.

    As a ``lead`` the sentence is what a reader sees first; as a ``line`` all stand side by side.
    """

    _esm = module("sentences.js")
    look = t.Enum(["", "lead", "line"], "").tag(sync=True)
    title = t.Unicode().tag(sync=True)
    lines: t.List[Any] = t.List().tag(sync=True)
    explain = t.Dict().tag(sync=True)


class Todo(Component):
    """Actions as a list: each with what it rests on, an owner, a day, and the answers to it."""

    _esm = module("todo.js")
    title = t.Unicode().tag(sync=True)
    lines: t.List[Any] = t.List().tag(sync=True)
    note = t.Unicode().tag(sync=True)
    explain = t.Dict().tag(sync=True)


class DayNotes(Component):
    """Notes on days as charts number them, with a line to write one."""

    _esm = module("notes.js")
    notes: t.List[Any] = t.List().tag(sync=True)
    brands: t.List[Any] = t.List().tag(sync=True)
    may = t.Bool(False).tag(sync=True)
    day = t.Unicode().tag(sync=True)


class TagList(Component):
    """The tags of somebody, each removable, with a field to add one."""

    _esm = module("tags.js")
    tags: t.List[Any] = t.List().tag(sync=True)
    known: t.List[Any] = t.List().tag(sync=True)
    may = t.Bool(False).tag(sync=True)


class Hints(Component):
    """What helps a first visit, shown once in a browser."""

    _esm = module("hints.js")
    title = t.Unicode().tag(sync=True)
    hints: t.List[Any] = t.List().tag(sync=True)


class Choice(Component):
    """A labelled choice of one of a few options; as ``tabs`` that of what stands below."""

    _esm = module("choice.js")
    label = t.Unicode().tag(sync=True)
    options: t.List[Any] = t.List().tag(sync=True)
    value = t.Unicode().tag(sync=True)
    kind = t.Enum(["segment", "select", "tabs"], "segment").tag(sync=True)


class Field(Component):
    """A labelled field for a number or a word."""

    _esm = module("entry.js")
    label = t.Unicode().tag(sync=True)
    value = t.Unicode().tag(sync=True)
    kind = t.Enum(["number", "search", "range"], "number").tag(sync=True)
    low = t.Float(None, allow_none=True).tag(sync=True)
    high = t.Float(None, allow_none=True).tag(sync=True)
    step = t.Float(None, allow_none=True).tag(sync=True)
    suffix = t.Unicode().tag(sync=True)
    hint = t.Unicode().tag(sync=True)


class Range(Component):
    """A labelled range of numbers; either end may be open."""

    _esm = module("range.js")
    label = t.Unicode().tag(sync=True)
    value: t.List[Any] = t.List([None, None]).tag(sync=True)


class Weights(Component):
    """Sliders for the parts of a score, folded away under what they amount to."""

    _esm = module("weights.js")
    label = t.Unicode().tag(sync=True)
    parts: t.List[Any] = t.List().tag(sync=True)
    value = t.Dict().tag(sync=True)


class FactList(Component):
    """A titled list of labels and values, with a way back."""

    _esm = module("facts.js")
    title = t.Unicode().tag(sync=True)
    subtitle = t.Unicode().tag(sync=True)
    pairs: t.List[Any] = t.List().tag(sync=True)
    back = t.Unicode().tag(sync=True)


class Actions(Component):
    """A line of buttons."""

    _esm = module("actions.js")
    label = t.Unicode().tag(sync=True)
    buttons: t.List[Any] = t.List().tag(sync=True)


_MOST_FILES = 200
_MOST_NAME = 250
_LARGER = "Larger data comes by path or URL: hk-metrics import PATH --into STORE."
Received = Callable[[dict[str, bytes], Callable[[str, float], None]], None]


class Upload(Component):
    """A place to drop files; they come in pieces, so that no message is too large.

    ``received`` is called with name → content when all files are here, and with what takes a step
    in words and the share done, to be shown meanwhile. ``limit_mb`` is shown to the page; what
    holds is the limit that the widget was made with, whatever a page says.
    """

    _esm = module("upload.js")
    hint = t.Unicode().tag(sync=True)
    limit_mb = t.Int(200).tag(sync=True)
    accept = t.Unicode().tag(sync=True)

    def __init__(self, received: Received, **traits: Any) -> None:
        super().__init__(**traits)
        self._received = received
        self._most = self.limit_mb * 1_000_000
        self._pieces: dict[str, bytearray] = {}
        self._refused = ""
        self.on_msg(self._take)

    def _take(self, _: Any, message: dict[str, Any], buffers: list[memoryview]) -> None:
        event = message.get("event")
        if event == "begin":
            self._pieces, self._refused = {}, ""
        elif event == "piece" and not self._refused:
            self._add(str(message.get("name", ""))[:_MOST_NAME], buffers)
        elif event == "end":
            files = {name: bytes(content) for name, content in self._pieces.items()}
            self._pieces = {}
            if files and not self._refused:
                self._received(files, self._tell)
        self.send({"event": "got", "refused": self._refused})

    def _tell(self, step: str, share: float) -> None:
        self.send({"event": "step", "step": step, "share": share})

    def _add(self, name: str, buffers: list[memoryview]) -> None:
        """Add a piece; the limits hold here too, for senders that are not our page."""
        come = sum(map(len, self._pieces.values())) + sum(map(len, buffers))
        if come > self._most:
            limit = f"{self._most // 1_000_000:,} MB"
            self._refused = f"More than the {limit} that a browser may send here. {_LARGER}"
        elif len(self._pieces) >= _MOST_FILES and name not in self._pieces:
            self._refused = f"More than {_MOST_FILES} files at once: send them as one zip."
        if self._refused:
            self._pieces = {}
            return
        content = self._pieces.setdefault(name, bytearray())
        for piece in buffers:
            content += piece


class PlanReview(Component):
    """What uploaded files are taken for, to be corrected and answered."""

    _esm = module("plan.js")
    plan = t.Dict().tag(sync=True)


class Browser(Component):
    """The browser around the page: its address, downloads, messages, and the end of a change."""

    _esm = module("browser.js")
    query = t.Unicode().tag(sync=True)
    locale = t.Dict().tag(sync=True)
    now = t.Unicode().tag(sync=True)
    settled = t.Int(0).tag(sync=True)
    answered = t.Int(0).tag(sync=True)
    message = t.Dict().tag(sync=True)
