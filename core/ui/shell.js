// The frame around a page: language, landmarks, colour scheme of dialogs, the spoken line, and leaving for another address.
const label = (node, role, name) => { node.setAttribute("role", role); node.setAttribute("aria-label", name); };

const mark = (data) => {
  document.querySelectorAll(".st-key-nav").forEach((bar) => label(bar, "navigation", data.nav));
  document.querySelectorAll(".st-key-nav [class*='st-key-navi_'] a").forEach((link) => {
    if (link.closest("[class*='_on']")) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  });
  document.querySelectorAll(".tblwrap, .scroll").forEach((box) => {
    if (box.scrollWidth > box.clientWidth + 1) box.setAttribute("tabindex", "0");
    else box.removeAttribute("tabindex");
  });
};

const followScheme = () => {
  const app = document.querySelector(".stApp");
  if (!app) return;
  const copy = () => { document.documentElement.style.colorScheme = getComputedStyle(app).colorScheme; };
  copy(); // dialogs, popovers and toasts hang outside .stApp
  if (app.dataset.hbWatched) return;
  app.dataset.hbWatched = "1";
  new MutationObserver(copy).observe(app, { attributes: true, attributeFilter: ["class", "style"] });
};

const speak = (text) => {
  let live = document.getElementById("hb-live");
  if (!live) {
    live = Object.assign(document.createElement("div"), { id: "hb-live", className: "sr" });
    live.setAttribute("role", "status");
    document.body.append(live);
  }
  if (text && live.textContent !== text) live.textContent = text;
};

const refocus = (key) => setTimeout(() => {
  if (document.activeElement === document.body) document.querySelector(`.st-key-${key} button`)?.focus({ preventScroll: true });
}, 60);

export default function (component) {
  const data = component.data;
  if (data.go) { window.location.replace(data.go); return; }
  if (document.documentElement.lang !== data.lang) document.documentElement.lang = data.lang;
  followScheme();
  speak(data.say);
  if (data.focus) refocus(data.focus);
  mark(data);
  requestAnimationFrame(() => mark(data));
  setTimeout(() => mark(data), 400);
}
