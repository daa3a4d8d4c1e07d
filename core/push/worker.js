// Shows what was pushed: no more than the person allowed stands in it. The same message again takes the place of the one before.
"use strict";
self.addEventListener("push", (event) => {
  let found = {};
  try {
    found = event.data ? event.data.json() : {};
  } catch (error) {
    found = {};
  }
  const shown = { body: found.body || "", tag: found.id || "healthboard", lang: found.lang || "", data: { link: found.link || "/" } };
  event.waitUntil(self.registration.showNotification(found.title || "Healthboard", shown));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data.link));
});
