"""Forms of the first run: the municipalities of a new area, its coordinator, and what each of the steps asks."""

from collections import Counter
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from contacts.models import AreaLogo, CoordinationArea, CoordinatorInvitation, Municipality, Region, SetupStep, User
from contacts.reference_data import loading as reference_data
from lib.exceptions import Refused
from lib.forms.fields import AddressField
from lib.uploads.validation import ACCEPT_PICTURE, ValidatedFile, validate


class MunicipalitiesForm(forms.Form):
    """The municipalities of one or several regions to tick, and any others by name."""

    municipalities = forms.ModelMultipleChoiceField(
        Municipality.objects.none(), label=_("Municipalities"), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.CharField(
        label=_("Municipalities of other regions"),
        max_length=1000,
        required=False,
        help_text=_("Names with commas between them. Former names are known, too."),
    )

    def __init__(self, *args: Any, chosen: Any, **kwargs: Any) -> None:
        """`chosen` are ticked, and offered together with the rest of the region that most of them lie in."""
        super().__init__(*args, **kwargs)
        places = {place.today() for place in chosen}
        field: Any = self.fields["municipalities"]
        [(region, _number)] = Counter(place.region_id for place in places).most_common(1) or [(None, 0)]
        offered = Q(region=region) | Q(pk__in=[place.pk for place in places])
        field.queryset = Municipality.objects.current().filter(offered).alphabetical()
        field.initial = [place.pk for place in places]

    def clean_others(self) -> list[Municipality]:
        names = [name.strip() for name in self.cleaned_data["others"].split(",") if name.strip()]
        found = {name: Municipality.objects.named(name) for name in names}
        if unknown := [name for name, place in found.items() if place is None]:
            raise forms.ValidationError(
                _("There is no municipality called %(names)s."), params={"names": ", ".join(unknown)}
            )
        return [place for place in found.values() if place]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if not self.errors and not self.chosen():
            self.add_error("municipalities", _("Tick at least one municipality."))
        return told

    def chosen(self) -> list[Municipality]:
        return [*self.cleaned_data["municipalities"], *self.cleaned_data["others"]]


class MunicipalitiesStep(MunicipalitiesForm):
    """The municipalities of an area that is there."""

    def __init__(self, *args: Any, area: CoordinationArea, person: User, **kwargs: Any) -> None:
        super().__init__(*args, chosen=area.municipalities.all(), **kwargs)
        self.area = area

    def save(self) -> None:
        self.area.cover(self.chosen())


class CoordinatorForm(forms.Form):
    """Whom to invite."""

    email = AddressField(label=_("The coordinator's e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label=_("The coordinator's name"), max_length=120, required=False)
    language = forms.ChoiceField(
        label=_("Language of the invitation"), choices=User.LANGUAGES, initial=User.LANGUAGES[0][0], required=False
    )

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or User.LANGUAGES[0][0]

    def invite(self, area: CoordinationArea, by: User, now: datetime) -> CoordinatorInvitation:
        told = self.cleaned_data
        return CoordinatorInvitation.objects.invite(
            area, told["email"], name=told["name"], language=told["language"], by=by, now=now
        )


class AreaForm(MunicipalitiesForm, CoordinatorForm):
    """A region becomes a coordination area: its municipalities, and who coordinates it."""

    myself = forms.BooleanField(label=_("I coordinate it myself"), required=False)
    field_order = ["municipalities", "others", "myself", "email", "name", "language"]

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, chosen=Municipality.objects.current().filter(region=region), **kwargs)
        self.region = region
        self.fields["email"].required = False
        self.fields["email"].help_text = _("An invitation is sent there. You can leave this empty and invite later.")

    def clean(self) -> dict[str, Any]:
        if CoordinationArea.objects.filter(slug=self.region.slug).exists():
            raise forms.ValidationError(_("This region has a coordination area already."))
        return super().clean()

    @transaction.atomic
    def save(self) -> CoordinationArea:
        """Doing it twice makes one area."""
        area, is_new = CoordinationArea.objects.get_or_create(slug=self.region.slug, defaults=_words_of(self.region))
        if is_new:
            area.cover(self.chosen())
            SetupStep.objects.start(area)
        return area


def _words_of(region: Region) -> dict[str, str]:
    """Name and heading in each language; all of them can be mended in the first step."""
    told = {row["code"]: row for row in reference_data.read("regions")["regions"]}.get(region.code, {})
    where = {
        "fi": region.locative or region.name_fi,
        "sv": told.get("loc_sv") or region.name_sv or region.name_fi,
        "en": f"in {region.name_en or region.name_fi}",
    }
    words = {f"name_{language}": getattr(region, f"name_{language}") for language, _name in settings.LANGUAGES}
    for language, place in where.items():
        with override(language):
            words[f"title_{language}"] = gettext("Regional youth work %(where)s") % {"where": place}
    return words


class NameStep(forms.ModelForm):
    """How the area is called, and what the front page says, in the languages that are used."""

    class Meta:
        model = CoordinationArea
        fields = ["name_fi", "name_sv", "name_en", "title_fi", "title_sv", "title_en", "lead_fi", "lead_sv", "lead_en"]
        widgets = {f"lead_{language}": forms.Textarea(attrs={"rows": 3}) for language in ("fi", "sv", "en")}

    def __init__(self, *args: Any, area: CoordinationArea, person: User, **kwargs: Any) -> None:
        kwargs["instance"] = area
        super().__init__(*args, **kwargs)


class LookStep(forms.ModelForm):
    """The colour of buttons and links, and a logo for the head of the pages."""

    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("JPEG, PNG or WebP. You may leave it out: then the portal's own mark is shown."),
        widget=forms.FileInput(attrs={"accept": ACCEPT_PICTURE}),
    )
    without_logo = forms.BooleanField(label=_("Take the present logo away"), required=False)
    judged: ValidatedFile | None = None

    class Meta:
        model = CoordinationArea
        fields = ["accent"]
        widgets = {"accent": forms.TextInput(attrs={"type": "color"})}
        help_texts = {"accent": ""}

    def __init__(self, *args: Any, area: CoordinationArea, person: User, **kwargs: Any) -> None:
        kwargs["instance"] = area
        super().__init__(*args, **kwargs)
        self.person = person
        if not AreaLogo.objects.filter(area=area).exists():
            del self.fields["without_logo"]

    def clean_logo(self) -> Any:
        """Judged by its bytes."""
        upload = self.cleaned_data["logo"]
        if upload:
            try:
                self.judged = validate(upload)
            except Refused as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
            if not self.judged.is_picture:
                raise forms.ValidationError(_("A logo is a picture: JPEG, PNG or WebP."))
        return upload

    def save(self, commit: bool = True) -> CoordinationArea:
        area: CoordinationArea = super().save(commit)
        if self.judged:
            AreaLogo.objects.store_upload(area, self.judged, self.person)
        elif self.cleaned_data.get("without_logo"):
            AreaLogo.objects.filter(area=area).discard()
        return area


class MailStep(forms.Form):
    """Whether the test letter has arrived; the button is the answer."""

    def __init__(self, *args: Any, area: CoordinationArea, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def save(self) -> None:
        """Nothing but that the step is done."""


STEPS: dict[str, Any] = {
    SetupStep.NAME: NameStep,
    SetupStep.MUNICIPALITIES: MunicipalitiesStep,
    SetupStep.LOOK: LookStep,
    SetupStep.MAIL: MailStep,
}
