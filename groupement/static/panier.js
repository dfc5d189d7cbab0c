// The basket on a poor network, and with several people in it: what is typed stays, and says so until it is saved.
(function () {
  "use strict";

  var COUPEE = "La connexion est coupée\u00a0: nous réessayons dès qu’elle revient.";
  var PANNE = "Le serveur n’a pas répondu comme prévu\u00a0: appuyez sur Entrée dans la case pour réessayer.";
  var SESSION = "Votre session a expiré\u00a0: ouvrez un autre onglet pour vous reconnecter, puis appuyez sur Entrée ici.";
  var COLLEGUE = "Un collègue a changé cette ligne pendant que vous écriviez.";
  var REESSAI_MS = 20000;

  function tous(selecteur, dans) {
    return Array.prototype.slice.call((dans || document).querySelectorAll(selecteur));
  }

  function lignes() { return tous("form[data-ligne]"); }

  function saisies(formulaire) { return tous("input.nombre", formulaire); }

  // Not yet on the server: changed since the page was drawn, or refused there.
  function enSuspens(formulaire) {
    return formulaire.hasAttribute("data-refusee") || saisies(formulaire).some(function (champ) {
      return champ.value !== champ.defaultValue;
    });
  }

  function marquer(formulaire, raison) {
    var marque = formulaire.querySelector("[data-attente]");
    if (!marque) return;
    var montree = enSuspens(formulaire) && !formulaire.hasAttribute("data-refusee");
    marque.querySelector("[data-attente-raison]").textContent = montree ? raison || "" : "";
    marque.hidden = !montree;
    var fait = formulaire.querySelector(".panier-enregistre");
    if (fait) fait.hidden = montree;
  }

  function laLigne(element) {
    return element && element.closest ? element.closest("form[data-ligne]") : null;
  }

  document.addEventListener("input", function (evenement) {
    var formulaire = laLigne(evenement.target);
    if (formulaire) marquer(formulaire, "");
  });

  // --- the network ------------------------------------------------------------------------------------------
  function contexte(evenement) { return (evenement.detail && evenement.detail.ctx) || {}; }

  document.addEventListener("htmx:error", function (evenement) {
    var formulaire = laLigne(contexte(evenement).sourceElement || evenement.target);
    if (!formulaire) return;
    formulaire.dataset.aReessayer = "oui";
    marquer(formulaire, COUPEE);
  });

  // A page of error or of sign-in must not take the place of the line: what is typed would go with it.
  document.addEventListener("htmx:before:response", function (evenement) {
    var ctx = contexte(evenement);
    var formulaire = laLigne(ctx.sourceElement || evenement.target);
    if (!formulaire || !ctx.response) return;
    var expiree = ctx.response.raw.redirected || ctx.response.status === 400 || ctx.response.status === 403;
    if (!expiree && ctx.response.status < 500) return;
    evenement.preventDefault();
    marquer(formulaire, expiree ? SESSION : PANNE);
  });

  function reessayer() {
    if (navigator.onLine === false) return;
    lignes().forEach(function (formulaire) {
      if (!formulaire.dataset.aReessayer) return;
      delete formulaire.dataset.aReessayer;
      if (enSuspens(formulaire)) formulaire.requestSubmit();
    });
  }

  window.addEventListener("online", reessayer);
  window.setInterval(reessayer, REESSAI_MS);

  window.addEventListener("beforeunload", function (evenement) {
    if (lignes().some(function (f) { return enSuspens(f) && !f.hasAttribute("data-refusee"); })) evenement.preventDefault();
  });

  // --- lines drawn again: what is typed in the others stays -------------------------------------------------
  // The quantities seen stay too, so that saving still tells what a colleague has written meanwhile.
  // One list a swap: two of them may be under way at once.
  var gardees = new WeakMap();

  function tapees(formulaire) {
    return saisies(formulaire).map(function (champ) { return [champ.name, champ.value]; });
  }

  function relever(formulaire, vusDuServeur) {
    var vus = {};
    if (vusDuServeur !== true) ["vu", "vu_en_plus"].forEach(function (nom) { vus[nom] = formulaire.elements[nom].value; });
    return {
      article: formulaire.dataset.ligne,
      designation: formulaire.dataset.designation,
      vus: vus,
      tapees: tapees(formulaire)
    };
  }

  function remettre(gardee) {
    var formulaire = document.querySelector('form[data-ligne="' + gardee.article + '"]');
    if (!formulaire) { regretter(gardee); return; }
    if (JSON.stringify(gardee.tapees) === JSON.stringify(tapees(formulaire))) return;
    var change = Object.keys(gardee.vus).some(function (nom) { return formulaire.elements[nom].value !== gardee.vus[nom]; });
    Object.keys(gardee.vus).forEach(function (nom) { formulaire.elements[nom].value = gardee.vus[nom]; });
    gardee.tapees.forEach(function (tapee) {
      if (formulaire.elements[tapee[0]]) formulaire.elements[tapee[0]].value = tapee[1];
    });
    marquer(formulaire, change ? COLLEGUE : "");
    if (!change) envoyerEnPartant(formulaire);
  }

  // Nothing fires `change` for a value put back: the line is sent once its field is left, as if typed there.
  function envoyerEnPartant(formulaire) {
    function envoyer() { if (formulaire.isConnected && enSuspens(formulaire)) formulaire.requestSubmit(); }
    if (formulaire.contains(document.activeElement)) formulaire.addEventListener("focusout", envoyer, { once: true });
    else envoyer();
  }

  function regretter(gardee) {
    var suivi = document.getElementById("panier-nouvelles");
    if (!suivi) return;
    var phrase = document.createElement("p");
    phrase.textContent = gardee.designation + " n’est plus dans le panier\u00a0; vous aviez écrit " + gardee.tapees[0][1] + ".";
    suivi.append(phrase);
  }

  // What is typed in a line while it is being saved is not what was sent.
  document.addEventListener("htmx:before:request", function (evenement) {
    var formulaire = laLigne(contexte(evenement).sourceElement || evenement.target);
    if (!formulaire) return;
    // Drawn again while it waited its turn: the new line has what was typed, and sends it.
    if (!formulaire.isConnected) evenement.preventDefault();
    else formulaire.dataset.envoyees = JSON.stringify(tapees(formulaire));
  });

  document.addEventListener("htmx:before:swap", function (evenement) {
    var ctx = contexte(evenement);
    var source = laLigne(ctx.sourceElement);
    var siennes = lignes().filter(function (formulaire) {
      return formulaire !== source && enSuspens(formulaire);
    }).map(function (formulaire) { return relever(formulaire); });
    if (source && source.dataset.envoyees && source.dataset.envoyees !== JSON.stringify(tapees(source))) {
      siennes.push(relever(source, true));
    }
    gardees.set(ctx, siennes);
  });

  document.addEventListener("htmx:after:swap", function (evenement) {
    (gardees.get(contexte(evenement)) || []).forEach(remettre);
  });
})();
