// The hands of a chart: dragging chooses a stretch of time, a click chooses a day, our button saves the picture, a finger scrolls the page.
const wall = (value) => (typeof value === "number" ? value : Date.parse(`${String(value).replace(" ", "T")}Z`));

const plot = (data) => document.querySelector(`.st-key-${data.chart} .js-plotly-plot`);

const chosen = (event) => {
  const state = window.hbChart;
  const from = event["xaxis.range[0]"] ?? event["xaxis.range"]?.[0];
  const to = event["xaxis.range[1]"] ?? event["xaxis.range"]?.[1];
  if (!state || from === undefined || to === undefined) return;
  const stretch = [wall(from), wall(to)];
  if (stretch.every(Number.isFinite)) state.component.setTriggerValue("stretch", stretch);
};

const clicked = (event) => {
  const state = window.hbChart;
  const axis = event.currentTarget._fullLayout?.xaxis;
  if (!state?.data.click || !axis?.p2d || event.target.closest(".modebar")) return;
  const left = event.clientX - event.currentTarget.getBoundingClientRect().left - axis._offset;
  if (left < 0 || left > axis._length) return;
  const moment = wall(axis.p2d(left));
  if (Number.isFinite(moment)) state.component.setTriggerValue("moment", moment);
};

// One finger belongs to the page; the mouse events that follow a tap still reach the chart.
const touched = (event) => { if (event.touches.length === 1) event.stopPropagation(); };

const hold = () => {
  const state = window.hbChart;
  const graph = state && plot(state.data);
  if (!graph || !graph.on) return;
  graph.removeListener("plotly_relayout", chosen);
  graph.on("plotly_relayout", chosen);
  if (graph.dataset.hbHeld) return;
  graph.dataset.hbHeld = "1";
  graph.addEventListener("click", clicked);
  graph.addEventListener("touchstart", touched, { capture: true, passive: true });
};

// A button with the key png_<chart> saves that chart.
const save = (event) => {
  const place = event.target.closest?.("[class*='st-key-png_']");
  const key = place && event.target.closest("button") && /st-key-png_(\S+)/.exec(place.className)?.[1];
  if (!key) return;
  event.stopPropagation();
  event.preventDefault();
  document.querySelector(`.st-key-${key} .modebar-btn`)?.click();
};

export default function (component) {
  window.hbChart = { component, data: component.data };
  if (!window.hbHolding) {
    window.hbHolding = true;
    for (const kind of ["pointerover", "touchstart"]) document.addEventListener(kind, hold, { capture: true, passive: true });
    document.addEventListener("click", save, true);
  }
  hold();
}
