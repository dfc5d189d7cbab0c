// Before the first paint: the theme chosen earlier, if any, and the mark that scripts run (menus may then fold).
(function () {
  "use strict";
  var racine = document.documentElement;
  racine.classList.add("avec-js");
  try {
    var choix = localStorage.getItem("theme");
    if (choix === "light" || choix === "dark") racine.setAttribute("data-bs-theme", choix);
  } catch (refus) { /* storage closed: the system's preference rules */ }
})();
