"""The forms of the method bank: the fields of both kinds, the rows of steps, and the review."""

from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Municipality, Organisation, Term, User
from lib.forms.fields import AS_IS, LAID_OUT, LinesField
from methods.editing.field_examples import example_of
from methods.editing.sections import FOREIGN_TO_METHODS, FOREIGN_TO_MODELS, headings
from methods.exceptions import Lack
from methods.models import Method, MethodStep, Remark, Review, SavedSearch
from networks.models import Membership, Network

LISTS_OF_LINES = [
    "materials", "debrief", "variations", "tips", "conditions", "tips_for_adopters", "partners", "indicators"
]  # fmt: skip
MOST_STEPS = 12
LONGEST_LIST = 5000


class MethodForm(forms.ModelForm):
    """What an author writes. The fields of the other kind are not there; whose and in which state it is, neither."""

    keywords = SimpleArrayField(
        forms.CharField(max_length=40, required=False),
        label=_("Keywords"),
        required=False,
        max_length=8,
        help_text=_("At most eight, with commas between them. For words that the topics lack."),
    )

    source_url = forms.URLField(label=_("Source"), required=False, max_length=200, assume_scheme="https")

    class Meta:
        model = Method
        fields = [
            "title", "summary", "language", "topics", "target_groups", "settings", "languages", "age_min", "age_max",
            "keywords", "competences", "goal", "group_min", "group_max", "duration_min", "duration_max", "facilitators",
            "preparation", "materials", "debrief", "variations", "tips", "safety", "evaluation", "stage", "basic_idea",
            "environment", "target_understanding", "conditions", "results", "tips_for_adopters", "resources",
            "partners", "indicators", "funder", "place", "locality", "author_role", "organisation", "municipality",
            "derived_from", "credits", "source_url", "licence", "visibility", "network", "other",
        ]  # fmt: skip
        field_classes = dict.fromkeys(LISTS_OF_LINES, LinesField)
        widgets = {
            **dict.fromkeys(
                ["topics", "target_groups", "settings", "languages", "competences"], forms.CheckboxSelectMultiple
            ),
            **dict.fromkeys(["summary", "goal", "credits"], forms.Textarea(attrs={"rows": 3})),
            **dict.fromkeys(["visibility", "preparation", "stage"], forms.RadioSelect),
            "derived_from": forms.HiddenInput,
        }
        help_texts = {
            "title": _("A name that tells what happens. 5–120 characters."),
            "summary": _("One or two sentences, at most 200 characters. Shown in lists and in the newsletter."),
            "topics": _("One to four."),
            "target_groups": _("One to five."),
            "languages": _("The languages in which it can be run with young people."),
            "group_max": _("Leave empty when there is no upper limit."),
            "goal": _("One sentence: what changes or what the young people gain."),
            "safety": _(
                "What to agree on beforehand, who may find it hard, and how everyone can take part. Remember the duty "
                "to notify and the guardians' consent where they apply."
            ),
            "evaluation": _("How you see that it worked: a question, a count, an observation."),
            "basic_idea": _("What is done differently, by whom and why it works."),
            "environment": _("Where the model has been used and what around it matters."),
            "target_understanding": _("For whom it is, what they need and how they took part in developing it."),
            "conditions": _("What has to be in place for it to work and spread. One condition on each line."),
            "results": _("What has been achieved and how it is known. Needed from the roll-out phase on."),
            "tips_for_adopters": _("One tip on each line."),
            "locality": _("All of them, with commas between, when it is run in several municipalities."),
            "author_role": _("Your post, shown instead of your name if you have left the organisation."),
            "credits": _("Whose idea this builds on, and where you found it."),
            "licence": _("Tells others how they may use your text. CC BY 4.0 lets everybody use it if they name you."),
            "visibility": _(
                "Everybody means the whole internet. A draft is seen by its authors and the coordinator only, whatever "
                "you choose here."
            ),
            "network": _("Only when it is shown to the members of one network."),
        }

    def __init__(self, *args: Any, author: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FOREIGN_TO_MODELS if self.instance.is_model else FOREIGN_TO_METHODS:
            del self.fields[name]
        self._offer(author)
        for name, field in self.fields.items():
            field.required = False
            field.template_name = "methods/editing/_field.html"  # type: ignore[attr-defined]
            field.example = example_of(name, self.instance.is_model)  # type: ignore[attr-defined]

    def _offer(self, author: Any) -> None:
        """What the choices hold: words in use, organisations that go on, networks of one's own."""
        fields: Any = self.fields
        own = Q(pk__in=author.network_ids()) | Q(area__in=author.area_ids_run()) | Q(pk=self.instance.network_id)
        fields["network"].queryset = Network.objects.filter(own).in_order()
        fields["organisation"].queryset = Organisation.objects.current().alphabetical()
        fields["municipality"].queryset = Municipality.objects.exclude(areas=None).distinct().alphabetical()
        shown = Method.objects.visible_to(author).published().values("pk")
        origins = Method.objects.filter(Q(pk__in=shown) | Q(pk=self.instance.derived_from_id))
        fields["derived_from"].queryset = origins.exclude(pk=self.instance.pk)
        fields["derived_from"].to_field_name = "slug"
        for name, field in fields.items():
            if getattr(field, "queryset", None) is not None and field.queryset.model is Term:
                field.queryset = field.queryset.offered_to(author, self.instance.area_id).order_by("order", "pk")
            if name in LISTS_OF_LINES:
                field.widget.attrs["rows"] = 4
                field.validators.append(MaxLengthValidator(LONGEST_LIST))
            elif isinstance(field.widget, forms.Textarea):
                field.widget.attrs |= LAID_OUT
            if isinstance(field.widget, forms.RadioSelect) and hasattr(field, "empty_label"):
                field.empty_label = None

    def clean_title(self) -> str:
        """The one thing a draft needs besides its kind; the rest is asked for when it is sent for review."""
        if not self.cleaned_data["title"]:
            raise forms.ValidationError(_("Give it a title, so that you find it again."))
        return str(self.cleaned_data["title"])

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or self.instance.language

    def clean_visibility(self) -> str:
        return self.cleaned_data["visibility"] or self.instance.visibility

    def clean_keywords(self) -> list[str]:
        """In lower case, each once."""
        return list(dict.fromkeys(word.strip().lower() for word in self.cleaned_data["keywords"] or [] if word.strip()))


class StepForm(forms.ModelForm):
    """One row of the steps. A row left empty is no step."""

    class Meta:
        model = MethodStep
        fields = ["title", "text", "minutes", "is_in_advance"]
        labels = {"title": pgettext_lazy("of a step", "Title")}
        widgets = {"text": forms.Textarea(attrs={"rows": 3} | LAID_OUT)}

    def __init__(self, *args: Any, is_model: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        if is_model:
            del self.fields["minutes"], self.fields["is_in_advance"]

    @property
    def is_empty(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in self.fields)

    def clean(self) -> dict[str, Any]:
        if not self.is_empty and not self.cleaned_data.get("title") and "title" not in self.errors:
            self.add_error("title", _("Give the step a title."))
        return self.cleaned_data


StepFormSet = forms.formset_factory(StepForm, extra=0, max_num=MOST_STEPS, validate_max=True, absolute_max=40)


class RemarkForm(forms.Form):
    """What an author answers to a remark of the reviewer; stored together with the method."""

    answer = forms.CharField(
        label=_("Your answer to the comment"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    is_done = forms.BooleanField(label=_("This is done"), required=False)

    def __init__(self, data: Any = None, *, remark: Remark) -> None:
        self.remark = remark
        initial = {"answer": remark.answer, "is_done": remark.is_done}
        super().__init__(data, prefix=f"remark-{remark.pk}", initial=initial)


class CoAuthorForm(forms.Form):
    """Choose who writes along: somebody from the author's own networks."""

    person = forms.ModelChoiceField(
        label=_("Who writes with you?"),
        queryset=User.objects.none(),
        help_text=_("Members of your networks. They can change the text as you can, and you can both leave."),
    )

    def __init__(self, *args: Any, method: Method, author: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Membership.objects.active().visible_to(author).values("user")
        offered = User.objects.active().filter(pk__in=known).exclude(pk__in=method.author_pks())
        self.fields["person"].queryset = offered.alphabetical()  # type: ignore[attr-defined]


class PasteForm(forms.Form):
    """A whole page of Innokylä, and where it stands."""

    text = forms.CharField(
        label=_("The text of the page"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 14} | AS_IS),
        help_text=_("Open the page in Innokylä, select all of it, copy it and paste it here."),
    )
    source_url = forms.URLField(
        label=_("Address of the page in Innokylä"),
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text=_("Kept as the source, so that readers find the original."),
    )


class DeskForm(forms.ModelForm):
    """The desk's form. `lacks` is what a published method would have been left without by what was typed."""

    lacks: list[Lack] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Whoever stands there already may stay, also when the coordinator could not choose them."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        for name in {"author", "co_authors", "derived_from", "part_of", "related"} & fields.keys():
            stored = Method.objects.filter(pk=self.instance.pk).values(name)
            offered = Q(pk__in=fields[name].queryset.values("pk")) | Q(pk__in=stored)
            fields[name].queryset = fields[name].queryset.model.objects.filter(offered)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        for lack in self.lacks:
            self.add_error(lack.field if lack.field in self.fields else None, lack.words)
        return told


class ReviewForm(forms.Form):
    """Accept, or return with words: on the whole, or on single sections."""

    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=[(Review.ACCEPTED, _("Publish")), (Review.RETURNED, _("Return for changes"))],
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_("Comment to the author"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed when you return it: what to complete or change."),
    )

    def __init__(self, *args: Any, is_model: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = headings(is_model)
        for code, heading in self.sections:
            self.fields[f"on_{code}"] = forms.CharField(
                label=heading, required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
            )

    @property
    def on_sections(self) -> list[Any]:
        """The boxes for the single sections."""
        return [self[f"on_{code}"] for code, _heading in self.sections]

    @property
    def on_all(self) -> list[Any]:
        """The verdict and the words on the whole."""
        return [self["verdict"], self["comment"]]

    def remarks(self) -> dict[str, str]:
        """Words on single sections, by the section's code."""
        found = {code: self.cleaned_data[f"on_{code}"].strip() for code, _heading in self.sections}
        return {code: words for code, words in found.items() if words}


class SavedSearchForm(forms.ModelForm):
    """Filters under a name. Without a `search` they are kept anew; with one, only its name and rhythm change."""

    class Meta:
        model = SavedSearch
        fields = ["name", "rhythm", "query"]

    def __init__(self, data: Any, search: SavedSearch | None = None) -> None:
        super().__init__(data)
        self.search = search
        if search:
            del self.fields["query"]

    def clean_name(self) -> str:
        """One name means one search of a person."""
        name: str = " ".join(self.cleaned_data["name"].split())
        others = SavedSearch.objects.kept().exclude(pk=self.search.pk) if self.search else SavedSearch.objects.none()
        if self.search and others.filter(user=self.search.user_id, name__iexact=name).exists():
            raise forms.ValidationError(_("You have another search of this name."))
        return name
