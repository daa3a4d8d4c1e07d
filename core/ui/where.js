// "Where am I?" for somebody who has to tell an ambulance: asked for by a tap, shown here, sent nowhere and kept nowhere.
const STYLE = `
:host{display:block}
button{min-height:3rem;padding:.6rem 1.1rem;border:1px solid var(--edge);border-radius:.5rem;background:var(--card);color:var(--ink);font:inherit;font-weight:600;cursor:pointer}
button:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
p{margin:.75rem 0 0;line-height:1.5;color:var(--ink);overflow-wrap:anywhere}
b{font-size:1.375rem;display:block;user-select:all}
small{color:var(--muted);font-size:.875rem}
`;

const degrees = (value, positive, negative) => `${Math.abs(value).toFixed(5)}° ${value < 0 ? negative : positive}`;

export default function (component) {
  const { data, parentElement } = component;
  let box = parentElement.querySelector("div.hb-where");
  if (!box) {
    box = document.createElement("div");
    box.className = "hb-where";
    const style = document.createElement("style");
    style.textContent = STYLE;
    const button = document.createElement("button");
    button.type = "button";
    const said = document.createElement("p");
    said.setAttribute("role", "status");
    box.append(button, said);
    parentElement.append(style, box);
  }
  const [button, said] = [box.querySelector("button"), box.querySelector("p")];
  button.textContent = data.ask;
  if (box.dataset.whose !== data.whose) {
    said.textContent = ""; // somebody else's page: nothing of the place before stays
    box.dataset.whose = data.whose;
  }
  const failed = (text) => { said.textContent = text; };
  const found = ({ coords, timestamp }) => {
    const place = document.createElement("b");
    place.textContent = `${degrees(coords.latitude, "N", "S")}, ${degrees(coords.longitude, "E", "W")}`;
    const aside = document.createElement("small");
    const time = new Date(timestamp).toLocaleTimeString(data.language);
    aside.textContent = data.about.replace("METRES", Math.ceil(coords.accuracy).toLocaleString(data.language)).replace("TIME", time);
    said.replaceChildren(place, aside);
  };
  button.onclick = () => {
    if (!navigator.geolocation || !window.isSecureContext) return failed(data.unable);
    failed(data.asking);
    navigator.geolocation.getCurrentPosition(found, (error) => failed(error.code === error.PERMISSION_DENIED ? data.refused : data.unable), {
      enableHighAccuracy: true, timeout: 20000, maximumAge: 0,
    });
  };
}
