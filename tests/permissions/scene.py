"""One of everything that people may or may not see, by name: what the permission tables speak of."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from contacts.models import AreaLogo, ContactCard, Coordinator, CoordinatorInvitation, User
from lib.uploads.validation import validate
from meetings.models import (
    AgendaItem,
    CalendarAnswer,
    CalendarKey,
    Certificate,
    CertificateRule,
    Decision,
    ExternalNotes,
    Material,
    Meeting,
    MeetingSeries,
    Minutes,
    Proposal,
    SignUp,
    SignUpRequest,
    Task,
    VisitReport,
    Wish,
)
from meetings.models.attendance import mark_present
from meetings.models.certificate import entitled, issue_all
from methods.models import (
    Action,
    Collection,
    CompetenceOffer,
    CompetenceQuestion,
    Method,
    SavedSearch,
    SessionPlan,
    Trial,
)
from networks.models import Network, NewsItem, Page, Question
from newsletters.models import AddressChange, BouncedAddress, Issue, MailingList, Subscription
from outbox.models import Delivery, InboundMessage, MailEvent, Mailing, Suppression
from plans.models import Goal, Plan
from tests.conftest import WORLD, make_term
from tests.lib.uploading import pdf, picture, upload
from tests.methods.attachments.files import stored
from tests.snapshot import Snapshot


def meeting(world, term, slug, networks, visibility, publish=True):
    starts_at = timezone.now() + timedelta(days=7)
    made = Meeting.objects.create(
        area=networks[0].area,
        slug=slug,
        title=slug,
        kind=term("event_types", "verkostotapaaminen"),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        mode=Meeting.ONLINE,
        join_url="https://kokous.example.org/salainen",
        summary=slug,
        visibility=visibility,
    )
    made.networks.set(networks)
    if publish:
        made.publish(timezone.now())
    return made


def method(world, area, slug, author, visibility, publish=True, submit=False, kind="method"):
    now = timezone.now()
    made = Method.objects.create(
        area=area,
        slug=slug,
        title=slug,
        summary=slug,
        kind=kind,
        author=author,
        visibility=visibility,
        created_at=now,
        changed_at=now,
        submitted_at=now if publish or submit else None,
        published_at=now if publish else None,
    )
    Method.objects.filter(pk=made.pk).update(kept={"steps": []})  # its first version
    return made


def news(area, slug, visibility, published):
    return NewsItem.objects.create(
        area=area,
        slug=slug,
        title=slug,
        summary=slug,
        visibility=visibility,
        published_at=timezone.now() if published else None,
    )


def plan(area, slug, published):
    today = timezone.localdate()
    made = Plan.objects.create(area=area, slug=slug, title=slug, starts_on=today, ends_on=today + timedelta(days=365))
    if published:
        made.publish(timezone.now())
    return made


def mailing_list(area, code, **more):
    return MailingList.objects.create(area=area, code=code, name_fi=code.capitalize(), **more)


def issue(of, slug, sent):
    return Issue.objects.create(
        list=of,
        number=1 + Issue.objects.count(),
        slug=slug,
        subject_fi=slug,
        addressed_at=timezone.now() if sent else None,
    )


def dead_address(email, now):
    """A letter to this address came back."""
    Delivery.objects.queue([Delivery(kind="test", reference="dead", recipient=email, subject="x", text="x")], now)
    letter = Delivery.objects.get(reference="dead")
    event = MailEvent.objects.create(delivery=letter, type="bounce_hard", at=now, source="test", external_id="1")
    return BouncedAddress.objects.get(pk=Suppression.objects.add(email, "dead", now, event=event).pk)


def shelf(world, term, scene, now):
    """What Aino has done with methods, and what Matti asked her."""
    scene.trial = Trial(tried_on=timezone.localdate(now), worked=4, note="Toimi.")
    scene.trial.record(scene.method, world.aino, now)
    scene.trial_held = Trial(tried_on=timezone.localdate(now) - timedelta(days=1), worked=4, note="040 123 4567")
    scene.trial_held.record(scene.method, world.aino, now, is_held=True)
    scene.action = Action(what="Kysely", other_kind="Kysely", starts_on=timezone.localdate(now))
    scene.action.record(scene.model, world.aino, now)
    scene.collection = Collection(title="Kokoelma")
    scene.collection.start(world.aino, now)
    for each in (scene.method, scene.method_members):
        scene.collection.add(each, now)
    scene.collection.share(now)
    scene.session_plan = SessionPlan(title="Ryhmäilta")
    scene.session_plan.start(world.aino, now)
    scene.session_plan.add(scene.method, now)
    words = {"competence": term("competences", "arviointi"), "level": term("competence_levels", "kouluttaja")}
    scene.offer = CompetenceOffer(text="Puolen päivän koulutus", **words)
    scene.offer.start(world.aino, now)
    scene.offer_question = CompetenceQuestion.objects.ask(scene.offer, world.matti, "Tuletko kouluttamaan?", now)


def papers(world, scene, now):
    """What lies in the folders of the meetings: agendas, minutes, decisions, tasks, a proposal, links."""
    for meeting in (scene.meeting, scene.meeting_members, scene.meeting_closed, scene.meeting_draft):
        AgendaItem.objects.add(meeting, "Kohta", text="Kohta", notes="Muistiinpano")
        AgendaItem.objects.add(meeting, "Oma kohta", visibility="members")
        Minutes.objects.start(meeting)
        Material.objects.create(meeting=meeting, title="Linkki", url="https://esimerkki.example.org", added_at=now)
    scene.item = scene.meeting.agenda.get(title="Kohta")
    scene.item_members = scene.meeting.agenda.get(title="Oma kohta")
    scene.material = scene.meeting.materials.get()
    scene.decision_draft = Decision.objects.record(scene.meeting, "Päätös", now)
    scene.decision = Decision.objects.record(scene.meeting_members, "Päätös", now)
    scene.task_members = Task.objects.give(scene.meeting_members, "Tehtävä", now)
    Minutes.objects.of(scene.meeting_members).show_to("members")
    Minutes.objects.of(scene.meeting_members).approve(now, by=world.kaisa, notify=False)
    Minutes.objects.of(scene.meeting_closed).send_for_comments(now, notify=False)
    scene.task = Task.objects.give(scene.meeting, "Tehtävä", now, owner=world.aino)
    wish = {"network": world.iso, "title": "Ehdotus", "created_at": now}
    scene.proposal = Proposal.objects.create(proposer=world.aino, **wish)
    scene.paper, scene.paper_members = (
        material_file(world, scene.meeting, visibility, pdf()) for visibility in ("everybody", "members")
    )
    scene.image, scene.image_members = (
        material_file(world, scene.meeting_members, visibility, picture()) for visibility in ("everybody", "members")
    )
    scene.wish = Wish.objects.propose(world.aino, now, area=world.area, title="Toive", text="Toive")
    scene.wish_held = Wish.objects.propose(
        world.aino, now, area=world.area, title="Pidetty", text="Pidetty", held_at=now
    )
    scene.wish_closed = Wish.objects.propose(
        world.kaisa, now, area=world.area, network=world.closed, title="Suljettu toive"
    )


def material_file(world, meeting, visibility, data):
    """A file among the materials of a meeting."""
    judged = validate(upload(data, "Kalvot.pdf"))
    words = {"title": "Kalvot", "visibility": visibility, "alt": "Kaavio" if judged.is_picture else ""}
    return Material.objects.store_upload(meeting, judged, world.kaisa, timezone.now(), **words)


def outings(world, term, scene, now):
    """A visit whose page is public and one that only coordinators see, and a meeting that others hold."""
    told = {"area": world.area, "municipalities": [world.towns.saarijarvi], "by": world.kaisa, "now": now}
    today = timezone.localdate(now)
    scene.visit = VisitReport.objects.log(visited_on=today, talked="Raportti", follow_up="Lupaus", **told).meeting
    scene.visit.change(now, visibility=Meeting.PUBLIC)
    scene.visit_own = VisitReport.objects.log(visited_on=today - timedelta(days=1), met="Johtaja", **told).meeting
    scene.external = meeting(world, term, "ulkoinen", [world.iso], Meeting.PUBLIC)
    scene.external.change(now, is_external=True, held_by="Toinen verkosto")
    ExternalNotes.objects.create(meeting=scene.external, brought="Tuotu", came_out="Saatu", represented_by="Kaisa")


def outsiders(world, term, scene, now):
    """A group of young people whose members are no members of the area, one of them, and their meeting."""
    scene.network_group = Network.objects.create(
        area=world.area, slug="nuoret", name_fi="Nuorten ryhmä", kind=world.iso.kind, visibility=Network.CLOSED,
        is_professional=False,
    )  # fmt: skip
    scene.nelli = User.objects.create_user("nelli@example.org", name="Nelli Nuori")
    scene.nelli.emailaddress_set.create(email=scene.nelli.email, verified=True, primary=True)
    scene.network_group.take_in(scene.nelli, now=now)
    scene.meeting_group = meeting(world, term, "nuorten-tapaaminen", [scene.network_group], Meeting.NETWORK)


def build(world, term):
    """The scene: things of Keski-Suomi public, for members, closed or unfinished, and some of the other area."""
    return SCENE.restore(world)


def build_anew(world, term=make_term):
    now = timezone.now()
    letters = MailingList.objects.create(area=world.area, code="infokirje", name_fi="Infokirje")
    goal_plan = plan(world.area, "suunnitelma", published=True)
    scene = SimpleNamespace(
        meeting=meeting(world, term, "julkinen", [world.iso], Meeting.PUBLIC),
        meeting_members=meeting(world, term, "jasenten", [world.iso], Meeting.MEMBERS),
        meeting_closed=meeting(world, term, "suljettu", [world.closed], Meeting.NETWORK),
        meeting_draft=meeting(world, term, "luonnos", [world.iso], Meeting.PUBLIC, publish=False),
        method=method(world, world.area, "julkinen", world.aino, "public"),
        method_members=method(world, world.area, "jasenten", world.aino, "members"),
        method_waiting=method(world, world.area, "odottaa", world.aino, "public", publish=False, submit=True),
        method_draft=method(world, world.area, "luonnos", world.aino, "public", publish=False),
        model=method(world, world.area, "malli", world.aino, "public", kind="model"),
        model_draft=method(world, world.area, "malli-luonnos", world.aino, "public", publish=False, kind="model"),
        network=world.iso,
        network_closed=world.closed,
        network_members=Network.objects.create(
            area=world.area, slug="jasenten", name_fi="Jäsenten", kind=world.iso.kind, visibility=Network.MEMBERS
        ),
        request=Network.objects.get(pk=world.closed.pk).receive_request(world.niilo, now),
        news=news(world.area, "julkinen", NewsItem.PUBLIC, published=True),
        news_members=news(world.area, "jasenten", NewsItem.MEMBERS, published=True),
        news_draft=news(world.area, "luonnos", NewsItem.PUBLIC, published=False),
        page=Page.objects.create(area=world.area, slug="tietoa", title="Tietoa", body="<p>Tietoa</p>"),
        question=Question.objects.create(
            area=world.area, category=term("faq_categories", "jasenyys"), question="Kuka?", answer="Kaikki."
        ),
        card=ContactCard.objects.create(
            area=world.area, role=term("contact_roles", "aluekoordinaattori"), name="Kortti"
        ),
        coordinator=Coordinator.objects.get(user=world.kaisa),
        list=letters,
        subscription=Subscription.objects.create(
            list=letters, email="tilaaja@example.org", language="fi", requested_at=now, confirmed_at=now
        ),
        list_network=mailing_list(world.area, "iso", network=world.iso, is_public=False),
        list_closed=mailing_list(world.area, "perus", network=world.closed, is_public=False),
        list_outside=mailing_list(world.area, "kumppanit", kind=MailingList.OUTSIDE, is_public=False),
        address_change=AddressChange.objects.request("tilaaja@example.org", "uusi@example.org", "fi", now),
        issue=issue(letters, "lahetetty", sent=True),
        issue_draft=issue(letters, "kirje-luonnos", sent=False),
        plan=goal_plan,
        plan_draft=plan(world.area, "suunnitelma-luonnos", published=False),
        saved_search=SavedSearch.objects.save_search(
            world.aino, "Osallisuus", "topic=osallisuus", "now", now - timedelta(days=1)
        ),
        goal=Goal.objects.create(plan=goal_plan, code="1", title="Tavoite"),
    )
    scene.series = MeetingSeries.objects.create(
        area=world.area, frequency="weeks", starts_on=now.date(), at="13:00", minutes=60, time_zone="Europe/Helsinki",
        count=3,
    )  # fmt: skip
    scene.calendar_answer = CalendarAnswer.objects.create(
        message=1, meeting=scene.meeting, attendee="aino@example.org", stamped_at=now, received_at=now, fate="waits"
    )
    scene.calendar_secret = CalendarKey.renew(world.aino, now)
    shelf(world, term, scene, now)
    scene.file = stored(scene.method, world)
    scene.file_members = stored(scene.method_members, world, caption="Liite")
    scene.picture = stored(scene.method, world, picture(), is_cover=True)
    scene.logo = AreaLogo.objects.store_upload(world.area, validate(upload(picture(), "logo.png")), world.kaisa)
    scene.invitation = CoordinatorInvitation.objects.invite(
        world.area, "kutsuttu@example.org", name="Kutsuttu", language="fi", by=world.ulla, now=now
    )
    scene.picture_members = stored(scene.method_members, world, picture(), is_cover=True, caption="Kansi")
    papers(world, scene, now)
    outings(world, term, scene, now)
    outsiders(world, term, scene, now)
    scene.training = meeting(world, term, "koulutus", [world.iso], Meeting.PUBLIC)
    scene.training_closed = meeting(world, term, "suljettu-koulutus", [world.closed], Meeting.NETWORK)
    scene.signup = SignUp.objects.create(meeting=scene.training, open_to=SignUp.ANYBODY, capacity=1)
    SignUp.objects.create(meeting=scene.training_closed)
    scene.place = scene.training.participations.get(user=world.aino)
    scene.signup.assign_places([scene.place], now, "web")
    SignUpRequest.objects.ask(scene.signup, "vieras@example.org", now, name="Vieras")
    scene.signup_request = SignUpRequest.objects.get()
    CertificateRule.objects.create(meeting=scene.training)
    mark_present(scene.place, now)
    issue_all(entitled(), now)
    scene.certificate = Certificate.objects.get()
    scene.participation = scene.meeting.participations.get(user=world.aino)
    scene.guest = scene.meeting.participations.create(name="Vieras", email="kutsuttu@example.org", is_guest=True)
    Delivery.objects.queue(
        [
            Delivery(
                kind="test",
                reference="scene",
                area_id=world.area.pk,
                recipient="aino@example.org",
                subject="Kirje",
                text="x",
            )
        ],
        now,
    )
    scene.delivery = Delivery.objects.get(reference="scene")
    scene.mailing = Mailing.objects.open("newsletter", "scene", "Infokirje", now, area_id=world.area.pk)
    scene.stop = Suppression.objects.add("lopetettu@example.org", "complaint", now, world.area.pk)
    scene.post = InboundMessage.objects.create(sha256=b"1", received_at=now, read_at=now, delivery=scene.delivery)
    scene.dead = dead_address(scene.subscription.email, now)
    return scene


SCENE = Snapshot(build_anew, base=WORLD, lasts=timedelta(minutes=10))
