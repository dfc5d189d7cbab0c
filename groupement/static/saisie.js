// Quick entry: one more row as soon as the last one is used. The page works without.
(function () {
  "use strict";

  var tableau = document.querySelector("[data-rangees] tbody");
  if (!tableau) return;

  function allonger() {
    var rangees = tableau.rows;
    var derniere = rangees[rangees.length - 1];
    if (!derniere.querySelector("input").value.trim()) return;
    var suivante = derniere.cloneNode(true);
    var rang = rangees.length + 1;
    Array.prototype.forEach.call(suivante.querySelectorAll("input"), function (champ) {
      champ.value = "";
      champ.removeAttribute("value");
      champ.setAttribute("aria-label", champ.getAttribute("aria-label").replace(/\d+$/, rang));
    });
    tableau.append(suivante);
  }

  // Several lines pasted in a cell belong to the large field, where they are read as they come.
  tableau.addEventListener("paste", function (evenement) {
    var texte = evenement.clipboardData ? evenement.clipboardData.getData("text/plain") : "";
    var collage = document.getElementById("collage");
    if (!collage || !/[\t\n;]/.test(texte.trim())) return;
    evenement.preventDefault();
    collage.value = (collage.value ? collage.value.replace(/\n*$/, "\n") : "") + texte;
    collage.dispatchEvent(new Event("input", { bubbles: true }));
    collage.focus();
  });
  tableau.addEventListener("input", allonger);
  allonger();
})();
