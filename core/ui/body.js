// The drawing of the body: a tap says which place it hit and where. The list beside it is the way for keyboards and screen readers.
const STYLE = `
svg{display:block;width:100%;height:100%;touch-action:manipulation}
path,ellipse{fill:var(--sunk);stroke:var(--edge);stroke-width:1;cursor:pointer}
:is(path,ellipse):hover{fill:var(--accent-soft);stroke:var(--accent)}
.m{fill:var(--soon);stroke:var(--card);stroke-width:2;pointer-events:none}
div{height:100%}
`;

const round = (value) => Math.min(1, Math.max(0, Math.round(value * 1000) / 1000));

export default function (component) {
  const { data, parentElement } = component;
  let box = parentElement.querySelector("div.hb-body");
  if (!box) {
    box = document.createElement("div");
    box.className = "hb-body";
    const style = document.createElement("style");
    style.textContent = STYLE;
    parentElement.append(style, box);
  }
  if (box.dataset.drawn !== data.svg) {
    box.innerHTML = data.svg; // drawn by us from a table, nothing of it was typed by anybody
    box.dataset.drawn = data.svg;
  }
  box.onclick = (event) => {
    const place = event.target.dataset?.place;
    const svg = box.querySelector("svg");
    if (!place || !svg) return;
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    component.setTriggerValue("place", { view: data.view, place, x: round(point.x / 200), y: round(point.y / 420) });
  };
}
