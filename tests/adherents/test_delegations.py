"""A role lent while one is away: rights, ends, words, mails, and everything that must be refused."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from groupement.adherents.acces import contextes_de
from groupement.adherents.actions import delegations, personnes
from groupement.adherents.models import Habilitation, Utilisateur
from groupement.adherents.states import DOMAINE_DEMONSTRATION, Role
from groupement.socle.calendrier import aujourdhui
from groupement.socle.courriels import Courriel
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Evenement
from tests.fabriques.adherents import collectivite, connecter, deleguer, habiliter, utilisateur

LE = datetime(2026, 7, 1, 8, tzinfo=UTC)
DU, AU = date(2026, 8, 3), date(2026, 8, 21)


@pytest.fixture
def ayette(session):
    """A body with its valideur and its agent."""
    return collectivite("Ayette")


@pytest.fixture
def michel(ayette):
    """Holds the role that is lent."""
    return utilisateur("Michel Duquesne", roles=[Role.VALIDEUR], collectivite=ayette)


@pytest.fixture
def nathalie(ayette):
    """Is lent it."""
    return utilisateur("Nathalie Caron", roles=[Role.AGENT], collectivite=ayette)


def role_de(personne):
    """The one role of somebody."""
    return personne.habilitations[0]


def preter(michel, nathalie, du=DU, au=AU, motif="Congés d’été", le=LE):
    """Michel lends his role to Nathalie."""
    return delegations.deleguer(role_de(michel), nathalie, du=du, au=au, motif=motif, par=michel, le=le)


def roles_le(personne, jour):
    """What the person may do on a day, in the first of their contexts."""
    contextes = contextes_de(personne, jour)
    return contextes[0].roles if contextes else frozenset()


def test_the_delegate_holds_the_role_between_the_two_days_and_not_outside(michel, nathalie):
    preter(michel, nathalie)
    for jour, tient in ((DU - timedelta(1), False), (DU, True), (AU, True), (AU + timedelta(1), False)):
        assert (Role.VALIDEUR in roles_le(nathalie, jour)) is tient, jour
        assert Role.AGENT in roles_le(nathalie, jour)


def test_both_are_written_to_and_the_journal_says_who_lends_what_to_whom_and_why(michel, nathalie, session):
    preter(michel, nathalie)
    lettres = {c.destinataire: c for c in session.scalars(select(Courriel))}
    assert set(lettres) == {michel.email, nathalie.email}
    assert all("21/08/2026" in lettre.corps and "Congés d’été" in lettre.corps for lettre in lettres.values())
    lignes = session.scalars(select(Evenement).where(Evenement.verbe.contains("dél"))).all()
    assert {ligne.objet_id for ligne in lignes} == {michel.id, nathalie.id}
    assert all("Michel Duquesne à Nathalie Caron" in ligne.resume for ligne in lignes)


def test_a_role_withdrawn_from_who_lends_it_falls_from_who_holds_it_at_once(michel, nathalie, session):
    preter(michel, nathalie)
    role_de(michel).au = DU  # written straight in the table, as an import would
    session.flush()
    assert Role.VALIDEUR in roles_le(nathalie, DU)
    assert Role.VALIDEUR not in roles_le(nathalie, DU + timedelta(1))


def test_an_account_that_is_closed_lends_nothing(michel, nathalie, session):
    preter(michel, nathalie)
    michel.active = False
    session.flush()
    assert Role.VALIDEUR not in roles_le(nathalie, DU)


def test_the_administrateur_ends_the_role_and_what_was_lent_from_it_for_good(michel, nathalie, session):
    preter(michel, nathalie, du=LE.date())
    thomas = utilisateur("Thomas", roles=[Role.ADMINISTRATEUR])
    personnes.terminer_habilitation(role_de(michel), par=thomas, le=LE + timedelta(days=10))
    personnes.habiliter(michel, Role.VALIDEUR, role_de(michel).collectivite_id, par=thomas, le=LE + timedelta(days=12))
    assert Role.VALIDEUR not in roles_le(nathalie, LE.date() + timedelta(days=12))
    assert Role.VALIDEUR in roles_le(michel, LE.date() + timedelta(days=12))


def test_a_role_given_again_and_taken_away_on_the_same_day_keeps_the_past_of_others(michel, nathalie, session):
    preter(michel, nathalie, du=LE.date(), au=LE.date())
    thomas, plus_tard = utilisateur("Thomas", roles=[Role.ADMINISTRATEUR]), LE + timedelta(days=30)
    personnes.terminer_habilitation(role_de(michel), par=thomas, le=LE + timedelta(days=10))
    rendu = personnes.habiliter(michel, Role.VALIDEUR, role_de(michel).collectivite_id, par=thomas, le=plus_tard)
    personnes.terminer_habilitation(rendu, par=thomas, le=plus_tard)
    assert not roles_le(michel, plus_tard.date())
    assert session.scalar(select(Habilitation).where(Habilitation.deleguee_par_id == rendu.id)) is not None


def test_who_lends_can_end_it_at_once_and_a_delegation_not_begun_disappears(michel, nathalie, session):
    a_venir = preter(michel, nathalie)
    delegations.terminer(a_venir, par=michel, le=LE)
    assert session.scalar(select(Habilitation).where(Habilitation.deleguee_par_id.is_not(None))) is None
    en_cours = preter(michel, nathalie, du=LE.date())
    delegations.terminer(en_cours, par=michel, le=LE + timedelta(days=3))
    assert en_cours.au == LE.date() + timedelta(days=2)
    with pytest.raises(RegleRefusee, match="déjà terminée"):
        delegations.terminer(en_cours, par=michel, le=LE + timedelta(days=3))
    sujets = session.scalars(select(Courriel.sujet).where(Courriel.destinataire == nathalie.email)).all()
    assert sum(sujet.startswith("Fin de la délégation") for sujet in sujets) == 2


def test_what_is_lent_is_not_lent_again_nor_to_oneself_nor_to_who_has_it(michel, nathalie, ayette):
    lie = utilisateur("Lié Boulanger", roles=[Role.AGENT], collectivite=ayette)
    recue = preter(michel, nathalie, du=LE.date())
    refus = [
        (recue, lie, nathalie, "seconde fois"),
        (role_de(michel), michel, michel, "vous-même"),
        (role_de(michel), nathalie, michel, "déjà ce rôle, par délégation"),
        (role_de(michel), lie, nathalie, "propres rôles"),
        (role_de(lie), nathalie, lie, "déjà ce rôle pendant"),
    ]
    for origine, a, par, mot in refus:
        with pytest.raises(RegleRefusee, match=mot):
            delegations.deleguer(origine, a, du=LE.date(), au=LE.date(), motif="Congés", par=par, le=LE)


def test_a_closed_account_an_ended_role_and_a_suppliers_role_are_refused(michel, nathalie, session):
    nathalie.active = False
    with pytest.raises(RegleRefusee, match="fermé"):
        preter(michel, nathalie)
    nathalie.active, role_de(michel).au = True, LE.date() - timedelta(days=1)
    session.flush()
    with pytest.raises(RegleRefusee, match="n’est plus le vôtre"):
        preter(michel, nathalie)
    marc = utilisateur("Marc", roles=[Role.FOURNISSEUR])
    with pytest.raises(RegleRefusee, match="propres rôles"):
        delegations.deleguer(role_de(marc), nathalie, du=DU, au=AU, motif="Congés", par=marc, le=LE)
    assert session.scalar(select(Courriel)) is None


def test_a_role_with_an_end_is_not_lent_beyond_it(michel, nathalie, session):
    role_de(michel).au = date(2026, 8, 10)
    session.flush()
    with pytest.raises(RegleRefusee, match="10 août 2026"):
        preter(michel, nathalie)


def test_the_context_costs_one_statement_whatever_is_lent(michel, nathalie, session, sql):
    for rang in range(3):
        autre = utilisateur(roles=[Role.VALIDEUR], collectivite=collectivite())
        deleguer(role_de(autre), nathalie, DU, AU, f"motif {rang}")
    preter(michel, nathalie)
    session.commit()
    nathalie = session.get(Utilisateur, nathalie.id)
    numero = nathalie.id
    assert numero
    with sql() as envoyees:
        contextes = contextes_de(nathalie, DU)
        assert len([d.de for c in contextes for d in c.delegations]) == 4
    assert len(envoyees) == 1


def prete_aujourd_hui(michel, nathalie, jours=10):
    """A delegation in force today."""
    return deleguer(role_de(michel), nathalie, aujourdhui(), aujourdhui() + timedelta(days=jours))


def test_a_page_says_by_whose_delegation_and_until_when(michel, nathalie, client, ayette):
    prete_aujourd_hui(michel, nathalie)
    page = connecter(client, nathalie, ayette).get("/mon-compte").text
    assert "<strong>par délégation de Michel Duquesne</strong>" in page
    assert "tete-delegation" in page


def test_what_only_the_lent_role_allows_is_signed_with_both_names(michel, nathalie, ayette, app):
    prete_aujourd_hui(michel, nathalie)
    contexte = contextes_de(nathalie, aujourdhui())[0]
    assert contexte.pour_ces_roles(frozenset({Role.VALIDEUR})).nom == (
        "Nathalie Caron, par délégation de Michel Duquesne"
    )
    assert contexte.pour_ces_roles(frozenset({Role.AGENT, Role.VALIDEUR})).nom == "Nathalie Caron"
    long = utilisateur("Z" * 200, roles=[Role.VALIDEUR], collectivite=ayette)
    deleguer(role_de(long), michel, aujourdhui(), aujourdhui())
    assert len(contextes_de(michel, aujourdhui())[0].pour_ces_roles(frozenset({Role.VALIDEUR})).nom) <= 200


def test_a_valideur_lends_the_role_from_mon_compte_and_takes_it_back(michel, nathalie, client, ayette, session):
    connecter(client, michel, ayette)
    assert "Déléguer un rôle" in client.get("/mon-compte").text
    assert "Nathalie Caron" in client.get("/mon-compte/delegations/nouvelle").text
    saisie = {"role": role_de(michel).id, "collegue": nathalie.id, "motif": "Congés"}
    saisie |= {"du": aujourdhui().isoformat(), "au": (aujourdhui() + timedelta(days=5)).isoformat()}
    reponse = client.post("/mon-compte/delegations/nouvelle", data=saisie)
    assert reponse.status_code == 303
    delegation = session.scalars(select(Habilitation).where(Habilitation.deleguee_par_id.is_not(None))).one()
    assert "Nathalie Caron" in client.get("/mon-compte").text
    assert client.post(f"/mon-compte/delegations/{delegation.id}/fin").status_code == 303
    assert not session.scalars(select(Habilitation).where(Habilitation.deleguee_par_id.is_not(None))).all()


@pytest.mark.parametrize(
    ("change", "mot"),
    [
        ({"au": ""}, "a toujours une fin"),
        ({"motif": " "}, "Dites pourquoi"),
        ({"au": (aujourdhui() + timedelta(days=400)).isoformat()}, "un an au plus"),
        ({"du": (aujourdhui() - timedelta(days=1)).isoformat()}, "ne commence pas dans le passé"),
        ({"au": (aujourdhui() - timedelta(days=1)).isoformat()}, "ne peut pas précéder"),
        ({"du": "hier"}, "Écrivez une date"),
        ({"collegue": ""}, "Choisissez une personne"),
        ({"collegue": "", "courriel": "inconnue@mairie.example.org"}, "Personne n’a de compte"),
        ({"collegue": "", "courriel": "pas une adresse"}, "adresse complète"),
        ({"collegue": "999999"}, "Choisissez une valeur de la liste"),
        ({"role": "999999"}, "Choisissez une valeur de la liste"),
        ({"motif": "x" * 301}, "300 caractères au plus"),
    ],
)
def test_what_is_typed_wrong_is_said_by_its_field_and_nothing_is_written(
    michel, nathalie, client, ayette, session, change, mot
):
    connecter(client, michel, ayette)
    saisie = {"role": role_de(michel).id, "collegue": nathalie.id, "motif": "Congés"}
    saisie |= {"du": aujourdhui().isoformat(), "au": aujourdhui().isoformat()}
    reponse = client.post("/mon-compte/delegations/nouvelle", data=saisie | change)
    assert reponse.status_code == 422 and mot in reponse.text
    assert session.scalar(select(Courriel)) is None
    assert session.scalar(select(Habilitation).where(Habilitation.deleguee_par_id.is_not(None))) is None


def test_somebody_of_another_house_is_found_by_the_address_of_an_open_account(michel, client, ayette, session):
    paul = utilisateur("Paul Leroy", roles=[Role.AGENT], collectivite=collectivite("Bapaume"))
    connecter(client, michel, ayette)
    saisie = {"role": role_de(michel).id, "collegue": "", "courriel": paul.email.upper(), "motif": "Congés"}
    saisie |= {"du": aujourdhui().isoformat(), "au": aujourdhui().isoformat()}
    assert client.post("/mon-compte/delegations/nouvelle", data=saisie).status_code == 303
    assert {c.intitule for c in contextes_de(paul, aujourdhui())} == {"Ayette", "Bapaume"}


def test_outside_the_demonstration_its_people_are_lent_nothing(production, michel, session):
    utilisateur("Agnès", roles=[Role.AGENT], email=f"agnes@{DOMAINE_DEMONSTRATION}")
    client = connecter(production.test_client(), michel)
    saisie = {"role": role_de(michel).id, "courriel": f"agnes@{DOMAINE_DEMONSTRATION}", "motif": "Congés"}
    saisie |= {"du": aujourdhui().isoformat(), "au": aujourdhui().isoformat()}
    reponse = client.post("/mon-compte/delegations/nouvelle", data=saisie)
    assert reponse.status_code == 422 and "Personne n’a de compte" in reponse.text


def test_whoever_holds_only_lent_roles_is_told_there_is_nothing_to_lend(michel, client, ayette, session):
    lie = utilisateur("Lié Boulanger")
    prete_aujourd_hui(michel, lie)
    reponse = connecter(client, lie, ayette).get("/mon-compte/delegations/nouvelle")
    assert reponse.status_code == 200 and "Aucun rôle à déléguer" in reponse.text


def test_neither_the_delegate_nor_a_stranger_ends_somebody_elses_delegation(michel, nathalie, client_de, session):
    delegation = prete_aujourd_hui(michel, nathalie)
    etranger = utilisateur(roles=[Role.VALIDEUR], collectivite=collectivite())
    for autre in (nathalie, etranger):
        assert client_de(autre).post(f"/mon-compte/delegations/{delegation.id}/fin").status_code == 404
    assert client_de(michel).post(f"/mon-compte/delegations/{role_de(michel).id}/fin").status_code == 404


def test_the_administrateur_sees_both_sides_on_the_sheets_and_ends_it_there(michel, nathalie, client_de, session):
    delegation = prete_aujourd_hui(michel, nathalie)
    thomas = client_de(utilisateur("Thomas", roles=[Role.ADMINISTRATEUR]))
    assert "Michel Duquesne délègue" in thomas.get(f"/personnes/{michel.id}").text
    recue = thomas.get(f"/personnes/{nathalie.id}").text
    assert "par délégation de" in recue and "Congés d’été" in recue
    assert thomas.post(f"/habilitations/{delegation.id}/fin").status_code == 303
    assert Role.VALIDEUR not in roles_le(nathalie, aujourdhui())
    assert session.scalar(select(Evenement).where(Evenement.verbe == "terminer une délégation")) is not None


def test_in_production_a_lent_role_of_the_centre_de_gestion_asks_for_a_second_factor(production, session, ayette):
    damien = utilisateur("Damien Vasseur", roles=[Role.ACHETEUR])
    agnes = utilisateur("Agnès", roles=[Role.AGENT], collectivite=ayette)
    deleguer(role_de(damien), agnes, aujourdhui(), aujourdhui())
    client = connecter(production.test_client(), agnes)
    assert client.get("/mon-compte").location.endswith("/mon-compte/second-facteur")


def test_two_own_roles_alike_stay_impossible_beside_lent_ones(michel, nathalie, session, ayette):
    prete_aujourd_hui(michel, nathalie)
    habiliter(nathalie, Role.VALIDEUR, ayette)
    session.flush()
