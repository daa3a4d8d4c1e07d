// A countdown by the browser's own clock from the seconds the server gave; read out every half minute and at the end.
const STYLE = `
:host{display:block}
div{text-align:center;font-size:4.5rem;font-weight:650;font-variant-numeric:tabular-nums;color:var(--accent);line-height:1.2}
p{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
`;

export default function (component) {
  const { data, parentElement } = component;
  let face = parentElement.querySelector("div.face");
  if (!face) {
    const style = document.createElement("style");
    style.textContent = STYLE;
    face = Object.assign(document.createElement("div"), { className: "face" });
    const spoken = document.createElement("p");
    spoken.setAttribute("role", "status");
    parentElement.append(style, face, spoken);
  }
  const spoken = parentElement.querySelector("p");
  if (face.dataset.name === data.name && face.hbEvery) return;
  clearInterval(face.hbEvery);
  face.dataset.name = data.name;
  const end = Date.now() + data.seconds * 1000;
  const show = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    face.textContent = time;
    if (left > 0 && left % 30 === 0) spoken.textContent = data.left.replace("TIME", time);
    if (left > 0) return;
    clearInterval(face.hbEvery);
    spoken.textContent = data.over;
    component.setTriggerValue("over", Date.now());
  };
  show();
  face.hbEvery = setInterval(show, 250);
  return () => { clearInterval(face.hbEvery); face.hbEvery = null; };
}
