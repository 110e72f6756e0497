"use strict";
// Finds by words and, because Chinese has no spaces between them, by pairs of neighbouring characters.
(function () {
  var box = document.getElementById("box");
  var found = document.getElementById("found");
  var list = document.getElementById("articles");
  var plain = function (text) {
    var narrow = text.normalize ? text.normalize("NFKC") : text;
    return narrow.toLowerCase().replace(/[\s，。？！、：；“”‘’（）《》,.?!:;"'()]/g, "");
  };
  var entries = Array.prototype.map.call(list.children, function (element, at) {
    var asked = element.querySelector(".asked");
    var title = element.querySelector(".title").textContent;
    return { element: element, at: at, head: plain(title + (asked ? asked.textContent : "")), all: plain(element.textContent) };
  });
  function pairsOf(text) {
    var pairs = [];
    for (var i = 0; i + 1 < text.length; i++) pairs.push(text.slice(i, i + 2));
    return pairs.length > 0 ? pairs : [text];
  }
  function scoreOf(entry, asked, pairs) {
    if (entry.head.indexOf(asked) >= 0) return 1000;
    if (entry.all.indexOf(asked) >= 0) return 500;
    var n = 0;
    pairs.forEach(function (pair) {
      if (entry.head.indexOf(pair) >= 0) n += 3;
      else if (entry.all.indexOf(pair) >= 0) n += 1;
    });
    return n * 2 >= pairs.length ? n : 0;
  }
  function search() {
    var asked = plain(box.value);
    var pairs = pairsOf(asked);
    var scored = entries.map(function (entry) {
      return { entry: entry, score: asked === "" ? 1 : scoreOf(entry, asked, pairs) };
    });
    scored.sort(function (a, b) {
      return b.score - a.score || a.entry.at - b.entry.at;
    });
    var n = 0;
    var shown = document.createDocumentFragment();
    scored.forEach(function (it) {
      it.entry.element.hidden = it.score === 0;
      if (it.score > 0) n += 1;
      shown.appendChild(it.entry.element);
    });
    list.appendChild(shown);
    found.textContent = asked === "" ? "" : n === 0 ? "没有找到，请换个说法，或拨打 12345。" : "找到 " + n + " 条";
  }
  var waiting = null;
  box.addEventListener("input", function (event) {
    // While an input method composes, what stands in the box is not yet what is asked.
    if (event.isComposing) return;
    clearTimeout(waiting);
    waiting = setTimeout(search, 120);
  });
  box.addEventListener("compositionend", search);
})();
