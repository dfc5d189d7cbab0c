/* Passkeys: hand the challenge of the page to the browser, and send what the device answers with the form. */
(function () {
  "use strict";
  var PHRASES = {
    NotAllowedError: "Rien n’a été fait : la demande a été refusée ou a pris trop de temps. Recommencez.",
    InvalidStateError: "Cet appareil garde déjà une clé pour votre compte.",
    SecurityError: "Les clés d’accès ne marchent qu’à l’adresse habituelle de ce site."
  };
  var ABSENTE = "Votre navigateur ne connaît pas les clés d’accès. Entrez avec votre mot de passe ou un code.";

  function octets(texte) {
    var binaire = atob(texte.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(binaire, function (lettre) { return lettre.charCodeAt(0); });
  }

  function texte(tampon) {
    var binaire = "";
    new Uint8Array(tampon).forEach(function (octet) { binaire += String.fromCharCode(octet); });
    return btoa(binaire).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  }

  function lire(json) {
    var options = JSON.parse(json);
    options.challenge = octets(options.challenge);
    if (options.user) options.user.id = octets(options.user.id);
    ["excludeCredentials", "allowCredentials"].forEach(function (liste) {
      (options[liste] || []).forEach(function (cle) { cle.id = octets(cle.id); });
    });
    return options;
  }

  function ecrire(cle) {
    var reponse = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (champ) {
      if (cle.response[champ]) reponse[champ] = texte(cle.response[champ]);
    });
    return JSON.stringify({ id: cle.id, rawId: texte(cle.rawId), type: cle.type, response: reponse });
  }

  function demander(formulaire) {
    var options = { publicKey: lire(formulaire.dataset.options) };
    var ajoute = formulaire.dataset.cle === "ajouter";
    return ajoute ? navigator.credentials.create(options) : navigator.credentials.get(options);
  }

  document.addEventListener("submit", function (evenement) {
    var formulaire = evenement.target;
    if (!formulaire.matches("form[data-cle]") || formulaire.elements.reponse.value) return;
    if (formulaire.elements.nom && !formulaire.elements.nom.value.trim()) return; // the server says what is missing
    evenement.preventDefault();
    evenement.stopImmediatePropagation();
    var message = formulaire.querySelector("[data-cle-message]");
    message.hidden = true;
    var promesse = window.PublicKeyCredential ? demander(formulaire) : Promise.reject({ name: "absente" });
    promesse.then(function (cle) {
      formulaire.elements.reponse.value = ecrire(cle);
      formulaire.requestSubmit();
    }).catch(function (erreur) {
      message.textContent = erreur.name === "absente" ? ABSENTE : PHRASES[erreur.name] || PHRASES.NotAllowedError;
      message.hidden = false;
    });
  }, true);

  // Pressed before this script was there, the form would have left without the key.
  document.querySelectorAll("form[data-cle] [data-attend-script]").forEach(function (bouton) { bouton.disabled = false; });
})();
