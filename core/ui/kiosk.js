// The kiosk's clock and voice, in the browser: it warns before a stay ends, wipes what the browser holds, reads aloud, moves the focus to the new heading.
const STYLE = `
:host{display:block}
.bar{display:flex;gap:.5rem;justify-content:flex-end}
button{min-height:2.75rem;min-width:2.75rem;padding:.3rem .9rem;border:1px solid var(--edge);border-radius:.5rem;background:var(--card);color:var(--ink);font:inherit;font-size:.875rem;cursor:pointer;white-space:nowrap}
button[aria-pressed=true]{background:var(--accent);color:var(--on-accent);border-color:var(--accent)}
button:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
`;
const OVER = `position:fixed;inset:0;z-index:1000000;display:flex;flex-direction:column;align-items:center;justify-content:center;gap:1.5rem;padding:2rem;text-align:center;background:var(--ground);color:var(--ink);font:inherit`;
const ACTIVE = ["pointerdown", "pointermove", "keydown", "touchstart", "wheel"];
const GONE_FOR = 4000;
const SAID_FOR = 2500;

const me = () => (window.hbKiosk = window.hbKiosk || { last: Date.now(), told: 0, round: null, token: "", key: "", said: "", aloud: false, ended: false });

const cover = (id, role) => {
  let box = document.getElementById(id);
  if (!box) {
    box = Object.assign(document.createElement("div"), { id });
    box.style.cssText = OVER;
    box.setAttribute("role", role);
    document.body.append(box);
  }
  return box;
};

const line = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });

const clearStores = async () => {
  try { localStorage.clear(); sessionStorage.clear(); } catch { /* a browser without them holds nothing in them */ }
  try { for (const name of await caches.keys()) await caches.delete(name); } catch { /* no cache storage over plain http */ }
  try { for (const one of await indexedDB.databases()) indexedDB.deleteDatabase(one.name); } catch { /* not in every browser */ }
};

// The page is emptied at once; the address is opened anew as soon as somebody answers, so that no page of the browser's own is ever shown.
const wipe = async (words) => {
  const state = me();
  if (state.ended) return;
  state.ended = true;
  window.speechSynthesis?.cancel();
  document.getElementById("hb-kiosk-warn")?.remove();
  const box = cover("hb-kiosk-blank", "alert");
  box.replaceChildren(line("p", words));
  box.firstChild.style.cssText = "font-size:1.5rem;font-weight:600;margin:0;max-width:30ch";
  document.querySelectorAll("input,textarea").forEach((one) => { one.value = ""; });
  document.querySelectorAll("video").forEach((one) => one.srcObject?.getTracks().forEach((track) => track.stop()));
  const live = document.getElementById("hb-live");
  if (live) live.textContent = "";
  document.getElementById("root")?.remove();
  await clearStores();
  const again = async () => {
    try {
      if ((await fetch("/_stcore/health", { cache: "no-store" })).ok) return window.location.replace(window.location.pathname);
    } catch { /* nobody answers yet */ }
    setTimeout(again, 2000);
  };
  setTimeout(again, SAID_FOR);
};

const voiceOf = (lang) => {
  const voices = window.speechSynthesis?.getVoices() || [];
  const base = lang.slice(0, 2).toLowerCase();
  return voices.find((one) => one.lang.replace("_", "-") === lang) || voices.find((one) => one.lang.toLowerCase().startsWith(base));
};

const text = () => {
  const main = document.querySelector(".st-key-kiosk_main");
  return main ? main.innerText.replace(/\s*\n+\s*/g, ". ").slice(0, 2000) : "";
};

const speak = (data) => {
  const speech = window.speechSynthesis;
  if (!speech) return false;
  speech.cancel();
  const voice = voiceOf(data.lang);
  if (!voice) return false;
  const said = new SpeechSynthesisUtterance(text());
  Object.assign(said, { voice, lang: voice.lang, rate: 0.95 });
  speech.speak(said);
  return true;
};

const announce = (words) => {
  const live = document.getElementById("hb-live");
  if (live && words) live.textContent = words;
};

// Focus goes to the heading of a new screen as soon as it is drawn; what is said is the heading and what stands above it. On the same screen a control that was drawn
// anew gets the focus back, and what is newly said above the step is read out.
const nameOf = (heading) => [...heading.classList].find((one) => one.startsWith("kq-at-")) || "";

const arrive = () => {
  const state = me();
  const heading = document.querySelector("h1.kq-h");
  if (!heading || state.ended || document.getElementById("hb-kiosk-warn")) return;
  const said = document.querySelector(".kq-notice")?.textContent || "";
  const name = nameOf(heading);
  if (name !== state.token) {
    state.token = name;
    state.key = "";
    state.last = Date.now();
    heading.setAttribute("tabindex", "-1");
    heading.focus({ preventScroll: true });
    document.querySelector(".st-key-kiosk_main")?.scrollTo(0, 0);
    announce([heading.textContent, said].filter(Boolean).join(". "));
    if (state.aloud) setTimeout(() => speak(state.component.data), 150);
  } else {
    if (said && said !== state.said) announce(said);
    if (state.key && document.activeElement === document.body) document.querySelector(`.${CSS.escape(state.key)} :is(button,input)`)?.focus({ preventScroll: true });
  }
  state.said = said;
};

const watchPage = () => {
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => { waiting = false; arrive(); tidy(); }, 60);
  };
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
  document.addEventListener("focusin", (event) => {
    const key = [...(event.target.closest("[class*=st-key-kq_]")?.classList || [])].find((one) => one.startsWith("st-key-kq_"));
    if (key) me().key = key;
  });
  soon();
};

const tidy = () => document.querySelectorAll(".st-key-kiosk_main input, .st-key-kiosk_main textarea").forEach((one) => {
  for (const [name, value] of [["autocomplete", "off"], ["autocorrect", "off"], ["autocapitalize", "off"], ["spellcheck", "false"]]) {
    if (one.getAttribute(name) !== value) one.setAttribute(name, value);
  }
});

const warn = (component, left) => {
  const { data } = component;
  const box = cover("hb-kiosk-warn", "alertdialog");
  if (!box.firstChild) {
    box.setAttribute("aria-label", data.words.warn);
    const button = line("button", data.words.here);
    button.style.cssText = "min-height:4rem;padding:.5rem 2.5rem;font:inherit;font-size:1.375rem;font-weight:650;border:0;border-radius:.75rem;background:var(--accent);color:var(--on-accent);cursor:pointer";
    button.onclick = () => stayed(component);
    const head = line("h2", data.words.warn);
    head.style.cssText = "font-size:1.75rem;margin:0";
    const count = line("p", "");
    count.className = "count";
    count.style.cssText = "font-size:1.25rem;margin:0";
    box.append(head, count, button);
    button.focus();
  }
  box.querySelector(".count").textContent = data.words.left.replace("SECONDS", left);
};

const stayed = (component) => {
  const state = me();
  state.last = state.told = Date.now();
  document.getElementById("hb-kiosk-warn")?.remove();
  component.setTriggerValue("alive", state.last);
};

const tick = () => {
  const state = me();
  const component = state.component;
  if (!component || state.ended) return;
  const { data } = component;
  if (!document.querySelector(".st-key-kiosk_main") && !document.querySelector(".st-key-kiosk_top")) return; // another page of the app
  const app = document.querySelector("[data-testid=stApp]");
  const connection = app?.getAttribute("data-test-connection-state") || "CONNECTED";
  const now = Date.now();
  if (connection === "CONNECTED") state.gone = 0;
  else state.gone = state.gone || now;
  if (!data.on) {
    if (now - (state.beat || (state.beat = now)) > data.every * 1000) { state.beat = now; component.setTriggerValue("beat", now); }
    return;
  }
  if (state.gone && now - state.gone > GONE_FOR) return wipe(data.words.lost);
  const left = Math.ceil((Math.max(state.last + data.idle * 1000, state.until || 0) - now) / 1000);
  if (left <= 0) {
    component.setTriggerValue("idle", now);
    return setTimeout(() => wipe(data.words.idle), 150);
  }
  if (left <= data.warn) warn(component, left);
  else if (state.last > state.told && now - state.told > data.idle * 250 && now - state.last > 400) { // never in the middle of a touch
    state.told = now;
    component.setTriggerValue("alive", now);
  }
};

const touched = () => {
  const state = me();
  if (document.getElementById("hb-kiosk-warn")) return; // only "I'm still here" counts now
  state.last = Date.now();
};

const once = () => {
  if (window.hbKioskOn) return;
  window.hbKioskOn = true;
  ACTIVE.forEach((name) => window.addEventListener(name, touched, { passive: true, capture: true }));
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
  window.addEventListener("contextmenu", (event) => event.preventDefault());
  setInterval(tick, 500);
  watchPage();
};

export default function (component) {
  const { data, parentElement } = component;
  const state = me();
  state.component = component;
  if (document.documentElement.lang !== data.lang) document.documentElement.lang = data.lang;
  if (state.round !== null && data.round !== state.round) return void wipe((state.words || data.words)[data.ended] || data.words.over);
  state.round = data.round;
  state.words = data.words; // how it ended is said in the language of whoever was here
  state.told = Date.now(); // a run of the page says as much
  once();
  if (data.hold_key !== state.holdKey) {
    state.holdKey = data.hold_key;
    state.until = data.hold ? Date.now() + data.hold * 1000 : 0;
  }
  let bar = parentElement.querySelector(".bar");
  if (!bar) {
    bar = document.createElement("div");
    bar.className = "bar";
    const button = document.createElement("button");
    button.type = "button";
    const style = document.createElement("style");
    style.textContent = STYLE;
    bar.append(button);
    parentElement.append(style, bar);
  }
  const button = bar.querySelector("button");
  button.textContent = data.words.aloud;
  button.setAttribute("aria-pressed", String(state.aloud));
  button.onclick = () => {
    state.aloud = !state.aloud;
    if (!state.aloud) window.speechSynthesis?.cancel();
    else if (!speak(data)) { state.aloud = false; announce(data.words.no_voice); button.textContent = data.words.no_voice; }
    button.setAttribute("aria-pressed", String(state.aloud));
  };
}
