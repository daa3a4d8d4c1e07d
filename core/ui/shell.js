// The frame around a page: language, landmarks, colour scheme of dialogs, the spoken line, the idle clock, cookies by our routes.
const label = (node, role, name) => { node.setAttribute("role", role); node.setAttribute("aria-label", name); };

const mark = (data) => {
  document.querySelectorAll(".st-key-nav").forEach((bar) => label(bar, "navigation", data.nav));
  document.querySelectorAll(".st-key-nav [class*='st-key-navi_'] a").forEach((link) => {
    if (link.closest("[class*='_on']") || (link.closest("[class*='_thumb']") && matchMedia("(max-width:640px)").matches)) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  });
  document.querySelectorAll(".tblwrap").forEach((box) => {
    if (box.scrollWidth > box.clientWidth + 1) box.setAttribute("tabindex", "0");
    else box.removeAttribute("tabindex");
  });
};

// What is drawn later, and what a turned phone or a larger letter makes too wide, is marked as well.
const keepMarking = (data) => {
  window.hbData = data;
  if (window.hbMarking) return;
  let waiting = 0;
  const soon = () => { if (!waiting) waiting = setTimeout(() => { waiting = 0; mark(window.hbData); }, 120); };
  window.hbMarking = new MutationObserver(soon);
  window.hbMarking.observe(document.body, { childList: true, subtree: true });
  window.addEventListener("resize", soon);
};

// A picture is as wide as the window; on paper it is made smaller so that all of it is there.
const PAPER_WIDTH = 590;
const fitPaper = () => {
  const plot = document.querySelector(".js-plotly-plot");
  const zoom = plot && plot.clientWidth > PAPER_WIDTH ? PAPER_WIDTH / plot.clientWidth : 1;
  document.documentElement.style.setProperty("--print-zoom", zoom.toFixed(3));
};

const watchPaper = () => {
  if (window.hbPaper) return;
  window.hbPaper = true;
  window.addEventListener("beforeprint", fitPaper);
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
  if (document.activeElement !== document.body) return;
  const seen = [...document.querySelectorAll(`.st-key-${key} button`)].find((one) => one.offsetParent); // one with a hint is there twice
  seen?.focus({ preventScroll: true });
}, 60);

// After the idle time without a run the server is asked once; it answers with the sign-in page.
const watchIdle = (component, seconds) => {
  clearTimeout(window.hbIdle);
  if (seconds > 0) window.hbIdle = setTimeout(() => component.setTriggerValue("idle", Date.now()), Math.min(seconds * 1000, 2 ** 31 - 1));
};

export default function (component) {
  const data = component.data;
  if (data.aside) { // a part of the page that is drawn on its own has something to say
    speak(data.say);
    if (data.focus) refocus(data.focus);
    return;
  }
  if (data.leave && !window.hbLeaving) {
    window.hbLeaving = true;
    const afresh = () => window.location.replace("/");
    fetch(data.leave, { redirect: "manual", credentials: "same-origin" }).then(afresh, afresh);
    return;
  }
  if (data.enter && window.hbEntered !== data.enter) {
    window.hbEntered = data.enter;
    fetch(data.enter, { redirect: "manual", credentials: "same-origin" }).catch(() => {});
  }
  if (data.remember) document.cookie = `hb_lang=${data.remember}; path=/; max-age=31536000; samesite=lax`;
  if (document.documentElement.lang !== data.lang) document.documentElement.lang = data.lang;
  followScheme();
  watchPaper();
  speak(data.say);
  if (data.focus) refocus(data.focus);
  watchIdle(component, data.idle);
  if (data.print) setTimeout(() => window.print(), 600);
  mark(data);
  keepMarking(data);
}
