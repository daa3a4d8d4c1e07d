// Big keys on the screen. They write into the ordinary fields of the page, so that a keyboard, a scanner and a screen reader find the same fields.
const STYLE = `
:host{display:block}
.keys{display:grid;gap:.4rem;grid-template-columns:repeat(var(--n),minmax(2.75rem,1fr));max-width:var(--w);margin:0 auto}
button{min-height:var(--h);border:1px solid var(--edge);border-radius:.5rem;background:var(--card);color:var(--ink);font:inherit;font-size:1.25rem;font-weight:600;cursor:pointer;padding:0;touch-action:manipulation;user-select:none}
button:active{background:var(--accent-soft)}
button.word{font-size:.875rem}
button.wide{grid-column:span 2;font-size:1rem}
button:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
`;
const SHAPES = {
  digits: { keys: "123456789", last: ["back", "0", "next"], n: 3, w: "22rem", h: "min(3.2rem,6.6dvh)" },
  decimal: { keys: "123456789", last: [".", "0", "back"], n: 3, w: "22rem", h: "min(3.2rem,6.6dvh)" },
  code: { keys: "34678 9ACDE FHJKL MNPQR TVWXY".replaceAll(" ", ""), last: ["back", "clear"], n: 9, w: "44rem", h: "min(3.2rem,8dvh)" },
  letters: { keys: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", last: ["space", "back"], n: 10, w: "44rem", h: "min(3rem,7dvh)" },
};

const put = (input, value) => {
  const set = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), "value").set;
  set.call(input, value);
  input.dispatchEvent(new Event("input", { bubbles: true }));
};

const inputs = (data) => data.fields.map((one) => ({ ...one, input: document.querySelector(`.st-key-${one.key} :is(input,textarea)`) })).filter((one) => one.input);

const current = (data) => {
  const all = inputs(data);
  return all.find((one) => one.input === document.activeElement) || all.find((one) => one.input.dataset.hbLast === "1") || all.find((one) => !one.input.value) || all[0];
};

const mark = (data, chosen) => inputs(data).forEach((one) => {
  one.input.dataset.hbLast = one.input === chosen ? "1" : "";
  one.input.style.boxShadow = one.input === chosen ? "inset 0 -4px 0 var(--accent)" : "";
});

const after = (data, key) => {
  const all = inputs(data);
  return all[all.findIndex((one) => one.key === key) + 1];
};

const press = (component, key, draw) => {
  const { data } = component;
  const at = current(data);
  if (!at) return;
  const value = at.input.value;
  if (key === "back") put(at.input, value.slice(0, -1));
  else if (key === "clear") put(at.input, "");
  else if (key !== "next") {
    const sign = key === "space" ? " " : key === "." ? data.point : key;
    if (!at.most || value.length < at.most) put(at.input, value + sign);
  }
  const full = key.length === 1 && at.most && at.input.value.length >= at.most && data.jump;
  const next = full || key === "next" ? after(data, at.key) : null;
  mark(data, (next || at).input);
  if (next) { next.input.focus({ preventScroll: true }); draw(); }
};

export default function (component) {
  const { data, parentElement } = component;
  let box = parentElement.querySelector(".keys");
  if (!box) {
    const style = document.createElement("style");
    style.textContent = STYLE;
    box = document.createElement("div");
    box.className = "keys";
    box.setAttribute("role", "group");
    parentElement.append(style, box);
  }
  box.setAttribute("aria-label", data.words.keys);
  const draw = () => {
    const kind = current(data)?.kind || data.fields[0].kind;
    if (box.dataset.kind === `${kind} ${data.words.back}`) return;
    box.dataset.kind = `${kind} ${data.words.back}`;
    const shape = SHAPES[kind];
    for (const [name, value] of [["--n", shape.n], ["--w", shape.w], ["--h", shape.h]]) box.style.setProperty(name, value);
    box.replaceChildren(...[...shape.keys, ...shape.last].map((key) => {
      const button = document.createElement("button");
      button.type = "button";
      const word = data.words[key];
      button.textContent = key === "back" ? "⌫" : key === "." ? data.point : word || key;
      if (word) button.setAttribute("aria-label", word);
      if (key === "space" || key === "clear") button.className = "wide";
      if (key === "next") button.className = "word";
      button.onpointerdown = (event) => event.preventDefault(); // the field keeps the focus
      button.onclick = () => press(component, key, draw);
      return button;
    }));
  };
  const ready = (tries = 40) => {
    const all = inputs(data);
    if (all.length < data.fields.length) return tries && setTimeout(() => ready(tries - 1), 50);
    all.forEach((one) => {
      if (one.kind !== "letters") one.input.setAttribute("inputmode", "none");
      one.input.setAttribute("autocomplete", "off");
      one.input.onfocus = () => { mark(data, one.input); draw(); };
    });
    mark(data, current(data)?.input);
    draw();
  };
  ready();
}
