"use strict";
// Nothing here is needed: it makes the text larger, and keeps that this reader wants it so.
(function () {
  var key = "public-large";
  var root = document.documentElement;
  var button = document.getElementById("larger");
  function stored() {
    try {
      return localStorage.getItem(key) === "yes";
    } catch (_without_storage) {
      return false;
    }
  }
  function show(isLarge) {
    root.dataset.large = isLarge ? "yes" : "no";
    button.setAttribute("aria-pressed", isLarge ? "true" : "false");
  }
  show(stored());
  button.hidden = false;
  button.addEventListener("click", function () {
    var isLarge = root.dataset.large !== "yes";
    show(isLarge);
    try {
      localStorage.setItem(key, isLarge ? "yes" : "no");
    } catch (_without_storage) {
      // A browser without storage forgets it with the page.
    }
  });
  // WebKit hands the Enter that ends a composition on to the form.
  var endedAt = -1000;
  document.addEventListener("compositionend", function (event) {
    endedAt = event.timeStamp;
  });
  document.addEventListener("keydown", function (event) {
    var isComposing = event.isComposing || event.keyCode === 229 || event.timeStamp - endedAt < 500;
    if (event.key === "Enter" && isComposing && event.target instanceof HTMLInputElement) event.preventDefault();
  });
  // What was asked for is read first.
  var told = document.getElementById("told");
  if (told) told.focus({ preventScroll: true });
})();
