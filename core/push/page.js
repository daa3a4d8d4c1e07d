// The page on which a browser lets itself be reminded: asks for leave, subscribes, and hands the subscription to our own server.
"use strict";
(function () {
  const said = document.getElementById("said");
  const button = document.getElementById("subscribe");
  const words = document.body.dataset;

  function tell(key) {
    said.textContent = words[key];
  }

  function bytes(text) {
    const padded = (text + "===".slice((text.length + 3) % 4)).replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(padded), (one) => one.charCodeAt(0));
  }

  async function subscribe() {
    button.disabled = true;
    try {
      if ((await Notification.requestPermission()) !== "granted") {
        tell("denied");
        return;
      }
      const registration = await navigator.serviceWorker.register("/push/worker.js", { scope: "/push/" });
      for (let at = 0; !registration.active && at < 100; at++) await new Promise((done) => setTimeout(done, 100));
      const wanted = { userVisibleOnly: true, applicationServerKey: bytes(words.key) };
      const subscription = await registration.pushManager.subscribe(wanted);
      const answer = await fetch("/push/subscribe", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ subscription: subscription.toJSON(), name: document.getElementById("name").value }),
      });
      tell(answer.ok ? "done" : answer.status === 401 ? "signedout" : "refused");
    } catch (error) {
      tell("failed");
    } finally {
      button.disabled = false;
    }
  }

  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) {
    tell("unable");
    return;
  }
  button.hidden = false;
  button.addEventListener("click", subscribe);
})();
